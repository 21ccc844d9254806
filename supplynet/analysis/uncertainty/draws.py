"""Draws: every figure of a question as it may be, many times over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from supplynet.analysis.uncertainty.shapes import delay_of, events, normal, quantile, uniform
from supplynet.arrays import Floats
from supplynet.network.cache import cache_of
from supplynet.network.schema import Capacity
from supplynet.network.timeline import circuits_in_force, keep_steps
from supplynet.network.uncertain import FIELDS, forget_figures, lasting
from supplynet.terms import LEVEL_NAMES, LEVELS

if TYPE_CHECKING:
    from supplynet.analysis.uncertainty.inputs import Inputs, Plant
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Circuit
    from supplynet.terms import LevelName

_DAYS_A_YEAR = 365.0
# a capacity without a range, whatever the default range of its confidence
_ENDS = ("capacity", "capacity_low", "capacity_high")


@dataclass(frozen=True, repr=False, eq=False)
class Draws:
    """Figures of some draws."""

    inputs: Inputs
    points: Floats  #: shape (n, n_inputs); the uniform numbers behind them
    #: by year and plant: what it can make in each draw, with arrival, delay and stops, in its unit
    capacity: Mapping[tuple[int, str], Floats]
    #: By year and plant: what stops, lateness and failure leave of it in each draw, 0 to 1. Its
    #: circuits run as far as it does.
    running: Mapping[tuple[int, str], Floats]
    #: shape (n,); by table and row: links, corridors, needs, recoveries and scrap
    figures: Mapping[tuple[str, int], Floats]
    #: whether they are the central figures, of which the program is there already
    is_central: bool = False

    @property
    def n(self) -> int:
        """How many draws."""
        return int(self.points.shape[0])

    def only(self, draw: int) -> Draws:
        """Return one of the draws by itself.

        Parameters
        ----------
        draw : int
            Place among these draws.
        """

        def of_it(group: Mapping[Any, Floats]) -> dict[Any, Floats]:
            return {key: values[[draw]] for key, values in group.items()}

        return replace(
            self,
            points=self.points[[draw]],
            capacity=of_it(self.capacity),
            running=of_it(self.running),
            figures=of_it(self.figures),
        )

    def network(self, draw: int) -> SupplyNetwork:
        """Return the graph with the figures of a draw: any analysis can be asked of it.

        Parameters
        ----------
        draw : int
            Place among these draws.

        Returns
        -------
        SupplyNetwork
            Capacities of the years asked for stand as steps of the table capacities, without
            ends, and circuits of these plants as rows of those years; whatever was not drawn is
            as it was.
        """
        bare = self._bare
        tables: dict[str, list[Any]] = {}
        for table, position, columns, values in self._cells:
            rows = tables.setdefault(table, list(bare.rows(table)))
            rows[position] = rows[position].with_cells(**dict.fromkeys(columns, values[draw]))
        graph = bare.replace(**cast("Any", tables))
        # What does not depend on drawn figures is worked out once, for the graph of every draw.
        cache_of(graph).update(self._lasting)
        keep_steps(graph, self.inputs.net, self._drawn)
        return graph

    def networks(self) -> Iterator[SupplyNetwork]:
        """Yield the graph of each draw, each good only until the next one is asked for.

        It is one graph, into which the figures of one draw after the other are written.
        """
        graph = self.network(0)
        # rows that only this graph has, as they are kept: nobody sees them change
        cells = [
            (vars(graph.rows(table)[position]), columns, values)
            for table, position, columns, values in self._cells
        ]
        for draw in range(self.n):
            for row, columns, values in cells:
                for column in columns:
                    row[column] = values[draw]
            forget_figures(graph)
            yield graph

    @cached_property
    def _drawn(self) -> frozenset[str]:
        """Plants whose capacity is drawn."""
        return frozenset(plant.id for plant in self.inputs.plants)

    @cached_property
    def _bare(self) -> SupplyNetwork:
        """The graph with a row for every figure that is drawn, without ends."""
        net, drawn = self.inputs.net, self._drawn
        tables: dict[str, list[Any]] = {}
        for table, row in self.figures:
            rows = tables.setdefault(table, list(net.rows(table)))
            name = FIELDS[table]
            # A drawn figure has no range of its own left: low and high answers of this graph are
            # this draw.
            rows[row] = rows[row].with_cells(**{f"{name}_low": None, f"{name}_high": None})
        # Steps of drawn plants are replaced by one for the year that is asked; those of other
        # plants stay.
        tables["capacities"] = [
            *(row for row in net.rows("capacities") if getattr(row, "node_id", "") not in drawn),
            *(_step(net, node_id, year) for year, node_id in self.capacity),
        ]
        if self._circuits:
            selection = [
                row for row in net.rows("circuits") if getattr(row, "node_id", "") not in drawn
            ]
            tables["circuits"] = [*selection, *(row for row, _ in self._circuits)]
        return net.replace(**cast("Any", tables))

    @cached_property
    def _cells(self) -> list[tuple[str, int, tuple[str, ...], list[float]]]:
        """Table, place of the row in the bare graph, columns, and what they hold in each draw."""
        bare = self._bare
        cells: list[tuple[str, int, tuple[str, ...], list[float]]] = [
            (table, row, (FIELDS[table],), values.tolist())
            for (table, row), values in self.figures.items()
        ]
        steps = [values.tolist() for values in self.capacity.values()]
        first = len(bare.rows("capacities")) - len(steps)
        cells += [("capacities", first + k, _ENDS, values) for k, values in enumerate(steps)]
        first = len(bare.rows("circuits")) - len(self._circuits)
        for index, (row, running) in enumerate(self._circuits, first):
            cells.append(("circuits", index, ("capacity",), (row.capacity * running).tolist()))
        return cells

    @cached_property
    def _lasting(self) -> dict[object, object]:
        """What the graph of every draw knows from the beginning."""
        return lasting(self.inputs.net)

    @cached_property
    def _circuits(self) -> list[tuple[Circuit, Floats]]:
        """Circuits of drawn plants as rows of the years asked for, and how far each runs.

        A plant with steps of its own follows no ramp any more, and its circuits would not
        either: they are put down as they are in force.
        """
        net = self.inputs.net
        without: dict[str, Any] = {"capacity_low": None, "capacity_high": None}
        return [
            (row.with_cells(year=year, **without), self.running[year, node_id])
            for year in self.inputs.years
            for node_id, circuits in circuits_in_force(net, year).items()
            for row in (circuits if node_id in self._drawn else ())
        ]


def _step(net: SupplyNetwork, node_id: str, year: int) -> Capacity:
    """Return the row of the table capacities that takes what a plant can make in a draw."""
    key = ("drawn step", node_id, year)
    if key not in cache_of(net):
        node = net.node(node_id)
        # a draw is no table that somebody wrote: its numbers need no checking one by one
        record: dict[str, Any] = {
            name: getattr(node, name) for name in ("unit", "confidence", "source_ids")
        }
        record |= {"node_id": node_id, "year": year, "capacity": 0.0, "note": "Drawn"}
        cache_of(net)[key] = Capacity.model_construct(None, **record)
    step: Capacity = cache_of(net)[key]
    return step


def at_level(inputs: Inputs, level: LevelName = "central") -> Draws:
    """Return the one draw in which every figure is at one level of supply, and nothing stops.

    At the low one needs and scrap are high, as in every data range.
    """
    end = LEVEL_NAMES.index(level)
    keys = [(year, plant) for year in inputs.years for plant in inputs.plants]
    capacity = {
        (year, entry.id): entry.ends[end, [entry.years.index(year)]] for year, entry in keys
    }
    running = dict.fromkeys(capacity, np.ones(1))
    of_table = dict.fromkeys(("demand", "scrap"), LEVELS[level].opposite)
    figures = {
        (cell.table, cell.row): np.array([getattr(cell, of_table.get(cell.table, level))])
        for cell in inputs.cells
    }
    at, is_central = np.full((1, len(inputs.rows)), 0.5), level == "central"
    return Draws(inputs, at, capacity, running, figures, is_central)


def drawn(inputs: Inputs, at: Floats) -> Draws:
    """Return the figures that follow from points.

    Parameters
    ----------
    at : ndarray of float64, shape (n, n_inputs)
        Uniform, 0 to 1.
    """
    # A Gaussian copula: points become normal, are mixed by the weights of what they share, and
    # become uniform again, so that each figure keeps its own distribution and those that share
    # something move together.
    u = uniform(normal(at) @ inputs.weights.T)
    stops = _stops(inputs, at)
    makes = {plant.id: _makes(inputs, plant, u) for plant in inputs.plants}
    running = {
        (year, node_id): of[year][1] * stops.get(node_id, 1.0)
        for year in inputs.years
        for node_id, of in makes.items()
    }
    capacity = {(year, name): makes[name][year][0] * runs for (year, name), runs in running.items()}
    return Draws(inputs, at, capacity, running, _figures(inputs, u))


def _figures(inputs: Inputs, u: Floats) -> dict[tuple[str, int], Floats]:
    """Return links, corridors, needs, recoveries and scrap, all of one shape at once."""
    values: dict[tuple[str, int], Floats] = {}
    # One call of the inverse distribution for all cells of a shape, in place of one for each.
    for shape in sorted({cell.shape for cell in inputs.cells}):
        cells = [cell for cell in inputs.cells if cell.shape == shape]
        places = [inputs.place[cell.table, cell.row] for cell in cells]
        bounds = np.array([(cell.low, cell.central, cell.high) for cell in cells]).T
        columns = quantile(shape, u[:, places], *bounds)
        values |= {(cell.table, cell.row): columns[:, k] for k, cell in enumerate(cells)}
    return {(cell.table, cell.row): values[cell.table, cell.row] for cell in inputs.cells}


def _makes(inputs: Inputs, plant: Plant, u: Floats) -> dict[int, tuple[Floats, Floats]]:
    """Return what a plant could make in each year if it ran, and what of it has arrived."""
    n = u.shape[0]
    level = np.full((n, 1), 0.5)
    if plant.is_ranged:
        level = u[:, [inputs.place["capacity", plant.id]]]
    shape = plant.shape if plant.is_ranged else ""
    # only a plant that may be late is where it would have been in a year before
    years = plant.years if plant.delay is not None else inputs.years
    bounds = (end[[plant.years.index(year) for year in years]] for end in plant.ends)
    by_year = quantile(shape, np.broadcast_to(level, (n, len(years))), *bounds)
    arrives = np.ones(n)
    # High points mean more supply in every input, so that inputs that go together push an answer
    # the same way.
    if plant.chance < 1.0:  # the higher the better, as with capacities
        arrives = (u[:, inputs.place["arrival", plant.id]] >= 1.0 - plant.chance).astype(float)
    makes = {}
    for year in inputs.years:
        at = years.index(year)
        could, arrived = by_year[:, at], arrives
        if plant.delay is not None:
            # The other way round: a high point is a short delay.
            late = delay_of(1.0 - u[:, inputs.place["delay", plant.id]], *plant.delay)
            by_then = _earlier(by_year, at - late)
            # A plant that is late is, in this year, where it would have been so much earlier on its
            # own ramp.
            arrived = arrives * np.divide(by_then, could, out=np.ones_like(could), where=could > 0)
        makes[year] = (could, arrived)
    return makes


def _earlier(by_year: Floats, at: Floats) -> Floats:
    """Return the capacity at a broken number of years, linear between whole ones, 0 before."""
    below = np.floor(at).astype(int)
    piece = at - below
    padded = np.concatenate([np.zeros((by_year.shape[0], 1)), by_year], axis=1)
    draw = np.arange(by_year.shape[0])
    first = padded[draw, np.clip(below + 1, 0, by_year.shape[1])]
    second = padded[draw, np.clip(below + 2, 0, by_year.shape[1])]
    between: Floats = first * (1.0 - piece) + second * piece
    return between


def _stops(inputs: Inputs, at: Floats) -> dict[str, Floats]:
    """Return what stops leave of the year of each plant that has any, 0 to 1."""
    left: dict[str, Floats] = {}
    position = len(inputs.rows) - 3 * len(inputs.streams)
    for stream in inputs.streams:
        index = events(at[:, position], stream.rate)
        stopped = np.flatnonzero(index)  # in most draws of most plants nothing happens
        length, depth = (at[stopped, position + k, None] for k in (1, 2))
        bounds = [[np.array([end]) for end in triple] for triple in (stream.days, stream.depth)]
        days = quantile("pert", length, *bounds[0])[:, 0] * index[stopped]
        lost = np.zeros(at.shape[0])
        shares = quantile("pert", depth, *bounds[1])[:, 0]
        lost[stopped] = np.minimum(days / _DAYS_A_YEAR, 1.0) * shares
        for node_id in stream.plants:
            # Stops of several kinds may fall on each other: what is left of the year is the
            # product.
            left[node_id] = left.get(node_id, np.ones(at.shape[0])) * (1.0 - lost)
        position += 3
    return left
