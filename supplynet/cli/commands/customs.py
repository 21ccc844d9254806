"""Customs records: a network made of them, and they laid onto one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from supplynet.cli import options, trade_options, words
from supplynet.cli.commands.graph import PLACES, force, graph_target
from supplynet.cli.failing import told_by
from supplynet.cli.output import FORMATS, Output
from supplynet.cli.trade_options import Records
from supplynet.present.document import plain_table

COLUMNS = ("reason", "title", "effect", "n_rows", "value_usd", "share")
METRICS = ("difference", "trade", "graph")


@options.command()
@trade_options.records
@options.option(
    "-o --output FILE",
    words.Text("graph", "-o my-trade"),
    f"Write the network here: a folder, or a {PLACES} file. Default: only "
    "say what the records hold.",
    "out",
)
@force
@options.option(
    "--goods NAME",
    words.Text("goods", "--goods graphite"),
    "What flows, for the units: t NAME/yr.",
    default="goods",
)
@options.option(
    "--min-tonnes TONNES",
    click.FloatRange(min=0),
    "Leave smaller flows out of the network.",
    default=0.0,
)
@options.option(
    "--production FILE",
    words.InputFile("usgs.csv"),
    "What countries made of the first form, as supplynet indices --production reads it, in "
    "tonnes of content: the network is then a draft that answers every question.",
)
@options.option(
    "--production-of FORM=FILE...",
    words.Pair("anode=anodes.csv"),
    "The same of a later form, or of any by name. Repeatable.",
)
@options.option(
    "--production-columns PART=NAME...",
    words.Pair("country=PRODUCER"),
    "Name of a column of the production tables that is not recognized. Repeatable.",
)
@options.option(
    "--production-where COLUMN=VALUE...",
    words.Pair("COMMODITY=Graphite"),
    "Rows of the production tables to take. Repeatable.",
)
@options.option(
    "--yield FORM=SHARE...",
    words.NamedNumber("yield", "--yield anode=0.45"),
    "Content of a form over that of the form before which it is made of. Repeatable.",
    "yields",
)
@options.option(
    "--grade FORM=SHARE...",
    words.NamedNumber("grade", "--grade ore=0.02"),
    "Content of a tonne of a form as customs weigh it. Repeatable.",
    "grades",
)
@click.option(
    "--format", "format_name", type=words.Word(FORMATS), default="table", help="Default: table."
)
@options.quiet
def imported(
    trade: Records,
    out: str | None,
    force: bool,
    goods: str,
    min_tonnes: float,
    production: Path | None,
    production_of: tuple[tuple[str, str], ...],
    production_columns: tuple[tuple[str, str], ...],
    production_where: tuple[tuple[str, str], ...],
    yields: tuple[tuple[str, float], ...],
    grades: tuple[tuple[str, float], ...],
    format_name: str,
    is_quiet: bool,
) -> None:
    """Make a network of customs records.

    LAYOUT is baci, comtrade or plain; without it the columns decide. FILE is CSV, gzip or zip of
    CSV, Parquet, a folder of them, or a pattern. Every row that is left out is counted; above
    --max-unmapped the import stops. Trade does not state what is made: without --production the
    network answers dependence and exposure alone.
    """
    is_draft = production is not None or bool(production_of)
    if not is_draft and (production_columns or production_where or yields or grades):
        raise click.UsageError("yields, grades and columns of production go with --production")
    if min_tonnes and not is_draft and out is None:
        raise click.UsageError(
            "--min-tonnes leaves flows out of a network: say where it goes with -o"
        )
    output = Output(format=format_name, path=None, is_quiet=is_quiet)
    target = None if out is None else graph_target(out, force=force)
    with output.progress("Reading") as progress:
        from supplynet.reports.results_trade import of_import
        from supplynet.trade.draft import draft_network, read_made, require_fitting_form
        from supplynet.trade.network import to_network

        meaning, net = trade.meaning(), None
        how = {"columns": words.columns_of(production_columns), "where": dict(production_where)}
        tables = _tables(meaning.forms, production, production_of)
        made = [read_made(path, form, **how) for form, path in tables.items()]
        if production is not None:  # nobody named the form that it goes to
            require_fitting_form(made[0], meaning)
        table = trade.read(tuple(code.code for code in meaning.codes), progress)
        named: dict[str, Any] = {
            "name": "draft" if target is None else _name(target),
            "goods": goods,
            "min_tonnes": min_tonnes,
        }
        if made:
            named |= {"yields": dict(yields), "grades": dict(grades)}
            net = draft_network(table, meaning, made, **named)
        elif target is not None:
            net = to_network(table, meaning, **named)
        document = of_import(table, meaning, net, min_tonnes=min_tonnes)
    if target is not None and net is not None:
        from supplynet.io.load import save
        from supplynet.reports.data_writers import to_markdown

        save(net, target, readme=to_markdown(document), overwrite=force)
        output.tell_written(target)
    rows = [{name: getattr(row, name) for name in COLUMNS} for row in table.ledger]
    output.write(document, plain_table(COLUMNS, rows))


def _tables(
    forms: tuple[str, ...], first: Path | None, others: tuple[tuple[str, str], ...]
) -> dict[str, Path]:
    """Tables of production by form."""
    by_form = {} if first is None else {forms[0]: first}
    for form, path in others:
        if form in by_form:
            raise click.UsageError(f"the production of {form} is given twice")
        by_form[form] = Path(path)
    return by_form


def _name(path: Path) -> str:
    """Return the id of a graph by the name of its folder or file."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", path.absolute().stem).strip("-._")
    return name[:80] or "trade"


