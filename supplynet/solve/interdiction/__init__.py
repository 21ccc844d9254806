"""Which removals within a budget hurt a flow or a program most, with a proof.

The package knows arrays only. Import the module that answers the question: ``attack`` for
maximum flows, ``program`` for linear programs, ``defense`` for what to protect.
"""
