"""``supplynet coverage outlook``: what nations could cover by tier and year, side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import keywords
from supplynet.cli.failing import told_by
from supplynet.cli.output import Output
from supplynet.reports.build import declared_table
from supplynet.terms import TIERS

if TYPE_CHECKING:
    from supplynet.analysis.potential.outlook import OutlookResult

METRICS = ("coverage", "coverage_low", "coverage_high", "served", "need")
COLUMNS = (
    "to",
    "name",
    "year",
    "tier",
    "form",
    "need",
    "served",
    "low",
    "high",
    "coverage",
    "coverage_low",
    "coverage_high",
)


def asked_for(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of an outlook, which the command and its figure share."""
    for decorator in reversed(
        (
            options.option(
                "--to WHO...",
                words.Selector("who", "--to KOR --to EU"),
                "A nation or bloc, each answered by itself. Repeatable, or several with commas.",
                required=True,
            ),
            options.option(
                "--avoid WHAT...",
                words.Selector("what", "--avoid CHN"),
                "What is shut: CHN, EU, CHN:refiner, owner:CHN, node:ID or several with commas.",
            ),
            options.option(
                "--year YEARS...",
                words.Years(),
                f"Years, such as 2026,2030. Repeatable. Default: {options.ONE_YEAR}.",
                "years",
            ),
            click.option(
                "--tier",
                "tiers",
                multiple=True,
                type=words.Word(TIERS),
                help="Tiers to set side by side. Repeatable. Default: firm, building and "
                "announced.",
            ),
            options.option(
                "--form FORM",
                words.Text("form", "--form magnet"),
                "Show only products of this form. Default: every form that is needed.",
            ),
            options.lens,
            options.scenario,
            options.program_time_limit,
        )
    ):
        function = decorator(function)
    return function


def of_nations(
    graph: str,
    *,
    to: tuple[str, ...],
    avoid: tuple[str, ...],
    years: tuple[tuple[int, ...], ...],
    tiers: tuple[str, ...],
    **asked: Any,
) -> OutlookResult:
    """Return the outlook that the options of :func:`asked_for` ask for."""
    from supplynet.analysis.potential.outlook import USUAL_TIERS, outlook
    from supplynet.io.load import load

    return outlook(
        load(graph),
        to=[name.strip() for text in to for name in text.split(",") if name.strip()],
        avoid=avoid or None,
        year=[year for years_named in years for year in years_named] or None,
        tier=tiers or USUAL_TIERS,
        **keywords(asked),
    )


@options.command()
@options.graph
@asked_for
@options.output(metrics=METRICS)
def command(graph: str, output: Output, **asked: Any) -> None:
    """What could nations cover, by tier and year?

    Potentials: each nation or bloc as if it alone drew on the network, with the range of the
    data. --fail-on judges every nation, year, tier and form.
    """
    with output.progress("Solving") as progress, progress.telling():
        from supplynet.reports.results_potential import of_outlook

        result = of_nations(graph, **asked)
    output.write(of_outlook(result), declared_table(result, "rows", COLUMNS))
    output.judge(
        result.headline,
        [
            told_by(row, METRICS, f"{row.name}, {row.year}, {row.tier}, {row.title}")
            for row in result.rows
        ],
    )
