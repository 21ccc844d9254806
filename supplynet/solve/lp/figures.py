"""Right sides and entries of one linear program, many times over."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplynet.solve.lp.program import LinearProgram

__all__ = ["Figures", "entries_of"]


@dataclass(frozen=True, eq=False)
class Figures:
    """Right sides and entries of a program, many times over.

    Parameters
    ----------
    b_ub, b_eq : ndarray of float64, shape (n, u) and (n, e)
    entries : ndarray of float64, shape (n, n_places), or None
        Those of inequalities first; None where they are the program's own.
    places : ndarray of int64, shape (n_places,), or None
        Which entries these are, ascending: the others are the program's own. None for all.
    upper : ndarray of float64, shape (n, n_columns), or None
        Limits of the variables; None for the program's own.
    """

    b_ub: NDArray[np.float64] = field(repr=False)
    b_eq: NDArray[np.float64] = field(repr=False)
    entries: NDArray[np.float64] | None = field(repr=False)
    places: NDArray[np.int64] | None = field(default=None, repr=False)
    upper: NDArray[np.float64] | None = field(default=None, repr=False)

    def program(self, lp: LinearProgram, number: int) -> LinearProgram:
        """Return a program with these figures in place of its own.

        Parameters
        ----------
        lp : LinearProgram
            With entries in the same places.
        number : int
            Which of the many.
        """
        sides = {"b_ub": self.b_ub[number], "b_eq": self.b_eq[number]}
        if self.upper is not None:
            sides["upper"] = self.upper[number]
        if self.entries is None:
            return replace(lp, **sides)
        data = entries_of(lp)
        data[slice(None) if self.places is None else self.places] = self.entries[number]
        ub, eq = data[: lp.a_ub.nnz], data[lp.a_ub.nnz :]
        return replace(lp, **sides, a_ub=_refilled(lp.a_ub, ub), a_eq=_refilled(lp.a_eq, eq))

    def some(self, first: int, last: int) -> Figures:
        """Return those from one number to before another.

        Parameters
        ----------
        first, last : int
        """
        chosen = slice(first, last)
        entries = None if self.entries is None else self.entries[chosen]
        upper = None if self.upper is None else self.upper[chosen]
        return Figures(self.b_ub[chosen], self.b_eq[chosen], entries, self.places, upper)

    def mean(self, numbers: NDArray[np.int64]) -> Figures:
        """Return the mean of some, as figures of one program.

        Parameters
        ----------
        numbers : ndarray of int64
            Which of the many, at least one.
        """

        def middle(many: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray(many[numbers].mean(axis=0, keepdims=True))

        entries = None if self.entries is None else middle(self.entries)
        upper = None if self.upper is None else middle(self.upper)
        return Figures(middle(self.b_ub), middle(self.b_eq), entries, self.places, upper)


def entries_of(lp: LinearProgram) -> NDArray[np.float64]:
    """Return all entries of a program, those of inequalities first.

    Examples
    --------
    >>> from supplynet.solve.lp.program import LinearProgram
    >>> lp = LinearProgram([1.0], [[2.0]], [6.0], [[3.0]], [9.0], lower=[0.0], upper=[9.0])
    >>> entries_of(lp).tolist()
    [2.0, 3.0]
    """
    data: NDArray[np.float64] = np.concatenate([lp.a_ub.data, lp.a_eq.data])
    return data


def _refilled(matrix: object, data: NDArray[np.float64]) -> object:
    """Return a sparse matrix with other entries in the same places."""
    refilled = copy(matrix)  # SciPy checks what it makes anew, for longer than a small solve takes
    refilled.data = data  # type: ignore[attr-defined]
    return refilled
