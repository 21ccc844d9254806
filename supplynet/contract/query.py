"""A question, declared once: what it is asked by, and its registration.

From the fields follow the signature and docstring of the library, the options of the command and
the words of servers. What several questions share is a class that each of them inherits.

Doors (the library, the command line, the server, assistants, the reference page and the test that
every question passes) take all that they need from a :class:`Declaration`.
"""

from __future__ import annotations

import inspect
import re
import textwrap
import types
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast, dataclass_transform

from supplynet.contract.answer import DeclaredResult
from supplynet.errors import OptionError
from supplynet.terms import TRACED, did_you_mean, one_of
from supplynet.terms.parameters import PARAMETERS, Parameter

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from pathlib import Path

    from supplynet.network.scenario.scenario import ScenarioLike

#: columns of a line of a docstring, its indentation left out
_WIDTH = 96
_SECTION = re.compile(r"^(Returns|Yields|Raises|See Also|Notes|References|Examples)\n-+$", re.M)
_HEAD = "Parameters\n----------\n"
_OPTION = "option"


@dataclass(frozen=True)
class Option:
    """An option of a question."""

    parameter: Parameter
    said: str = ""  #: as the command line names it, such as ``-k --k N``
    least: float | None = None  #: the least number that is allowed
    largest: float | None = None  #: the largest number that is allowed
    most: int | None = None  #: the largest number that strangers may ask for
    #: what the first page on a terminal takes instead, and no file; may hang on other options
    first: Any = None
    #: metrics that what is left out there is worked out for; empty for all of the question
    metrics: tuple[str, ...] = ()
    unsaid: Any = None  #: what commands and servers take where nothing is said
    is_open: bool = True  #: whether strangers may say it
    in_command: bool = True  #: whether commands have it
    is_apart: bool = False  #: whether several are answered one by one, and not as one
    in_place_of: str = ""  #: option beside which it says nothing; empty for none
    example: str = ""  #: of a text that is no selector, for messages
    is_argument: bool = False  #: whether it stands behind the network, without its name
    is_several: bool = False  #: whether that is as many as are given
    for_readers: bool = False  #: whether documents alone tell it, and nothing for machines
    fills: bool = False  #: whether a first page that has room takes as much as no first page does
    alone: tuple[str, ...] = ()  #: words that the library alone takes
    annotation: str = ""  #: its type, as its field has it
    default: Any = None  #: :data:`dataclasses.MISSING` where it must be given

    @property
    def name(self) -> str:
        """Keyword of the library."""
        return self.parameter.name

    @property
    def said_words(self) -> Collection[str]:
        """Those of its words that commands and servers take."""
        words = self.parameter.words or ()
        return [word for word in words if word not in self.alone] if self.alone else words

    @property
    def flag(self) -> str:
        """Long name of the option of the command, without its dashes."""
        return next(word[2:] for word in self.said.split() if word.startswith("--"))

    def require(self, value: Any) -> None:
        """Refuse a value that is not allowed."""
        if self.parameter.words is not None and value != self.default:
            one_of(value, self.parameter.words, self.name)
        if self.least is not None and value is not None and value < self.least:
            raise OptionError(f"{self.name} must be at least {self.least}, not {value}")
        if self.largest is not None and value is not None and value > self.largest:
            raise OptionError(f"{self.name} must be at most {self.largest}, not {value}")

    def of(self, one: Field[Any]) -> Option:
        """Return the option of a field."""
        return replace(
            self,
            parameter=replace(self.parameter, name=one.name),
            said=self.said or f"--{one.name.replace('_', '-')}",
            unsaid=one.default if self.unsaid is None else self.unsaid,
            annotation=str(one.type),
            default=one.default,
        )


def shared(name: str, *, usual: str = "", **further: Any) -> Any:
    """Declare a field as an option that ``PARAMETERS`` describes, as several questions have it.

    Its default and what is usual are those of the parameter, unless others are given; with
    ``MISSING`` it must be said.
    """
    parameter = replace(PARAMETERS[name], usual=usual or PARAMETERS[name].usual)
    default = further.pop("default", MISSING if name == "to" else parameter.default)
    return field(default=default, metadata={_OPTION: Option(parameter, **further)})


