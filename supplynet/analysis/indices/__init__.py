"""Published indices of concentration and supply risk, with formula and source.

May import flows, network and tables of trade; no allocation but through its answers.
"""
