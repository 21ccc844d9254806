"""The command of a declared question: its options, its answers by element, and where they go."""

from __future__ import annotations

from typing import Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import Asked
from supplynet.cli.console import say
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output, as_list, joined
from supplynet.contract.query import Option, own_options
from supplynet.contract.question import Declaration
from supplynet.questions.declared import load


def command_of(name: str) -> click.Command:
    """Return the command of a question."""
    declared = load(name)
    own = [one for one in own_options(declared.query) if one.in_command]

    def answer(graph: str, asked: Asked, output: Output, **given: Any) -> None:
        _answer(declared, graph, asked, output, given)

    answer.__doc__ = f"{declared.asks}\n\n{declared.help}"
    decorators: list[options.Decorator] = [
        options.graph,
        options.question(),
        *map(_option, own),
        options.output(metrics=tuple(declared.metrics)),
    ]
    return click.command(name)(options.apply_all(decorators, answer))


def _option(one: Option) -> options.Decorator:
    """Return an option of one question as one of its command."""
    parameter = one.parameter
    if parameter.words is not None:
        return options.choice(f"--{one.flag}", parameter.words, one.unsaid, help=parameter.meaning)
    if parameter.kind == "bool":
        return options.flag(f"--{one.flag}", parameter.meaning, one.name)
    if parameter.kind == "int":
        more = {} if one.unsaid is None else {"default": one.unsaid}
        kind = click.IntRange(min=one.least)
        return options.option(one.said, kind, parameter.meaning, one.name, **more)
    selector = words.Selector("what", f"--{one.flag} CHN:refiner")
    return options.option(one.said, selector, f"{parameter.meaning} Repeatable.", one.name)


def _answer(
    declared: Declaration[Any], graph: str, asked: Asked, output: Output, given: dict[str, Any]
) -> None:
    """Answer a question element by element, and write and judge all answers as one."""
    with output.progress("Solving") as progress:
        from supplynet.io.load import load as load_network
        from supplynet.present.answers import document_of, heading, machine_table

        net = load_network(graph)
        shared, elements = asked.words(), asked.elements(net)
        # selectors that were not given stand for nothing
        shared |= {name: None if value == () else value for name, value in given.items()}
        answers = []
        for done, element in enumerate(elements):
            progress.step(f"Solving for {element}", done, len(elements))
            answers.append(declared.ask(net, {**shared, "element": element}))
        if declared.page is None:
            document = joined([document_of(answer) for answer in answers], heading(answers))
        else:
            document = as_list(declared.page(answers))
    output.write(document, machine_table(answers))
    if not output.is_quiet:
        for hint in {answer.hint for answer in answers if getattr(answer, "hint", "")}:
            say(hint)
    facts = [Facts(declared.facts(answer), of=answer.element) for answer in answers]
    output.judge(answers[0].headline, facts)
