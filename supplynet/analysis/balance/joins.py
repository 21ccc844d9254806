"""Joins of integer codes: what the rows of one table meet in another, without a loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


def ints(values: Any) -> Ints:
    """Return codes as an array, also where there are none."""
    return np.array(values, dtype=np.int64)


def joined(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return every pair of places that hold the same code.

    Parameters
    ----------
    left : ndarray of int64, shape (n,)
    right : ndarray of int64, shape (m,)
        Ascending.

    Returns
    -------
    tuple of (ndarray, ndarray)
        Places in `left` and in `right`, in the order of `left`, then of `right`.

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
