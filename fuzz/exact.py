"""The optimum of a small linear program in fractions, by the simplex method.

The program is minimize ``c x`` where ``A_ub x <= b_ub``, ``A_eq x = b_eq`` and ``x >= 0``, read as
the very numbers that its floats are. Nothing is rounded: an optimum is one, not nearly so. The
method may begin with a basis that another solver ended with, of which it believes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from scipy.sparse import csc_array

Sparse = dict[int, Fraction]
ZERO = Fraction(0)


class SingularError(ArithmeticError):
    """A basis whose columns depend on each other."""


def solved(rows: Sequence[Sparse], right: Sequence[Fraction]) -> list[Fraction]:
    """Solve a square system of equations, in fractions.

    Rows of few entries are used first, each for the variable that is in the fewest other rows.

    Parameters
    ----------
    rows : sequence of dict
        Coefficients by variable.
    right : sequence of Fraction

    Returns
    -------
    list of Fraction
        Values of the variables.

    Raises
    ------
    SingularError
        If rows depend on each other.
    """
    left = [dict(row) for row in rows]
    value = list(right)
    where: dict[int, set[int]] = {}
    for number, row in enumerate(left):
        for variable in row:
            where.setdefault(variable, set()).add(number)
    open_rows = set(range(len(left)))
    order: list[tuple[int, int]] = []
    while open_rows:
        number = min(open_rows, key=lambda one: (len(left[one]), one))
        if not left[number]:
            raise SingularError
        variable = min(left[number], key=lambda one: (len(where[one] & open_rows), one))
        open_rows.remove(number)
        order.append((number, variable))
        pivot = left[number][variable]
        for other in where[variable] & open_rows:
            factor = left[other].pop(variable) / pivot
            for column, entry in left[number].items():
                if column == variable:
                    continue
                sum_ = left[other].get(column, ZERO) - factor * entry
                if sum_:
                    left[other][column] = sum_
                    where[column].add(other)
                elif column in left[other]:
                    del left[other][column]
                    where[column].discard(other)
            if value[number]:
                value[other] -= factor * value[number]
    answer = [ZERO] * len(left)
    for number, variable in reversed(order):
        rest = sum(
            (entry * answer[one] for one, entry in left[number].items() if one != variable), ZERO
        )
        answer[variable] = (value[number] - rest) / left[number][variable]
    return answer


@dataclass
class Program:
    """Columns of a program with a slack for each row; those of equations must be zero."""

    columns: list[Sparse]
    cost: list[Fraction]
    right: list[Fraction]
    n_free: int
    """columns that may enter a basis; those behind are the slacks of equations"""

    @classmethod
    def of(cls, c: Any, A_ub: Any, b_ub: Any, A_eq: Any, b_eq: Any) -> Program:  # noqa: N803  as in SciPy
        """Read the arguments of `scipy.optimize.linprog`."""
        columns: list[Sparse] = []
        upper, equal = csc_array(A_ub), csc_array(A_eq)
        n_upper, n_equal = upper.shape[0], equal.shape[0]
        for column in range(len(c)):
            entries: Sparse = {}
            for matrix, first in ((upper, 0), (equal, n_upper)):
                span = slice(matrix.indptr[column], matrix.indptr[column + 1])
                for row, entry in zip(matrix.indices[span], matrix.data[span], strict=True):
                    if entry:
                        entries[first + int(row)] = Fraction(float(entry))
            columns.append(entries)
        columns += [{row: Fraction(1)} for row in range(n_upper + n_equal)]
        cost = [Fraction(float(one)) for one in c] + [ZERO] * (n_upper + n_equal)
        right = [Fraction(float(one)) for one in (*b_ub, *b_eq)]
        return cls(columns, cost, right, len(c) + n_upper)

    def matrix(self, basis: Sequence[int]) -> list[Sparse]:
        """Return the rows of a basis, by place in the basis."""
        rows: list[Sparse] = [{} for _ in self.right]
        for number, column in enumerate(basis):
            for row, entry in self.columns[column].items():
                rows[row][number] = entry
        return rows

    def is_feasible(self, basis: Sequence[int], point: Sequence[Fraction]) -> bool:
        """Whether basic variables are at least zero, and those of equations zero."""
        return all(
            value >= 0 if column < self.n_free else value == 0
            for column, value in zip(basis, point, strict=True)
        )


def optimum(program: Program, basis: Sequence[int] = ()) -> tuple[Fraction, int]:
    """Return the least cost, and how many steps led to it.

    Parameters
    ----------
    program : Program
        All zero must be one of its points.
    basis : sequence of int, optional
        Columns to begin with; slacks alone where they are no basis, or have no point.

    Raises
    ------
    ArithmeticError
        If the cost has no least value, or the beginning no point.
    """
    slack = range(len(program.columns) - len(program.right), len(program.columns))
    basic = list(basis or slack)
    try:
        if not program.is_feasible(basic, solved(program.matrix(basic), program.right)):
            basic = list(slack)
    except SingularError:
        basic = list(slack)
    n_steps = 0
    while True:
        rows = program.matrix(basic)
        point = solved(rows, program.right)
        if not program.is_feasible(basic, point):
            raise ArithmeticError("there is no point to begin with")
        turned = [program.columns[column] for column in basic]
        price = solved(turned, [program.cost[column] for column in basic])
        chosen = set(basic)
        # the first column that gains, and the first row that binds: no circle is possible
        entering = next(
            (
                column
                for column in range(program.n_free)
                if column not in chosen
                and program.cost[column]
                < sum((price[row] * entry for row, entry in program.columns[column].items()), ZERO)
            ),
            None,
        )
        if entering is None:
            cost = sum(
                (program.cost[column] * x for column, x in zip(basic, point, strict=True)), ZERO
            )
            return cost, n_steps
        right = [program.columns[entering].get(row, ZERO) for row in range(len(program.right))]
        change = solved(rows, right)
        ratios = [
            # what stands for an equation stays zero: it leaves whichever way it would move
            (
                ZERO if basic[number] >= program.n_free else point[number] / step,
                basic[number],
                number,
            )
            for number, step in enumerate(change)
            if step > 0 or (step and basic[number] >= program.n_free)
        ]
        if not ratios:
            raise ArithmeticError("the cost has no least value")
        basic[min(ratios)[2]] = entering
        n_steps += 1


def basis_of(c: Any, A_ub: Any, b_ub: Any, A_eq: Any, b_eq: Any) -> list[int]:  # noqa: N803  as in SciPy
    """Return a basis that HiGHS ends with, slacks behind the columns."""
    import highspy

    upper, equal = csc_array(A_ub), csc_array(A_eq)
    solver = highspy.Highs()
    solver.silent()
    for cost in c:
        solver.addCol(float(cost), 0.0, highspy.kHighsInf, 0, [], [])
    for matrix, right, is_equal in ((upper, b_ub, False), (equal, b_eq, True)):
        rows = matrix.tocsr()
        for row in range(rows.shape[0]):
            span = slice(rows.indptr[row], rows.indptr[row + 1])
            least = float(right[row]) if is_equal else -highspy.kHighsInf
            index, entry = rows.indices[span].astype(np.int32), rows.data[span].astype(float)
            solver.addRow(least, float(right[row]), index.size, index, entry)
    solver.run()
    ended = solver.getBasis()
    states = [*ended.col_status, *ended.row_status]
    return [
        number for number, state in enumerate(states) if state == highspy.HighsBasisStatus.kBasic
    ]
