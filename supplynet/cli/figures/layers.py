"""``supplynet draw layers``: a flow from the ground to a nation."""

from __future__ import annotations

import click

from supplynet.cli import options, words
from supplynet.cli.asked import Asked
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile


@click.command("layers")
@options.graph
@options.question(element="Element, or basket. Default: the first of the graph's headline.")
@click.option(
    "--level",
    type=words.Word(words.LEVELS),
    default="country",
    show_default=True,
    help="Whether a box is a country at a stage or a single plant.",
)
@click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    help="Boxes of a column that stand alone. Default: as many as can be read.",
)
@options.picture
def command(graph: str, asked: Asked, level: str, top: int | None, target: PictureFile) -> None:
    """Draw a flow from the ground to a nation.

    A column a stage, widths by tonnes. What would pass the avoided country lies in grey behind
    it; what stops more from arriving is red.
    """
    with Progress("Solving", is_quiet=target.is_quiet) as progress:
        from supplynet.analysis.flow import max_flow
        from supplynet.io.load import load

        net = load(graph)
        element = asked.one_element(net)
        flow = max_flow(net, element=element, **asked.words())
        progress.step("Drawing", 1, 2)
        from supplynet.draw import layers

        figure = layers(net, flow, level=level, top=top, **target.looks())
    target.write(figure, "" if asked.element else f"{element}; choose another by --element")
