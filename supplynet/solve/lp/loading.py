"""Linear programs handed over to HiGHS, in figures of a middling size.

A solver calls a row held and a variable at its bound when they are off by no more than a fixed
amount. What is little beside tonnes in the thousands is all of a program in grams, and below the
last digit of one in billions. Here every row, every variable, the objective and the right sides
are multiplied by powers of two, which no floating-point number loses a digit by, so that the same
program in other units becomes the same numbers.

Arrays are handed over as they are: what is put into a program of HiGHS is copied number by number,
which takes longer than the solve of a small one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import (
    block_array,  # type: ignore[import-untyped, unused-ignore]
    csr_array,  # type: ignore[import-untyped, unused-ignore]
    vstack,  # type: ignore[import-untyped, unused-ignore]
)
from scipy.sparse.csgraph import connected_components  # type: ignore[import-untyped, unused-ignore]

from supplynet.arrays import Floats, Ints
from supplynet.errors import SolverInputError
from supplynet.solve.lp.program import inner

if TYPE_CHECKING:
    from supplynet.solve.lp.program import LinearProgram, LinearSolution


class Pattern:
    """Where the entries of a program stand, and by what they are multiplied.

    Parameters
    ----------
    scaling : Scaling or None
        None for a program that is handed over as it is.
    columns : ndarray of int64, optional
        Those that `load` hands over; the others are added by `widen`. All of them by default.
    """

    def __init__(
        self,
        lp: LinearProgram,
        scaling: Scaling | None,
        columns: Ints | None = None,
    ) -> None:
        every = np.arange(lp.c.size)
        first = every if columns is None else columns
        rows = vstack([lp.a_ub, lp.a_eq], format="csr")
        self._n_rows, self._n_first = rows.shape[0], first.size
        numbers = csr_array((np.arange(rows.nnz), rows.indices, rows.indptr), shape=rows.shape)
        by_column = numbers.tocsc()
        #: columns in the order in which HiGHS has them
        self.order = every
        if columns is not None:
            self.order = np.concatenate([columns, np.setdiff1d(every, columns)])
            by_column = by_column[:, self.order]
        self._number, self._row = by_column.data, by_column.indices.astype(np.int32)
        self._start = by_column.indptr.astype(np.int32)
        self._factor: Floats | float = 1.0
        if scaling is not None:
            by_row = np.concatenate([scaling.row_ub, scaling.row_eq])[self._row]
            by_place = np.repeat(scaling.column[self.order], np.diff(self._start))
            self._factor = by_row * by_place
        self._lower = np.full(self._n_rows, -np.inf)
        self._continuous = np.zeros(first.size, dtype=np.int32)
        self._left: tuple[Any, ...] = ()

    def load(self, highs: Any, lp: LinearProgram, scaling: Scaling | None) -> None:
        """Give HiGHS a program with its entries in these places: inequalities, then equalities.

        Raises
        ------
        SolverInputError
            If it refuses the arrays.
        """
        import highspy

        costs, bounds, sides = lp.c, (lp.lower, lp.upper), (lp.b_ub, lp.b_eq)
        if scaling is not None:
            costs = scaling.costs(lp.c)
            bounds = scaling.amounts(lp.lower), scaling.amounts(lp.upper)
            sides = scaling.sides_ub(lp.b_ub), scaling.sides_eq(lp.b_eq)
        self._lower[lp.b_ub.size :] = sides[1]
        content = np.concatenate([lp.a_ub.data, lp.a_eq.data])[self._number] * self._factor
        columns = [shares[self.order] for shares in (costs, *bounds)]
        n, cut = self._n_first, int(self._start[self._n_first])
        sense = highspy.ObjSense.kMaximize if lp.maximize else highspy.ObjSense.kMinimize
        status = highs.passModel(
            n,
            self._n_rows,
            cut,
            int(highspy.MatrixFormat.kColwise),
            int(sense),
            0.0,
            *(column[:n] for column in columns),
            self._lower,
            np.concatenate(sides),
            self._start[:n],
            self._row[:cut],
            content[:cut],
            self._continuous,
        )
        if status == highspy.HighsStatus.kError:
            raise SolverInputError("HiGHS refuses the arrays of the linear program")
        starts, rows = self._start[n:-1] - cut, self._row[cut:]
        self._left = (*(block[n:] for block in columns), rows.size, starts, rows, content[cut:])

    def widen(self, highs: Any) -> None:
        """Add the other columns of the program that was loaded; HiGHS keeps its basis."""
        highs.addCols(self._left[0].size, *self._left)


def loaded(
    lp: LinearProgram, pattern: Pattern | None = None, scaling: Scaling | None = None
) -> Any:
    """Return HiGHS with a program in it."""
    highs = _quiet_highs()
    (pattern or Pattern(lp, scaling)).load(highs, lp, scaling)
    return highs


def _quiet_highs() -> Any:
    """Return HiGHS with one thread and nothing to say; some versions print as they start."""
    import highspy

    parent: Any = highspy.Highs

    def enable(self: Any) -> None:
        self.setOptionValue("output_flag", False)
        parent.enableCallbacks(self)

    highs: Any = type("Quiet", (parent,), {"enableCallbacks": enable})()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    return highs


#: rounds of dividing rows and columns by the mean of their ends
_PASSES = 4
#: what right sides and bounds are on average, and at most, where that is less
_MIDDLE, _MOST = 2.0**10, 2.0**23
#: the largest of them in a part of a program that stands by itself is no less
_LEAST = 1.0
#: the same of the objective
_MIDDLE_COST, _MOST_COST = 2.0**10, 2.0**20


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """Powers of two that a program is multiplied by.

    With ``x = column * size * y``, the scaled program has the matrix ``row * a * column``, right
    sides ``row * b / size``, bounds ``bound / (column * size)`` and costs ``cost * c * column``.
    """

    #: row_ub, row_eq: shape (u,) and (e,)
    row_ub: Floats
    row_eq: Floats
    column: Floats  #: shape (n,)
    size: float
    cost: float

    def amounts(self, x: Floats) -> Floats:
        """Return bounds or values of variables in the scaled program."""
        return x / (self.column * self.size)

    def costs(self, c: Floats) -> Floats:
        """Return an objective in the scaled program."""
        return self.cost * self.column * c

    def with_costs(self, c: Floats) -> Scaling:
        """Return the scaling for another objective; everything else stays."""
        return replace(self, cost=_unit(self.column * c, _MIDDLE_COST, _MOST_COST))

    def sides_ub(self, b: Floats) -> Floats:
        """Return right sides of inequalities in the scaled program."""
        return self.row_ub * b / self.size

    def sides_eq(self, b: Floats) -> Floats:
        """Return right sides of equalities in the scaled program."""
        return self.row_eq * b / self.size

    def program(self, lp: LinearProgram) -> LinearProgram:
        """Return the scaled program."""
        return replace(
            lp,
            c=self.costs(lp.c),
            a_ub=_times(lp.a_ub, self.row_ub, self.column),
            b_ub=self.sides_ub(lp.b_ub),
            a_eq=_times(lp.a_eq, self.row_eq, self.column),
            b_eq=self.sides_eq(lp.b_eq),
            lower=self.amounts(lp.lower),
            upper=self.amounts(lp.upper),
        )

    def solution(self, lp: LinearProgram, linear_solution: LinearSolution) -> LinearSolution:
        """Return a solution of the scaled program as one of the program itself."""
        x = linear_solution.x * (self.column * self.size)
        return replace(
            linear_solution,
            x=x,
            objective=inner(lp.c, x),
            dual_ub=linear_solution.dual_ub * self.row_ub / self.cost,
            dual_eq=linear_solution.dual_eq * self.row_eq / self.cost,
            reduced_costs=linear_solution.reduced_costs / (self.column * self.cost),
        )


def no_scaling(lp: LinearProgram) -> Scaling:
    """Return the scaling that leaves a program as it is."""
    return Scaling(np.ones(lp.b_ub.size), np.ones(lp.b_eq.size), np.ones(lp.c.size), 1.0, 1.0)


def scaling_of(lp: LinearProgram) -> Scaling:
    """Return the powers of two that bring a program to figures of a middling size.

    Rows and columns are divided in turn by the geometric mean of their smallest and largest
    entry (Curtis and Reid, 1972, doi:10.1093/imamat/10.1.118; Tomlin, 1975,
    doi:10.1007/BFb0120718).

    Examples
    --------
    Grams and megatonnes become the same program:

    >>> from supplynet.solve.lp.program import LinearProgram
    >>> small, large = (
    ...     LinearProgram([1.0], [[2.0]], [6.0 * size], None, None, [0.0], [4.0 * size])
    ...     for size in (2.0**-40, 2.0**40)
    ... )
    >>> scaled = [scaling_of(one).program(one) for one in (small, large)]
    >>> bool((scaled[0].b_ub == scaled[1].b_ub).all())
    True
    """
    n_ub = lp.b_ub.size
    matrix = abs(csr_array(vstack([lp.a_ub, lp.a_eq], format="csr")))
    matrix.eliminate_zeros()
    entries = np.log2(matrix.data)
    by_row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    row, column = np.zeros(matrix.shape[0]), np.zeros(matrix.shape[1])
    for _ in range(_PASSES):
        row = -_middles(entries + column[matrix.indices], by_row, row.size)
        column = -_middles(entries + row[by_row], matrix.indices, column.size)
    row, column = np.exp2(np.round(row)), np.exp2(np.round(column))
    is_in_row = np.bincount(matrix.indices, minlength=column.size) > 0
    has_entry = np.diff(matrix.indptr) > 0
    sides = np.concatenate([lp.b_ub, lp.b_eq]) * row
    bounds = np.vstack([lp.lower, lp.upper]) / column
    bounds[~np.isfinite(bounds)] = 0.0
    amounts = np.concatenate([sides[has_entry], bounds[:, is_in_row].ravel()])
    size = 1.0 / _unit(amounts if amounts.any() else bounds, _MIDDLE, _MOST)
    if (np.abs(amounts[amounts != 0.0]) < _LEAST * size).any():
        factor = _of_parts(matrix, sides / size, bounds / size)
        row /= factor[: row.size]
        column *= factor[row.size :]
    # a row without entries, or a variable in no row, has only its own figures to be counted by
    for empty in np.flatnonzero(~has_entry):
        row[empty] = _unit(sides[[empty]] / size, _MIDDLE, _MOST)
    for alone in np.flatnonzero(~is_in_row & bounds.any(axis=0)):
        column[alone] = 1.0 / _unit(bounds[:, alone] / size, _MIDDLE, _MOST)
    is_known = is_in_row | bounds.any(axis=0)
    cost = _unit((lp.c * column)[is_known], _MIDDLE_COST, _MOST_COST)
    for free in np.flatnonzero(~is_known):
        column[free] = _unit(lp.c[[free]] * cost, _MIDDLE_COST, _MOST_COST)
    return Scaling(row_ub=row[:n_ub], row_eq=row[n_ub:], column=column, size=size, cost=cost)


def _of_parts(matrix: Any, sides: Floats, bounds: Floats) -> Floats:
    """Return what the amounts of each row, then of each variable, are divided by.

    Parts of a program that no entry joins have no unit in common, so that what is middling in one
    may be below all that a solver tells from 0 in another.
    """
    n_parts, parts = connected_components(block_array([[None, matrix], [matrix.T, None]]))
    amounts = np.concatenate([np.abs(sides), np.abs(bounds).max(axis=0)])
    most = np.zeros(n_parts)
    np.maximum.at(most, parts, amounts)
    factor = np.ones(n_parts)
    has_entry = np.bincount(parts, minlength=n_parts) > 1
    for portion in np.flatnonzero(has_entry & (most > 0.0) & (most < _LEAST)):
        factor[portion] = 1.0 / _unit(amounts[parts == portion], _MIDDLE, _MOST)
    return np.asarray(factor[parts], dtype=np.float64)


def _middles(values: Floats, places: NDArray[Any], n: int) -> Floats:
    """Return the mean of the least and the largest value at each place; 0 where there is none."""
    low, high = np.full(n, np.inf), np.full(n, -np.inf)
    np.minimum.at(low, places, values)
    np.maximum.at(high, places, values)
    is_empty = ~np.isfinite(low)
    low[is_empty] = high[is_empty] = 0.0
    middle: Floats = (low + high) / 2.0
    return middle


def _unit(values: Floats, middle: float, most: float) -> float:
    """Return the power of two that brings the mean of some values to `middle`, none above `most`.

    The mean is that of the digits before the point; zeros do not count.
    """
    sizes = np.log2(np.abs(values[values != 0.0]))
    if not sizes.size:
        return 1.0
    wanted = min(np.log2(middle) - sizes.mean(), np.log2(most) - sizes.max())
    # halves always up: half to even would tell one unit from twice as much
    return float(np.exp2(np.floor(wanted + 0.5 + 1e-9)))


def _times(matrix: Any, rows: Floats, columns: Floats) -> Any:
    """Return a matrix with its rows and columns multiplied."""
    scaled = csr_array(matrix, copy=True)
    scaled.data = scaled.data * np.repeat(rows, np.diff(scaled.indptr)) * columns[scaled.indices]
    return scaled
