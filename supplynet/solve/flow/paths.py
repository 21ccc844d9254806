"""Routes from source to sink: a largest flow as a list of them, and how far they avoid each other.

The most routes that share no node are a largest flow with room for one unit in every node
(Menger, 1927). A node whose loss leaves one route fewer is in a smallest cut of that flow: if
there is only one such route, it is on every route; if there are two, all routes that avoid it
have another node in common.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from heapq import heapify, heappop, heappush, heapreplace

import numpy as np
from numpy.typing import ArrayLike

from supplynet.arrays import Floats, Ints
from supplynet.errors import SolverInputError, UnboundedError
from supplynet.solve.flow.cuts import cut_structure
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.flow.units import to_float
from supplynet.solve.loss.losses import node_losses


@dataclass(frozen=True, slots=True)
class Path:
    """One way through the network and what flows along it."""

    arcs: tuple[int, ...]  #: the arcs in the order of travel
    amount: float  #: the flow along them, in the unit of the capacities


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
        self.width = {order[0]: sum(carried.left.values())}  # nothing limits the source
        self.arrival: dict[int, int] = {}
        # for each node a heap of its ways in: minus the width that was last seen, number, arc
        self.into: dict[int, list[tuple[int, int, int]]] = {node: [] for node in order}
        for node in order:
            if node != order[0]:
                heapify(self.into[node])
                self._settle(node)
            for arc in carried.out[node]:
                if carried.left[arc]:
                    routes = self.into[carried.head[arc]]
                    routes.append((-min(carried.left[arc], self.width[node]), len(routes), arc))

    def _settle(self, node: int) -> None:
        """Find the widest way into a node whose predecessors are settled, the first of several."""
        left, tail, width = self.carried.left, self.carried.tail, self.width
        routes = self.into[node]
        # Widths only shrink, so that what was last seen of a way is at least what it is now: a way
        # on top that has not shrunk is the widest of all, and the others need no look.
        while routes:
            seen, index, arc = routes[0]
            wide = min(left[arc], width[tail[arc]])
            if not wide:
                heappop(routes)
            elif wide == -seen:
                self.width[node], self.arrival[node] = wide, arc
                return
            else:
                heapreplace(routes, (-wide, index, arc))
        self.width[node], self.arrival[node] = 0, -1

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


@dataclass(frozen=True, slots=True, eq=False)
class DisjointRoutes:
    """How far routes from source to sink can avoid each other."""

    #: the most routes that share no candidate; None if a route passes none at all, so that nothing
    #: limits their number
    n_routes: int | None
    unavoidable: Ints  #: candidates that every route passes, ascending
    #: candidates whose loss makes another one unavoidable, where no candidate is unavoidable yet,
    #: ascending
    nearly_unavoidable: Ints
    #: the flow of one unit a route, with its problem; None where nothing limits it
    flow: tuple[FlowProblem, FlowSolution] | None

    def __post_init__(self) -> None:
        for array in (self.unavoidable, self.nearly_unavoidable):
            array.setflags(write=False)


def disjoint_routes(problem: FlowProblem, *, candidates: ArrayLike | None = None) -> DisjointRoutes:
    """Find which nodes no route can avoid; capacities matter only in being positive.

    Parameters
    ----------
    problem : FlowProblem
        The problem.
    candidates : array_like of int, optional
        The nodes that count; all but source and sink by default. Routes may share all others.

    Raises
    ------
    SolverInputError
        If a candidate is no node, or source or sink.

    Examples
    --------
    >>> problem = FlowProblem(
    ...     [0, 1, 1, 2, 3], [1, 2, 3, 4, 4], [9.0] * 5, n_nodes=5, source=0, sink=4
    ... )
    >>> disjoint_routes(problem).unavoidable.tolist()
    [1]
    >>> found = disjoint_routes(problem, candidates=[2, 3])
    >>> found.n_routes, found.nearly_unavoidable.tolist()
    (2, [2, 3])
    """
    counts = np.ones(problem.n_nodes, dtype=np.bool_)
    if candidates is not None:
        selection = _nodes(problem, candidates)
        counts[:] = False
        counts[selection] = True
    counts[[problem.source, problem.sink]] = False
    # Menger: with capacity 1 at each node that counts, the largest flow is the number of routes
    # that share none of them.
    limits = np.where(counts, 1.0, np.inf)
    if problem.node_capacity is not None:
        limits[problem.node_capacity == 0.0] = 0.0
    routes = FlowProblem(
        problem.tail,
        problem.head,
        np.where(problem.capacity > 0.0, np.inf, 0.0),
        problem.n_nodes,
        problem.source,
        problem.sink,
        limits,
    )
    none = np.empty(0, dtype=np.int64)
    try:
        solution = max_flow(routes)
    except UnboundedError:
        return DisjointRoutes(None, none, none, None)
    flow = routes, solution
    n_routes = solution.value_units // int(solution.scale)
    # With one route its cut nodes are those that no route avoids. With two, losing a node of a cut
    # leaves one route only: these are nearly unavoidable.
    if n_routes not in (1, 2):
        return DisjointRoutes(n_routes, none, none, flow)
    critical = cut_structure(routes, solution, limit=1).in_some.nodes
    if n_routes == 1:
        return DisjointRoutes(1, critical, none, flow)
    return DisjointRoutes(2, none, critical, flow)


def slack(problem: FlowProblem, solution: FlowSolution, nodes: ArrayLike) -> Floats:
    """Return how much could be lost elsewhere before nodes become bottlenecks.

    The smallest cut that holds a node is the node and a smallest cut of what is left without it.
    Its capacity, less the flow, is the node's capacity less what its loss costs.

    Parameters
    ----------
    problem : FlowProblem
        The problem.
    solution : FlowSolution
        Its solution by ``max_flow``.
    nodes : array_like of int, shape (k,)
        Distinct, none of them source or sink.

    Returns
    -------
    ndarray of float, shape (k,)
        The capacity of the smallest cut that holds the node, less the flow, in the unit of the
        capacities: 0 for a bottleneck; inf for a node without a limit of its own.

    Raises
    ------
    SolverInputError
        If a node is no node, or source or sink.

    Examples
    --------
    >>> problem = FlowProblem(
    ...     [0, 1], [1, 2], [3.0, 2.0], 3, source=0, sink=2, node_capacity=[np.inf, 5.0, np.inf]
    ... )
    >>> slack(problem, max_flow(problem), [1]).tolist()
    [3.0]
    """
    selection = _nodes(problem, nodes)
    limits = np.full(problem.n_nodes, np.inf)
    if problem.node_capacity is not None:
        limits = problem.node_capacity
    losses = node_losses(problem, solution, nodes=selection)
    cost = np.zeros(problem.n_nodes)
    cost[losses.ids] = losses.loss
    return np.maximum(limits[selection] - cost[selection], 0.0)


def _nodes(problem: FlowProblem, values: ArrayLike) -> Ints:
    """Return numbers of nodes that are neither source nor sink, or say which is wrong."""
    array = np.asarray(values)
    if array.size == 0:
        return np.empty(0, dtype=np.int64)
    if array.dtype.kind not in "iu" or array.min() < 0 or array.max() >= problem.n_nodes:
        raise SolverInputError(f"nodes are whole numbers from 0 to {problem.n_nodes - 1}")
    if np.isin(array, [problem.source, problem.sink]).any():
        raise SolverInputError("source and sink are on every route: they are no candidates")
    return array.astype(np.int64)
