"""Networks of trade as if what explains the trade at least were all that is made."""

from __future__ import annotations

from supplynet.network.network import SupplyNetwork


def as_made(net: SupplyNetwork) -> SupplyNetwork:
    """Return a network whose own supplies count as known, so that every analysis takes it."""
    commodity = net.commodity.model_copy(update={"production": "countries"})
    return net.replace(metadata=net.metadata.model_copy(update={"commodity": commodity}))
