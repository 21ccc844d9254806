"""Amounts by what they are of, added up."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)
AmountT = TypeVar("AmountT")


def added(pairs: Iterable[tuple[KeyT, AmountT]]) -> dict[KeyT, AmountT]:
    """Return amounts by key, those of one key added up in their order.

    Examples
    --------
    >>> added([("a", 1.0), ("b", 2.0), ("a", 3.0)])
    {'a': 4.0, 'b': 2.0}
    """
    sums: dict[KeyT, AmountT] = {}
    for key, amount in pairs:
        sums[key] = sums[key] + amount if key in sums else amount  # type: ignore[operator]
    return sums
