"""All attacks that leave the least, each without a member that it does not need.

A flow that is legal with nothing removed says something about every attack: one that leaves less
than a goal takes at least value(flow) - goal + 1 of what the flow carries. So of the elements that
carry much of it one must be removed, and elements that carry so little that the rest of the budget
cannot make up for it are part of no such attack. These are the cuts of Benders' method for the
program of Wood (1993, doi:10.1016/0895-7177(93)90236-R), used to choose what to branch on.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.interdiction.arena import Arena
from supplynet.solve.interdiction.bound import Place, bound_at, most_promising

__all__ = ["Anchors", "WorstSets", "worst_sets"]

BOUNDS_A_SET = 200  # bounds after which to stop, for each set that was asked for
FEW = 4  # elements to take one after the other without a bound first


@dataclass(frozen=True, slots=True)
class WorstSets:
    """Attacks that leave the least."""

    sets: tuple[tuple[int, ...], ...]  #: each sorted, none holds another; in order of their members
    is_complete: bool  #: whether these are all


def worst_sets(
    arena: Arena, least: int, *, limit: int, time_limit: float | None = None
) -> WorstSets:
    """List the minimal attacks within the budget that leave no more than the least.

    Flows that are known tell of which elements one must be removed, see
    :mod:`supplynet.solve.interdiction.sets`. Every attack either removes an element or spares
    it, so that each is met once; a part of the search ends where its bound lies above the least.

    Parameters
    ----------
    least : int
        What the best attack leaves, in units.
    limit : int
        Sets after which to stop.
    time_limit : float, optional
        Seconds.
    """
    search = _Listing(arena, least + arena.slack + 1, limit, time_limit)
    try:
        search.run()
        is_complete = search.is_complete
    except KeyboardInterrupt:
        is_complete = False
    return WorstSets(tuple(sorted(search.found)), is_complete)


@dataclass(slots=True, eq=False)
class _Part:
    """A part of the list: attacks that hold what is removed and else only what is free."""

    removed: tuple[int, ...]
    is_free: NDArray[np.bool_]  #: shape (n_elements,)
    price: float  #: of the bound above it


class _Listing:
    """The search for all attacks that leave less than a goal."""

    def __init__(self, arena: Arena, goal: int, limit: int, time_limit: float | None) -> None:
        self.arena, self.goal, self.limit = arena, goal, limit
        self.end = time.monotonic() + (float("inf") if time_limit is None else time_limit)
        self.anchors = Anchors(arena, goal)
        self.found: list[tuple[int, ...]] = []
        self.n_bounds = 0
        self.is_complete = True

    def run(self) -> None:
        """Fill the list."""
        parts = [_Part((), np.isfinite(self.arena.cost), 0.0)]
        while parts and self.is_complete:
            part = parts[-1]
            member = self.next_one(part)
            if member is None:
                parts.pop()
                continue
            part.is_free[member] = False
            removed = tuple(sorted((*part.removed, member)))
            parts.append(_Part(removed, part.is_free.copy(), part.price))
            self.is_complete &= time.monotonic() <= self.end

    def next_one(self, part: _Part) -> int | None:
        """Return an element to remove and afterwards to spare; None where the part is done."""
        few = self.must_hit(part)
        if few is None:
            sent = self.arena.send_without(part.removed)
            if sent.value < self.goal:
                self.keep(part.removed)
                return None
            self.anchors.add(*self.arena.on_arcs(sent.flow))
            few = self.must_hit(part)
        assert few is not None  # noqa: S101  a flow that avoids what is removed is known by now
        if few.size > FEW:
            return self.one_of_many(part)
        return int(few[0]) if few.size else None

    def must_hit(self, part: _Part) -> NDArray[np.int64] | None:
        """Return elements of which one must be removed, as far as known flows tell."""
        budget = self.arena.budget - float(self.arena.cost[list(part.removed)].sum())
        return self.anchors.must_hit(part.removed, part.is_free, budget)

    def one_of_many(self, part: _Part) -> int | None:
        """Return the element whose sparing proves most; None where a bound ends the part."""
        self.n_bounds += 1
        self.is_complete &= self.n_bounds <= BOUNDS_A_SET * (self.limit + 1)
        is_spared = np.isfinite(self.arena.cost) & ~part.is_free
        is_spared[list(part.removed)] = False
        subtree = Place(part.removed, tuple(np.flatnonzero(is_spared).tolist()))
        bound = bound_at(self.arena, subtree, goal=self.goal, price=part.price)
        part.price = bound.price
        self.anchors.add(bound.arcs, bound.units)
        few = self.must_hit(part)
        assert few is not None  # noqa: S101  a flow that told something may only give way to one
        wanted = bound.wanted[part.is_free[bound.wanted]]
        if few.size > FEW and wanted.size:
            return most_promising(self.arena, subtree, replace(bound, wanted=wanted))
        return int(few[0]) if few.size else None

    def keep(self, attack: tuple[int, ...]) -> None:
        """Add an attack to the list if it leaves more without any one of its members."""
        for member in attack:
            fewer = tuple(element for element in attack if element != member)
            if self.arena.left_by(fewer) < self.goal:
                return
        if len(self.found) == self.limit:
            self.is_complete = False
        else:
            self.found.append(attack)


MOST_ANCHORS = 32
# of the whole flow: sums are made of floats of 53 bits, and decide only beyond their rounding
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class _Anchor:
    """A flow."""

    over: int  #: what an attack must take from it at least, in units
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


class Anchors:
    """The flows that are known, those first that decided last.

    Parameters
    ----------
    goal : int
        Attacks that leave less than this, in units, are looked for.
    """

    def __init__(self, arena: Arena, goal: int) -> None:
        self.arena, self.goal = arena, goal
        self.margin = _ROUNDING * (arena.whole + 1)
        self._known: list[_Anchor] = []

    def add(self, arcs: NDArray[np.int64], units: NDArray[np.int64]) -> None:
        """Keep a flow that attacks must break; of many, one that has long decided nothing goes.

        Parameters
        ----------
        arcs, units : ndarray of int64
            As in a :class:`~supplynet.solve.interdiction.bound.Bound`.
        """
        arena = self.arena
        layout, source = arena.layout, arena.flow.source
        over = int(units[arena.flow.tail[arcs] == source].sum()) - self.goal + 1
        if over <= 0:  # it tells nothing, and may not replace one that does
            return
        flow = np.zeros(layout.arcs.size, dtype=np.int64)
        flow[np.searchsorted(layout.arcs, arcs)] = units
        slots, elements = arena.entering
        carried = np.zeros(arena.cost.size, dtype=np.int64)
        np.add.at(carried, elements, flow[slots])
        order = np.flatnonzero((carried > 0) & np.isfinite(arena.cost))
        order = order[np.argsort(-carried[order] / arena.cost[order], kind="stable")]
        self._known = [_Anchor(over, carried, order), *self._known[: MOST_ANCHORS - 1]]

    def must_hit(
        self, removed: tuple[int, ...], is_free: NDArray[np.bool_], budget: float
    ) -> NDArray[np.int64] | None:
        """Return few elements of which every further attack removes one.

        Parameters
        ----------
        removed : tuple of int
            What is removed already.
        is_free : ndarray of bool, shape (n_elements,)
            What else may be; elements that turn out to be in no attack are taken out.
        budget : float
            What is left for them.

        Returns
        -------
        ndarray of int64 or None
            Empty where no attack is left; None where no known flow tells, which is so wherever
            what is removed is enough.
        """
        cost = self.arena.cost
        is_free &= cost <= budget
        few: NDArray[np.int64] | None = None
        for index, anchor in enumerate(self._known):
            missing = anchor.over - int(anchor.carried[list(removed)].sum())
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

    def _offer(self, anchor: _Anchor, is_free: NDArray[np.bool_]) -> _Offer:
        elements = anchor.order[is_free[anchor.order]]
        sums = [self.arena.cost[elements], anchor.carried[elements]]
        cost, carried = (np.concatenate([[0.0], np.cumsum(per_set)]) for per_set in sums)
        return _Offer(elements, cost, carried)
