"""The command of a declared question: its options, its answers by element, and where they go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, replace
from itertools import chain, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options, trade_options, words
from supplynet.cli.asked import BASE, Asked, scenarios, search_seconds, with_ranges
from supplynet.cli.console import say
from supplynet.cli.failing import HEADLINE, Facts, end_unproved
from supplynet.cli.output import Output, as_list, joined
from supplynet.contract.query import (
    Counted,
    Declaration,
    Jobs,
    Option,
    Query,
    options_of,
    own_options,
)
from supplynet.present.document import Table, plain_table
from supplynet.questions import QUESTIONS
from supplynet.questions.declared import load
from supplynet.terms.parameters import PARAMETERS

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document


#: options that commands share, by the name of what they say
_SHARED: dict[str, options.Decorator] = {
    "year": options.year,
    "lens": options.lens,
    "scenario": options.scenario,
    "time_limit": options.program_time_limit,
    "priority": options.priority,
    "firm": options.firm,
}
#: kind of an option that is customs records
RECORDS = "pandas.DataFrame"
#: what stands for the metrics of a trace where only trade is known
_OF_TRACE = {"direct": "direct_share", "traced": "high", "least": "low", "greatest": "high"}

#: types of values of a grid, by the kind of an option; all others are texts
_TYPES: Mapping[str, click.ParamType[Any]] = {
    "int": click.INT,
    "float": click.FLOAT,
    "seconds": click.FLOAT,
    "bool": click.BOOL,
}


def _stands_for(
    ctx: click.Context, param: click.Parameter, pairs: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    """Let the first of an option's values stand for it where it must be given; return them all."""
    words.each_once(ctx, param, pairs)
    first = {f"--{name.replace('_', '-')}": text.split(",")[:1] for name, text in pairs}
    needed = (one for one in ctx.command.params if one.required)
    ctx.default_map = {
        str(one.name): first[flag] for one in needed for flag in one.opts if flag in first
    }
    return pairs


#: values of a grid
each = options.option(
    "--each OPTION=VALUES...",
    words.Pair("year=2026,2030"),
    "Values that an option of the question takes one after the other, with commas between them; "
    "several options make a grid. With this, --workers, --cluster or --folder the answer is one "
    "table of all. Repeatable.",
    is_eager=True,
    callback=_stands_for,
)


def command_of(name: str) -> click.Command:
    """Return the command of a question."""
    declared = load(name)
    own = _own(declared.query)
    is_alone = issubclass(declared.query, Jobs) or not declared.query.OF
    grid = [] if is_alone else _own(Jobs)

    def answer(output: Output, graph: str = "", asked: Asked | None = None, **inputs: Any) -> None:
        _require_one_of_two(own, inputs)
        jobs = {option.name: inputs.pop(option.name) for option in grid}
        axes = dict(inputs.pop("each", ()))
        for option in own:
            if option.is_several:
                graph, inputs[option.name] = with_graph(graph, inputs[option.name])
            if option.for_readers and output.format in ("csv", "json"):
                inputs[option.name] = False
        over = (axes, jobs) if grid and options.is_said(*options.GRID) else None
        if over and output.format == "figure":
            raise click.UsageError(f"-o {output.path}: a figure shows one answer, and no grid")
        late = {metric for entry in own for metric in entry.metrics}
        judged = tuple(row for row in output.conditions if not late or row.metric in late)
        is_first = not (over or replace(output, conditions=judged).wants_all)
        _answer(declared, graph, asked, output, inputs, is_first=is_first, over=over)

    answer.__doc__ = f"{declared.asks}\n\n{declared.help}"
    shared: list[options.Decorator] = []
    if issubclass(declared.query, Counted):
        values = {member.name: member for member in options_of(declared.query)}
        has_target = "to" in values
        avoid = "required" if values["avoid"].default is MISSING else "optional"
        has_own = "element" in declared.query.__annotations__
        elements = values["element"].parameter.help if has_own else options.ELEMENT
        elements = elements if "element" in values else ""
        shared = [options.question(has_target=has_target, avoid=avoid, element=elements)]
    figures = words.FIGURES if declared.figure else ()
    shared += [
        *map(_option, own),
        *([each, *map(_option, grid)] if grid else []),
        options.output(metrics=tuple(declared.metrics), figures=figures),
    ]
    of = [options.graph] if declared.query.OF else []
    command: click.Command = options.command()(options.apply_all([*of, *shared], answer))
    return command


