"""``supplynet trace dependence``: how far importers depend on a country, by customs records."""

from __future__ import annotations

import click

from supplynet.cli import options, trade_options, words
from supplynet.cli.failing import told_by
from supplynet.cli.output import Output
from supplynet.cli.trade_options import Records
from supplynet.reports.build import declared_table

METRICS = ("direct_share", "low", "high", "hhi", "top_share")


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
        from supplynet.reports.results_trade import of_dependence
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
        document = of_dependence(result)
    output.write(document, declared_table(result))
    output.judge(
        result.headline,
        [
            told_by(row, METRICS, f"{row.importer} {row.hs6} {row.year} by {row.measure}")
            for row in result.rows
        ],
    )
