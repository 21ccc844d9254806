"""What can be asked from outside, declared once: words, the function that answers, the result."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, create_model

from supplynet.contract.query import Option, options_of, own_options
from supplynet.contract.question import Declaration
from supplynet.network.scenario.scenario import scenario_list
from supplynet.network.scenario.years import default_year
from supplynet.questions import QUESTIONS
from supplynet.questions.declared import load
from supplynet.serve.state import Name, State, Words, command_line
from supplynet.terms import BEHAVIORS, OBJECTIVES
from supplynet.terms.parameters import PARAMETERS

if TYPE_CHECKING:
    from supplynet.contract.result import Result
    from supplynet.network.network import SupplyNetwork

__all__ = ["OPERATIONS", "Operation", "answer"]


#: a target that nothing is asked of
Nobody = Annotated[str, Field(max_length=2000)]


class Avoiding(State):
    """A question that needs something to avoid."""

    avoid: Annotated[Words, Field(min_length=1, description="Selector of what is shut.")]


class Everybody(State):
    """A question about all nations."""

    idle: ClassVar[Mapping[str, str]] = {"to": "all nations buy at once"}

    to: Nobody = ""


class Shared(Everybody):
    """A question about who gets what."""

    idle: ClassVar[Mapping[str, str]] = {
        "to": "all nations buy at once, and each has a row",
        "element": "all elements move together",
    }

    objective: Annotated[
        str, Field(max_length=40, description=f"How it is shared out: {', '.join(OBJECTIVES)}.")
    ] = "fair"


class Through(State):
    """A question asked month by month.

    With a shock of the graph its months count, and what is avoided is shut throughout; without one
    what is avoided is shut in the first half of the year, and the whole year is shown.
    """

    idle: ClassVar[Mapping[str, str]] = Shared.idle

    to: Nobody = ""
    gradual: Annotated[bool, Field(description=PARAMETERS["gradual"].meaning)] = False
    seasonal: Annotated[bool, Field(description=PARAMETERS["seasonal"].meaning)] = False
    delays: Annotated[bool, Field(description=PARAMETERS["delays"].meaning)] = False
    respond: Annotated[
        tuple[Name, ...], Field(max_length=200, description=PARAMETERS["respond"].meaning)
    ] = ()
    shock: Annotated[
        str, Field(max_length=200, description="Name of a shock of the graph; empty for none.")
    ] = ""
    behavior: Annotated[
        str, Field(max_length=40, description=f"How it is decided: {', '.join(BEHAVIORS)}.")
    ] = "rolling"

    def unused(self) -> Mapping[str, str]:
        """Return words that say nothing: beside a shock the year, too."""
        return {**self.idle, "year": "a shock has its own months"} if self.shock else self.idle

    def months(self, net: SupplyNetwork) -> dict[str, str]:
        """Return the months of a run as its keywords: none with a shock, which has its own."""
        if self.shock:
            return {"shock": self.shock}
        changes = scenario_list(self.words()["scenario"] or ())
        year = default_year(net.with_scenario(*changes)) if self.year is None else self.year
        shown = {"begin": f"{year}-01", "end": f"{year}-12"}
        return {"during": f"{year}-01..{year}-06", **shown} if self.avoid else shown


class Cases(State):
    """A question asked under several scenarios."""

    cases: Annotated[
        tuple[Name, ...],
        Field(
            min_length=1,
            max_length=12,
            description="Scenarios set beside each other; base is the graph as it is, + joins.",
        ),
    ]


@dataclass(frozen=True)
class Operation:
    """A question that can be asked from outside."""

    name: str  #: in the address of the server, and as a tool
    title: str  #: the question in a sentence
    asked: type[State]  #: its words
    solve: Callable[[SupplyNetwork, Any], Result]  #: answers it: network, words
    result: str  #: public name of the class of the result
    command: str  #: the command that answers the same
    #: further options of that command, by name, from its words and the network
    options: Callable[[Any, SupplyNetwork], Mapping[str, str | bool]] = lambda _asked, _net: {}
    #: words of that command behind the graph
    arguments: Callable[[Any], Sequence[str]] = lambda _asked: ()

    def kind(self) -> type[Result]:
        """Return the class of its result."""
        import supplynet

        kind: type[Result] = getattr(supplynet, self.result)
        return kind


def _contested(net: SupplyNetwork, asked: Shared) -> Result:
    from supplynet.analysis.balance import balance

    words = asked.words()
    del words["to"]
    return balance(net, objective=asked.objective, **words)


def _compare(net: SupplyNetwork, asked: Cases) -> Result:
    from supplynet.analysis.scenarios import compare_scenarios

    return compare_scenarios(net, *asked.cases, element=asked.elements(), **asked.words())


#: why words say nothing where a question does not take them
_IDLE = {
    "to": "all nations buy at once",
    "avoid": "nothing is shut",
    "element": "all elements move together",
    "year": "a shock has its own months",
    "lens": "both are reported, where plants stand and who owns them",
}


def _declared(declared: Declaration[Any]) -> Operation:
    """Return the operation of a declared question: its options are words of strangers.

    Words are short, numbers have an end, and nothing is named that would be read or written.
    """
    own = {one.name: one for one in own_options(declared.query) if one.is_open}
    known = {one.name: one.default for one in options_of(declared.query)}

    is_run = declared.name == "run"  # its months are those of the page

    def given(asked: State) -> dict[str, Any]:
        return {name: getattr(asked, name) for name in own}

    def solve(net: SupplyNetwork, asked: Any) -> Result:
        told = {name: value if value != "" else None for name, value in given(asked).items()}
        words = {**asked.words(), "element": asked.elements(), **told}
        words |= asked.months(net) if is_run else {}
        answer: Result = declared.ask(
            net, {name: word for name, word in words.items() if name in known and word != ""}
        )
        return answer

    def options(asked: Any, net: SupplyNetwork) -> dict[str, str | bool]:
        told: dict[str, str | bool] = dict(asked.months(net) if is_run else {})
        for name, value in given(asked).items():
            if value != own[name].unsaid and value not in ("", ()) and not own[name].is_argument:
                text = ",".join(value) if isinstance(value, tuple) else str(value)
                told[own[name].flag] = value if value is True else text
        return told

    fields: dict[str, Any] = {name: _field(one) for name, one in own.items()}
    base = Avoiding if known.get("avoid") is MISSING else State if "to" in known else Everybody
    if is_run:
        base, fields = Through, {}
    asked = create_model(f"Asked_{declared.name}", __base__=base, **fields)
    if not is_run:
        asked.idle = {name: why for name, why in _IDLE.items() if name not in known}
    answer, name = declared.answer.__name__, declared.name
    arguments = [name for name, one in own.items() if one.is_argument]
    return Operation(
        name,
        declared.asks,
        asked,
        solve,
        answer,
        QUESTIONS[name],
        options,
        lambda asked: [getattr(asked, name) for name in arguments],
    )


def _field(one: Option) -> tuple[Any, Any]:
    """Return an option as pydantic has it: type with limits, and default."""
    parameter = one.parameter
    said = parameter.meaning
    if parameter.words is not None:
        said = f"{said.removesuffix('.')}: {', '.join(parameter.words)}."
        return Annotated[str, Field(max_length=40, description=said)], one.unsaid
    if one.is_argument:
        return Annotated[Name, Field(description=said)], ...
    if parameter.kind == "iterable of str":
        return Annotated[tuple[Name, ...], Field(max_length=200, description=said)], ()
    if parameter.kind == "int":
        number: Any = int if one.unsaid is not None else int | None
        return Annotated[number, Field(ge=one.least, le=one.most, description=said)], one.unsaid
    if parameter.kind != "bool":
        return Annotated[str, Field(max_length=200, description=said)], ""
    return Annotated[bool, Field(description=said)], one.unsaid


OPERATIONS: dict[str, Operation] = {
    one.name: one
    for one in (
        Operation(
            "contested",
            "Who gets how much when all nations buy at once?",
            Shared,
            _contested,
            "BalanceResult",
            "allocate",
            lambda asked, _net: {"objective": "" if asked.objective == "fair" else asked.objective},
        ),
        Operation(
            "compare",
            "What do scenarios change, alone and together?",
            Cases,
            _compare,
            "ScenariosResult",
            "compare",
            arguments=lambda asked: list(asked.cases),
        ),
        *(_declared(declared) for declared in map(load, QUESTIONS) if declared.is_open),
    )
}


def answer(operation: Operation, net: SupplyNetwork, graph: str, asked: Any) -> dict[str, Any]:
    """Return an answer with the sentence that may be quoted and the command that gives it again.

    Parameters
    ----------
    graph : str
        What the command line calls the network.
    asked : State
        Of the class that the operation asks for.

    Raises
    ------
    OptionError
        If a word would be passed over.
    SupplynetError
        As the function that answers.
    """
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.reports.data_writers import jsonable

    asked.require_used()
    result = operation.solve(net, asked)
    told: dict[str, Any] = jsonable(result.to_dict())
    content = {
        "sentence": result.summary(),
        "command": command_of(operation, graph, asked, net),
        "result": told,
    }
    # Other results hold the ends of their figures themselves; a balance is solved anew for its own.
    if isinstance(result, BalanceResult) and (spread := result.spread()) is not None:
        content["data_range"] = jsonable(spread.to_dict())
    return content


def command_of(operation: Operation, graph: str, asked: Any, net: SupplyNetwork) -> str:
    """Return the command line that answers a question again."""
    bare = asked
    options = dict(operation.options(asked, net))
    if operation.name == "contested":  # asks for no nation: all draw
        bare = asked.model_copy(update={"to": "", "element": ""})
    if operation.name == "run":
        bare = asked.model_copy(update={"to": "", "year": None, "element": ""})
    text = command_line(operation.command, graph, bare, **options)
    head = shlex.join(["supplynet", *operation.command.split(), graph])
    return f"{head} {shlex.join(operation.arguments(asked))}".rstrip() + text.removeprefix(head)
