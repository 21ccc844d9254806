"""``supplynet indices``: the indices that analysts already trust, in one table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from supplynet.analysis.indices.rows import METHODS
from supplynet.cli import options, words
from supplynet.cli.asking import asked_by, words_of, write
from supplynet.cli.output import Output
from supplynet.questions.declared import load as declaration

DECLARED = declaration("indices")
#: options that say nothing without the plants of a graph, a production table, a table of imports
_PLANTS = ("element", "scenario", "basis", "links", "plants", "tier")
_PRODUCTION = ("columns", "where", "kind")
_TRADE = ("trade_columns", "hs", "max_unmapped")


@options.command()
@click.argument("graph", metavar="[GRAPH]", required=False, type=words.GraphName("graph", ""))
@asked_by("indices")
@options.option(
    "--production FILE",
    words.InputFile("production.csv"),
    "A production table instead of the plants of a graph: a country a row, years in a "
    "column or as columns.",
)
@options.columns
@options.where
@options.option(
    "--trade FILE",
    words.InputFile("trade.csv"),
    "A table of imports (importer, exporter, HS code, year, tonnes), or customs records. "
    "Needs --to and --hs.",
)
@options.option(
    "--trade-columns PART=NAME...",
    words.Pair("exporter=ORIGIN"),
    "The same for the trade table: importer, exporter, hs6, year, tonnes, value_usd or "
    "governance_risk. Repeatable.",
)
@options.option(
    "--hs CODES...",
    words.Text("codes", "--hs 260400"),
    "HS codes of six digits, with commas, that are added up.",
)
@options.option(
    "--max-unmapped SHARE",
    words.Share(),
    "Share of the value of customs records that may be left out.",
    default="1%",
)
@options.choice(
    "--kind",
    words.KINDS,
    "extraction",
    help="Which EU benchmark the production table is judged by.",
)
@options.option(
    "--parameters FILE",
    words.InputFile("parameters.csv"),
    "Governance, recycling, substitution and the like, in the format of parameters.csv; "
    "they come before those of the graph.",
)
@click.option(
    "--index",
    multiple=True,
    type=words.Word(METHODS),
    help="Which indices to show. Default: all that can be reckoned. Repeatable.",
)
@options.flag("--inputs", "List every input of every index.", "with_inputs")
@options.output(metrics=tuple(DECLARED.metrics))
def command(
    graph: str | None,
    production: Path | None,
    trade: Path | None,
    parameters: Path | None,
    index: tuple[str, ...],
    with_inputs: bool,
    output: Output,
    **given: Any,
) -> None:
    """How concentrated and risky is a supply?

    By published indices, of a graph's plants, or of a production table with --production; a
    GRAPH beside a table lends its parameters, such as governance. Each index comes with formula,
    source, and what was estimated.
    """
    _require_a_source(graph, production, trade)
    with output.progress("Reckoning"):
        from supplynet.io.load import load
        from supplynet.io.parameters import read_parameters
        from supplynet.questions.indices.page import of_indices

        net = None if graph is None else load(graph)
        rows = [] if parameters is None else read_parameters(parameters)
        if production is None:
            answer = DECLARED.ask(net, {**words_of(DECLARED, given), "parameters": rows})
        else:
            answer = _of_tables(net, rows, production, trade, given)
        answer = answer.only(index) if index else answer
        document = of_indices(answer, with_inputs=with_inputs)
    write(DECLARED, [answer], document, output)


def _of_tables(
    net: Any, rows: list[Any], production: Path, trade: Path | None, values: dict[str, Any]
) -> Any:
    """Return the indices of tables, with parameters of a file and of a graph."""
    from supplynet.analysis.indices.risk import Parameters
    from supplynet.questions.indices.of_tables import codes_of, read_flows, table_indices

    codes = codes_of(",".join(values["hs"])) if values["hs"] else ()
    bought = None
    if trade is not None:
        how: dict[str, Any] = {"codes": codes, "max_unmapped": values["max_unmapped"]}
        bought = read_flows(trade, columns=words.columns_of(values["trade_columns"]), **how)
    return table_indices(
        production,
        year=values["year"],
        columns=words.columns_of(values["columns"]),
        where=dict(values["where"]),
        trade=bought,
        to=",".join(values["to"]) or None,
        hs=codes,
        parameters=Parameters(tuple(rows)) if net is None else Parameters.of(net, rows),
        kind=values["kind"],
        tables=[path.name for path in (production, trade) if path is not None],
    )


def _require_a_source(graph: str | None, production: Path | None, trade: Path | None) -> None:
    """Refuse options about something that is not asked about."""
    if graph is None and production is None:
        raise click.UsageError(
            "name a GRAPH, such as rare-earths, or give a table with --production FILE"
        )
    if trade is not None and production is None:
        raise click.UsageError("--trade needs --production: risk is reckoned on both")
    of_plants = "a graph's plants; leave it out with --production"
    for names, is_there, what in (
        (_PLANTS, production is None, of_plants),
        (_PRODUCTION, production is not None, "a production table; give --production FILE"),
        (_TRADE, trade is not None, "a table of imports; give --trade FILE"),
    ):
        for name in () if is_there else names:
            if options.is_said(name):  # even if it says what is the default
                raise click.UsageError(f"--{name.replace('_', '-')} is about {what}")
