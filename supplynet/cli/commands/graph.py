"""Graphs looked up, made, checked and set side by side: commands that solve nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import scenarios
from supplynet.cli.console import Progress, say
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.errors import CheckError, OptionError, OutputError
from supplynet.io.load import endings_in_words, load
from supplynet.present.document import plain_table

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document

#: the commands by name
commands: dict[str, click.Command] = {}
#: what arrays of a network are written in
ARRAYS = ".npz"
#: the places that a graph goes to, for help texts
PLACES = endings_in_words()

force = options.flag("--force", "Replace what is there.")
_FILE_COLUMNS = ("severity", "code", "message", "file", "row", "column", "value", "hint")
_TABLES = (".csv", ".tsv", ".txt")


def _command(name: str, *decorators: Any, told: str = "") -> Callable[[Callable[..., Any]], None]:
    """Declare a command; `told` is its help where that is made of names."""

    def declare(function: Callable[..., Any]) -> None:
        listed = options.apply_all(decorators, function)
        commands[name] = options.command(name, help=told or None)(listed)

    return declare


def _looked_up(name: str, *decorators: Any) -> Callable[[Callable[..., Document]], None]:
    """Declare a command that states of a graph what its function returns."""

    def declare(tell: Callable[..., Document]) -> None:
        def written(graph: str, output: Output, **query: Any) -> None:
            with output.progress(f"Loading {graph}"):
                document = tell(load(graph), **query)
            output.write(document)

        written.__doc__ = tell.__doc__
        _command(name, options.graph, *decorators, options.output())(written)

    return declare


def require_free(target: Path, *, force: bool) -> None:
    """Refuse a file, or a folder that holds something, unless it may be replaced."""
    is_taken = any(target.iterdir()) if target.is_dir() else os.path.lexists(target)
    if is_taken and not force:
        raise OutputError(f"{target}: is there already", hint="give --force to replace it")


def graph_target(text: str, *, force: bool) -> Path:
    """Return where a graph goes, if one can be written there; said before anything is read."""
    from supplynet.io.load import require_kind

    target = Path(text)
    require_kind(target)
    require_free(target, force=force)
    if not target.absolute().parent.is_dir():
        raise OutputError(
            f"{target}: there is no folder {target.parent}", hint="make the folder first"
        )
    return target


# -- looked up -------------------------------------------------------------------------------


@_command("list", options.output())
def _list(output: Output) -> None:
    """List the shipped graphs."""
    from supplynet.io.load import list_graphs
    from supplynet.reports.results_network import of_graphs

    output.write(of_graphs(list_graphs()))


@_looked_up(
    "show",
    click.argument("node_id", required=False, type=words.Selector("node", "mine-big")),
    options.year,
    options.scenario,
)
def _show(
    net: SupplyNetwork, node_id: str | None, year: int | None, scenario: tuple[str, ...]
) -> Document:
    """Show what a graph holds, or one of its nodes.

    A name that is no id, such as a company's, shows all that it may stand for, as find does.
    With --year, the slice of one year: what runs, which links hold, capacities in force.
    """
    from supplynet.network.names import find
    from supplynet.reports.results_network import of_network, of_node, of_search

    net = net.with_scenario(*scenarios(scenario))
    if year is not None:
        first, last = net.commodity.first_year, net.commodity.last_year
        if not first <= year <= last:
            raise OptionError(
                f"year {year} lies outside the graph {net.name}, which speaks of {first} to {last}"
            )
        net = net.at(year)
    if node_id is None:
        return of_network(net, year=year)
    if node_id in net.node_by_id:
        return of_node(net, node_id)
    # a name may stand for several
    named = [entry.word for entry in find(net, node_id) if entry.word in net.node_by_id]
    return of_node(net, named[0]) if len(named) == 1 else of_search(net, node_id)


@_looked_up("nations")
def _nations(net: SupplyNetwork) -> Document:
    """List the nations that may be asked for.

    Any of them, several with commas, or a bloc of countries can be asked for by --to.
    """
    from supplynet.reports.results_network import of_nations

    return of_nations(net)


@_looked_up(
    "nodes",
    click.argument(
        "selector", default="all", metavar="[WHICH]", type=words.Selector("which", "CHN:refiner")
    ),
    options.lens,
)
def _plants(net: SupplyNetwork, selector: str, lens: str) -> Document:
    """List plants by a selector.

    WHICH is a selector such as CHN, EU:refiner, makes:heavy or a company's name; default: all.
    """
    from supplynet.reports.results_network import of_plants

    return of_plants(net, selector, lens)


@_looked_up("find", click.argument("text", metavar="TEXT"))
def _find(net: SupplyNetwork, text: str) -> Document:
    """Find what a name stands for in a graph.

    Whatever has TEXT in its name: nations, plants, companies, countries, elements, scenarios.

    The column "Write" is what --to, --avoid, --via, --element and --scenario take for it.
    """
    from supplynet.reports.results_network import of_search

    return of_search(net, text)


@_looked_up("scenarios")
def _scenarios(net: SupplyNetwork) -> Document:
    """List the scenarios of a graph.

    Any of them can be applied by --scenario, alone or with others; compare sets them side by
    side.
    """
    from supplynet.reports.results_network import of_scenario_list

    return of_scenario_list(net)


# -- made ------------------------------------------------------------------------------------


@_command(
    "new",
    click.argument("name", metavar="NAME", type=words.Text("name", "my-graph")),
    options.option(
        "--like GRAPH",
        words.GraphName("graph", "--like rare-earths"),
        "Take over the stages, forms, units and elements of a graph, and the shape of its chain.",
    ),
    options.flag(
        "--excel",
        "Write one workbook, NAME.xlsx, with a sheet a table, choices and notes.",
        "is_workbook",
    ),
    options.quiet,
)
def _new(name: str, like: str | None, is_workbook: bool, is_quiet: bool) -> None:
    """Start a graph of your own.

    NAME is a new folder: tables with a made-up chain of plants that passes check, the head of the
    graph, a scenario, schemas for editors, and a README that explains every column. With --excel
    it is a workbook.
    """
    from supplynet.network.schema import ID_PATTERN

    folder = Path(name)
    graph = folder.name.removesuffix(".xlsx")
    if not re.fullmatch(ID_PATTERN, graph):
        raise OptionError(
            f"a graph cannot be called {graph!r}",
            hint="use letters, digits and . _ - such as my-graph",
        )
    target = folder.with_name(f"{graph}.xlsx") if is_workbook else folder
    if os.path.lexists(target):
        raise OutputError(f"{target}: is there already", hint="choose another name")
    from supplynet.files import write_bytes
    from supplynet.io.draft import draft, draft_files
    from supplynet.io.folder import write_folder

    net = draft(graph, like=None if like is None else load(like))
    if is_workbook:
        from supplynet.io.workbook import network_xlsx

        write_bytes(target, network_xlsx(net, is_whole=True))
    else:
        write_folder(target, draft_files(net))
    if not is_quiet:
        say(f"Written: {os.fspath(target)}")
        say(f"Next: supplynet graph check {os.fspath(target)}")


@_command(
    "convert",
    options.graph,
    click.argument("out", metavar="OUT", required=False, type=words.Text("out", "graph.json")),
    options.option(
        "-o --output FILE", words.Text("file", "-o graph.json"), "The same as OUT.", "same"
    ),
    force,
    options.quiet,
    told=f"""Write a graph in another format.

