"""The document of a time to survive: days and months by form, and what each stock bought."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from supplynet.analysis.time.rows import BARE, SHORT
from supplynet.present.answers import table_of
from supplynet.present.document import Content, Document, Table, of_result, section
from supplynet.present.words import (
    capitalized,
    checked,
    count,
    in_sentence,
    link_phrase,
    scenario_phrase,
    target,
    untold,
    without,
)
from supplynet.terms import BEHAVIORS, LENSES
from supplynet.text import by_size, days, listing, share, share_range

if TYPE_CHECKING:
    from supplynet.analysis.time.rows import Survival
    from supplynet.contract.answer import Result
    from supplynet.questions.survive import SurviveResult

#: part of a figure below which it is rounding of the programs
_NOTHING = 1e-6
#: rows of a table before the rest is left to CSV and JSON
_MOST = 20


def of_survive(result: SurviveResult) -> Document:
    """Return the document of a time to survive."""
    question = result.question
    also = () if result.provenance.options["makers"] else ("how long makers go on",)
    cut = result.cut
    title = (
        f"How long {target(question)} {'survive' if question.is_several else 'survives'}"
        f"{without(question)}{scenario_phrase(question.net)}"
        f"{_shocks(result)}, {cut[0].begin} to {cut[-1].end}"
    )
    sections = (
        section("", "answer", survive_answer(result), *without_ends(result, *also)),
        section("How long, and how much", "forms", _forms(result)),
        section("Which nation is short, and when", "nations", *_nations(result)),
        section("How long makers go on", "makers", *_makers(result)) if result.makers else None,
        section("What each stock buys", "stocks", *_worths(result)) if result.worths else None,
        section("Method", "method", _method(result)),
    )
    return of_result(title, sections, result)


def _shocks(result: SurviveResult) -> str:
    """Which shocks are survived, as the end of a title; empty where something is shut instead."""
    shocks = dict.fromkeys(part.shock for part in result.parts if part.shock)
    scenarios = dict.fromkeys(
        part.scenario for part in result.parts if part.scenario and not part.shock
    )
    named = [f"the shock {shock}" for shock in shocks] + [
        f"the scenario {scenario}" for scenario in scenarios
    ]
    return f" under {listing(named)}" if named else ""


#: forms that are reported one by one when all buy at once; of more the table states the others
_MOST_FORMS = 3


def survive_answer(result: SurviveResult) -> str:
    """Return the answer in sentences: days alone, months when all buy at once, what is lost."""
    who = target(result.question)
    forms: dict[str, list[str]] = {}
    for row in result.rows:
        forms.setdefault(f"{days(row.days)}{_span(row)}", []).append(in_sentence(row.title))
    alone = listing(f"{time} of {listing(titles)}" for time, titles in forms.items())
    several = result.question.is_several
    they, whose = ("they", "their") if several else ("it", "its")
    text = (
        f"On {link_phrase(result.question)} and {whose} own stocks, with exclusive access, {who} "
        f"could meet {whose} demand for {alone}. "
    )
    shown = result.rows if len(result.rows) <= _MOST_FORMS else result.rows[: _MOST_FORMS - 1]
    texts = [_contested(row, "they are" if several else "it is") for row in shown]
    if any(_is_carried(result, row) for row in result.rows):
        texts.append(
            "What lasts longer in competition than alone is carried by stocks of others, or misses "
            f"less than {share(1.0 - SHORT)}."
        )
    return text + " ".join(texts)


def _is_carried(result: SurviveResult, row: Survival) -> bool:
    """Whether a form lasts longer when all buy at once, as it can by stocks that others hold."""
    first = min(part.begin for part in result.parts)
    # once the shock is over nobody needs to be carried
    months = first.until(max(part.end for part in result.parts)) + 1
    lasts = months if row.survives is None else min(months, row.survives)
    # whole months of any length: only what is longer by more than a day
    return 30.0 * lasts > row.days + 1.0


def _span(row: Survival) -> str:
    """The ends of a time to survive in brackets; nothing where they are the same."""
    if days(row.days_low) == days(row.days_high):
        return ""
    return f" ({_day(row.days_low)} to {_day(row.days_high)})"


def _day(value: float) -> str:
    return "endless" if math.isinf(value) else f"{value:,.0f}"


def _contested(row: Survival, who: str) -> str:
    """What happens in a form when all buy at once, in a sentence."""
    form = in_sentence(row.title)
    if row.survives is None:
        return f"Of {form} {who} never short in competition."
    when = "at once" if not row.survives else f"after {count(row.survives, 'month')}"
    until = (
        "to the end of the horizon"
        if row.recovers is None
        else f"until month {row.recovers} is over"
    )
    span = ""
    if row.lost_share_low != row.lost_share_high:
        span = f", {share_range(row.lost_share_low, row.lost_share_high)} at the ends of the data"
    saved = ""
    if row.bare_lost_share > row.lost_share:
        saved = f"; without any stock it would be {share(row.bare_lost_share)}"
    return (
        f"Of {form} {who} short {when} in competition, {until}: {share(row.lost_share)} of the "
        f"need of the whole horizon is lost{span}{saved}."
    )


def _forms(result: SurviveResult) -> Table:
    caption = "With exclusive access in days, in competition in months and shares"
    return table_of(result, "rows", caption=caption, without=_untold(result))


def _untold(result: SurviveResult) -> tuple[str, ...]:
    """Return the columns of the ends of the data where these were not worked out."""
    bounds = ("days_low", "survives_low", "lost_share_low")
    return () if result.provenance.options["ranges"] else bounds


def _nations(result: SurviveResult) -> tuple[Content, ...]:
    """Which nations are short when all buy at once, the first of them first."""
    shown = [row for row in result.nations if row.lost_share_high > _NOTHING]
    if not shown:
        span = ", at either end of the data" if result.provenance.options["ranges"] else ""
        return (f"None{span}.",)
    caption = "When all buy at once, from the first month of the shock; of what is normal"
    rows = shown[:_MOST]
    return (table_of(result, "nations", rows=rows, caption=caption, without=_untold(result)),)


def _makers_told(index: int) -> str:
    return "1 maker that sells" if index == 1 else f"{index:,} makers that sell"


def _makers(result: SurviveResult) -> tuple[Content, ...]:
    """How long makers go on that sell to the target or stand in it."""
    short = [row for row in result.makers if not math.isinf(row.days_low)]
    endless = len(result.makers) - len(short)
    text = (
        f"Of {_makers_told(len(result.makers))} to {target(result.question)} or "
        f"{'stands' if len(result.makers) == 1 else 'stand'} in "
        f"{'them' if result.question.is_several else 'it'} {endless} could make what they make "
        "without the shock for more than ten years, if all others gave way to each: it is a bound."
    )
    if not short:
        return (text,)
    caption, rows = "The others, the shortest first", short[:_MOST]
    table = table_of(result, "makers", rows=rows, caption=caption, without=_untold(result))
    return text, table


def _worths(result: SurviveResult) -> tuple[Content, ...]:
    rows = [
        worth
        for worth in sorted(result.worths, key=lambda worth: (by_size(worth.days), worth.stock))
        if worth.days > 0.0
    ]
    if not rows:
        return ("None of them makes the time to survive longer by itself.",)
    text = (
        "How many days earlier demand could not be met if this stock alone were not there. What "
        "several buy only together is reported of each."
    )
    caption = "Own stocks that make the time to survive longer"
    return (text, table_of(result, "stocks", rows=rows, caption=caption))


#: what the ends of days are, and what those of the rest are not
_ENDS = (
    "Least and most days hold whichever end plants and links, needs, and stocks are at, each of "
    "the three by itself. Months, shares and makers are given with all figures at one end at once; "
    "with others at other ends they may lie outside.",
)


def _method(result: SurviveResult) -> tuple[str, ...]:
    options = result.provenance.options
    lines = [
        "Shocks: " + "; ".join(part.label for part in result.parts) + ".",
        "Time to survive (Simchi-Levi and others, 2014): the longest time through which the whole "
        "need of a form can be met from what still arrives and from own stocks, by one program in "
        "which nobody else draws. It is a bound on what own stocks give: with others drawing all "
        "of it is not met by them for longer. Stocks that others hold count only in competition.",
        *(_ENDS if options["ranges"] else ()),
        "Demand is what is served without the shock in competition. Months without want are those "
        f"before the first in which less than {share(SHORT)} of it is served.",
        f"When all buy at once: {BEHAVIORS[options['behavior']].meaning}.",
        *(f"When all buy at once: {line}" for line in assumed(options)),
        LENSES[result.question.lens].sentence,
    ]
    solved = f"{count(result.n_programs, 'program')} of {count(result.n_runs, 'run')}"
    text = f"{solved}, one of them {BARE} of stocks, with no gap above"
    lines.append(checked(result.certificate, text))
    return tuple(capitalized(line) for line in lines)


def without_ends(result: Result, *also: str) -> tuple[str, ...]:
    """Return that the ends of the data are left out, and how they are to be had; else nothing.

    `also` is what else is left out, which `--full` alone brings.
    """
    has_ends = result.provenance.options["ranges"]
    text = untold("" if has_ends else "the low and high ends of the data", also)
    return (text,) if text else ()


def assumed(options: Mapping[str, Any]) -> Iterator[str]:
    """Return what is assumed of goods on the way, of who expects a shock, and of who waits."""
    lead, grown, waits = (options[name] for name in ("lead", "anticipation", "postponed"))
    route = "Within a period everything arrives: no time on the way is counted."
    if options["delays"]:
        route = (
            "Goods are on the way for whole periods, by the days that the table lead_times states "
            "of transport and processing; what leaves too late to arrive is on the way at the end."
        )
        if options["behavior"] == "rolling":
            route += (
                " Each period is decided as if what holds in it went on until that has arrived."
            )
    if lead:
        route = (
            f"Goods are {count(lead, 'month')} on the way: a shock is felt so late, and so is its "
            "end."
        )
    yield route
    if grown:
        yield (
            f"Who expects the shock lets stocks grow by up to {share(grown)} before it, as fast as "
            "they are refilled, of what is over when all demands are served."
        )
    if waits:
        yield f"Of what is missing {share(waits)} is asked for again in the next period."
    if options["gradual"]:
        yield (
            "Plants that fill or run down do so within a year, its mean kept; what is normal is "
            "that of each period."
        )
    if options["respond"]:
        yield (
            "What is begun in the first month of the shock gives tonnes after its lead and median "
            "delay: a plant along the curve of its stage, a substitute while the shock can be felt "
            "and where nothing else serves."
        )
    if options["seasonal"]:
        yield (
            "Links carry in each period what the table seasons has for its months, the year kept; "
            "what is normal is that of each period."
        )
