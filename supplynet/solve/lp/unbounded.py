"""Whether nothing limits the objective of a linear program: the directions in which it never ends.

A program that has a solution is unbounded if and only if there is a direction d that no row or
bound ends and along which the objective gains (Farkas; Schrijver, 1986, Theory of Linear and
Integer Programming, section 7.8)::

    maximize c d    A_ub d <= 0, A_eq d = 0
                    d[j] >= 0 where x[j] has a lower bound, d[j] <= 0 where it has an upper bound

Its length does not count, so that it may be held to 1: this program always has an end.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from supplynet.solve.lp.program import LinearProgram, LinearSolution

__all__ = ["directions", "gains"]

#: part of the largest cost below which a gain is rounding
_LEAST = 1e-6


def directions(lp: LinearProgram) -> LinearProgram:
    """Return the program of the direction, none of its parts longer than 1, that gains most.

    Examples
    --------
    Of two variables that may differ by 1, both may grow together:

    >>> from supplynet.solve.lp.program import LinearProgram
    >>> from supplynet.solve.lp.solve import solve_linear
    >>> lp = LinearProgram(
    ...     [2.0, -1.0], [[1.0, -1.0]], [1.0], None, None, [0, 0], [np.inf, np.inf], maximize=True
    ... )
    >>> solve_linear(directions(lp)).x.tolist()
    [1.0, 1.0]
    """
    return replace(
        lp,
        b_ub=np.zeros_like(lp.b_ub),
        b_eq=np.zeros_like(lp.b_eq),
        lower=np.where(np.isneginf(lp.lower), -1.0, 0.0),
        upper=np.where(np.isposinf(lp.upper), 1.0, 0.0),
    )


def gains(lp: LinearProgram, direction: LinearSolution) -> bool:
    """Return whether the objective gains along the best direction."""
    gain = direction.objective if lp.maximize else -direction.objective
    return bool(gain > _LEAST * np.abs(lp.c).max(initial=0.0))
