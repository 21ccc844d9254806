"""``supplynet draw concentration``: how few hold each stage."""

from __future__ import annotations

from supplynet.cli import options, words
from supplynet.cli.asked import Asked, scenarios
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile


@options.command()
@options.graph
@options.option(
    "--element NAME...",
    words.Element("element", "--element Dy,Tb"),
    "Element. Default: the whole mix.",
)
@options.year
@options.basis
@options.floors
@options.scenario
@options.picture
def command(
    graph: str,
    element: tuple[str, ...],
    year: int | None,
    basis: str,
    links: str | None,
    plants: str | None,
    tier: str | None,
    scenario: tuple[str, ...],
    target: PictureFile,
) -> None:
    """Draw how concentrated each stage is.

    Herfindahl-Hirschman indices by where plants stand and by who owns them, with the largest.
    """
    with Progress("Solving", is_quiet=target.is_quiet):
        from supplynet.analysis.indices import indices
        from supplynet.draw import concentration
        from supplynet.io.load import load

        net = load(graph)
        names = scenarios(scenario)
        chosen = Asked(element=element).one_element(net) if element else None
        result = indices(
            net,
            element=chosen,
            year=year,
            basis=basis,
            links=links,
            plants=plants,
            tier=tier,
            scenario=names or None,
        )
        figure = concentration(
            result, net=net.with_scenario(*names) if names else net, **target.looks()
        )
    target.write(figure, of=result)
