"""Many maximum flows at once: side by side in one network, solved in one go.

Small problems spend their time on the way to the engine. Networks that share nothing but a
common source and sink do not compete, so that a largest flow of their union is a largest flow of
each, and a smallest cut of the union is a smallest cut of each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.flow.engines import FAST_FROM
from supplynet.solve.flow.maxflow import WIDEST_INTERVAL, max_flow
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.flow.units import are_whole, round_down, sum_up, to_float

__all__ = ["max_flow_many"]

_SOURCE, _SINK = 0, 1


def max_flow_many(problems: Sequence[FlowProblem]) -> list[FlowSolution]:
    """Find how much can flow at most in each of several networks.

    Parameters
    ----------
    problems : sequence of FlowProblem
        Independent of each other; they may have any sizes and units.

    Returns
    -------
    list of FlowSolution
        One for each problem, in order, as :func:`~supplynet.solve.flow.maxflow.max_flow` would
        give it, but for the units, which all share.

    Raises
    ------
    UnboundedError
        If a path of infinite capacity leads from source to sink in one of them.

    Examples
    --------
    >>> first = FlowProblem([0], [1], [3.0], n_nodes=2, source=0, sink=1)
    >>> second = FlowProblem([0, 1], [1, 2], [0.5, 0.25], n_nodes=3, source=0, sink=2)
    >>> [solution.value for solution in max_flow_many([first, second])]
    [3.0, 0.25]
    """
    if len(problems) < 2:
        return [max_flow(problem) for problem in problems]
    first_node = np.cumsum([2, *(problem.n_nodes for problem in problems)])
    first_arc = np.cumsum([0, *(problem.n_arcs for problem in problems)])
    # many small networks are no large one: for them compiled code is not worth its loading
    is_large = any(problem.n_arcs >= FAST_FROM for problem in problems)
    whole = max_flow(_union(problems, first_node), engine="auto" if is_large else "scipy")
    solutions = []
    for number, problem in enumerate(problems):
        solution = _part(
            problem,
            whole,
            slice(first_arc[number], first_arc[number + 1]),
            slice(first_node[number], first_node[number + 1]),
            int(whole.units[first_arc[-1] + number]),
        )
        # beside much larger flows a small one may be told too coarsely
        if solution.upper - solution.lower > WIDEST_INTERVAL * solution.upper:
            solution = max_flow(problem)
        solutions.append(solution)
    return solutions


def _union(problems: Sequence[FlowProblem], first_node: NDArray[np.int64]) -> FlowProblem:
    """All networks side by side between one source and one sink."""
    sources = [problem.source + start for problem, start in zip(problems, first_node, strict=False)]
    sinks = [problem.sink + start for problem, start in zip(problems, first_node, strict=False)]
    n = len(problems)
    shifted = list(zip(problems, first_node, strict=False))
    limits = [
        np.full(problem.n_nodes, np.inf) if problem.node_capacity is None else problem.node_capacity
        for problem in problems
    ]
    return FlowProblem(
        tail=np.concatenate(
            [*(p.tail + start for p, start in shifted), np.full(n, _SOURCE), sinks]
        ),
        head=np.concatenate(
            [*(p.head + start for p, start in shifted), sources, np.full(n, _SINK)]
        ),
        capacity=np.concatenate([*map(_useful_capacity, problems), np.full(2 * n, np.inf)]),
        n_nodes=int(first_node[-1]),
        source=_SOURCE,
        sink=_SINK,
        node_capacity=np.concatenate([[np.inf, np.inf], *limits]),
    )


def _useful_capacity(problem: FlowProblem) -> NDArray[np.float64]:
    """Capacities without those of arcs into the source or out of the sink."""
    is_useless = (problem.head == problem.source) | (problem.tail == problem.sink)
    return np.where(is_useless, 0.0, problem.capacity) if is_useless.any() else problem.capacity


def _part(
    problem: FlowProblem, whole: FlowSolution, arcs: slice, nodes: slice, value_units: int
) -> FlowSolution:
    """The part of the union's solution that is one network's."""
    side = whole.source_side[nodes].copy()
    value = lower = upper = to_float(value_units, whole.scale)
    crossing = problem.capacity[side[problem.tail, 1] & ~side[problem.head, 0]]
    if problem.node_capacity is not None:
        crossing = np.concatenate([crossing, problem.node_capacity[side[:, 0] & ~side[:, 1]]])
    is_exact = whole.method != "binary" or are_whole(crossing, whole.scale)
    if not is_exact:
        lower, upper = round_down(value_units, whole.scale), sum_up(crossing)
    return FlowSolution(
        value=value,
        flow=whole.flow[arcs].copy(),
        source_side=side,
        lower=lower,
        upper=upper,
        is_exact=is_exact,
        n_passes=whole.n_passes,
        method=whole.method,
        scale=whole.scale,
        units=whole.units[arcs].copy(),
        value_units=value_units,
    )
