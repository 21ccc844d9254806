"""What can still be reached when a flow has used up part of the capacities."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array  # type: ignore[import-untyped, unused-ignore]
from scipy.sparse.csgraph import (  # type: ignore[import-untyped, unused-ignore]
    breadth_first_order,
)

from supplynet.solve.flow.layout import Layout, Pattern, layout_of
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.flow.units import to_units

__all__ = ["reachable", "reaching", "residual_of", "slot_units_of"]


def reachable(layout: Pattern, is_open: NDArray[np.bool_], start: int) -> NDArray[np.bool_]:
    """Find which engine nodes can be reached through the open entries.

    Parameters
    ----------
    layout : Pattern
        The pattern of entries.
    is_open : ndarray of bool, shape (e,)
        The entries that may be used.
    start : int
        The engine node to start from.

    Returns
    -------
    ndarray of bool, shape (n,)
        True for the start and what it reaches.

    Examples
    --------
    >>> problem = FlowProblem([0, 1], [1, 2], [1.0, 1.0], n_nodes=3, source=0, sink=2)
    >>> layout = layout_of(problem)
    >>> reachable(layout, layout.rows == 0, start=0).tolist()
    [True, True, False]
    """
    ends = np.concatenate([[0], np.cumsum(is_open)])[layout.indptr]
    graph = csr_array(
        (np.ones(int(ends[-1])), layout.cols[is_open], ends.astype(np.int32)),
        shape=(layout.n, layout.n),
    )
    reached = np.zeros(layout.n, dtype=np.bool_)
    reached[breadth_first_order(graph, start, return_predecessors=False)] = True
    return reached


def reaching(layout: Layout, is_open: NDArray[np.bool_], end: int) -> NDArray[np.bool_]:
    """Find from which engine nodes the end can be reached through the open entries.

    Parameters
    ----------
    layout : Layout
        The pattern of entries.
    is_open : ndarray of bool, shape (e,)
        The entries that may be used.
    end : int
        The engine node to arrive at.

    Returns
    -------
    ndarray of bool, shape (n,)
        True for the end and what reaches it.

    Examples
    --------
    >>> problem = FlowProblem([0, 1], [1, 2], [1.0, 1.0], n_nodes=3, source=0, sink=2)
    >>> layout = layout_of(problem)
    >>> reaching(layout, layout.rows == 1, end=2).tolist()
    [False, True, True]
    """
    return reachable(layout, is_open[layout.reverse], end)


def residual_of(problem: FlowProblem, solution: FlowSolution) -> NDArray[Any]:
    """Find how many units every entry could still carry on top of the flow.

    Parameters
    ----------
    problem : FlowProblem
        The problem.
    solution : FlowSolution
        Its solution.

    Returns
    -------
    ndarray of int64 or of Python int, shape (e,)
        Room left in the direction of each entry of ``layout_of(problem)``, the undoing
        of opposite flow included. Where the capacity is far above the flow it is
        clipped, but never to 0.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 1], [1, 2], [4.0, 3.0], n_nodes=3, source=0, sink=2)
    >>> residual_of(problem, max_flow(problem)).tolist()
    [1, 3, 0, 3]
    """
    layout = layout_of(problem)
    room, used = slot_units_of(problem, solution)
    net = layout.pool(used)
    residual: NDArray[Any] = layout.pool(room) - net + net[layout.reverse]
    return residual


def slot_units_of(
    problem: FlowProblem, solution: FlowSolution
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return what every slot of a layout could carry and what it carries, in units.

    Parameters
    ----------
    problem : FlowProblem
        The problem.
    solution : FlowSolution
        Its solution.

    Returns
    -------
    room, used : ndarray of int64 or of Python int, shape (a + k,)
        Capacity, clipped to a little above the largest flow, and flow of every slot of
        ``layout_of(problem)``. No flow of at most ``solution.value_units`` units that runs in
        no circles notices the clipping.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 1], [1, 2], [4.0, np.inf], n_nodes=3, source=0, sink=2)
    >>> slot_units_of(problem, max_flow(problem))
    (array([4, 5]), array([4, 4]))
    """
    layout = layout_of(problem)
    slots = layout.slot_capacity(problem)
    # No minimum cut holds these; rounded to units, one just above could seem to be full.
    slots[slots > solution.upper] = np.inf
    used = _slot_units(problem, layout, solution.units)
    most = max(int(used.max(initial=0)), solution.value_units)
    return to_units(slots, solution.scale, most + 1, layout.max_bits), used


def _slot_units(problem: FlowProblem, layout: Layout, units: NDArray[Any]) -> NDArray[Any]:
    """Return the flow of every slot: of usable arcs, then through split nodes."""
    on_arcs = units[layout.arcs]
    inside = np.zeros(problem.n_nodes, dtype=units.dtype)
    np.add.at(inside, problem.head[layout.arcs], on_arcs)
    inside[problem.source] = on_arcs[problem.tail[layout.arcs] == problem.source].sum()
    return np.concatenate([on_arcs, inside[layout.split]])
