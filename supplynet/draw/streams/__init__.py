"""Sankey diagrams: flows of a balance or a maximum flow by country and stage.

May import the scene, present, answers and network; no command, document or file.
"""
