"""``supplynet chokepoints``: what the loss of each plant, country or owner costs."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.console import Progress, say
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output, as_list
from supplynet.reports.build import plain_table
from supplynet.terms import CERTIFIED, CHOKEPOINTS, DISRUPTIONS

if TYPE_CHECKING:
    from supplynet.analysis.flow.chokepoints import ChokepointResult
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.document import Document

#: losses that differ between the lenses
_TWO_SIDED = DISRUPTIONS.only(lambda loss: loss.has_two_sides)
METRICS = ("loss_share", "loss", "demand_share", "value")
COLUMNS = (
    "element",
    "id",
    "name",
    "stage",
    "loss",
    "remaining",
    "unit",
    "loss_share",
    "demand_share",
    "n_nodes",
)
#: further columns with the data range
ENDS_OF_LOSS = ("loss_low", "loss_high")


def _tell(progress: Progress, element: str, done: int, of: int) -> None:
    """Show how many losses were searched for."""
    progress.step(f"Searching for {element}", done, of)


def _by_both_lenses(
    net: SupplyNetwork, elements: Sequence[str], shared: Mapping[str, Any]
) -> Document:
    """Return losses by where plants stand beside those by who owns them, element by element."""
    from supplynet.analysis.flow.chokepoints import chokepoints
    from supplynet.reports.results_lenses import of_lenses

    return of_lenses(
        *(
            (
                chokepoints(net, **{**shared, "element": element, "lens": "location"}),
                chokepoints(net, **{**shared, "element": element, "lens": "control"}),
            )
            for element in elements
        )
    )


def _require_fitting(
    by: str, is_lost_given: bool, is_by_given: bool, both_lenses: bool, with_ranges: bool
) -> None:
    """Refuse options that do not go together."""
    if is_lost_given and is_by_given:
        raise click.UsageError("--by and --lost both say what is lost; give one of them")
    if both_lenses and (by not in _TWO_SIDED or is_lost_given):
        raise click.UsageError(f"--both-lenses goes with --by {' or '.join(_TWO_SIDED)}")
    if with_ranges and (by == "link" or both_lenses):
        raise click.UsageError("--ranges goes neither with --by link nor with --both-lenses")


def _rows(rankings: Iterable[ChokepointResult], with_ranges: bool) -> list[dict[str, Any]]:
    """Return the rows of the tables for programs."""
    return [
        {
            "element": ranking.element,
            "unit": ranking.unit,
            **dataclasses.asdict(row),
            **(dict(zip(ENDS_OF_LOSS, ranges[row.id], strict=True)) if with_ranges else {}),
        }
        for ranking in rankings
        for ranges in [ranking.ranges() if with_ranges else {}]
        for row in ranking.rows
    ]


@click.command("chokepoints")
@options.graph
@options.question()
@options.by(CHOKEPOINTS)
@options.lost
@options.top_losses
@options.option(
    "--certify",
    click.Choice(CERTIFIED.names),
    "Prove the losses shown, or of every candidate (slow), by solving again without each.",
    default="shown",
)
@options.model
@options.count
@options.flag(
    "--both-lenses",
    "Show losses by where plants stand beside those by who owns them, and which change.",
)
@options.flag(
    "--ranges",
    "Show the data range of each loss: every figure at its low and at its high end.",
    "with_ranges",
)
@options.output(metrics=METRICS)
@click.pass_context
def command(
    context: click.Context,
    graph: str,
    asked: Asked,
    by: str,
    lost: tuple[str, ...],
    top: int,
    certify: str,
    model: str,
    count: str,
    both_lenses: bool,
    with_ranges: bool,
    output: Output,
) -> None:
    """Which plant or country matters most?

    Each loss is exact, and proved by solving the network again without the candidate. --fail-on
    judges the largest.
    """
    is_chosen = context.get_parameter_source("by") == click.core.ParameterSource.COMMANDLINE
    _require_fitting(by, bool(lost), is_chosen, both_lenses, with_ranges)
    with output.progress("Solving") as progress:
        from supplynet.analysis.flow.chokepoints import chokepoints
        from supplynet.io.load import load
        from supplynet.reports.results_losses import of_chokepoints

        net = load(graph)
        keywords, elements = asked.words(), asked.elements(net)
        rankings = []
        for done, element in enumerate(elements):
            progress.step(f"Solving for {element}", done, len(elements))
            rankings.append(
                chokepoints(
                    net,
                    element=element,
                    by=by,
                    lost=lost or None,
                    top=top,
                    certify=certify,
                    model=model,
                    count=count,
                    progress=functools.partial(_tell, progress, element),
                    **keywords,
                )
            )
        document = of_chokepoints(*rankings, with_ranges=with_ranges)
        if both_lenses:
            # all rows of both: which of them change does not end with the first
            shared = {**keywords, "by": by, "certify": certify, "model": model, "count": count}
            document = _by_both_lenses(net, elements, shared)
        rows = _rows(rankings, with_ranges)
    output.write(
        as_list(document), plain_table((*COLUMNS, *(ENDS_OF_LOSS if with_ranges else ())), rows)
    )
    for hint in {ranking.hint for ranking in rankings if ranking.hint and not output.is_quiet}:
        say(hint)
    output.judge(
        rankings[0].headline,
        [
            Facts(
                {
                    "loss_share": ranking.rows[0].loss_share if ranking.rows else 0.0,
                    "loss": ranking.rows[0].loss if ranking.rows else 0.0,
                    "demand_share": ranking.rows[0].demand_share if ranking.rows else 0.0,
                    "value": ranking.value,
                },
                of=ranking.element,
            )
            for ranking in rankings
        ],
    )
