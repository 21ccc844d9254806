"""``supplynet draw map``: a flow on a map of the world."""

from __future__ import annotations

import click

from supplynet.cli import options, words
from supplynet.cli.asked import Asked
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile


@click.command("map")
@options.graph
@options.question(element="Element, or basket. Default: the first of the graph's headline.")
@click.option(
    "--region",
    type=words.Word(words.REGIONS),
    default="auto",
    show_default=True,
    help="Part of the world. auto: the smallest that shows the whole flow; pacific: the world "
    "with the Pacific in its middle.",
)
@click.option(
    "--fill",
    type=words.Word(words.FILLS),
    default="dependence",
    show_default=True,
    help="What the color of a country stands for: the share of the flow that passes plants "
    "there, or the exact loss if they stop.",
)
@click.option(
    "--level",
    type=words.Word(words.LEVELS),
    default="facility",
    show_default=True,
    help="Whether a marker is a plant, or a country with all its stages.",
)
@click.option(
    "--plants",
    type=words.Word(words.PLANTS),
    default="carrying",
    show_default=True,
    help="Whether plants that carry nothing are drawn too.",
)
@click.option(
    "--least",
    type=click.FloatRange(min=0.0, max=1.0, max_open=True),
    default=0.01,
    show_default=True,
    metavar="SHARE",
    help="Do not draw ways that carry less than this share of the flow.",
)
@options.picture
def command(
    graph: str,
    asked: Asked,
    region: str,
    fill: str,
    level: str,
    plants: str,
    least: float,
    target: PictureFile,
) -> None:
    """Draw a flow on a map of the world.

    Plants by stage and status, ways as great circles with widths by tonnes, dashed where links
    are planned or merely plausible. What would pass the avoided country lies in grey below it;
    what stops more from arriving is red.
    """
    with Progress("Solving", is_quiet=target.is_quiet) as progress:
        from supplynet.analysis.chokepoints import ChokepointResult, chokepoints
        from supplynet.analysis.flow import max_flow
        from supplynet.io.load import load

        net = load(graph)
        element = asked.one_element(net)
        flow = max_flow(net, element=element, **asked.words())
        wish: str | ChokepointResult = fill
        if fill == "loss":
            wish = chokepoints(net, element=element, by="country", **asked.words())
        progress.step("Drawing", 1, 2)
        from supplynet.draw import world_map

        figure = world_map(
            net,
            flow,
            fill=wish,
            region=region,
            level=level,
            plants=plants,
            least=least,
            **target.looks(),
        )
    target.write(figure, "" if asked.element else f"{element}; choose another by --element")
