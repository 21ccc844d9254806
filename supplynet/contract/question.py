"""A question, declared once: its options, what answers it, and the words of its answer.

Doors (the library, the command line, the server, assistants, the reference page and the test that
every question passes) take all that they need from a :class:`Declaration`.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast

from supplynet.contract.answer import DeclaredResult
from supplynet.contract.query import Query, docstring_of, options_of, own_options, signature_of

A = TypeVar("A", bound=DeclaredResult)
#: a figure that ``--fail-on`` judges, of an answer or of a part of it
Metric = Callable[[Any], float | None]


def _as_one(answer: Any) -> dict[str, Any]:
    """Return an answer by what it is about."""
    return {getattr(answer, "element", answer.headline.of): answer}


#: names by which an origin may state an option, the last first
STATED = {"by": ("year", "by"), "nation": ("nation", "explained")}
#: and by which it states several of them together
_TOGETHER = {"during": "shocks", "shock": "shocks", "slip": "slips", "k": "budget"}


def _said_beside(query: Query, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a question was asked that its origin does not state: to be asked again.

    Where figures are of others than those that the question names, it states whom they are of.
    """
    own = own_options(type(query))
    pairs = [(one, getattr(query, one.name)) for one in own if one.in_command]
    stated = options.get("to")
    whom = getattr(query, "to", stated)
    named = whom if whom is None or isinstance(whom, str) else ",".join(whom)
    return ({"to": named} if named != stated and "to" in options else {}) | {
        one.name: value
        for one, value in pairs
        if isinstance(value, (bool, str, int, float, tuple, list))
        if value != one.default and one.name != "time_limit" and not one.for_readers
        if not {one.name, _TOGETHER.get(one.name), *STATED.get(one.name, ())} & options.keys()
    }


@dataclass(eq=False)
class Declaration(Generic[A]):
    """All that is declared of a question."""

    name: str  #: as a command, and in the address of the server
    asks: str  #: the question in a sentence
    answer: type[A]
    query: type[Query]
    compute: Callable[[Any, Any], A]  #: case and query to answer
    #: network, query and name of the function to case
    open_case: Callable[[Any, Query, str], Any]
    metrics: Mapping[str, Metric]
    #: title of an answer, ``{asked}`` stands for what was asked; and of several together, of which
    #: ``{target}`` is whom they are about
    title: str
    together: str
    terms: tuple[str, ...]  #: what its words mean
    help: str  #: what there is to know beside the question
    is_of_all: Callable[[Any], bool]  #: whether a query is about all elements together
    has_row: bool  #: whether CSV has one row an answer, of what ``--fail-on`` judges
    #: what metrics are of, by what it is about: the answer, or parts of it
    judged: Callable[[A], Mapping[str, Any]]
    #: name of the command that answers a query instead; empty for none
    instead: Callable[[Any], str]
    figure: str  #: name of the picture that its command draws, too; empty for none
    is_open: bool  #: whether strangers may ask it
    #: words of an answer: its summary, and the first paragraph of its document
    say: Callable[[A], str] | None = None
    #: puts several answers into one document, where they are not reported one after the other
    page: Callable[..., Any] | None = None

    def ask(self, net: Any, words: Mapping[str, Any]) -> A:
        """Return the answer to a question about a network."""
        function = self.compute.__name__
        query = self.query.checked(words, function)
        answer: A = self.compute(self.open_case(net, query, function), query)
        origin = answer.provenance
        if "asked" not in origin.options and (said := _said_beside(query, origin.options)):
            options = {**origin.options, "asked": repr(said)}
            return replace(answer, provenance=replace(origin, options=options))
        return answer

    def unsaid(self) -> dict[str, Any]:
        """Return what commands and servers ask where nothing is said, and the library does not."""
        options = options_of(self.query)
        return {
            option.name: option.unsaid
            for option in options
            if option.is_open and option.unsaid != option.default
        }

    def facts(self, of: Any) -> dict[str, float | None]:
        """Return what ``--fail-on`` judges of an answer or of a part of it."""
        return {name: metric(of) for name, metric in self.metrics.items()}


#: declarations by name, of the questions that are loaded
DECLARED: dict[str, Declaration[Any]] = {}


def declare(
    name: str,
    asks: str,
    open_case: Callable[[Any, Query, str], Any],
    *,
    title: str,
    together: str,
    metrics: Mapping[str, Metric] | Sequence[str],
    terms: Sequence[str] = (),
    is_of_all: Callable[[Any], bool] = lambda _query: False,
    has_row: bool = False,
    judged: Callable[[Any], Mapping[str, Any]] = _as_one,
    instead: Callable[[Any], str] = lambda _query: "",
    figure: str = "",
    is_open: bool = True,
) -> Callable[[Callable[[Any, Any], A]], Callable[..., A]]:
    """Declare what a function of case and query answers; it becomes one of network and options.

    Query and answer are those of its annotations.
    """

    def make(compute: Callable[[Any, Any], A]) -> Callable[..., A]:
        record, names = compute.__annotations__, compute.__globals__
        query, answer = names[record["query"]], names[record["return"]]
        _, _, text = inspect.cleandoc(compute.__doc__ or "").partition("\n\n")
        about = text.partition("\n\nReturns\n")[0]
        declared: Declaration[A] = Declaration(
            name,
            asks,
            answer,
            query,
            compute,
            open_case,
            metrics
            if isinstance(metrics, Mapping)
            else {metric: attrgetter(metric) for metric in metrics},
            title,
            together,
            tuple(terms),
            about,
            is_of_all,
            has_row,
            judged,
            instead,
            figure,
            is_open,
        )
        if answer.summary is not DeclaredResult.summary:  # a kind of answer with words of its own
            declared.say = answer.summary
        DECLARED[name] = answer.DECLARED = declared

        by_place = [option for option in options_of(query) if option.is_argument]

        def of_words(*given: Any, **options: Any) -> A:
            return ask(None, *given, **options)

        def ask(net: Any, *given: Any, **options: Any) -> A:
            placed = {
                entry.name: given[n:] if entry.is_several else given[n]
                for n, entry in enumerate(by_place)
                if entry.is_several or n < len(given)
            }
            return declared.ask(net, {**placed, **options})

        # of the module of the question, so that its examples are found and run
        asked = ask if query.OF else of_words
        public = types.FunctionType(
            asked.__code__, names, compute.__name__, None, asked.__closure__
        )
        public.__module__, public.__qualname__ = compute.__module__, compute.__qualname__
        public.__signature__ = signature_of(query, answer)  # type: ignore[attr-defined]
        public.__doc__ = docstring_of(compute, query)
        return cast("Callable[..., A]", public)

    return make


def sentence(answer: type[A]) -> Callable[[Callable[[A], str]], Callable[[A], str]]:
    """Declare the words of a kind of answer: its summary, and the first words of its document."""

    def keep(say: Callable[[A], str]) -> Callable[[A], str]:
        answer.DECLARED.say = say
        return say

    return keep


def page(answer: type[A]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare how answers of a kind are put into one document, if not one after the other."""

    def keep(make: Callable[..., Any]) -> Callable[..., Any]:
        answer.DECLARED.page = make
        return make

    return keep
