"""The independent check of a linear program's solution, by plain matrix products.

Nothing is measured against a fixed amount: a program in grams is checked as one in billions of
tonnes. Rows and bounds are measured against the amounts that meet in them; duals against what
they are worth, in the units of the objective, so that what is accepted bounds the true gap.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supplynet.arrays import Floats
from supplynet.solve.check import Certificate, Check, exact, within
from supplynet.solve.lp.side_by_side import side_by_side

if TYPE_CHECKING:
    from supplynet.solve.lp.program import LinearProgram, LinearSolution
    from supplynet.solve.lp.side_by_side import Entries, Given


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


def certify_linear(
    lp: LinearProgram,
    solution: LinearSolution,
    *,
    tolerance: float = LINEAR_TOLERANCE,
    whole: float = 0.0,
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
    whole : float, optional
        What the objective is a part of: a share of next to nothing is measured against all of it.

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
    return certify_alike([lp], [solution], tolerance=tolerance, whole=whole)[0]


def certify_alike(
    programs: Sequence[LinearProgram],
    solutions: Sequence[LinearSolution],
    *,
    tolerance: float = LINEAR_TOLERANCE,
    whole: float = 0.0,
) -> list[Certificate]:
    """Check the solutions of programs of as many rows and variables, each as by itself.

    Of many small programs one sum over all takes a fraction of the time of one sum for each.

    Parameters
    ----------
    programs : sequence of LinearProgram
        With as many variables, inequalities and equalities.
    solutions : sequence of LinearSolution
        One for each.
    tolerance, whole : float, optional
        As in :func:`certify_linear`.

    Returns
    -------
    list of Certificate
        What :func:`certify_linear` says of each, to the last digit.

    Examples
    --------
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> from supplynet.solve.lp.solve import solve_linear
    >>> alike = [LinearProgram([cost], None, None, None, None, [0.0], [3.0]) for cost in (1.0, 2.0)]
    >>> [certificate.ok for certificate in certify_alike(alike, [solve_linear(lp) for lp in alike])]
    [True, True]
    """
    first = [_first_checks(*pair) for pair in zip(programs, solutions, strict=True)]
    certificates = [Certificate(checks) for checks in first]
    sound = [index for index, certificate in enumerate(certificates) if certificate.ok]
    if sound:
        inputs = side_by_side([programs[k] for k in sound], [solutions[k] for k in sound])
        at = _at(inputs)
        sizes = _sizes(inputs, inputs.ub.sizes(), inputs.eq.sizes())
        sizes = sizes._replace(objective=np.maximum(sizes.objective, whole))
        primal = _primal_checks(inputs, sizes, at, tolerance)
        dual = _dual_checks(inputs, sizes, at, tolerance)
        if not all(check.is_ok for checks in dual for check in checks):
            # the limits themselves take longer to work out
            limits = np.stack([implied_limits(programs[k]) for k in sound])
            reach = np.where(np.isfinite(limits), np.maximum(limits, 0.0), sizes.reach)
            again = _dual_checks(inputs, sizes._replace(reach=reach), at, tolerance)
            dual = [
                names if all(check.is_ok for check in names) else anew
                for names, anew in zip(dual, again, strict=True)
            ]
        for index, *checks in zip(sound, primal, dual, strict=True):
            certificates[index] = Certificate((*first[index], *checks[0], *checks[1]))
    return certificates


def _first_checks(lp: LinearProgram, solution: LinearSolution) -> tuple[Check, Check]:
    """Check the arrays' shapes and numbers."""
    parts = [
        (solution.x, lp.c),
        (solution.dual_ub, lp.b_ub),
        (solution.dual_eq, lp.b_eq),
        (solution.reduced_costs, lp.c),
    ]
    is_shaped = all(shares.shape == like.shape for shares, like in parts)
    is_finite = math.isfinite(solution.objective) and all(
        bool(np.isfinite(block).all()) for block, _ in parts
    )
    return exact("shapes", not is_shaped), exact("finite", not is_finite)


class _Sizes(NamedTuple):
    """What things are measured against.

    Parameters
    ----------
    rows : ndarray of float, shape (n, u + e)
        The amounts that meet in each row, inequalities first.
    reach_rows, reach : ndarray of float, shape (n, u + e) and (n, n_columns)
        The amounts that could come to each row and variable, had it all that passes the rows
        around it.
    objective : ndarray of float, shape (n,)
    ub, eq : Entries
        The sizes of all entries, of inequalities and equalities.
    """

    rows: Floats
    reach_rows: Floats
    reach: Floats
    objective: Floats
    ub: Entries
    eq: Entries


