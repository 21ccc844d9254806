"""What can be asked from outside, declared once: words, the function that answers, the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, create_model

from supplynet.contract.query import Declaration, Option, options_of, own_options
from supplynet.questions import QUESTIONS
from supplynet.questions.declared import load
from supplynet.serve.state import (
    SCENARIO_FILE,
    Avoiding,
    Everybody,
    Name,
    State,
    Through,
    require_named,
)
from supplynet.text import command_line

if TYPE_CHECKING:
    from supplynet.contract.answer import Result
    from supplynet.network.network import SupplyNetwork


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
    options: Callable[[Any, SupplyNetwork], dict[str, Any]] = lambda _asked, _net: {}
    #: words of that command behind the graph
    arguments: Callable[[Any], Sequence[str]] = lambda _asked: ()

    def kind(self) -> type[Result]:
        """Return the class of its result."""
        import supplynet

        kind: type[Result] = getattr(supplynet, self.result)
        return kind


#: why words say nothing where a question does not take them
_IDLE = {
    "to": "all nations buy at once",
    "avoid": "nothing is shut",
    "element": "all elements move together",
    "year": "a shock has its own months, a plan its own years",
    "tier": "links and plants of any standing count",
    "lens": "nothing is counted by country, or both lenses are reported",
}


def _declared(declared: Declaration[Any]) -> Operation:
    """Return the operation of a declared question: its options are words of strangers.

    Words are short, numbers have an end, and nothing is named that would be read or written.
    """
    own = {option.name: option for option in own_options(declared.query) if option.is_open}
    facts = {option.name: option.default for option in options_of(declared.query)}
    values = {entry.name for entry in options_of(declared.query) if entry.is_open}
    idle = {name: why for name, why in _IDLE.items() if name not in values}
    # what no JSON states is not worked out for it
    entries = options_of(declared.query)
    unread = {member.name: False for member in entries if member.for_readers}
    pages = (member for member in entries if isinstance(member.first, str))
    unread |= {member.name: member.first for member in pages if not member.in_command}
    places = [candidate for candidate in own.values() if candidate.is_argument]
    is_run = declared.name == "run"  # its months are those of the page

    def given(asked: State) -> dict[str, Any]:
        return {name: getattr(asked, name) for name in own}

    def solve(net: SupplyNetwork, asked: Any) -> Result:
        stated: dict[str, Any] = {
            name: value if value != "" else None for name, value in given(asked).items()
        }
        require_named(case for one in places if one.is_several for case in stated[one.name])
        record = {**declared.unsaid(), **asked.words(), "element": asked.elements()}
        record |= {**stated, **unread}
        record |= asked.months(net) if is_run else {}
        taken = facts.keys() - asked.idle.keys()
        answer: Result = declared.ask(
            net, {name: word for name, word in record.items() if name in taken and word != ""}
        )
        return answer

    def options(asked: Any, net: SupplyNetwork) -> dict[str, object]:
        said = given(asked).items()
        return (asked.months(net) if is_run else {}) | {
            own[name].flag: value
            for name, value in said
            if value != own[name].unsaid and not own[name].is_argument
        }

    fields: dict[str, Any] = {name: _field(one) for name, one in own.items()}
    base = Avoiding if facts.get("avoid") is MISSING else State if "to" in facts else Everybody
    if is_run:
        base, fields = Through, {}
    query = create_model(f"Asked_{declared.name}", __base__=base, **fields)
    if not is_run:
        query.idle = idle
    answer, name = declared.answer.__name__, declared.name

    def arguments(request: Any) -> list[str]:
        told = ((one, getattr(request, one.name)) for one in places)
        return [word for one, text in told for word in (text if one.is_several else [text])]

    return Operation(
        name,
        declared.asks,
        query,
        solve,
        answer,
        QUESTIONS[name],
        options,
        arguments,
    )


def _field(option: Option) -> tuple[Any, Any]:
    """Return an option as pydantic has it: type with limits, and default."""
    parameter = option.parameter
    text = parameter.meaning
    if parameter.words is not None:
        text = f"{text.removesuffix('.')}: {', '.join(option.said_words)}."
        return Annotated[str, Field(max_length=40, description=text)], option.unsaid
    if option.is_several:
        named = Field(description=text, min_length=1, max_length=option.most)
        return Annotated[tuple[Name, ...], named], ...
    if option.is_argument:
        return Annotated[Name, Field(description=text)], ...
    if parameter.kind == "iterable of str":
        return Annotated[tuple[Name, ...], Field(max_length=200, description=text)], ()
    if parameter.kind == "int":
        index: Any = int if option.unsaid is not None else int | None
        return Annotated[
            index, Field(ge=option.least, le=option.most, description=text)
        ], option.unsaid
    if parameter.kind != "bool":
        unsaid = ... if option.default is MISSING else ""
        return Annotated[str, Field(max_length=200, description=text)], unsaid
    return Annotated[bool, Field(description=text)], option.unsaid


OPERATIONS: dict[str, Operation] = {
    operation.name: operation
    for operation in (_declared(declared) for declared in map(load, QUESTIONS) if declared.is_open)
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
    from supplynet.reports.data_writers import jsonable

    asked.require_used()
    result = operation.solve(net, asked)
    record: dict[str, Any] = jsonable(result.to_dict())
    return {
        "sentence": result.summary(),
        "command": command_of(operation, graph, asked, net),
        "result": record,
    }


def command_of(operation: Operation, graph: str, query: Any, net: SupplyNetwork) -> str:
    """Return the command line that answers a question again, beside the file of what was changed.

    Examples
    --------
    >>> import supplynet as sn
    >>> asked = State(to="MLT", year=2026, tier="operating")
    >>> command_of(OPERATIONS["flow"], "tutorial", asked, sn.load("tutorial"))
    'supplynet flow tutorial --to MLT --year 2026 --tier operating'
    """
    idle = {*operation.asked.idle, *({"year"} if operation.name == "run" else ())}
    if query.lens == "location":
        idle.add("lens")
    names = ("to", "avoid", "element", "year", "tier", "lens")
    options = {name: getattr(query, name) for name in names if name not in idle}
    options |= operation.options(query, net)
    options["scenario"] = [*query.scenarios, *([SCENARIO_FILE] if query.edits else [])]
    texts = *operation.command.split(), graph, *operation.arguments(query)
    return command_line(*texts, **options)
