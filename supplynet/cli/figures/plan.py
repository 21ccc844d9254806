"""``supplynet draw plan``: what to do, from when, and what it costs."""

from __future__ import annotations

from typing import Any

import click

from supplynet import terms
from supplynet.cli import options
from supplynet.cli.commands.plan import question_of_plan
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile


@options.command()
@options.graph
@question_of_plan
@options.choice(
    "--what",
    terms.PLAN_PICTURES,
    "gantt",
    help="What starts when, coverage against money, options against plans of little more cost, or "
    "what each option adds.",
)
@options.option(
    "--curve STEP",
    click.FloatRange(min=0.0, max=1.0),
    "Points of the curve are at least so far apart.",
    default=0.05,
)
@options.option(
    "--alternatives N", click.IntRange(min=1), "Other plans to look for, of the matrix.", default=12
)
@options.picture
def command(
    graph: str,
    asked: dict[str, Any],
    what: str,
    curve: float,
    alternatives: int,
    target: PictureFile,
) -> None:
    """Draw what to do, from when, and what it costs.

    Years of money and of tonnes by option, coverage against money with the ends of all costs,
    which options are in all plans that cost little more, or what each adds.
    """
    with Progress("Solving", is_quiet=target.is_quiet) as progress, progress.telling():
        from supplynet.analysis.decisions.ask import plan
        from supplynet.draw import plan as drawn_plan
        from supplynet.io.load import load

        result = plan(
            load(graph),
            **asked,
            ranges=False,  # none is drawn, nor what options are there for
            reasons=False,
            steps=what == "waterfall",
            curve=curve if what == "curve" else None,
            alternatives=alternatives if what == "matrix" else 0,
        )
        figure = drawn_plan(result, what=what, **target.looks())
    target.write(figure, of=result)
