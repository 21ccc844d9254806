"""Mappings that cannot change, and what JSON keeps of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any


class Frozen(Mapping[str, Any]):
    """A mapping of words to values that cannot be changed, nor can what it holds.

    Equal to any mapping of the same words to the same values.

    Parameters
    ----------
    values : mapping of str to object
        Lists in it become tuples, mappings become frozen ones.

    Examples
    --------
    >>> options = Frozen({"to": "KOR", "via": ["VNM", "AUS"]})
    >>> options["via"]
    ('VNM', 'AUS')
    >>> options["to"] = "JPN"
    Traceback (most recent call last):
        ...
    TypeError: 'Frozen' object does not support item assignment
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {str(name): frozen(value) for name, value in values.items()}

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"Frozen({self._values!r})"


def frozen(value: Any) -> Any:
    """Return a value of plain types in a form that cannot change.

    Examples
    --------
    >>> frozen([1, {"a": [2]}])
    (1, Frozen({'a': (2,)}))
    """
    if isinstance(value, Frozen):
        return value
    if isinstance(value, Mapping):
        return Frozen(value)
    if isinstance(value, list | tuple):
        return tuple(frozen(entry) for entry in value)
    return value


def thawed(value: Any) -> Any:
    """Return a frozen value as dicts and lists, for JSON; what has no end is None.

    Examples
    --------
    >>> thawed(Frozen({"a": (1, 2), "b": float("inf")}))
    {'a': [1, 2], 'b': None}
    """
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {name: thawed(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [thawed(entry) for entry in value]
    return value
