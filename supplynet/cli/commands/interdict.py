"""``supplynet interdict``: the losses, few at a time, that cost a nation most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import Asked, search_seconds
from supplynet.cli.failing import end_unproved, told_by
from supplynet.cli.output import Output, as_list
from supplynet.reports.build import plain_table
from supplynet.terms import ATTACKS

if TYPE_CHECKING:
    from supplynet.analysis.balance.worst import BalanceInterdictionResult
    from supplynet.analysis.flow.interdict import InterdictionResult

METRICS = ("loss_share", "loss", "value", "bound", "demand_share")
COLUMNS = (
    "element",
    "budget",
    "removed",
    "names",
    "value",
    "bound",
    "loss",
    "unit",
    "proved",
    "loss_share",
)


@click.command("interdict")
@options.graph
@options.question()
@options.option(
    "-k --k N", click.IntRange(min=0), "How many may be lost. Default: 2, unless --budget is given."
)
@options.option(
    "--budget NUMBER", click.FloatRange(min=0), "What the losses may cost together, with --cost."
)
@options.option(
    "--cost ID=NUMBER...",
    words.NamedNumber("cost", "--cost ID=2"),
    "What the loss of one costs; 1 for those that are not named. Repeatable.",
    "costs",
)
@options.by(ATTACKS, help="What is lost as one.")
@options.option(
    "--protect WHAT...", words.Selector("what", "--protect KOR"), "What cannot be lost."
)
@options.model
@options.count
@options.search_time_limit
@options.output(metrics=METRICS)
def command(
    graph: str,
    asked: Asked,
    k: int | None,
    budget: float | None,
    costs: tuple[tuple[str, float], ...],
    by: str,
    protect: tuple[str, ...],
    model: str,
    count: str,
    time_limit: float | None,
    output: Output,
) -> None:
    """Which losses, few at a time, cost most?

    The worst set, proved; it is not the top of a ranking. If --time-limit or Ctrl-C ends the
    search first, the best set so far is shown with what is proved of it, and the exit code is 4
    or 130. With --model balance demand served counts, and --to all means all nations together.
    """
    if budget is not None and k is not None:
        raise click.UsageError("give --k or --budget, not both")
    if costs and budget is None:
        raise click.UsageError("--cost needs --budget; write for example --budget 3")
    words_of_attack: dict[str, Any] = {
        "k": 2 if k is None and budget is None else k,
        "budget": budget,
        "by": by,
        "cost": dict(costs) or None,
        "protect": ",".join(protect) or None,
        "time_limit": time_limit,
    }
    if model == "balance":
        if count != "need":
            raise click.UsageError("--count all goes with --model flow: a balance serves needs")
        _in_balance(graph, asked, words_of_attack, output)
        return
    words_of_attack["count"] = count
    with output.progress("Searching") as progress:
        from supplynet.analysis.flow.interdict import interdict
        from supplynet.io.load import load
        from supplynet.reports.results_attack import of_interdict

        net = load(graph)
        words_of_attack["time_limit"] = search_seconds(time_limit, net, is_quiet=output.is_quiet)
        keywords, elements = asked.words(), asked.elements(net)
        results: list[InterdictionResult] = []
        for done, element in enumerate(elements):
            progress.step(f"Searching for {element}", done, len(elements))
            results.append(interdict(net, element=element, **words_of_attack, **keywords))
            if results[-1].status == "interrupted":
                break
        document = of_interdict(*results)
        rows = [row for result in results for row in _rows(result)]
    output.write(as_list(document), plain_table(COLUMNS, rows))
    end_unproved([result.status for result in results], is_quiet=output.is_quiet)
    output.judge(
        results[0].headline, [told_by(result, METRICS, result.element) for result in results]
    )


def _in_balance(graph: str, asked: Asked, words_of_attack: dict[str, Any], output: Output) -> None:
    """Show the worst case in the balance, of all elements together."""
    with output.progress("Searching"):
        from supplynet.analysis.balance.worst import interdict_balance
        from supplynet.io.load import load
        from supplynet.reports.results_disrupt import of_interdict_balance

        net, keywords = load(graph), asked.words()
        to = keywords.pop("to")
        limit = search_seconds(words_of_attack["time_limit"], net, is_quiet=output.is_quiet)
        worst = interdict_balance(
            net,
            to=None if to == "all" else to,
            element=asked.element_text,
            **{**words_of_attack, "time_limit": limit},
            **keywords,
        )
        document = of_interdict_balance(worst)
    output.write(document, plain_table(COLUMNS, _rows(worst)))
    end_unproved([worst.status], is_quiet=output.is_quiet)
    output.judge(worst.headline, [told_by(worst, METRICS)])


def _rows(result: InterdictionResult | BalanceInterdictionResult) -> list[dict[str, object]]:
    """One row a budget; the budget asked for alone where the smaller ones are not known."""
    steps = [
        (step.budget, step.sets[0], step.value, step.bound, step.is_proved)
        for step in result.frontier
    ]
    asked = (result.budget, result.removed, result.value, result.bound, result.is_proved)
    return [
        {
            "element": getattr(result, "element", "all"),
            "budget": budget,
            "removed": ";".join(target.id for target in removed),
            "names": "; ".join(target.name for target in removed),
            "value": value,
            "bound": bound,
            "loss": result.whole - value,
            "unit": result.unit,
            "proved": is_proved,
            "loss_share": (result.whole - value) / result.whole if result.whole else 0.0,
        }
        for budget, removed, value, bound, is_proved in steps or [asked]
    ]
