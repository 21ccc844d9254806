"""``supplynet draw months``: what is served month by month through a shock."""

from __future__ import annotations

from typing import Any

from supplynet.cli import options, words
from supplynet.cli.commands.shock import words_of
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile


@options.command()
@options.graph
@options.through_time
@options.ways_through_time
@options.option(
    "--to WHO...",
    words.Selector("who", "--to KOR,JPN"),
    "Nations that are shown. Default: all of them together.",
)
@options.option(
    "--form FORM",
    words.Text("form", "--form magnet"),
    "Show only products of this form. Default: the first that is needed.",
)
@options.picture
def command(
    graph: str, to: tuple[str, ...], form: str | None, target: PictureFile, **asked: Any
) -> None:
    """Draw what is served month by month through a shock.

    Columns of what arrives, what own stocks give and what is missing, the shock behind them, and
    the levels of own stocks below.
    """
    with Progress("Solving", is_quiet=target.is_quiet):
        from supplynet.analysis.time.ask import run
        from supplynet.draw import months
        from supplynet.io.load import load

        result = run(load(graph), **words_of(asked))
        figure = months(result, to=",".join(to) or None, form=form, **target.looks())
    target.write(figure, of=result)
