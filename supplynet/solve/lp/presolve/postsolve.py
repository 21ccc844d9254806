"""Steps by which a linear program was made smaller, each with the way back for many draws at once.

Every step knows what its variables and rows are once those that were left after it are known: the
amounts first, then the prices of the rows (Andersen and Andersen, 1995, doi:10.1007/BF01586000).
Steps of a kind that do not wait for each other are taken back together.
Programs are maximized here, so that prices of rows that limit from above are 0 or more.

All that fits ``low * y <= x <= high * y`` and the like is a mix of a few extreme ones (Minkowski,
1896; Schrijver, 1986, "Theory of linear and integer programming", section 8.8). In their terms the
rows that tie the variables are gone.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "Cone",
    "Forced",
    "Mixed",
    "Slack",
    "State",
    "Step",
    "Substituted",
    "cone_of",
    "way_back",
]


#: entries of a row by column or of a column by row: places, and numbers of formulas
Line = tuple[NDArray[np.int64], NDArray[np.int64]]


def line(entries: Mapping[int, int], but: int | None = None) -> Line:
    """Return entries of a row or column, but one, as places and numbers."""
    kept = [(place, number) for place, number in entries.items() if place != but]
    places, numbers = np.array(kept, dtype=np.int64).reshape(-1, 2).T
    return places, numbers


@dataclass(frozen=True, eq=False)
class State:
    """Amounts and prices, as far as they are known."""

    x: NDArray[np.float64]  #: shape (n_columns, n); with columns that steps have made
    y: NDArray[np.float64]  #: shape (n_rows, n)
    sides: NDArray[np.float64]  #: shape (n_rows, n)
    #: shape (n_numbers, n); see :class:`supplynet.solve.lp.presolve.reduction.Formulas`
    values: NDArray[np.float64]

    def in_column(self, entries: Line) -> NDArray[np.float64]:
        """Return what a unit of a column takes in rows at their prices."""
        places, numbers = entries
        total: NDArray[np.float64] = (self.values[numbers] * self.y[places]).sum(axis=0)
        return total


class Lines:
    """Rows or columns of a program, each with what it adds up to."""

    def __init__(self, lines: Sequence[Line]) -> None:
        sizes = np.array([places.size for places, _ in lines])
        self._n = len(lines)
        self._some = np.flatnonzero(sizes)  # a sum of nothing is 0
        self._starts = (np.cumsum(sizes) - sizes)[self._some]
        self._places, self._numbers = (np.concatenate(parts) for parts in zip(*lines, strict=True))

    def total(self, values: NDArray[np.float64], amounts: NDArray[np.float64]) -> Any:
        """Return the sum of each, shape (n_lines, n)."""
        totals = np.zeros((self._n, values.shape[1]))
        if self._some.size:
            terms = values[self._numbers] * amounts[self._places]
            totals[self._some] = np.add.reduceat(terms, self._starts, axis=0)
        return totals


@dataclass(frozen=True, eq=False)
class Slack:
    """A column that fills up a row, which became an inequality without it, or holds anyway."""

    column: int
    row: int
    entry: int
    rest: Line

    @property
    def takes(self) -> tuple[Iterable[int], Iterable[int]]:
        """The columns that share the row."""
        return self.rest[0].tolist(), ()

    @property
    def gives(self) -> tuple[Iterable[int], Iterable[int]]:
        """The column."""
        return (self.column,), ()


class _Slacks:
    """Columns that fill up rows."""

    def __init__(self, steps: Sequence[Slack]) -> None:
        self._columns = [step.column for step in steps]
        self._rows = [step.row for step in steps]
        self._entries = [step.entry for step in steps]
        self._rest = Lines([step.rest for step in steps])

    def restore(self, state: State) -> None:
        """A column is what the others leave; the price of its row is that of the inequality."""
        left = state.sides[self._rows] - self._rest.total(state.values, state.x)
        state.x[self._columns] = np.maximum(left / state.values[self._entries], 0.0)


@dataclass(frozen=True, eq=False)
class Forced:
    """A row that nothing but 0 fits: its columns went with it."""

    row: int
    sense: int
    entries: tuple[int, ...]
    costs: tuple[float, ...]
    columns: tuple[Line, ...]

    @property
    def takes(self) -> tuple[Iterable[int], Iterable[int]]:
        """The other rows of its columns."""
        return (), [row for rows, _ in self.columns for row in rows.tolist()]

    @property
    def gives(self) -> tuple[Iterable[int], Iterable[int]]:
        """The row."""
        return (), (self.row,)

    def restore(self, state: State) -> None:
        """The price is such that none of the columns is worth raising."""
        needed = [
            (cost - state.in_column(column)) / state.values[entry]
            for entry, cost, column in zip(self.entries, self.costs, self.columns, strict=True)
        ]
        if self.sense < 0 or (not self.sense and float(state.values[self.entries[0], 0]) < 0.0):
            state.y[self.row] = np.minimum(np.min(needed, axis=0), 0.0)
        else:
            state.y[self.row] = np.maximum(np.max(needed, axis=0), 0.0)


@dataclass(frozen=True, eq=False)
class Substituted:
    """A column that a row makes the sum of others, each with a part of 0 or more."""

    column: int
    row: int
    entry: int
    rest: Line
    others: Line

    @property
    def takes(self) -> tuple[Iterable[int], Iterable[int]]:
        """The other columns of the row and the other rows of the column."""
        return self.rest[0].tolist(), self.others[0].tolist()

    @property
    def gives(self) -> tuple[Iterable[int], Iterable[int]]:
        """The column and the row."""
        return (self.column,), (self.row,)


class _Substitutions:
    """Columns that rows make the sum of others."""

    def __init__(self, steps: Sequence[Substituted]) -> None:
        self._columns = [step.column for step in steps]
        self._rows = [step.row for step in steps]
        self._entries = [step.entry for step in steps]
        self._rest = Lines([step.rest for step in steps])
        self._others = Lines([step.others for step in steps])

    def restore(self, state: State) -> None:
        """A column is the sum, and the price of its row makes its worth nothing."""
        entries = state.values[self._entries]
        state.x[self._columns] = -self._rest.total(state.values, state.x) / entries
        state.y[self._rows] = -self._others.total(state.values, state.y) / entries


@dataclass(frozen=True, eq=False)
class Mixed:
    """Columns that a cone ties, in place of which its rays came."""

    columns: tuple[int, ...]
    rows: tuple[int, ...]
    signs: tuple[float, ...]
    rays: tuple[int, ...]
    cone: Cone
    costs: tuple[float, ...]
    outer: tuple[Line, ...]

    @property
    def takes(self) -> tuple[Iterable[int], Iterable[int]]:
        """The rays, and the rows of the columns outside of the cone."""
        return self.rays, [row for rows, _ in self.outer for row in rows.tolist()]

    @property
    def gives(self) -> tuple[Iterable[int], Iterable[int]]:
        """The columns and the rows of the cone."""
        return self.columns, self.rows

    def restore(self, state: State) -> None:
        """The columns are mixed of rays, and no column is worth more than its rows take."""
        state.x[list(self.columns)] = self.cone.rays.T @ state.x[list(self.rays)]
        reduced_costs = np.array(
            [
                cost - state.in_column(entries)
                for cost, entries in zip(self.costs, self.outer, strict=True)
            ]
        )
        signs = np.array(self.signs)[:, None]
        state.y[list(self.rows)] = signs * self.cone.prices(reduced_costs)


#: what makes a program smaller, to be taken back, and steps that are taken back together
Step = Slack | Forced | Substituted | Mixed
Restored = _Slacks | _Substitutions | Forced | Mixed


def way_back(steps: Iterable[Step]) -> list[Restored]:
    """Return what restores a program that some steps made smaller, in the order to be done.

    Each column and row is given by one step, which comes after those that give what it takes.
    """
    known: dict[tuple[str, int], int] = defaultdict(int)
    levels: dict[int, list[Step]] = defaultdict(list)
    for step in reversed(list(steps)):
        taken, given = (
            [*(("column", place) for place in columns), *(("row", place) for place in rows)]
            for columns, rows in (step.takes, step.gives)
        )
        level = 1 + max((known[one] for one in taken), default=0)
        known.update(dict.fromkeys(given, level))
        levels[level].append(step)
    restored: list[Restored] = []
    for _, alike in sorted(levels.items()):
        slacks = [step for step in alike if isinstance(step, Slack)]
        substituted = [step for step in alike if isinstance(step, Substituted)]
        restored += [_Slacks(slacks)] if slacks else []
        restored += [_Substitutions(substituted)] if substituted else []
        restored += [step for step in alike if isinstance(step, (Forced, Mixed))]
    return restored


#: how far a ray may be off a row, where the parts of a ray add up to 1 and rows are scaled
_OFF = 1e-9
# parts of a ray that are nothing
_NOTHING = 1e-12


@dataclass(frozen=True, eq=False)
class Cone:
    """All ``x >= 0`` with ``below @ x <= 0`` and ``equal @ x == 0``."""

    #: shape (n_rays, n_columns); extreme rays, their parts adding up to 1
    rays: NDArray[np.float64]
    #: shape (n_bases, n_below + n_equal, n_columns); for each way in which rows and bounds meet in
    #: a ray: what makes of the worths of the columns the prices of the rows
    duals: NDArray[np.float64]
    #: shape (n_bases, n_held, n_columns); the same for prices that must not be below 0
    slacks: NDArray[np.float64]

    def prices(self, reduced_costs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return prices of the rows under which no column is worth more than it takes.

        Parameters
        ----------
        reduced_costs : ndarray of float64, shape (n_columns, n)
            What a unit of each column is worth, such that no ray is worth more than nothing.

        Returns
        -------
        ndarray of float64, shape (n_below + n_equal, n)
        """
        # The prices of the best ray's basis: those of another would leave a column that is worth
        # more. Where rays are equally good, any basis without a price below 0 does.
        least = (self.slacks @ reduced_costs).min(axis=1, initial=np.inf)
        chosen = least.argmax(axis=0)
        every = np.arange(reduced_costs.shape[1])
        prices: NDArray[np.float64] = (self.duals @ reduced_costs)[chosen, :, every].T
        return prices


