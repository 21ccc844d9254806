"""The largest flow through a network with real capacities, and through many at once.

Small problems spend their time on the way to the engine. Networks that share nothing but a
common source and sink do not compete, so that a largest flow of their union is a largest flow of
each, and a smallest cut of the union is a smallest cut of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from supplynet.arrays import Floats, Ints
from supplynet.errors import UnboundedError
from supplynet.solve.flow.engines import FAST_FROM, Engine, engine_of
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.flow.units import (
    are_whole,
    binary_scale,
    decimal_scale,
    exact_scale,
    round_down,
    sum_up,
    to_float,
    to_floats,
    to_units,
)
from supplynet.solve.together import require_wanted

# The bound with all 53 bits of a capacity 32 times smaller, in int64 with room for sums.
BINARY_BITS = 58
WIDEST_INTERVAL = 1e-9
# Float sums of up to 2**31 capacities are off by less than this, relatively.
SUM_SLACK = 1e-6


def max_flow(problem: FlowProblem, *, engine: str = "auto") -> FlowSolution:
    """Find how much can flow from the source to the sink at most.

    Capacities are turned into whole numbers of a unit and the problem is solved on
    those without any rounding. Short decimals are read as decimals, and the answer is
    exact. Other floats are rounded down to 58 bits of the largest possible flow; where
    the interval that this proves is wider than 1e-9 of the value, the problem is solved
    again on a unit that divides every capacity.

    Parameters
    ----------
    problem : FlowProblem
        The network, its capacities, source and sink.
    engine : {"auto", "scipy", "fast"}
        ``"fast"`` is compiled code and demands the extra ``fast``; ``"auto"`` takes it where it is
        installed and the network is large enough to be worth loading it.

    Returns
    -------
    FlowSolution
        A largest flow without circulation through source or sink, the minimum cut
        nearest to the source and the interval that holds the optimum.

    Raises
    ------
    UnboundedError
        If a path of infinite capacity leads from source to sink.
    SolverInputError
        If there is no such engine.
    MissingExtraError
        If compiled code is asked for and not installed.

    Examples
    --------
    >>> problem = FlowProblem(
    ...     tail=[0, 0, 1, 2], head=[1, 2, 3, 3], capacity=[3e9, 0.1, 2e9, 0.2],
    ...     n_nodes=4, source=0, sink=3,
    ... )
    >>> solution = max_flow(problem)
    >>> solution.value, solution.flow.tolist(), solution.is_exact
    (2000000000.1, [2000000000.0, 0.1, 2000000000.0, 0.1], True)
    """
    require_wanted()
    selection = engine_of(problem, engine)
    slots = selection.slot_capacity(problem)
    bound = _flow_bound(selection, slots)
    # What exceeds every flow limits nothing, and no unit has to fit it.
    slots[slots > bound] = np.inf
    scale = decimal_scale(slots, bound)
    if scale is not None:
        return _solve(problem, selection, slots, bound, scale, "decimal")
    scale = binary_scale(bound, min(BINARY_BITS, selection.max_bits - 1))
    solution = _solve(problem, selection, slots, bound, scale, "binary")
    if solution.upper - solution.lower <= WIDEST_INTERVAL * solution.upper:
        return solution
    # These units may not fit an int64, which SciPy's passes do without.
    selection = engine_of(problem, "scipy")
    return _solve(problem, selection, slots, bound, exact_scale(slots, bound), "exact")


def _flow_bound(engine: Engine, slots: Floats) -> float:
    """Bound the flow by the first cut of finite capacity after source and before sink."""
    bound = engine.bound(slots)
    if bound == np.inf:
        raise UnboundedError(
            "a path of infinite capacity leads from source to sink",
            hint="Give a finite capacity to an arc or a node on every path.",
        )
    return bound * (1 + SUM_SLACK)


def _solve(
    problem: FlowProblem,
    engine: Engine,
    slots: Floats,
    bound: float,
    scale: Fraction,
    method: str,
) -> FlowSolution:
    """Solve the problem in whole units of 1 / scale."""
    most = int(Fraction(bound) * scale) + 1
    # One unit more than can flow: a clipped slot is never part of a minimum cut.
    # Units of a decimal fit int64 by far; for the others it depends on parallel slots.
    max_bits = most.bit_length() + 1 if method == "decimal" else engine.max_bits
    slot_units = to_units(slots, scale, most + 1, max_bits)
    carried, side, value_units = engine.run(slot_units, most)
    if engine.arcs.size == problem.n_arcs == carried.size:
        units = carried
    else:
        units = np.zeros(problem.n_arcs, dtype=carried.dtype)
        units[engine.arcs] = carried[: engine.arcs.size]
    value = lower = upper = to_float(value_units, scale)
    is_exact = method != "binary" or are_whole(slots[engine.crossing(side)], scale)
    if not is_exact:
        lower, upper = round_down(value_units, scale), sum_up(slots[engine.crossing(side)])
    return FlowSolution(
        value=value,
        flow=to_floats(units, scale),
        source_side=engine.sides(side),
        lower=lower,
        upper=upper,
        is_exact=is_exact,
        method=method,
        scale=scale,
        units=units,
        value_units=value_units,
    )


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
    flow_solution = max_flow(_union(problems, first_node), engine="auto" if is_large else "scipy")
    solutions = []
    for index, problem in enumerate(problems):
        solution = _part(
            problem,
            flow_solution,
            slice(first_arc[index], first_arc[index + 1]),
            slice(first_node[index], first_node[index + 1]),
            int(flow_solution.units[first_arc[-1] + index]),
        )
        # beside much larger flows a small one may be reported too coarsely
        if solution.upper - solution.lower > WIDEST_INTERVAL * solution.upper:
            solution = max_flow(problem)
        solutions.append(solution)
    return solutions


def _union(problems: Sequence[FlowProblem], first_node: Ints) -> FlowProblem:
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


def _useful_capacity(problem: FlowProblem) -> Floats:
    """Capacities without those of arcs into the source or out of the sink."""
    is_useless = (problem.head == problem.source) | (problem.tail == problem.sink)
    return np.where(is_useless, 0.0, problem.capacity) if is_useless.any() else problem.capacity


def _part(
    problem: FlowProblem, solution: FlowSolution, arcs: slice, nodes: slice, value_units: int
) -> FlowSolution:
    """The part of the union's solution that is one network's."""
    side = solution.source_side[nodes].copy()
    value = lower = upper = to_float(value_units, solution.scale)
    crossing = problem.capacity[side[problem.tail, 1] & ~side[problem.head, 0]]
    if problem.node_capacity is not None:
        crossing = np.concatenate([crossing, problem.node_capacity[side[:, 0] & ~side[:, 1]]])
    is_exact = solution.method != "binary" or are_whole(crossing, solution.scale)
    if not is_exact:
        lower, upper = round_down(value_units, solution.scale), sum_up(crossing)
    return FlowSolution(
        value=value,
        flow=solution.flow[arcs].copy(),
        source_side=side,
        lower=lower,
        upper=upper,
        is_exact=is_exact,
        method=solution.method,
        scale=solution.scale,
        units=solution.units[arcs].copy(),
        value_units=value_units,
    )