def _own(query: type[Query]) -> list[Option]:
    """Return the options that a command has for itself: all, where it asks for no single year."""
    options_for_itself = own_options if issubclass(query, Counted) else options_of
    own = [option for option in options_for_itself(query) if option.in_command]
    return sorted(own, key=lambda entry: not entry.is_argument)


def with_graph(graph: str, cases: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return graph and scenarios; where the first word is a scenario, the graph that ships it.

    One scenario alone stands behind the network as it is.
    """
    from supplynet.io.load import graph_ids, graphs_folder
    from supplynet.network.scenario.scenario import split_joined

    names, path = graph_ids(), Path(graph)
    if not (graph in names or path.is_file() or (path / "datapackage.json").is_file()):
        joined = (piece for case in (graph, *cases) for piece in split_joined(case))
        files = [f"scenarios/{text.partition(':')[0]}.toml" for text in joined]
        folder = graphs_folder()
        owners = [name for name in names if any((folder / name / file).is_file() for file in files)]
        if len(owners) == 1:
            graph, cases = owners[0], (graph, *cases)
    return graph, (BASE, *cases) if len(cases) == 1 and cases[0] != BASE else cases


def asked_by(name: str, query: type[Query] | None = None) -> options.Decorator:
    """Add the options of a question to a command that asks more; `query` has some of them."""
    return lambda function: options.apply_all(
        [*map(_option, _own(query or load(name).query))], function
    )


def _read(option: Option, value: Any, *, is_first: bool) -> Any:
    """Return the value of an option as the library takes it; None where nothing was given."""
    if value in (None, ()):
        if is_first:
            return None if callable(option.first) else option.first
        # a word that the first page leaves out is said of all others
        return option.unsaid if isinstance(option.first, str) else None
    if option.parameter.kind == PARAMETERS["scenario"].kind:
        return scenarios(value)
    if option.name == "year" and option.is_apart:
        return list(chain.from_iterable(value))
    if option.parameter.kind == "iterable of str":
        return [piece.strip() for text in value for piece in text.split(",")]
    if option.parameter.kind.startswith("mapping"):
        return dict(value)
    if option.name == "priority":
        return ",".join(value)
    if option.name == "to" and option.is_apart:
        return [name.strip() for text in value for name in text.split(",") if name.strip()]
    return value


def _require_one_of_two(own: Iterable[Option], values: Mapping[str, Any]) -> None:
    """Refuse an option beside another that it stands in place of."""
    for option in own:
        other = option.in_place_of
        if other and values[option.name] and options.is_said(other):
            raise click.UsageError(
                f"--{option.flag} stands in place of --{other}; give one of them"
            )


def _option(option: Option) -> options.Decorator:
    """Return an option of one question as one of its command."""
    if option.parameter.kind == "seconds":
        return options.search_time_limit
    if not option.is_apart:
        if option.name in _SHARED:
            return _SHARED[option.name]
        if option.name in options.FLOORS:  # their defaults differ between questions
            return options.declared(option.parameter)
    if option.parameter.kind == RECORDS:
        return trade_options.records
    unsaid = None if isinstance(option.first, str) else option.unsaid
    parameter, more = option.parameter, {"default": unsaid}
    if option.is_several:
        scenario = words.ScenarioName("name", option.example)
        return click.argument(
            option.name, metavar=option.said, nargs=-1, required=True, type=scenario
        )
    if option.is_argument:
        text = words.Text(option.name, option.example)
        return click.argument(option.name, metavar=option.name.upper(), type=text)
    if unsaid is None or option.said.endswith("..."):  # help says it in words
        more = {}
    if option.default is MISSING:
        more = {"required": True}
    if parameter.words is not None and not option.is_apart:
        entries = parameter.words if isinstance(parameter.words, Mapping) else {}
        rules = {word: getattr(entries.get(word), "help", "") for word in option.said_words}
        listed = ", ".join(f"{word} ({rule})" for word, rule in rules.items() if rule)
        sentence = parameter.help if unsaid is None else parameter.meaning
        sentence = f"{sentence.removesuffix('.')}: {listed}." if listed else sentence
        return options.choice(f"--{option.flag}", option.said_words, unsaid, help=sentence)
    if parameter.kind == "bool" and (option.first is not None or option.unsaid):
        shown = {"default": None} if option.first is not None else {"default": True}
        sentence = f"--{option.flag}/--no-{option.flag}"
        return click.option(sentence, option.name, help=parameter.help, show_default=True, **shown)
    if parameter.kind == "bool":
        return options.flag(option.said, parameter.meaning, option.name)
    sentence = f"{parameter.help} Repeatable." if option.said.endswith("...") else parameter.help
    return options.option(option.said, _kind_of(option), sentence, _kept_as(option), **more)


def _kind_of(option: Option) -> click.ParamType[Any]:
    """Return what a value of an option of one question must be."""
    parameter = option.parameter
    if parameter.words is not None:
        return words.Word(parameter.words)
    if option.name == "element":
        return words.Element("element", "--element Dy,Tb")
    if option.example and parameter.kind != "path":
        return words.Text(option.name, f"--{option.flag} {option.example}")
    if option.name == "to":
        return words.Selector("who", "--to KOR")
    least, largest = (None if end is None else int(end) for end in (option.least, option.largest))
    kinds: dict[str, click.ParamType[Any]] = {
        "int": click.INT
        if least is None and largest is None
        else click.IntRange(min=least, max=largest),
        "float": click.FloatRange(min=option.least or 0, max=option.largest),
        "iterable of float": click.FloatRange(0.0, 1.0),
        "path": words.OutputFile(option.example),
        "file": words.InputFile(option.example),
        "folder": click.Path(path_type=Path, file_okay=False),
        "mapping of str to float": words.NamedNumber(option.name, f"--{option.flag} ID=2"),
        "int or iterable of int": words.Years() if option.name == "year" else click.IntRange(min=0),
        "str": words.Text(option.name, f"--{option.flag} NAME"),
    }
    what, example = ("who", "KOR") if "WHO" in option.said else ("what", "CHN:refiner")
    selector = words.Selector(what, f"--{option.flag} {example}")
    return kinds.get(parameter.kind, selector)


def _kept_as(option: Option) -> str:
    """Return the name by which a command gets an option: one of several has another."""
    return f"{option.name}s" if option.is_apart else option.name


def words_of(
    declared: Declaration[Any],
    values: Mapping[str, Any],
    query: Asked | None = None,
    *,
    is_first: bool = False,
) -> dict[str, Any]:
    """Return options of a command as keywords of the library; what was not given is left out.

    `query` are those that questions about a case have in common, but for the element; `is_first`
    says that only a first page is wanted.
    """
    names = {entry.name for entry in options_of(declared.query)}
    record = {} if query is None else {**query.words(), "via": query.via_text}
    every = own_options(declared.query) if query else options_of(declared.query)
    for option in every:
        if _kept_as(option) in values or option.first is not None:
            record[option.name] = _read(option, values.get(_kept_as(option)), is_first=is_first)
            if record[option.name] is None and is_first and callable(option.first):
                record[option.name] = option.first(record)
            elif record[option.name] is None and isinstance(option.first, str):
                record[option.name] = option.unsaid
    if "delays" in names and "ranges" in names:
        record = with_ranges(record, wants_all=not is_first)
    return {name: word for name, word in record.items() if name in names and word is not None}


def _limited(
    declared: Declaration[Any], record: dict[str, Any], net: SupplyNetwork, output: Output
) -> dict[str, Any]:
    """Return keywords with the seconds of a search, which has a limit in a large network."""
    seconds = {
        own_option.name: search_seconds(record.get(own_option.name), net, is_quiet=output.is_quiet)
        for own_option in own_options(declared.query)
        if own_option.parameter.kind == "seconds"
    }
    return {**record, **seconds}


def _answer(
    declared: Declaration[Any],
    graph: str,
    asked: Asked | None,
    output: Output,
    given: dict[str, Any],
    *,
    is_first: bool,
    begin: float = 0.0,
    over: tuple[dict[str, str], Mapping[str, Any]] | None = None,
) -> None:
    """Answer a question element by element, and write and judge all answers as one.

    `begin` is the part of the work that is done: a first page with room is asked in full then.
    `over` are the values of a grid, and who works on it.
    """
    from supplynet.solve.together import within

    shared = words_of(declared, given, asked, is_first=is_first)
    query = declared.query.checked(shared, declared.name)
    if instead := declared.instead(query):
        _answer(load(instead), graph, asked, output, {}, is_first=is_first, over=over)
        return
    is_of_all = asked is None or declared.is_of_all(query)
    fills = is_first and any(own_option.fills for own_option in own_options(declared.query))
    stretch = within(begin, 0.5 if fills else 1.0)
    with output.progress("Solving") as progress, progress.telling(), stretch:
        from supplynet.io.load import load as load_network

        net: Any = load_network(graph) if declared.query.OF else None
        if declared.name == "exposure" and net.commodity.production == "unknown":
            _tell_observed(net, query, output)
            return
        if isinstance(records := shared.get("trade"), trade_options.Records):
            shared |= records.words(progress)
        shared = _limited(declared, shared, net, output)
        each = [shared]
        if asked is not None and any(one.name == "element" for one in options_of(declared.query)):
            elements = [asked.element_text] if is_of_all else asked.elements(net)
            each = [{**shared, "element": element} for element in elements]
        if over is not None:
            found = swept(declared, net, each, *over)
            _write_swept(*found, output)
            return
        answers: list[Any] = []
        for done, record in enumerate(each):
            if len(each) > 1:
                progress.step(f"Solving for {record['element']}", done, len(each))
            answers.append(declared.ask(net, record))
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


def _tell_observed(net: SupplyNetwork, query: Any, output: Output) -> None:
    """Tell both ends of the share that had passed a jurisdiction, by trade alone."""
    from supplynet.questions.dependence import dependence_of

    if query.lens != "location" or query.avoid:
        raise click.UsageError(
            "records of trade know no owners, and nothing that could be had without somebody: "
            "leave out --lens and --avoid"
        )
    answer = dependence_of(
        net, on=query.exposed_to, importers=query.to, year=query.year, form=query.form
    )
    declared = load("dependence")
    metrics = {metric: declared.metrics[column] for metric, column in _OF_TRACE.items()}
    document = document_of_all(declared, [answer], is_of_all=True)
    write(replace(declared, metrics=metrics), [answer], document, output)


def swept(
    declared: Declaration[Any],
    net: SupplyNetwork,
    records: Sequence[dict[str, Any]],
    axes: Mapping[str, str],
    jobs: Mapping[str, Any],
) -> tuple[Document, Table]:
    """Return the headlines of the answers over a grid, and all of their rows.

    `records` are keywords of all of them, one an element; `axes` values of options, with commas.
    """
    from supplynet.reports.sweep import of_sweep, sweep

    known = {option.name: option for option in options_of(declared.query)}
    shared, values = records[0], {name: text.split(",") for name, text in axes.items()}
    if len(records) > 1:
        values = {"element": [record["element"] for record in records], **values}
    scenarios = values.pop("scenario", [shared.pop("scenario", BASE)])
    # as whoever sweeps says it: what is usual is left to the question
    common = {
        name: value
        for name, value in shared.items()
        if name not in known or value not in (None, known[name].default)
    }
    ask = QUESTIONS[declared.name]
    cells = {}
    for cell in product(*values.values()):
        pairs = zip(values, cell, strict=True)
        own = {name: value_of(known, name, text) for name, text in pairs}
        cells[", ".join(cell) or ask] = {"ask": ask, **common, **own}
    table = sweep(net, cells, scenarios, **jobs)
    document = of_sweep(table, list(values))
    return document, plain_table(table.columns, document.data["rows"])


def _write_swept(document: Document, table: Table, output: Output) -> None:
    """Write the answers over a grid, and judge each of them."""
    output.write(document, table)
    heads = document.data["headlines"]
    end_unproved([head["status"] for head in heads], is_quiet=output.is_quiet)
    facts = [
        Facts({**told, HEADLINE: head["value"]}, f"{head['question']}, {head['scenario']}, {of}")
        for head in heads
        for of, told in head["metrics"].items()
    ]
    output.judge(None, facts)


def value_of(known: Mapping[str, Option], name: str, text: str) -> Any:
    """Return the value of an option as the library takes it; others are refused by the question."""
    if name not in known:
        return text
    kind = known[name].parameter.kind
    is_mapping = kind.startswith("mapping")
    is_several = is_mapping or kind.startswith("iterable") or known[name].is_several
    of_each = kind.split()[-1] if is_several else kind.partition(" or ")[0]
    read = _TYPES.get(of_each, click.STRING)
    try:
        if not is_several:
            return read(text.strip())
        parts = [part.strip() for part in text.split(",")]
        if not is_mapping:
            return [read(part) for part in parts]
        pairs = [part.rpartition("=") for part in parts]
        return {key: read(value) for key, _, value in pairs}
    except click.BadParameter as error:
        error.param_hint = name
        raise


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
    return [Facts(declared.facts(piece), of=name) for parts in judged for name, piece in parts]


def document_of_all(declared: Declaration[Any], answers: list[Any], is_of_all: bool) -> Document:
    """Return the document of some answers; one about all elements is no list."""
    from supplynet.present.answers import heading
    from supplynet.reports.results import document_of

    if is_of_all:
        return document_of(answers[0])
    if declared.page is None:
        return joined([document_of(answer) for answer in answers], heading(answers))
    return as_list(declared.page(answers))
