"""The command of a declared question: its options, its answers by element, and where they go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from supplynet.cli import options, words
from supplynet.cli.asked import Asked, search_seconds
from supplynet.cli.console import say
from supplynet.cli.failing import Facts, end_unproved
from supplynet.cli.output import Output, as_list, joined
from supplynet.contract.query import Option, own_options
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
    decorators: list[options.Decorator] = [
        options.graph,
        options.question(),
        *map(_option, own),
        options.output(metrics=tuple(declared.metrics)),
    ]
    return click.command(name)(options.apply_all(decorators, answer))


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
    if parameter.kind == "seconds":
        return options.search_time_limit
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
    said = parameter.help if is_one else f"{parameter.meaning} Repeatable."
    return options.option(one.said, kind, said, one.name, **more)


def _given(options_given: dict[str, Any], net: SupplyNetwork, output: Output) -> dict[str, Any]:
    """Return the own options of a question as the library takes them."""
    told: dict[str, Any] = {
        name: None if value == () else value for name, value in options_given.items()
    }
    if told.get("cost") is not None:
        told["cost"] = dict(told["cost"])
    if "time_limit" in told:
        told["time_limit"] = search_seconds(told["time_limit"], net, is_quiet=output.is_quiet)
    return told


def _answer(
    declared: Declaration[Any], graph: str, asked: Asked, output: Output, given: dict[str, Any]
) -> None:
    """Answer a question element by element, and write and judge all answers as one."""
    with output.progress("Solving") as progress:
        from supplynet.io.load import load as load_network
        from supplynet.present.answers import machine_table

        net = load_network(graph)
        shared = {**asked.words(), **_given(given, net, output)}
        is_of_all = declared.is_of_all(declared.query.of(shared, declared.name))
        elements = [asked.element_text] if is_of_all else asked.elements(net)
        answers: list[Any] = []
        for done, element in enumerate(elements):
            progress.step(f"Solving for {element}", done, len(elements))
            answers.append(declared.ask(net, {**shared, "element": element}))
            if getattr(answers[-1], "status", "") == "interrupted":
                break
        document = _document(declared, answers)
    output.write(document, machine_table(answers))
    if not output.is_quiet:
        for hint in {answer.hint for answer in answers if getattr(answer, "hint", "")}:
            say(hint)
    statuses = [answer.status for answer in answers if hasattr(answer, "status")]
    end_unproved(statuses, is_quiet=output.is_quiet)
    facts = [Facts(declared.facts(one), of=getattr(one, "element", "")) for one in answers]
    output.judge(answers[0].headline, facts)


def _document(declared: Declaration[Any], answers: list[Any]) -> Document:
    """Return the document of some answers; one by another model may have one of its own."""
    from supplynet.present.answers import heading
    from supplynet.reports.results import document_of

    if type(answers[0]) is not declared.answer:
        return document_of(answers[0])
    if declared.page is None:
        return joined([document_of(answer) for answer in answers], heading(answers))
    return as_list(declared.page(answers))
