"""What a plan is asked for: the options that every command about plans shares."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from typing import Any

import click

from supplynet.cli import options, words
from supplynet.cli.asked import keywords
from supplynet.cli.console import say_behind

Function = Callable[..., Any]

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
#: words of plan() that these options give
_ASKED = options.command()(options.apply_all(_QUESTION, lambda: None))
_NAMES = [one.name for one in _ASKED.params if one.expose_value]


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
    """Return the first year of a target that names none, and tell it."""
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
