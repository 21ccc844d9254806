"""``supplynet trace footprint``: what comes with a nation's supply, by plant and step."""

from __future__ import annotations

from typing import Any

from supplynet.cli import options, words
from supplynet.cli.asked import keywords
from supplynet.cli.failing import told_by
from supplynet.cli.output import Output
from supplynet.present.document import plain_table
from supplynet.terms import FLOWS, LEVELS, OBJECTIVES

METRICS = LEVELS.names


@options.command()
@options.graph
@options.option(
    "--to WHO...",
    words.Selector("who", "--to KOR"),
    "Whose supply is meant: a country, bloc or other selector.",
    required=True,
)
@options.option(
    "--avoid WHAT...",
    words.Selector("what", "--avoid CHN"),
    "What is shut, as in supplynet allocate: --avoid 'mine,!VNM' leaves the route of one "
    "country's mines alone.",
)
@options.choice(
    "--flows",
    FLOWS,
    "balance",
    help="Of which flows: a balance of all nations, or the calibrated flows of a year.",
)
@options.option(
    "--form FORM...",
    words.Text("form", "--form magnet"),
    "What is served in these forms. Repeatable. Default: the graph's final form.",
)
@options.choice(
    "--objective", OBJECTIVES, "fair", help="How a balance is shared out, as in supplynet allocate."
)
@options.priority
@options.year
@options.lens
@options.floors
@options.scenario
@options.program_time_limit
@options.output(metrics=METRICS)
def command(graph: str, output: Output, **asked: Any) -> None:
    """What comes with a nation's supply: carbon dioxide, tailings, residue?

    Tonnes of each burden of the table intensities for a tonne served, followed from every plant
    through every mix, with the ends of the intensities. --fail-on judges each burden.
    """
    with output.progress("Solving"):
        from supplynet.analysis.footprint import footprint
        from supplynet.io.load import load
        from supplynet.reports.results_footprint import of_footprint

        result = footprint(load(graph), **keywords(asked))
        document = of_footprint(result)
        of_all = {total.burden: total.central for total in result.totals}
        rows = [{**row, "central_all": of_all[row["burden"]]} for row in result.records("plants")]
        columns = [*(column.name for column in result.LAYOUT.table("plants").columns)]
    output.write(document, plain_table([*columns, "central_all"], rows))
    output.judge(
        result.headline, [told_by(total, METRICS, total.burden) for total in result.totals]
    )
