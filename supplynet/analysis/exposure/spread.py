"""Which part of what a plant brings ends with a nation's supply.

What a plant brings, of carbon dioxide or tailings, goes with what leaves it. Where several things
leave a plant, each takes as much as it weighs: tonnes on the graph's basis. What is lost in
processing, or thrown away, takes none, so that what is used bears it; what is separated and left
over takes its part and keeps it. What is lost on arrival has left its sender: it is the buyer's
own loss, and what the buyer makes bears it. Where routes meet, what goes on bears the average of
what came.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from supplynet.analysis.balance.bill import handled_by
from supplynet.analysis.exposure.moves import Pot
from supplynet.analysis.exposure.study import followed
from supplynet.analysis.exposure.trace import mixed
from supplynet.analysis.proofs import Programs, Proof, figure, packed
from supplynet.arrays import Floats, Ints
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
# what the program is called that says which part of a burden ends with the supply
BORNE = "borne"
# variables whose losses are those of the plant that the burden comes from, not of a buyer
_INSIDE = "processed"


class _Place(NamedTuple):
    """A pot, and the element where each goes its own way."""

    pot: Pot
    element: str


@dataclass(frozen=True, repr=False, eq=False)
class Spread:
    """All that moves in a balance, and which part of it some nations' products bear."""

    places: dict[_Place, int]
    #: column, element, tail, head: shape (n_moves,); variable, place of the element in the model's,
    #: and the places that it leaves and comes to
    column: Ints
    element: Ints
    tail: Ints
    head: Ints
    #: shape (n_moves,); tonnes on the graph's basis that bear a burden
    weight: Floats
    #: shape (n_places,); part of what a place bears that the supply asked about ends with
    bound: Floats = field(repr=False)
    #: shape (n_places,); 1 for the supply asked about, 0 for all else
    supplied: Floats = field(repr=False)

    def shares(self, model: Model, elements: Iterable[str]) -> Floats:
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
        shares: Floats = np.zeros(n)
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


def spread(model: Model, x: Floats, nations: frozenset[str], products: frozenset[str]) -> Spread:
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
    inputs = np.array(supplied, dtype=np.float64)
    bound = mixed(inputs, piece, tail, head)
    return Spread(places, column, numbers, tail, head, weight, bound, inputs)


def burdens_of(
    model: Model, x: Floats, borne: Spread, intensities: Iterable[Intensity]
) -> dict[tuple[str, str], list[float]]:
    """Return what each plant brings of each burden for the supply: low, central and high.

    Plants that bring nothing are left out.
    """
    net, elements = model.scope.net, model.scope.elements
    shares = {
        group: borne.shares(model, [name for name in elements_of(net, group) if name in elements])
        for group in {row.group for row in intensities}
    }

    def amounts(row: Intensity, label: str) -> Floats:
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


