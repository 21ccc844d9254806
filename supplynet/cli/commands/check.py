"""``supplynet graph check``: what is wrong with a graph."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from supplynet.cli import options, words
from supplynet.cli.asked import scenarios
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.errors import CheckError
from supplynet.present.document import plain_table

METRICS = ("errors", "warnings", "cited_share")
COLUMNS = ("severity", "code", "message", "file", "row", "column", "value", "hint")


@options.command()
@options.graph
@options.option(
    "--strict CODES|all...",
    words.Text("codes", "--strict all"),
    "Warnings that count as errors: codes with commas, or all. Repeatable.",
)
@options.flag(
    "--work-list",
    "Count how well figures are known by table too, and list the rows without a source, those "
    "first on which the most tonnes rest.",
    "has_work_list",
)
@options.option(
    "--corrections FILE",
    words.InputFile("corrections.csv"),
    "Better figures with their documents, to check the graph with: table, row, column, value, "
    "low, high, unit, printed, document, publisher, date, locator, address, second_reader.",
)
@options.scenario
@options.output(metrics=METRICS, is_page=False)
@click.pass_context
def command(
    ctx: click.Context,
    graph: str,
    strict: tuple[str, ...],
    has_work_list: bool,
    corrections: Path | None,
    scenario: tuple[str, ...],
    output: Output,
) -> None:
    """Check a graph for errors.

    Every problem is listed at once, with file or sheet, row, column and a hint. The exit code is
    3 when there are errors.
    """
    with output.progress(f"Checking {graph}"):
        from supplynet.io.load import load
        from supplynet.io.parameters import Correction, corrected
        from supplynet.network.problems import sheet_of
        from supplynet.reports.results_check import of_check

        net = load(graph)
        given: tuple[Correction, ...] = ()
        if corrections is not None:
            net, given = corrected(net, corrections)
        net = net.with_scenario(*scenarios(scenario))
        report = net.check(strict=",".join(strict).split(","))
        is_workbook = graph.lower().endswith(".xlsx")
        if is_workbook:
            report = report.in_sheets(Path(graph).name)
        work = None
        if has_work_list and report.ok:
            from supplynet.analysis.work_list import evidence

            work = evidence(net)
            if is_workbook:
                work = tuple(
                    replace(row, file=sheet_of(row.file, Path(graph).name)) for row in work
                )
        document = of_check(report, work, given)
        rows = [
            {"severity": severity, **problem.to_dict()}
            for severity, problems in (("error", report.errors), ("warning", report.warnings))
            for problem in problems
        ]
    output.write(document, plain_table(COLUMNS, rows))
    if not report.ok:
        ctx.exit(CheckError.exit_code)
    values = {
        "errors": float(len(report.errors)),
        "warnings": float(len(report.warnings)),
        "cited_share": report.cited_share,
    }
    output.judge(document.headline, [Facts(values)])
