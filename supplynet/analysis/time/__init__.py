"""The balance month by month: periods, stocks and shocks.

Each period has the balance of its year, every limit and demand divided by its length; stocks
carry over from one period to the next. May import the balance, potential, network and solve.
"""
