"""``supplynet scenarios``: the scenarios of a graph."""

from __future__ import annotations

import click

from supplynet.cli import options
from supplynet.cli.output import Output


@click.command("scenarios")
@options.graph
@options.output()
def command(graph: str, output: Output) -> None:
    """List the scenarios of a graph.

    Any of them can be applied by --scenario, alone or with others; compare sets them side by
    side.
    """
    from supplynet.io.load import load
    from supplynet.report.results_network import of_scenario_list

    output.write(of_scenario_list(load(graph)))
