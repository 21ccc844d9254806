"""New scrap: how much of it plants leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from supplynet.model.selector import select

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork
    from supplynet.model.schema import Scrap


def scrap_ratios(net: SupplyNetwork) -> Mapping[str, float]:
    """Return, by node id, the tonnes in new scrap per tonne in what leaves the node finished.

    Plants that leave no scrap are not among them.

    Raises
    ------
    UnknownNameError
        If a selector of the table names something that is not there.
    """
    if "scrap" not in net.cache:
        found: dict[str, float] = {}
        for row in cast("tuple[Scrap, ...]", net.rows("scrap")):
            if row.ratio > 0.0:
                for node_id in select(net, row.nodes).surely:
                    found.setdefault(node_id, row.ratio)
        net.cache["scrap"] = found
    ratios: Mapping[str, float] = net.cache["scrap"]
    return ratios
