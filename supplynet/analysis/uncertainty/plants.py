"""Plants as they are drawn: capacity by year, whether and when they arrive, and what stops them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from supplynet.network.selector import select
from supplynet.network.timeline import capacities_in_force, outages_of, runs
from supplynet.network.uncertain import cells_of, ranges_of
from supplynet.network.units import tonnage
from supplynet.terms import LEVEL_NAMES

if TYPE_CHECKING:
    from supplynet.analysis.uncertainty.shapes import Vector
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node, Uncertainty


@dataclass(frozen=True, slots=True)
class Plant:
    """A plant with a capacity."""

    id: str
    name: str
    row: int  #: place in the table nodes
    #: confidence, shape: of the figure that is in force; the shape is empty where it is not drawn
    confidence: str
    shape: str
    causes: tuple[tuple[str, str], ...]
    years: tuple[int, ...]  #: for which the ends are given
    #: shape (3, n_years); low, central and high capacity in each year, in its unit; 0 before the
    #: plant runs
    ends: Vector
    chance: float = 1.0  #: that it arrives at all
    #: median of the delay, and the one that 1 in 10 passes, in years
    delay: tuple[float, float] | None = None

    @property
    def is_ranged(self) -> bool:
        """Whether its capacity is drawn."""
        return self.shape != "" and bool((self.ends[2] > self.ends[0]).any())


@dataclass(frozen=True, slots=True)
class Stream:
    """Stops that come at random: of one plant, or of several at once."""

    name: str
    plants: tuple[str, ...]
    rate: float  #: events a year
    #: days, depth: low, central and high end of how long an event lasts, and of what it takes
    days: tuple[float, float, float]
    depth: tuple[float, float, float]


def plants_of(
    net: SupplyNetwork, years: tuple[int, ...], taking: Iterable[str], floor: str
) -> tuple[Plant, ...]:
    """Return the plants with a capacity among some nodes, in the order of the table.

    Expansions count as far as plants up to `floor` do.

    Examples
    --------
    >>> import supplynet as sn
    >>> taking = ["mine-big", "MLT"]
    >>> [plant.id for plant in plants_of(sn.load("tutorial"), (2024,), taking, "operating")]
    ['mine-big']
    """
    wanted = frozenset(taking)
    causes = {cell.row: cell.causes for cell in cells_of(net) if cell.table == "nodes"}
    shaped = ranges_of(net)
    projects = [row for row in _uncertain(net) if row.kind == "project"]
    projects.sort(key=lambda row: row.nodes == "")  # one that names plants comes first
    named = [(row, select(net, row.nodes).surely if row.nodes else None) for row in projects]
    drawn = []
    for place, node in enumerate(net.node_rows):
        if node.id not in wanted:
            continue
        row = next(
            (
                row
                for row, nodes in named
                if node.status in row.status and (nodes is None or node.id in nodes)
            ),
            None,
        )
        left = max(0, (node.start_year or 0) - net.commodity.base_year)
        has_delay = row is not None and row.delay is not None and left > 0
        first = min(years) if not has_delay else min(node.start_year or 0, min(years))
        span = tuple(range(first, max(years) + 1)) if has_delay else years
        ends = [_ends(net, node, year, floor) for year in span]
        if any(end is None for end in ends):
            continue  # nothing limits it, so that nothing of it is drawn
        in_force = capacities_in_force(net, max(years), floor).get(node.id, node)
        confidence, delay = in_force.confidence, None
        shape = shaped("nodes", node.id) or net.commodity.shapes.get(confidence, "")
        if row is not None and has_delay:
            delay = cast(float, row.delay) * left, cast(float, row.delay_late) * left
        drawn.append(
            Plant(
                node.id,
                node.name,
                place,
                confidence,
                shape,
                causes.get(place, ()),
                span,
                np.array(ends, dtype=np.float64).T,
                1.0 if row is None else cast(float, row.chance),
                delay,
            )
        )
    return tuple(drawn)


def _ends(net: SupplyNetwork, node: Node, year: int, floor: str) -> tuple[float, ...] | None:
    """Return the ends of a plant's capacity in a year; None where nothing limits it."""
    if not runs(node, year):
        return (0.0, 0.0, 0.0)
    row = capacities_in_force(net, year, floor).get(node.id, node)
    ends = [tonnage(net, row, "capacity", level) for level in LEVEL_NAMES]
    if ends[1] is None:
        return None
    low, central, high = (cast(float, end) for end in ends)
    return (min(low, central), central, max(high, central))


def streams_of(net: SupplyNetwork, plants: Iterable[Plant], *, policy: bool) -> tuple[Stream, ...]:
    """Return the stops of some plants: a row that names a plant counts before one of all.

    With `policy` controls count, too.
    """
    ids = [plant.id for plant in plants]
    streams, lengths = list[Stream](), outages_of(net)
    named = {
        id(row): select(net, row.nodes).surely if row.nodes else frozenset(ids)
        for row in _uncertain(net)
        if row.kind in ("outage", "shock", "policy")
    }
    own: dict[str, Uncertainty] = {}
    for row in sorted(_uncertain(net), key=lambda row: row.nodes != ""):
        if row.kind == "outage":
            own |= dict.fromkeys(named[id(row)], row)
    for node_id in (one for one in ids if one in own and own[one].rate):
        row = own[node_id]
        told = lengths.get(node_id) if row.days is None else row
        if told is not None:
            name = f"stops of {net.node(node_id).name}"
            ends = _triple(told, "days"), _triple(row, "depth")
            streams.append(Stream(name, (node_id,), cast(float, row.rate), *ends))
    for row in _uncertain(net):  # stops that hit several plants at once
        if row.kind in (("shock", "policy") if policy else ("shock",)) and row.rate:
            hit = tuple(node_id for node_id in ids if node_id in named[id(row)])
            if hit:
                ends = _triple(row, "days"), _triple(row, "depth")
                streams.append(Stream(row.id, hit, row.rate, *ends))
    return tuple(streams)


def _triple(row: object, name: str) -> tuple[float, float, float]:
    """Return low, central and high end of a column."""
    central = cast(float, getattr(row, name))
    low, high = getattr(row, f"{name}_low"), getattr(row, f"{name}_high")
    return (central if low is None else low, central, central if high is None else high)


def _uncertain(net: SupplyNetwork) -> tuple[Uncertainty, ...]:
    return cast("tuple[Uncertainty, ...]", net.rows("uncertainty"))
