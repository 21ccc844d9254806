"""The independent check of a linear program's solution, by plain matrix products.

Nothing is measured against a fixed amount: a program in grams is checked as one in billions of
tonnes. Rows and bounds are measured against the amounts that meet in them; duals against what
they are worth, in the units of the objective, so that what is accepted bounds the true gap.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.check import Certificate, Check, exact, within

if TYPE_CHECKING:
    from supplynet.solve.lp.program import LinearProgram, LinearSolution

__all__ = ["certify_linear"]

#: how far rows and bounds may be off, of the amounts that meet in them
LINEAR_TOLERANCE = 1e-7
#: how far the objective may lie from the best, of its size
GAP_TOLERANCE = 1e-8

# part of what could come to a row or variable below which an amount is rounding
_DUST = 1e-5
# the same of what the objective adds up
_CANCELLED = 1e-3
# part of the largest limit of a program below which an amount is rounding wherever it stands
_NOTHING = 1e-9
# part of the terms of a sum that it may be off by rounding
_ROUNDED = 2.0**-49
# steps in which what could come spreads from rows to variables and on, and limits do
_STEPS, _MOST_STEPS = 3, 30

_Vector = NDArray[np.float64]


def certify_linear(
    lp: LinearProgram, solution: LinearSolution, *, tolerance: float = LINEAR_TOLERANCE
) -> Certificate:
    """Check that a linear program's solution is feasible and that none is better.

    The dual objective of feasible duals bounds the objective (weak duality), so a
    feasible solution without a gap is optimal. Duals are never feasible to the last digit:
    what is missing is counted as the objective that it could hide, the reduced cost times the
    most that could come to its variable (Neumaier and Shcherbina, 2004,
    doi:10.1007/s10107-003-0433-3). So is what rows are off, at their duals. All of it is
    relative to the objective.

    Parameters
    ----------
    lp : LinearProgram
        The program as given.
    solution : LinearSolution
        What a solver claims.
    tolerance : float, optional
        How far rows and bounds may be off, and what the duals may hide of the objective, relative.

    Returns
    -------
    Certificate
        All checks; if the arrays' shapes or numbers are wrong, only those.

    Examples
    --------
    >>> import numpy as np
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> from supplynet.solve.lp.solve import solve_linear
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
    sizes = _sizes(lp, solution.x)
    primal = _primal_checks(lp, solution, sizes, tolerance)
    dual = _dual_checks(lp, solution, sizes, tolerance)
    if not all(check.is_ok for check in dual):  # the limits themselves take longer to work out
        limits = implied_limits(lp)
        reach = np.where(np.isfinite(limits), np.maximum(limits, 0.0), sizes.reach)
        dual = _dual_checks(lp, solution, sizes._replace(reach=reach), tolerance)
    return Certificate((*first, *primal, *dual))


class _Sizes(NamedTuple):
    """What things are measured against.

    Parameters
    ----------
    rows : ndarray of float, shape (u + e,)
        The amounts that meet in each row, inequalities first.
    reach_rows, reach : ndarray of float, shape (u + e,) and (n,)
        The amounts that could come to each row and variable, had it all that passes the rows
        around it.
    objective : float
    matrices : tuple of csc_array
        The sizes of all entries, of inequalities and equalities.
    """

    rows: _Vector
    reach_rows: _Vector
    reach: _Vector
    objective: float
    matrices: tuple[Any, Any]


