"""The maximum flow, its minimum cuts and its paths, in exact integers.

May import errors alone.
"""
