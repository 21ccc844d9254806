"""Uncertainty: figures sampled from what a graph declares, and what answers follow.

May import every analysis and the questions that it samples.
"""
