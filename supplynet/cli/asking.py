"""The command of a declared question: its options, its answers by element, and where they go."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from supplynet.cli import options, words
from supplynet.cli.asked import Asked, search_seconds
from supplynet.cli.console import say
from supplynet.cli.failing import Facts, end_unproved
from supplynet.cli.output import Output, as_list, joined
from supplynet.contract.query import Option, options_of, own_options
from supplynet.contract.question import Declaration
from supplynet.questions.declared import load

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document


def command_of(name: str) -> click.Command:
    """Return the command of a question."""
    declared = load(name)
    own = [one for one in own_options(declared.query) if one.in_command]

    def answer(graph: str, asked: Asked, output: Output, **given: Any) -> None:
        _require_one_of_two(own, given)
        _answer(declared, graph, asked, output, given)

    answer.__doc__ = f"{declared.asks}\n\n{declared.help}"
    known = {one.name: one for one in options_of(declared.query)}
    has_target = "to" in known
    avoid = "required" if known["avoid"].default is MISSING else "optional"
    elements = options.ELEMENT if has_target else "Elements to follow. Default: all."
    decorators: list[options.Decorator] = [
        options.graph,
        options.question(has_target=has_target, avoid=avoid, element=elements),
        *map(_option, own),
        options.output(metrics=tuple(declared.metrics)),
    ]
    command: click.Command = options.command()(options.apply_all(decorators, answer))
    return command


def _require_one_of_two(own: Iterable[Option], given: Mapping[str, Any]) -> None:
    """Refuse an option beside another that it stands in place of."""
    source = click.get_current_context().get_parameter_source
    for one in own:
        other = one.in_place_of
        if other and given[one.name] and source(other) == ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{one.flag} stands in place of --{other}; give one of them")


def _option(one: Option) -> options.Decorator:
    """Return an option of one question as one of its command."""
    parameter, more = one.parameter, {} if one.unsaid is None else {"default": one.unsaid}
    if one.name == "time_limit":
        is_search = parameter.kind == "seconds"
        return options.search_time_limit if is_search else options.program_time_limit
    if parameter.words is not None:
        return options.choice(f"--{one.flag}", parameter.words, one.unsaid, help=parameter.meaning)
    if parameter.kind == "bool":
        return options.flag(f"--{one.flag}", parameter.meaning, one.name)
    kinds: dict[str, click.ParamType[Any]] = {
        "int": click.IntRange(min=one.least),
        "float": click.FloatRange(min=0),
        "mapping of str to float": words.NamedNumber(one.name, f"--{one.flag} ID=2"),
    }
    kind = kinds.get(parameter.kind, words.Selector("what", f"--{one.flag} CHN:refiner"))
    is_one = parameter.kind in ("int", "float")
    said = parameter.help if is_one else f"{parameter.help} Repeatable."
    return options.option(one.said, kind, said, one.name, **more)


def _words(declared: Declaration[Any], asked: Asked, given: dict[str, Any]) -> dict[str, Any]:
    """Return what a question was asked as keywords of the library, but for the element."""
    told: dict[str, Any] = {name: None if value == () else value for name, value in given.items()}
    for one in own_options(declared.query):
        if told.get(one.name) is not None and one.parameter.kind.startswith("mapping"):
            told[one.name] = dict(told[one.name])
    known = {one.name for one in options_of(declared.query)}
    shared = {**asked.words(), "via": asked.via_text}
    return {**{name: word for name, word in shared.items() if name in known}, **told}


def _limited(
    declared: Declaration[Any], words: dict[str, Any], net: SupplyNetwork, output: Output
) -> dict[str, Any]:
    """Return keywords with the seconds of a search, which has a limit in a large network."""
    seconds = {
        one.name: search_seconds(words[one.name], net, is_quiet=output.is_quiet)
        for one in own_options(declared.query)
        if one.parameter.kind == "seconds"
    }
    return {**words, **seconds}


def _answer(
    declared: Declaration[Any], graph: str, asked: Asked, output: Output, given: dict[str, Any]
) -> None:
    """Answer a question element by element, and write and judge all answers as one."""
    shared = _words(declared, asked, given)
    query = declared.query.of(shared, declared.name)
    if instead := declared.instead(query):
        home = importlib.import_module(f"supplynet.cli.commands.{instead}")
        home.answer(graph, asked, None, output, tuple(declared.metrics))
        return
    is_of_all = declared.is_of_all(query)
    with output.progress("Solving") as progress:
        from supplynet.io.load import load as load_network
        from supplynet.present.answers import machine_table

        net = load_network(graph)
        shared = _limited(declared, shared, net, output)
        elements = [asked.element_text] if is_of_all else asked.elements(net)
        answers: list[Any] = []
        for done, element in enumerate(elements):
            progress.step(f"Solving for {element}", done, len(elements))
            answers.append(declared.ask(net, {**shared, "element": element}))
            if getattr(answers[-1], "status", "") == "interrupted":
                break
        document = _document(declared, answers, is_of_all)
    output.write(document, machine_table(answers, declared))
    if not output.is_quiet:
        for hint in {answer.hint for answer in answers if getattr(answer, "hint", "")}:
            say(hint)
    statuses = [answer.status for answer in answers if hasattr(answer, "status")]
    end_unproved(statuses, is_quiet=output.is_quiet)
    judged = (declared.judged(answer).items() for answer in answers)
    facts = [Facts(declared.facts(part), of=name) for parts in judged for name, part in parts]
    output.judge(answers[0].headline, facts)


def _document(declared: Declaration[Any], answers: list[Any], is_of_all: bool) -> Document:
    """Return the document of some answers; one about all elements is no list."""
    from supplynet.present.answers import heading
    from supplynet.reports.results import document_of

    if is_of_all:
        return document_of(answers[0])
    if declared.page is None:
        return joined([document_of(answer) for answer in answers], heading(answers))
    return as_list(declared.page(answers))
