"""The smallest cut that holds a largest flow back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.flow.layout import layout_of
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.flow.residual import reachable, reaching, residual_of
from supplynet.solve.flow.units import to_float

__all__ = ["Cut", "min_cut"]


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The arcs and nodes whose capacities together limit the flow.

    Parameters
    ----------
    arcs : ndarray of int64
        The arcs of positive capacity that lead from the source side to the sink side,
        ascending.
    nodes : ndarray of int64
        The nodes of positive capacity with only the in-half on the source side,
        ascending.
    capacity : float
        The sum of their capacities, in the unit of the capacities; of decimals where
        the solution counts in decimals.
    source_side : ndarray of bool, shape (n_nodes, 2)
        Whether a node's in-half and its out-half lie on the source side.
    """

    arcs: NDArray[np.int64]
    nodes: NDArray[np.int64]
    capacity: float
    source_side: NDArray[np.bool_]

    def __post_init__(self) -> None:
        for array in (self.arcs, self.nodes, self.source_side):
            array.setflags(write=False)


def min_cut(
    problem: FlowProblem,
    solution: FlowSolution,
    *,
    nearest: Literal["source", "sink"] = "source",
) -> Cut:
    """Find what limits the flow: a cut of the smallest capacity.

    Several cuts may be smallest. The one nearest to the source has the fewest nodes on
    the source side, the one nearest to the sink the fewest on the sink side; both are
    unique, whichever largest flow they are found from (Ford and Fulkerson, *Flows in
    Networks*, 1962, section 1.5). Where the solution rounded capacities to units, a cut
    is smallest up to that rounding.

    Parameters
    ----------
    problem : FlowProblem
        The problem.
    solution : FlowSolution
        Its solution by ``max_flow``.
    nearest : {"source", "sink"}
        Which of the smallest cuts.

    Returns
    -------
    Cut
        Its arcs, its nodes and its capacity.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 1], [1, 2], [2.0, 2.0], n_nodes=3, source=0, sink=2)
    >>> solution = max_flow(problem)
    >>> min_cut(problem, solution).arcs, min_cut(problem, solution, nearest="sink").arcs
    (array([0]), array([1]))
    """
    layout = layout_of(problem)
    is_open = residual_of(problem, solution) > 0
    if nearest == "source":
        side = layout.sides(reachable(layout, is_open, layout.source))
    else:
        side = layout.sides(~reaching(layout, is_open, layout.sink))
    crosses = side[problem.tail, 1] & ~side[problem.head, 0]
    arcs = np.flatnonzero(crosses & (problem.capacity > 0))
    if problem.node_capacity is None:
        nodes = np.empty(0, dtype=np.int64)
        limits = problem.capacity[arcs]
    else:
        nodes = np.flatnonzero(side[:, 0] & ~side[:, 1] & (problem.node_capacity > 0))
        limits = np.concatenate([problem.capacity[arcs], problem.node_capacity[nodes]])
    return Cut(arcs, nodes, _total(limits, solution), side)


def _total(limits: NDArray[np.float64], solution: FlowSolution) -> float:
    """Add capacities up with one rounding, as decimals where the solution reads them so."""
    if solution.method == "decimal":
        units = np.rint(limits * float(solution.scale)).astype(np.int64)
        return to_float(sum(units.tolist()), solution.scale)
    return math.fsum(limits.tolist())
