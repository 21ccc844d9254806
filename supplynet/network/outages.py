"""How long plants are out before they run again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from supplynet.network.cache import cache_of
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Outage


def outages_of(net: SupplyNetwork) -> Mapping[str, Outage]:
    """Return the outage of every plant of which one is told; a named one before that of all.

    Raises
    ------
    UnknownNameError
        If a selector names something that is not there.

    Examples
    --------
    >>> import supplynet as sn
    >>> outages_of(sn.load("tutorial"))
    {}
    """
    if "outages" not in cache_of(net):
        rows = cast("tuple[Outage, ...]", net.rows("outages"))
        nations = frozenset(net.nation_ids)
        by_plant: dict[str, Outage] = {}
        for row in sorted(rows, key=lambda row: row.nodes != ""):
            plants = select(net, row.nodes).surely if row.nodes else frozenset(net.node_by_id)
            by_plant |= dict.fromkeys(sorted(plants - nations), row)
        cache_of(net)["outages"] = by_plant
    known: Mapping[str, Outage] = cache_of(net)["outages"]
    return known
