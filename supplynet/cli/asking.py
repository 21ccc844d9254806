"""The command of a declared question: its options, its answers by element, and where they go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from supplynet.cli import options, words
from supplynet.cli.asked import BASE, Asked, scenarios, search_seconds, with_ranges
from supplynet.cli.console import say
from supplynet.cli.failing import Facts, end_unproved
from supplynet.cli.output import Output, as_list, joined
from supplynet.contract.query import Counted, Option, Query, options_of, own_options
from supplynet.contract.question import Declaration
from supplynet.questions.declared import load
from supplynet.terms.parameters import PARAMETERS

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document


#: options that commands share, by the name of what they say
_SHARED = {
    "year": options.year,
    "lens": options.lens,
    "scenario": options.scenario,
    "time_limit": options.program_time_limit,
}


def command_of(name: str) -> click.Command:
    """Return the command of a question."""
    declared = load(name)
    own = _own(declared.query)

    def answer(graph: str, output: Output, asked: Asked | None = None, **given: Any) -> None:
        _require_one_of_two(own, given)
        for one in own:
            if one.is_several:
                graph, given[one.name] = with_graph(graph, given[one.name])
            if one.for_readers and output.format in ("csv", "json"):
                given[one.name] = False
        late = {metric for one in own for metric in one.metrics}
        judged = tuple(row for row in output.conditions if not late or row.metric in late)
        is_first = not replace(output, conditions=judged).wants_all
        _answer(declared, graph, asked, output, given, is_first=is_first)

    answer.__doc__ = f"{declared.asks}\n\n{declared.help}"
    shared: list[options.Decorator] = []
    if issubclass(declared.query, Counted):
        known = {one.name: one for one in options_of(declared.query)}
        has_target = "to" in known
        avoid = "required" if known["avoid"].default is MISSING else "optional"
        has_own = "element" in declared.query.__annotations__
        elements = known["element"].parameter.help if has_own else options.ELEMENT
        shared = [options.question(has_target=has_target, avoid=avoid, element=elements)]
    figures = words.FIGURES if declared.figure else ()
    shared += [
        *map(_option, own),
        options.output(metrics=tuple(declared.metrics), figures=figures),
    ]
    command: click.Command = options.command()(options.apply_all([options.graph, *shared], answer))
    return command


def _own(query: type[Query]) -> list[Option]:
    """Return the options that a command has for itself: all, where it asks for no single year."""
    options_for_itself = own_options if issubclass(query, Counted) else options_of
    own = [one for one in options_for_itself(query) if one.in_command]
    return sorted(own, key=lambda one: not one.is_argument)


def with_graph(graph: str, cases: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return graph and scenarios; where the first word is a scenario, the graph that ships it.

    One scenario alone stands behind the network as it is.
    """
    from supplynet.io.load import graph_ids, graphs_folder
    from supplynet.network.scenario.scenario import split_joined

    known, place = graph_ids(), Path(graph)
    if not (graph in known or place.is_file() or (place / "datapackage.json").is_file()):
        joined = (part for case in (graph, *cases) for part in split_joined(case))
        files = [f"scenarios/{part.partition(':')[0]}.toml" for part in joined]
        folder = graphs_folder()
        owners = [name for name in known if any((folder / name / one).is_file() for one in files)]
        if len(owners) == 1:
            graph, cases = owners[0], (graph, *cases)
    return graph, (BASE, *cases) if len(cases) == 1 and cases[0] != BASE else cases


def asked_by(name: str, query: type[Query] | None = None) -> options.Decorator:
    """Add the options of a question to a command that asks more; `query` has some of them."""
    return lambda function: options.apply_all(
        [*map(_option, _own(query or load(name).query))], function
    )


def _read(one: Option, value: Any, *, is_first: bool) -> Any:
    """Return the value of an option as the library takes it; None where nothing was given."""
    if value in (None, ()):
        first = None if callable(one.first) or not is_first else one.first
        return first if is_first or one.first is None else one.unsaid
    if one.parameter.kind == PARAMETERS["scenario"].kind:
        return scenarios(value)
    if one.name == "year" and one.is_apart:
        return list(chain.from_iterable(value))
    if one.parameter.kind == "iterable of str":
        return [part.strip() for text in value for part in text.split(",")]
    if one.parameter.kind.startswith("mapping"):
        return dict(value)
    if one.name == "to" and one.is_apart:
        return [name.strip() for text in value for name in text.split(",") if name.strip()]
    return value


