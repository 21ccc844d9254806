"""Graphs, and what they hold, looked up: plants, nations, scenarios, and what a name stands for.

Each of these commands solves nothing and has few options, so that they share a module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from supplynet.cli import options, words
from supplynet.cli.asked import scenarios
from supplynet.cli.output import Output

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


@options.command("list")
@options.output()
def list_of_graphs(output: Output) -> None:
    """List the shipped graphs."""
    from supplynet.io.load import list_graphs
    from supplynet.reports.results_network import of_graphs

    output.write(of_graphs(list_graphs()))


@options.command("show")
@options.graph
@click.argument("node_id", required=False, type=words.Selector("node", "mine-big"))
@options.year
@options.scenario
@options.output()
def show(
    graph: str, node_id: str | None, year: int | None, scenario: tuple[str, ...], output: Output
) -> None:
    """Show what a graph holds, or one of its nodes.

    A name that is no id, such as a company's, shows all that it may stand for, as find does.
    With --year, the slice of one year: what runs, which links hold, capacities in force.
    """
    with output.progress(f"Loading {graph}"):
        from supplynet.io.load import load
        from supplynet.network.directory import find
        from supplynet.reports.results_network import of_network, of_search
        from supplynet.reports.results_node import of_node

        net = load(graph).with_scenario(*scenarios(scenario))
        if year is not None:
            net = _at(net, year)
        if node_id is None:
            document = of_network(net, year=year)
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


@options.command("nations")
@options.graph
@options.output()
def nations(graph: str, output: Output) -> None:
    """List the nations that may be asked for.

    Any of them, several with commas, or a bloc of countries can be asked for by --to.
    """
    from supplynet.io.load import load
    from supplynet.reports.results_network import of_nations

    output.write(of_nations(load(graph)))


@options.command("nodes")
@options.graph
@click.argument(
    "selector", default="all", metavar="[WHICH]", type=words.Selector("which", "CHN:refiner")
)
@options.lens
@options.output()
def plants(graph: str, selector: str, lens: str, output: Output) -> None:
    """List plants by a selector.

    WHICH is a selector such as CHN, EU:refiner, makes:heavy or a company's name; default: all.
    """
    from supplynet.io.load import load
    from supplynet.reports.results_network import of_plants

    output.write(of_plants(load(graph), selector, lens))


@options.command("find")
@options.graph
@click.argument("text", metavar="TEXT")
@options.output()
def find_names(graph: str, text: str, output: Output) -> None:
    """Find what a name stands for in a graph.

    Whatever has TEXT in its name: nations, plants, companies, countries, elements, scenarios.

    The column "Write" is what --to, --avoid, --via, --element and --scenario take for it.
    """
    from supplynet.io.load import load
    from supplynet.reports.results_network import of_search

    output.write(of_search(load(graph), text))


@options.command("scenarios")
@options.graph
@options.output()
def list_of_scenarios(graph: str, output: Output) -> None:
    """List the scenarios of a graph.

    Any of them can be applied by --scenario, alone or with others; compare sets them side by
    side.
    """
    from supplynet.io.load import load
    from supplynet.reports.results_network import of_scenario_list

    output.write(of_scenario_list(load(graph)))


#: the commands by name
commands = {
    command.name: command
    for command in (list_of_graphs, show, nations, plants, find_names, list_of_scenarios)
}
