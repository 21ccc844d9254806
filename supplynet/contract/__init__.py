"""What a question, its options, its answer and its rows are.

Knows no question, network, solver or document: may import terms, text and errors alone.
"""
