"""Independent checks of solutions, by arithmetic that no solver shares.

Nothing here calls a solver or trusts one: flows are checked in Python's whole numbers,
linear programs by plain matrix products. An optimum is proved by its dual: a flow that
equals the capacity of a cut, a linear objective that equals the dual objective.
"""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from supplynet.solve.check import Certificate, Check, exact, within
from supplynet.solve.flow.problem import FlowProblem, FlowSolution

if TYPE_CHECKING:
    from collections.abc import Iterable


FLOW_TOLERANCE = 1e-9
# A capacity read as a decimal is off by up to half a last place, and so is the value:
# 2**-53 each; a third covers products of the two.
ROUNDINGS = 3 * 2.0**-53


def certify_flow(problem: FlowProblem, solution: FlowSolution) -> Certificate:
    """Check that a flow is legal and that no flow is larger.

    Legality is checked on the whole units, without rounding. Optimality follows from a cut whose
    capacity in units equals the flow (Ford and Fulkerson, 1956): no flow can be larger than any
    cut. Of arrays whose shapes or numbers are wrong, only those checks are made.

    Examples
    --------
    >>> from supplynet.solve.flow.maxflow import max_flow
    >>> problem = FlowProblem([0, 1], [1, 2], [3.0, 2.0], n_nodes=3, source=0, sink=2)
    >>> certify_flow(problem, max_flow(problem)).ok
    True
    """
    first = _form_checks(problem, solution)
    if not all(check.is_ok for check in first):
        return Certificate(tuple(first))
    ledger = _Ledger(problem, solution)
    return Certificate((*first, *_legality_checks(ledger), *_optimality_checks(ledger)))


def _form_checks(problem: FlowProblem, solution: FlowSolution) -> list[Check]:
    """Check that the solution's parts are arrays of the right form and finite numbers."""
    m, n = problem.n_arcs, problem.n_nodes
    is_shaped = (
        solution.flow.shape == (m,)
        and solution.flow.dtype == np.float64
        and solution.units.shape == (m,)
        and solution.source_side.shape == (n, 2)
        and solution.source_side.dtype == np.bool_
    )
    # Booleans and NumPy integers, which may overflow, are refused with all else.
    total = [solution.value_units]
    if solution.units.dtype != np.int64:
        total += solution.units.tolist()
    is_whole = all(type(unit) is int for unit in total)
    numbers = [solution.value, solution.lower, solution.upper]
    n_bad = sum(not math.isfinite(index) for index in numbers)
    n_bad += int((~np.isfinite(solution.flow)).sum())
    top, bottom = solution.scale.numerator, solution.scale.denominator
    if solution.method == "decimal":
        is_scale = bottom == 1 and top in {10**k for k in range(23)}  # all that are floats
    else:
        is_power = top > 0 and not top & (top - 1) and not bottom & (bottom - 1)
        is_scale = is_power and solution.method in {"binary", "exact"}
    return [
        exact("shapes", not is_shaped),
        exact("whole-units", not is_whole),
        exact("finite", n_bad),
        exact("scale", not is_scale),
    ]


class _Ledger:
    """The arcs that matter, in Python's whole numbers: those with flow and those cut."""

    def __init__(self, problem: FlowProblem, solution: FlowSolution) -> None:
        self.problem, self.solution = problem, solution
        self.up, self.down = solution.scale.numerator, solution.scale.denominator
        carrying = np.flatnonzero((solution.units != 0) | (solution.flow != 0))
        self.units: list[int] = solution.units[carrying].tolist()
        self.flow: list[float] = solution.flow[carrying].tolist()
        self.capacity: list[float] = problem.capacity[carrying].tolist()
        self.inflow: defaultdict[int, int] = defaultdict(int)
        self.outflow: defaultdict[int, int] = defaultdict(int)
        bounds = (problem.tail[carrying].tolist(), problem.head[carrying].tolist(), self.units)
        for tail, head, units in zip(*bounds, strict=True):
            self.outflow[tail] += units
            self.inflow[head] += units
        self.cut = self._cut_capacities()

    def _cut_capacities(self) -> list[float]:
        """Return the capacities of the arcs and nodes that cross the claimed cut."""
        problem, side = self.problem, self.solution.source_side
        crosses = side[problem.tail, 1] & ~side[problem.head, 0]
        cut: list[float] = problem.capacity[crosses].tolist()
        is_cut_node = side[:, 0] & ~side[:, 1]
        if problem.node_capacity is None:
            return cut + [math.inf] * int(is_cut_node.sum())
        cut += problem.node_capacity[is_cut_node].tolist()
        return cut

    def capacity_units(self, capacity: float) -> int:
        """Return a finite capacity in whole units as the method reads it."""
        top, bottom = capacity.as_integer_ratio()
        top, bottom = top * self.up, bottom * self.down
        nearest = (2 * top + bottom) // (2 * bottom)
        if self.solution.method == "decimal" and nearest * self.down / self.up == capacity:
            return nearest
        return top // bottom

    def most_excess(self, flows: Iterable[tuple[int, float]]) -> int:
        """Return by how many units a flow is above its capacity or below 0, at most."""
        most = 0
        for units, capacity in flows:
            above = -units if capacity == math.inf else units - self.capacity_units(capacity)
            most = max(most, above, -units)
        return most

    def size(self, units: int) -> float:
        """Return units as a float, rounded once."""
        try:
            return units * self.down / self.up
        except OverflowError:
            return math.inf