@options.command()
@options.graph
@trade_options.records
@options.option(
    "--into GRAPH",
    words.Text("graph", "--into my-graph"),
    "Write the graph with the trade here. Default: only show where the two differ.",
)
@force
@options.option(
    "--as-year YEAR",
    int,
    "Year of the graph for which the trade holds. Default: that of the trade.",
)
@options.option(
    "--unit FORM=UNIT...",
    words.Pair('"oxide=t oxide"'),
    "Unit of the graph in which the tonnes of a form are read. Default: that of most of "
    "its links. Repeatable.",
    "units",
)
@options.output(metrics=METRICS)
def merged(
    graph: str,
    trade: Records,
    into: str | None,
    force: bool,
    as_year: int | None,
    units: tuple[tuple[str, str], ...],
    output: Output,
) -> None:
    """Lay customs records onto a graph, and show where they differ.

    Flows that the observed links of the graph do not carry become observed corridors between
    countries, bounded by the difference and held in one year.
    """
    target = None if into is None else graph_target(into, force=force)
    with output.progress("Reading") as progress:
        from supplynet.io.load import load, save
        from supplynet.reports.build import declared_table
        from supplynet.reports.results_network import of_merge
        from supplynet.trade.merge import merge

        net, meaning = load(graph), trade.meaning()
        table = trade.read(tuple(code.code for code in meaning.codes), progress)
        flows = table.frame
        triples = zip(flows["hs6"], flows["exporter"], flows["importer"], strict=True)
        result = merge(
            net,
            flows.assign(form=[meaning.form_of(*triple) for triple in triples]),
            at=as_year,
            units=dict(units),
            source=table.provenance,
            records=f"Customs records: {', '.join(file.name for file in table.files)}",
        )
        document = of_merge(result)
    if target is not None:
        save(result.net, target, overwrite=force)
        output.tell_written(target)
    output.write(document, declared_table(result))
    names = (f"{row.form} from {row.exporter} to {row.importer}" for row in result.rows)
    facts = [told_by(row, METRICS, of) for row, of in zip(result.rows, names, strict=True)]
    output.judge(result.headline, facts)


commands = {"import": imported, "merge": merged}
