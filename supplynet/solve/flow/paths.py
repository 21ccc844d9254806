"""Routes from source to sink: a largest flow as a list of them, and how far they avoid each other.

The most routes that share no node are a largest flow with room for one unit in every node
(Menger, 1927). A node whose loss leaves one route fewer is in a smallest cut of that flow: if
there is only one such route, it is on every route; if there are two, all routes that avoid it
have another node in common.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from supplynet.arrays import Floats, Ints
from supplynet.errors import SolverInputError, UnboundedError
from supplynet.solve.flow.cuts import cut_structure
from supplynet.solve.flow.engines import FAST_FROM
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.flow.units import to_floats
from supplynet.solve.jit import is_compiled_available, jit
from supplynet.solve.loss.losses import node_losses


@dataclass(frozen=True, slots=True)
class Path:
    """One way through the network and what flows along it."""

    arcs: tuple[int, ...]  #: the arcs in the order of travel
    amount: float  #: the flow along them, in the unit of the capacities


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
    carrying = np.flatnonzero(solution.units > 0)
    tail, head = problem.tail[carrying], problem.head[carrying]
    is_large = carrying.size >= FAST_FROM and solution.units.dtype != object
    run = _compiled if is_large and is_compiled_available() else _plain
    by_tail = np.argsort(tail, kind="stable")
    left = solution.units[carrying[by_tail]]
    first = np.searchsorted(tail[by_tail], np.arange(problem.n_nodes + 1))
    rooms, order = run(_without_circles, problem.source, first, tail[by_tail], head[by_tail], left)
    # Nodes are numbered in topological order, and arcs by their tails: of ways that are as wide
    # the first is taken.
    rank = np.full(problem.n_nodes, -1)
    rank[order] = np.arange(len(order))
    if rank[problem.sink] < 0:
        return []
    kept = np.flatnonzero((np.array(rooms, left.dtype) > 0) & (rank[tail[by_tail]] >= 0))
    kept = kept[np.argsort(rank[tail[by_tail[kept]]], kind="stable")]
    arcs, left = by_tail[kept], np.array(rooms, left.dtype)[kept]
    tail, head = rank[tail[arcs]], rank[head[arcs]]
    bounds = (np.searchsorted(np.sort(end), np.arange(len(order) + 1)) for end in (tail, head))
    into = np.argsort(head, kind="stable")
    amounts, stops, steps = run(_widest, rank[problem.sink], *bounds, into, tail, head, left)
    ids = carrying[arcs[np.array(steps, np.int64)]].tolist()[::-1]
    ends = [len(ids) - stop for stop in (0, *stops)]
    values = to_floats(np.array(amounts, left.dtype), solution.scale).tolist()
    paths = [
        (-amount, tuple(ids[start:end]), value)
        for amount, value, start, end in zip(amounts, values, ends[1:], ends, strict=False)
    ]
    return [Path(steps, value) for _, steps, value in sorted(paths)]


def _plain(function: Callable[..., Any], *arrays: Any) -> Any:
    """Run a function on lists, which are faster than arrays where nothing is compiled."""
    return function(*(part.tolist() if isinstance(part, np.ndarray) else part for part in arrays))


def _compiled(function: Callable[..., Any], *arrays: Any) -> Any:
    """Run the machine code of a function, made at its first use."""
    if function not in _MACHINE_CODE:
        _MACHINE_CODE[function] = jit(function)
    return _MACHINE_CODE[function](*arrays)


_MACHINE_CODE: dict[Callable[..., Any], Callable[..., Any]] = {}


def _without_circles(source: int, first: Any, tail: Any, head: Any, left: Any) -> Any:
    """Remove flow in circles; return what is left, and the nodes in topological order.

    Nodes are those behind the source; the arcs of each begin at `first`. A depth-first walk: an arc
    back to a node on the walk closes a circle, which loses its smallest flow, and the walk resumes
    where the circle broke.
    """
    turn = [first[node] for node in range(len(first))]  # the arc of each node that is next
    state = [0] * len(first)  # 1 for nodes on the walk, 2 for those that are done
    walk, finished = [0][:0], [0][:0]  # arcs from the source to the node in hand
    node, state[source] = source, 1
    while True:
        arc, end = turn[node], first[node + 1]
        while arc < end and (left[arc] == 0 or state[head[arc]] == 2):
            arc += 1
        turn[node] = arc
        if arc == end:
            state[node] = 2
            finished.append(node)
            if not len(walk):
                return left, finished[::-1]
            node = tail[walk.pop()]
            turn[node] += 1
            continue
        walk.append(arc)
        node = head[arc]
        if state[node] != 1:
            state[node] = 1
            continue
        start = len(walk) - 1
        while tail[walk[start]] != node:
            start -= 1
        smallest = left[arc]
        for at in range(start, len(walk)):
            smallest = min(smallest, left[walk[at]])
        for at in range(start, len(walk)):
            left[walk[at]] -= smallest
        broken = start
        while left[walk[broken]] > 0:
            broken += 1
        while len(walk) > broken:
            node = tail[walk.pop()]
            state[node] = 0
        state[node] = 1


def _widest(
    sink: int, first: Any, first_into: Any, heap: Any, tail: Any, head: Any, left: Any
) -> Any:
    """Take the widest path from node 0 away again and again.

    Nodes are numbered so that arcs lead to higher ones. Returned are the amounts of the paths,
    where each ends in a list of arcs, and that list, each path from the sink on.

    Widths only shrink. So what was last seen of a way is at least what it is now: a way on top of
    its node's heap that has not shrunk is the widest of all, and the others need no look. And a
    node is looked at again only if its own way in is on the path, or comes from a node whose width
    shrank.
    """
    n, most = len(first) - 1, max(left)
    seen = [most] * len(left)
    width, arrival = [most] * n, [-1] * n
    size = [first_into[node + 1] - first_into[node] for node in range(n)]
    amounts, stops, steps = [most][:0], [0][:0], [0][:0]
    waiting = list(range(1, n))  # sorted, and so a heap
    while True:
        while len(waiting):
            node = heappop(waiting)
            base, n_ways, before = first_into[node], size[node], width[node]
            width[node], arrival[node] = 0, -1
            while n_ways:
                arc = moved = heap[base]
                wide = min(left[arc], width[tail[arc]])
                if wide and wide == seen[arc]:
                    width[node], arrival[node] = wide, arc
                    break
                seen[arc] = wide
                if not wide:
                    n_ways -= 1
                    moved = heap[base + n_ways]
                at, below = 0, 1
                while below < n_ways:  # the others move up
                    other = heap[base + below]
                    if below + 1 < n_ways:
                        beside = heap[base + below + 1]
                        if (-seen[beside], beside) < (-seen[other], other):
                            below, other = below + 1, beside
                    if (-seen[moved], moved) < (-seen[other], other):
                        break
                    heap[base + at] = other
                    at, below = below, 2 * below + 1
                heap[base + at] = moved
            size[node] = n_ways
            if width[node] != before:
                for arc in range(first[node], first[node + 1]):
                    if arrival[head[arc]] == arc:
                        heappush(waiting, head[arc])
        arc = arrival[sink]
        if arc < 0:
            return amounts, stops, steps
        amounts.append(width[sink])
        while arc >= 0:
            left[arc] -= width[sink]
            steps.append(arc)
            heappush(waiting, head[arc])
            arc = arrival[tail[arc]]
        stops.append(len(steps))


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
