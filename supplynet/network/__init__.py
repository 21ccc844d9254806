"""A supply network: tables, units, selectors, scenarios and checks.

May import terms, text and errors; no file, no solver, no analysis.
"""
