"""``supplynet shock stockpile``: what a nation has to hold to bridge each of several shocks."""

from __future__ import annotations

from typing import Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import keywords, with_ranges
from supplynet.cli.failing import told_by
from supplynet.cli.output import Output
from supplynet.reports.build import declared_table

METRICS = ("days", "days_low", "days_high", "alone_days", "tonnes", "held_days")


@options.command()
@options.graph
@options.option(
    "--to WHO...", words.Text("who", "--to KOR"), "The nation or bloc that holds.", required=True
)
@options.option(
    "--shock NAME...",
    words.Text("shock", "--shock china-full-stop@2026-01..2026-06"),
    "A shock of the graph, or a scenario with its first and last month, "
    "NAME@2026-01..2026-06. Repeatable. Default: all of the graph, each by itself.",
)
@options.shut_for_a_year
@options.option(
    "--element NAME...",
    words.Element("element", "--element Nd,Dy"),
    "Elements that are told. Default: those that the graph is about most.",
)
@options.option(
    "--holding-rate",
    click.FloatRange(0.0, 1.0),
    "What it costs to hold in a year, as a share of the value.",
    "rate",
    default=0.1,
)
@options.ways_of_gaps
@options.lens
@options.floors
@options.scenario
@options.program_time_limit
@options.ranges_through_time
@options.output(metrics=METRICS)
def command(
    graph: str, shock: tuple[str, ...], respond: tuple[str, ...], output: Output, **asked: Any
) -> None:
    """What does a nation have to hold to bridge each shock?

    Days of cover of each element, what they cost, the rule of release that loses least, and what
    is lost against what is held. --fail-on judges every shock, form and element. The first page
    leaves out what it would miss if it alone drew and, where no shock is asked for by name, those
    that are too short to be the hardest; --full has all.
    """
    with output.progress("Solving") as progress, progress.telling():
        from supplynet.analysis.time.stockpile import stockpile
        from supplynet.io.load import load
        from supplynet.reports.results_stockpile import of_stockpile

        result = stockpile(
            load(graph),
            shock=shock or None,
            alone=output.wants_all,
            every=output.wants_all or bool(shock),
            respond=[name.strip() for text in respond for name in text.split(",")],
            **keywords(with_ranges(asked, wants_all=output.wants_all)),
        )
        document = of_stockpile(result)
    output.write(document, declared_table(result, "covers"))
    output.judge(
        result.headline,
        [told_by(row, METRICS, f"{row.shock}, {row.form}, {row.element}") for row in result.covers],
    )
