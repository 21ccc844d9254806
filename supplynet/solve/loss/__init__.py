"""What the loss of nodes, arcs or sets of them costs a maximum flow, exactly.

May import solve/flow.
"""
