"""Flows that are known, and what they tell of every attack that leaves less than a goal.

Such an attack takes at least value(flow) - goal + 1 of what a flow carries. So of the elements that
carry much of it one must be removed, and elements that carry so little that the rest of the budget
cannot make up for it are part of no such attack. These are the cuts of Benders' method for the
program of Wood (1993, doi:10.1016/0895-7177(93)90236-R), used to choose what to branch on.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.interdiction.arena import Arena
from supplynet.solve.interdiction.bound import dearest

__all__ = ["Anchor", "Anchors", "Rest"]

MOST_ANCHORS = 32
# of the whole flow: sums are made of floats of 53 bits, and decide only beyond their rounding
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """A flow, and what of it can be taken."""

    value: int  #: in units
    #: arcs, units: the arcs that carry, and how much
    arcs: NDArray[np.int64]
    units: NDArray[np.int64]
    carried: NDArray[np.int64]  #: shape (n_elements,); at most how much of it touches each element
    #: the elements that carry some of it and can be removed, dearest first
    order: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Offer:
    """What elements that may be removed carry of a flow: the dearest first, added up."""

    elements: NDArray[np.int64]  #: shape (n,)
    #: cost, carried: shape (n + 1,); sums over the first elements
    cost: NDArray[np.float64]
    carried: NDArray[np.float64]

    def most(self, budget: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the most that each of some budgets takes, parts of elements allowed."""
        return np.interp(budget, self.cost, self.carried)

    def most_behind(self, budget: float) -> NDArray[np.float64]:
        """Return the most that a budget takes without the first 0, 1, ... n elements."""
        return self.most(self.cost + budget) - self.carried


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """What is removed in a part of a search, and what may be, beside it."""

    removed: tuple[int, ...]
    is_free: NDArray[np.bool_]  #: shape (n_elements,); what may be removed within the budget
    budget: float  #: what is left of it

    def but(self, elements: Iterable[int]) -> Rest:
        """Return the part of it in which some more are spared."""
        is_free = self.is_free.copy()
        is_free[list(elements)] = False
        return replace(self, is_free=is_free)

    def taking(self, element: int, cost: NDArray[np.float64]) -> Rest:
        """Return the part of it in which one more is removed."""
        budget = self.budget - float(cost[element])
        removed = tuple(sorted((*self.removed, element)))
        return Rest(removed, self.but([element]).is_free & (cost <= budget), budget)


class Anchors:
    """The flows that are known, those first that decided last."""

    def __init__(self, arena: Arena, goal: int) -> None:
        self.arena, self.goal = arena, goal
        self.margin = _ROUNDING * (arena.whole + 1)
        self._known: list[Anchor] = []

    def add(self, arcs: NDArray[np.int64], units: NDArray[np.int64]) -> Anchor:
        """Keep a flow that attacks must break; of many, one that has long decided nothing goes."""
        arena = self.arena
        layout = arena.layout
        flow = np.zeros(layout.arcs.size, dtype=np.int64)
        flow[np.searchsorted(layout.arcs, arcs)] = units
        slots, elements = arena.entering
        carried = np.zeros(arena.cost.size, dtype=np.int64)
        np.add.at(carried, elements, flow[slots])
        order = np.flatnonzero((carried > 0) & np.isfinite(arena.cost))
        order = order[np.argsort(-carried[order] / arena.cost[order], kind="stable")]
        value = int(units[arena.flow.tail[arcs] == arena.flow.source].sum())
        anchor = Anchor(value, arcs, units, carried, order)
        if value >= self.goal:  # else it tells nothing, and may not replace one that does
            self._known = [anchor, *self._known[: MOST_ANCHORS - 1]]
        return anchor

    def must_hit(
        self, removed: tuple[int, ...], is_free: NDArray[np.bool_], budget: float
    ) -> NDArray[np.int64] | None:
        """Return few elements of which every further attack removes one.

        `removed` is what is removed already, `is_free` what else may be, within what is left of the
        budget; elements that turn out to be in no attack are taken out of it. Empty where no attack
        is left; None where no known flow tells, which is so wherever what is removed is enough.
        """
        cost = self.arena.cost
        is_free &= cost <= budget
        few: NDArray[np.int64] | None = None
        for index, anchor in enumerate(self._known):
            missing = self._missing(anchor, removed)
            if missing <= 0:
                continue
            offer = self._offer(anchor, is_free)
            behind, least = offer.most_behind(budget), missing - self.margin
            # those without which the others cannot take enough
            first = offer.elements[: int(np.count_nonzero(behind >= least))]
            if first.size == 0:
                self._known.insert(0, self._known.pop(index))
                return first
            is_free &= anchor.carried + offer.most(budget - cost) >= least
            if few is None or first.size < few.size:
                few = first
        return few if few is None else few[is_free[few]]

    def ruled_out(self, rest: Rest) -> tuple[Anchor | None, dict[int, Anchor]]:
        """Return a flow of which no attack takes enough, and by element one of which none with it.

        None where no such flow is known. That an element is out rests on its flow alone, not on
        what else is out.
        """
        known, by = tuple(self._known), np.full(rest.is_free.size, -1)
        for index, anchor in enumerate(known):
            # what is taken is rounded up to whole units
            least = self._missing(anchor, rest.removed) - 1 - self.margin
            offer = self._offer(anchor, rest.is_free)
            if offer.most(np.array([rest.budget]))[0] < least:
                self._known.insert(0, self._known.pop(index))
                return anchor, {}
            most = anchor.carried + offer.most(rest.budget - self.arena.cost)
            by[rest.is_free & (by < 0) & (most < least)] = index
        return None, {n: known[by[n]] for n in np.flatnonzero(by >= 0).tolist()}

    def needed(self, anchor: Anchor, rest: Rest, out: Iterable[int]) -> list[int]:
        """Return of elements that are out those that keep a flow at the goal, or as high as all do.

        Others carry so little of it that attacks gain nothing by them.
        """
        without = rest.but(out)
        enough = min(self.goal, self.left(anchor, without))
        is_out = rest.is_free & ~without.is_free
        dear: list[int] = anchor.order[is_out[anchor.order]].tolist()
        return dear[
            : bisect_left(
                range(len(dear)), enough, key=lambda n: self.left(anchor, rest.but(dear[:n]))
            )
        ]

    def left(self, anchor: Anchor, rest: Rest) -> int:
        """Return what any attack leaves of a flow at least, in units."""
        carries = rest.is_free & (anchor.carried > 0)
        taken = dearest(anchor.carried[carries], self.arena.cost[carries], rest.budget)
        return max(0, anchor.value - int(anchor.carried[list(rest.removed)].sum()) - taken)

    def _missing(self, anchor: Anchor, removed: tuple[int, ...]) -> int:
        """Return what further attacks that leave less than the goal take from a flow at least."""
        return anchor.value - self.goal + 1 - int(anchor.carried[list(removed)].sum())

    def _offer(self, anchor: Anchor, is_free: NDArray[np.bool_]) -> _Offer:
        elements = anchor.order[is_free[anchor.order]]
        sums = [self.arena.cost[elements], anchor.carried[elements]]
        cost, carried = (np.concatenate([[0.0], np.cumsum(per_set)]) for per_set in sums)
        return _Offer(elements, cost, carried)
