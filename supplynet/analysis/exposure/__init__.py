"""The share of a nation's supply that passed a country, at each stage.

Flows of a balance are traced upstream through the mix of every plant; ranges are over all
optimal plans. May import the balance, network and solve.
"""

from supplynet.analysis.exposure.ask import exposure, exposure_of

__all__ = ["exposure", "exposure_of"]