def _sizes(lp: LinearProgram, x: _Vector) -> _Sizes:
    """Return what the checks of a solution are measured against."""
    size = np.abs(x)
    reach = size
    for ends in (lp.lower, lp.upper):
        reach = np.maximum(reach, np.where(np.isfinite(ends), np.abs(ends), 0.0))
    reach_of_bounds = np.where(np.isfinite(lp.upper), np.abs(lp.upper), 0.0)
    parts = []
    for matrix, sides in ((abs(lp.a_ub), lp.b_ub), (abs(lp.a_eq), lp.b_eq)):
        if not matrix.data.all():
            matrix.eliminate_zeros()
        parts.append((matrix, matrix.tocsc(), np.maximum(matrix @ size, np.abs(sides))))
    around = [rows for _, _, rows in parts]
    for _ in range(_STEPS):
        for (_, columns, _), rows in zip(parts, around, strict=True):
            reach = np.maximum(reach, _most(rows[columns.indices] / columns.data, columns))
        around = [
            np.maximum(rows, _most(reach[matrix.indices] * matrix.data, matrix))
            for (matrix, _, _), rows in zip(parts, around, strict=True)
        ]
    limits = (np.abs(lp.b_ub), np.abs(lp.b_eq), reach_of_bounds)
    scale = max(float(ends.max(initial=0.0)) for ends in limits) or 1.0  # a cone has no size
    reach = np.maximum(reach, _NOTHING / _DUST * scale)
    around = [np.maximum(rows, _NOTHING / _DUST * scale) for rows in around]
    terms, whole = np.abs(lp.c) * size, np.abs(lp.c) * reach
    # One cost far above all others must not hide what those add up to: what could come counts up
    # to the sum of the terms, or where nothing is, up to the least that a variable could be worth.
    limit = max(float(terms.sum()), float(whole[whole > 0.0].min(initial=np.inf)))
    objective = max(
        abs(float(lp.c @ x)),
        _CANCELLED * float(terms.sum()),
        min(_DUST * float(whole.max(initial=0.0)), limit),
    )
    rows = np.concatenate([rows for _, _, rows in parts])
    matrices = parts[0][1], parts[1][1]
    return _Sizes(rows, np.concatenate(around), reach, objective, matrices)


def implied_limits(lp: LinearProgram) -> _Vector:
    """Return the most that each variable can be where all rows and bounds hold; inf for no limit.

    What a row leaves to one variable when the others are at their most favorable ends, over and
    over (Brearley, Mitra and Williams, 1975, doi:10.1007/BF01580428).

    Parameters
    ----------
    lp : LinearProgram

    Examples
    --------
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> lp = LinearProgram(
    ...     [0.0, 0.0], [[2.0, 0.0]], [6.0], [[-1.0, 4.0]], [0.0], [0.0, 0.0], [np.inf, np.inf]
    ... )
    >>> implied_limits(lp).tolist()
    [3.0, 0.75]
    """
    limits = np.array(lp.upper)
    sides = ((lp.a_ub, 1.0, lp.b_ub), (lp.a_eq, 1.0, lp.b_eq), (lp.a_eq, -1.0, lp.b_eq))
    n_known = -1
    for _ in range(_MOST_STEPS):
        for matrix, sign, right in sides:
            _tighten(limits, lp.lower, matrix, sign, right)
        n_before, n_known = n_known, int(np.isfinite(limits).sum())
        if n_known == n_before:
            break
    return limits


def _tighten(limits: _Vector, lower: _Vector, matrix: Any, sign: float, right: _Vector) -> None:
    """Lower the limits to what the rows ``sign * matrix @ x <= sign * right`` leave."""
    columns, coefficients = matrix.indices, sign * matrix.data
    rows = np.repeat(np.arange(right.size), np.diff(matrix.indptr))
    # Each row says how large a variable can be when all others in it are as small as they can:
    # bound propagation, repeated until no further variable gets a limit.
    ends = np.where(coefficients > 0.0, lower[columns], limits[columns])
    is_open = np.isinf(ends) & (coefficients != 0.0)
    least = np.where(is_open, 0.0, coefficients * np.where(is_open, 0.0, ends))
    n_open = np.bincount(rows, weights=is_open, minlength=right.size)
    total = np.bincount(rows, weights=least, minlength=right.size)
    chosen = np.flatnonzero((coefficients > 0.0) & (n_open[rows] == is_open))
    rows, least, coefficients, columns = (
        rows[chosen],
        least[chosen],
        coefficients[chosen],
        columns[chosen],
    )
    np.minimum.at(limits, columns, (sign * right[rows] - (total[rows] - least)) / coefficients)


def _most(values: _Vector, matrix: Any) -> _Vector:
    """Return the largest of the values in each row (column) of a matrix by rows (columns)."""
    largest = np.zeros(matrix.indptr.size - 1)
    starts = matrix.indptr[:-1]
    is_there = np.diff(matrix.indptr) > 0
    if is_there.any():
        largest[is_there] = np.maximum.reduceat(values, starts[is_there])
    return largest


def _largest(violation: _Vector, size: _Vector, reach: _Vector) -> float:
    """Return the largest violation relative to the amounts that it comes from."""
    against = np.maximum(size, _DUST * reach)
    against[violation == 0.0] = 1.0
    against[against == 0.0] = np.finfo(np.float64).tiny
    with np.errstate(over="ignore"):
        return float((violation / against).max(initial=0.0))


