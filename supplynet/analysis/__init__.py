"""Analyses of a network: flows, allocation, time, plans, uncertainty, exposure, indices.

May import network, solve, contract and terms; never files, documents, pictures or commands.
Questions that are declared import from here where they compute.
"""
