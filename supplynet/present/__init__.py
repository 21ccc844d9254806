"""The document that a reader gets, its tables, and the words that all documents share.

May import analyses' answers, contract, network and terms; no picture, file or command.
"""
