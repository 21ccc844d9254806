"""The balance as a linear program: one function per constraint family, each with its equation.

Tonnes are physical tonnes per year on the graph's basis where they are; products count in
tonnes of product. Names in the equations are those of
:data:`supplynet.analysis.balance.columns.KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.columns import Columns, columns
from supplynet.analysis.balance.families import BARE, FAMILIES
from supplynet.analysis.balance.rows import Label, Names, Rows
from supplynet.analysis.balance.scope import Scope
from supplynet.arrays import Floats
from supplynet.limits import require_solvable
from supplynet.solve.lp.program import LinearProgram

if TYPE_CHECKING:
    from collections.abc import Hashable

    from supplynet.analysis.balance.columns import Key


@dataclass(frozen=True, repr=False)
class Block:
    """The rows of one constraint family."""

    family: str
    is_equality: bool  #: rows are ``matrix @ x == rhs`` or ``matrix @ x <= rhs``
    #: matrix in which its rows follow each other, those of other families before and behind
    whole: Any
    rhs: Floats
    names: Names
    first: int = 0  #: place of its first row in the whole

    @property
    def labels(self) -> tuple[Label, ...]:
        """What each row speaks of: kind, id, and more where it needs it."""
        return self.names.labels

    @property
    def end(self) -> int:
        """Place behind its last row in the whole."""
        return self.first + self.rhs.size

    @cached_property
    def matrix(self) -> Any:
        """Its rows alone, shape (n_rows, n_columns)."""
        return _cut(self.whole, self.first, self.end)


@dataclass(frozen=True)
class Model:
    """Variables and constraint blocks of a balance; the objective is the caller's."""

    scope: Scope = field(repr=False)
    columns: Columns = field(repr=False)
    blocks: tuple[Block, ...]
    #: shape (n_columns,); the most of each variable, where some are held down; default: no limit
    upper: Floats | None = field(default=None, repr=False)

    def stacked(self, is_equality: bool) -> tuple[Any, Floats]:
        """Return the rows of one sense, in the order of the families."""
        # The order of the families is the order of the rows: labels, duals and the places of pins
        # are all counted by it.
        blocks = [block for block in self.blocks if block.is_equality == is_equality]
        runs: list[tuple[Any, int, int]] = []  # of blocks that follow each other in one matrix
        for block in blocks:
            if runs and runs[-1][0] is block.whole and runs[-1][2] == block.first:
                runs[-1] = (block.whole, runs[-1][1], block.end)
            else:
                runs.append((block.whole, block.first, block.end))
        matrices = [_cut(*run) for run in runs] or [csr_array((0, len(self.columns)))]
        matrix = matrices[0] if len(matrices) == 1 else vstack(matrices, format="csr")
        return matrix, np.concatenate([np.zeros(0), *(block.rhs for block in blocks)])

    def labels(self, is_equality: bool) -> list[tuple[str, Label]]:
        """Return family and label of the rows of one sense, in the order of `stacked`."""
        return [
            (block.family, label)
            for block in self.blocks
            if block.is_equality == is_equality
            for label in block.labels
        ]

    @cached_property
    def _most(self) -> Floats:
        return np.full(len(self.columns), np.inf) if self.upper is None else self.upper

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of every variable, the same in every run and every order of rows."""
        return tuple(_name(self.scope, kind, key) for kind, key in self.columns.keys)

    def vector(self, values: Mapping[int, float]) -> Floats:
        """Return a vector over the columns."""
        vector = np.zeros(len(self.columns))
        for column, value in values.items():
            vector[column] = value
        return vector

    def program(
        self,
        objective: Floats,
        *,
        maximize: bool,
        more: tuple[Any, Floats] | None = None,
        lower: Floats | None = None,
        upper: Floats | None = None,
    ) -> LinearProgram:
        """Return the linear program of an objective.

        `more` are rows ``matrix @ x <= vector`` after those of the families, `lower` and `upper`
        bounds in place of 0 and those of the model.
        """
        a_ub, b_ub = self.stacked(False)
        # Further rows stand behind those of the families, so that the dual of a limit is found at
        # the same place whatever was pinned.
        if more is not None:
            a_ub = vstack([a_ub, more[0]], format="csr")
            b_ub = np.concatenate([b_ub, more[1]])
        a_eq, b_eq = self.stacked(True)
        n = len(self.columns)
        return LinearProgram(
            c=objective,
            a_ub=a_ub,
            b_ub=b_ub,
            a_eq=a_eq,
            b_eq=b_eq,
            # A limit is a row and no bound, for the dual of a row
            # says what a tonne more of the limit would bring, and a bound has none.
            lower=np.zeros(n) if lower is None else lower,
            upper=self._most if upper is None else upper,
            maximize=maximize,
        )


def model(given: Scope) -> Model:
    """Return the variables and constraints of a scope, which must not be too many."""
    from supplynet.analysis.balance.policy import burden_cap, restriction, restriction_on_tonnage

    names = columns(given)
    require_solvable(len(names), len(given.frame.arcs), len(given.elements))
    families = [(family.__name__, _rows(family, given, names)) for family in FAMILIES]
    blocks = _blocks(families, len(names))
    # A cap counts what comes out of plants, which is read off the rows of the other families, so
    # that these must stand before it.
    built = Model(given, names, blocks)
    policy = [
        (restriction.__name__, restriction(given, names)),
        (restriction_on_tonnage.__name__, restriction_on_tonnage(given, names)),
        (burden_cap.__name__, burden_cap(built)),
    ]
    further = _blocks([(family, rows) for family, rows in policy if rows.rhs.size], len(names))
    return Model(given, names, (*blocks, *further))


def _rows(family: Callable[[Scope, Columns], Rows], scope: Scope, names: Columns) -> Rows:
    """Return the rows of a family, from those of before where they hold no figure."""
    if family not in BARE:
        return family(scope, names)
    if family.__name__ not in names.rows:
        names.rows[family.__name__] = family(scope, names)
    return names.rows[family.__name__]


def _blocks(families: Sequence[tuple[str, Rows]], n: int) -> tuple[Block, ...]:
    """Return the rows of families by their names, those of one sense in one sparse matrix."""
    wholes = {
        is_equality: _matrix([rows for _, rows in families if rows.is_equality == is_equality], n)
        for is_equality in (False, True)
    }
    bounds, blocks = {False: 0, True: 0}, []
    for family, rows in families:
        sense = rows.is_equality
        first, bounds[sense] = bounds[sense], bounds[sense] + rows.rhs.size
        blocks.append(Block(family, sense, wholes[sense], rows.rhs, rows.names, first))
    return tuple(blocks)


def _matrix(parts: Sequence[Rows], n: int) -> Any:
    """Return the rows of some families as one sparse matrix."""
    if not parts:
        return csr_array((0, n))
    sizes = np.array([rows.rhs.size for rows in parts])
    starts = np.cumsum(sizes) - sizes
    rows = np.concatenate(
        [portion.rows + start for portion, start in zip(parts, starts, strict=True)]
    )
    columns = np.concatenate([share.columns for share in parts])
    values = np.concatenate([part.values for part in parts])
    return coo_array((values, (rows, columns)), shape=(int(sizes.sum()), n)).tocsr()


def _cut(total: Any, first: int, end: int) -> Any:
    """Return rows that follow each other in a matrix, all of them as they are."""
    return total if (first, end) == (0, total.shape[0]) else total[first:end]


def _name(scope: Scope, kind: str, key: Key) -> str:
    parts = [kind, *map(_text, key)]
    if kind in ("feed", "element", "product"):
        arc = scope.frame.arcs[cast("int", key[0])]
        link = arc.link
        # The number of an arc changes with every row before it; its ends, form and contract do not.
        tolled = filter(None, [arc.toll])
        parts[1:2] = [arc.tail, arc.head, arc.form, link.standing, str(link.start_year), *tolled]
    return "|".join(parts)


def _text(portion: Hashable) -> str:
    if isinstance(portion, tuple):
        return f"({','.join(map(_text, portion))})"
    if isinstance(portion, frozenset):
        return f"{{{','.join(sorted(map(_text, portion)))}}}"
    return str(portion)
