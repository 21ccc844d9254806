"""Which part of what a plant brings ends with a nation's supply.

What a plant brings, of carbon dioxide or tailings, goes with what leaves it. Where several things
leave a plant, each takes as much as it weighs: tonnes on the graph's basis. What is lost in
processing, or thrown away, takes none, so that what is used bears it; what is separated and left
over takes its part and keeps it. What is lost on arrival has left its sender: it is the buyer's
own loss, and what the buyer makes bears it. Where routes meet, what goes on bears the average of
what came.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supplynet.analysis.balance.bill import handled_by
from supplynet.analysis.exposure.moves import Pot, Vector
from supplynet.analysis.exposure.study import followed
from supplynet.analysis.exposure.trace import Places, mixed
from supplynet.network.selector import select
from supplynet.network.units import elements_of, pick
from supplynet.sums import added
from supplynet.terms import LEVEL_NAMES

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Intensity

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
        selection = np.isin(
            self.element, [model.scope.elements.index(element) for element in elements]
        )
        column, weight = self.column[selection], self.weight[selection]
        tonnes = np.bincount(column, weight, n)
        going = np.bincount(column, weight * self.bound[self.head[selection]], n)
        shares: Vector = np.zeros(n)
        shares[column] = self.bound[self.tail[selection]]  # where all is lost, the rest bears it
        shares = np.where(tonnes > 0.0, going / np.where(tonnes > 0.0, tonnes, 1.0), shares)
        for column_made, (maker, grade) in model.columns.of("made"):
            index = self.places.get(_Place(Pot("product", str(maker), str(grade)), ""))
            shares[column_made] = 0.0 if index is None else self.bound[index]
        return shares

    @cached_property
    def passing(self) -> dict[str, float]:
        """Tonnes on the graph's basis sent to each plant whose burden ends with the supply."""
        labels = [pot.label for pot, _ in self.places]
        is_ground = [pot.kind == "ground" for pot, _ in self.places]
        return added(
            (labels[head], float(weight * self.bound[head]))
            for tail, head, weight in zip(self.tail, self.head, self.weight, strict=True)
            if labels[tail] != labels[head] or is_ground[tail]
        )

    def counted(self, net: SupplyNetwork, intensities: Iterable[Intensity]) -> dict[str, float]:
        """Return by stage how much of what passes it does so at plants of some intensities."""
        names = frozenset().union(*(select(net, row.nodes).surely for row in intensities))
        passing = ((net.node_by_id.get(label), tonnes) for label, tonnes in self.passing.items())
        sums = added(((node.stage, node.id in names), tonnes) for node, tonnes in passing if node)
        return {
            stage.name: share / (share + sums.get((stage.name, False), 0.0))
            for stage in net.stages
            if not stage.is_nation and (share := sums.get((stage.name, True), 0.0)) > 0.0
        }


def spread(model: Model, x: Vector, nations: frozenset[str], products: frozenset[str]) -> Spread:
    """Return what moves in a solution of a balance, and which part some nations' products bear.

    For each place p, w(k) being the tonnes of a move k that bear a burden, with d = 1 for the
    supply asked about::

        d(p) sum_k w(k) = sum_k w(k) d(head(k)),    k leaving p
    """
    places: dict[_Place, int] = {}
    kinds = np.array([kind for kind, _ in model.columns.keys])
    moved: list[tuple[Any, ...]] = []
    for index, element in enumerate(model.scope.elements):
        flow = followed(model, x, element)
        moves, busy = flow.moves, np.flatnonzero(flow.leaving > 0.0)
        at = np.array([_place(places, pot, element) for pot in moves.pots], dtype=np.int64)
        column = moves.column[busy]
        bears = np.where(kinds[column] == _INSIDE, flow.arriving[busy], flow.leaving[busy])
        weight = np.where(np.isin(kinds[column], _WASTE), 0.0, bears)
        bounds = at[moves.tail[busy]], at[moves.head[busy]]
        moved.append((column, np.full(len(busy), index), *bounds, weight))
    column, numbers, tail, head, weight = map(np.concatenate, zip(*moved, strict=True))
    total = np.bincount(tail, weights=weight, minlength=len(places))
    piece = weight / np.where(total > 0.0, total, 1.0)[tail]
    supplied = [
        pot.kind == "supply" and pot.label in nations and pot.thing in products for pot, _ in places
    ]
    bound = mixed(np.array(supplied, dtype=np.float64), piece, tail, head)
    return Spread(places, column, numbers, tail, head, weight, bound)


def burdens_of(
    model: Model, x: Vector, borne: Spread, intensities: Iterable[Intensity]
) -> dict[tuple[str, str], list[float]]:
    """Return what each plant brings of each burden for the supply: low, central and high.

    Plants that bring nothing are left out.
    """
    net, elements = model.scope.net, model.scope.elements
    shares = {
        group: borne.shares(model, [name for name in elements_of(net, group) if name in elements])
        for group in {row.group for row in intensities}
    }

    def amounts(row: Intensity, label: str) -> Vector:
        """Return what comes with what a plant handles for the supply."""
        moved = handled_by(model, f"node:{label}", form=row.form, group=row.group, unit=row.unit)
        handled = sum(
            weight * float(x[column]) * float(shares[row.group][column])
            for _, column, weight in moved
            if x[column] > 0.0
        )
        return handled * np.array([pick(row, "amount", end) or 0.0 for end in LEVEL_NAMES])

    sums = added(
        ((row.burden, label), amounts(row, label))
        for row in intensities
        for label in sorted(select(net, row.nodes).surely & borne.passing.keys())
    )
    return {key: bounds.tolist() for key, bounds in sums.items() if bounds[-1] > 0.0}


def _place(places: dict[_Place, int], pot: Pot, element: str) -> int:
    key = _Place(pot, element if pot.kind in _APART else "")
    return places.setdefault(key, len(places))
