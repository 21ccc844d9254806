"""Which removals within a budget hurt a flow or a way most, with a proof.

The package knows arrays only. Import the module that answers the question: ``attack`` for
maximum flows, ``shortest_path`` for shortest ways.
"""
