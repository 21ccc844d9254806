"""The maximum flow of one element: the quick bound of a potential, its cuts, routes and losses.

May import arrays, network and solve.
"""