def option(
    meaning: str,
    *,
    default: Any,
    words: Collection[str] | None = None,
    kind: str = "",
    usual: str = "",
    **further: Any,
) -> Any:
    """Declare a field as an option of one question; further keywords are those of an option.

    `meaning`, `words`, `kind` and `usual` are as of a parameter.
    """
    parameter = Parameter("", meaning, kind, words, default, usual)
    return field(default=default, metadata={_OPTION: Option(parameter, **further)})


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(shared, option, field)
)
class Query:
    """The options of a question: a frozen dataclass, each field an option.

    Examples
    --------
    >>> class Query(OfElement):
    ...     top: int | None = option("Keep this many rows.", default=None, least=1)
    >>> Query.checked({"to": "KOR", "top": 0}, "chokepoints")
    Traceback (most recent call last):
        ...
    supplynet.errors.OptionError: top must be at least 1, not 0
    """

    #: type of the network that it is asked of; empty where its options say of what
    OF: ClassVar[str] = "SupplyNetwork"

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __init_subclass__(cls) -> None:
        """Make a dataclass of every kind of query."""
        dataclass(frozen=True, kw_only=True)(cls)

    @classmethod
    def checked(cls, words: Mapping[str, Any], function: str) -> Self:
        """Return the query of some keywords; the errors are Python's, as of a call of a function.

        Raises
        ------
        TypeError
            If a keyword is unknown, or one is missing.
        OptionError
            If a value is not allowed.
        """
        options = {member.name: member for member in options_of(cls)}
        own = own_options(cls)
        for name in words:
            if name not in options:
                hint = did_you_mean(name, options)
                raise TypeError(
                    f"{function}() got an unexpected keyword argument {name!r}"
                    + (f". {hint[0].upper()}{hint[1:]}" if hint else "")
                )
        for name, entry in options.items():
            if entry in own and name in words:
                entry.require(words[name])
            elif name not in words and entry.default is MISSING:
                raise TypeError(f"{function}() missing 1 required keyword-only argument: {name!r}")
        return cls(**words)


class Floors(Query):
    """Which links and plants count, and what is changed first."""

    links: str | None = shared("links")
    plants: str | None = shared("plants")
    tier: str | None = shared("tier")
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = shared("scenario")

    def asked(self) -> dict[str, Any]:
        """Return the options by which a question is checked, the element aside."""
        names = [
            entry.name
            for entry in fields(self)
            if entry.name in _COMMON and entry.name != "element"
        ]
        return {name: getattr(self, name) for name in names}


class Setting(Floors):
    """The same, and what a country means."""

    lens: str = shared("lens")


class Counted(Setting):
    """The same in a year, with something shut."""

    avoid: str | Iterable[str] | None = shared("avoid")
    year: int | None = shared("year")


class Balanced(Counted):
    """The same of a balance of all nations: how it is shared out, and with which figures."""

    element: str | Iterable[str] | None = shared("element", is_open=False)
    objective: str = option(
        "How it is shared out.", default="fair", words=TRACED, alone=("measured",)
    )
    priority: str | Iterable[str] | None = shared("priority", is_open=False)
    exposed_to: str | Iterable[str] | None = shared(
        "exposed_to", said="--exposed-to WHAT...", is_open=False
    )
    weights: Mapping[str, float] | None = shared(
        "weights", said="--weight PRODUCT=NUMBER...", is_open=False
    )
    basis: str | None = shared("basis", default=None, is_open=False)
    firm: bool = shared("firm", is_open=False)

    def balanced(self) -> dict[str, Any]:
        """Return the options by which a balance is solved."""
        return {one.name: getattr(self, one.name) for one in fields(Balanced)}


class OfElements(Counted):
    """The same about elements that are to reach somebody."""

    to: str | Iterable[str] = shared("to")
    element: str | Iterable[str] | None = shared("element")


class OfElement(OfElements):
    """The same about one element."""

    element: str | None = option(
        'An element of the graph, or ``"basket"`` for the whole mix.',
        default=None,
        kind="str",
        usual="the first of the graph's headline elements",
    )


