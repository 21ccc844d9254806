"""``supplynet draw dependence``: which part of a supply touched a jurisdiction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from supplynet.cli import options, words
from supplynet.cli.asked import Asked
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile
from supplynet.terms import TRACED

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.exposure.result import ExposureResult
    from supplynet.network.network import SupplyNetwork


@options.command()
@options.graph
@options.question()  # as supplynet trace has it
@options.option(
    "--exposed-to WHAT...",
    words.Selector("what", "--exposed-to CHN"),
    "Whose plants are looked for.",
    required=True,
)
@options.against
@click.option(
    "--objective",
    type=words.Word(TRACED),
    default=None,
    help="How the balance is shared out, as in supplynet trace. Default: measured for a year "
    "whose flows were calibrated, with nothing avoided or assumed and without --against; else "
    "fair.",
)
@options.picture
def command(
    graph: str,
    asked: Asked,
    exposed_to: tuple[str, ...],
    against: str | None,
    objective: str | None,
    target: PictureFile,
) -> None:
    """Draw which part of a nation's supply touched a jurisdiction.

    A pair of dots an element: what came last from there and what had passed there at some step,
    or the latter before and after, with --against.
    """
    with Progress("Solving", is_quiet=target.is_quiet) as progress:
        from supplynet.draw import dependence
        from supplynet.io.load import load

        net = load(graph)
        if against is not None:
            objective = objective or "fair"
        answer = _solve(net, asked, exposed_to, objective)
        before = None
        if against is not None:
            progress.step("Solving what it is set against", 1, 3)
            other = asked.before(against, answer.balance.question.year)
            before = _solve(net, other, exposed_to, objective)
            # what differs is an effect then, and not a tie
            answer = _solve(net, asked, exposed_to, objective, near=before.balance)
        progress.step("Drawing", 2, 3)
        figure = dependence(answer, against=before, **target.looks())
    target.write(figure, of=answer)


def _solve(
    net: SupplyNetwork,
    asked: Asked,
    exposed_to: tuple[str, ...],
    objective: str | None,
    near: BalanceResult | None = None,
) -> ExposureResult:
    from supplynet.analysis.exposure import exposure

    return exposure(
        net,
        exposed_to=",".join(exposed_to),
        element=asked.element_text,
        objective=objective,
        near=near,
        **asked.words(),
    )
