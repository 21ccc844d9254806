"""What others need to check an optimum by its own amounts: a point and duals that bound it.

A certificate measures what is off against what could come to a row or variable. Whoever checks a
result by hand sees the point and the duals alone, and measures against the amounts in them, as
``verify.py`` does. Where a solver's answer is not so close, the program is solved closer.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import vstack

from supplynet.errors import SolverError
from supplynet.solve.lp.closed import closed_duals
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.solve.lp.side_by_side import Entries

__all__ = ["Evidence", "as_solved", "evidence", "keeps"]

_Vector = npt.NDArray[np.float64]

# What rows and bounds may be off, of the amounts that meet there, and the part of the largest
# amount of all that counts there at least: both as in `verify.py`.
_ROWS, _DUST = 1e-7, 1e-5
# what duals may leave to others, of the objective, and parts of its terms that count at least
_BETTER, _CANCELLED = 3e-7, 1e-3
# part of the terms of a sum by which its plain value may be off
_ROUNDED = 2.0**-45
# Where steps from vertex to vertex find no way that is so close, inner points mostly do.
_METHODS = ("simplex", "ipm")
# what rows and reduced costs may be off in a program that is solved anew, and the seconds it has
_CLOSE, _SECONDS = 1e-10, 10.0


class Evidence(NamedTuple):
    """A point, and duals that bound the largest objective, or that of its negative."""

    x: _Vector  #: shape (n_columns,)
    duals: _Vector  #: shape (u + e,), as of :func:`~supplynet.solve.lp.closed.closed_duals`


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
    known = as_solved(lp, solution)
    if _holds(lp, known):
        return known
    for method in _METHODS:
        engine = LinearEngine(lp, time_limit=_SECONDS, tolerance=_CLOSE, first=method)
        try:
            closer = as_solved(lp, engine.refined(engine.solve()))
        except SolverError:  # a program with little room for so close a solve
            continue
        # a point that holds is that of the figures that were told
        for shown in (closer._replace(x=known.x), closer):
            if _holds(lp, shown):
                return shown
    return known


def _holds(lp: LinearProgram, shown: Evidence) -> bool:
    return keeps(lp, shown.x) and _bounds(lp, shown)


def keeps(lp: LinearProgram, x: _Vector) -> bool:
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
    ends = np.where(left > 0.0, lp.upper, lp.lower)[left != 0.0]
    most = np.concatenate([lp.b_ub, lp.b_eq]) @ duals + left[left != 0.0] @ ends
    worth = sign * float(lp.c @ x)
    largest = max(float(np.abs(part[np.isfinite(part)]).max(initial=0.0)) for part in (x, lp.upper))
    terms, costs = float(np.abs(lp.c * x).sum()), float(np.abs(lp.c).max(initial=0.0))
    size = max(abs(worth), _CANCELLED * terms, _DUST * costs * largest)
    return bool(most - worth <= _BETTER * size)
