"""The share of a nation's supply that passed a country at each stage, and what comes with it.

Flows of a balance are traced upstream through the mix of every plant; ranges are over all
optimal plans. Burdens of plants go the other way. May import the balance, network and solve.
"""