def _relative(amount: float, size: float) -> float:
    """Return an amount of the objective relative to its size; where that is 0 none is allowed."""
    if amount == 0.0:
        return 0.0
    return amount / size if size > 0.0 else math.inf


def _off(lp: LinearProgram, x: _Vector) -> tuple[_Vector, _Vector, _Vector]:
    """Return how far inequalities, equalities and variables are off."""
    over = np.maximum(lp.a_ub @ x - lp.b_ub, 0.0)
    outside = np.maximum(np.maximum(lp.lower - x, x - lp.upper), 0.0)
    return over, np.abs(lp.a_eq @ x - lp.b_eq), outside


def _primal_checks(
    lp: LinearProgram, solution: LinearSolution, sizes: _Sizes, tolerance: float
) -> list[Check]:
    """Check rows, bounds and the objective at the solution."""
    over, off, outside = _off(lp, solution.x)
    n_ub = lp.b_ub.size
    miss = abs(float(lp.c @ solution.x) - solution.objective)
    return [
        within("rows-ub", _largest(over, sizes.rows[:n_ub], sizes.reach_rows[:n_ub]), tolerance),
        within("rows-eq", _largest(off, sizes.rows[n_ub:], sizes.reach_rows[n_ub:]), tolerance),
        within("bounds", _largest(outside, np.abs(solution.x), sizes.reach), tolerance),
        within("objective", _relative(miss, sizes.objective), GAP_TOLERANCE),
    ]


def _dual_checks(
    lp: LinearProgram, solution: LinearSolution, sizes: _Sizes, tolerance: float
) -> list[Check]:
    """Check the signs of the duals, complementary slackness and the gap.

    A maximization is the minimization of the negative: all its duals change sign.
    """
    sign = -1.0 if lp.maximize else 1.0
    dual_ub, dual_eq = sign * solution.dual_ub, sign * solution.dual_eq
    claimed, c = sign * solution.reduced_costs, sign * lp.c
    reduced = c - lp.a_ub.T @ dual_ub - lp.a_eq.T @ dual_eq
    # A reduced cost pushes to one bound; without that bound it must be 0.
    bound = np.where(reduced > 0, lp.lower, lp.upper)
    # What the sums of this check itself round off is no fault of the duals, up to a small part of
    # the costs: huge duals that cancel could hide any reduced cost.
    sized_ub, sized_eq = sizes.matrices
    terms = np.abs(c) + sized_ub.T @ np.abs(dual_ub) + sized_eq.T @ np.abs(dual_eq)
    least = float(np.abs(c)[c != 0.0].min(initial=np.inf))
    rounded = np.minimum(_ROUNDED * terms, tolerance * np.maximum(np.abs(c), least))
    unheld = np.where(np.isinf(bound), np.maximum(np.abs(reduced) - rounded, 0.0), 0.0)
    held = np.where(np.isinf(bound), 0.0, bound)
    objective = sign * solution.objective
    dual_objective = float(lp.b_ub @ dual_ub + lp.b_eq @ dual_eq + held @ reduced)
    slack_ub = np.abs(dual_ub * (lp.b_ub - lp.a_ub @ solution.x)).sum()
    slack_bounds = np.abs(np.where(np.isinf(bound), 0.0, reduced * (solution.x - held))).sum()
    over, off, outside = _off(lp, solution.x)
    n_ub = lp.b_ub.size
    over = np.maximum(over - _ROUNDED * sizes.rows[:n_ub], 0.0)
    off = np.maximum(off - _ROUNDED * sizes.rows[n_ub:], 0.0)
    hidden = np.abs(dual_ub) @ over + np.abs(dual_eq) @ off + np.abs(reduced) @ outside
    unlike = np.maximum(np.abs(reduced - claimed) - rounded, 0.0)
    reach_ub = sizes.reach_rows[:n_ub]
    wrong = np.maximum(dual_ub - _ROUNDED * np.abs(dual_ub).max(initial=0.0), 0.0)

    def check(name: str, amount: Any, allowed: float) -> Check:
        return within(name, _relative(float(amount), sizes.objective), allowed)

    return [
        check("dual-signs", wrong @ reach_ub, tolerance),
        check("dual-rows", unheld @ sizes.reach, tolerance),
        check("reduced-costs", unlike @ sizes.reach, tolerance),
        check("slackness-ub", slack_ub, tolerance),
        check("slackness-bounds", slack_bounds, tolerance),
        check("worth-of-rows", hidden, tolerance),
        check("gap", abs(objective - dual_objective), GAP_TOLERANCE),
    ]
