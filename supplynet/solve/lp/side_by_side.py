"""Linear programs of one shape and their solutions as rows of the same arrays.

For the check of many at once: it shares no code with what is checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supplynet.arrays import Floats, Ints

if TYPE_CHECKING:
    from supplynet.solve.lp.program import LinearProgram, LinearSolution


class Given(NamedTuple):
    """Programs and their solutions, one a row; a maximization as the minimization of its negative.

    Parameters
    ----------
    c, lower, upper, x, reduced : ndarray of float, shape (n, n_columns)
    b_ub, dual_ub : ndarray of float, shape (n, u)
    b_eq, dual_eq : ndarray of float, shape (n, e)
    objective : ndarray of float, shape (n,)
    ub, eq : Entries
    """

    c: Floats
    lower: Floats
    upper: Floats
    x: Floats
    reduced: Floats
    b_ub: Floats
    dual_ub: Floats
    b_eq: Floats
    dual_eq: Floats
    objective: Floats
    ub: Entries
    eq: Entries


def side_by_side(programs: Sequence[LinearProgram], solutions: Sequence[LinearSolution]) -> Given:
    """Return programs and solutions as rows of the same arrays."""
    signs = np.array([-1.0 if lp.maximize else 1.0 for lp in programs])
    sign = signs[:, None]

    def rows(of: Sequence[Any], name: str) -> Floats:
        return np.array([getattr(entry, name) for entry in of])

    return Given(
        sign * rows(programs, "c"),
        rows(programs, "lower"),
        rows(programs, "upper"),
        rows(solutions, "x"),
        sign * rows(solutions, "reduced_costs"),
        rows(programs, "b_ub"),
        sign * rows(solutions, "dual_ub"),
        rows(programs, "b_eq"),
        sign * rows(solutions, "dual_eq"),
        signs * rows(solutions, "objective"),
        Entries([lp.a_ub for lp in programs]),
        Entries([lp.a_eq for lp in programs]),
    )


class Entries:
    """The entries of matrices of one shape, and what comes to rows and columns through them.

    Making another sparse matrix of a small one takes longer than all that is worked out with it.

    Parameters
    ----------
    matrices : sequence of csr_array
    """

    def __init__(self, matrices: Sequence[Any]) -> None:
        n, (n_rows, n_columns) = len(matrices), matrices[0].shape
        self._rows, self._columns = (n, n_rows), (n, n_columns)
        self.data = np.concatenate([matrix.data for matrix in matrices])
        starts = [matrix.indptr for matrix in matrices]
        lengths = np.concatenate([np.diff(start) for start in starts])
        # each program has rows and columns of its own: one long list of them
        self.row = np.repeat(np.arange(n * n_rows), lengths)
        column = np.concatenate([matrix.indices for matrix in matrices]).astype(np.int64)
        shift = np.repeat(np.arange(n) * n_columns, [int(start[-1]) for start in starts])
        self.column = column + shift

    def sizes(self) -> Entries:
        """Return the sizes of those that are not 0."""
        sized = copy(self)
        sized.data = np.abs(self.data)
        if not sized.data.all():
            there = np.flatnonzero(sized.data)
            sized.data, sized.row, sized.column = (
                piece[there] for piece in (sized.data, self.row, self.column)
            )
        return sized

    def to_rows(self, x: Floats) -> Floats:
        """Return what the columns, each times its value, add up to in every row."""
        return _sums(self.row, self.data * x.ravel()[self.column], self._rows)

    def to_columns(self, y: Floats) -> Floats:
        """Return what the rows, each times its value, add up to in every column."""
        return _sums(self.column, self.data * y.ravel()[self.row], self._columns)

    def most_in_rows(self, x: Floats) -> Floats:
        """Return the largest of the columns, each times its value, in every row, 0 for none."""
        return _largest_at(self.row, x.ravel()[self.column] * self.data, self._rows)

    def most_in_columns(self, y: Floats) -> Floats:
        """Return the largest of the rows, each by its value, in every column, 0 for none."""
        return _largest_at(self.column, y.ravel()[self.row] / self.data, self._columns)


def _sums(places: Ints, values: Floats, shape: tuple[int, int]) -> Floats:
    """Return the sum of the values at each place."""
    sums = np.bincount(places, values, shape[0] * shape[1])
    return sums.astype(np.float64).reshape(shape)


def _largest_at(places: Ints, values: Floats, shape: tuple[int, int]) -> Floats:
    """Return the largest of the values at each place, 0 for none."""
    most = np.zeros(shape[0] * shape[1])
    np.maximum.at(most, places, values)
    return most.reshape(shape)
