"""Case: the one door from a network to what is solved of it.

May import analyses, solve, network and contract; no document, picture or command.
"""
