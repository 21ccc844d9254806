"""How much of a long sweep runs: a sample, or all of it where SUPPLYNET_MANY=1 asks for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

R, T = TypeVar("R"), TypeVar("T")

IS_WHOLE = os.environ.get("SUPPLYNET_MANY") == "1"
#: what takes long and holds what others hold of smaller networks
only_whole = pytest.mark.skipif(not IS_WHOLE, reason="runs by hand: SUPPLYNET_MANY=1")


def sweep(everything: Sequence[T], sample: Sequence[T]) -> list[T]:
    """Give the sample, a part of everything, or everything if ``SUPPLYNET_MANY`` is 1.

    Parameters
    ----------
    everything:
        All cases of the sweep.
    sample:
        Those that run every time.

    Raises
    ------
    ValueError
        Where the sample is empty or holds a case that is not of the sweep.

    Examples
    --------
    >>> sweep(range(2024, 2033), [2024, 2032]) in ([2024, 2032], [*range(2024, 2033)])
    True
    """
    if not sample or any(one not in everything for one in sample):
        msg = f"the sample {list(sample)} is no part of {list(everything)}"
        raise ValueError(msg)
    return list(everything if IS_WHOLE else sample)


def turns(rows: Sequence[R], columns: Sequence[T], step: int = 3) -> list[tuple[R, T]]:
    """Give each row with every ``step``-th column in turn, or with all if ``SUPPLYNET_MANY`` is 1.

    Examples
    --------
    >>> turns("ab", [1, 2, 3, 4])[:3] in ([("a", 1), ("a", 4), ("b", 2)], [*zip("aaa", (1, 2, 3))])
    True
    """
    every = [(row, column) for row in rows for column in columns]
    part = [(row, one) for at, row in enumerate(rows) for one in columns[at % step :: step]]
    return sweep(every, part)
