"""The contested picture: every nation draws on the network at once, as a linear program.

``ask`` is the way in. ``scope`` says what is in the program, ``model`` builds it of ``columns``
and of the constraint ``families``, ``solve`` runs the programs of each objective, ``result``
reads the answer back. ``bill`` prices the variables; ``costs`` and ``observed`` hold the objectives
in money and close to firm links; ``money`` and ``scarcity`` read their answers. ``figures`` names
what an answer tells, ``ranges`` finds its least and most, ``worth`` what a limit is worth in words.
"""

from supplynet.analysis.balance.ask import balance

__all__ = ["balance"]