class _Sums:
    """Sums of what places bear, each a row of a mixture with a variable of its own."""

    def __init__(self, model: Model, x: Floats, borne: Spread) -> None:
        self._model, self._borne, self._first = model, borne, len(borne.places)
        self._x, self._bound = x.tolist(), borne.bound.tolist()
        parts = borne.column, borne.tail, borne.head, borne.weight, borne.element
        self._moves = [*zip(*(each.tolist() for each in parts), strict=True)]
        #: row, variable, value and variable of the balance that it is multiplied by
        self.entries: list[tuple[int, int, float, int]] = []
        self.names: list[str] = []
        self.values: list[float] = []
        self._by_column = dict[int, list[Any]]()
        for move in self._moves:
            self._by_column.setdefault(move[0], []).append(move)
        self._made = {
            column: borne.places.get(_Place(Pot("product", str(maker), str(grade)), ""))
            for column, (maker, grade) in model.columns.of("made")
        }

    def add(self, name: str, terms: Iterable[tuple[int, float, int]]) -> None:
        """Add a sum of places, each weighed and multiplied by a variable of the balance."""
        row, value = self._first + len(self.names), 0.0
        for place, weight, column in terms:
            self.entries.append((row, place, weight, column))
            value += weight * self._x[column] * self._bound[place]
        self.entries.append((row, row, -1.0, -1))
        self.names.append(name)
        self.values.append(value)

    def handled(self, row: Intensity, label: str) -> Iterator[tuple[int, float, int]]:
        """Yield the places that bear what a plant handles, as :meth:`Spread.shares` has it."""
        model = self._model
        names = [n for n in elements_of(model.scope.net, row.group) if n in model.scope.elements]
        members = {model.scope.elements.index(name) for name in names}
        moved = handled_by(model, f"node:{label}", form=row.form, group=row.group, unit=row.unit)
        for _, column, by in (each for each in moved if self._x[each[1]] > 0.0):
            moves = [move for move in self._by_column.get(column, ()) if move[-1] in members]
            total = sum(weight for *_, weight, _ in moves)
            if column in self._made:
                place = self._made[column]
                yield from [] if place is None else [(place, by, column)]
            elif total > 0.0:
                yield from ((head, by * weight / total, column) for *_, head, weight, _ in moves)
            elif moves:  # where all is lost, the rest bears it
                yield moves[-1][1], by, column

    def passing(self, stage: str, nodes: frozenset[str] | None) -> Iterator[tuple[int, float, int]]:
        """Yield the places that bear what comes to plants of a stage, all or some of them."""
        net, pots = self._model.scope.net, [pot for pot, _ in self._borne.places]
        at = [(node := net.node_by_id.get(pot.label)) and (node.stage, node.id) for pot in pots]
        for column, tail, head, weight, _ in self._moves:
            is_sent = pots[tail].label != pots[head].label or pots[tail].kind == "ground"
            here = at[head]
            if here and here[0] == stage and is_sent and (nodes is None or here[1] in nodes):
                yield head, weight / self._x[column], column

    def tell(self, programs: Programs, of: str) -> None:
        """Add the mixture: what a place bears is the mean of what leaves it, by weight."""
        if not self.entries:
            return
        borne, n, more = self._borne, self._first, len(self.names)
        going = borne.weight > 0.0
        tail, head, column = borne.tail[going], borne.head[going], borne.column[going]
        weight = borne.weight[going] / np.array(self._x)[column]
        own = [np.array(each) for each in zip(*self.entries, strict=True)]
        entries = [(tail, tail, weight, column), (tail, head, -weight, column), tuple(own)]
        record = programs.mixture(of, *map(np.concatenate, zip(*entries, strict=True)))
        record |= {"means": n, "c": packed(np.zeros(n + more))}
        is_end = np.ones(n, dtype=bool)
        is_end[tail] = False  # of these it is known: all of the supply, and nothing of the rest
        none = np.zeros(n + more)
        programs.add_mixture(
            BORNE,
            [*[""] * n, *self.names],
            record,
            np.append(borne.bound, self.values),
            low=none,
            high=none,
            lower=np.append(np.where(is_end, borne.supplied, 0.0), np.zeros(more)),
            upper=np.append(np.where(is_end, borne.supplied, np.inf), np.full(more, np.inf)),
        )


def add_burdens(
    model: Model,
    x: Floats,
    borne: Spread,
    plants: Sequence[Any],
    totals: Sequence[Any],
    programs: Programs,
    of: str,
) -> Iterator[Proof]:
    """Add the mixture that says what ends with the supply; yield the figures read off it.

    A row for each place, which is a mean of what leaves it, and behind them one for each figure.
    `plants` and `totals` are the rows of the answer, `of` names the amounts that mix.
    """
    sums, net = _Sums(model, x, borne), model.scope.net
    rows = cast("tuple[Intensity, ...]", net.rows("intensities"))
    chosen = [(row, select(net, row.nodes).surely) for row in rows]
    for plant in plants:
        own = [row for row, nodes in chosen if row.burden == plant.burden and plant.node in nodes]
        handled = [list(sums.handled(row, plant.node)) for row in own]
        for end in LEVEL_NAMES:
            amounts = [pick(row, "amount", end) or 0.0 for row in own]
            terms = [
                (place, amount * weight, column)
                for amount, parts in zip(amounts, handled, strict=True)
                for place, weight, column in parts
            ]
            sums.add(f"{plant.burden} {plant.node} {end}", terms)
    for end in LEVEL_NAMES:
        yield figure("plants", end, BORNE, sum=[f"{{burden}} {{node}} {end}"])
    for total in totals:
        nodes = frozenset().union(*(names for row, names in chosen if row.burden == total.burden))
        for stage in total.counted:
            for name, is_all in (("at", False), ("past", True)):
                text = f"{total.burden} {name} {stage}"
                sums.add(text, sums.passing(stage, None if is_all else nodes))
            key, where = f"counted.{stage}", {"burden": total.burden}
            named = {"sum": [f"{{burden}} at {stage}"], "over": [f"{{burden}} past {stage}"]}
            yield figure("totals", key, BORNE, where=where, **named)
    sums.tell(programs, of)


def _place(places: dict[_Place, int], pot: Pot, element: str) -> int:
    key = _Place(pot, element if pot.kind in _APART else "")
    return places.setdefault(key, len(places))