OUT ends in {PLACES}, or is a folder, of Parquet tables if it ends in
.parquet. What is written loads as the same graph.
""",
)
def _convert(graph: str, out: str | None, same: str | None, force: bool, is_quiet: bool) -> None:
    if out and same:
        raise click.UsageError(f"both {out} and -o {same} say where to; give one of them")
    out = out or same
    if out is None:
        raise click.UsageError("Missing argument 'OUT' or -o FILE; write for example -o graph.json")
    target = graph_target(out, force=force)
    with Progress(f"Writing {out}", is_quiet=is_quiet):
        from supplynet.io.load import save

        save(load(graph), target, overwrite=force)
    if not is_quiet:
        say(f"Written: {os.fspath(target)}")


@_command(
    "generate",
    click.argument("kind", metavar="KIND", type=words.Word(("layered", "cyclic"))),
    click.argument("out", metavar="OUT", type=words.Text("out", "my-network")),
    options.option(
        "--edges N", click.IntRange(20), "Links to draw, as many as memory holds.", default=1_000
    ),
    options.option(
        "--seed N", click.IntRange(min=0), "The same seed gives the same network.", default=1
    ),
    options.option(
        "--nations N",
        click.IntRange(1, 400),
        "Made-up countries that share the plants and are supplied; not for arrays. Default: 12.",
        "countries",
    ),
    force,
    options.quiet,
    told=f"""Make up a network of any size.

