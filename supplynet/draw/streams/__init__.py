"""Sankey diagrams: streams of a balance or a flow by country and stage.

``ledger`` gathers tonnes by country and stage, ``panel`` gives them places and words, ``scene``
puts one panel or two on the canvas, ``words`` says what they show.
"""
