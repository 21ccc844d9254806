"""``supplynet draw months``: what is served month by month through a shock."""

from __future__ import annotations

from typing import Any

from supplynet.cli import options, words
from supplynet.cli.asking import asked_by, words_of
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile
from supplynet.questions.declared import load


@options.command()
@options.graph
@asked_by("run")
@options.option(
    "--form FORM",
    words.Text("form", "--form magnet"),
    "Show only products of this form. Default: the first that is needed.",
)
@options.picture
def command(graph: str, form: str | None, target: PictureFile, **asked: Any) -> None:
    """Draw what is served month by month through a shock.

    Columns of what arrives, what own stocks give and what is missing, the shock behind them, and
    the levels of own stocks below.
    """
    with Progress("Solving", is_quiet=target.is_quiet):
        from supplynet.draw import months
        from supplynet.io.load import load as load_network

        declared = load("run")
        result = declared.ask(load_network(graph), words_of(declared, asked))
        figure = months(result, to=",".join(asked["to"]) or None, form=form, **target.looks())
    target.write(figure, of=result)
