"""Ramps: how a plant that does not run in full yet fills, year by year since its start.

A curve holds for a stage, or for some plants of it that its selector names; the curve that names
a plant comes before that of the whole stage. It applies to every plant that is ramping, under
construction or planned in any way, has a start year and a capacity, and has no rows of its own in
the table capacities: own dates win. Beyond the last year of a curve its last share holds; a plant
that is operating makes what its row says. What a scenario sets is such a row, what it scales
keeps its ramp.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, cast

from supplynet.network.cache import cache_of, kept
from supplynet.network.schema import Capacity, Node, Ramp
from supplynet.network.selector import select
from supplynet.network.units import tonnage
from supplynet.terms import CONFIDENCES, COUNTED, ENDS

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


@kept("ramp curves")
def curves(net: SupplyNetwork) -> Mapping[str, tuple[Ramp, ...]]:
    """Return, by node id, the curve of every plant that follows one, its years in order.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> curves(net)
    {}
    """
    own = {cast("Capacity", row).node_id for row in net.rows("capacities")}
    return {
        node.id: curve
        for node in (net.node_rows if net.rows("ramps") else ())
        if node.id not in own and _follows(node) and (curve := curve_of(net, node))
    }


def curve_of(net: SupplyNetwork, node: Node) -> tuple[Ramp, ...]:
    """Return the curve of a plant's kind, its years in order, whatever state the plant is in.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> curve_of(net, net.node("ref-big"))
    ()
    """
    curve: list[Ramp] = []
    for stage, nodes, rows in _kinds(net):
        if (
            stage == node.stage
            and (nodes is None or node.id in nodes)
            and not (curve and not nodes)
        ):
            curve = rows
    return tuple(sorted(curve, key=lambda row: row.year))


@kept("ramp kinds")
def _kinds(net: SupplyNetwork) -> list[tuple[str, frozenset[str] | None, list[Ramp]]]:
    """Stage, plants (None: all that no other curve names) and rows of each curve."""
    by_kind: dict[tuple[str, str], list[Ramp]] = {}
    for row in cast("tuple[Ramp, ...]", net.rows("ramps")):
        by_kind.setdefault((row.stage, row.nodes), []).append(row)
    return [
        (stage, select(net, nodes).surely if nodes else None, rows)
        for (stage, nodes), rows in by_kind.items()
    ]


def _follows(node: Node) -> bool:
    """Whether a plant is of a kind that fills by a curve."""
    return (
        node.status in COUNTED
        and node.status != "operating"
        and node.start_year is not None
        and node.capacity is not None
    )


def ramp_in_force(net: SupplyNetwork, node_id: str, year: int) -> Ramp | None:
    """Return the row of a plant's curve that holds in a year; None where it follows none.

    Before its start a plant does not run, and its first row says nothing of that.
    """
    in_force = None
    for row in curves(net).get(node_id, ()):
        if cast(int, net.node(node_id).start_year) + row.year <= year:
            in_force = row
    return in_force


def ramp_steps(net: SupplyNetwork, nodes: Iterable[str] | None = None) -> tuple[Capacity, ...]:
    """Return the capacities of plants that follow a curve, as steps of the table capacities.

    There is a step for each year of the curve; low and high ends are those of the plant at the low
    and the high end of the curve.
    """
    by_node = _steps(net)
    wanted = by_node if nodes is None else [node_id for node_id in nodes if node_id in by_node]
    return tuple(step for node_id in wanted for step in by_node[node_id])


@kept("ramp steps")
def _steps(net: SupplyNetwork) -> dict[str, tuple[Capacity, ...]]:
    return {
        node_id: steps_along(_with_ends(net, net.node(node_id)), curve)
        for node_id, curve in curves(net).items()
    }


def keep_steps(net: SupplyNetwork, before: SupplyNetwork, besides: Collection[str]) -> None:
    """Let a network know the steps of another: plants and curves are the same in both.

    Plants `besides` follow no curve any more: they have rows of the table capacities.
    """
    known = _steps(before).items()
    cache_of(net)["ramp steps"] = {id_: steps for id_, steps in known if id_ not in besides}


def _with_ends(net: SupplyNetwork, node: Node) -> Node:
    """Return a plant with the ends of its capacity, those by default among them."""
    ends = {
        f"capacity_{end.name}": tonnage(net, node, "capacity", end.name) for end in ENDS.values()
    }
    return node.model_copy(update=ends)


def steps_along(node: Node, curve: Iterable[Ramp]) -> tuple[Capacity, ...]:
    """Return the capacities of a plant along a curve; none where it does not follow one."""
    return tuple(_step(node, row) for row in curve) if _follows(node) else ()


def _step(node: Node, row: Ramp) -> Capacity:
    nameplate = cast(float, node.capacity)
    low = nameplate if node.capacity_low is None else node.capacity_low
    high = nameplate if node.capacity_high is None else node.capacity_high
    return Capacity(
        node_id=node.id,
        year=cast(int, node.start_year) + row.year,
        capacity=nameplate * row.share,
        capacity_low=low * (row.share if row.share_low is None else row.share_low),
        capacity_high=high * (row.share if row.share_high is None else row.share_high),
        unit=node.unit,
        confidence=max(node.confidence, row.confidence, key=CONFIDENCES.rank),
        source_ids=tuple(dict.fromkeys([*node.source_ids, *row.source_ids])),
        note=f"Ramp of {row.nodes or row.stage}: {row.share:.3g} of {nameplate:,.6g} {node.unit} "
        f"in year {row.year} since the start",
    )
