"""What was looked up in a network and costs time: kept for the next question, within bounds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Protocol, TypeVar, cast

_Function = TypeVar("_Function", bound=Callable[..., Any])

#: entries that are kept
MOST = 4096


class Cache(OrderedDict[Any, Any]):
    """Results of look-ups by key; those that were used least recently are forgotten first.

    Parameters
    ----------
    most : int
        Entries that are kept.

    Examples
    --------
    >>> cache = Cache(most=2)
    >>> cache["a"], cache["b"] = 1, 2
    >>> cache["a"]
    1
    >>> cache["c"] = 3
    >>> list(cache)
    ['a', 'c']
    """

    def __init__(self, most: int = MOST) -> None:
        super().__init__()
        self.most = most

    def __getitem__(self, key: Any) -> Any:
        value = super().__getitem__(key)
        self.move_to_end(key)
        return value

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        # Bounded, so that a day of questions on one network does not fill the memory.
        while len(self) > self.most:
            del self[next(iter(self))]


class Same:
    """An object as a part of a key: itself and no equal one, kept alive by the key.

    Examples
    --------
    >>> one, other = [1], [1]
    >>> Same(one) == Same(one), Same(one) == Same(other)
    (True, False)
    """

    __slots__ = ("of",)

    def __init__(self, of: object) -> None:
        self.of = of

    def __eq__(self, other: object) -> bool:
        # Identity, and kept alive: a plain id() as a key may be given to another object once this
        # one is gone, whose answer would then be found.
        return isinstance(other, Same) and self.of is other.of

    def __hash__(self) -> int:
        return id(self.of)


class _Holder(Protocol):
    _cache: Cache


def cache_of(net: _Holder) -> Cache:
    """Return what was looked up in a network: for the modules that look up, and nobody else."""
    return net._cache  # noqa: SLF001  the one door to it


class _Kept:
    """A look-up in a network that is worked out once for its further arguments."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self._name, self._function = name, function
        update_wrapper(self, function)

    def __call__(self, net: _Holder, *args: Any, **words: Any) -> Any:
        cache = cache_of(net)
        key = (self._name, *args, *sorted(words.items())) if args or words else self._name
        if key not in cache:
            cache[key] = self._function(net, *args, **words)
        return cache[key]


def kept(name: str) -> Callable[[_Function], _Function]:
    """Keep what a function looks up in a network, under a name and its further arguments."""

    def wrapped(function: _Function) -> _Function:
        return cast("_Function", _Kept(name, function))

    return wrapped
