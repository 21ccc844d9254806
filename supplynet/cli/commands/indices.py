"""``supplynet indices``: the indices that analysts already trust, in one table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from supplynet.cli import options, words
from supplynet.cli.asked import scenarios
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.cli.trade_options import Share
from supplynet.reports.build import declared_table

if TYPE_CHECKING:
    from supplynet.analysis.indices.result import IndexResult

METRICS = ("hhi", "geopolrisk", "supply_risk", "n_minus_1", "missed")
INDICES = ("hhi", "n-1", "eu-supply-risk", "crma", "geopolrisk")
_METHODS = {
    "hhi": "hhi",
    "geopolrisk": "geopolrisk",
    "supply_risk": "eu-supply-risk",
    "n_minus_1": "n-1",
}
#: options that say nothing without the plants of a graph, a production table, a table of imports
_PLANTS = ("element", "scenario", "basis", "links", "plants", "tier")
_PRODUCTION = ("columns", "where", "kind")
_TRADE = ("trade_columns", "hs", "max_unmapped")


@options.command()
@click.argument("graph", metavar="[GRAPH]", required=False, type=words.GraphName("graph", ""))
@options.option(
    "--to WHO...",
    words.Selector("who", "--to EU"),
    "Country or bloc whose risk and benchmarks are asked for. Default with a graph: EU.",
)
@options.option(
    "--element NAME...",
    words.Element("element", "--element Dy,Tb"),
    "Elements of the graph. Default: the whole mix, and the headline elements.",
)
@options.year
@options.basis
@options.floors
@options.scenario
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
    Share(),
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
    type=words.Word(INDICES),
    help="Which indices to show. Default: all that can be reckoned. Repeatable.",
)
@options.flag("--inputs", "List every input of every index.", "with_inputs")
@options.output(metrics=METRICS)
def command(
    graph: str | None,
    to: tuple[str, ...],
    element: tuple[str, ...],
    year: int | None,
    basis: str,
    links: str | None,
    plants: str | None,
    tier: str | None,
    scenario: tuple[str, ...],
    production: Path | None,
    columns: tuple[tuple[str, str], ...],
    where: tuple[tuple[str, str], ...],
    trade: Path | None,
    trade_columns: tuple[tuple[str, str], ...],
    hs: tuple[str, ...],
    max_unmapped: float,
    kind: str,
    parameters: Path | None,
    index: tuple[str, ...],
    with_inputs: bool,
    output: Output,
) -> None:
    """How concentrated and risky is a supply?

    By published indices, of a graph's plants, or of a production table with --production; a
    GRAPH beside a table lends its parameters, such as governance. Each index comes with formula,
    source, and what was estimated.
    """
    _require_a_source(graph, production, trade)
    with output.progress("Reckoning"):
        from supplynet.analysis.indices import indices
        from supplynet.analysis.indices.parameters import Parameters
        from supplynet.io.load import load
        from supplynet.io.parameters import read_parameters
        from supplynet.reports.results_indices import of_indices
        from supplynet.trade.table_indices import codes_of, read_flows, table_indices

        importer = _place(to)
        net = None if graph is None else load(graph).with_scenario(*scenarios(scenario))
        given = [] if parameters is None else read_parameters(parameters)
        if production is None:
            assert net is not None  # noqa: S101  one of the two is required
            result = indices(
                net,
                element=",".join(element) or None,
                year=year,
                to=importer or "EU",
                basis=basis,
                links=links,
                plants=plants,
                tier=tier,
                parameters=given,
            )
        else:
            codes = codes_of(",".join(hs)) if hs else ()
            bought = None
            if trade is not None:
                how: dict[str, Any] = {"codes": codes, "max_unmapped": max_unmapped}
                bought = read_flows(trade, columns=words.columns_of(trade_columns), **how)
            result = table_indices(
                production,
                year=year,
                columns=words.columns_of(columns),
                where=dict(where),
                trade=bought,
                to=importer,
                hs=codes,
                parameters=Parameters(tuple(given)) if net is None else Parameters.of(net, given),
                kind=kind,
                tables=[path.name for path in (production, trade) if path is not None],
            )
        if index:
            result = result.only(index)
        document = of_indices(result, with_inputs=with_inputs)
        table = declared_table(result)
    output.write(document, table)
    output.judge(result.headline, [Facts(_metrics(result))])


def _require_a_source(graph: str | None, production: Path | None, trade: Path | None) -> None:
    """Refuse options about something that is not asked about."""
    if graph is None and production is None:
        raise click.UsageError(
            "name a GRAPH, such as rare-earths, or give a table with --production FILE"
        )
    if trade is not None and production is None:
        raise click.UsageError("--trade needs --production: risk is reckoned on both")
    for name in _PLANTS if production is not None else ():
        if _is_given(name):
            raise click.UsageError(
                f"--{name} is about a graph's plants; leave it out with --production"
            )
    for name in _PRODUCTION if production is None else ():
        if _is_given(name):
            raise click.UsageError(f"--{name} is about a production table; give --production FILE")
    for name in _TRADE if trade is None else ():
        if _is_given(name):
            option = name.replace("_", "-")
            raise click.UsageError(f"--{option} is about a table of imports; give --trade FILE")


def _is_given(name: str) -> bool:
    """Whether an option stands on the command line, even if it says what is the default."""
    source = click.get_current_context().get_parameter_source(name)
    return source is ParameterSource.COMMANDLINE


def _place(to: tuple[str, ...]) -> str | None:
    places = [part.strip() for word in to for part in word.split(",") if part.strip()]
    if len(places) > 1:
        raise click.UsageError(
            f"--to {','.join(places)}: the indices are about one country or bloc at a time"
        )
    return places[0] if places else None


def _metrics(result: IndexResult) -> dict[str, float | None]:
    """The worst value of each index, and how many benchmarks are missed."""
    values: dict[str, float | None] = {}
    for name, method in _METHODS.items():
        known: list[Any] = [index.value for index in result.of(method) if index.value is not None]
        values[name] = None if not known else min(known) if name == "n_minus_1" else max(known)
    judged = [index.passes for index in result.indices if index.passes is not None]
    values["missed"] = float(judged.count(False)) if judged else None
    return values
