"""What runs and what holds in a year: states of plants, capacities, circuits, slices, outages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from supplynet.network.cache import kept
from supplynet.network.ramps import ramp_in_force, ramp_steps
from supplynet.network.schema import Capacity, Circuit, Edge, Node, Recovery, Rule
from supplynet.network.selector import select
from supplynet.terms import COUNTED, PLANTS, STEPS

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Outage


@kept("circuits")
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
    by_node: dict[str, dict[str, Circuit]] = {}
    rows = cast("tuple[Circuit, ...]", net.rows("circuits"))
    for row in sorted(rows, key=lambda row: row.year or 0):
        groups = by_node.setdefault(row.node_id, {})
        if row.year is None or row.year <= year:
            groups[row.group] = row
        elif row.group not in groups:
            none = {"capacity": 0.0, "capacity_low": None, "capacity_high": None}
            groups[row.group] = row.model_copy(update=none)
    return MappingProxyType(
        {
            node_id: tuple(_filled(net, row, year) for row in by_group.values())
            for node_id, by_group in by_node.items()
        }
    )


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


def runs(node: Node, year: int) -> bool:
    """Whether a node can put out material in a year: its state allows it and it has started."""
    if node.status not in COUNTED:
        return False
    return _within(node.start_year, node.end_year, year)


def holds(link: Edge | Rule, year: int) -> bool:
    """Whether a named link or a rule holds in a year."""
    return _within(link.start_year, link.end_year, year)


def _within(start: int | None, end: int | None, year: int) -> bool:
    return (start is None or start <= year) and (end is None or year <= end)


@kept("capacities")
def capacities_in_force(
    net: SupplyNetwork, year: int, plants: str = PLANTS.names[-1]
) -> Mapping[str, Capacity]:
    """Return, by node id, the capacity step that holds in a year.

    Expansions count as far as `plants` do, by default all that are decided or announced. Plants
    that follow a ramp have the steps of their curve, see :mod:`supplynet.network.ramps`. A node
    without a step on or before the year is left out: its own row counts.
    """
    rows = (*cast("tuple[Capacity, ...]", net.rows("capacities")), *ramp_steps(net))
    # The latest step that is not in the future holds until the next one.
    return {
        step.node_id: step
        for step in sorted(rows, key=step_order)
        if step.year <= year and step_counts(step, plants)
    }


def step_counts(step: Capacity, plants: str) -> bool:
    """Whether a step of capacity counts where plants up to a floor do."""
    floor = "operating" if step.status is None else STEPS[step.status].floor
    return PLANTS.rank(floor) <= PLANTS.rank(plants)


def step_order(step: Capacity) -> tuple[int, int]:
    """The order in which steps replace one another: of one year the surest first."""
    return step.year, -1 if step.status is None else STEPS.rank(step.status)


def is_overruled(net: SupplyNetwork, node: Node) -> bool:
    """Whether steps of the table capacities stand for a node in every year that it runs."""
    first = max(net.commodity.first_year, node.start_year or 0)
    return node.id in capacities_in_force(net, first) and any(
        cast("Capacity", step).node_id == node.id for step in net.rows("capacities")
    )


@kept("recoveries")
def recoveries(net: SupplyNetwork) -> Mapping[tuple[str, str], Recovery]:
    """Return the recovery rows by node id and group."""
    rows = cast("tuple[Recovery, ...]", net.rows("recoveries"))
    return {(row.node_id, row.group): row for row in rows}


@kept("lossy")
def lossy(net: SupplyNetwork) -> frozenset[str]:
    """Return the nodes of which a recovery is told; at others nothing is lost."""
    return frozenset(label for label, _ in recoveries(net))


def at_year(net: SupplyNetwork, year: int) -> SupplyNetwork:
    """Return the slice of one year.

    Nodes that do not run keep their row as closed, so that links still find them;
    capacity steps are written into the nodes and circuits; links and rules that do not hold are
    gone.
    """
    steps = capacities_in_force(net, year)
    nodes = []
    for node in net.node_rows:
        if not runs(node, year):
            # Closed and not left out: links and sources that name it stay valid.
            node = node.model_copy(update={"status": "closed"})
        elif node.id in steps:
            step = steps[node.id]
            fields = ("capacity", "capacity_low", "capacity_high", "unit", "confidence")
            node = node.model_copy(update={field: getattr(step, field) for field in fields})
        nodes.append(node)
    return net.replace(
        nodes=nodes,
        capacities=(),
        ramps=(),
        circuits=[
            row.model_copy(update={"year": None})
            for rows in circuits_in_force(net, year).values()
            for row in rows
        ],
        edges=[edge for edge in net.edge_rows if holds(edge, year)],
        rules=[rule for rule in net.rule_rows if holds(rule, year)],
    )


@kept("outages")
def outages_of(net: SupplyNetwork) -> Mapping[str, Outage]:
    """Return the outage of every plant of which one is told; a named one before that of all.

    Examples
    --------
    >>> import supplynet as sn
    >>> outages_of(sn.load("tutorial"))
    {}
    """
    rows = cast("tuple[Outage, ...]", net.rows("outages"))
    nations = frozenset(net.nation_ids)
    by_plant: dict[str, Outage] = {}
    for row in sorted(rows, key=lambda row: row.nodes != ""):
        plants = select(net, row.nodes).surely if row.nodes else frozenset(net.node_by_id)
        by_plant |= dict.fromkeys(sorted(plants - nations), row)
    return by_plant
