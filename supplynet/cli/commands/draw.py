"""``supplynet draw``: the network as a figure."""

from __future__ import annotations

import os
from pathlib import Path

import click

from supplynet.cli import options, words
from supplynet.cli.asked import Asked
from supplynet.cli.console import Progress, say


@click.command("draw")
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
@click.option(
    "--size",
    type=words.Word(words.SIZES),
    default="slide",
    show_default=True,
    help="A 16:9 slide, or a sheet of A4 on its side.",
)
@click.option(
    "-o",
    "--output",
    "path",
    required=True,
    type=words.OutputFile("korea.svg", words.FIGURES),
    metavar="FILE",
    help="Where to draw: .svg, .png or .pdf.",
)
@options.quiet
def command(
    graph: str, asked: Asked, level: str, top: int | None, size: str, path: Path, is_quiet: bool
) -> None:
    """Draw the network as a figure.

    The flow from the ground to the nation, a column a stage, widths by tonnes. What would
    pass the avoided country lies in grey behind it; what stops more from arriving is red.
    """
    with Progress("Solving", is_quiet=is_quiet) as progress:
        from supplynet.analysis.flow import max_flow
        from supplynet.errors import OptionError
        from supplynet.io.load import load

        net = load(graph)
        elements = asked.elements(net)
        if asked.element and len(elements) > 1:
            raise OptionError(
                f"a figure shows one element, not {', '.join(elements)}",
                hint="draw one figure for each",
            )
        flow = max_flow(net, element=elements[0], **asked.words())
        progress.step("Drawing", 1, 2)
        from supplynet.draw import layers, save

        save(layers(net, flow, level=level, top=top, size=size), path)
    if not is_quiet:
        hint = "" if asked.element else f" ({elements[0]}; choose another by --element)"
        say(f"Written: {os.fspath(path)}{hint}")
