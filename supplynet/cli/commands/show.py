"""``supplynet show``: what a graph holds, or one of its nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from supplynet.cli import options, words
from supplynet.cli.asked import scenarios
from supplynet.cli.output import Output

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


@click.command("show")
@options.graph
@click.argument("node_id", required=False, type=words.Selector("node", "mine-big"))
@options.year
@options.scenario
@options.output()
def command(
    graph: str, node_id: str | None, year: int | None, scenario: tuple[str, ...], output: Output
) -> None:
    """Show what a graph holds, or one of its nodes.

    A name that is no id, such as a company's, shows all that it may stand for, as find does.
    With --year, the slice of one year: what runs, which links hold, capacities in force.
    """
    with output.progress(f"Loading {graph}"):
        from supplynet.io.load import load
        from supplynet.network.directory import find
        from supplynet.report.results_network import of_network, of_search
        from supplynet.report.results_node import of_node

        net = load(graph).with_scenario(*scenarios(scenario))
        if year is not None:
            net = _at(net, year)
        if node_id is None:
            document = of_network(net)
        elif node_id in net.node_by_id:
            document = of_node(net, node_id)
        else:  # a name may stand for several
            named = [entry.word for entry in find(net, node_id) if entry.word in net.node_by_id]
            is_one = len(named) == 1
            document = of_node(net, named[0]) if is_one else of_search(net, node_id)
    output.write(document)


def _at(net: SupplyNetwork, year: int) -> SupplyNetwork:
    from supplynet.errors import OptionError

    first, last = net.commodity.first_year, net.commodity.last_year
    if not first <= year <= last:
        raise OptionError(
            f"year {year} lies outside the graph {net.name}, which speaks of {first} to {last}"
        )
    return net.at(year)
