"""``supplynet graph calibrate``: do the flows give back what was observed and published?"""

from __future__ import annotations

from typing import Any

from supplynet.cli import options
from supplynet.cli.asked import keywords
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.present.document import plain_table

METRICS = ("outside", "held_out_outside", "deviation")


@options.command()
@options.graph
@options.option(
    "--model-year YEAR...",
    int,
    "Year of the graph. Repeatable. Default: the base year, and with --full or a file every year "
    "that stands for a published figure.",
    "years",
)
@options.floors
@options.scenario
@options.time_limit
@options.output(metrics=METRICS)
def command(graph: str, years: tuple[int, ...], output: Output, **asked: Any) -> None:
    """Do the flows give back what was observed and published?

    Flows of a year that come nearest to links, output, demand and the figures of targets.csv that
    are used for calibration; those used as a check are only compared. With --format csv, or -o
    FILE.csv, it writes the flows and residuals as the table baseline of the graph. The first page
    is of the base year; --full has every year that stands for a published figure.
    """
    with output.progress("Fitting") as progress, progress.telling():
        from supplynet.analysis.calibrate import calibrate
        from supplynet.io.load import load
        from supplynet.network.schema import Baseline, columns
        from supplynet.reports.results_calibrate import of_calibration

        every = output.wants_all or bool(years)
        result = calibrate(load(graph), year=years or None, every=every, **keywords(asked))
        document = of_calibration(result)
        table = plain_table(columns(Baseline), [row.model_dump() for row in result.baseline])
    output.write(document, table)
    facts = {
        "outside": result.n_outside,
        "held_out_outside": sum(not fit.is_within for fit in result.held_out),
        "deviation": sum(year.deviation for year in result.years),
    }
    output.judge(result.headline, [Facts(facts)])
