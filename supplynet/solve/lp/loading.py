"""Linear programs handed over to HiGHS.

Arrays are handed over as they are: what is put into a program of HiGHS is copied number by number,
which takes longer than the solve of a small one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.errors import SolverInputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplynet.solve.lp.program import LinearProgram
    from supplynet.solve.lp.scaling import Scaling

__all__ = ["Pattern", "loaded"]


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
        columns: NDArray[np.int64] | None = None,
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
        self._factor: NDArray[np.float64] | float = 1.0
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

        costs, ends, sides = lp.c, (lp.lower, lp.upper), (lp.b_ub, lp.b_eq)
        if scaling is not None:
            costs = scaling.costs(lp.c)
            ends = scaling.amounts(lp.lower), scaling.amounts(lp.upper)
            sides = scaling.sides_ub(lp.b_ub), scaling.sides_eq(lp.b_eq)
        self._lower[lp.b_ub.size :] = sides[1]
        data = np.concatenate([lp.a_ub.data, lp.a_eq.data])[self._number] * self._factor
        columns = [part[self.order] for part in (costs, *ends)]
        n, cut = self._n_first, int(self._start[self._n_first])
        sense = highspy.ObjSense.kMaximize if lp.maximize else highspy.ObjSense.kMinimize
        status = highs.passModel(
            n,
            self._n_rows,
            cut,
            int(highspy.MatrixFormat.kColwise),
            int(sense),
            0.0,
            *(part[:n] for part in columns),
            self._lower,
            np.concatenate(sides),
            self._start[:n],
            self._row[:cut],
            data[:cut],
            self._continuous,
        )
        if status == highspy.HighsStatus.kError:
            raise SolverInputError("HiGHS refuses the arrays of the linear program")
        starts, rows = self._start[n:-1] - cut, self._row[cut:]
        self._left = (*(part[n:] for part in columns), rows.size, starts, rows, data[cut:])

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
