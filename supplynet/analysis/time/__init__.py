"""The balance through time: months, stocks and shocks.

A horizon is cut into periods. Each has the balance of its year, every limit and every demand
divided by its length, and stocks carry over from one period to the next.
"""
