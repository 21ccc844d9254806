"""The same question as a mixed-integer program for HiGHS: slower, and another way to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.errors import InterruptedSolveError
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.interdiction.arena import AttackProblem, spendable

__all__ = ["ProgramSolution", "interdict_by_program"]


@dataclass(frozen=True, slots=True)
class ProgramSolution:
    """What the mixed-integer solver says; it is the caller's to check.

    Parameters
    ----------
    removed : tuple of int
        The elements of its attack.
    value : float
        What flows without them, found by ``max_flow``, not by the solver.
    claimed : float
        The solver's own objective.
    """

    removed: tuple[int, ...]
    value: float
    claimed: float


def interdict_by_program(
    problem: AttackProblem,
    *,
    without: Sequence[tuple[int, ...]] = (),
    time_limit: float = np.inf,
) -> ProgramSolution:
    """Find the worst attack by the mixed-integer program of Wood (1993).

    With y the removals, p the sides of a cut (1 with the source) and b the arcs that are cut but
    not removed::

        min  sum u b     with  b + y >= p(tail) - p(head),  sum cost y <= budget,
                               p(source) = 1, p(sink) = 0, y binary

    Nodes are split in two halves, joined by an arc.

    Parameters
    ----------
    problem : AttackProblem
    without : sequence of tuple of int
        None of these is removed as a whole.
    time_limit : float, default inf
        Seconds, for the benchmark that compares it with the search.

    Returns
    -------
    ProgramSolution

    Raises
    ------
    InterruptedSolveError
        If the time limit was reached.
    UnboundedError
        If nothing limits the flow before any attack.

    Notes
    -----
    Wood, *Deterministic network interdiction*, 1993, doi:10.1016/0895-7177(93)90236-R.
    """
    from scipy.optimize import (  # type: ignore[import-untyped, unused-ignore]
        Bounds,
        LinearConstraint,
        milp,
    )

    flow, n = problem.flow, problem.flow.n_nodes
    most = max_flow(flow).upper
    limits = np.full(n, np.inf) if flow.node_capacity is None else flow.node_capacity
    tail = np.concatenate([flow.tail + n, np.arange(n)])
    head = np.concatenate([flow.head, np.arange(n) + n])
    # a flow never uses more of an arc than there is of it
    capacity = np.minimum(np.concatenate([flow.capacity, limits]), most + 1.0)
    element = np.concatenate([problem.arc_element, problem.node_element])
    budget = spendable(problem)
    can_go = problem.cost <= budget
    m, k = capacity.size, problem.n_elements
    row = np.arange(m)
    wanted = np.flatnonzero(element >= 0)
    # columns: b (m), p (2 n), y (k)
    cut = coo_array(
        (
            np.concatenate([np.ones(m), -np.ones(m), np.ones(m), np.ones(wanted.size)]),
            (
                np.concatenate([row, row, row, wanted]),
                np.concatenate([row, m + tail, m + head, m + 2 * n + element[wanted]]),
            ),
        ),
        shape=(m + 0, m + 2 * n + k),
    )
    cost = np.where(can_go, problem.cost, 0.0)
    spent = coo_array((cost, (np.zeros(k, int), m + 2 * n + np.arange(k))), shape=(1, cut.shape[1]))
    sizes = [len(members) for members in without]
    known = coo_array(
        (
            np.ones(sum(sizes)),
            (
                np.repeat(np.arange(len(sizes)), sizes),
                m + 2 * n + np.array([each for members in without for each in members], dtype=int),
            ),
        ),
        shape=(len(sizes), cut.shape[1]),
    )
    low, high = np.zeros(cut.shape[1]), np.ones(cut.shape[1])
    low[m + flow.source] = 1.0
    high[m + n + flow.sink] = 0.0
    high[m + 2 * n :] = can_go
    solution = milp(
        c=np.concatenate([capacity, np.zeros(2 * n + k)]),
        integrality=np.concatenate([np.zeros(m + 2 * n), np.ones(k)]),
        bounds=Bounds(low, high),
        constraints=LinearConstraint(
            vstack([cut, spent, known], format="csr"),
            np.concatenate([np.zeros(m), np.full(1 + len(sizes), -np.inf)]),
            np.concatenate([np.full(m, np.inf), [budget], np.array(sizes) - 1.0]),
        ),
        options={"mip_rel_gap": 0.0, "time_limit": time_limit},
    )
    if solution.status == 1:
        raise InterruptedSolveError(f"the solver stopped at its limit: {solution.message}")
    assert solution.status == 0, solution.message
    removed = tuple(np.flatnonzero(solution.x[m + 2 * n :] > 0.5).tolist())
    return ProgramSolution(removed, max_flow(problem.without(removed)).value, float(solution.fun))
