"""The independent check of a linear program's solution, by plain matrix products."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.check import Certificate, Check, exact, within

if TYPE_CHECKING:
    from supplynet.solve.linear import LinearProgram, LinearSolution

__all__ = ["certify_linear"]

LINEAR_TOLERANCE = 1e-7
GAP_TOLERANCE = 1e-8


def certify_linear(lp: LinearProgram, solution: LinearSolution) -> Certificate:
    """Check that a linear program's solution is feasible and that none is better.

    The dual objective of feasible duals bounds the objective (weak duality), so a
    feasible solution without a gap is optimal. Violations are relative to the largest
    number of the row or column concerned, and to 1 where that is smaller.

    Parameters
    ----------
    lp : LinearProgram
        The program as given.
    solution : LinearSolution
        What a solver claims.

    Returns
    -------
    Certificate
        All checks; if the arrays' shapes or numbers are wrong, only those.

    Examples
    --------
    >>> import numpy as np
    >>> from supplynet.solve.linear import LinearProgram, solve_linear
    >>> lp = LinearProgram(
    ...     c=[1.0, 2.0], a_ub=[[1.0, 1.0]], b_ub=[4.0], a_eq=None, b_eq=None,
    ...     lower=[0.0, 0.0], upper=[np.inf, 3.0], maximize=True,
    ... )
    >>> certify_linear(lp, solve_linear(lp)).ok
    True
    """
    parts = [
        (solution.x, lp.c),
        (solution.dual_ub, lp.b_ub),
        (solution.dual_eq, lp.b_eq),
        (solution.reduced_costs, lp.c),
    ]
    is_shaped = all(part.shape == like.shape for part, like in parts)
    is_finite = math.isfinite(solution.objective) and all(
        bool(np.isfinite(part).all()) for part, _ in parts
    )
    first = (exact("shapes", not is_shaped), exact("finite", not is_finite))
    if not (is_shaped and is_finite):
        return Certificate(first)
    return Certificate((*first, *_primal_checks(lp, solution), *_dual_checks(lp, solution)))


def _largest(violation: NDArray[np.float64], size: NDArray[np.float64]) -> float:
    """Return the largest violation relative to the numbers it comes from."""
    return float((violation / np.maximum(size, 1.0)).max(initial=0.0))


def _primal_checks(lp: LinearProgram, solution: LinearSolution) -> list[Check]:
    """Check rows, bounds and the objective at the solution."""
    x = solution.x
    over = lp.a_ub @ x - lp.b_ub
    off = np.abs(lp.a_eq @ x - lp.b_eq)
    outside = np.maximum(np.maximum(lp.lower - x, x - lp.upper), 0.0)
    objective = float(lp.c @ x)
    miss = abs(objective - solution.objective) / max(1.0, abs(objective))
    size_ub = np.maximum(abs(lp.a_ub) @ np.abs(x), np.abs(lp.b_ub))
    size_eq = np.maximum(abs(lp.a_eq) @ np.abs(x), np.abs(lp.b_eq))
    return [
        within("rows-ub", _largest(np.maximum(over, 0.0), size_ub), LINEAR_TOLERANCE),
        within("rows-eq", _largest(off, size_eq), LINEAR_TOLERANCE),
        within("bounds", _largest(outside, np.abs(x)), LINEAR_TOLERANCE),
        within("objective", miss, GAP_TOLERANCE),
    ]


def _dual_checks(lp: LinearProgram, solution: LinearSolution) -> list[Check]:
    """Check the signs of the duals, complementary slackness and the gap.

    A maximization is the minimization of the negative: all its duals change sign.
    """
    sign = -1.0 if lp.maximize else 1.0
    dual_ub, dual_eq = sign * solution.dual_ub, sign * solution.dual_eq
    claimed, c = sign * solution.reduced_costs, sign * lp.c
    reduced = c - lp.a_ub.T @ dual_ub - lp.a_eq.T @ dual_eq
    size = np.abs(c) + abs(lp.a_ub.T) @ np.abs(dual_ub) + abs(lp.a_eq.T) @ np.abs(dual_eq)
    # A reduced cost pushes to one bound; without that bound it must be 0.
    bound = np.where(reduced > 0, lp.lower, lp.upper)
    unheld = np.where(np.isinf(bound), np.abs(reduced), 0.0)
    held = np.where(np.isinf(bound), 0.0, bound)
    objective = sign * solution.objective
    dual_objective = float(lp.b_ub @ dual_ub + lp.b_eq @ dual_eq + held @ reduced)
    scale = max(1.0, abs(objective))
    slack_ub = np.abs(dual_ub * (lp.b_ub - lp.a_ub @ solution.x)).sum()
    slack_bounds = np.abs(np.where(np.isinf(bound), 0.0, reduced * (solution.x - held))).sum()
    tolerance = LINEAR_TOLERANCE
    return [
        within("dual-signs", _largest(np.maximum(dual_ub, 0.0), np.abs(dual_ub)), tolerance),
        within("dual-rows", _largest(unheld, size), tolerance),
        within("reduced-costs", _largest(np.abs(reduced - claimed), size), tolerance),
        within("slackness-ub", float(slack_ub) / scale, tolerance),
        within("slackness-bounds", float(slack_bounds) / scale, tolerance),
        within("gap", abs(objective - dual_objective) / scale, GAP_TOLERANCE),
    ]
