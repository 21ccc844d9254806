"""New scrap: how much of it plants leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from supplynet.network.cache import cache_of
from supplynet.network.selector import select
from supplynet.network.units import pick
from supplynet.terms import LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Scrap


def scrap_rows(net: SupplyNetwork) -> Mapping[str, Scrap]:
    """Return the row of the table that speaks of each node, by node id.

    Raises
    ------
    UnknownNameError
        If a selector of the table names something that is not there.
    """
    if "scrap" not in cache_of(net):
        by_node: dict[str, Scrap] = {}
        for row in cast("tuple[Scrap, ...]", net.rows("scrap")):
            for node_id in sorted(select(net, row.nodes).surely):
                by_node.setdefault(node_id, row)
        cache_of(net)["scrap"] = by_node
    rows: Mapping[str, Scrap] = cache_of(net)["scrap"]
    return rows


def scrap_ratios(net: SupplyNetwork, level: LevelName = "central") -> Mapping[str, float]:
    """Return, by node id, the tonnes in new scrap per tonne in what leaves the node finished.

    Plants that leave no scrap are not among them.
    """
    ratios = {node_id: pick(row, "ratio", level) for node_id, row in scrap_rows(net).items()}
    return {node_id: ratio for node_id, ratio in ratios.items() if ratio}
