"""From a network and a question to arrays: arcs, limits, contents and export restrictions.

First come all arcs that there can ever be, then those of a year, then those on routes to a
nation; `flowgraph` joins them and `solving` solves them with a certificate. May import network
and solve.
"""
