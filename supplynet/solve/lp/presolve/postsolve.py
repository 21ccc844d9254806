"""Steps by which a linear program was made smaller, each with the way back for many draws at once.

Every step knows what its variables and rows are once those that were left after it are known: the
amounts first, then the prices of the rows (Andersen and Andersen, 1995, doi:10.1007/BF01586000).
Programs are maximized here, so that prices of rows that limit from above are 0 or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping

    from supplynet.solve.lp.presolve.cones import Cone

__all__ = ["Forced", "Mixed", "Slack", "State", "Step", "Substituted"]

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
    #: shape (n_numbers, n); see :class:`supplynet.solve.lp.presolve.formulas.Formulas`
    values: NDArray[np.float64]

    def in_row(self, entries: Line) -> NDArray[np.float64]:
        """Return what columns add up to in a row."""
        places, numbers = entries
        total: NDArray[np.float64] = (self.values[numbers] * self.x[places]).sum(axis=0)
        return total

    def in_column(self, entries: Line) -> NDArray[np.float64]:
        """Return what a unit of a column takes in rows at their prices."""
        places, numbers = entries
        total: NDArray[np.float64] = (self.values[numbers] * self.y[places]).sum(axis=0)
        return total


class Step(Protocol):
    """A step, to be taken back."""

    def restore(self, state: State) -> None:
        """Put in what the step took out."""


@dataclass(frozen=True, eq=False)
class Slack:
    """A column that fills up a row, which became an inequality without it, or holds anyway."""

    column: int
    row: int
    entry: int
    rest: Line

    def restore(self, state: State) -> None:
        """The column is what the others leave; the price of the row is that of the inequality."""
        left = state.sides[self.row] - state.in_row(self.rest)
        state.x[self.column] = np.maximum(left / state.values[self.entry], 0.0)


@dataclass(frozen=True, eq=False)
class Forced:
    """A row that nothing but 0 fits: its columns went with it."""

    row: int
    sense: int
    entries: tuple[int, ...]
    costs: tuple[float, ...]
    columns: tuple[Line, ...]

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

    def restore(self, state: State) -> None:
        """The column is the sum, and the price of the row makes its worth nothing."""
        entry = state.values[self.entry]
        state.x[self.column] = -state.in_row(self.rest) / entry
        state.y[self.row] = -state.in_column(self.others) / entry


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
