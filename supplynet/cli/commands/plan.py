"""``supplynet plan``: what to do to reach a target, from when, at what cost."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from typing import Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import keywords, scenarios, with_ranges
from supplynet.cli.console import say_behind
from supplynet.cli.failing import Facts
from supplynet.cli.output import Output
from supplynet.present.document import plain_table

Function = Callable[..., Any]

#: words of plan() that the options below give
_NAMES = [
    "to",
    "avoid",
    "target",
    "by",
    "until",
    "begin",
    "budget",
    "discount",
    "include",
    "exclude",
    "lens",
    "links",
    "plants",
    "tier",
    "scenario",
    "time_limit",
]
_QUESTION: tuple[options.Decorator, ...] = (
    options.option(
        "--to WHO...",
        words.Text("who", "--to KOR"),
        "The nation or bloc that plans; of a bloc each member reaches the target.",
        required=True,
    ),
    options.option(
        "--avoid WHAT...",
        words.Selector("what", "--avoid CHN"),
        "What is shut in all years. Repeatable.",
    ),
    options.option(
        "--target TARGET",
        words.Text("target", "--target coverage=0.5"),
        "What to cover: coverage=0.5, or coverage:NAME=0.5 of a form or product; several with "
        "commas. Without it the most that --budget allows.",
    ),
    options.option(
        "--by YEAR",
        int,
        "First year of the target. Default: the last of the graph that ends in 0 or 5.",
    ),
    options.option(
        "--until YEAR",
        int,
        "Last year of the target. Default: the last whose demand the graph knows.",
    ),
    options.option(
        "--begin YEAR",
        int,
        "First year in which money is spent. Default: the first that an option can take, and next "
        "year at the earliest.",
    ),
    options.option(
        "--budget USD...",
        words.Text("budget", "--budget 500M"),
        "USD that may be spent in all, in dollars of the first year, such as 500M, 0.5bn or 500e6; "
        "or YEAR=USD of a year. Repeatable.",
    ),
    options.option(
        "--discount", float, "Rate per year at which later money counts less.", default=0.05
    ),
    options.option(
        "--include IDS...",
        words.Text("ids", "--include my-plant"),
        "Options that are chosen whatever they cost. Repeatable.",
    ),
    options.option(
        "--exclude IDS...",
        words.Text("ids", "--exclude my-plant"),
        "Options that are not chosen. Repeatable.",
    ),
    options.lens,
    options.floors,
    options.scenario,
    options.program_time_limit,
)


def question_of_plan(function: Function) -> Function:
    """Add what is asked of a plan; the command gets the words of plan() as ``asked``."""

    @functools.wraps(function)
    def gather(**given: Any) -> Any:
        chosen = {name: given.pop(name) for name in _NAMES}
        asked = {
            **keywords(chosen),
            "budget": _budget(chosen["budget"]),
            "include": _ids(chosen["include"]),
            "exclude": _ids(chosen["exclude"]),
        }
        if not asked["target"] and asked["budget"] is None:
            raise click.UsageError(
                "what is wanted is not said; write for example --target coverage=0.5, or --budget "
                "500M for the most that it covers"
            )
        if asked["by"] is None:
            asked["by"] = _usual_year(given["graph"], given["is_quiet"])
        return function(asked=asked, **given)

    return options.apply_all(_QUESTION, gather)


def _usual_year(graph: str, is_quiet: bool) -> int:
    """Return the first year of a target that names none, and state it."""
    from supplynet.io.load import load
    from supplynet.network.scenario.years import present_and_later

    _, year = present_and_later(load(graph))
    if not is_quiet:
        say_behind(f"Note: The target holds from {year} on; --by gives another year.")
    return year


def _ids(texts: tuple[str, ...]) -> list[str]:
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


#: what an amount of money is counted in
_UNITS = {
    "": 1.0,
    "usd": 1.0,
    "k": 1e3,
    "m": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "b": 1e9,
    "billion": 1e9,
}
_MONEY = re.compile(r"(?P<number>\d[\d_]*\.?\d*(?:e\+?\d+)?) ?(?P<unit>[a-z]*)(?: ?usd)?")
#: an amount below this without a unit may have been meant in millions
_LEAST = 1e5


def _budget(texts: tuple[str, ...]) -> float | dict[int, float] | None:
    """Return a budget in all, or by year."""
    if not texts:
        return None
    if len(texts) == 1 and "=" not in texts[0]:
        return _money(texts[0])
    pairs = [part.partition("=") for text in texts for part in text.split(",")]
    if not all(year.strip().isdecimal() for year, _, _ in pairs):
        raise _no_budget(" ".join(texts))
    return {int(year): _money(money) for year, _, money in pairs}


def _money(text: str) -> float:
    """Return USD; an amount whose unit could be another is refused."""
    read = _MONEY.fullmatch(text.strip().lower())
    if read is None or read["unit"] not in _UNITS:
        raise _no_budget(text)
    amount = float(read["number"]) * _UNITS[read["unit"]]
    if not math.isfinite(amount):
        raise _no_budget(text)
    if not read["unit"] and 0.0 < amount < _LEAST:
        raise click.UsageError(
            f"--budget {text} is ambiguous: write {text}M for millions of USD, or {text}USD"
        )
    return amount


def _no_budget(text: str) -> click.UsageError:
    return click.UsageError(
        f"--budget {text} is no budget; write 500M, 0.5bn or 500e6, or 2027=100M,2028=200M"
    )


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
    help="Report every year with all figures at their low and their high end, and not the first "
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
