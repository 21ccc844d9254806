"""All attacks that leave the least, each without a member that it does not need."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.interdiction.anchors import Anchors
from supplynet.solve.interdiction.arena import Arena
from supplynet.solve.interdiction.bound import Place, bound_at, most_promising

__all__ = ["WorstSets", "worst_sets"]

BOUNDS_A_SET = 200  # bounds after which to stop, for each set that was asked for
FEW = 4  # elements to take one after the other without a bound first


@dataclass(frozen=True, slots=True)
class WorstSets:
    """Attacks that leave the least.

    Parameters
    ----------
    sets : tuple of tuple of int
        Each sorted, none holds another; in order of their members.
    is_complete : bool
        Whether these are all.
    """

    sets: tuple[tuple[int, ...], ...]
    is_complete: bool


def worst_sets(
    arena: Arena, least: int, *, limit: int, time_limit: float | None = None
) -> WorstSets:
    """List the minimal attacks within the budget that leave no more than the least.

    Flows that are known tell of which elements one must be removed, see
    :mod:`supplynet.solve.interdiction.anchors`. Every attack either removes an element or spares
    it, so that each is met once; a part of the search ends where its bound lies above the least.

    Parameters
    ----------
    arena : Arena
    least : int
        What the best attack leaves, in units.
    limit : int
        Sets after which to stop.
    time_limit : float, optional
        Seconds.

    Returns
    -------
    WorstSets
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
    """A part of the list: attacks that hold what is removed and else only what is free.

    Parameters
    ----------
    removed : tuple of int
    is_free : ndarray of bool, shape (n_elements,)
    price : float
        Of the bound above it.
    """

    removed: tuple[int, ...]
    is_free: NDArray[np.bool_]
    price: float


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
