"""``supplynet find``: what a name stands for in a graph."""

from __future__ import annotations

import click

from supplynet.cli import options
from supplynet.cli.output import Output


@click.command("find")
@options.graph
@click.argument("text", metavar="TEXT")
@options.output()
def command(graph: str, text: str, output: Output) -> None:
    """Find what a name stands for in a graph.

    Whatever has TEXT in its name: nations, plants, companies, countries, elements, scenarios.

    The column "Write" is what --to, --avoid, --via, --element and --scenario take for it.
    """
    from supplynet.io.load import load
    from supplynet.report.results_network import of_search

    output.write(of_search(load(graph), text))
