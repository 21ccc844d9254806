"""Where a stock enters the balance of a period: rows, and what a tonne drawn counts in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from supplynet.analysis.balance.counted import gauge
from supplynet.analysis.balance.scope import capacity_of

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.rows import Label


class Held(Protocol):
    """What can be drawn: an element by plants, or a product by its nation."""

    @property
    def held(self) -> str:
        """Element, or product."""

    @property
    def nation(self) -> str:
        """Who draws it, where it is a product; else empty."""

    @property
    def plants(self) -> frozenset[str]:
        """Who may draw it, where it is an element."""


class Access(NamedTuple):
    """One who draws on a line in a state."""

    who: str  #: plant or nation
    #: ub, eq: rows of the inequalities and equalities of the state's model, and what a tonne that
    #: is drawn counts there; what is put back counts as much less
    ub: tuple[tuple[int, float], ...]
    eq: tuple[tuple[int, float], ...]


def accesses(
    model: Model, places: RowPlaces, line: Held, instead: str | None = None
) -> tuple[Access, ...]:
    """Return who can draw on a line in a model, in the order of the nodes.

    A product is drawn by its nation as if it were delivered. An element is drawn by a plant as if
    it arrived there: the plant loses some of it, and it takes of the plant's capacity where that
    counts at the input. Where a product is used up instead, its nation has as much less of it.
    """
    if line.nation:
        return tuple(_of_product(places, line, instead))
    return tuple(_of_element(model, places, line))


def _of_product(places: RowPlaces, line: Held, instead: str | None) -> Iterator[Access]:
    row = places.get("delivery", "nation", line.nation, line.held)
    if row is None:
        return
    if instead is None:
        yield Access(line.nation, ((row, -1.0),), ())
        return
    used = places.get("delivery", "nation", line.nation, instead)
    if used is not None:
        yield Access(line.nation, ((row, -1.0), (used, 1.0)), ())


def _of_element(model: Model, places: RowPlaces, line: Held) -> Iterator[Access]:
    given, codes = model.scope, model.columns.codes
    element = codes.element_of.get(line.held)
    for plant in given.frame.nodes:
        if plant not in line.plants or element is None:
            continue
        row = places.get("element_balance", "node", plant, line.held)
        if row is None:
            continue
        # A stock lies in front of the plant: what is drawn is worked on with its losses, like what
        # arrives.
        recovery = float(codes.recovery[codes.vertex_of[plant], element])
        yield Access(plant, tuple(_taken(model, places, plant, line.held)), ((row, recovery),))


def _taken(
    model: Model, places: RowPlaces, plant: str, element: str
) -> Iterator[tuple[int, float]]:
    """Yield what an element that arrives takes of a plant's capacity, where it counts there."""
    given = model.scope
    node = given.frame.nodes[plant]
    capacity, unit, _ = capacity_of(given, node)
    if capacity is None or given.net.stage_by_name[node.stage].capacity_at != "input":
        return
    weigh = gauge(given, unit, node.product)
    makes = any(maker == plant for maker, _ in given.recipes)
    if weigh.is_by_element and makes:
        return  # products count, by what is made
    row = places.get("node_capacity", "node", plant)
    if weigh.is_by_element:
        row = places.get("node_capacity", "node", plant, element)
    weight = weigh.of_element(element)
    if row is not None and np.isfinite(weight):
        yield row, weight


class RowPlaces:
    """Places of the rows of a model by family and label, among those of their sense."""

    def __init__(self, model: Model) -> None:
        self._places: dict[tuple[str, Label], int] = {}
        for is_equality in (False, True):
            for row, key in enumerate(model.labels(is_equality)):
                self._places.setdefault(key, row)

    def get(self, family: str, *label: str) -> int | None:
        """Return the place of a row, or None where there is none."""
        return self._places.get((family, label))
