"""``supplynet trace dependence``: how far importers depend on a country, by customs records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options, trade_options, words
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.cli.trade_options import Records

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.trade.dependence import DependenceResult

METRICS = ("direct_share", "low", "high", "hhi", "top_share")
#: what stands for the metrics of a trace where only trade is known
_OF_TRACE = {"direct": "direct_share", "traced": "high", "least": "low", "greatest": "high"}


@options.command()
@trade_options.records
@options.option(
    "--on WHOM",
    words.Text("whom", "--on CHN"),
    "Countries or blocs that may stop selling.",
    "origin",
    required=True,
)
@click.option(
    "--importers",
    required=True,
    type=words.Selector("who", "--importers KOR,JPN,USA,DEU"),
    metavar="WHO,...",
    help="Countries or blocs that buy.",
)
@click.option(
    "--hubs",
    default="",
    metavar="WHO,...",
    help="Countries taken to pass on what they buy, as far as it goes.",
)
@options.output(metrics=METRICS)
def command(records: Records, origin: str, importers: str, hubs: str, output: Output) -> None:
    """How far do importers depend on a country, by customs records?

    Direct imports, and looked through what other suppliers bought there first; by value and by
    weight, which are never mixed. --fail-on judges every row.
    """
    with output.progress("Reading") as progress:
        from supplynet.trade.concordance import codes_of
        from supplynet.trade.exposure import dependence

        table = records.read(codes_of(records.codes), progress)
        result = dependence(
            table.frame,
            on=origin,
            importers=importers,
            hubs=hubs,
            unlisted=table.unlisted,
            records={**table.provenance, "notes": list(table.notes)},
        )
    _tell(result, dict(zip(METRICS, METRICS, strict=True)), output)


def tell_observed(net: SupplyNetwork, query: Any, output: Output) -> None:
    """Tell both ends of the share that had passed a jurisdiction, by trade alone."""
    from supplynet.trade.exposure import dependence_of

    if query.lens != "location" or query.avoid:
        raise click.UsageError(
            "records of trade know no owners, and nothing that could be had without somebody: "
            "leave out --lens and --avoid"
        )
    result = dependence_of(
        net, on=query.exposed_to, importers=query.to, year=query.year, form=query.form
    )
    _tell(result, _OF_TRACE, output)


def _tell(result: DependenceResult, metrics: dict[str, str], output: Output) -> None:
    """Write an answer, and judge its rows by columns that stand for metrics."""
    from supplynet.reports.build import report

    record = report(result)
    output.write(record.document, record.table)
    facts = [
        Facts(
            {metric: getattr(row, column) for metric, column in metrics.items()},
            f"{row.importer} {row.hs6} {row.year} by {row.measure}",
        )
        for row in result.rows
    ]
    output.judge(result.headline, facts)
