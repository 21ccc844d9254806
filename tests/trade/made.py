"""Networks of trade as if what explains the trade at least were all that is made."""

from __future__ import annotations

from supplynet.network.network import SupplyNetwork
from tests.network.networks import headed


def as_made(net: SupplyNetwork) -> SupplyNetwork:
    """Return a network whose own supplies count as known, so that every analysis takes it."""
    return headed(net, production="countries")
