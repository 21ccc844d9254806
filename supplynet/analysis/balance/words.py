"""Words of a balance that other questions pass on to it, typed and checked once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypedDict

from supplynet.analysis.words import CountedWords, QuestionWords

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult


class FlowWords(CountedWords, total=False):
    """What a balance and the calibrated flows of a year are both asked by."""

    year: int | None
    time_limit: float | None


class LossWords(QuestionWords, total=False):
    """What a balance with losses is asked by: it serves the most, on capacities."""

    element: str | Iterable[str] | None
    weights: Mapping[str, float] | None
    basis: str


class SharedWords(FlowWords, total=False):
    """What a balance is asked by, without its elements, which exposure and owner."""

    avoid: str | Iterable[str] | None
    priority: str | Iterable[str] | None
    weights: Mapping[str, float] | None
    basis: str | None
    firm: bool


class AskedWords(SharedWords, total=False):
    """What a balance is asked by, without its objective; see :func:`supplynet.allocate`."""

    element: str | Iterable[str] | None
    lens: str
    exposed_to: str | Iterable[str] | None


class NearWords(TypedDict, total=False):
    """Which of the balances that are as good is shown."""

    near: BalanceResult | None


class TracedWords(SharedWords, NearWords, total=False):
    """What a balance is asked by whose supply is traced."""


class BalanceWords(AskedWords, NearWords, total=False):
    """What a balance is asked by, and which of those that are as good is shown."""
