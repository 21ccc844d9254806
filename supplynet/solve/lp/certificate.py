"""The independent check of a linear program's solution, by plain matrix products.

Nothing is measured against a fixed amount: a program in grams is checked as one in billions of
tonnes. Rows and bounds are measured against the amounts that meet in them; duals against what
they are worth, in the units of the objective, so that what is accepted bounds the true gap.
"""

from __future__ import annotations

import math
from copy import copy
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
    at = _at(lp, solution.x)
    sizes = _sizes(lp, solution.x, at.ub.sizes(), at.eq.sizes())
    primal = _primal_checks(lp, solution, sizes, at, tolerance)
    dual = _dual_checks(lp, solution, sizes, at, tolerance)
    if not all(check.is_ok for check in dual):  # the limits themselves take longer to work out
        limits = implied_limits(lp)
        reach = np.where(np.isfinite(limits), np.maximum(limits, 0.0), sizes.reach)
        dual = _dual_checks(lp, solution, sizes._replace(reach=reach), at, tolerance)
    return Certificate((*first, *primal, *dual))


class _Entries:
    """The entries of a matrix, and what comes to its rows and columns through them.

    Making another sparse matrix of a small one takes longer than all that is worked out with it.

    Parameters
    ----------
    matrix : csr_array
    """

    def __init__(self, matrix: Any) -> None:
        self.data, self.column = matrix.data, matrix.indices
        self.row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        self._shape = matrix.shape

    def sizes(self) -> _Entries:
        """Return the sizes of those that are not 0."""
        sized = copy(self)
        sized.data = np.abs(self.data)
        if not sized.data.all():
            there = np.flatnonzero(sized.data)
            sized.data, sized.row, sized.column = (
                part[there] for part in (sized.data, self.row, self.column)
            )
        return sized

    def to_rows(self, x: _Vector) -> _Vector:
        """Return what the columns, each times its value, add up to in every row."""
        weights = self.data * x[self.column]
        return np.bincount(self.row, weights, self._shape[0]).astype(np.float64)

    def to_columns(self, y: _Vector) -> _Vector:
        """Return what the rows, each times its value, add up to in every column."""
        return np.bincount(self.column, self.data * y[self.row], self._shape[1]).astype(np.float64)

    def most_in_rows(self, values: _Vector) -> _Vector:
        """Return the largest of the values of the entries in each row, 0 for none."""
        most = np.zeros(self._shape[0])
        np.maximum.at(most, self.row, values)
        return most

    def most_in_columns(self, values: _Vector) -> _Vector:
        """Return the largest of the values of the entries in each column, 0 for none."""
        most = np.zeros(self._shape[1])
        np.maximum.at(most, self.column, values)
        return most


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
    ub, eq : _Entries
        The sizes of all entries, of inequalities and equalities.
    """

    rows: _Vector
    reach_rows: _Vector
    reach: _Vector
    objective: float
    ub: _Entries
    eq: _Entries


def _sizes(lp: LinearProgram, x: _Vector, ub: _Entries, eq: _Entries) -> _Sizes:
    """Return what the checks of a solution are measured against; entries are their sizes."""
    size = np.abs(x)
    reach = size
    for ends in (lp.lower, lp.upper):
        reach = np.maximum(reach, np.where(np.isfinite(ends), np.abs(ends), 0.0))
    reach_of_bounds = np.where(np.isfinite(lp.upper), np.abs(lp.upper), 0.0)
    parts = ub, eq
    rows = [
        np.maximum(part.to_rows(size), np.abs(sides))
        for part, sides in zip(parts, (lp.b_ub, lp.b_eq), strict=True)
    ]
    around = rows
    for _ in range(_STEPS):
        for part, amounts in zip(parts, around, strict=True):
            reach = np.maximum(reach, part.most_in_columns(amounts[part.row] / part.data))
        around = [
            np.maximum(amounts, part.most_in_rows(reach[part.column] * part.data))
            for part, amounts in zip(parts, around, strict=True)
        ]
    limits = (np.abs(lp.b_ub), np.abs(lp.b_eq), reach_of_bounds)
    scale = max(float(ends.max(initial=0.0)) for ends in limits) or 1.0  # a cone has no size
    reach = np.maximum(reach, _NOTHING / _DUST * scale)
    around = [np.maximum(amounts, _NOTHING / _DUST * scale) for amounts in around]
    terms, whole = np.abs(lp.c) * size, np.abs(lp.c) * reach
    # One cost far above all others must not hide what those add up to: what could come counts up
    # to the sum of the terms, or where nothing is, up to the least that a variable could be worth.
    limit = max(float(terms.sum()), float(whole[whole > 0.0].min(initial=np.inf)))
    objective = max(
        abs(_inner(lp.c, x)),
        _CANCELLED * float(terms.sum()),
        min(_DUST * float(whole.max(initial=0.0)), limit),
    )
    return _Sizes(np.concatenate(rows), np.concatenate(around), reach, objective, ub, eq)


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


class _At(NamedTuple):
    """What a solution makes of the rows, and how far it is off.

    Parameters
    ----------
    ub, eq : _Entries
        Of inequalities and equalities.
    rows_ub, rows_eq : ndarray of float, shape (u,) and (e,)
    over, off, outside : ndarray of float, shape (u,), (e,) and (n,)
        How far inequalities, equalities and variables are off.
    """

    ub: _Entries
    eq: _Entries
    rows_ub: _Vector
    rows_eq: _Vector
    over: _Vector
    off: _Vector
    outside: _Vector


def _at(lp: LinearProgram, x: _Vector) -> _At:
    """Return what a solution makes of the rows."""
    ub, eq = _Entries(lp.a_ub), _Entries(lp.a_eq)
    rows_ub, rows_eq = ub.to_rows(x), eq.to_rows(x)
    outside = np.maximum(np.maximum(lp.lower - x, x - lp.upper), 0.0)
    over, off = np.maximum(rows_ub - lp.b_ub, 0.0), np.abs(rows_eq - lp.b_eq)
    return _At(ub, eq, rows_ub, rows_eq, over, off, outside)


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


def _primal_checks(
    lp: LinearProgram, solution: LinearSolution, sizes: _Sizes, at: _At, tolerance: float
) -> list[Check]:
    """Check rows, bounds and the objective at the solution."""
    n_ub = lp.b_ub.size
    miss = abs(_inner(lp.c, solution.x) - solution.objective)
    return [
        within("rows-ub", _largest(at.over, sizes.rows[:n_ub], sizes.reach_rows[:n_ub]), tolerance),
        within("rows-eq", _largest(at.off, sizes.rows[n_ub:], sizes.reach_rows[n_ub:]), tolerance),
        within("bounds", _largest(at.outside, np.abs(solution.x), sizes.reach), tolerance),
        within("objective", _relative(miss, sizes.objective), GAP_TOLERANCE),
    ]


def _dual_checks(
    lp: LinearProgram, solution: LinearSolution, sizes: _Sizes, at: _At, tolerance: float
) -> list[Check]:
    """Check the signs of the duals, complementary slackness and the gap.

    A maximization is the minimization of the negative: all its duals change sign.
    """
    sign = -1.0 if lp.maximize else 1.0
    dual_ub, dual_eq = sign * solution.dual_ub, sign * solution.dual_eq
    claimed, c = sign * solution.reduced_costs, sign * lp.c
    reduced = c - at.ub.to_columns(dual_ub) - at.eq.to_columns(dual_eq)
    # A reduced cost pushes to one bound; without that bound it must be 0.
    bound = np.where(reduced > 0, lp.lower, lp.upper)
    # What the sums of this check itself round off is no fault of the duals, up to a small part of
    # the costs: huge duals that cancel could hide any reduced cost.
    terms = np.abs(c)
    terms += sizes.ub.to_columns(np.abs(dual_ub)) + sizes.eq.to_columns(np.abs(dual_eq))
    least = float(np.abs(c)[c != 0.0].min(initial=np.inf))
    rounded = np.minimum(_ROUNDED * terms, tolerance * np.maximum(np.abs(c), least))
    unheld = np.where(np.isinf(bound), np.maximum(np.abs(reduced) - rounded, 0.0), 0.0)
    held = np.where(np.isinf(bound), 0.0, bound)
    objective = sign * solution.objective
    dual_objective = _inner(lp.b_ub, dual_ub) + _inner(lp.b_eq, dual_eq) + _inner(held, reduced)
    slack_ub = np.abs(dual_ub * (lp.b_ub - at.rows_ub)).sum()
    slack_bounds = np.abs(np.where(np.isinf(bound), 0.0, reduced * (solution.x - held))).sum()
    n_ub = lp.b_ub.size
    over = np.maximum(at.over - _ROUNDED * sizes.rows[:n_ub], 0.0)
    off = np.maximum(at.off - _ROUNDED * sizes.rows[n_ub:], 0.0)
    hidden = _inner(np.abs(dual_ub), over) + _inner(np.abs(dual_eq), off)
    hidden += _inner(np.abs(reduced), at.outside)
    unlike = np.maximum(np.abs(reduced - claimed) - rounded, 0.0)
    reach_ub = sizes.reach_rows[:n_ub]
    wrong = np.maximum(dual_ub - _ROUNDED * np.abs(dual_ub).max(initial=0.0), 0.0)

    def check(name: str, amount: Any, allowed: float) -> Check:
        return within(name, _relative(float(amount), sizes.objective), allowed)

    return [
        check("dual-signs", _inner(wrong, reach_ub), tolerance),
        check("dual-rows", _inner(unheld, sizes.reach), tolerance),
        check("reduced-costs", _inner(unlike, sizes.reach), tolerance),
        check("slackness-ub", slack_ub, tolerance),
        check("slackness-bounds", slack_bounds, tolerance),
        check("worth-of-rows", hidden, tolerance),
        check("gap", abs(objective - dual_objective), GAP_TOLERANCE),
    ]


def _inner(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return the sum of the products of two vectors; no code is shared with what is checked."""
    # `@` shares long vectors among threads, which on a busy machine wait for each other.
    return float((first * second).sum())
