"""``supplynet draw outlook``: what nations could cover, by tier and year."""

from __future__ import annotations

from typing import Any

from supplynet.cli import options
from supplynet.cli.commands.outlook import asked_for, of_nations
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile


@options.command()
@options.graph
@asked_for
@options.picture
def command(graph: str, target: PictureFile, **asked: Any) -> None:
    """Draw what nations could cover, by tier and year.

    Bars of what is firm, being built and announced, each nation or bloc as if it alone drew, with
    the range of the data.
    """
    with Progress("Solving", is_quiet=target.is_quiet):
        from supplynet.draw import outlook

        result = of_nations(graph, **asked)
        figure = outlook(result, **target.looks())
    target.write(figure, of=result)
