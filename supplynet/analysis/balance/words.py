"""Words of a balance that other questions pass on to it, typed and checked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict

from supplynet.network.problems import did_you_mean

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.network.scenario.file import ScenarioLike


class FlowWords(TypedDict, total=False):
    """What a balance and the calibrated flows of a year are both asked by."""

    year: int | None
    links: str | None
    plants: str | None
    tier: str | None
    scenario: ScenarioLike | Iterable[ScenarioLike] | None
    time_limit: float | None


class SharedWords(FlowWords, total=False):
    """What a balance is asked by, without its elements, whose supply, which exposure and owner."""

    avoid: str | Iterable[str] | None
    priority: str | Iterable[str] | None
    weights: Mapping[str, float] | None
    basis: str | None
    near: BalanceResult | None
    firm: bool


class BalanceWords(SharedWords, total=False):
    """What a balance is asked by, without its objective; see :func:`supplynet.balance`."""

    element: str | Iterable[str] | None
    lens: str
    exposed_to: str | Iterable[str] | None


def known_words(
    words: Mapping[str, Any], kind: type, function: str, own: Iterable[str] = ()
) -> None:
    """Refuse a keyword that a question does not know, in the name of what the user called.

    Parameters
    ----------
    words : mapping of str to object
        As they were given.
    kind : type
        The typed dict that declares those it knows.
    function : str
        Public name of what was called.
    own : iterable of str, optional
        Keywords that it lists itself, which may be meant.

    Raises
    ------
    TypeError
        As Python does for a function that lists its keywords.

    Examples
    --------
    >>> known_words({"year": 2030}, BalanceWords, "footprint")
    >>> known_words({"yaer": 2030}, BalanceWords, "footprint")
    Traceback (most recent call last):
        ...
    TypeError: footprint() got an unexpected keyword argument 'yaer'. Did you mean 'year'?
    """
    known = kind.__annotations__
    for word in words:
        if word not in known:
            hint = did_you_mean(word, [*known, *own])
            raise TypeError(
                f"{function}() got an unexpected keyword argument {word!r}"
                + (f". {hint[0].upper()}{hint[1:]}" if hint else "")
            )
