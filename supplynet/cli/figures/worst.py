"""``supplynet draw worst``: what still arrives when the worst few are lost."""

from __future__ import annotations

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.console import Progress
from supplynet.cli.ending import end_unproved
from supplynet.cli.picture import PictureFile


@click.command("worst")
@options.graph
@options.question(
    usual_tier="building", element="Element, or basket. Default: the first of the graph's headline."
)
@click.option(
    "-k",
    "--k",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    metavar="N",
    help="How many may be lost at most.",
)
@options.attack_by
@options.time_limit
@options.picture
def command(
    graph: str, asked: Asked, k: int, by: str, time_limit: float | None, target: PictureFile
) -> None:
    """Draw what still arrives when the worst few are lost.

    The worst losses for every number from none on, proved, with their names beside the line.
    """
    with Progress("Searching", is_quiet=target.is_quiet) as progress:
        from supplynet.analysis.flow.interdict import interdict
        from supplynet.draw import worst
        from supplynet.io.load import load

        net = load(graph)
        element = asked.one_element(net)
        result = interdict(net, element=element, k=k, by=by, time_limit=time_limit, **asked.words())
        progress.step("Drawing", 1, 2)
        figure = worst(result, **target.looks())
    target.write(figure, asked.choice(net, element))
    end_unproved([result.status], is_quiet=target.is_quiet)
