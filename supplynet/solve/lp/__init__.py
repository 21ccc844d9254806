"""Linear programs: solved by HiGHS, refined, certified, and explained where infeasible.

May import numpy, scipy, highspy and errors.
"""
