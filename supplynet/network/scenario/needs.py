"""Verbs of a scenario that change what nations ask for, and what plants pass on of an element."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supplynet.errors import UnknownNameError
from supplynet.network.problems import did_you_mean
from supplynet.network.scenario.change import NeedChange, RecoverChange
from supplynet.network.schema import Demand, Recovery
from supplynet.network.selector import select_some

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

_EVERY = "all"


def need_of(net: SupplyNetwork, change: NeedChange) -> frozenset[tuple[str, str]]:
    """Return the nations and products whose demand a change is about.

    Raises
    ------
    UnknownNameError
        If the selector or the product names nothing, or no row of the demand is about both.
    """
    nations = select_some(net, change.nodes, what="scenario change need").surely
    if change.product != _EVERY and change.product not in net.product_by_id:
        raise UnknownNameError(
            f"{net.name} has no product {change.product!r}",
            hint=did_you_mean(change.product, net.product_by_id),
        )
    meant = frozenset(
        (row.nation, row.product)
        for row in net.demand_rows
        if row.nation in nations and change.product in (_EVERY, row.product)
    )
    if not meant:
        raise UnknownNameError(
            f"{net.name} knows no demand of {change.nodes} for {change.product}",
            hint="nations are those of the table demand",
        )
    return meant


def needed(
    rows: Sequence[Demand], meant: frozenset[tuple[str, str]], factor: float
) -> list[Demand]:
    """Return rows of the demand, those of some nations and products multiplied.

    Every year is, so that years between those that are given lie on the same line.
    """
    keys = ("quantity", "quantity_low", "quantity_high")
    return [
        row.model_copy(
            update={key: value * factor for key in keys if (value := getattr(row, key)) is not None}
        )
        if (row.nation, row.product) in meant
        else row
        for row in rows
    ]


def recovered(
    net: SupplyNetwork, rows: Sequence[Recovery], change: RecoverChange, nodes: frozenset[str]
) -> list[Recovery]:
    """Return rows of the recoveries, those of some plants and a group put in place anew.

    For all elements it takes the place of every row of a plant.

    Raises
    ------
    UnknownNameError
        If there is no such element or group.
    """
    known = [_EVERY, *net.commodity.groups, *net.commodity.elements]
    if change.group not in known:
        raise UnknownNameError(
            f"{net.name} has no element or group {change.group!r}",
            hint=did_you_mean(change.group, known),
        )
    reason = change.reason or "set by a scenario"
    kept = [
        row for row in rows if row.node_id not in nodes or change.group not in (_EVERY, row.group)
    ]
    return kept + [
        Recovery(
            node_id=node,
            group=change.group,
            recovery=change.recovery,
            confidence="estimated",
            source_ids=change.source_ids,
            note=reason,
        )
        for node in sorted(nodes)
    ]
