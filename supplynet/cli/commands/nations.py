"""``supplynet nations``: whom --to may name."""

from __future__ import annotations

import click

from supplynet.cli import options
from supplynet.cli.output import Output


@click.command("nations")
@options.graph
@options.output()
def command(graph: str, output: Output) -> None:
    """List the nations that may be asked for.

    Any of them, several with commas, or a bloc of countries can be asked for by --to.
    """
    from supplynet.io.load import load
    from supplynet.report.results_network import of_nations

    output.write(of_nations(load(graph)))
