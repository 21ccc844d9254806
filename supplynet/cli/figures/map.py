"""``supplynet draw map``: a flow on a map of the world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import Asked
from supplynet.cli.console import Progress
from supplynet.cli.picture import PictureFile
from supplynet.terms import DETAILS, OBJECTIVES

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.network.network import SupplyNetwork


@options.command()
@options.graph
@options.question(element="Element, or basket. Default: the first of the graph's headline.")
@options.choice(
    "--region",
    words.REGIONS,
    "auto",
    help="Part of the world. auto: the smallest that shows the whole flow; pacific: the world "
    "with the Pacific in its middle.",
)
@options.choice(
    "--fill",
    words.FILLS,
    "dependence",
    help="What the color of a country stands for: the share of the flow that passes plants "
    "there, or the exact loss if they stop.",
)
@options.choice(
    "--level",
    DETAILS,
    "country",
    help="Whether a marker is a country with all its stages, or a plant.",
)
@options.choice(
    "--sites", words.SITES, "carrying", help="Whether plants that carry nothing are drawn too."
)
@options.option(
    "--least SHARE",
    click.FloatRange(min=0.0, max=1.0, max_open=True),
    "Do not draw ways that carry less than this share of the flow.",
    default=0.01,
)
@options.flag(
    "--contested",
    "What ends up with --to when all nations draw at once, not what could if it had the "
    "network to itself. Colors are the part of its need that a nation does not get.",
    "is_contested",
)
@options.choice(
    "--objective", OBJECTIVES, "fair", help="How the supply is shared out, with --contested."
)
@options.drawn_model
@options.picture
def command(
    graph: str,
    asked: Asked,
    region: str,
    fill: str,
    level: str,
    sites: str,
    least: float,
    is_contested: bool,
    objective: str,
    model: str,
    target: PictureFile,
) -> None:
    """Draw a flow on a map of the world.

    Plants by stage and status, ways as great circles with widths by tonnes, dashed where links
    are planned or merely plausible. What would pass the avoided country lies in grey below it;
    what stops more from arriving is red.
    """
    with Progress("Solving", is_quiet=target.is_quiet) as progress:
        from supplynet.draw import world_map
        from supplynet.io.load import load

        net = load(graph)
        element = asked.one_element(net)
        looks: dict[str, Any] = {"region": region, "level": level, "least": least, **target.looks()}
        if is_contested:
            answer: Any = _contested(net, asked, objective, fill, sites)
            looks |= {"to": ",".join(asked.to), "element": element}
        else:
            from supplynet.cli.picture import could_arrive

            answer = could_arrive(net, asked, element, model)
        if fill == "loss":
            from supplynet.questions.chokepoints import chokepoints

            looks["fill"] = chokepoints(
                net, element=element, by="country", model=model, **asked.words()
            )
        else:
            looks["fill"] = fill
        progress.step("Drawing", 1, 2)
        figure = world_map(net, answer, sites=sites, **looks)
    target.write(figure, asked.choice(net, element), of=answer)


def _contested(
    net: SupplyNetwork, asked: Asked, objective: str, fill: str, sites: str
) -> BalanceResult:
    """Return what all get when all draw at once."""
    from supplynet.analysis.balance import balance
    from supplynet.errors import OptionError

    for option, value, other in (("--fill", fill, "loss"), ("--sites", sites, "all")):
        if value == other:
            raise OptionError(f"{option} {other} belongs to a potential, not to --contested")
    words = asked.words()
    del words["to"]
    return balance(net, objective=objective, **words)
