"""``supplynet draw layers``: a flow from the ground to a nation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from supplynet.cli import options, words
from supplynet.cli.asked import Asked
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile
from supplynet.terms import DETAILS

if TYPE_CHECKING:
    from supplynet.draw.marked import Markable


@options.command()
@options.graph
@options.question(element="Element, or basket. Default: the first of the graph's headline.")
@options.choice(
    "--level", DETAILS, "country", help="Whether a box is a country at a stage or a single plant."
)
@options.option(
    "--top N",
    click.IntRange(min=1),
    "Boxes of a column that stand alone at the most: as many as can be read.",
)
@options.option(
    "--mark",
    words.Word(words.MARKS),
    "Frame the plants that are worst to lose together, or that no route can avoid.",
)
@options.option(
    "-k --k N", click.IntRange(min=0), "With --mark worst: how many may be lost. Default: 2."
)
@options.flag(
    "--single",
    "What is left alone, where something is shut, not before and after.",
    "is_single",
)
@options.drawn_model
@options.picture
def command(
    graph: str,
    asked: Asked,
    level: str,
    top: int | None,
    mark: str | None,
    k: int | None,
    is_single: bool,
    model: str,
    target: PictureFile,
) -> None:
    """Draw what could arrive from the ground to a nation.

    A column a stage, widths by tonnes. Where something is shut: with everything open and
    without, on one scale. A single picture, also that of plants, has the weakest link of each
    way in blue and what stops more in red; the bar at the nation is its need, filled as far as
    each tier covers it.
    """
    if k is not None and mark != "worst":
        raise click.UsageError("-k goes with --mark worst")
    with Progress("Solving", is_quiet=target.is_quiet) as progress:
        from supplynet.cli.picture import could_arrive
        from supplynet.io.load import load

        net = load(graph)
        element = asked.one_element(net)
        result = could_arrive(net, asked, element, model)
        answer: Markable | None = None
        if mark == "worst":
            from supplynet.questions.interdict import interdict

            progress.step("Searching", 0, 2)
            count = 2 if k is None else k
            answer = interdict(net, element=element, k=count, frontier=False, **asked.words())
        elif mark == "unavoidable":
            from supplynet.questions.unavoidable import unavoidable

            answer = unavoidable(net, element=element, **asked.words())
        progress.step("Drawing", 1, 2)
        from supplynet.draw import layers

        figure = layers(
            net,
            result,
            level=level,
            top=top,
            mark=answer,
            is_single=is_single,
            **target.looks(),
        )
    target.write(figure, asked.choice(net, element), of=result)