def _require_one_of_two(own: Iterable[Option], given: Mapping[str, Any]) -> None:
    """Refuse an option beside another that it stands in place of."""
    source = click.get_current_context().get_parameter_source
    for one in own:
        other = one.in_place_of
        if other and given[one.name] and source(other) == ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{one.flag} stands in place of --{other}; give one of them")


def _option(one: Option) -> options.Decorator:
    """Return an option of one question as one of its command."""
    if one.parameter.kind == "seconds":
        return options.search_time_limit
    if not one.is_apart:
        if one.name in _SHARED:
            return _SHARED[one.name]
        if one.name in options.FLOORS:  # their defaults differ between questions
            return options.declared(one.parameter)
    unsaid = None if isinstance(one.first, str) else one.unsaid
    parameter, more = one.parameter, {"default": unsaid}
    if one.is_several:
        scenario = words.ScenarioName("name", one.example)
        return click.argument(one.name, metavar=one.said, nargs=-1, required=True, type=scenario)
    if one.is_argument:
        text = words.Text(one.name, one.example)
        return click.argument(one.name, metavar=one.name.upper(), type=text)
    if unsaid is None or one.said.endswith("..."):  # help says it in words
        more = {}
    if one.default is MISSING:
        more = {"required": True}
    if parameter.words is not None and not one.is_apart:
        said = parameter.help if unsaid is None else parameter.meaning
        return options.choice(f"--{one.flag}", parameter.words, unsaid, help=said)
    if parameter.kind == "bool" and (one.first is not None or one.unsaid):
        shown = {"default": None} if one.first is not None else {"default": True}
        said = f"--{one.flag}/--no-{one.flag}"
        return click.option(said, one.name, help=parameter.help, show_default=True, **shown)
    if parameter.kind == "bool":
        return options.flag(one.said, parameter.meaning, one.name)
    least, largest = (None if end is None else int(end) for end in (one.least, one.largest))
    kinds: dict[str, Any] = {
        "int": int if least is None and largest is None else click.IntRange(min=least, max=largest),
        "float": click.FloatRange(min=one.least or 0, max=one.largest),
        "iterable of float": click.FloatRange(0.0, 1.0),
        "path": words.OutputFile(one.example),
        "file": words.InputFile(one.example),
        "folder": click.Path(path_type=Path, file_okay=False),
        "mapping of str to float": words.NamedNumber(one.name, f"--{one.flag} ID=2"),
        "int or iterable of int": words.Years() if one.name == "year" else click.IntRange(min=0),
        "str": words.Text(one.name, f"--{one.flag} NAME"),
    }
    selector = words.Selector("what", f"--{one.flag} CHN:refiner")
    kind: click.ParamType[Any] = kinds.get(parameter.kind, selector)
    if one.name == "to":
        kind = words.Selector("who", "--to KOR")
    if one.example and parameter.kind != "path":
        kind = words.Text(one.name, f"--{one.flag} {one.example}")
    if one.name == "element":
        kind = words.Element("element", "--element Dy,Tb")
    if parameter.words is not None:
        kind = words.Word(parameter.words)
    said = f"{parameter.help} Repeatable." if one.said.endswith("...") else parameter.help
    return options.option(one.said, kind, said, _kept_as(one), **more)


def _kept_as(one: Option) -> str:
    """Return the name by which a command gets an option: one of several has another."""
    return f"{one.name}s" if one.is_apart else one.name


def words_of(
    declared: Declaration[Any],
    given: Mapping[str, Any],
    asked: Asked | None = None,
    *,
    is_first: bool = False,
) -> dict[str, Any]:
    """Return options of a command as keywords of the library; what was not given is left out.

    `asked` are those that questions about a case have in common, but for the element; `is_first`
    says that only a first page is wanted.
    """
    known = {one.name for one in options_of(declared.query)}
    told = {} if asked is None else {**asked.words(), "via": asked.via_text}
    every = own_options(declared.query) if asked else options_of(declared.query)
    for one in every:
        if _kept_as(one) in given or one.first is not None:
            told[one.name] = _read(one, given.get(_kept_as(one)), is_first=is_first)
            if told[one.name] is None and is_first and callable(one.first):
                told[one.name] = one.first(told)
    if "delays" in known and "ranges" in known:
        told = with_ranges(told, wants_all=not is_first)
    return {name: word for name, word in told.items() if name in known and word is not None}


