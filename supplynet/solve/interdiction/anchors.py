"""Flows that any attack as bad as the worst must break, kept while all such attacks are listed.

A flow that is legal with nothing removed says something about every attack: one that leaves less
than a goal takes at least value(flow) - goal + 1 of what the flow carries. So of the elements that
carry much of it one must be removed, and elements that carry so little that the rest of the budget
cannot make up for it are part of no such attack. These are the cuts of Benders' method for the
program of Wood (1993, doi:10.1016/0895-7177(93)90236-R), used to choose what to branch on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.interdiction.arena import Arena

__all__ = ["Anchors"]

MOST_ANCHORS = 32
# of the whole flow: sums are made of floats of 53 bits, and decide only beyond their rounding
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class _Anchor:
    """A flow.

    Parameters
    ----------
    over : int
        What an attack must take from it at least, in units.
    carried : ndarray of int64, shape (n_elements,)
        At most how much of it touches each element.
    order : ndarray of int64
        The elements that carry some of it and can be removed, dearest first.
    """

    over: int
    carried: NDArray[np.int64]
    order: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _Offer:
    """What elements that may be removed carry of a flow: the dearest first, added up.

    Parameters
    ----------
    elements : ndarray of int64, shape (n,)
    cost, carried : ndarray of float, shape (n + 1,)
        Sums over the first elements.
    """

    elements: NDArray[np.int64]
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
    arena : Arena
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
