"""``supplynet plan``: what to do to reach a target, from when, at what cost."""

from __future__ import annotations

from typing import Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import scenarios, with_ranges
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.cli.planned import question_of_plan
from supplynet.present.document import plain_table

METRICS = ("cost", "coverage", "options")


@options.command()
@options.graph
@question_of_plan
@click.option(
    "--alternatives",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Look for so many other plans that cost at most a tenth more, and say which options are "
    "in all, some or none of them.",
)
@options.option(
    "--keep FILE",
    words.OutputFile("plans.jsonl"),
    "Store each other plan in a file as it is found; the same command goes on from there.",
)
@options.option(
    "--regret SCENARIO...",
    words.Text("scenario", "--regret late"),
    "Scenarios that the plan is to stand as well: the plan of least regret for a budget, or "
    "the cheapest that reaches its target in all. Repeatable.",
)
@options.option(
    "--risk LEVEL",
    click.FloatRange(min=0.0, max=1.0, max_open=True),
    "With --target, --budget and --draws: the plan whose worst draws miss least of the "
    "target; 0.8 for the worst fifth.",
)
@options.option(
    "--curve STEP",
    click.FloatRange(min=0.0, max=1.0),
    "Show coverage against money, in points at least so far apart.",
)
@click.option(
    "--draws",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Draw delays and failures of options so often: the chance of the plan.",
)
@options.option(
    "--chance",
    click.FloatRange(min=0.0, max=1.0),
    "Chance for which options are added, with --draws.",
    default=0.8,
)
@options.option(
    "--worth SET...",
    words.Text("set", "--worth VNM"),
    "What a set of options saves against the next best plan: ids with commas, or plants that "
    "options name, such as VNM. Repeatable.",
)
@click.option(
    "--ranges/--no-ranges",
    default=None,
    help="Tell every year with all figures at their low and their high end, and not the first "
    "of the target alone. Default: with --full, in files and for --fail-on.",
)
@options.flag(
    "--split", "Of a plan of several nations: what each pays alone, and its fair part of the cost."
)
@options.output(metrics=METRICS)
def command(graph: str, asked: dict[str, Any], output: Output, **further: Any) -> None:
    """What to do to reach a target, from when, at what cost?

    Options of the graph (options.csv) are chosen so that the target could be held from --by on with
    exclusive access, at least cost: no plan of these options costs less. Each choice is explained.
    """
    with output.progress("Solving") as progress, progress.telling():
        from supplynet.analysis.decisions.ask import plan
        from supplynet.io.load import load
        from supplynet.reports.results_plan import of_plan

        further["regret"] = scenarios(further["regret"]) or None
        further = with_ranges(further, wants_all=output.wants_all)
        result = plan(load(graph), **asked, **further, steps=output.wants_all)
        document = of_plan(result)
        rows = [{**row, "cost_all": result.cost} for row in result.records()]
        columns = [column.name for column in result.LAYOUT.table().columns]
    output.write(document, plain_table([*columns, "cost_all"], rows))
    facts = {
        "cost": result.cost,
        "coverage": result.coverage,
        "options": len(result.chosen),
    }
    output.judge(result.headline, [Facts(facts)])
