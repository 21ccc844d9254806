"""``supplynet plan``: what to do to reach a target, from when, at what cost."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import scenarios
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output, plain_table

METRICS = ("cost", "coverage", "options")


@click.command("plan")
@options.graph
@click.option(
    "--to",
    multiple=True,
    required=True,
    type=words.Text("who", "--to KOR"),
    metavar="WHO",
    help="The nation or bloc that plans; of a bloc each member reaches the target.",
)
@click.option(
    "--avoid",
    multiple=True,
    type=words.Selector("what", "--avoid CHN"),
    metavar="WHAT",
    help="What is shut in all years. Repeatable.",
)
@click.option(
    "--target",
    type=words.Text("target", "--target coverage=0.5"),
    metavar="TARGET",
    help="What to cover: coverage=0.5, or coverage:NAME=0.5 of a form or product; several with "
    "commas. Without it the most that --budget allows.",
)
@click.option("--by", required=True, type=int, metavar="YEAR", help="First year of the target.")
@click.option(
    "--until",
    type=int,
    metavar="YEAR",
    help="Last year of the target. Default: the last whose demand the graph knows.",
)
@click.option(
    "--begin",
    type=int,
    metavar="YEAR",
    help="First year in which money is spent. Default: the first that an option can take.",
)
@click.option(
    "--budget",
    multiple=True,
    type=words.Text("budget", "--budget 500e6"),
    metavar="USD",
    help="USD that may be spent in all, in dollars of the first year; or YEAR=USD of a year. "
    "Repeatable.",
)
@click.option(
    "--discount",
    type=float,
    default=0.05,
    show_default=True,
    help="Rate per year at which later money counts less.",
)
@click.option(
    "--include",
    multiple=True,
    type=words.Text("ids", "--include my-plant"),
    metavar="IDS",
    help="Options that are chosen whatever they cost. Repeatable.",
)
@click.option(
    "--exclude",
    multiple=True,
    type=words.Text("ids", "--exclude my-plant"),
    metavar="IDS",
    help="Options that are not chosen. Repeatable.",
)
@click.option(
    "--alternatives",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Look for so many other plans that cost at most a tenth more, and say which options are "
    "in all, some or none of them.",
)
@click.option(
    "--curve",
    type=click.FloatRange(min=0.0, max=1.0),
    metavar="STEP",
    help="Show coverage against money, in points at least so far apart.",
)
@click.option(
    "--draws",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Draw delays and failures of options so often: the chance of the plan.",
)
@click.option(
    "--chance",
    type=click.FloatRange(min=0.0, max=1.0),
    default=0.8,
    show_default=True,
    help="Chance for which options are added, with --draws.",
)
@options.lens
@options.floors_of_plans
@options.scenario
@options.program_time_limit
@options.output(metrics=METRICS)
def command(
    graph: str,
    to: tuple[str, ...],
    avoid: tuple[str, ...],
    budget: tuple[str, ...],
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    scenario: tuple[str, ...],
    output: Output,
    **asked: Any,
) -> None:
    """What to do to reach a target, from when, at what cost?

    Options of the graph (options.csv) are chosen so that the target holds from --by on at least
    cost, with the proof that nothing is cheaper; each choice is explained.
    """
    with output.progress("Solving"):
        from supplynet.analysis.decisions.ask import plan
        from supplynet.analysis.decisions.result import Chosen
        from supplynet.io.load import load
        from supplynet.report.results_plan import of_plan

        result = plan(
            load(graph),
            to=",".join(to),
            avoid=",".join(avoid) or None,
            budget=_budget(budget),
            include=_ids(include),
            exclude=_ids(exclude),
            scenario=scenarios(scenario) or None,
            **asked,
        )
        document = of_plan(result)
        rows = [asdict(row) for row in result.chosen]
    output.write(document, plain_table(tuple(Chosen.__slots__), rows))
    facts = {
        "cost": result.cost,
        "coverage": result.coverage,
        "options": len(result.chosen),
    }
    output.judge([Facts(facts)])


def _ids(texts: tuple[str, ...]) -> list[str]:
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


def _budget(texts: tuple[str, ...]) -> float | dict[int, float] | None:
    """Return a budget in all, or by year."""
    if not texts:
        return None
    try:
        if len(texts) == 1 and "=" not in texts[0]:
            return float(texts[0])
        pairs = [part.split("=") for text in texts for part in text.split(",")]
        return {int(year): float(money) for year, money in pairs}
    except ValueError:
        raise click.UsageError(
            f"--budget {' '.join(texts)} is no budget; write 500e6, or 2027=100e6,2028=200e6"
        ) from None