def cone_of(below: NDArray[np.float64], equal: NDArray[np.float64]) -> Cone | None:
    """Return the cone of some rows.

    Parameters
    ----------
    below, equal : ndarray of float64, shape (n_below, n_columns) and (n_equal, n_columns)

    Returns
    -------
    Cone or None
        None where nothing but 0 is in it.

    Examples
    --------
    >>> cone_of(np.array([[-2.0, 1.0]]), np.zeros((0, 2))).rays.round(3).tolist()
    [[0.333, 0.667], [1.0, 0.0]]
    """
    n = below.shape[1]
    size_below, size_equal = np.abs(below).max(axis=1), np.abs(equal).max(axis=1, initial=0.0)
    lines, whole = equal / size_equal[:, None], np.ones((1, n))
    held = np.vstack([below / size_below[:, None], -np.eye(n)])
    kept = _independent(lines, whole)
    always = np.vstack([lines[kept], whole])
    right = np.append(np.zeros(len(kept)), 1.0)
    n_free = n - always.shape[0]
    rays: list[NDArray[np.float64]] = []
    duals, slacks = [], []
    for chosen in combinations(range(held.shape[0]), n_free):
        square = np.vstack([always, held[list(chosen)]])
        if np.linalg.matrix_rank(square) < n:
            continue
        inverse = np.linalg.inv(square)
        ray = inverse[:, : right.size] @ right
        if (held @ ray).max() > _OFF:
            continue
        ray[np.abs(ray) < _NOTHING] = 0.0
        if all(np.abs(ray - known).max() > _OFF for known in rays):
            rays.append(ray)
        # prices of the rows that meet here: the worth of the columns as a sum of these rows
        of_rows = np.zeros((below.shape[0] + equal.shape[0], n))
        of_rows[below.shape[0] + np.array(kept, dtype=int)] = inverse.T[: len(kept)]
        for index, row in enumerate(chosen):
            if row < below.shape[0]:
                of_rows[row] = inverse.T[right.size + index]
        duals.append(of_rows / np.concatenate([size_below, size_equal])[:, None])
        slacks.append(inverse.T[right.size :])
    if not rays:
        return None
    return Cone(np.array(rays), np.array(duals), np.array(slacks))


def _independent(lines: NDArray[np.float64], whole: NDArray[np.float64]) -> list[int]:
    """Return rows that none of the others, nor the sum of all columns, already says."""
    kept: list[int] = []
    for row in range(lines.shape[0]):
        some = np.vstack([whole, lines[[*kept, row]]])
        if np.linalg.matrix_rank(some) == some.shape[0]:
            kept.append(row)
    return kept