def _limited(
    declared: Declaration[Any], words: dict[str, Any], net: SupplyNetwork, output: Output
) -> dict[str, Any]:
    """Return keywords with the seconds of a search, which has a limit in a large network."""
    seconds = {
        one.name: search_seconds(words.get(one.name), net, is_quiet=output.is_quiet)
        for one in own_options(declared.query)
        if one.parameter.kind == "seconds"
    }
    return {**words, **seconds}


def _answer(
    declared: Declaration[Any],
    graph: str,
    asked: Asked | None,
    output: Output,
    given: dict[str, Any],
    *,
    is_first: bool,
    begin: float = 0.0,
) -> None:
    """Answer a question element by element, and write and judge all answers as one.

    `begin` is the part of the work that is done: a first page with room is asked in full then.
    """
    from supplynet.solve.together import within

    shared = words_of(declared, given, asked, is_first=is_first)
    query = declared.query.checked(shared, declared.name)
    if instead := declared.instead(query):
        _answer(load(instead), graph, asked, output, {}, is_first=is_first)
        return
    is_of_all = asked is None or declared.is_of_all(query)
    fills = is_first and any(one.fills for one in own_options(declared.query))
    stretch = within(begin, 0.5 if fills else 1.0)
    with output.progress("Solving") as progress, progress.telling(), stretch:
        from supplynet.io.load import load as load_network

        net = load_network(graph)
        if declared.name == "exposure" and net.commodity.production == "unknown":
            from supplynet.cli.commands.dependence import tell_observed

            tell_observed(net, query, output)
            return
        shared = _limited(declared, shared, net, output)
        each = [shared]
        if asked is not None:
            elements = [asked.element_text] if is_of_all else asked.elements(net)
            each = [{**shared, "element": element} for element in elements]
        answers: list[Any] = []
        for done, words in enumerate(each):
            if len(each) > 1:
                progress.step(f"Solving for {words['element']}", done, len(each))
            answers.append(declared.ask(net, words))
            if getattr(answers[-1], "status", "") == "interrupted":
                break
        document = document_of_all(declared, answers, is_of_all)
        has_room = fills and output.fitted(document)[1] is document
        figure = output.path if output.format == "figure" else None
        if figure is not None:
            from supplynet import draw

            draw.save(getattr(draw, declared.figure)(answers[0]), figure)
    if has_room:
        _answer(declared, graph, asked, output, given, is_first=False, begin=0.5)
        return
    if figure is not None:
        output.tell_written(figure)
        judge(declared, answers, output)
    else:
        write(declared, answers, document, output)


def write(
    declared: Declaration[Any], answers: list[Any], document: Document, output: Output
) -> None:
    """Write the answers to a question, which a document holds, and judge them."""
    from supplynet.present.answers import machine_table

    output.write(document, machine_table(answers, declared))
    judge(declared, answers, output)


def judge(declared: Declaration[Any], answers: list[Any], output: Output) -> None:
    """Say what would be faster, and end with the exit code of a condition that is true."""
    if not output.is_quiet:
        for hint in {answer.hint for answer in answers if getattr(answer, "hint", "")}:
            say(hint)
    statuses = [answer.status for answer in answers if hasattr(answer, "status")]
    end_unproved(statuses, is_quiet=output.is_quiet)
    output.judge(answers[0].headline, facts_of(declared, answers))


def facts_of(declared: Declaration[Any], answers: Iterable[Any]) -> list[Facts]:
    """Return what conditions judge of answers to a question."""
    judged = (declared.judged(answer).items() for answer in answers)
    return [Facts(declared.facts(part), of=name) for parts in judged for name, part in parts]


def document_of_all(declared: Declaration[Any], answers: list[Any], is_of_all: bool) -> Document:
    """Return the document of some answers; one about all elements is no list."""
    from supplynet.present.answers import heading
    from supplynet.reports.results import document_of

    if is_of_all:
        return document_of(answers[0])
    if declared.page is None:
        return joined([document_of(answer) for answer in answers], heading(answers))
    return as_list(declared.page(answers))
