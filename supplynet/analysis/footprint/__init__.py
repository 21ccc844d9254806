"""What a nation's supply brings with it: carbon dioxide, tailings, residue, by plant and step.

``ask`` is the way in. ``spread`` follows what plants bring through every mix to the nations,
``result`` holds the rows.
"""

from supplynet.analysis.footprint.ask import footprint, footprint_of

__all__ = ["footprint", "footprint_of"]
