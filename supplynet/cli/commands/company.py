"""``supplynet company``: what a company's parts rest on."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from supplynet.cli import options, words
from supplynet.cli.failing import told_by
from supplynet.cli.output import Output, plain_table

if TYPE_CHECKING:
    from supplynet.analysis.company.parts import Part
    from supplynet.network.network import SupplyNetwork

METRICS = ("direct", "traced", "traced_possibly", "unknown", "survives")


@click.command("company")
@click.argument("parts", metavar="PARTS", type=words.InputFile("parts.csv"))
@options.option(
    "--avoid WHAT...",
    words.Selector("what", "--avoid CHN"),
    "The jurisdiction that is asked about: CHN, EU, owner:CHN or several with commas.",
    required=True,
)
@options.option(
    "--graphs GRAPH...",
    words.GraphName("graph", "--graphs rare-earths"),
    "Where to look parts up. Repeatable. Default: every shipped graph that cites sources.",
    "graphs",
)
@options.year
@options.lens
@options.flag(
    "--names", "Tell names, suppliers and amounts of the file too. Without it a part is its row."
)
@options.output(metrics=METRICS)
def command(
    parts: Path,
    avoid: tuple[str, ...],
    graphs: tuple[str, ...],
    year: int | None,
    lens: str,
    names: bool,
    output: Output,
) -> None:
    """What do a company's parts rest on?

    PARTS is a bill of materials, CSV or .xlsx, with the columns part, product or element, kg,
    quantity, supplier, plant, country, stock_days and graph; what is not known stays empty. Each
    part is followed back to mines, plants and jurisdictions. -o dossier.html, .md or .xlsx writes
    it in the chapters of Article 24 of Regulation (EU) 2024/1252. Nothing of the file leaves this
    machine or enters a graph.
    """
    with output.progress("Tracing"):
        from supplynet.analysis.company.ask import company
        from supplynet.analysis.company.rows import PartRow
        from supplynet.reports.results_company import of_company

        numbered = _read(parts)
        result = company(
            _graphs(graphs),
            parts=[part for _, part in numbered],
            avoid=",".join(avoid),
            year=year,
            lens=lens,
            names=names,
            rows=[number for number, _ in numbered],
            file=parts.name,
        )
        document = of_company(result)
    rows = [asdict(row) for row in result.rows]
    output.write(document, plain_table([field.name for field in fields(PartRow)], rows))
    output.judge([told_by(row, METRICS, row.part) for row in result.rows])


def _read(path: Path) -> list[tuple[int, Part]]:
    """Return the rows of the file."""
    from supplynet.analysis.company.parts import Part
    from supplynet.io.parameters import read_table

    return [(number, row) for number, row in read_table(path, Part) if isinstance(row, Part)]


def _graphs(names: tuple[str, ...]) -> list[SupplyNetwork]:
    """Return the graphs that are named, or the shipped ones that rest on documents."""
    from supplynet.io.load import graph_ids, load

    if names:
        return [load(name) for name in names]
    return [net for net in map(load, graph_ids()) if net.rows("sources")]
