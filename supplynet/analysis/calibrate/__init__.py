"""Flows of a year that come nearest to observed and published figures.

May import the balance, network and solve.
"""
