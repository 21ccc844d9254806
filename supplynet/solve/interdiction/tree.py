"""Branch and bound over what is removed and what is spared, with a record that proves it."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.interdiction.arena import Arena
from supplynet.solve.interdiction.bound import Bound, Place, bound_at, most_promising

__all__ = ["Decision", "Leaf", "Status", "Tree", "grow"]

Status = Literal["optimal", "time limit", "interrupted"]

Decision = tuple[int, bool]
"""An element, and whether it is removed (or spared)."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A part of the search that holds nothing better than what was found."""

    decisions: tuple[Decision, ...]  #: the way to it from the root
    bound: int  #: what any attack in it leaves at least, in units
    #: arcs, units: the flow that proves it: the arcs that carry, and how much
    arcs: NDArray[np.int64]
    units: NDArray[np.int64]

    @property
    def place(self) -> Place:
        """The part of the search."""
        return place_of(self.decisions)


@dataclass(eq=False)
class Tree:
    """What a search found and what is left of it."""

    best: tuple[int, ...]  #: the elements of the best attack so far
    value: int  #: what it leaves, in units
    #: parts that are closed; with the open ones they make the whole
    leaves: list[Leaf] = field(default_factory=list)
    n_nodes: int = 0  #: parts that were looked at
    status: Status = "optimal"

    @property
    def bound(self) -> int:
        """What any attack leaves at least, in units."""
        return min((leaf.bound for leaf in self.leaves), default=0)


def place_of(decisions: tuple[Decision, ...]) -> Place:
    """Return the part of the search that decisions lead to."""
    return Place(
        tuple(sorted(element for element, is_removed in decisions if is_removed)),
        tuple(sorted(element for element, is_removed in decisions if not is_removed)),
    )


class _Search:
    """The open parts, the one with the lowest bound first."""

    def __init__(self, arena: Arena, known: Iterable[tuple[int, ...]]) -> None:
        self.arena = arena
        self.tree = Tree((), arena.whole)
        self.tried: set[tuple[int, ...]] = {()}
        self.heap: list[tuple[int, int, int, tuple[Decision, ...], Bound]] = []
        for attack in known:
            self.try_attack(attack)

    def try_attack(self, attack: tuple[int, ...]) -> None:
        """Find what an attack leaves, and keep the best."""
        if attack in self.tried:
            return
        self.tried.add(attack)
        value = self.arena.left_by(attack)
        if value < self.tree.value:
            self.tree.best, self.tree.value = attack, value

    def open(self, decisions: tuple[Decision, ...], parent: Bound | None) -> None:
        """Bound a part of the search; close it or keep it for later."""
        tree = self.tree
        tree.n_nodes += 1
        goal = self.arena.goal(tree.value)
        price = 0.0 if parent is None else parent.price
        bound = bound_at(self.arena, place_of(decisions), goal=goal, price=price)
        for attack, most in bound.attacks:
            if most < tree.value:
                self.try_attack(attack)
        heapq.heappush(self.heap, (bound.value, -len(decisions), tree.n_nodes, decisions, bound))

    def split(self, decisions: tuple[Decision, ...], found: Bound) -> None:
        """Decide one more element both ways.

        There is one: with none left to decide, the bound is what the best attack leaves at most.
        """
        element = most_promising(self.arena, place_of(decisions), found)
        for is_removed in (True, False):
            self.open((*decisions, (element, is_removed)), found)


def grow(
    arena: Arena, *, known: Iterable[tuple[int, ...]] = (), time_limit: float | None = None
) -> Tree:
    """Search for the attack within the budget that leaves the least.

    The part with the lowest bound is split at the element that its best price does not settle;
    parts whose bound reaches what the best attack leaves are closed (Land and Doig, 1960). The
    search begins with `known` attacks. The best attack and its bound are returned also where the
    time limit (seconds) or Ctrl-C ended it.
    """
    end = time.monotonic() + (float("inf") if time_limit is None else time_limit)
    search = _Search(arena, known)
    tree = search.tree
    now: tuple[int, int, int, tuple[Decision, ...], Bound] | None = None
    try:
        search.open((), None)
        while search.heap:
            now = heapq.heappop(search.heap)
            value, _, _, decisions, bound = now
            goal = arena.goal(tree.value)
            if goal - arena.close <= value < goal:  # the best has come nearer since it was opened
                bound = bound_at(arena, place_of(decisions), goal=goal, price=bound.price)
                value = bound.value
            is_closed = value >= goal
            if not is_closed and time.monotonic() > end:
                tree.status = "time limit"
                break
            if is_closed:
                tree.leaves.append(Leaf(decisions, value, bound.arcs, bound.units))
            else:
                search.split(decisions, bound)
            now = None
    except KeyboardInterrupt:
        tree.status = "interrupted"
    _keep_open_parts(search, now)
    return tree


def _keep_open_parts(
    search: _Search, now: tuple[int, int, int, tuple[Decision, ...], Bound] | None
) -> None:
    """Add the parts that an interrupted search left open to the leaves."""
    entries = list(search.heap)
    if now is not None:
        done = now[3]
        # Ctrl-C may have come between the two pieces of a part
        entries = [entry for entry in entries if entry[3][: len(done)] != done] + [now]
    tree = search.tree
    tree.leaves += [
        Leaf(decisions, value, bound.arcs, bound.units) for value, _, _, decisions, bound in entries
    ]
    if not tree.leaves:
        nothing = np.empty(0, dtype=np.int64)
        tree.leaves.append(Leaf((), 0, nothing, nothing))
