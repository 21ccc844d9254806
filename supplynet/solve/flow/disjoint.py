"""Nodes that every route passes, and how many routes share none.

The most routes that share no node are a largest flow with room for one unit in every node
(Menger, 1927). A node whose loss leaves one route fewer is in a smallest cut of that flow: if
there is only one such route, it is on every route; if there are two, all routes that avoid it
have another node in common.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from supplynet.errors import SolverInputError, UnboundedError
from supplynet.solve.flow.cuts import cut_structure
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.loss.losses import node_losses

__all__ = ["DisjointRoutes", "disjoint_routes", "slack"]


@dataclass(frozen=True, slots=True, eq=False)
class DisjointRoutes:
    """How far routes from source to sink can avoid each other.

    Parameters
    ----------
    n_routes : int or None
        The most routes that share no candidate; None if a route passes none at all, so that
        nothing limits their number.
    unavoidable : ndarray of int64
        Candidates that every route passes, ascending.
    nearly_unavoidable : ndarray of int64
        Candidates whose loss makes another one unavoidable, where no candidate is unavoidable
        yet, ascending.
    """

    n_routes: int | None
    unavoidable: NDArray[np.int64]
    nearly_unavoidable: NDArray[np.int64]

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

    Returns
    -------
    DisjointRoutes

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
        chosen = _nodes(problem, candidates)
        counts[:] = False
        counts[chosen] = True
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
        return DisjointRoutes(None, none, none)
    n_routes = solution.value_units // int(solution.scale)
    # With one route its cut nodes are those that no route avoids. With two, losing a node of a cut
    # leaves one route only: these are nearly unavoidable.
    if n_routes not in (1, 2):
        return DisjointRoutes(n_routes, none, none)
    critical = cut_structure(routes, solution, limit=1).in_some.nodes
    if n_routes == 1:
        return DisjointRoutes(1, critical, none)
    return DisjointRoutes(2, none, critical)


def slack(problem: FlowProblem, solution: FlowSolution, nodes: ArrayLike) -> NDArray[np.float64]:
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
    chosen = _nodes(problem, nodes)
    limits = np.full(problem.n_nodes, np.inf)
    if problem.node_capacity is not None:
        limits = problem.node_capacity
    losses = node_losses(problem, solution, nodes=chosen)
    cost = np.zeros(problem.n_nodes)
    cost[losses.ids] = losses.loss
    return np.maximum(limits[chosen] - cost[chosen], 0.0)


def _nodes(problem: FlowProblem, values: ArrayLike) -> NDArray[np.int64]:
    """Return numbers of nodes that are neither source nor sink, or say which is wrong."""
    array = np.asarray(values)
    if array.size == 0:
        return np.empty(0, dtype=np.int64)
    if array.dtype.kind not in "iu" or array.min() < 0 or array.max() >= problem.n_nodes:
        raise SolverInputError(f"nodes are whole numbers from 0 to {problem.n_nodes - 1}")
    if np.isin(array, [problem.source, problem.sink]).any():
        raise SolverInputError("source and sink are on every route: they are no candidates")
    return array.astype(np.int64)
