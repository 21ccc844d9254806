"""What the loss of each node, arc or set of them costs a largest flow, exactly.

One largest flow answers for all: of the units that ran over what is lost, those that cannot be
sent around it in the residual network are lost, and no others (see :mod:`breaks`). What carries
nothing costs nothing, what no way leads around costs all it carries, and no loss is more than
what is carried, so that the largest losses are known after a few searches.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from supplynet.errors import SolverInputError
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.loss.breakdown import SplitNetwork
from supplynet.solve.loss.rank import Engine, Jobs, Losses, Progress, rank

__all__ = ["Engine", "Losses", "Progress", "edge_losses", "node_losses", "set_losses"]


def node_losses(
    problem: FlowProblem,
    solution: FlowSolution,
    *,
    nodes: ArrayLike | None = None,
    top: int | None = None,
    with_ties: bool = False,
    engine: Engine = "auto",
    progress: Progress | None = None,
) -> Losses:
    """Rank nodes by what their loss costs.

    Candidates are by default all nodes but source and sink. With `top` so many of the largest
    losses are found only, which takes far fewer searches, and `with_ties` every other whose loss
    equals the last. ``"fast"`` is compiled code and needs the extra of that name; ``"auto"`` takes
    it where it is installed and the work is long enough to be worth loading it. `progress` gets the
    candidates done and all, now and then.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 1, 0], [1, 2, 2], [2.0, 2.0, 1.0], 3, source=0, sink=2)
    >>> node_losses(problem, max_flow(problem)).loss.tolist()
    [2.0]
    """
    ends = [problem.source, problem.sink]
    if nodes is None:
        chosen = np.delete(np.arange(problem.n_nodes), ends)
    else:
        chosen = _numbers(nodes, problem.n_nodes, "node")
        if np.isin(chosen, ends).any():
            raise SolverInputError("the loss of the source or the sink is no question: all is lost")
    network = SplitNetwork(problem, solution)
    jobs = Jobs(network, chosen, network.of_nodes(chosen), np.arange(chosen.size + 1))
    return rank(jobs, top, with_ties, engine, progress)


def edge_losses(
    problem: FlowProblem,
    solution: FlowSolution,
    *,
    arcs: ArrayLike | None = None,
    top: int | None = None,
    with_ties: bool = False,
    engine: Engine = "auto",
    progress: Progress | None = None,
) -> Losses:
    """Rank arcs by what their loss costs; of parallel arcs one at a time is lost.

    Words are as in :func:`node_losses`; candidates are by default all arcs.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 0], [1, 1], [2.0, 5.0], n_nodes=2, source=0, sink=1)
    >>> losses = edge_losses(problem, max_flow(problem))
    >>> losses.ids.tolist(), losses.loss.tolist()
    ([1, 0], [5.0, 2.0])
    """
    chosen = np.arange(problem.n_arcs)
    if arcs is not None:
        chosen = _numbers(arcs, problem.n_arcs, "arc")
    network = SplitNetwork(problem, solution)
    carries = np.flatnonzero(solution.units[chosen] > 0)
    first = np.searchsorted(carries, np.arange(chosen.size + 1))
    jobs = Jobs(network, chosen, network.of_arcs(chosen[carries]), first)
    return rank(jobs, top, with_ties, engine, progress)


def set_losses(
    problem: FlowProblem,
    solution: FlowSolution,
    sets: Sequence[ArrayLike],
    *,
    top: int | None = None,
    with_ties: bool = False,
    engine: Engine = "auto",
    progress: Progress | None = None,
) -> Losses:
    """Rank sets of nodes by what it costs to lose all nodes of a set at once.

    Words are as in :func:`node_losses`; sets may overlap, and `ids` are places in `sets`.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem(
    ...     [0, 0, 1, 2], [1, 2, 3, 3], [3.0, 2.0, 3.0, 2.0], 4, source=0, sink=3
    ... )
    >>> set_losses(problem, max_flow(problem), [[1, 2], [2]]).loss.tolist()
    [5.0, 2.0]
    """
    members = [_numbers(nodes, problem.n_nodes, "node") for nodes in sets]
    together = np.concatenate([np.empty(0, dtype=np.int64), *members])
    if np.isin(together, [problem.source, problem.sink]).any():
        raise SolverInputError("the loss of the source or the sink is no question: all is lost")
    network = SplitNetwork(problem, solution)
    first = np.cumsum([0, *(nodes.size for nodes in members)])
    jobs = Jobs(network, np.arange(len(members)), network.of_nodes(together), first)
    return rank(jobs, top, with_ties, engine, progress)


def _numbers(values: ArrayLike, n: int, what: str) -> NDArray[np.int64]:
    """Return distinct numbers of nodes or arcs, ascending, or say which does not exist."""
    array = np.unique(np.asarray(values))
    if array.size == 0:
        return np.empty(0, dtype=np.int64)
    if array.dtype.kind not in "iu":
        raise SolverInputError(f"{what}s must be whole numbers, not {array.dtype}")
    bad = array[(array < 0) | (array >= n)]
    if bad.size:
        raise SolverInputError(f"there is no {what} {bad[0]}: they are 0 ... {n - 1}")
    return array.astype(np.int64)
