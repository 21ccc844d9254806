"""Rows of a constraint family, put together from the sums of its equation, and joins of codes."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Union

import numpy as np
from scipy.sparse import coo_array  # type: ignore[import-untyped, unused-ignore]

from supplynet.arrays import Bools, Floats, Ints

if TYPE_CHECKING:
    pass


def ints(values: Any) -> Ints:
    """Return codes as an array, also where there are none."""
    return np.array(values, dtype=np.int64)


def joined(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return every pair of places that hold the same code.

    `right` is ascending. Places are in the order of `left`, then of `right`.

    Examples
    --------
    >>> places = joined(ints([7, 5, 7]), ints([5, 7, 7]))
    >>> [one.tolist() for one in places]
    [[0, 0, 1, 2, 2], [1, 2, 0, 1, 2]]
    """
    start = np.searchsorted(right, left, side="left")
    count = np.searchsorted(right, left, side="right") - start
    before = np.cumsum(count) - count  # pairs of the places before
    of_left = np.repeat(np.arange(left.size), count)
    return of_left, np.arange(of_left.size) + np.repeat(start - before, count)


def first_seen(codes: Ints) -> tuple[Ints, Ints]:
    """Return where each code comes first, in that order, and which of them each place holds.

    Examples
    --------
    >>> first, which = first_seen(ints([7, 5, 7]))
    >>> first.tolist(), which.tolist()
    ([0, 1], [0, 1, 0])
    """
    _, first, which = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    return first[order], rank[which]


#: what a row speaks of: kind (node, link, rule, nation), its id, and more where it needs it
Label = tuple[str, ...]
#: what a label says for each code of a row
By = tuple[Sequence[Label], ...]
#: right sides: one for all, by the codes of a row, or what gives that of one row
Rhs = Union[float, "Floats", Callable[..., float]]


@dataclass(frozen=True)
class Names:
    """What the rows of a family speak of; put into words where somebody asks for them."""

    by: By = field(repr=False)
    codes: tuple[Ints, ...] = field(repr=False)  #: of each row, for every part of `by`

    @classmethod
    def of(cls, labels: Sequence[Label]) -> Names:
        """Return the names of rows whose labels are at hand, one each."""
        return cls((labels,), (np.arange(len(labels)),))

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """The label of each row: what is said for each of its codes, one after another."""
        parts = [
            [texts[index] for index in code.tolist()]
            for texts, code in zip(self.by, self.codes, strict=True)
        ]
        labels = parts[0]
        for portion in parts[1:]:
            labels = list(map(operator.add, labels, portion))
        return tuple(labels)


@dataclass(frozen=True)
class Rows:
    """Triplets of a sparse matrix, right sides and names."""

    is_equality: bool  #: whether the rows are equations or upper limits
    #: rows, columns: shape (n,)
    rows: Ints
    columns: Ints
    values: Floats  #: shape (n,)
    rhs: Floats  #: shape (n_rows,)
    names: Names

    @property
    def labels(self) -> tuple[Label, ...]:
        """The label of each row."""
        return self.names.labels

    def matrix(self, n: int) -> Any:
        """Return the rows as a sparse matrix over `n` columns."""
        at = self.rows, self.columns
        return coo_array((self.values, at), shape=(self.rhs.size, n)).tocsr()


class Sum(NamedTuple):
    """One sum of an equation, in all rows of its family at once; its parts are broadcast."""

    place: Ints  #: columns of the variables
    weight: float | Floats  #: what each is multiplied with; what has weight 0 is left out
    at: tuple[int | Ints, ...]  #: codes of the row that each stands in
    where: bool | Bools = True  #: which of them take part
    #: whether there is a row wherever a term of this sum is; the terms of a sum that opens no rows
    #: stand in those that others open
    opens: bool = True


def equations(*sums: Sum, by: By, only: bool | Bools = True, rhs: Rhs = 0.0) -> Rows:
    """Return the rows in which some sums add up to the right side.

    `by` is, for each code of a row, what the label says for it; rows are in the order of the codes,
    and one without terms is none. `only`, whether a row may be there, and `rhs` are broadcast over
    the codes; a callable gives the right side for the codes of one row.

    Examples
    --------
    Column 0 and 0.9 of column 1 meet in one row, column 2 stands in another:

    >>> rows = equations(
    ...     Sum(np.array([0, 2]), 1.0, at=(np.array([0, 1]),)),
    ...     Sum(np.array([1]), -0.9, at=(np.array([0]),)),
    ...     by=([("node", "mine"), ("node", "mill")],),
    ... )
    >>> rows.labels
    (('node', 'mine'), ('node', 'mill'))
    >>> list(zip(rows.rows.tolist(), rows.columns.tolist(), rows.values.tolist()))
    [(0, 0, 1.0), (1, 2, 1.0), (0, 1, -0.9)]
    """
    return _rows(True, sums, by, only, rhs)


def upper_limits(*sums: Sum, by: By, only: bool | Bools = True, rhs: Rhs = 0.0) -> Rows:
    """Return the rows in which some sums together stay at or below the right side.

    Parameters are those of `equations`.
    """
    return _rows(False, sums, by, only, rhs)


def _rows(is_equality: bool, sums: Sequence[Sum], by: By, only: bool | Bools, rhs: Rhs) -> Rows:
    shape = tuple(len(texts) for texts in by)
    terms = [_terms(addend, shape) for addend in sums]
    keys, places, values = (np.concatenate(parts) for parts in zip(*terms, strict=True))
    opening = [key for addend, (key, _, _) in zip(sums, terms, strict=True) if addend.opens]
    numbers = np.unique(np.concatenate(opening))
    codes = _codes(numbers, shape)
    is_there = np.broadcast_to(only, shape)[codes]
    numbers, codes = numbers[is_there], tuple(code[is_there] for code in codes)
    rows = np.searchsorted(numbers, keys)
    selection = rows < numbers.size
    selection[selection] = numbers[rows[selection]] == keys[selection]
    return Rows(
        is_equality=is_equality,
        rows=rows[selection],
        columns=places[selection],
        values=values[selection],
        rhs=_right_sides(rhs, codes, shape),
        names=Names(by, codes),
    )


def _right_sides(rhs: Rhs, codes: tuple[Ints, ...], shape: tuple[int, ...]) -> Floats:
    if callable(rhs):
        rows = zip(*(code.tolist() for code in codes), strict=True)
        return np.array([rhs(*row) for row in rows], dtype=np.float64)
    return np.broadcast_to(np.asarray(rhs, dtype=np.float64), shape)[codes]


def _terms(row: Sum, shape: tuple[int, ...]) -> tuple[Ints, Ints, Floats]:
    """Return the key of its row, the column and the weight of every term of a sum."""
    key: Any = 0
    for size, code in zip(shape, row.at, strict=True):
        key = key * size + code
    key, column, weight, where = np.broadcast_arrays(key, row.place, row.weight, row.where)
    selection = where & (weight != 0.0)
    return key[selection], column[selection], weight[selection].astype(np.float64)


def _codes(keys: Ints, shape: tuple[int, ...]) -> tuple[Ints, ...]:
    """Return the codes that keys of rows are made of."""
    codes = []
    for size in reversed(shape):
        keys, code = np.divmod(keys, max(size, 1))
        codes.append(code)
    return tuple(reversed(codes))
