"""The balance as a linear program: one function per constraint family, each with its equation.

Tonnes are physical tonnes per year on the graph's basis where they are; products count in
tonnes of product. Names in the equations are those of
:data:`supplynet.analysis.balance.columns.KINDS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from scipy.sparse import coo_array, csr_array, vstack  # type: ignore[import-untyped, unused-ignore]

from supplynet.analysis.balance.columns import Columns, columns
from supplynet.analysis.balance.families import FAMILIES
from supplynet.analysis.balance.rows import Label, Rows
from supplynet.analysis.balance.scope import Scope
from supplynet.limits import require_solvable
from supplynet.solve.lp.program import LinearProgram

if TYPE_CHECKING:
    from collections.abc import Hashable

    import numpy.typing as npt

    from supplynet.analysis.balance.columns import Key


@dataclass(frozen=True)
class Block:
    """The rows of one constraint family.

    Parameters
    ----------
    family : str
    is_equality : bool
        Rows are ``matrix @ x == rhs`` or ``matrix @ x <= rhs``.
    matrix : csr_array, shape (n_rows, n_columns)
    rhs : ndarray, shape (n_rows,)
    labels : tuple of tuple of str
        What each row speaks of: kind, id, and more where it needs it.
    """

    family: str
    is_equality: bool
    matrix: Any = field(repr=False)
    rhs: npt.NDArray[np.float64] = field(repr=False)
    labels: tuple[Label, ...] = field(repr=False)


@dataclass(frozen=True)
class Model:
    """Variables and constraint blocks of a balance; the objective is the caller's."""

    scope: Scope = field(repr=False)
    columns: Columns = field(repr=False)
    blocks: tuple[Block, ...]

    def stacked(self, is_equality: bool) -> tuple[Any, npt.NDArray[np.float64]]:
        """Return the rows of one sense, in the order of the families."""
        # The order of the families is the order of the rows: labels, duals and the places of pins
        # are all counted by it.
        chosen = [block for block in self.blocks if block.is_equality == is_equality]
        empty = csr_array((0, len(self.columns)))
        matrix = vstack([empty, *(block.matrix for block in chosen)], format="csr")
        return matrix, np.concatenate([np.zeros(0), *(block.rhs for block in chosen)])

    def labels(self, is_equality: bool) -> list[tuple[str, Label]]:
        """Return family and label of the rows of one sense, in the order of `stacked`."""
        return [
            (block.family, label)
            for block in self.blocks
            if block.is_equality == is_equality
            for label in block.labels
        ]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of every variable, the same in every run and every order of rows."""
        return tuple(_name(self.scope, kind, key) for kind, key in self.columns.keys)

    @cached_property
    def row_names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Names of the inequalities and of the equations, in the order of `stacked`."""
        limits, equations = (
            tuple("|".join((family, *label)) for family, label in self.labels(is_equality))
            for is_equality in (False, True)
        )
        return limits, equations

    def vector(self, values: Mapping[int, float]) -> npt.NDArray[np.float64]:
        """Return a vector over the columns."""
        vector = np.zeros(len(self.columns))
        for column, value in values.items():
            vector[column] += value
        return vector

    def program(
        self,
        objective: npt.NDArray[np.float64],
        *,
        maximize: bool,
        more: tuple[Any, npt.NDArray[np.float64]] | None = None,
        lower: npt.NDArray[np.float64] | None = None,
        upper: npt.NDArray[np.float64] | None = None,
    ) -> LinearProgram:
        """Return the linear program of an objective.

        Parameters
        ----------
        objective : ndarray, shape (n_columns,)
        maximize : bool
        more : matrix and vector, optional
            Further rows ``matrix @ x <= vector``, after those of the families.
        lower, upper : ndarray, shape (n_columns,), optional
            Bounds in place of 0 and none.
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
            # By default no variable has an upper bound: each limit is a row, for the dual of a row
            # says what a tonne more of the limit would bring, and a bound has none.
            lower=np.zeros(n) if lower is None else lower,
            upper=np.full(n, np.inf) if upper is None else upper,
            maximize=maximize,
        )


def model(given: Scope) -> Model:
    """Return the variables and constraints of a scope.

    Raises
    ------
    LimitError
        If there are more variables than :data:`supplynet.limits.MAX_VARIABLES`.
    """
    from supplynet.analysis.balance.policy import burden_cap, restriction, restriction_on_tonnage

    names = columns(given)
    require_solvable(len(names), len(given.frame.arcs), len(given.elements))
    blocks = tuple(_block(family(given, names), names, family.__name__) for family in FAMILIES)
    # A cap counts what comes out of plants, which is read off the rows of the other families, so
    # that these must stand before it.
    built = Model(given, names, blocks)
    policy = (
        _block(restriction(given, names), names, restriction.__name__),
        _block(restriction_on_tonnage(given, names), names, restriction_on_tonnage.__name__),
        _block(burden_cap(built), names, burden_cap.__name__),  # counts what comes out of plants
    )
    return Model(given, names, (*blocks, *(block for block in policy if block.labels)))


def _block(rows: Rows, names: Columns, family: str) -> Block:
    """Return the rows of a family as a sparse block."""
    shape = (len(rows.rhs), len(names))
    matrix = coo_array((rows.values, (rows.rows, rows.columns)), shape=shape).tocsr()
    return Block(
        family=family,
        is_equality=rows.is_equality,
        matrix=matrix,
        rhs=rows.rhs,
        labels=rows.labels,
    )


def _name(given: Scope, kind: str, key: Key) -> str:
    parts = [kind, *map(_text, key)]
    if kind in ("feed", "element", "product"):
        arc = given.frame.arcs[cast("int", key[0])]
        link = arc.link
        # The number of an arc changes with every row before it; its ends, form and contract do not.
        parts[1:2] = [arc.tail, arc.head, arc.form, link.standing, str(link.start_year)]
    return "|".join(parts)


def _text(part: Hashable) -> str:
    if isinstance(part, tuple):
        return f"({','.join(map(_text, part))})"
    if isinstance(part, frozenset):
        return f"{{{','.join(sorted(map(_text, part)))}}}"
    return str(part)
