"""Words that many questions take: typed once, completed in the signature and docstring of each.

A question lists its own keywords and takes the shared ones as ``**words: Unpack[...]``, which type
checkers and editors follow. At run time its signature and its docstring name them one by one, from
:data:`supplynet.terms.parameters.PARAMETERS`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

from supplynet.contract.docstring import documented, entries, wrapped
from supplynet.terms import MEASURED_TIER, did_you_mean
from supplynet.terms.parameters import GONE, PARAMETERS

if TYPE_CHECKING:
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


def takes(
    kind: type[Any] | None = None, *, like: Callable[..., Any] | None = None
) -> Callable[[FunctionT], FunctionT]:
    """Complete the signature and the docstring of a question that takes shared words.

    `kind` is the typed dict of its ``**words``; by default it lists all keywords itself. `like` is
    another question, whose words of the same name mean the same here.
    """
    same = {} if like is None else entries(inspect.cleandoc(like.__doc__ or ""))[1]

    def complete(function: FunctionT) -> FunctionT:
        # The function stays itself: a wrapper would hide its examples from doctest and stand
        # between the user and every traceback.
        signature = _listed(inspect.signature(function), kind)
        function.__signature__ = signature  # type: ignore[attr-defined]
        if function.__doc__:  # none with python -OO
            record = {
                name: wrapped(PARAMETERS[name].entry(parameter.default))
                for name, parameter in signature.parameters.items()
                if name in PARAMETERS
            }
            function.__doc__ = documented(
                function.__doc__, signature.parameters, {**record, **same}
            )
        return function

    return complete


def _listed(signature: inspect.Signature, kind: type[Any] | None) -> inspect.Signature:
    """Return a signature with the words of a typed dict one by one."""
    order = list(PARAMETERS)
    # typed dicts keep what stands in the code behind a reference
    hints = {
        name: str(getattr(hint, "__forward_arg__", hint))
        for name, hint in ({} if kind is None else kind.__annotations__).items()
    }
    own = [each for each in signature.parameters.values() if each.kind is not each.VAR_KEYWORD]
    shared = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None if hint.endswith("None") else PARAMETERS[name].default,
            annotation=hint,
        )
        for name, hint in sorted(hints.items(), key=lambda pair: order.index(pair[0]))
    ]
    return signature.replace(parameters=[*own, *shared])


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


def known_words(options: Mapping[str, Any], function: Callable[..., Any]) -> None:
    """Refuse a keyword that a question does not know, in the name of what the user called.

    The function was completed by :func:`takes`; the TypeError is as Python's for one that lists its
    keywords.

    Examples
    --------
    >>> from supplynet.questions.flow import flow
    >>> known_words({"year": 2030}, flow)
    >>> known_words({"yaer": 2030}, flow)
    Traceback (most recent call last):
        ...
    TypeError: flow() got an unexpected keyword argument 'yaer'. Did you mean 'year'?
    """
    names = inspect.signature(function).parameters
    for word in options:
        if word not in names:
            hint = GONE.get(word) or did_you_mean(word, names)
            raise TypeError(
                f"{function.__name__}() got an unexpected keyword argument {word!r}"
                + (f". {hint[0].upper()}{hint[1:]}" if hint else "")
            )
