# ruff: noqa: N999  the module has the name of its command
"""``supplynet graph import``: a network of customs records."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from supplynet.cli import options, trade_options, words
from supplynet.cli.graph_file import graph_target
from supplynet.cli.output import FORMATS, Output
from supplynet.cli.trade_options import Records
from supplynet.io.load import endings_in_words
from supplynet.present.document import plain_table

if TYPE_CHECKING:
    from supplynet.trade.accounts import Made

COLUMNS = ("reason", "title", "effect", "n_rows", "value_usd", "share")


@options.command()
@trade_options.records
@options.option(
    "-o --output FILE",
    words.Text("graph", "-o my-trade"),
    f"Write the network here: a folder, or a {endings_in_words()} file. Default: only "
    "say what the records hold.",
    "out",
)
@options.flag("--force", "Replace the graph that is there.")
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
def command(
    records: Records,
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

    LAYOUT is baci, comtrade or plain; without it the columns tell. FILE is CSV, gzip or zip of
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
        from supplynet.trade.draft import draft_network, require_fitting_form
        from supplynet.trade.network import to_network

        meaning = records.meaning()
        tables = _tables(meaning.forms, production, production_of)
        made = _made(tables, production_columns, production_where)
        if production is not None:  # nobody named the form that it goes to
            require_fitting_form(made[0], meaning)
        table = records.read(tuple(code.code for code in meaning.codes), progress)
        net = None
        named = {
            "name": _name(target) if target is not None else "draft",
            "goods": goods,
        }
        if made:
            net = draft_network(
                table,
                meaning,
                made,
                yields=dict(yields),
                grades=dict(grades),
                min_tonnes=min_tonnes,
                **named,
            )
        elif target is not None:
            net = to_network(table, meaning, min_tonnes=min_tonnes, **named)
        document = of_import(table, meaning, net, min_tonnes=min_tonnes)
    if target is not None and net is not None:
        from supplynet.io.load import save
        from supplynet.reports.markdown import to_markdown

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


def _made(
    tables: dict[str, Path],
    columns: tuple[tuple[str, str], ...],
    where: tuple[tuple[str, str], ...],
) -> list[Made]:
    """Read what countries made of some forms."""
    from supplynet.trade.accounts import read_made

    named, chosen = words.columns_of(columns), dict(where)
    return [read_made(path, form, columns=named, where=chosen) for form, path in tables.items()]


def _name(path: Path) -> str:
    """Return the id of a graph by the name of its folder or file."""
    import re

    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", path.absolute().stem).strip("-._")
    return name[:80] or "trade"
