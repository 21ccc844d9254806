"""What others need to check an optimum by its own amounts: a point and duals that bound it.

A certificate measures what is off against what could come to a row or variable. Whoever checks a
result by hand sees the point and the duals alone, and measures against the amounts in them, as
``verify.py`` does. Where a solver's answer is not so close, the program is solved closer.

A solver's duals leave rounding: a unit more of a variable would still bring next to nothing. Where
the variable has no limit, that is a bound of nothing at all. But its rows limit it: what is left is
put on the dual of a row that does, and what this leaves elsewhere on the duals of further rows.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array, vstack

from supplynet.arrays import Floats
from supplynet.errors import SolverError
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.solve.lp.side_by_side import Entries

# part of the terms of a sum by which its plain value may be off
_ROUNDED = 2.0**-45
# part of its limit before that a further limit of a variable is worth going by, and how often rows
# are asked for one
_MUCH_LESS, _MOST_PASSES = 0.5, 30


def closed_duals(lp: LinearProgram, solution: LinearSolution) -> Floats:
    """Return duals for the largest objective that leave nothing to variables without a limit.

    Parameters
    ----------
    lp : LinearProgram
    solution : LinearSolution

    Returns
    -------
    ndarray of float64, shape (u + e,)
        Of inequalities, at least 0, and equalities, in the order of the rows; of the negative
        objective where the smallest is wanted. What is left for a variable, which is its cost less
        its entries at these duals, added up without rounding, is above 0 only where it has a limit
        or where no row gives it one.

    Examples
    --------
    >>> from supplynet.solve.lp.solve import solve_linear
    >>> lp = LinearProgram([1.0], [[2.0]], [6.0], None, None, [0.0], [np.inf], maximize=True)
    >>> closed_duals(lp, solve_linear(lp)).tolist()
    [0.5]
    """
    sign = 1.0 if lp.maximize else -1.0
    duals = sign * np.concatenate([solution.dual_ub, solution.dual_eq])
    n_ub = lp.b_ub.size
    duals[:n_ub] = np.maximum(duals[:n_ub], 0.0)
    rows = csr_array(vstack([lp.a_ub, lp.a_eq], format="csr"))
    columns, costs = rows.T.tocsr(), sign * lp.c
    left = costs - columns @ duals
    terms = np.abs(costs) + abs(columns) @ np.abs(duals)
    record = duals.tolist()

    def rest(column: int) -> float:
        """Return what a unit more of a variable would bring, rounded once."""
        a, b = columns.indptr[column : column + 2]
        entries = zip(columns.indices[a:b].tolist(), columns.data[a:b].tolist(), strict=True)
        return math.fsum([float(costs[column]), *(-record[row] * value for row, value in entries)])

    def close(column: int, row: int, side: int) -> set[int]:
        """Leave nothing to a variable by the dual of a row; return what this leaves to others."""
        a, b = rows.indptr[row : row + 2]
        entries = dict(zip(rows.indices[a:b].tolist(), rows.data[a:b].tolist(), strict=True))
        record[row] += rest(column) / entries[column]
        step = math.ulp(record[row])
        while rest(column) > 0.0:  # steps double, so that it ends
            record[row] += side * step
            step *= 2.0
        return {n for n, value in entries.items() if side * value < 0.0 and rest(n) > 0.0}

    near = np.flatnonzero(np.isinf(lp.upper) & (left > -_ROUNDED * terms))
    open_ones = {column for column in near.tolist() if rest(column) > 0.0}
    if not open_ones:
        return duals
    limited = _limited(lp, rows)
    have_end = {column for column, *_ in limited} | set(np.flatnonzero(lp.upper < np.inf).tolist())
    for column in sorted(open_ones - have_end):
        a, b = columns.indptr[column : column + 2]
        entries = zip(columns.indices[a:b].tolist(), columns.data[a:b].tolist(), strict=True)
        for row, value in entries:
            before = record[row]
            others = close(column, row, 1 if value > 0.0 else -1) if value else {column}
            # a row that leaves nothing to another without a limit, whose dual keeps its sign
            if others <= have_end and (record[row] >= 0.0 or row >= n_ub):
                open_ones |= others
                break
            record[row] = before
    for column, row, side in reversed(limited):
        if column in open_ones and rest(column) > 0.0:
            open_ones |= close(column, row, side)
    return np.array(record)


def _limited(lp: LinearProgram, rows: Any) -> list[tuple[int, int, int]]:
    """Return variables that rows limit, each after those that its row needs limits of.

    With the row, and 1 or -1 for the side that limits: at most, or at least. What is put on a dual
    counts as often as its row leaves room for the variable, so that a variable comes again with
    each row that leaves it much less than those before.
    """
    n_ub, n_rows = lp.b_ub.size, rows.shape[0]
    row = np.repeat(np.arange(n_rows), np.diff(rows.indptr))
    row, column, value = (piece[rows.data != 0.0] for piece in (row, rows.indices, rows.data))
    right, limits = np.concatenate([lp.b_ub, lp.b_eq]), np.array(lp.upper)
    sides = [
        (side, side * value > 0.0, np.isinf(lp.upper[column]) & ((side > 0) | (row >= n_ub)))
        for side in (1, -1)
    ]
    order: list[tuple[int, int, int]] = []
    for _ in range(_MOST_PASSES):
        n_before = len(order)
        for side, is_up, is_asked in sides:
            bounds = np.where(is_up, lp.lower[column], limits[column])
            is_open = np.isinf(bounds)
            least = side * value * np.where(is_open, 0.0, bounds)
            n_open = np.bincount(row, weights=is_open, minlength=n_rows)
            total = np.bincount(row, weights=least, minlength=n_rows)
            can = np.flatnonzero(is_up & is_asked & (n_open[row] == 0))
            most = (side * right[row[can]] - (total[row[can]] - least[can])) / np.abs(value[can])
            is_less = most < _MUCH_LESS * limits[column[can]]
            can, most = can[is_less], most[is_less]
            by_size = np.lexsort((most, column[can]))
            selection, first = np.unique(column[can][by_size], return_index=True)
            tightest = by_size[first]
            by = row[can][tightest]
            order += [(n, k, side) for n, k in zip(selection.tolist(), by.tolist(), strict=True)]
            limits[selection] = most[tightest]
        if len(order) == n_before:
            break
    return order


# What rows and bounds may be off, of the amounts that meet there, and the part of the largest
# amount of all that counts there at least: both as in `verify.py`.
_ROWS, _DUST = 1e-7, 1e-5
# what duals may leave to others, of the objective, and parts of its terms that count at least
_BETTER, _CANCELLED = 3e-7, 1e-3
# Where steps from vertex to vertex find no way that is so close, inner points mostly do.
_METHODS = ("simplex", "ipm")
# what rows and reduced costs may be off in a program that is solved anew, and the seconds it has
_CLOSE, _SECONDS = 1e-10, 10.0


class Evidence(NamedTuple):
    """A point, and duals that bound the largest objective, or that of its negative."""

    x: Floats  #: shape (n_columns,)
    duals: Floats  #: shape (u + e,), as of :func:`~supplynet.solve.lp.evidence.closed_duals`


def as_solved(lp: LinearProgram, solution: LinearSolution) -> Evidence:
    """Return the point of a solution, and its duals closed.

    Parameters
    ----------
    lp : LinearProgram
    solution : LinearSolution

    Examples
    --------
    >>> from supplynet.solve.lp.solve import solve_linear
    >>> lp = LinearProgram([1.0], [[2.0]], [6.0], None, None, [0.0], [np.inf], maximize=True)
    >>> [part.tolist() for part in as_solved(lp, solve_linear(lp))]
    [[3.0], [0.5]]
    """
    return Evidence(solution.x, closed_duals(lp, solution))


def evidence(lp: LinearProgram, solution: LinearSolution) -> Evidence:
    """Return a point and duals that hold by their own amounts.

    Parameters
    ----------
    lp : LinearProgram
    solution : LinearSolution
        An optimum that passed its certificate. What of it holds is kept; the rest is that of the
        vertex at which a closer solve ends, if that is better, as it mostly is.

    Examples
    --------
    >>> from supplynet.solve.lp.solve import solve_linear
    >>> lp = LinearProgram([1.0], [[2.0]], [6.0], None, None, [0.0], [np.inf], maximize=True)
    >>> [part.tolist() for part in evidence(lp, solve_linear(lp))]
    [[3.0], [0.5]]
    """
    names = as_solved(lp, solution)
    if _holds(lp, names):
        return names
    for method in _METHODS:
        engine = LinearEngine(lp, time_limit=_SECONDS, tolerance=_CLOSE, first=method)
        try:
            closer = as_solved(lp, engine.refined(engine.solve()))
        except SolverError:  # a program with little room for so close a solve
            continue
        # a point that holds is that of the figures that were reported
        for shown in (closer._replace(x=names.x), closer):
            if _holds(lp, shown):
                return shown
    return names


def _holds(lp: LinearProgram, shown: Evidence) -> bool:
    return keeps(lp, shown.x) and _bounds(lp, shown)


def keeps(lp: LinearProgram, x: Floats) -> bool:
    """Whether a point keeps to rows and bounds, of the amounts that meet there.

    Parameters
    ----------
    lp : LinearProgram
    x : array of shape (n_columns,)

    Examples
    --------
    >>> lp = LinearProgram([1.0], [[2.0]], [6.0], None, None, [0.0], [np.inf], maximize=True)
    >>> keeps(lp, np.array([3.0])), keeps(lp, np.array([3.1]))
    (True, False)
    """
    size, entries = np.abs(x), Entries([_rows(lp)])
    sizes = entries.sizes()
    dust = _DUST * size.max(initial=0.0)
    met = np.maximum(sizes.most_in_rows(size), dust * sizes.most_in_rows(np.ones(x.size)))[0]
    low = np.concatenate([np.full(lp.b_ub.size, -np.inf), lp.b_eq])
    high = np.concatenate([lp.b_ub, lp.b_eq])
    sums = entries.to_rows(x)[0]
    off = np.maximum(low - sums, sums - high)
    outside = np.maximum(lp.lower - x, x - lp.upper)
    is_kept = (off <= _ROWS * met).all() and (outside <= _ROWS * np.maximum(size, dust)).all()
    return bool(is_kept)


def _rows(lp: LinearProgram) -> Any:
    return vstack([lp.a_ub, lp.a_eq], format="csr")


def _bounds(lp: LinearProgram, shown: Evidence) -> bool:
    """Whether the duals leave next to nothing beyond the objective at the point."""
    (x, duals), rows = shown, _rows(lp)
    sign = 1.0 if lp.maximize else -1.0
    left = sign * lp.c - rows.T @ duals
    left[np.abs(left) <= _ROUNDED * (np.abs(lp.c) + abs(rows).T @ np.abs(duals))] = 0.0
    bounds = np.where(left > 0.0, lp.upper, lp.lower)[left != 0.0]
    most = np.concatenate([lp.b_ub, lp.b_eq]) @ duals + left[left != 0.0] @ bounds
    worth = sign * float(lp.c @ x)
    largest = max(
        float(np.abs(shares[np.isfinite(shares)]).max(initial=0.0)) for shares in (x, lp.upper)
    )
    terms, costs = float(np.abs(lp.c * x).sum()), float(np.abs(lp.c).max(initial=0.0))
    size = max(abs(worth), _CANCELLED * terms, _DUST * costs * largest)
    return bool(most - worth <= _BETTER * size)
