"""``supplynet chokepoints risks``: plants that may be out for longer than all can do without."""

from __future__ import annotations

from typing import Any

from supplynet.cli import options, words
from supplynet.cli.asked import keywords
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.reports.build import declared_table

METRICS = ("hidden", "felt", "plants")


@options.command()
@options.graph
@options.option(
    "--form FORM", words.Text("form", "--form magnet"), "Form that is needed. Default: each."
)
@options.year
@options.lens
@options.floors
@options.scenario
@options.program_time_limit
@options.output(metrics=METRICS)
def command(graph: str, output: Output, **asked: Any) -> None:
    """Which plants may be out for longer than all can do without them?

    Every plant is lost alone: for how long all needs are still met, from the other plants and from
    stocks, against how long it is out.
    """
    with output.progress("Solving"):
        from supplynet.analysis.time.risks import risks
        from supplynet.io.load import load
        from supplynet.reports.results_risks import of_risks

        result = risks(load(graph), **keywords(asked))
        document = of_risks(result)
    output.write(document, declared_table(result))
    facts = {"hidden": len(result.hidden), "felt": len(result.rows), "plants": result.n_plants}
    output.judge(result.headline, [Facts(facts)])
