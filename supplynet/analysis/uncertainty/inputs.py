"""What is drawn of a question: its figures, what they share, stops, projects and controls.

Every input is one uniform number. A figure has one of its own and shares others with all figures
of its country, owner, technology or sources: their normal quantiles are added up with the roots
of the correlations as weights (a Gaussian copula of named factors), so that two figures have the
correlations of what they share, and the matrix is positive as long as these add up to 1 at most.
The part of a figure with several sources is shared out evenly among them: figures of k and m
sources that have c in common have the correlation of the cause times c / sqrt(k m).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from supplynet.arrays import Floats
from supplynet.errors import DataError
from supplynet.network.checks.decisions import uncertainty
from supplynet.network.countries import country_name
from supplynet.network.problems import raise_problems
from supplynet.network.schema import TABLES
from supplynet.network.selector import select
from supplynet.network.timeline import capacities_in_force, outages_of, runs
from supplynet.network.uncertain import Cell, cells_of, correlations, has_model, node_of, ranges_of
from supplynet.network.units import tonnage
from supplynet.terms import LEVEL_NAMES

if TYPE_CHECKING:
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
    ends: Floats
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
    for index, node in enumerate(net.node_rows):
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
        bounds = [_ends(net, node, year, floor) for year in span]
        if any(end is None for end in bounds):
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
                index,
                confidence,
                shape,
                causes.get(index, ()),
                span,
                np.array(bounds, dtype=np.float64).T,
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
    bounds = [tonnage(net, row, "capacity", level) for level in LEVEL_NAMES]
    if bounds[1] is None:
        return None
    low, central, high = (cast(float, end) for end in bounds)
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
    for node_id in (text for text in ids if text in own and own[text].rate):
        row = own[node_id]
        record = lengths.get(node_id) if row.days is None else row
        if record is not None:
            name = f"stops of {net.node(node_id).name}"
            bounds = _triple(record, "days"), _triple(row, "depth")
            streams.append(Stream(name, (node_id,), cast(float, row.rate), *bounds))
    for row in _uncertain(net):  # stops that hit several plants at once
        if row.kind in (("shock", "policy") if policy else ("shock",)) and row.rate:
            hit = tuple(node_id for node_id in ids if node_id in named[id(row)])
            if hit:
                bounds = _triple(row, "days"), _triple(row, "depth")
                streams.append(Stream(row.id, hit, row.rate, *bounds))
    return tuple(streams)


def _triple(row: object, name: str) -> tuple[float, float, float]:
    """Return low, central and high end of a column."""
    central = cast(float, getattr(row, name))
    low, high = getattr(row, f"{name}_low"), getattr(row, f"{name}_high")
    return (central if low is None else low, central, central if high is None else high)


def _uncertain(net: SupplyNetwork) -> tuple[Uncertainty, ...]:
    return cast("tuple[Uncertainty, ...]", net.rows("uncertainty"))


#: an input that says how much of a stream of stops there is: how many, how long, how deep
OF_STOPS = ("stops", "length", "depth")


class Input(NamedTuple):
    """One uniform number of a draw."""

    #: what it is in every scenario alike: two inputs of one key get the same number in a draw
    key: str
    kind: str  #: one of "figure", "cause", "arrival", "delay", "stops", "length", "depth"
    name: str  #: as a reader knows it
    table: str = ""  #: of a figure, else empty
    row: int = -1  #: place of the figure's row in its table; -1 where it is none
    confidence: str = ""  #: of the figure, else empty

    @property
    def can_be_looked_up(self) -> bool:
        """Whether it stands in a cell that a better source would settle."""
        return self.kind == "figure"


@dataclass(frozen=True, repr=False, eq=False)
class Inputs:
    """All inputs of a question, and how figures follow from them."""

    net: SupplyNetwork
    years: tuple[int, ...]
    rows: tuple[Input, ...]  #: one a column of the points
    #: figures that are drawn by themselves: links, corridors, needs, recoveries and scrap
    cells: tuple[Cell, ...]
    plants: tuple[Plant, ...]  #: plants whose capacity is drawn, whatever of it
    #: stops, each of one plant or of several at once
    streams: tuple[Stream, ...]
    #: shape (n_things, n_inputs); what each drawn thing takes of the normal quantile of every
    #: input: figures, then what is drawn of each plant
    weights: Floats
    #: row of the weights by what it is: table and row of a figure, or what of which plant
    place: Mapping[tuple[str, str | int], int]


class _Thing(NamedTuple):
    """Something that is drawn: its key, its own input, and the part of each cause in it."""

    key: tuple[str, str | int]
    own: Input
    parts: Mapping[tuple[str, str], float]


def inputs_of(
    net: SupplyNetwork,
    *,
    years: Iterable[int],
    nodes: Iterable[str],
    floor: str,
    links: Iterable[int] = (),
    corridors: Iterable[int] = (),
    policy: bool = False,
) -> Inputs:
    """Return what is drawn of some plants and links of a graph.

    Parameters
    ----------
    nodes : iterable of str
        Ids of plants and nations that take part in one of the years.
    floor : {"operating", "construction", "planned"}
        How far from running a plant may be whose expansions count.
    links, corridors : iterable of int
        Places of the rows of the tables edges and rules.
    policy : bool
        Whether controls are drawn.

    Raises
    ------
    DataError
        If the graph does not say how its figures are drawn, or says what cannot be.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("rare-earths")
    >>> inputs = inputs_of(net, years=[2026], nodes=["kuantan-lamp"], floor="operating")
    >>> [row.name for row in inputs.rows if row.table == "nodes"][:1]
    ['Lynas Malaysia (LAMP), Gebeng, capacity']
    """
    require_model(net)
    when = tuple(sorted(set(years)))
    taking = frozenset(nodes)
    plants = plants_of(net, when, taking, floor)
    streams = streams_of(net, plants, policy=policy)
    choices = {"edges": frozenset(links), "rules": frozenset(corridors)}
    request = _demand_of(net, when)
    cells = tuple(
        cell
        for cell in cells_of(net)
        if cell.is_drawn
        and cell.table not in ("nodes", "capacities")
        and _takes_part(net, cell, taking, choices, request)
    )
    things = [*_of_cells(net, cells), *_of_plants(net, plants)]
    members = Counter(cause for entries in things for cause in entries.parts)
    shared = [cause for cause in sorted(members) if members[cause] > 1]
    causes = {cause: index for index, cause in enumerate(shared)}
    rows = [Input(f"cause {c} {of}", "cause", _cause_name(net, c, of)) for c, of in causes]
    rows += [key.own for key in things]
    weights = np.zeros((len(things), len(rows) + len(streams) * len(OF_STOPS)))
    for count, entry in enumerate(things):
        parts = {causes[cause]: share for cause, share in entry.parts.items() if cause in causes}
        weights[count, list(parts)] = np.sqrt(list(parts.values()))
        weights[count, len(causes) + count] = np.sqrt(max(1.0 - sum(parts.values()), 0.0))
    for stream in streams:
        name = stream.name
        rows += [Input(f"{kind} {name}", kind, f"{name}, {kind}") for kind in OF_STOPS]
    index = {values.key: position for position, values in enumerate(things)}
    return Inputs(net, when, tuple(rows), cells, plants, streams, weights, index)


def require_model(net: SupplyNetwork) -> None:
    """Refuse a graph that does not say how its figures are drawn, or says what cannot be.

    Raises
    ------
    DataError
        With file, row, column and hint of every problem.
    """
    if not has_model(net):
        raise DataError(
            f"{net.name} does not say how its figures are drawn",
            hint='name a distribution by confidence in datapackage.json ("shapes": '
            '{"estimated": "pert"}), or add the table uncertainty.csv',
        )
    raise_problems(list(uncertainty(net)), DataError, what=f"uncertainty of {net.name}")


def _takes_part(
    net: SupplyNetwork,
    cell: Cell,
    taking: frozenset[str],
    choices: Mapping[str, frozenset[int]],
    request: frozenset[int],
) -> bool:
    if cell.table in choices:
        return cell.row in choices[cell.table]
    if cell.table == "scrap":
        return True
    if cell.table == "demand" and cell.row not in request:
        return False
    return node_of(net, cell.table, net.rows(cell.table)[cell.row]) in taking


def _demand_of(net: SupplyNetwork, years: Iterable[int]) -> frozenset[int]:
    """Return the rows of the table demand that needs of some years rest on.

    Those are the rows of the year, or of the years around it that a nation and form name.
    """
    options: dict[tuple[str, str], set[int]] = {}
    final = [
        (index, row.year, (row.nation, net.product_by_id[row.product].form))
        for index, row in enumerate(net.demand_rows)
        if row.role == "final"
    ]
    for _, year, of in final:
        options.setdefault(of, set()).add(year)
    used = {
        (of, end)
        for of, stated in options.items()
        for year in years
        for end in (
            max((number_ for number_ in stated if number_ <= year), default=None),
            min((entry for entry in stated if entry >= year), default=None),
        )
    }
    return frozenset(index for index, year, of in final if (of, year) in used)


def _of_cells(net: SupplyNetwork, cells: Iterable[Cell]) -> Iterable[_Thing]:
    for cell in cells:
        row = net.rows(cell.table)[cell.row]
        key = " ".join(str(getattr(row, column)) for column in TABLES[cell.table].key)
        key = f"{cell.table} {key}"
        own = Input(key, "figure", cell.name, cell.table, cell.row, cell.confidence)
        node_id = node_of(net, cell.table, row)
        parts = _parts(cell.causes, correlations(net, cell.table, node_id))
        yield _Thing((cell.table, cell.row), own, parts)


def _of_plants(net: SupplyNetwork, plants: Iterable[Plant]) -> Iterable[_Thing]:
    """Yield what is drawn of plants: capacity, arrival and delay, the better the higher."""
    for plant in plants:
        parts = _parts(plant.causes, correlations(net, "nodes", plant.id))
        if plant.is_ranged:
            key, name = f"capacity {plant.id}", f"{plant.name}, capacity"
            own = Input(key, "figure", name, "nodes", plant.row, plant.confidence)
            yield _Thing(("capacity", plant.id), own, parts)
        is_late = plant.delay is not None
        further = (("arrival", "arrives", plant.chance < 1.0), ("delay", "delay", is_late))
        for kind, word, is_drawn in further:
            if is_drawn:
                own = Input(f"{kind} {plant.id}", kind, f"{plant.name}, {word}")
                yield _Thing((kind, plant.id), own, parts)


def _cause_name(net: SupplyNetwork, sort: str, which: str) -> str:
    """Return what figures share, as a reader knows it."""
    if sort == "source":
        source = net.source_by_id.get(which)
        return f"all that rests on {which if source is None else source.title}"
    if sort == "technology":
        return f"all {net.stage_by_name[which].plural.lower()}"
    country = country_name(which, net.commodity.areas)
    return f"all that is owned from {country}" if sort == "owner" else f"all in {country}"


def _parts(
    causes: Sequence[tuple[str, str]], shared: Mapping[str, float]
) -> dict[tuple[str, str], float]:
    """Return causes, each with the part that it has of the variance of what they move."""
    n_causes = Counter(sort for sort, _ in dict.fromkeys(causes))
    return {
        (sort, of): shared[sort] / n_causes[sort]
        for sort, of in dict.fromkeys(causes)
        if shared.get(sort, 0.0) > 0.0
    }
