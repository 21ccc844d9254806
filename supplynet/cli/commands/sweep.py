"""``supplynet compare sweep``: any question over nations, years, tiers and scenarios."""

from __future__ import annotations

from typing import Any

import click

from supplynet.cli import options, words
from supplynet.cli.asking import asked_by as options_by
from supplynet.cli.asking import each, swept, value_of
from supplynet.cli.output import Output
from supplynet.contract.query import Jobs, options_of


@options.command()
@options.graph
@click.argument("ask", metavar="QUESTION", type=words.Text("question", "coverage"))
@each
@options.option(
    "--with OPTION=VALUE...",
    words.Pair("avoid=CHN"),
    "The value of an option of the question in every answer. Repeatable.",
    "fixed",
)
@options_by("", Jobs)
@options.output(is_page=False)
def command(
    graph: str,
    ask: str,
    each: tuple[tuple[str, str], ...],
    fixed: tuple[tuple[str, str], ...],
    output: Output,
    **jobs: Any,
) -> None:
    """How does any answer differ between nations, years, tiers and scenarios?

    QUESTION is a command, such as coverage, flow or "chokepoints interdict"; OPTION one of its own,
    without dashes. A page has the headline of every answer; CSV and JSON have all of its rows.
    """
    with output.progress("Solving") as progress, progress.telling():
        from supplynet.io.load import load
        from supplynet.reports.sweep import asked_by

        declared = asked_by(ask)
        known = {option.name: option for option in options_of(declared.query)}
        shared = {name: value_of(known, name, text) for name, text in fixed}
        document, table = swept(declared, load(graph), [shared], dict(each), jobs)
    output.write(document, table)
