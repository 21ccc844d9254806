"""``supplynet draw years``: coverage by year without a jurisdiction."""

from __future__ import annotations

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile


@options.command()
@options.graph
@options.question(avoid="required")
@options.picture
def command(graph: str, asked: Asked, target: PictureFile) -> None:
    """Draw what could cover a nation's need by year.

    A panel an element, a line a standing of links, with the range from the low to the high end
    of the data.
    """
    with Progress("Solving", is_quiet=target.is_quiet) as progress:
        from supplynet.draw import years
        from supplynet.io.load import load
        from supplynet.questions.bypass import bypass

        result = bypass(load(graph), element=asked.element_text, **asked.words())
        progress.step("Solving every year", 1, 2)
        figure = years(result, **target.looks())
    target.write(figure, of=result)
