"""A largest flow as a list of paths from source to sink."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.flow.units import to_float

__all__ = ["Path", "decompose"]


@dataclass(frozen=True, slots=True)
class Path:
    """One way through the network and what flows along it.

    Parameters
    ----------
    arcs : tuple of int
        The arcs in the order of travel.
    amount : float
        The flow along them, in the unit of the capacities.
    """

    arcs: tuple[int, ...]
    amount: float


class _Carried:
    """The arcs that carry flow, with what is left of it while paths are taken away."""

    def __init__(self, problem: FlowProblem, solution: FlowSolution) -> None:
        carrying = np.flatnonzero(solution.units > 0)
        ids = carrying.tolist()
        self.left: dict[int, int] = dict(zip(ids, solution.units[carrying].tolist(), strict=True))
        self.tail: dict[int, int] = dict(zip(ids, problem.tail[carrying].tolist(), strict=True))
        self.head: dict[int, int] = dict(zip(ids, problem.head[carrying].tolist(), strict=True))
        self.out: defaultdict[int, list[int]] = defaultdict(list)
        for arc in ids:
            self.out[self.tail[arc]].append(arc)

    def take(self, arcs: list[int]) -> int:
        """Take the largest possible amount off all the arcs and return it."""
        amount = min(self.left[arc] for arc in arcs)
        for arc in arcs:
            self.left[arc] -= amount
        return amount


def decompose(problem: FlowProblem, solution: FlowSolution) -> list[Path]:
    """Find along which paths the flow travels from source to sink.

    Flow in circles is removed, then the widest path is taken away again and again,
    which gives few and readable paths (Ahuja, Magnanti and Orlin, *Network Flows*,
    1993, section 3.5; the flow is the same, the paths are one way to read it).

    Parameters
    ----------
    problem : FlowProblem
        The problem.
    solution : FlowSolution
        Its solution by ``max_flow``.

    Returns
    -------
    list of Path
        At most one path for each arc, largest amount first, ties by arc numbers. The
        amounts add up to the solution's value.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem(
    ...     [0, 0, 1, 2], [1, 2, 3, 3], [1.0, 2.5, 4.0, 4.0], n_nodes=4, source=0, sink=3
    ... )
    >>> decompose(problem, max_flow(problem))
    [Path(arcs=(1, 3), amount=2.5), Path(arcs=(0, 2), amount=1.0)]
    """
    carried = _Carried(problem, solution)
    order = _cancel_circles(carried, problem.source)
    paths: list[tuple[int, tuple[int, ...]]] = []
    widest = _WidestPaths(carried, order)
    while path := widest.path_to(problem.sink):
        paths.append((-carried.take(path), tuple(path)))
        widest.update(path)
    return [Path(arcs, to_float(-amount, solution.scale)) for amount, arcs in sorted(paths)]


def _cancel_circles(carried: _Carried, source: int) -> list[int]:
    """Remove flow in circles; return the nodes behind the source in topological order.

    A depth-first walk: an arc back to a node on the walk closes a circle, which loses
    its smallest flow, and the walk resumes where the circle broke.
    """
    walk: list[int] = []  # arcs from the source to the node in hand
    on_walk, done, finished = {source}, set[int](), list[int]()
    next_arc: defaultdict[int, int] = defaultdict(int)
    node = source
    while True:
        arc = _next_arc(carried, node, next_arc, done)
        if arc is None:
            done.add(node)
            finished.append(node)
            if not walk:
                return finished[::-1]
            on_walk.remove(node)
            node = carried.tail[walk.pop()]
            next_arc[node] += 1
            continue
        walk.append(arc)
        node = carried.head[arc]
        if node in on_walk:
            start = next(i for i, step in enumerate(walk) if carried.tail[step] == node)
            carried.take(walk[start:])
            broken = next(i for i, step in enumerate(walk) if carried.left[step] == 0)
            on_walk.difference_update(carried.tail[step] for step in walk[broken + 1 :])
            node = carried.tail[walk[broken]]
            del walk[broken:]
        else:
            on_walk.add(node)


def _next_arc(carried: _Carried, node: int, next_arc: dict[int, int], done: set[int]) -> int | None:
    """Return the node's next arc with flow to a node that is not done, if any."""
    arcs = carried.out[node]
    position = next_arc[node]
    while position < len(arcs):
        arc = arcs[position]
        if carried.left[arc] and carried.head[arc] not in done:
            break
        position += 1
    next_arc[node] = position
    return arcs[position] if position < len(arcs) else None


class _WidestPaths:
    """For every node, the widest path from the source, kept up to date."""

    def __init__(self, carried: _Carried, order: list[int]) -> None:
        self.carried = carried
        self.order = order
        self.rank = {node: rank for rank, node in enumerate(order)}
        self.into: dict[int, list[int]] = {node: [] for node in order}
        for node in order:
            for arc in carried.out[node]:
                if carried.left[arc]:
                    self.into[carried.head[arc]].append(arc)
        self.width = {order[0]: sum(carried.left.values())}  # nothing limits the source
        self.arrival: dict[int, int] = {}
        for node in order[1:]:
            self._settle(node)

    def _settle(self, node: int) -> None:
        """Find the widest way into a node whose predecessors are settled."""
        left, tail, width = self.carried.left, self.carried.tail, self.width
        best, through = -1, 0
        for arc in self.into[node]:
            wide = min(left[arc], width[tail[arc]])
            if wide > through:
                best, through = arc, wide
        self.width[node], self.arrival[node] = through, best

    def path_to(self, node: int) -> list[int]:
        """Return the arcs of the widest path to a node, [] if nothing flows there."""
        path: list[int] = []
        while self.arrival.get(node, -1) >= 0:
            path.append(self.arrival[node])
            node = self.carried.tail[path[-1]]
        return path[::-1]

    def update(self, path: list[int]) -> None:
        """Settle again what a smaller flow on a path may have changed.

        Widths only shrink, so a node is touched only if its own way in is on the path
        or comes from a node whose width shrank.
        """
        carried = self.carried
        waiting = sorted(self.rank[carried.head[arc]] for arc in path)
        while waiting:
            node = self.order[heappop(waiting)]
            before = self.width[node]
            self._settle(node)
            if self.width[node] == before:
                continue
            for arc in carried.out[node]:
                if self.arrival.get(carried.head[arc]) == arc:
                    heappush(waiting, self.rank[carried.head[arc]])
