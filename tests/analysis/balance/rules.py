"""Balances for tests in which it does not matter how what is short is shared out.

The most tonnes are served in all: answers by hand are easiest of that.
"""

from functools import partial

from supplynet.analysis.balance import balance

most_served = partial(balance, objective="max_supply")
