"""``supplynet report``: a study of a nation's supply without a country."""

from __future__ import annotations

import click

from supplynet.cli import options
from supplynet.cli.asked import Asked
from supplynet.cli.commands.bypass import COLUMNS, METRICS, VIA, facts_of, rows_of
from supplynet.cli.output import Output, plain_table


@click.command("report")
@options.graph
@options.question(avoid="required", via=VIA)
@click.option(
    "--contested",
    is_flag=True,
    help="Add what the nation gets when all nations draw at once. Takes longer.",
)
@click.option(
    "--worst",
    type=click.IntRange(min=1),
    metavar="N",
    help="Add the worst loss of so many plants, what to protect, every set of limits, and the "
    "plants that no route avoids. Takes longer.",
)
@options.output(metrics=METRICS)
def command(graph: str, asked: Asked, contested: bool, worst: int | None, output: Output) -> None:
    """Study a nation's supply without a country.

    The answer first, then tiers, routes, bottlenecks, chokepoints and how sure it all is.
    A FILE that ends in .html is one page with live pictures that needs no network; one that
    ends in .md has its pictures beside it.
    """
    with output.progress("Studying") as progress:
        from supplynet.io.load import load
        from supplynet.report.study import study

        report = study(
            load(graph),
            graph=graph,
            via=asked.via_text,
            element=asked.element_text,
            progress=progress.step,
            scenario_words=asked.scenario,
            contested=contested,
            worst=worst,
            **asked.words(),
        )
        if output.format == "html":
            progress.step("every choice of the page", 1, 2)
            for slot in report.document.live_slots():
                slot.live()
    elements = report.document.data["elements"]
    table = plain_table(COLUMNS, rows_of(elements))
    output.write(report.document, table, has_pictures=True)
    output.judge(facts_of(elements))
