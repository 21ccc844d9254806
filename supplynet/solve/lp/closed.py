"""Duals that bound the objective by the limits of the program alone, whoever adds them up.

A solver's duals leave rounding: a unit more of a variable would still bring next to nothing. Where
the variable has no limit, that is a bound of nothing at all. But its rows limit it: what is left is
put on the dual of a row that does, and what this leaves elsewhere on the duals of further rows.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, vstack

from supplynet.solve.lp.program import LinearProgram, LinearSolution

__all__ = ["closed_duals"]

_Vector = npt.NDArray[np.float64]
# part of the terms of a sum by which its plain value may be off
_ROUNDED = 2.0**-45
# part of its limit before that a further limit of a variable is worth going by, and how often rows
# are asked for one
_MUCH_LESS, _MOST_PASSES = 0.5, 30


def closed_duals(lp: LinearProgram, solution: LinearSolution) -> _Vector:
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
    told = duals.tolist()

    def rest(column: int) -> float:
        """Return what a unit more of a variable would bring, rounded once."""
        a, b = columns.indptr[column : column + 2]
        entries = zip(columns.indices[a:b].tolist(), columns.data[a:b].tolist(), strict=True)
        return math.fsum([float(costs[column]), *(-told[row] * value for row, value in entries)])

    def close(column: int, row: int, side: int) -> set[int]:
        """Leave nothing to a variable by the dual of a row; return what this leaves to others."""
        a, b = rows.indptr[row : row + 2]
        entries = dict(zip(rows.indices[a:b].tolist(), rows.data[a:b].tolist(), strict=True))
        told[row] += rest(column) / entries[column]
        step = math.ulp(told[row])
        while rest(column) > 0.0:  # steps double, so that it ends
            told[row] += side * step
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
            before = told[row]
            others = close(column, row, 1 if value > 0.0 else -1) if value else {column}
            # a row that leaves nothing to another without a limit, whose dual keeps its sign
            if others <= have_end and (told[row] >= 0.0 or row >= n_ub):
                open_ones |= others
                break
            told[row] = before
    for column, row, side in reversed(limited):
        if column in open_ones and rest(column) > 0.0:
            open_ones |= close(column, row, side)
    return np.array(told)


def _limited(lp: LinearProgram, rows: Any) -> list[tuple[int, int, int]]:
    """Return variables that rows limit, each after those that its row needs limits of.

    With the row, and 1 or -1 for the side that limits: at most, or at least. What is put on a dual
    counts as often as its row leaves room for the variable, so that a variable comes again with
    each row that leaves it much less than those before.
    """
    n_ub, n_rows = lp.b_ub.size, rows.shape[0]
    row = np.repeat(np.arange(n_rows), np.diff(rows.indptr))
    row, column, value = (part[rows.data != 0.0] for part in (row, rows.indices, rows.data))
    right, limits = np.concatenate([lp.b_ub, lp.b_eq]), np.array(lp.upper)
    sides = [
        (side, side * value > 0.0, np.isinf(lp.upper[column]) & ((side > 0) | (row >= n_ub)))
        for side in (1, -1)
    ]
    order: list[tuple[int, int, int]] = []
    for _ in range(_MOST_PASSES):
        n_before = len(order)
        for side, is_up, is_asked in sides:
            ends = np.where(is_up, lp.lower[column], limits[column])
            is_open = np.isinf(ends)
            least = side * value * np.where(is_open, 0.0, ends)
            n_open = np.bincount(row, weights=is_open, minlength=n_rows)
            total = np.bincount(row, weights=least, minlength=n_rows)
            can = np.flatnonzero(is_up & is_asked & (n_open[row] == 0))
            most = (side * right[row[can]] - (total[row[can]] - least[can])) / np.abs(value[can])
            is_less = most < _MUCH_LESS * limits[column[can]]
            can, most = can[is_less], most[is_less]
            by_size = np.lexsort((most, column[can]))
            chosen, first = np.unique(column[can][by_size], return_index=True)
            tightest = by_size[first]
            by = row[can][tightest]
            order += [(n, k, side) for n, k in zip(chosen.tolist(), by.tolist(), strict=True)]
            limits[chosen] = most[tightest]
        if len(order) == n_before:
            break
    return order
