"""Maximum flow and minimum cut computed the slow, obvious way, in exact fractions."""

from __future__ import annotations

import math
from collections import deque
from fractions import Fraction

from supplynet.solve.flow.problem import FlowProblem

INFINITE = None


def exact_capacity(value, as_decimal):
    """A float as the fraction it is, or as the decimal it is written as."""
    if value == math.inf:
        return INFINITE
    return Fraction(repr(float(value))) if as_decimal else Fraction(float(value))


def _halves(problem: FlowProblem, as_decimal: bool):
    """Arcs (start, end, capacity) over in-halves 2v and out-halves 2v + 1."""
    arcs = [
        (2 * int(tail) + 1, 2 * int(head), exact_capacity(capacity, as_decimal))
        for tail, head, capacity in zip(problem.tail, problem.head, problem.capacity, strict=True)
    ]
    for node in range(problem.n_nodes):
        limit = math.inf if problem.node_capacity is None else problem.node_capacity[node]
        arcs.append((2 * node, 2 * node + 1, exact_capacity(limit, as_decimal)))
    return arcs


def largest(room, source, sink):
    """The largest flow by shortest augmenting paths, in the numbers of the room; it is used up."""
    value = 0
    while True:
        came_from = {source: source}
        waiting = deque([source])
        while waiting and sink not in came_from:
            node = waiting.popleft()
            for end, left in room[node].items():
                if left > 0 and end not in came_from:
                    came_from[end] = node
                    waiting.append(end)
        if sink not in came_from:
            return value
        steps, node = [], sink
        while node != source:
            steps.append((came_from[node], node))
            node = came_from[node]
        amount = min(room[start][end] for start, end in steps)
        for start, end in steps:
            room[start][end] -= amount
            room[end][start] += amount
        value += amount


def max_flow_value(problem: FlowProblem, *, as_decimal: bool) -> Fraction | None:
    """The largest flow by shortest augmenting paths; None if it has no limit."""
    arcs = _halves(problem, as_decimal)
    finite = sum((capacity for *_, capacity in arcs if capacity is not INFINITE), Fraction(0))
    unlimited = finite + 1
    room: dict[int, dict[int, Fraction]] = {v: {} for v in range(2 * problem.n_nodes)}
    for start, end, capacity in arcs:
        if start != end:
            extra = unlimited if capacity is INFINITE else capacity
            room[start][end] = room[start].get(end, Fraction(0)) + extra
            room[end].setdefault(start, Fraction(0))
    source, sink = 2 * problem.source, 2 * problem.sink + 1
    value = largest(room, source, sink)
    return INFINITE if value > finite else value
