"""Which part of what a plant brings ends with a nation's supply.

What a plant brings, of carbon dioxide or tailings, goes with what leaves it. Where several things
leave a plant, each takes as much as it weighs: tonnes on the graph's basis. What is lost in
processing, or thrown away, takes none, so that what is used bears it; what is separated and left
over takes its part and keeps it. What is lost on arrival has left its sender: it is the buyer's
own loss, and what the buyer makes bears it. Where ways meet, what goes on bears the average of
what came.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from supplynet.analysis.exposure.moves import Pot, moves_of
from supplynet.analysis.exposure.study import without_excess
from supplynet.analysis.exposure.trace import flow_of, mixed
from supplynet.sums import added

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model

Vector = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

# pots whose elements leave apart from each other; what is in the others moves as one
_APART = ("separated", "intake")
# variables that carry nothing on: what goes this way bears no burden
_WASTE = ("lost", "wasted")
# variables whose losses are those of the plant that the burden comes from, not of a buyer
_INSIDE = "processed"


class _Place(NamedTuple):
    """A pot, and the element where each goes its own way."""

    pot: Pot
    element: str


@dataclass(frozen=True, eq=False)
class Spread:
    """All that moves in a balance, and which part of it some nations' products bear."""

    places: dict[_Place, int] = field(repr=False)
    #: column, element, tail, head: shape (n_moves,); variable, place of the element in the model's,
    #: and the places that it leaves and comes to
    column: Places = field(repr=False)
    element: Places = field(repr=False)
    tail: Places = field(repr=False)
    head: Places = field(repr=False)
    #: shape (n_moves,); tonnes on the graph's basis that bear a burden
    weight: Vector = field(repr=False)
    #: shape (n_places,); part of what a place bears that the supply asked about ends with
    bound: Vector = field(repr=False)

    def shares(self, model: Model, elements: Iterable[str]) -> Vector:
        """Return the part of a burden on each variable that the supply ends with.

        The burden comes with `elements`: the others that a variable carries bear none.
        """
        n = len(model.columns)
        chosen = np.isin(
            self.element, [model.scope.elements.index(element) for element in elements]
        )
        column, weight = self.column[chosen], self.weight[chosen]
        tonnes = np.bincount(column, weight, n)
        going = np.bincount(column, weight * self.bound[self.head[chosen]], n)
        shares: Vector = np.zeros(n)
        shares[column] = self.bound[self.tail[chosen]]  # where all is lost, the rest bears it
        shares = np.where(tonnes > 0.0, going / np.where(tonnes > 0.0, tonnes, 1.0), shares)
        for column_made, (maker, grade) in model.columns.of("made"):
            index = self.places.get(_Place(Pot("product", str(maker), str(grade)), ""))
            shares[column_made] = 0.0 if index is None else self.bound[index]
        return shares

    @cached_property
    def passing(self) -> dict[str, float]:
        """Tonnes on the graph's basis sent to each plant whose burden ends with the supply."""
        labels = [pot_place.pot.label for pot_place in self.places]
        is_ground = [pot_place.pot.kind == "ground" for pot_place in self.places]
        return added(
            (labels[head], float(weight * self.bound[head]))
            for tail, head, weight in zip(self.tail, self.head, self.weight, strict=True)
            if labels[tail] != labels[head] or is_ground[tail]
        )


def spread(model: Model, x: Vector, nations: frozenset[str], products: frozenset[str]) -> Spread:
    """Return what moves in a solution of a balance, and which part some nations' products bear.

    For each place p, w(k) being the tonnes of a move k that bear a burden, with d = 1 for the
    supply asked about::

        d(p) sum_k w(k) = sum_k w(k) d(head(k)),    k leaving p
    """
    places: dict[_Place, int] = {}
    rows: list[tuple[int, int, int, int, float]] = []
    kinds = [kind for kind, _ in model.columns.keys]
    lean = without_excess(model, x)
    for number, element in enumerate(model.scope.elements):
        moves = moves_of(model, element, lean)
        flow = flow_of(moves, lean)
        at = [_place(places, pot, element) for pot in moves.pots]
        for column, tail, head, leaving, arriving in zip(
            moves.column, moves.tail, moves.head, flow.leaving, flow.arriving, strict=True
        ):
            if leaving <= 0.0:
                continue
            kind = kinds[int(column)]
            weight = 0.0 if kind in _WASTE else arriving if kind == _INSIDE else leaving
            rows.append((int(column), number, at[int(tail)], at[int(head)], float(weight)))
    table = np.array(rows, dtype=np.float64).reshape(-1, 5)
    column, numbers, tail, head = table[:, :4].astype(np.int64).T
    weight, n = table[:, 4], len(places)
    total = np.bincount(tail, weights=weight, minlength=n)
    part = weight / np.where(total > 0.0, total, 1.0)[tail]
    asked = np.array(
        [
            (
                pot_place.pot.kind == "supply"
                and pot_place.pot.label in nations
                and pot_place.pot.thing in products
            )
            for pot_place in places
        ],
        dtype=np.float64,
    )
    bound = mixed(asked, part, tail, head)
    return Spread(places, column, numbers, tail, head, weight, bound)


def _place(places: dict[_Place, int], pot: Pot, element: str) -> int:
    key = _Place(pot, element if pot.kind in _APART else "")
    return places.setdefault(key, len(places))
