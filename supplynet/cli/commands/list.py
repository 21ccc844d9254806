"""``supplynet list``: the shipped graphs."""

from __future__ import annotations

import click

from supplynet.cli import options
from supplynet.cli.output import Output


@click.command("list")
@options.output()
def command(output: Output) -> None:
    """List the shipped graphs."""
    from supplynet.io.load import list_graphs
    from supplynet.report.results_network import of_graphs

    output.write(of_graphs(list_graphs()))
