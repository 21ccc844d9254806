"""Draws: every figure of a question as it may be, many times over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from supplynet.analysis.uncertainty.shapes import delay_of, events, normal, quantile, uniform
from supplynet.network.cache import cache_of
from supplynet.network.ramps import keep_steps
from supplynet.network.schema import Capacity
from supplynet.network.timeline import circuits_in_force
from supplynet.network.uncertain import FIELDS, lasting

if TYPE_CHECKING:
    from supplynet.analysis.uncertainty.inputs import Inputs
    from supplynet.analysis.uncertainty.plants import Plant
    from supplynet.analysis.uncertainty.shapes import Vector
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Row

_DAYS_A_YEAR = 365.0


@dataclass(frozen=True, eq=False)
class Draws:
    """Figures of some draws."""

    inputs: Inputs = field(repr=False)
    points: Vector = field(repr=False)  #: shape (n, n_inputs); the uniform numbers behind them
    #: by year and plant: what it can make in each draw, with arrival, delay and stops, in its unit
    capacity: Mapping[int, Mapping[str, Vector]] = field(repr=False)
    #: By year and plant: what stops, lateness and failure leave of it in each draw, 0 to 1. Its
    #: circuits run as far as it does.
    running: Mapping[int, Mapping[str, Vector]] = field(repr=False)
    #: shape (n,); by table and row: links, corridors, needs, recoveries and scrap
    figures: Mapping[tuple[str, int], Vector] = field(repr=False)
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

        def of_it(by_year: Mapping[int, Mapping[str, Vector]]) -> dict[int, dict[str, Vector]]:
            return {
                year: {node_id: values[[draw]] for node_id, values in plants.items()}
                for year, plants in by_year.items()
            }

        return replace(
            self,
            points=self.points[[draw]],
            capacity=of_it(self.capacity),
            running=of_it(self.running),
            figures={key: values[[draw]] for key, values in self.figures.items()},
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
        net = self.inputs.net
        tables: dict[str, list[Any]] = {}
        for (table, row), values in self.figures.items():
            rows = tables.setdefault(table, list(net.rows(table)))
            name = FIELDS[table]
            # A drawn figure has no range of its own left: low and high answers of this graph are
            # this draw.
            told = {name: float(values[draw]), f"{name}_low": None, f"{name}_high": None}
            rows[row] = rows[row].with_cells(**told)
        drawn = {plant.id for plant in self.inputs.plants}
        # Steps of drawn plants are replaced by one for the year that is asked; those of other
        # plants stay.
        rows = [row for row in net.rows("capacities") if getattr(row, "node_id", "") not in drawn]
        for year, plants in self.capacity.items():
            rows += [_step(net, node_id, year, float(v[draw])) for node_id, v in plants.items()]
        tables["capacities"] = rows
        if drawn & circuits_in_force(net, self.inputs.years[0]).keys():
            tables["circuits"] = self._circuits(drawn, draw)
        graph = net.replace(**cast("Any", tables))
        # What does not depend on drawn figures is worked out once, for the graph of every draw.
        cache_of(graph).update(self._lasting)
        keep_steps(graph, net, drawn)
        return graph

    @cached_property
    def _lasting(self) -> dict[object, object]:
        """What the graph of every draw knows from the beginning."""
        return lasting(self.inputs.net)

    def _circuits(self, drawn: set[str], draw: int) -> list[Row]:
        """Return circuits as they run in a draw.

        A plant with steps of its own follows no ramp any more, and its circuits would not
        either: they are put down as they are in force.
        """
        net = self.inputs.net
        rows = [row for row in net.rows("circuits") if getattr(row, "node_id", "") not in drawn]
        for year, running in self.running.items():
            for node_id, circuits in circuits_in_force(net, year).items():
                for row in circuits if node_id in drawn else ():
                    capacity = row.capacity * float(running[node_id][draw])
                    told = {"capacity": capacity, "capacity_low": None, "capacity_high": None}
                    rows.append(row.with_cells(year=year, **told))
        return rows


def _step(net: SupplyNetwork, node_id: str, year: int, capacity: float) -> Capacity:
    """Return the capacity of a plant in a draw as a step."""
    key = ("drawn step", node_id, year)
    if key not in cache_of(net):
        node = net.node(node_id)
        # a draw is no table that somebody wrote: its numbers need no checking one by one
        cache_of(net)[key] = Capacity.model_construct(
            node_id=node_id,
            year=year,
            capacity=0.0,
            unit=node.unit,
            confidence=node.confidence,
            source_ids=node.source_ids,
            note="Drawn",
        )
    step: Capacity = cache_of(net)[key]
    return step.with_cells(capacity=capacity, capacity_low=capacity, capacity_high=capacity)


def central(inputs: Inputs) -> Draws:
    """Return the one draw in which every figure is the central one, and nothing stops."""
    capacity = {
        year: {plant.id: plant.ends[1, [plant.years.index(year)]] for plant in inputs.plants}
        for year in inputs.years
    }
    running = {year: {plant.id: np.ones(1) for plant in inputs.plants} for year in inputs.years}
    figures = {(cell.table, cell.row): np.array([cell.central]) for cell in inputs.cells}
    return Draws(inputs, np.full((1, len(inputs.rows)), 0.5), capacity, running, figures, True)


def drawn(inputs: Inputs, at: Vector) -> Draws:
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
    capacity: dict[int, dict[str, Vector]] = {year: {} for year in inputs.years}
    running: dict[int, dict[str, Vector]] = {year: {} for year in inputs.years}
    for plant in inputs.plants:
        makes = _makes(inputs, plant, u)
        for year, (could, arrived) in makes.items():
            runs = arrived * stops.get(plant.id, 1.0)
            capacity[year][plant.id] = could * runs
            running[year][plant.id] = runs
    return Draws(inputs, at, capacity, running, _figures(inputs, u))


def _figures(inputs: Inputs, u: Vector) -> dict[tuple[str, int], Vector]:
    """Return links, corridors, needs, recoveries and scrap, all of one shape at once."""
    values: dict[tuple[str, int], Vector] = {}
    # One call of the inverse distribution for all cells of a shape, in place of one for each.
    for shape in sorted({cell.shape for cell in inputs.cells}):
        cells = [cell for cell in inputs.cells if cell.shape == shape]
        places = [inputs.place[cell.table, cell.row] for cell in cells]
        ends = np.array([(cell.low, cell.central, cell.high) for cell in cells]).T
        columns = quantile(shape, u[:, places], *ends)
        values |= {(cell.table, cell.row): columns[:, k] for k, cell in enumerate(cells)}
    return {(cell.table, cell.row): values[cell.table, cell.row] for cell in inputs.cells}


def _makes(inputs: Inputs, plant: Plant, u: Vector) -> dict[int, tuple[Vector, Vector]]:
    """Return what a plant could make in each year if it ran, and what of it has arrived."""
    n = u.shape[0]
    level = np.full((n, 1), 0.5)
    if plant.is_ranged:
        level = u[:, [inputs.place["capacity", plant.id]]]
    shape = plant.shape if plant.is_ranged else ""
    by_year = quantile(shape, np.broadcast_to(level, (n, len(plant.years))), *plant.ends)
    arrives = np.ones(n)
    # High points mean more supply in every input, so that inputs that go together push an answer
    # the same way.
    if plant.chance < 1.0:  # the higher the better, as with capacities
        arrives = (u[:, inputs.place["arrival", plant.id]] >= 1.0 - plant.chance).astype(float)
    makes = {}
    for year in inputs.years:
        at = plant.years.index(year)
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


def _earlier(by_year: Vector, at: Vector) -> Vector:
    """Return the capacity at a broken number of years, linear between whole ones, 0 before."""
    below = np.floor(at).astype(int)
    part = at - below
    padded = np.concatenate([np.zeros((by_year.shape[0], 1)), by_year], axis=1)
    draw = np.arange(by_year.shape[0])
    first = padded[draw, np.clip(below + 1, 0, by_year.shape[1])]
    second = padded[draw, np.clip(below + 2, 0, by_year.shape[1])]
    between: Vector = first * (1.0 - part) + second * part
    return between


def _stops(inputs: Inputs, at: Vector) -> dict[str, Vector]:
    """Return what stops leave of the year of each plant that has any, 0 to 1."""
    left: dict[str, Vector] = {}
    place = len(inputs.rows) - 3 * len(inputs.streams)
    for stream in inputs.streams:
        number = events(at[:, place], stream.rate)
        stopped = np.flatnonzero(number)  # in most draws of most plants nothing happens
        length, depth = (at[stopped, place + k, None] for k in (1, 2))
        ends = [[np.array([end]) for end in triple] for triple in (stream.days, stream.depth)]
        days = quantile("pert", length, *ends[0])[:, 0] * number[stopped]
        lost = np.zeros(at.shape[0])
        part = quantile("pert", depth, *ends[1])[:, 0]
        lost[stopped] = np.minimum(days / _DAYS_A_YEAR, 1.0) * part
        for node_id in stream.plants:
            # Stops of several kinds may fall on each other: what is left of the year is the
            # product.
            left[node_id] = left.get(node_id, np.ones(at.shape[0])) * (1.0 - lost)
        place += 3
    return left
