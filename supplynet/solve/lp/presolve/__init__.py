"""A linear program reduced once for all figures that it is solved with, and the way back.

May import solve/lp.
"""
