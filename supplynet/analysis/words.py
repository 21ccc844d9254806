"""Words that functions below the questions take: typed once, for ``**words: Unpack[...]``."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from supplynet.contract.query import OfElements, documented, entries, shared, wrapped
from supplynet.terms import MEASURED_TIER
from supplynet.terms.parameters import PARAMETERS

if TYPE_CHECKING:
    from supplynet.analysis.balance.solved import Allocated
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import ScenarioLike

WordsT = TypeVar("WordsT", bound=Mapping[str, Any])
FunctionT = TypeVar("FunctionT", bound=Callable[..., Any])


class CountedWords(TypedDict, total=False):
    """Which links and plants count, and what is changed first."""

    links: str | None
    plants: str | None
    tier: str | None
    scenario: ScenarioLike | Iterable[ScenarioLike] | None


class OwnedWords(CountedWords, total=False):
    """The same, and what a country means."""

    lens: str


class YearWords(OwnedWords, total=False):
    """The same, in a year."""

    year: int | None


class QuestionWords(YearWords, total=False):
    """The same, with something shut."""

    avoid: str | Iterable[str] | None


def takes(*, like: Callable[..., Any]) -> Callable[[FunctionT], FunctionT]:
    """Complete the docstring of a function whose words mean what they mean to a question `like`."""
    same = entries(inspect.cleandoc(like.__doc__ or ""))[1]

    def complete(function: FunctionT) -> FunctionT:
        # The function stays itself: a wrapper would hide its examples from doctest and stand
        # between the user and every traceback.
        words = inspect.signature(function).parameters
        if function.__doc__:  # none with python -OO
            record = {
                name: wrapped(PARAMETERS[name].entry(word.default))
                for name, word in words.items()
                if name in PARAMETERS
            }
            function.__doc__ = documented(function.__doc__, words, {**record, **same})
        return function

    return complete


def measured_words(net: SupplyNetwork, texts: WordsT) -> WordsT:
    """Return the words of a question about what was measured, with what it counts if told nothing.

    Such are calibrations, and footprints and exposures of calibrated flows: they are about the year
    of the measurement and fit flows on every link. All others count the tier operating in this
    year.

    Examples
    --------
    >>> import supplynet as sn
    >>> measured_words(sn.load("tutorial"), {}), measured_words(sn.load("tutorial"), {"year": 2025})
    ({'year': 2024, 'tier': 'possible'}, {'year': 2025, 'tier': 'possible'})
    """
    from supplynet.network.scenario.years import measured_year

    usual: dict[str, Any] = {"year": measured_year(net)}
    if not any(texts.get(name) for name in ("links", "plants", "tier")):
        usual["tier"] = MEASURED_TIER
    record = {name: value for name, value in texts.items() if value is not None}
    return {**texts, **usual, **record}  # type: ignore[return-value]


def question_of(options: QuestionWords) -> QuestionWords:
    """Return what a question takes of words that hold more.

    Examples
    --------
    >>> question_of({"year": 2030, "basis": "capacity"})
    {'year': 2030}
    """
    values = QuestionWords.__annotations__
    return {name: value for name, value in options.items() if name in values}  # type: ignore[return-value]


class Traced(OfElements):
    """How all nations share what there is, and which of the balances that are as good is shown."""

    priority: str | Iterable[str] | None = shared("priority", said="--priority WHO...")
    weights: Mapping[str, float] | None = shared(
        "weights", said="--weight PRODUCT=NUMBER...", is_open=False
    )
    basis: str | None = shared("basis", default=None)
    near: Allocated | None = shared("near", in_command=False, is_open=False)
    firm: bool = shared("firm", in_command=False, is_open=False)
    time_limit: float | None = shared("time_limit", is_open=False)

    def balanced(self) -> dict[str, Any]:
        """Return the keywords of a balance that were said, those that are as usual left out."""
        names = {entry.name: entry.default for entry in fields(Traced) if entry.name != "to"}
        record = {name: getattr(self, name) for name in names}
        return {name: value for name, value in record.items() if value != names[name]}
