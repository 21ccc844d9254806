"""The smaller program of a reduction under many figures, and the way back to the whole one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.solve.lp.presolve.postsolve import State, way_back
from supplynet.solve.lp.presolve.reduction import Reduction
from supplynet.solve.lp.program import Figures, LinearProgram, LinearSolution, entries_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from supplynet.solve.lp.presolve.postsolve import Restored

__all__ = ["Reduced", "Smaller", "reduced"]


@dataclass(frozen=True, eq=False)
class Smaller:
    """Figures of the smaller program, and what the way back needs.

    Parameters
    ----------
    figures : Figures
    sides : ndarray of float64, shape (n_rows, n)
        Right sides of the whole program, inequalities first.
    values : ndarray of float64, shape (n_numbers, n)
        All numbers of the formulas.
    holds : ndarray of bool, shape (n,)
        Whether the program of these figures is one that the reduction is right for.
    """

    figures: Figures
    sides: NDArray[np.float64]
    values: NDArray[np.float64]
    holds: NDArray[np.bool_]


class Reduced:
    """A program and the smaller one that has the same optimum, whatever the figures.

    Parameters
    ----------
    lp : LinearProgram
        The whole program. Its variables are from 0 up, without limits.
    is_zero : ndarray of bool, shape (u + e,)
        Rows whose right side is 0 whatever the figures, inequalities first.
    is_fixed : ndarray of bool, shape (n_entries,)
        Entries that are the same whatever the figures.
    """

    def __init__(
        self, lp: LinearProgram, is_zero: NDArray[np.bool_], is_fixed: NDArray[np.bool_]
    ) -> None:
        self.whole = lp
        self._is_zero, self._is_fixed = is_zero, is_fixed
        self._reduction = made = Reduction(lp, is_zero, is_fixed)
        self._columns = np.array(sorted(made.columns), dtype=np.int64)
        # a row of one column limits it, which a solver holds without a row
        self._limits = list(_limits(made))
        limiting = {row for row, *_ in self._limits}
        left = [row for row in made.rows if row not in limiting]
        senses = np.array([made.sense[row] for row in left], dtype=np.int64)
        rows = np.array(left, dtype=np.int64)
        self._rows_ub, self._rows_eq = rows[senses != 0], rows[senses == 0]
        self._sense = senses[senses != 0].astype(np.float64)

    @cached_property
    def _place(self) -> dict[int, int]:
        """Where each column is in the smaller program."""
        return {column: at for at, column in enumerate(self._columns.tolist())}

    @cached_property
    def _order(self) -> tuple[list[int], list[int], list[int]]:
        """Numbers of the entries row by row, their columns, and where rows start."""
        made, place = self._reduction, self._place
        numbers: list[int] = []
        columns: list[int] = []
        starts = [0]
        for row in [*self._rows_ub.tolist(), *self._rows_eq.tolist()]:
            entries = sorted((place[column], number) for column, number in made.rows[row].items())
            columns += [column for column, _ in entries]
            numbers += [number for _, number in entries]
            starts.append(len(numbers))
        return numbers, columns, starts

    @cached_property
    def _factor(self) -> NDArray[np.float64]:
        """What entries are multiplied by, so that all inequalities limit from above."""
        _, _, starts = self._order
        by_row = np.concatenate([self._sense, np.ones(self._rows_eq.size)])
        return np.repeat(by_row, np.diff(starts))

    @cached_property
    def lp(self) -> LinearProgram:
        """The smaller program with the whole one's own figures."""
        numbers, columns, starts = self._order
        n_ub, n = self._rows_ub.size, self._columns.size
        own = np.array(self._reduction.formulas.own)
        data = own[numbers] * self._factor
        cut = starts[n_ub]
        ub = (data[:cut], columns[:cut], starts[: n_ub + 1])
        eq = (data[cut:], columns[cut:], np.array(starts[n_ub:]) - cut)
        sides = np.concatenate([self.whole.b_ub, self.whole.b_eq])
        return LinearProgram(
            np.array(self._reduction.costs)[self._columns],
            csr_array(ub, shape=(n_ub, n)),
            self._sense * sides[self._rows_ub],
            csr_array(eq, shape=(self._rows_eq.size, n)),
            sides[self._rows_eq],
            np.zeros(n),
            self._upper(sides[:, None], own[:, None])[:, 0],
            maximize=True,
        )

    def _upper(
        self, sides: NDArray[np.float64], values: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return limits of the columns, shape (n_columns, n)."""
        upper = np.full((self._columns.size, sides.shape[1]), np.inf)
        for row, column, number in self._limits:
            limit = upper[self._place[column]]
            np.minimum(limit, sides[row] / values[number], out=limit)
        return upper

    def smaller(self, given: Figures) -> Smaller:
        """Return figures of the whole program as those of the smaller one.

        Parameters
        ----------
        given : Figures
        """
        own = entries_of(self.whole)
        entries = np.repeat(own[None, :], given.b_ub.shape[0], axis=0)
        if given.entries is not None:
            entries[:, slice(None) if given.places is None else given.places] = given.entries
        sides = np.concatenate([given.b_ub, given.b_eq], axis=1)
        # What the reduction took for granted: signs of entries, sides that are 0, and sides that
        # rows without a column are left with.
        holds = (np.sign(entries) == np.sign(own)).all(axis=1)
        holds &= (sides[:, self._is_zero] == 0.0).all(axis=1)
        idle = self._reduction.idle
        senses = np.array([self._reduction.sense[row] for row in idle], dtype=np.float64)
        holds &= (sides[:, idle] * senses >= 0.0).all(axis=1)
        values = self._reduction.formulas.values(entries)
        numbers = self._order[0]
        figures = Figures(
            sides[:, self._rows_ub] * self._sense,
            sides[:, self._rows_eq],
            np.ascontiguousarray((values[numbers] * self._factor[:, None]).T),
            upper=self._upper(sides.T, values).T,
        )
        return Smaller(figures, sides.T, values, holds)

    def restored(
        self, smaller: Smaller, solutions: Sequence[LinearSolution | None]
    ) -> list[LinearSolution | None]:
        """Return solutions of the smaller program as solutions of the whole one, with all prices.

        Parameters
        ----------
        smaller : Smaller
        solutions : sequence of LinearSolution or None
            One for each of the figures; None stays None.
        """
        made, known = self._reduction, [one for one in solutions if one is not None]
        if not known:
            return list(solutions)
        chosen: Any = np.array([one is not None for one in solutions])
        if chosen.all():
            chosen = slice(None)  # no copy of all numbers
        state = State(
            np.zeros((len(made.costs), len(known))),
            np.zeros((self._is_zero.size, len(known))),
            smaller.sides[:, chosen],
            smaller.values[:, chosen],
        )
        state.x[self._columns] = np.array([one.x for one in known]).T
        state.y[self._rows_ub] = np.array([one.dual_ub for one in known]).T * self._sense[:, None]
        state.y[self._rows_eq] = np.array([one.dual_eq for one in known]).T
        self._price(state, np.array([one.reduced_costs for one in known]).T)
        for steps in self._way_back:
            steps.restore(state)
        whole = iter(self._solutions(state, known))
        return [None if one is None else next(whole) for one in solutions]

    @cached_property
    def _way_back(self) -> list[Restored]:
        """What puts in again what the reduction took out."""
        return way_back(self._reduction.steps)

    def _price(self, state: State, reduced_costs: NDArray[np.float64]) -> None:
        """Make the reduced cost of a column at its limit the price of the row that it is from."""
        reduced_costs = np.maximum(reduced_costs, 0.0)
        upper = self._upper(state.sides, state.values)
        for row, column, number in self._limits:
            place, entry = self._place[column], state.values[number]
            holds = state.sides[row] / entry <= upper[place]
            state.y[row] = np.where(holds, reduced_costs[place] / entry, 0.0)
            reduced_costs[place][holds] = 0.0  # one row is enough

    def _solutions(self, state: State, known: Sequence[LinearSolution]) -> list[LinearSolution]:
        lp, n_ub = self.whole, self.whole.b_ub.size
        sign = 1.0 if lp.maximize else -1.0
        x, y = np.ascontiguousarray(state.x[: lp.c.size].T), sign * state.y.T
        matrix, drawn, rows, columns, starts = self._by_column
        reduced = lp.c[:, None] - matrix @ (sign * state.y)
        if drawn.size:
            terms = state.values[drawn] * (sign * state.y[rows])
            reduced[columns] -= np.add.reduceat(terms, starts, axis=0)
        objectives = (lp.c * x).sum(axis=1).tolist()
        return [
            LinearSolution(
                x=amounts,
                objective=objective,
                dual_ub=prices[:n_ub],
                dual_eq=prices[n_ub:],
                reduced_costs=reduced_costs,
                n_iterations=one.n_iterations,
            )
            for one, amounts, objective, prices, reduced_costs in zip(
                known, x, objectives, y, reduced.T, strict=True
            )
        ]

    @cached_property
    def _by_column(self) -> tuple[Any, Any, Any, Any, Any]:
        """Entries of the whole program column by column: a matrix of those that stay, and others.

        Of the others: places, rows, columns and where columns start.
        """
        matrix = vstack([self.whole.a_ub, self.whole.a_eq], format="csr")
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        drawn = np.flatnonzero(~self._is_fixed)
        drawn = drawn[np.argsort(matrix.indices[drawn], kind="stable")]
        columns, starts = np.unique(matrix.indices[drawn], return_index=True)
        data = np.where(self._is_fixed, matrix.data, 0.0)
        fixed = csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
        return csr_array(fixed.T), drawn, rows[drawn], columns, starts


def _limits(made: Reduction) -> Iterator[tuple[int, int, int]]:
    """Yield rows that limit one column from above, with the column and the number of its entry."""
    for row, entries in made.rows.items():
        if made.sense[row] and len(entries) == 1:
            ((column, number),) = entries.items()
            if made.formulas.signs[number] == made.sense[row]:
                yield row, column, number


def reduced(lp: LinearProgram, some: Figures) -> Reduced | None:
    """Return the smaller program that has the optima of one, for all figures that are like some.

    Parameters
    ----------
    lp : LinearProgram
    some : Figures
        Rows whose right side is 0 in the program and in all of these are taken to stay so, and
        entries other than theirs to stay as they are.

    Returns
    -------
    Reduced or None
        None for a program whose variables have limits, and for one of which nothing would be left.

    Examples
    --------
    >>> lp = LinearProgram(
    ...     [1.0, 0.0], [[0.0, 1.0]], [4.0], [[1.0, -2.0]], [0.0], [0.0] * 2, [np.inf] * 2, True
    ... )
    >>> own = Figures(np.array([[5.0]]), np.array([[0.0]]), None)
    >>> reduced(lp, own).lp.c.size
    1
    """
    if lp.lower.any() or np.isfinite(lp.upper).any():
        return None
    sides = np.concatenate([some.b_ub, some.b_eq], axis=1)
    is_zero = (np.concatenate([lp.b_ub, lp.b_eq]) == 0.0) & ~sides.any(axis=0)
    is_fixed = np.full(lp.a_ub.nnz + lp.a_eq.nnz, some.entries is None)
    if some.entries is not None and some.places is not None:
        is_fixed = np.ones_like(is_fixed)
        is_fixed[some.places] = False
    made = Reduced(lp, is_zero, is_fixed)
    return made if made.lp.c.size else None
