"""``supplynet nodes``: the plants of a graph."""

from __future__ import annotations

import click

from supplynet.cli import options, words
from supplynet.cli.output import Output


@click.command("nodes")
@options.graph
@click.argument(
    "selector", default="all", metavar="[WHICH]", type=words.Selector("which", "CHN:refiner")
)
@options.lens
@options.output()
def command(graph: str, selector: str, lens: str, output: Output) -> None:
    """List plants by a selector.

    WHICH is a selector such as CHN, EU:refiner, makes:heavy or a company's name; default: all.
    """
    from supplynet.io.load import load
    from supplynet.report.results_network import of_plants

    output.write(of_plants(load(graph), selector, lens))
