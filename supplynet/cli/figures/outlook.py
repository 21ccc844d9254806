"""``supplynet draw outlook``: what nations could cover, by tier and year."""

from __future__ import annotations

from typing import Any

from supplynet.cli import options
from supplynet.cli.asking import asked_by, words_of
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile
from supplynet.questions.declared import load


@options.command()
@options.graph
@asked_by("outlook")
@options.picture
def command(graph: str, target: PictureFile, **asked: Any) -> None:
    """Draw what nations could cover, by tier and year.

    Bars of what is firm, being built and announced, each nation or bloc as if it alone drew, with
    the range of the data.
    """
    with Progress("Solving", is_quiet=target.is_quiet):
        from supplynet.draw import outlook
        from supplynet.io.load import load as load_network

        declared = load("outlook")
        result = declared.ask(load_network(graph), words_of(declared, asked))
        figure = outlook(result, **target.looks())
    target.write(figure, of=result)
