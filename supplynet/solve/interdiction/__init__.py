"""Which removals within a budget hurt a flow or a program most, and what to protect, with proof.

May import solve/flow, solve/loss and solve/lp.
"""
