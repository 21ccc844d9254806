"""What a nation's supply brings with it: carbon dioxide, tailings, residue, by plant and step.

May import exposure, balance, network and solve.
"""

from supplynet.analysis.footprint.ask import footprint, footprint_of

__all__ = ["footprint", "footprint_of"]