def _sizes(inputs: Given, ub: Entries, eq: Entries) -> _Sizes:
    """Return what the checks of solutions are measured against; entries are their sizes."""
    size, costs = np.abs(inputs.x), np.abs(inputs.c)
    reach = size
    for bounds in (inputs.lower, inputs.upper):
        reach = np.maximum(reach, np.where(np.isfinite(bounds), np.abs(bounds), 0.0))
    reach_of_bounds = np.where(np.isfinite(inputs.upper), np.abs(inputs.upper), 0.0)
    parts = ub, eq
    rows = [
        np.maximum(portion.to_rows(size), np.abs(sides))
        for portion, sides in zip(parts, (inputs.b_ub, inputs.b_eq), strict=True)
    ]
    around = rows
    for _ in range(_STEPS):
        for entries, amounts in zip(parts, around, strict=True):
            reach = np.maximum(reach, entries.most_in_columns(amounts))
        around = [
            np.maximum(amounts, share.most_in_rows(reach))
            for share, amounts in zip(parts, around, strict=True)
        ]
    limits = (np.abs(inputs.b_ub), np.abs(inputs.b_eq), reach_of_bounds)
    scale = np.max([span.max(axis=1, initial=0.0) for span in limits], axis=0)
    scale[scale == 0.0] = 1.0  # a cone has no size
    least = (_NOTHING / _DUST * scale)[:, None]
    reach = np.maximum(reach, least)
    around = [np.maximum(amounts, least) for amounts in around]
    terms, total = (costs * size).sum(axis=1), costs * reach
    # One cost far above all others must not hide what those add up to: what could come counts up
    # to the sum of the terms, or where nothing is, up to the least that a variable could be worth.
    limit = np.maximum(terms, np.where(total > 0.0, total, np.inf).min(axis=1, initial=np.inf))
    could = np.minimum(_DUST * total.max(axis=1, initial=0.0), limit)
    objective = np.maximum(
        np.abs(_inner(inputs.c, inputs.x)), np.maximum(_CANCELLED * terms, could)
    )
    both = np.concatenate(rows, axis=1), np.concatenate(around, axis=1)
    return _Sizes(*both, reach, objective, ub, eq)


def implied_limits(lp: LinearProgram) -> Floats:
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


def _tighten(limits: Floats, lower: Floats, matrix: Any, sign: float, right: Floats) -> None:
    """Lower the limits to what the rows ``sign * matrix @ x <= sign * right`` leave."""
    columns, coefficients = matrix.indices, sign * matrix.data
    rows = np.repeat(np.arange(right.size), np.diff(matrix.indptr))
    # Each row says how large a variable can be when all others in it are as small as they can:
    # bound propagation, repeated until no further variable gets a limit.
    bounds = np.where(coefficients > 0.0, lower[columns], limits[columns])
    bounds[coefficients == 0.0] = 0.0  # an entry of 0 leaves its row as it is, however large x is
    is_open = np.isinf(bounds)
    least = coefficients * np.where(is_open, 0.0, bounds)
    n_open = np.bincount(rows, weights=is_open, minlength=right.size)
    total = np.bincount(rows, weights=least, minlength=right.size)
    selection = np.flatnonzero((coefficients > 0.0) & (n_open[rows] == is_open))
    rows, least, coefficients, columns = (
        rows[selection],
        least[selection],
        coefficients[selection],
        columns[selection],
    )
    np.minimum.at(limits, columns, (sign * right[rows] - (total[rows] - least)) / coefficients)


class _At(NamedTuple):
    """What solutions make of the rows, and how far they are off.

    Parameters
    ----------
    rows_ub, rows_eq : ndarray of float, shape (n, u) and (n, e)
    over, off, outside : ndarray of float, shape (n, u), (n, e) and (n, n_columns)
        How far inequalities, equalities and variables are off.
    """

    rows_ub: Floats
    rows_eq: Floats
    over: Floats
    off: Floats
    outside: Floats


def _at(inputs: Given) -> _At:
    """Return what solutions make of the rows."""
    x = inputs.x
    rows_ub, rows_eq = inputs.ub.to_rows(x), inputs.eq.to_rows(x)
    outside = np.maximum(np.maximum(inputs.lower - x, x - inputs.upper), 0.0)
    over, off = np.maximum(rows_ub - inputs.b_ub, 0.0), np.abs(rows_eq - inputs.b_eq)
    return _At(rows_ub, rows_eq, over, off, outside)


def _largest(violation: Floats, size: Floats, reach: Floats) -> Floats:
    """Return the largest violation relative to the amounts that it comes from."""
    against = np.maximum(size, _DUST * reach)
    against[violation == 0.0] = 1.0
    against[against == 0.0] = np.finfo(np.float64).tiny
    with np.errstate(over="ignore"):
        largest: Floats = (violation / against).max(axis=1, initial=0.0)
    return largest


