"""Graphs, and what they hold, looked up: plants, nations, scenarios, and what a name stands for.

Each of these commands solves nothing and has few options, so that they share a module.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

import supplynet as sn
from supplynet.cli import options, words
from supplynet.cli.asked import scenarios
from supplynet.cli.output import Output
from supplynet.errors import OptionError

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document

#: the commands by name
commands: dict[str, click.Command] = {}


def _looked_up(name: str, *decorators: Any) -> Callable[[Callable[..., Document]], None]:
    """Declare a command that states of a graph what its function returns."""

    def declare(tell: Callable[..., Document]) -> None:
        @functools.wraps(tell)
        def written(graph: str, output: Output, **asked: Any) -> None:
            with output.progress(f"Loading {graph}"):
                document = tell(sn.load(graph), **asked)
            output.write(document)

        listed = (options.graph, *decorators, options.output())
        commands[name] = options.command(name)(options.apply_all(listed, written))

    return declare


@options.command("list")
@options.output()
def list_of_graphs(output: Output) -> None:
    """List the shipped graphs."""
    from supplynet.io.load import list_graphs
    from supplynet.reports.results_network import of_graphs

    output.write(of_graphs(list_graphs()))


commands["list"] = list_of_graphs


@_looked_up(
    "show",
    click.argument("node_id", required=False, type=words.Selector("node", "mine-big")),
    options.year,
    options.scenario,
)
def _show(
    net: SupplyNetwork, node_id: str | None, year: int | None, scenario: tuple[str, ...]
) -> Document:
    """Show what a graph holds, or one of its nodes.

    A name that is no id, such as a company's, shows all that it may stand for, as find does.
    With --year, the slice of one year: what runs, which links hold, capacities in force.
    """
    from supplynet.network.directory import find
    from supplynet.reports.results_network import of_network, of_search
    from supplynet.reports.results_node import of_node

    net = net.with_scenario(*scenarios(scenario))
    if year is not None:
        first, last = net.commodity.first_year, net.commodity.last_year
        if not first <= year <= last:
            raise OptionError(
                f"year {year} lies outside the graph {net.name}, which speaks of {first} to {last}"
            )
        net = net.at(year)
    if node_id is None:
        return of_network(net, year=year)
    if node_id in net.node_by_id:
        return of_node(net, node_id)
    # a name may stand for several
    named = [entry.word for entry in find(net, node_id) if entry.word in net.node_by_id]
    return of_node(net, named[0]) if len(named) == 1 else of_search(net, node_id)


@_looked_up("nations")
def _nations(net: SupplyNetwork) -> Document:
    """List the nations that may be asked for.

    Any of them, several with commas, or a bloc of countries can be asked for by --to.
    """
    from supplynet.reports.results_network import of_nations

    return of_nations(net)


@_looked_up(
    "nodes",
    click.argument(
        "selector", default="all", metavar="[WHICH]", type=words.Selector("which", "CHN:refiner")
    ),
    options.lens,
)
def _plants(net: SupplyNetwork, selector: str, lens: str) -> Document:
    """List plants by a selector.

    WHICH is a selector such as CHN, EU:refiner, makes:heavy or a company's name; default: all.
    """
    from supplynet.reports.results_network import of_plants

    return of_plants(net, selector, lens)


@_looked_up("find", click.argument("text", metavar="TEXT"))
def _find(net: SupplyNetwork, text: str) -> Document:
    """Find what a name stands for in a graph.

    Whatever has TEXT in its name: nations, plants, companies, countries, elements, scenarios.

    The column "Write" is what --to, --avoid, --via, --element and --scenario take for it.
    """
    from supplynet.reports.results_network import of_search

    return of_search(net, text)


@_looked_up("scenarios")
def _scenarios(net: SupplyNetwork) -> Document:
    """List the scenarios of a graph.

    Any of them can be applied by --scenario, alone or with others; compare sets them side by
    side.
    """
    from supplynet.reports.results_network import of_scenario_list

    return of_scenario_list(net)