def _legality_checks(ledger: _Ledger) -> list[Check]:
    """Check that the flow keeps to all capacities and is conserved at every node."""
    problem, solution = ledger.problem, ledger.solution
    source, sink, value = problem.source, problem.sink, solution.value_units
    inflow, outflow = ledger.inflow, ledger.outflow
    nodes = (inflow.keys() | outflow.keys()) - {source, sink}
    unlike = [
        abs(ledger.size(units) - flow)
        for units, flow in zip(ledger.units, ledger.flow, strict=True)
    ]
    float_excess = np.maximum(solution.flow - problem.capacity, -solution.flow)
    is_loop = problem.tail == problem.head
    circling = inflow[source] != 0 or outflow[sink] != 0 or bool((solution.units[is_loop]).any())
    arc_excess = ledger.most_excess(zip(ledger.units, ledger.capacity, strict=True))
    lost = [abs(inflow[node] - outflow[node]) for node in nodes]
    return [
        exact("arc-bounds", ledger.size(arc_excess)),
        exact("flow-bounds", max(0.0, float(float_excess.max(initial=0.0)))),
        exact("node-bounds", ledger.size(_node_excess(ledger))),
        exact("flow-equals-units", max(unlike, default=0.0)),
        exact("conservation", ledger.size(max(lost, default=0))),
        exact("source-balance", ledger.size(abs(outflow[source] - inflow[source] - value))),
        exact("sink-balance", ledger.size(abs(inflow[sink] - outflow[sink] - value))),
        exact("no-circulation", circling),
    ]


def _node_excess(ledger: _Ledger) -> int:
    """Return by how many units the flow through a node is above the node's capacity."""
    limits = ledger.problem.node_capacity
    if limits is None:
        return 0
    through = dict(ledger.inflow)
    for node, units in ledger.outflow.items():
        through[node] = max(through.get(node, 0), units)
    return ledger.most_excess(
        (max(units, 0), float(limits[node])) for node, units in through.items()
    )


def _optimality_checks(ledger: _Ledger) -> list[Check]:
    """Check that the cut separates, equals the flow, and proves the interval."""
    problem, solution = ledger.problem, ledger.solution
    side, value = solution.source_side, solution.value
    lower, upper = solution.lower, solution.upper
    separates = side[problem.source, 0] and not side[problem.sink, 1]
    if math.inf in ledger.cut:
        unequal = outside = math.inf
    else:
        units = sum(map(ledger.capacity_units, ledger.cut))
        unequal = ledger.size(abs(units - solution.value_units))
        # fsum rounds only once, so the sign of these differences is certain.
        above = math.fsum([*ledger.cut, -upper])
        below = -math.fsum([*ledger.cut, -lower])
        outside = max(above, below, 0.0)
    is_claimed = lower <= value <= upper
    return [
        exact("value-equals-units", abs(ledger.size(solution.value_units) - value)),
        exact("cut-separates", not separates),
        exact("cut-equals-flow", unequal),
        within("cut-in-interval", outside, ROUNDINGS * value if solution.is_exact else 0.0),
        exact("interval", not (is_claimed and _is_interval_proved(ledger))),
        exact("exactness", not _is_exactness_proved(ledger)),
        within("gap", (upper - lower) / upper if upper > 0 else upper - lower, FLOW_TOLERANCE),
    ]


def _is_interval_proved(ledger: _Ledger) -> bool:
    """Tell whether the legal flow reaches the lower end; an exact one up to a rounding."""
    solution = ledger.solution
    if solution.is_exact:
        return solution.lower == solution.value == solution.upper
    return Fraction(solution.lower) * solution.scale <= solution.value_units


def _is_exactness_proved(ledger: _Ledger) -> bool:
    """Tell whether no capacity of the cut was changed by counting it in units."""
    solution = ledger.solution
    if not solution.is_exact:
        return solution.method == "binary"
    if math.inf in ledger.cut:
        return False
    if solution.method == "decimal":
        return all(ledger.size(ledger.capacity_units(each)) == each for each in ledger.cut)
    return all(
        Fraction(ledger.capacity_units(each)) == Fraction(each) * solution.scale
        for each in ledger.cut
    )
