"""The largest flow through a network with real capacities."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from supplynet.errors import UnboundedError
from supplynet.solve.layout import Layout, layout_of
from supplynet.solve.passes import run_passes
from supplynet.solve.problem import FlowProblem, FlowSolution
from supplynet.solve.residual import reachable, reaching
from supplynet.solve.units import (
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

__all__ = ["max_flow"]

# The bound with all 53 bits of a capacity 32 times smaller, in int64 with room for sums.
BINARY_BITS = 58
WIDEST_INTERVAL = 1e-9
# Float sums of up to 2**31 capacities are off by less than this, relatively.
SUM_SLACK = 1e-6


def max_flow(problem: FlowProblem) -> FlowSolution:
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

    Returns
    -------
    FlowSolution
        A largest flow without circulation through source or sink, the minimum cut
        nearest to the source and the interval that holds the optimum.

    Raises
    ------
    UnboundedError
        If a path of infinite capacity leads from source to sink.

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
    layout = layout_of(problem)
    slots = layout.slot_capacity(problem)
    bound = _flow_bound(layout, slots)
    # What exceeds every flow limits nothing, and no unit has to fit it.
    slots[slots > bound] = np.inf
    scale = decimal_scale(slots, bound)
    if scale is not None:
        return _solve(problem, slots, bound, scale, "decimal")
    scale = binary_scale(bound, min(BINARY_BITS, layout.max_bits - 1))
    solution = _solve(problem, slots, bound, scale, "binary")
    if solution.upper - solution.lower <= WIDEST_INTERVAL * solution.upper:
        return solution
    return _solve(problem, slots, bound, exact_scale(slots, bound), "exact")


def _flow_bound(layout: Layout, slots: NDArray[np.float64]) -> float:
    """Bound the flow by the first cut of finite capacity after source and before sink."""
    capacity = layout.pool(slots)
    is_free = np.isinf(capacity)
    ahead = reachable(layout, is_free, layout.source)
    if ahead[layout.sink]:
        raise UnboundedError(
            "a path of infinite capacity leads from source to sink",
            hint="Give a finite capacity to an arc or a node on every path.",
        )
    behind = reaching(layout, is_free, layout.sink)
    after = capacity[ahead[layout.rows] & ~ahead[layout.cols]].sum()
    before = capacity[behind[layout.cols] & ~behind[layout.rows]].sum()
    return float(min(after, before)) * (1 + SUM_SLACK)


def _solve(
    problem: FlowProblem,
    slots: NDArray[np.float64],
    bound: float,
    scale: Fraction,
    method: str,
) -> FlowSolution:
    """Solve the problem in whole units of 1 / scale."""
    layout = layout_of(problem)
    most = int(Fraction(bound) * scale) + 1
    # One unit more than can flow: a clipped slot is never part of a minimum cut.
    slot_units = to_units(slots, scale, most + 1, layout.max_bits)
    capacity = np.minimum(layout.pool(slot_units), most + 1)
    net, side, n_passes = run_passes(layout, capacity, most)
    first, last = layout.indptr[layout.source : layout.source + 2]
    value_units = int(net[first:last].sum())
    units = np.zeros(problem.n_arcs, dtype=net.dtype)
    units[layout.arcs] = layout.share(net, slot_units)[: layout.arcs.size]
    value = lower = upper = to_float(value_units, scale)
    crosses = side[layout.rows[layout.entry]] & ~side[layout.cols[layout.entry]]
    is_exact = method != "binary" or are_whole(slots[crosses], scale)
    if not is_exact:
        lower, upper = round_down(value_units, scale), sum_up(slots[crosses])
    return FlowSolution(
        value=value,
        flow=to_floats(units, scale),
        source_side=layout.sides(side),
        lower=lower,
        upper=upper,
        is_exact=is_exact,
        n_passes=n_passes,
        method=method,
        scale=scale,
        units=units,
        value_units=value_units,
    )
