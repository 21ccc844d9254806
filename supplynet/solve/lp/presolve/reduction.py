"""A linear program made smaller once for all figures that it will be solved with.

Whatever a solver finds out before it begins holds for one program. Here only that is used which
follows from the signs of entries and from right sides that are always 0, so that the smaller
program is made once, and that of other figures is a matter of a few formulas: rows that force
their columns to 0, columns that only fill a row up, columns that are the sum of others, and
columns that a small cone ties, which become mixes of its rays (Brearley, Mitra and Williams, 1975,
doi:10.1007/BF01580428; Andersen and Andersen, 1995, doi:10.1007/BF01586000). Entries of what is
left follow from those of the whole by formulas, for many draws at once.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.solve.lp.presolve.postsolve import (
    Cone,
    Forced,
    Mixed,
    Slack,
    Step,
    Substituted,
    cone_of,
    line,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from supplynet.solve.lp.program import LinearProgram

__all__ = ["Formulas", "Reduction"]


class Formulas:
    """Numbers that follow from the entries of a program, each from some of those before it.

    Parameters
    ----------
    entries : ndarray of float64, shape (n_entries,)
        Of the program with its own figures.

    Examples
    --------
    >>> formulas = Formulas(np.array([2.0, 3.0, 4.0]))
    >>> formulas.replaced(None, 0, 1, 2), formulas.mixed([0, 1], [0.5, 2.0])
    (3, 4)
    >>> formulas.values(np.array([[2.0, 3.0, 4.0]]))[3:].ravel().tolist()
    [-1.5, 7.0]
    """

    def __init__(self, entries: NDArray[np.float64]) -> None:
        self._n_entries = entries.size
        #: of the program's own figures
        self.own: list[float] = entries.tolist()
        #: 1 and -1, the same for all figures whose entries have the signs of the program's own; 0
        #: where that does not state
        self.signs: list[int] = np.sign(entries).astype(int).tolist()
        self._level = [0] * entries.size
        self._replaced: dict[int, list[tuple[int, int, int, int, int]]] = defaultdict(list)
        self._mixed: dict[int, list[tuple[int, Sequence[int], Sequence[float]]]] = defaultdict(list)

    def replaced(self, known: int | None, factor: int, part: int, whole: int) -> int:
        """Return the number that stands for ``known - factor * part / whole``.

        Parameters
        ----------
        known, factor, part, whole : int
            Numbers; None for 0.
        """
        term = -self.own[factor] * self.own[part] / self.own[whole]
        sign = -self.signs[factor] * self.signs[part] * self.signs[whole]
        level = max(self._level[one] for one in (factor, part, whole))
        if known is not None:
            sign = sign if sign == self.signs[known] else 0
            term += self.own[known]
            level = max(level, self._level[known])
        number = self._added(term, sign, level + 1)
        # -1 is the place of a 0, see `values`
        self._replaced[level + 1].append(
            (number, -1 if known is None else known, factor, part, whole)
        )
        return number

    def mixed(self, parts: Sequence[int], weights: Sequence[float]) -> int:
        """Return the number that stands for a sum of numbers, each with its weight.

        Parameters
        ----------
        weights : sequence of float
            Not 0.
        """
        pairs = list(zip(parts, weights, strict=True))
        value = sum(self.own[part] * weight for part, weight in pairs)
        signs = {self.signs[part] * (1 if weight > 0.0 else -1) for part, weight in pairs}
        level = 1 + max(self._level[part] for part in parts)
        number = self._added(value, signs.pop() if len(signs) == 1 else 0, level)
        self._mixed[level].append((number, parts, weights))
        return number

    def _added(self, value: float, sign: int, level: int) -> int:
        self.own.append(value)
        self.signs.append(sign)
        self._level.append(level)
        return len(self.own) - 1

    @cached_property
    def _levels(self) -> list[tuple[Any, Any]]:
        """What is worked out level by level, of each kind, as arrays; None for nothing."""
        levels: list[tuple[Any, Any]] = []
        for level in range(1, 1 + max(self._level, default=0)):
            replaced, mixed = self._replaced[level], self._mixed[level]
            arrays = None
            if mixed:
                lengths = [len(parts) for _, parts, _ in mixed]
                arrays = (
                    np.array([number for number, *_ in mixed]),
                    np.concatenate([parts for _, parts, _ in mixed]).astype(int),
                    np.concatenate([weights for *_, weights in mixed])[:, None],
                    np.concatenate([[0], np.cumsum(lengths)[:-1]]),
                )
            levels.append((np.array(replaced).T if replaced else None, arrays))
        return levels

    def values(self, entries: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return all numbers for some entries, shape (n_numbers, n).

        Parameters
        ----------
        entries : ndarray of float64, shape (n, n_entries)
        """
        values = np.zeros((len(self.own) + 1, entries.shape[0]))  # the last one stays 0
        values[: self._n_entries] = entries.T
        for replaced, mixed in self._levels:
            if replaced is not None:
                number, known, factor, part, whole = replaced
                terms = values[factor] * values[part] / values[whole]
                values[number] = values[known] - terms
            if mixed is not None:
                number, parts, weights, starts = mixed
                values[number] = np.add.reduceat(values[parts] * weights, starts, axis=0)
        return values[:-1]


