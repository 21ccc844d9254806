"""``supplynet draw worst``: what still arrives when the worst few are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked, search_seconds
from supplynet.cli.console import Progress
from supplynet.cli.failing import end_unproved
from supplynet.cli.picture import PictureFile
from supplynet.terms import ATTACKS

if TYPE_CHECKING:
    from supplynet.analysis.flow.worst_case import WorstCase


@options.command()
@options.graph
@options.question(element="Element, or basket. Default: the first of the graph's headline.")
@options.option("-k --k N", click.IntRange(min=1), "How many may be lost at most.", default=3)
@options.by(ATTACKS, help="What is lost as one.")
@options.search_time_limit
@options.drawn_model
@options.picture
def command(
    graph: str,
    asked: Asked,
    k: int,
    by: str,
    time_limit: float | None,
    model: str,
    target: PictureFile,
) -> None:
    """Draw what is still covered when the worst few are lost.

    The worst losses for every number from none on, proved, with their names beside the line. By
    the balance all products count together, and no element is asked for.
    """
    from supplynet.errors import OptionError

    if model == "balance" and asked.element:
        raise OptionError(
            "--element goes with --model flow", hint="by the balance all products count together"
        )
    with Progress("Searching", is_quiet=target.is_quiet) as progress:
        from supplynet.draw import worst
        from supplynet.io.load import load

        net = load(graph)
        element = asked.one_element(net)
        seconds = search_seconds(time_limit, net, is_quiet=target.is_quiet)
        attack = {"k": k, "by": by, "time_limit": seconds, **asked.words()}
        result: WorstCase
        if model == "flow":
            from supplynet.questions.interdict import interdict

            result = interdict(net, element=element, **attack)
        else:
            from supplynet.analysis.balance.worst import interdict_balance

            result = interdict_balance(net, **attack)
        progress.step("Drawing", 1, 2)
        figure = worst(result, **target.looks())
    target.write(figure, asked.choice(net, element) if model == "flow" else "", of=result)
    end_unproved([result.status], is_quiet=target.is_quiet)
