"""The removals within a budget that make the shortest way longest."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from supplynet.errors import SolverInputError

__all__ = ["PathAttack", "longest_shortest_path"]

_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class PathAttack:
    """Removals after which the shortest way is as long as it can be made."""

    removed: tuple[int, ...]  #: the arcs of one best attack
    length: float  #: the shortest way without them; ``inf`` where the end cannot be reached
    way: tuple[int, ...]  #: the arcs of that way
    n_nodes: int  #: sets of removals that were looked at


def longest_shortest_path(
    tail: ArrayLike,
    head: ArrayLike,
    length: ArrayLike,
    n_nodes: int,
    source: int,
    sink: int,
    *,
    budget: float,
    cost: ArrayLike | None = None,
) -> PathAttack:
    """Find the arcs whose removal makes the shortest way from source to sink longest.

    A better attack must remove an arc of every way that is no longer than the best so far: the
    search removes one arc of the present shortest way after the other, spares those tried, and
    gives a part up where more ways that share no removable arc are left than the budget can cut.

    Parameters
    ----------
    tail, head : array_like of int, shape (m,)
    length : array_like of float, shape (m,)
        At least 0.
    cost : array_like of float, shape (m,), optional
        Above 0; by default 1 each. ``inf`` where an arc cannot be removed.

    Returns
    -------
    PathAttack
        The optimum; the search is exact.

    Raises
    ------
    SolverInputError
        If the arrays do not describe such a problem.

    Notes
    -----
    Israeli and Wood, *Shortest-path network interdiction*, 2002, doi:10.1002/net.10039, for the
    problem; ways that must all be cut bound it.

    Examples
    --------
    >>> found = longest_shortest_path([0, 0, 1], [1, 2, 2], [1.0, 5.0, 1.0], 3, 0, 2, budget=1)
    >>> found.length, found.removed
    (5.0, (0,))
    """
    search = _Search(tail, head, length, n_nodes, source, sink, budget, cost)
    search.run(frozenset(), frozenset())
    way, reached = search.way(search.best)
    return PathAttack(tuple(sorted(search.best)), reached, way, search.n_nodes)


@dataclass
class _Search:
    """The arrays, the best attack so far, and the way to a better one."""

    tail: ArrayLike
    head: ArrayLike
    length: ArrayLike
    n_vertices: int
    source: int
    sink: int
    budget: float
    cost: ArrayLike | None
    best: frozenset[int] = frozenset()
    longest: float = -1.0
    n_nodes: int = 0
    _out: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self.ends = _numbers(self.head, "head", np.int64).tolist()
        starts = _numbers(self.tail, "tail", np.int64).tolist()
        self.lengths = _numbers(self.length, "length", np.float64).tolist()
        costs = np.ones(len(self.ends)) if self.cost is None else self.cost
        self.costs = _numbers(costs, "cost", np.float64).tolist()
        if not len(starts) == len(self.ends) == len(self.lengths) == len(self.costs):
            raise SolverInputError("tail, head, length and cost must have one entry for each arc")
        if any(vertex < 0 or vertex >= self.n_vertices for vertex in (*starts, *self.ends)):
            raise SolverInputError(f"an end of an arc lies outside 0 ... {self.n_vertices - 1}")
        if not all(length >= 0 for length in self.lengths) or not all(
            cost > 0 for cost in self.costs
        ):
            raise SolverInputError("a length must be at least 0 and a cost above 0")
        if not 0 <= self.budget < math.inf:
            raise SolverInputError(f"budget must be a number from 0 on, not {self.budget!r}")
        if not (0 <= self.source < self.n_vertices and 0 <= self.sink < self.n_vertices):
            raise SolverInputError(f"source or sink lies outside 0 ... {self.n_vertices - 1}")
        self._out = [[] for _ in range(self.n_vertices)]
        for arc, start in enumerate(starts):
            self._out[start].append(arc)

    def spent(self, removed: frozenset[int]) -> float:
        """Return what removals cost."""
        return math.fsum(self.costs[edge] for edge in removed)

    def way(self, gone: frozenset[int]) -> tuple[tuple[int, ...], float]:
        """Return the shortest way without some arcs, and its length (Dijkstra, 1959)."""
        reached = {self.source: 0.0}
        arrival: dict[int, tuple[int, int]] = {}
        waiting = [(0.0, self.source)]
        done: set[int] = set()
        while waiting:
            so_far, node = heapq.heappop(waiting)
            if node == self.sink:
                return _back(arrival, self.source, node), so_far
            if node in done:
                continue
            done.add(node)
            for arc in self._out[node]:
                end, total = self.ends[arc], so_far + self.lengths[arc]
                if arc not in gone and total < reached.get(end, math.inf):
                    reached[end] = total
                    arrival[end] = (arc, node)
                    heapq.heappush(waiting, (total, end))
        return (), math.inf

    def run(self, removed: frozenset[int], spared: frozenset[int]) -> None:
        """Look for better attacks that hold what is removed and nothing spared."""
        self.n_nodes += 1
        way, reached = self.way(removed)
        if reached > self.longest:
            self.best, self.longest = removed, reached
        left = self.budget * (1 + _SLACK) - self.spent(removed)
        choices = self._choices(way, spared, left)
        if math.isinf(reached) or not choices or self._is_hopeless(removed, spared, left):
            return
        # one arc of the shortest way must go; the parts differ in the first of them that does
        for arc in choices:
            self.run(removed | {arc}, spared)
            spared = spared | {arc}

    def _choices(self, way: Sequence[int], spared: frozenset[int], left: float) -> list[int]:
        return [arc for arc in way if arc not in spared and self.costs[arc] <= left]

    def _is_hopeless(self, removed: frozenset[int], spared: frozenset[int], left: float) -> bool:
        """Whether more ways must be cut for a longer one than the budget allows.

        Ways are set aside one after the other; they share no arc that can be removed.
        """
        gone = removed
        while True:
            way, reached = self.way(gone)
            if reached > self.longest:
                return False
            choices = self._choices(way, spared, left)
            if not choices:
                return True
            left -= min(self.costs[arc] for arc in choices)
            gone = gone | set(self._choices(way, spared, self.budget * (1 + _SLACK)))


def _back(arrival: dict[int, tuple[int, int]], source: int, node: int) -> tuple[int, ...]:
    """Return the arcs from the source to a node."""
    arcs = []
    while node != source:
        arc, node = arrival[node]
        arcs.append(arc)
    return tuple(reversed(arcs))


def _numbers(values: ArrayLike, name: str, kind: type) -> NDArray[np.generic]:
    """Return a one-dimensional array of numbers."""
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iuf"):
        raise SolverInputError(f"{name} must be a list of numbers")
    if array.size and kind is np.int64 and array.dtype.kind == "f":
        raise SolverInputError(f"{name} must hold whole numbers")
    return array.astype(kind)
