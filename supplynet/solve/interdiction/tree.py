"""Branch and bound over what is removed and what is spared, with a record that proves it."""

from __future__ import annotations

import heapq
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.interdiction.anchors import Anchor, Anchors, Rest
from supplynet.solve.interdiction.arena import Arena
from supplynet.solve.interdiction.bound import Bound, Place, bound_at

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


class _Open(NamedTuple):
    """A part that is open: that with the lowest bound is first in order."""

    value: int  #: what any attack in it leaves at least, in units
    height: int
    number: int
    decisions: tuple[Decision, ...]
    bound: Bound
    goal: int  #: what was good enough when it was opened
    leaves: list[Leaf]  #: what it is unless it is split


class _Search:
    """The open parts, the one with the lowest bound first."""

    def __init__(self, arena: Arena, known: Iterable[tuple[int, ...]]) -> None:
        self.arena = arena
        self.tree = Tree((), arena.whole)
        self.tried: set[tuple[int, ...]] = {()}
        self.heap: list[_Open] = []
        self.anchors = Anchors(arena, arena.whole)
        for attack in known:
            self.try_attack(attack)

    @property
    def goal(self) -> int:
        """The bound from which on a part holds nothing better than the best attack so far."""
        return self.arena.goal(self.tree.value)

    def try_attack(self, attack: tuple[int, ...]) -> None:
        """Find what an attack leaves, and keep the best."""
        if attack in self.tried:
            return
        self.tried.add(attack)
        value = self.arena.left_by(attack)
        if value < self.tree.value:
            self.tree.best, self.tree.value = attack, value

    def open(self, decisions: tuple[Decision, ...], price: float) -> None:
        """Bound a part of the search; close it or keep it for later.

        Flows that are known tell of elements that no attack here holds that leaves less than the
        goal: the bound need not spread itself thin over them.
        """
        anchors = self.anchors
        goal = anchors.goal = self.goal
        rest = self.rest_of(decisions)
        closing, out = None, dict[int, Anchor]()
        if self.arena.is_single:  # what several slots carry is not spread
            closing, out = anchors.ruled_out(rest)
        if closing is not None:
            self.tree.leaves.append(self.leaf(decisions, closing, rest))
            return
        place = place_of(decisions)
        place = replace(place, spared=(*place.spared, *out))
        bound = bound_at(self.arena, place, goal=goal, price=price)
        leaves = self.leaves(decisions, rest, anchors.add(bound.arcs, bound.units), out)
        for attack, most in bound.attacks:
            if most < self.tree.value:
                self.try_attack(attack)
        order = leaves[-1].bound, -len(decisions), self.tree.n_nodes
        heapq.heappush(self.heap, _Open(*order, decisions, bound, goal, leaves))

    def rest_of(self, decisions: tuple[Decision, ...]) -> Rest:
        """Return what may be removed in a part."""
        place, cost = place_of(decisions), self.arena.cost
        budget = self.arena.budget - float(cost[list(place.removed)].sum())
        return Rest(place.removed, cost <= budget, budget).but((*place.removed, *place.spared))

    def leaf(self, decisions: tuple[Decision, ...], anchor: Anchor, rest: Rest) -> Leaf:
        """Return a part with the flow that closes it."""
        return Leaf(decisions, self.anchors.left(anchor, rest), anchor.arcs, anchor.units)

    def leaves(
        self,
        decisions: tuple[Decision, ...],
        rest: Rest,
        anchor: Anchor,
        out: Mapping[int, Anchor],
    ) -> list[Leaf]:
        """Return a part with its flow, behind one for each element that it takes to be out."""
        leaves = []
        for element in self.anchors.needed(anchor, rest, out):
            way = (*decisions, (element, True))
            leaves.append(self.leaf(way, out[element], rest.taking(element, self.arena.cost)))
            decisions, rest = (*decisions, (element, False)), rest.but([element])
        return [*leaves, self.leaf(decisions, anchor, rest)]

    def is_stale(self, part: _Open) -> bool:
        """Tell whether the best has improved since, so that the part is worth another bound."""
        is_near = part.value >= self.goal - self.arena.close
        return self.goal < part.goal and (self.arena.is_single or is_near)

    def split(self, part: _Open) -> None:
        """Decide one more element both ways.

        There is one: with none left to decide, the bound is what the best attack leaves at most.
        """
        *closed, rest = part.leaves
        self.tree.leaves += closed
        element = int(part.bound.wanted[-1])
        for is_removed in (True, False):
            self.tree.n_nodes += 1
            self.open((*rest.decisions, (element, is_removed)), part.bound.price)


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
    now: _Open | None = None
    try:
        tree.n_nodes += 1
        search.open((), 0.0)
        while search.heap:
            now = heapq.heappop(search.heap)
            is_closed = now.value >= search.goal
            if not is_closed and time.monotonic() > end:
                tree.status = "time limit"
                break
            if is_closed:
                tree.leaves += now.leaves
            elif search.is_stale(now):
                search.open(now.decisions, now.bound.price)
            else:
                search.split(now)
            now = None
    except KeyboardInterrupt:
        tree.status = "interrupted"
    _keep_open_parts(search, now)
    return tree


def _keep_open_parts(search: _Search, now: _Open | None) -> None:
    """Add the parts that an interrupted search left open to the leaves."""
    tree, entries = search.tree, search.heap
    if now is not None:
        done = now.decisions
        # Ctrl-C may have come between the pieces of a part
        entries = [part for part in entries if part.decisions[: len(done)] != done] + [now]
        tree.leaves = [leaf for leaf in tree.leaves if leaf.decisions[: len(done)] != done]
    tree.leaves += [leaf for part in entries for leaf in part.leaves]
    if not tree.leaves:
        nothing = np.empty(0, dtype=np.int64)
        tree.leaves.append(Leaf((), 0, nothing, nothing))