# entries that a substitution may add beyond those that go with its row and column, in turns
_FILLS = (0, 5)
# columns and rows of a cone that is small enough, and large enough, to be reported by its rays
_COLUMNS, _ROWS = 8, 3


class Reduction:
    """The rows, columns and entries that are left of a program, and the steps back.

    Parameters
    ----------
    lp : LinearProgram
        Variables from 0 up, without limits.
    is_zero : ndarray of bool, shape (u + e,)
        Rows whose right side is 0 whatever the figures, inequalities first.
    is_fixed : ndarray of bool, shape (n_entries,)
        Entries that are the same whatever the figures. The others keep their sign.
    """

    def __init__(
        self, lp: LinearProgram, is_zero: NDArray[np.bool_], is_fixed: NDArray[np.bool_]
    ) -> None:
        matrix = vstack([lp.a_ub, lp.a_eq], format="csr")
        n_rows, self.n_columns = matrix.shape
        self.formulas = Formulas(matrix.data)
        self._is_fixed = is_fixed.tolist()
        self._is_zero = is_zero.tolist()
        self._sides: list[float] = np.concatenate([lp.b_ub, lp.b_eq]).tolist()
        #: 1 for a row that limits from above, -1 from below, 0 for an equality
        self.sense = [1] * lp.b_ub.size + [0] * lp.b_eq.size
        #: of a maximization
        self.costs: list[float] = (lp.c if lp.maximize else -lp.c).tolist()
        self.rows: dict[int, dict[int, int]] = {row: {} for row in range(n_rows)}
        self.columns: dict[int, dict[int, int]] = {column: {} for column in range(self.n_columns)}
        starts = matrix.indptr.tolist()
        for row in range(n_rows):
            for number in range(starts[row], starts[row + 1]):
                if self.formulas.signs[number]:
                    self._put(row, int(matrix.indices[number]), number)
        self.steps: list[Step] = []
        #: rows that went because they hold wherever their side, times their sense, is 0 or more
        self.idle: list[int] = []
        self._rows_left = dict.fromkeys(self.rows)
        self._columns_left = dict.fromkeys(self.columns)
        self._run(None)
        self._mix()
        for fill in _FILLS:
            self._rows_left |= dict.fromkeys(self.rows)
            self._columns_left |= dict.fromkeys(self.columns)
            self._run(fill)

    # -- rows and columns ------------------------------------------------------------------

    def _put(self, row: int, column: int, number: int) -> None:
        self.rows[row][column] = self.columns[column][row] = number

    def _drop_row(self, row: int) -> None:
        for column in self.rows.pop(row):
            del self.columns[column][row]
            self._columns_left[column] = None

    def _drop_column(self, column: int) -> None:
        for row in self.columns.pop(column):
            del self.rows[row][column]
            self._rows_left[row] = None

    def _sign(self, row: int, number: int) -> int:
        """Return the sign of an entry, as if its row limited from above."""
        return self.formulas.signs[number] * (self.sense[row] or 1)

    # -- steps -----------------------------------------------------------------------------

    def _run(self, fill: int | None) -> None:
        """Take steps as long as there are any; None for no substitutions."""
        while self._rows_left or self._columns_left:
            while self._columns_left:
                column = next(iter(self._columns_left))
                del self._columns_left[column]
                if column in self.columns:
                    self._try_column(column, fill)
            if self._rows_left:
                row = next(iter(self._rows_left))
                del self._rows_left[row]
                if row in self.rows:
                    self._try_row(row)

    def _try_column(self, column: int, fill: int | None) -> None:
        entries, cost = self.columns[column], self.costs[column]
        if cost <= 0.0 and all(
            self.sense[row] and self._sign(row, number) > 0 for row, number in entries.items()
        ):
            self._drop_column(column)  # it takes and gives nothing: 0 is the best for it
            return
        if len(entries) == 1 and cost == 0.0:
            ((row, number),) = entries.items()
            sign = self._sign(row, number)
            rest = line(self.rows[row], column)
            if not self.sense[row] and sign:
                self.steps.append(Slack(column, row, number, rest))
                self._drop_column(column)
                self.sense[row] = sign
                self._columns_left |= dict.fromkeys(self.rows[row])
                return
            if self.sense[row] and sign < 0:
                self.steps.append(Slack(column, row, number, rest))
                self._drop_row(row)
                self._drop_column(column)
                return
        for row in list(entries) if fill is not None else ():
            if column in self.columns and row in self.rows:
                self._try_substitution(row, column, fill or 0)

    def _try_row(self, row: int) -> None:
        entries, sense = self.rows[row], self.sense[row]
        signs = {self._sign(row, number) for number in entries.values()}
        if sense and signs <= {-1} and sense * self._sides[row] >= 0.0:
            self.idle.append(row)
            self._drop_row(row)
        elif not entries:
            if self._is_zero[row]:
                del self.rows[row]
        elif self._is_zero[row] and (signs == {1} or (not sense and signs == {-1})):
            columns = tuple(line(self.columns[column], row) for column in entries)
            costs = tuple(self.costs[column] for column in entries)
            self.steps.append(Forced(row, sense, tuple(entries.values()), costs, columns))
            for column in list(entries):
                self._drop_column(column)
            del self.rows[row]

    def _try_substitution(self, row: int, column: int, fill: int) -> None:
        """Put in place of a column the sum that a row makes of it, where it is one."""
        entries, others = self.rows[row], self.columns[column]
        sign = self._sign(row, entries[column])
        if not (self._is_zero[row] and sign) or self.costs[column] or len(entries) < 2:
            return
        if any(
            self._sign(row, number) != -sign for one, number in entries.items() if one != column
        ):
            return
        # An inequality holds with equality where the column is worth lowering, or raising, in all
        # other rows.
        if self.sense[row] and not all(
            self.sense[one] and self._sign(one, number) == -sign
            for one, number in others.items()
            if one != row
        ):
            return
        n_new = sum(
            one not in self.rows[other]
            for other in others
            if other != row
            for one in entries
            if one != column
        )
        if n_new <= len(entries) + len(others) - 1 + fill:
            self._substitute(row, column)

    def _substitute(self, row: int, column: int) -> None:
        number = self.rows[row][column]
        rest, others = line(self.rows[row], column), line(self.columns[column], row)
        self.steps.append(Substituted(column, row, number, rest, others))
        self._drop_column(column)
        self._drop_row(row)
        for other, factor in zip(*(part.tolist() for part in others), strict=True):
            for one, part in zip(*(part.tolist() for part in rest), strict=True):
                known = self.rows[other].get(one)
                self._put(other, one, self.formulas.replaced(known, factor, part, number))

    # -- cones -----------------------------------------------------------------------------

    def _mix(self) -> None:
        """Put rays in place of columns that rows with fixed entries tie to a small cone."""
        cones: dict[tuple[bytes, bytes, int], Cone | None] = {}
        for columns, rows in list(self._tied()):
            below = [row for row in rows if self.sense[row]]
            equal = [row for row in rows if not self.sense[row]]
            tables = self._table(below, columns), self._table(equal, columns)
            key = (tables[0].tobytes(), tables[1].tobytes(), len(columns))
            if key not in cones:
                cones[key] = cone_of(*tables)
            cone = cones[key]
            if cone is not None:
                self._replace(columns, [*below, *equal], cone)

    def _tied(self) -> Iterator[tuple[list[int], list[int]]]:
        """Yield columns that inequalities with fixed entries tie, and all rows of these alone."""
        ties = [row for row in self.rows if self.sense[row] and self._is_tie(row)]
        parent: dict[int, int] = {}

        def root(column: int) -> int:
            while parent.setdefault(column, column) != column:
                column = parent[column]
            return column

        for row in ties:
            first, *others = self.rows[row]
            for other in others:
                parent[root(other)] = root(first)
        tied: dict[int, list[int]] = defaultdict(list)
        for column in sorted(parent):
            tied[root(column)].append(column)
        for columns in tied.values():
            inside = set(columns)
            touched = {row: None for column in columns for row in self.columns[column]}
            rows = sorted(
                row for row in touched if self._is_tie(row) and inside.issuperset(self.rows[row])
            )
            if len(columns) <= _COLUMNS and len(rows) >= _ROWS:
                yield columns, rows

    def _is_tie(self, row: int) -> bool:
        return (
            self._is_zero[row]
            and len(self.rows[row]) > 1
            and all(self._is_fixed[number] for number in self.rows[row].values())
        )

    def _table(self, rows: list[int], columns: list[int]) -> NDArray[np.float64]:
        """Return entries as if inequalities all limited from above."""
        table = np.zeros((len(rows), len(columns)))
        for index, row in enumerate(rows):
            for at, column in enumerate(columns):
                if column in self.rows[row]:
                    own = self.formulas.own[self.rows[row][column]]
                    table[index, at] = own * (self.sense[row] or 1)
        return table

    def _replace(self, columns: list[int], rows: list[int], cone: Cone) -> None:
        for row in rows:
            self._drop_row(row)
        outer = tuple(line(self.columns[column]) for column in columns)
        first = len(self.costs)
        rays = tuple(range(first, first + cone.rays.shape[0]))
        costs = np.array([self.costs[column] for column in columns])
        signs = tuple(float(self.sense[row] or 1) for row in rows)
        self.steps.append(
            Mixed(tuple(columns), tuple(rows), signs, rays, cone, tuple(costs.tolist()), outer)
        )
        for column in columns:
            self._drop_column(column)
        for ray, parts in zip(rays, cone.rays.tolist(), strict=True):
            self.costs.append(float(costs @ parts))
            self.columns[ray] = {}
            by_row: dict[int, list[tuple[int, float]]] = defaultdict(list)
            for part, (places, numbers) in zip(parts, outer, strict=True):
                pairs = zip(places.tolist(), numbers.tolist(), strict=True)
                for row, number in pairs if part else ():
                    by_row[row].append((number, part))
            for row, terms in by_row.items():
                mixed, weights = zip(*terms, strict=True)
                self._put(row, ray, self.formulas.mixed(mixed, weights))
            self._columns_left[ray] = None
