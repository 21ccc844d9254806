"""Scenarios: what they may hold, how they are read and joined, and what they change.

May import the network alone; files come in as text.
"""
