"""Allocation: who gets how much when all nations buy at once, as a linear program.

``scope`` selects what is in the program, ``model`` builds it of ``families`` of constraints,
``solve`` runs the programs of each objective, ``result`` reads the answer. May import arrays,
network and solve; no other analysis but the flow.
"""
