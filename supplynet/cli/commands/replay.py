"""``supplynet shock replay``: a shock that happened, run again and held against what was seen."""

from __future__ import annotations

from typing import Any

import click

from supplynet import terms
from supplynet.cli import options, words
from supplynet.cli.asked import keywords
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.reports.build import declared_table

METRICS = ("hits", "misses")
COLUMNS = ("id", "title", "measure", "seen", "low", "high", "modeled", "is_hit")


@options.command()
@options.graph
@click.argument("shock", metavar="SHOCK", type=words.Text("shock", "2025-magnets"))
@options.choice(
    "--behavior",
    terms.BEHAVIORS,
    "rolling",
    help="Whether each period is decided with what is known in it, or all at once.",
)
@options.postponed
@options.lens
@options.floors
@options.scenario
@options.program_time_limit
@options.output(metrics=METRICS)
def command(graph: str, shock: str, output: Output, **asked: Any) -> None:
    """Does a run of a shock give back what was seen?

    SHOCK is a name of the table shocks of which the table replays tells what happened. Each
    observation is a hit or a miss. The first page leaves out what plants made without the shock;
    --full has it.
    """
    with output.progress("Solving") as progress, progress.telling():
        from supplynet.analysis.time.replay import replay
        from supplynet.io.load import load
        from supplynet.reports.results_risks import of_replay

        result = replay(load(graph), shock, every=output.wants_all, **keywords(asked))
        document = of_replay(result)
    output.write(document, declared_table(result, "rows", COLUMNS))
    misses = len(result.rows) - result.n_hits
    output.judge(result.headline, [Facts({"hits": result.n_hits, "misses": misses})])
