"""``supplynet draw losses``: a ranking of losses, by where plants stand and who owns them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile
from supplynet.terms import CHOKEPOINTS, LENSES, LOSSES

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


@options.command()
@options.graph
@options.question(
    to="Whose losses. Default: those of all nations together, when they draw at once.",
    element="Element, or basket, with --to. Default: the first of the graph's headline.",
)
@options.by(
    CHOKEPOINTS,
    default="country",
    help="What is lost at once. Countries are drawn by where plants stand and by who owns them.",
)
@options.top
@options.drawn_model
@options.flag(
    "--ranges",
    "Draw the data range of each loss, with --to: every loss is solved at the low and at the "
    "high end of all figures too, three times the work.",
    "has_ranges",
)
@options.picture
def command(
    graph: str,
    asked: Asked,
    by: str,
    top: int | None,
    model: str,
    has_ranges: bool,
    target: PictureFile,
) -> None:
    """Draw which losses cost most.

    What the loss of each plant or country alone costs of the coverage, as bars. Countries have two
    panels: by where plants stand, and by who owns them.
    """
    if has_ranges and (not asked.to or by == "link"):
        raise click.UsageError("--ranges goes with --to, and not with --by link")
    with Progress("Solving", is_quiet=target.is_quiet) as progress:
        from supplynet.draw import losses
        from supplynet.io.load import load

        net = load(graph)
        element = asked.one_element(net)
        lenses = LENSES if LOSSES[by].has_two_sides else [asked.lens]
        rankings = []
        for done, lens in enumerate(lenses):
            progress.step("Solving", done, len(lenses) + 1)
            rankings.append(_solve(net, asked, element, by, lens, model))
        beside = rankings[1] if len(rankings) > 1 else None
        looks = {**target.looks(), "has_ranges": has_ranges}
        figure = losses(rankings[0], beside=beside, top=top, **looks)
    target.write(figure, asked.choice(net, element) if asked.to else "", of=rankings[0])


def _solve(net: SupplyNetwork, asked: Asked, element: str, by: str, lens: str, model: str) -> Any:
    """Return the ranking of one nation, or of all together."""
    given = {**asked.words(), "lens": lens}
    if asked.to:
        from supplynet.questions.chokepoints import chokepoints

        return chokepoints(net, element=element, by=by, model=model, **given)
    from supplynet.questions.disrupt import disrupt

    del given["to"]
    return disrupt(net, by=by, **given)
