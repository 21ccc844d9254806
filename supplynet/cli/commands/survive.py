"""``supplynet shock survive``: how long a nation endures a shock, and what its stocks buy."""

from __future__ import annotations

import math
from typing import Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import with_ranges
from supplynet.cli.commands.shock import words_of
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.reports.build import declared_table

METRICS = ("days", "lost_share", "lost", "survives")


@options.command()
@options.graph
@options.option(
    "--to WHO...",
    words.Text("who", "--to KOR"),
    "The nation or bloc that is to endure.",
    required=True,
)
@options.through_time
@options.ways_through_time
@options.ranges_through_time
@options.output(metrics=METRICS)
def command(graph: str, to: tuple[str, ...], output: Output, **asked: Any) -> None:
    """How long does a nation endure a shock, and what do its stocks buy?

    Twice: days for which its need can be met if it alone draws (Simchi-Levi's time to survive), and
    months until it is short, and until that is over, when all nations draw. --fail-on judges every
    form; what never comes to it is infinite. The first page leaves out how long makers go on;
    --full has it.
    """
    with output.progress("Solving") as progress, progress.telling():
        from supplynet.analysis.time.survive import survive
        from supplynet.io.load import load
        from supplynet.reports.results_survive import of_survive

        chosen = words_of(with_ranges(asked, wants_all=output.wants_all))
        if chosen.pop("stocks") is not None:
            raise click.UsageError("--stocks is of shock; survive tells what each stock buys")
        result = survive(load(graph), to=",".join(to), makers=output.wants_all, **chosen)
        document = of_survive(result)
    output.write(document, declared_table(result))
    output.judge(
        result.headline,
        [
            Facts(
                {
                    "days": row.days,
                    "lost_share": row.lost_share,
                    "lost": row.lost,
                    "survives": math.inf if row.survives is None else row.survives,
                },
                of=row.title,
            )
            for row in result.rows
        ],
    )
