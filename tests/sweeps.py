"""How much of a long sweep runs: a sample, or all of it where SUPPLYNET_MANY=1 asks for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


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
    return list(everything if os.environ.get("SUPPLYNET_MANY") == "1" else sample)