def _relative(amounts: Floats, sizes: Floats) -> Floats:
    """Return amounts of the objective relative to its size; where that is 0 none is allowed."""
    safe = np.where(sizes > 0.0, sizes, 1.0)
    return np.where(amounts == 0.0, 0.0, np.where(sizes > 0.0, amounts / safe, np.inf))


def _checks(named: Mapping[str, tuple[Floats, float]]) -> list[list[Check]]:
    """Return the checks of each solution by what they found in all, and what is allowed."""
    columns = [
        [within(name, residual, allowed) for residual in values.tolist()]
        for name, (values, allowed) in named.items()
    ]
    return [list(checks) for checks in zip(*columns, strict=True)]


def _primal_checks(inputs: Given, sizes: _Sizes, at: _At, tolerance: float) -> list[list[Check]]:
    """Check rows, bounds and the objective at the solutions."""
    n_ub = inputs.b_ub.shape[1]
    ub, eq = (slice(None), slice(n_ub)), (slice(None), slice(n_ub, None))
    miss = np.abs(_inner(inputs.c, inputs.x) - inputs.objective)
    return _checks(
        {
            "rows-ub": (_largest(at.over, sizes.rows[ub], sizes.reach_rows[ub]), tolerance),
            "rows-eq": (_largest(at.off, sizes.rows[eq], sizes.reach_rows[eq]), tolerance),
            "bounds": (_largest(at.outside, np.abs(inputs.x), sizes.reach), tolerance),
            "objective": (_relative(miss, sizes.objective), GAP_TOLERANCE),
        }
    )


def _dual_checks(inputs: Given, sizes: _Sizes, at: _At, tolerance: float) -> list[list[Check]]:
    """Check the signs of the duals, complementary slackness and the gap."""
    dual_ub, dual_eq, costs = inputs.dual_ub, inputs.dual_eq, np.abs(inputs.c)
    reduced = inputs.c - inputs.ub.to_columns(dual_ub) - inputs.eq.to_columns(dual_eq)
    # A reduced cost pushes to one bound; without that bound it must be 0.
    bound = np.where(reduced > 0, inputs.lower, inputs.upper)
    # What the sums of this check itself round off is no fault of the duals, up to a small part of
    # the costs: huge duals that cancel could hide any reduced cost.
    terms = costs + (sizes.ub.to_columns(np.abs(dual_ub)) + sizes.eq.to_columns(np.abs(dual_eq)))
    least = np.where(costs > 0.0, costs, np.inf).min(axis=1, initial=np.inf)
    rounded = np.minimum(_ROUNDED * terms, tolerance * np.maximum(costs, least[:, None]))
    unheld = np.where(np.isinf(bound), np.maximum(np.abs(reduced) - rounded, 0.0), 0.0)
    finite = np.where(np.isinf(bound), 0.0, bound)
    dual_objective = _inner(inputs.b_ub, dual_ub) + _inner(inputs.b_eq, dual_eq)
    dual_objective += _inner(finite, reduced)
    slack_ub = np.abs(dual_ub * (inputs.b_ub - at.rows_ub)).sum(axis=1)
    slack_bounds = np.abs(np.where(np.isinf(bound), 0.0, reduced * (inputs.x - finite))).sum(axis=1)
    n_ub = inputs.b_ub.shape[1]
    over = np.maximum(at.over - _ROUNDED * sizes.rows[:, :n_ub], 0.0)
    off = np.maximum(at.off - _ROUNDED * sizes.rows[:, n_ub:], 0.0)
    hidden = _inner(np.abs(dual_ub), over) + _inner(np.abs(dual_eq), off)
    hidden += _inner(np.abs(reduced), at.outside)
    unlike = np.maximum(np.abs(reduced - inputs.reduced) - rounded, 0.0)
    largest = np.abs(dual_ub).max(axis=1, initial=0.0)
    wrong = np.maximum(dual_ub - _ROUNDED * largest[:, None], 0.0)
    amounts = {
        "dual-signs": (_inner(wrong, sizes.reach_rows[:, :n_ub]), tolerance),
        "dual-rows": (_inner(unheld, sizes.reach), tolerance),
        "reduced-costs": (_inner(unlike, sizes.reach), tolerance),
        "slackness-ub": (slack_ub, tolerance),
        "slackness-bounds": (slack_bounds, tolerance),
        "worth-of-rows": (hidden, tolerance),
        "gap": (np.abs(inputs.objective - dual_objective), GAP_TOLERANCE),
    }
    return _checks(
        {
            name: (_relative(amount, sizes.objective), allowed)
            for name, (amount, allowed) in amounts.items()
        }
    )


def _inner(first: Floats, second: Floats) -> Floats:
    """Return the sums of the products of rows; no code is shared with what is checked."""
    # `@` shares long vectors among threads, which on a busy machine wait for each other.
    sums: Floats = (first * second).sum(axis=1)
    return sums
