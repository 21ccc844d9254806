"""Circuits: further capacities of a plant, each for what it parts of one element group."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from supplynet.network.cache import cache_of
from supplynet.network.ramps import ramp_in_force
from supplynet.network.schema import Circuit

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def circuits_in_force(net: SupplyNetwork, year: int) -> Mapping[str, tuple[Circuit, ...]]:
    """Return the circuits of each plant as they are in a year, by node id.

    Of several rows of one circuit the latest that has begun counts. A circuit whose first row
    begins later is there with a capacity of 0: until then nothing of its group leaves the plant.
    One without a year of its own fills as its plant does, where that follows a ramp.

    Examples
    --------
    >>> import supplynet as sn
    >>> dict(circuits_in_force(sn.load("tutorial"), 2024))
    {}
    """
    key = ("circuits", year)
    if key not in cache_of(net):
        by_node: dict[str, dict[str, Circuit]] = {}
        rows = cast("tuple[Circuit, ...]", net.rows("circuits"))
        for row in sorted(rows, key=lambda row: row.year or 0):
            groups = by_node.setdefault(row.node_id, {})
            if row.year is None or row.year <= year:
                groups[row.group] = row
            elif row.group not in groups:
                none = {"capacity": 0.0, "capacity_low": None, "capacity_high": None}
                groups[row.group] = row.model_copy(update=none)
        cache_of(net)[key] = MappingProxyType(
            {
                node_id: tuple(_filled(net, row, year) for row in by_group.values())
                for node_id, by_group in by_node.items()
            }
        )
    circuits: Mapping[str, tuple[Circuit, ...]] = cache_of(net)[key]
    return circuits


def _filled(net: SupplyNetwork, row: Circuit, year: int) -> Circuit:
    """Return a circuit with the share of it that a plant on its ramp can use."""
    ramp = ramp_in_force(net, row.node_id, year) if row.year is None else None
    if ramp is None:
        return row
    low = row.capacity if row.capacity_low is None else row.capacity_low
    high = row.capacity if row.capacity_high is None else row.capacity_high
    return row.model_copy(
        update={
            "capacity": row.capacity * ramp.share,
            "capacity_low": low * (ramp.share if ramp.share_low is None else ramp.share_low),
            "capacity_high": high * (ramp.share if ramp.share_high is None else ramp.share_high),
        }
    )


def members(net: SupplyNetwork, group: str) -> frozenset[str]:
    """Return the elements of an element group, or the one that is named.

    Examples
    --------
    >>> import supplynet as sn
    >>> members(sn.load("tutorial"), "Dy")
    frozenset({'Dy'})
    """
    return frozenset(net.commodity.groups.get(group, (group,)))


def beside(net: SupplyNetwork, node_id: str, year: int) -> frozenset[str]:
    """Return the elements of a plant that its circuits count, and not its own capacity.

    None of an origin, which counts its basket, and none where the plant's own capacity is
    measured at the input: a feed counts whole.
    """
    stage = net.stage_by_name[net.node(node_id).stage]
    if stage.is_origin or stage.capacity_at == "input":
        return frozenset()
    rows = circuits_in_force(net, year).get(node_id, ())
    return frozenset(element for row in rows for element in members(net, row.group))