class Jobs(Query):
    """By whom work in batches is done, and where it is kept."""

    folder: str | Path | None = option(
        "Where it is kept: what is asked, a file a batch, and a manifest when it is done. What is "
        "there already is not worked out again; killed at any moment, it goes on from there and "
        "ends with the same bytes.",
        default=None,
        kind="folder",
        said="--folder FOLDER",
        is_open=False,
    )
    workers: int = option(
        "Processes of this machine. The answer is the same for any number of them.",
        default=1,
        kind="int",
        said="--workers N",
        least=1,
        is_open=False,
    )
    executor: Executor | str | None = option(
        "Who works instead: the address of the scheduler of a Dask cluster, which needs the extra "
        "dask; in Python also any executor of ``concurrent.futures``.",
        default=None,
        kind="str or Executor",
        said="--cluster ADDRESS",
        example="tcp://127.0.0.1:8786",
        is_open=False,
    )
    progress: Callable[[int, int], None] | None = option(
        "Called with how much is done and asked for, batch by batch.",
        default=None,
        kind="callable",
        in_command=False,
        is_open=False,
    )


#: options that questions have in common, in their order
_COMMON = ("to", "element", "avoid", "year", "links", "plants", "tier", "lens", "scenario")


def options_of(query: type[Query]) -> tuple[Option, ...]:
    """Return the options of a kind of query, its own behind those that questions have in common."""
    every = {entry.name: entry.metadata[_OPTION].of(entry) for entry in fields(query)}
    common = (every[name] for name in _COMMON if name in every)
    return (*common, *own_options(query))


def own_options(query: type[Query]) -> tuple[Option, ...]:
    """Return the options that a question does not have in common with others."""
    own = (entry for entry in fields(query) if entry.name not in _COMMON)
    return tuple(member.metadata[_OPTION].of(member) for member in own)


def signature_of(query: type[Query], answer: type) -> inspect.Signature:
    """Return the signature of a question of the library: a network, then every option by name."""
    kinds = inspect.Parameter
    of = [kinds("net", kinds.POSITIONAL_OR_KEYWORD, annotation=query.OF)] if query.OF else []
    keywords = (
        kinds(entry.name, kinds.VAR_POSITIONAL, annotation=entry.annotation[6:-6])
        if entry.is_several
        else kinds(
            entry.name,
            kinds.POSITIONAL_OR_KEYWORD if entry.is_argument else kinds.KEYWORD_ONLY,
            default=kinds.empty if entry.default is MISSING else entry.default,
            annotation=entry.annotation,
        )
        for entry in options_of(query)
    )
    listed = sorted([*of, *keywords], key=attrgetter("kind"))
    return inspect.Signature(listed, return_annotation=answer.__name__)


def docstring_of(function: Callable[..., Any], query: type[Query]) -> str:
    """Return the docstring of a question with an entry for each option."""
    record = {
        entry.name: "*" * entry.is_several + wrapped(entry.parameter.entry(entry.default))
        for entry in options_of(query)
    }
    record = {**({"net": "net : SupplyNetwork"} if query.OF else {}), **record}
    return documented(function.__doc__ or "", record, record)


def documented(docstring: str, names: Iterable[str], record: Mapping[str, str]) -> str:
    """Return a docstring with an entry for each parameter that it does not describe itself."""
    before, own, after = entries(inspect.cleandoc(docstring))
    values = {**record, **own}
    # entries that describe several parameters stand where the first of them does
    section = dict.fromkeys(values[name] for name in names if name in values)
    return f"{before}{_HEAD}{chr(10).join(section)}\n\n{after}"


def entries(text: str) -> tuple[str, dict[str, str], str]:
    """Return what stands before the parameters of a docstring, their entries, and the rest."""
    if _HEAD not in text:
        first = _SECTION.search(text)
        at = len(text) if first is None else first.start()
        return f"{text[:at].rstrip()}\n\n", {}, text[at:]
    before, _, tail = text.partition(_HEAD)
    section, _, after = tail.partition("\n\n")
    record: dict[str, str] = {}
    for entry in re.split(r"\n(?=\S)", section):
        for name in re.split(r",\s*", entry.partition(" :")[0].partition("\n")[0]):
            record[name.lstrip("*")] = entry
    return before, record, after


def wrapped(entry: str) -> str:
    """Return an entry with its meaning in lines."""
    head, _, meaning = entry.partition("\n    ")
    return f"{head}\n{textwrap.indent(textwrap.fill(meaning, _WIDTH - 4), '    ')}"


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
