"""``supplynet draw ramps``: when plants start and how they fill."""

from __future__ import annotations

from supplynet.cli import options, words
from supplynet.cli.asked import scenarios
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile


@options.command()
@options.graph
@options.option(
    "--nodes WHICH...",
    words.Selector("which", "--nodes refiner,!CHN"),
    "Plants that are shown. Default: all that are to come.",
)
@options.scenario
@options.picture
def command(
    graph: str, nodes: tuple[str, ...], scenario: tuple[str, ...], target: PictureFile
) -> None:
    """Draw when plants start and how they fill.

    A bar for each plant that is under construction or planned, the fuller the darker.
    """
    with Progress("Drawing", is_quiet=target.is_quiet):
        from supplynet.draw import ramps
        from supplynet.io.load import load

        net = load(graph)
        given = scenarios(scenario)
        if given:
            net = net.with_scenario(*given)
        figure = ramps(net, nodes=",".join(nodes) or None, **target.looks())
    target.write(figure)
