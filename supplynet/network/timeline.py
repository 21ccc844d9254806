"""What runs and holds in a year or month: states, ramps, capacities, outages, days on the way."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, cast

from supplynet.errors import OptionError
from supplynet.network.cache import cache_of, kept
from supplynet.network.schema import (
    MONTH_PATTERN,
    Capacity,
    Circuit,
    Edge,
    Node,
    Ramp,
    Recovery,
    Rule,
)
from supplynet.network.selector import select
from supplynet.network.units import tonnage
from supplynet.terms import CONFIDENCES, COUNTED, ENDS, LEVELS, PLANTS, STEPS, LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import LeadTime, Outage


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
    names = _steps(before).items()
    cache_of(net)["ramp steps"] = {id_: steps for id_, steps in names if id_ not in besides}


def _with_ends(net: SupplyNetwork, node: Node) -> Node:
    """Return a plant with the ends of its capacity, those by default among them."""
    bounds = {
        f"capacity_{end.name}": tonnage(net, node, "capacity", end.name) for end in ENDS.values()
    }
    return node.model_copy(update=bounds)


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
    that follow a ramp have the steps of their curve, see :mod:`supplynet.network.timeline`. A node
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
    """Return the nodes of which a recovery is reported; at others nothing is lost."""
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
    """Return the outage of every plant of which one is reported; a named one before that of all.

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


#: what stands between the first and the last month of a span
SPAN = ".."


class Month(NamedTuple):
    """A calendar month; months compare as they follow each other.

    Examples
    --------
    >>> str(Month(2025, 4).later(9)), Month(2025, 4).until(Month(2025, 6))
    ('2026-01', 2)
    """

    year: int
    month: int  #: 1 to 12

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def later(self, months: int) -> Month:
        """Return the month that comes some months later."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def until(self, other: Month) -> int:
        """Return how many months later another one comes."""
        return (other.year - self.year) * 12 + other.month - self.month


def month_of(text: str, what: str = "month") -> Month:
    """Return the month that a text stands for; an OptionError if it is none.

    Examples
    --------
    >>> month_of("2025-04")
    Month(year=2025, month=4)
    """
    word = text.strip()
    if re.fullmatch(r"\d{1,3}", word) and int(word):
        first = Month(2026, 1)
        raise OptionError(
            f"{what} {text!r} is how many months, not which",
            hint="write the first and the last, such as "
            f"{first}{SPAN}{first.later(int(word) - 1)} for {int(word)} months",
        )
    if not re.fullmatch(MONTH_PATTERN, word):
        raise OptionError(
            f"{what} {text!r} is no month",
            hint="write year and month, 01 to 12, such as 2025-04",
        )
    year, _, month = word.partition("-")
    return Month(int(year), int(month))


def span_of(text: str, what: str = "span") -> tuple[Month, Month]:
    """Return the first and the last month of a span.

    An OptionError if it is no span of months, or ends before it begins.

    Examples
    --------
    >>> [str(month) for month in span_of("2025-04..2025-06")]
    ['2025-04', '2025-06']
    >>> span_of("2025-04")[1]
    Month(year=2025, month=4)
    """
    first, sign, last = text.partition(SPAN)
    begin = month_of(first, what)
    end = month_of(last, what) if sign else begin
    if end < begin:
        raise OptionError(
            f"{what} {text!r} ends before it begins", hint="write the first month first"
        )
    return begin, end


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with the nodes that its selectors name; targets are None where all are meant."""

    row: LeadTime
    sources: frozenset[str]
    targets: frozenset[str] | None

    def holds(self, source: str, target: str, form: str) -> bool:
        return (
            source in self.sources
            and (self.targets is None or target in self.targets)
            and self.row.form in (None, form)
        )


def lead_days(
    net: SupplyNetwork, source: str, target: str, form: str, level: LevelName = "central"
) -> float:
    """Return the days from what comes into a plant to what arrives at who buys from it.

    The first row of each kind that fits counts, in the order of the table; where none does, 0. The
    high end is the most favorable, so that it takes the fewest days.

    Examples
    --------
    >>> import supplynet as sn
    >>> lead_days(sn.load("tutorial"), "mine-big", "ref-big", "ore")
    0.0
    """
    end = LEVELS[level].opposite
    days = 0.0
    for rows in _rows(net):
        for each in rows:
            if each.holds(source, target, form):
                own = None if end == "central" else getattr(each.row, f"days_{end}")
                days += each.row.days if own is None else own
                break
    return days


@kept("lead times")
def _rows(net: SupplyNetwork) -> Sequence[Sequence[_Row]]:
    """Return the rows of transport, and those of processing."""
    rows = cast("tuple[LeadTime, ...]", net.rows("lead_times"))
    return tuple(
        tuple(
            _Row(
                row,
                select(net, row.source).surely,
                select(net, row.target).surely if row.target else None,
            )
            for row in rows
            if row.kind == kind
        )
        for kind in ("transport", "processing")
    )
