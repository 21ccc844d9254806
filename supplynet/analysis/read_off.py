"""Sums of a program's variables as further variables of it, so that figures can be read off them.

A further variable is free, costs nothing, and has a row that says which sum it is. A solution stays
the best there is: what the row is worth is 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array, hstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.solve.lp.program import LinearProgram, LinearSolution, widened
from supplynet.sums import added

__all__ = ["Sum", "solved_with_sums", "with_sums"]

_Vector = npt.NDArray[np.float64]


class Sum(NamedTuple):
    """A sum of variables, each multiplied by a weight, and a constant."""

    terms: Mapping[int, float]  #: weight by place of a variable
    constant: float = 0.0

    def times(self, factor: float) -> Sum:
        """Return a multiple."""
        terms = {place: factor * weight for place, weight in self.terms.items()}
        return Sum(terms, factor * self.constant)

    def less(self, other: Sum, factor: float = 1.0) -> Sum:
        """Return the sum less a multiple of another."""
        off = other.times(-factor)
        terms = added((*self.terms.items(), *off.terms.items()))
        return Sum(terms, self.constant + off.constant)

    def at(self, x: _Vector) -> float:
        """Return its value at a solution."""
        return self.constant + sum(by * float(x[place]) for place, by in self.terms.items())


def with_sums(lp: LinearProgram, x: _Vector, sums: Sequence[Sum]) -> tuple[LinearProgram, _Vector]:
    """Return a program and a point of it with a further variable for each sum.

    Examples
    --------
    >>> lp = LinearProgram([1.0, 1.0], None, None, None, None, [0.0, 0.0], [9.0, 9.0])
    >>> wider, point = with_sums(lp, np.array([1.0, 2.0]), [Sum({0: 3.0, 1: 2.0}, 1.0)])
    >>> point.tolist(), wider.a_eq.toarray().tolist(), wider.b_eq.tolist()
    ([1.0, 2.0, 8.0], [[3.0, 2.0, -1.0]], [-1.0])
    """
    n, more = lp.c.size, len(sums)
    rows = np.repeat(np.arange(more), [len(one.terms) for one in sums])
    columns = np.array([place for one in sums for place in one.terms], dtype=np.int64)
    weights = np.array([weight for one in sums for weight in one.terms.values()], dtype=np.float64)
    matrix = coo_array((weights, (rows, columns)), shape=(more, n)).tocsr()
    constants = np.array([one.constant for one in sums])
    own = -csr_array(np.eye(more)) if more else csr_array((0, 0))
    wider = widened(lp, more, a_eq=hstack([matrix, own]), b_eq=-constants, lower=-np.inf)
    return wider, np.append(x, matrix @ x[:n] + constants)


def solved_with_sums(
    lp: LinearProgram, solution: LinearSolution, sums: Sequence[Sum]
) -> tuple[LinearProgram, LinearSolution]:
    """Return a program and its solution with a further variable for each sum."""
    wider, x = with_sums(lp, solution.x, sums)
    none = np.zeros(len(sums))
    return wider, replace(
        solution,
        x=x,
        dual_eq=np.append(solution.dual_eq, none),
        reduced_costs=np.append(solution.reduced_costs, none),
    )
