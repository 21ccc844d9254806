"""Linear programs handed over to HiGHS.

Arrays are handed over as they are: what is put into a program of HiGHS is copied number by number,
which takes longer than the solve of a small one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import vstack  # type: ignore[import-untyped, unused-ignore]

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
    lp : LinearProgram
    scaling : Scaling or None
        None for a program that is handed over as it is.
    """

    def __init__(self, lp: LinearProgram, scaling: Scaling | None) -> None:
        rows = vstack([lp.a_ub, lp.a_eq], format="csr")
        self.shape = rows.shape
        self.start, self.index = rows.indptr.astype(np.int32), rows.indices.astype(np.int32)
        self.factor: NDArray[np.float64] | float = 1.0
        if scaling is not None:
            by_row = np.concatenate([scaling.row_ub, scaling.row_eq])
            self.factor = np.repeat(by_row, np.diff(rows.indptr)) * scaling.column[rows.indices]
        self._lower = np.full(rows.shape[0], -np.inf)
        self._continuous = np.zeros(rows.shape[1], dtype=np.int32)

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
        data = np.concatenate([lp.a_ub.data, lp.a_eq.data]) * self.factor
        sense = highspy.ObjSense.kMaximize if lp.maximize else highspy.ObjSense.kMinimize
        status = highs.passModel(
            self.shape[1],
            self.shape[0],
            data.size,
            int(highspy.MatrixFormat.kRowwise),
            int(sense),
            0.0,
            costs,
            *ends,
            self._lower,
            np.concatenate(sides),
            self.start,
            self.index,
            data,
            self._continuous,
        )
        if status == highspy.HighsStatus.kError:
            raise SolverInputError("HiGHS refuses the arrays of the linear program")


def loaded(lp: LinearProgram) -> Any:
    """Return HiGHS with a program in it."""
    highs = _quiet_highs()
    Pattern(lp, None).load(highs, lp, None)
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