KIND is layered or cyclic. OUT is a folder, or ends in {PLACES}, and loads as a graph;
or it ends in .npz and holds arrays (stage, node_capacity, tail, head, capacity).
""",
)
def _generate(
    kind: str, out: str, edges: int, seed: int, countries: int | None, force: bool, is_quiet: bool
) -> None:
    target = Path(out)
    is_arrays = target.suffix.lower() == ARRAYS
    if is_arrays and countries is not None:
        raise click.UsageError(f"--nations says nothing to arrays; leave it out for {out}")
    require_free(target, force=force)
    with Progress(f"Drawing {edges:,} links", is_quiet=is_quiet):
        if is_arrays:
            from supplynet.files import write_bytes
            from supplynet.solve.flow.generate import generate_arrays

            write_bytes(target, generate_arrays(kind, edges, seed=seed).to_npz())
        else:
            from supplynet.analysis.generated import generate
            from supplynet.io.load import save

            drawn = generate(kind, edges=edges, seed=seed, countries=countries or 12)
            save(drawn, target, overwrite=force)
    if not is_quiet:
        say(f"Written: {os.fspath(target)}")


# -- checked and set side by side ------------------------------------------------------------


@_command(
    "check",
    options.graph,
    options.option(
        "--strict CODES|all...",
        words.Text("codes", "--strict all"),
        "Warnings that count as errors: codes with commas, or all. Repeatable.",
    ),
    options.scenario,
    options.output(metrics=("errors", "warnings", "cited_share"), is_page=False),
)
@click.pass_context
def _check(
    ctx: click.Context,
    graph: str,
    strict: tuple[str, ...],
    scenario: tuple[str, ...],
    output: Output,
) -> None:
    """Check a graph for errors.

    Every problem is listed at once, with file or sheet, row, column and a hint. The exit code is
    3 when there are errors.
    """
    with output.progress(f"Checking {graph}"):
        from supplynet.reports.results_network import of_check

        net = load(graph).with_scenario(*scenarios(scenario))
        report = net.check(strict=",".join(strict).split(","))
        document = of_check(report)
        kinds = ("error", report.errors), ("warning", report.warnings)
        rows = [
            {"severity": severity, **problem.to_dict()}
            for severity, problems in kinds
            for problem in problems
        ]
    output.write(document, plain_table(_FILE_COLUMNS, rows))
    if not report.ok:
        ctx.exit(CheckError.exit_code)
    counts = {f"{severity}s": float(len(problems)) for severity, problems in kinds}
    output.judge(document.headline, [Facts({**counts, "cited_share": report.cited_share})])


@_command(
    "diff",
    click.argument("before", metavar="A", type=words.GraphName("a", "")),
    click.argument("after", metavar="B", type=words.GraphName("b", "")),
    options.year,
    options.columns,
    options.where,
    options.output(metrics=("changed", "hhi_change"), is_page=False),
)
def _diff(
    before: str,
    after: str,
    year: int | None,
    columns: tuple[tuple[str, str], ...],
    where: tuple[tuple[str, str], ...],
    output: Output,
) -> None:
    """What changed between two editions?

    A and B are two editions of a production table (.csv), whatever their layouts, over the years
    that both hold; or two graphs: rows added, removed and changed, and what each stage could make.
    """
    paths = Path(before), Path(after)
    are_tables = [path.suffix.lower() in _TABLES for path in paths]
    if are_tables[0] != are_tables[1]:
        raise click.UsageError(
            f"{before!r} and {after!r}: one is a table, the other a graph; give two of a kind"
        )
    if not are_tables[0] and (columns or where):
        raise click.UsageError("--columns and --where are about tables, not about graphs")
    with output.progress("Comparing"):
        from supplynet.analysis.editions import diff_graphs, diff_tables
        from supplynet.io.production import read_production
        from supplynet.reports.build import declared_table
        from supplynet.reports.results import of_vintage

        short = paths[0].name or before, paths[1].name or after
        # file names alone where they distinguish the two
        record: dict[str, Any] = {"names": short if short[0] != short[1] else (before, after)}
        if are_tables[0]:
            how = {"columns": words.columns_of(columns), "where": dict(where)}
            editions = (read_production(path, **how) for path in paths)
            result = diff_tables(*editions, year=year, **record)
        else:
            result = diff_graphs(load(before), load(after), year=year, **record)
        document = of_vintage(result)
        table = declared_table(result, "revisions" if are_tables[0] else "cells")
    output.write(document, table)
    changes = {"changed": float(result.n_changed), "hhi_change": result.hhi_change}
    output.judge(result.headline, [Facts(changes)])
