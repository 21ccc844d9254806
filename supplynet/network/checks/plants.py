"""Checks of plants: capacities, assays and recoveries that are missing or do not fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.problems import Problem
from supplynet.terms import COUNTED

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def missing_capacity(net: SupplyNetwork) -> Iterator[Problem]:
    """Plants without a capacity, which set no limit."""
    stepped = {cast(Any, row).node_id for row in net.rows("capacities")}
    for number, node in numbered(net, "nodes"):
        stage = net.stage_by_name.get(node.stage)
        if stage is None or stage.is_nation or node.id in stepped:
            continue
        if node.capacity is None and node.status in COUNTED:
            yield Problem(
                "missing-capacity",
                "no capacity: the node sets no limit to the flow",
                file_of("nodes"),
                number,
                "capacity",
                node.id,
                "give a capacity with low and high, or accept it with a reason: links limit it",
            )


def missing_assays(net: SupplyNetwork) -> Iterator[Problem]:
    """Origins whose basket is not known, in a graph that carries several elements."""
    if len(net.commodity.elements) == 1:
        return
    known = {row.node_id for row in net.assay_rows}
    for number, node in numbered(net, "nodes"):
        stage = net.stage_by_name.get(node.stage)
        if stage is not None and stage.is_origin and node.id not in known:
            yield Problem(
                "missing-assay",
                "no assay: none of its elements would flow",
                file_of("nodes"),
                number,
                "id",
                node.id,
                "add its rows to assays.csv",
            )


def missing_recoveries(net: SupplyNetwork) -> Iterator[Problem]:
    """Plants that would lose nothing, in a graph that gives recoveries."""
    known: set[str] = {cast(Any, row).node_id for row in net.rows("recoveries")}
    if not known:
        return
    for number, node in numbered(net, "nodes"):
        stage = net.stage_by_name.get(node.stage)
        if stage is None or stage.is_nation or stage.is_origin or node.id in known:
            continue
        yield Problem(
            "missing-recovery",
            "no recovery: the plant would lose nothing",
            file_of("nodes"),
            number,
            "id",
            node.id,
            "add its rows to recoveries.csv",
        )


def further_stages(net: SupplyNetwork) -> Iterator[Problem]:
    """Further stages of a plant that are its own, or that no plant can be of."""
    for number, node in numbered(net, "nodes"):
        own = net.stage_by_name.get(node.stage)
        for name in node.also:
            stage = net.stage_by_name.get(name)
            if stage is None or own is None:
                continue  # told by another check
            if name == node.stage or stage.is_nation or own.is_nation:
                yield Problem(
                    "also",
                    "a plant may do the work of other stages, and a nation is none",
                    file_of("nodes"),
                    number,
                    "also",
                    name,
                    "take the stage out",
                )
