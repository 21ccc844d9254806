"""``supplynet fortify``: what to protect against the worst losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from supplynet.cli import options, words
from supplynet.cli.asked import Asked, search_seconds
from supplynet.cli.failing import end_unproved, told_by
from supplynet.cli.output import Output, as_list
from supplynet.reports.build import plain_table
from supplynet.terms import ATTACKS

if TYPE_CHECKING:
    from supplynet.analysis.flow.fortify import FortifyResult

METRICS = ("value", "kept", "undefended", "bound")
COLUMNS = (
    "element",
    "protected",
    "removed",
    "value",
    "undefended",
    "kept",
    "bound",
    "unit",
    "proved",
)


@click.command("fortify")
@options.graph
@options.question()
@options.option("--defend N", click.IntRange(min=0), "How many are protected.", default=1)
@options.option(
    "--attack N", click.IntRange(min=0), "How many of the others may then be lost.", default=1
)
@options.by(ATTACKS, help="What is protected or lost as one.")
@options.option(
    "--protect WHAT...", words.Selector("what", "--protect KOR"), "What cannot be lost anyway."
)
@options.model
@options.count
@options.search_time_limit
@options.output(metrics=METRICS)
def command(
    graph: str,
    asked: Asked,
    defend: int,
    attack: int,
    by: str,
    protect: tuple[str, ...],
    model: str,
    count: str,
    time_limit: float | None,
    output: Output,
) -> None:
    """What to protect against the worst losses?

    The choice after which the worst losses of others cost least, proved. If --time-limit or
    Ctrl-C ends the search first, the best choice so far is shown, and the exit code is 4 or 130.
    With --model balance demand served counts.
    """
    if model == "balance" and count != "need":
        raise click.UsageError("--count all goes with --model flow: a balance serves needs")
    with output.progress("Searching") as progress:
        from supplynet.analysis.flow.fortify import fortify
        from supplynet.io.load import load
        from supplynet.reports.results_attack import of_fortify

        net = load(graph)
        time_limit = search_seconds(time_limit, net, is_quiet=output.is_quiet)
        keywords, elements = asked.words(), asked.elements(net)
        results: list[FortifyResult] = []
        if model == "balance":
            from supplynet.analysis.balance.defend import fortify_balance

            results = [
                fortify_balance(
                    net,
                    k_defend=defend,
                    k_attack=attack,
                    by=by,
                    protect=",".join(protect) or None,
                    time_limit=time_limit,
                    element=asked.element_text,
                    **keywords,
                )
            ]
            elements = []
        for done, element in enumerate(elements):
            progress.step(f"Searching for {element}", done, len(elements))
            results.append(
                fortify(
                    net,
                    element=element,
                    k_defend=defend,
                    k_attack=attack,
                    by=by,
                    count=count,
                    protect=",".join(protect) or None,
                    time_limit=time_limit,
                    **keywords,
                )
            )
            if results[-1].status == "interrupted":
                break
        document = of_fortify(*results)
        rows = [_row(result) for result in results]
    output.write(as_list(document), plain_table(COLUMNS, rows))
    end_unproved([result.status for result in results], is_quiet=output.is_quiet)
    output.judge(
        results[0].headline, [told_by(result, METRICS, result.element) for result in results]
    )


def _row(result: FortifyResult) -> dict[str, object]:
    return {
        "element": result.element,
        "protected": ";".join(target.id for target in result.protected),
        "removed": ";".join(target.id for target in result.removed),
        "value": result.value,
        "undefended": result.undefended,
        "kept": result.kept,
        "bound": result.bound,
        "unit": result.unit,
        "proved": result.is_proved,
    }
