"""The document of a run through time: who is short first, the months, and what stocks did."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from supplynet.analysis.time.rows import SHORT, added_up
from supplynet.network.countries import country_name
from supplynet.present.answers import table_of
from supplynet.present.document import (
    Document,
    Head,
    LiveSlot,
    Table,
    grouped,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import capitalized, checked, count, scenario_phrase
from supplynet.questions.survive.page import assumed
from supplynet.reports.live import Axis, Choice, Fact, Live, State
from supplynet.terms import BEHAVIORS, LENSES
from supplynet.text import by_size, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.time.periods import Period
    from supplynet.analysis.time.rows import HoldRow
    from supplynet.questions.run import RunResult

#: part of a figure below which it is rounding of the programs
_NOTHING = 1e-6
_MILLION = 1e6
#: rows of a table before the rest is left to CSV and JSON
_MOST = 20


def of_run(result: RunResult) -> Document:
    """Return the document of a run."""
    nations = result.shown
    by_period = largest_holds(result, nations)
    answer = result.summary() + holds_sentence(result, nations, by_period)
    stocks, begun = result.stocks, result.responses
    months = _months(result, nations), _slider(result, nations)
    sections = (
        section("", "answer", answer),
        section("Who is short, and how long", "endurance", _endurance(result)),
        section("Period by period", "months", *months),
        section("Binding constraint", "holds", holds(by_period)),
        section("What stocks did", "stocks", _stocks(result) if stocks else None),
        section("What is begun", "responses", _responses(result) if begun else None),
        section("Method", "method", _method(result)),
    )
    title = (
        f"Through time, {result.cut[0].begin} to {result.cut[-1].end}"
        f"{scenario_phrase(result.question.net)}"
    )
    return of_result(title, sections, result)


def _endurance(result: RunResult) -> str | Table:
    shown = [row for row in result.endurance if row.lost_share > _NOTHING][:_MOST]
    if not shown:
        return "Nobody is short of what is served without a shock."
    caption = (
        "Months from the first of the shock; half of what was lost at worst; shares of what is "
        "served without it"
    )
    return table_of(result, "endurance", rows=shown, caption=caption)


def _months(result: RunResult, nations: frozenset[str] | None) -> Table:
    if nations is None:
        return table_of(
            result,
            "months",
            rows=added_up(result.months),
            caption="What is served, t of product, all nations together",
            without=("nation",),
        )
    rows = [row for row in result.months if row.nation in nations]
    return table_of(result, "months", rows=rows, caption="What is served, t of product")


def _slider(result: RunResult, nations: frozenset[str] | None) -> LiveSlot:
    """Return the periods as states of a page, to move through."""
    who = "all nations together" if nations is None else ", ".join(sorted(nations))
    lead = f"Served of what is normal, by form: {who}."
    return LiveSlot("Move through the periods", lead, partial(live_months, result, nations))


def _stocks(result: RunResult) -> Table:
    rows: list[dict[str, Any]] = []
    by_stock = grouped(result.stocks, lambda row: row.stock)
    for stock, stock_rows in by_stock.items():
        first = math.fsum(line.tonnes for line in result.lines if line.stock.id == stock)
        drawn = sum(row.drawn for row in stock_rows)
        if drawn > _NOTHING * first:
            by_period = grouped(stock_rows, lambda row: row.period).values()
            left = (sum(row.level for row in same) for same in by_period)
            # what is left of a stock that is used up is rounding of the programs
            levels = [level if level > _NOTHING * first else 0.0 for level in left]
            cells = {"first": first, "drawn": drawn, "least": min(levels), "last": levels[-1]}
            rows.append({"name": stock_rows[0].name, **cells})
    rows.sort(key=lambda row: (by_size(row["drawn"] / row["first"]), row["name"]))
    caption = (
        f"{count(len(rows), 'stock is', 'stocks are')} drawn on, {len(by_stock) - len(rows)} not"
    )
    if len(rows) > _MOST:
        caption += f"; the {_MOST} that give most of what they hold"
    return table_from(
        "stocks",
        rows[:_MOST],
        caption,
        name="Stock",
        first=Head("At first, t", "tonnes"),
        drawn=Head("Drawn, t", "tonnes"),
        least=Head("Least, t", "tonnes"),
        last=Head("At the end, t", "tonnes"),
    )


def _responses(result: RunResult) -> Table:
    cells = {
        "cost": lambda row: row.cost / _MILLION,
        "cost_low": lambda row: (
            f"{row.cost_low / _MILLION:,.3g} to {row.cost_high / _MILLION:,.3g}"
        ),
    }
    caption = "Cost: what is spent once, and of a substitute the premium on what it gives"
    return table_of(result, "responses", caption=caption, cells=cells)


def _uniqueness(options: Mapping[str, Any]) -> str:
    """Return which of the figures are the only answer."""
    if options["delays"] and options["behavior"] == "rolling":
        # Plans as good for a period may send in different ways, and the next ones start from that.
        return (
            "What each demand is served in a period is unique for what is on the way at its "
            "beginning: the worst is served first. Which of several plans that serve as much sends "
            "what comes later may not be, so that later periods could differ; of all such plans "
            "the one that leaves most in stocks, by their shares and then their names, is shown."
        )
    return (
        "What each demand is served is unique: the worst is served first. Which of several "
        "stocks gives it may not be; of all such plans the one that leaves most in them, by their "
        "shares and then their names, is shown. A nation that holds a stock draws it first where "
        "that leaves what flows to those who hold none."
    )


def _method(result: RunResult) -> tuple[str, ...]:
    lines = [
        "Shocks: " + ("; ".join(part.label for part in result.parts) or "none") + ".",
        "Normal is what the balance of the year serves each nation of each product without a "
        f"shock, by the length of the period. A nation counts as short below {share(SHORT)} of it.",
        f"{BEHAVIORS[result.behavior].meaning}.",
        "A stock is drawn while a shock is in force, by what it may release in a month, and "
        "filled again with what is over when none is.",
        _uniqueness(result.provenance.options),
        *assumed(result.provenance.options),
        LENSES[result.question.lens].sentence,
    ]
    n_programs = count(result.n_programs, "program")
    lines.append(checked(result.certificate, f"{n_programs}, with no gap above"))
    return tuple(capitalized(line) for line in lines)


#: what is said where no limit has a price
_NO_LIMIT = "No limit: no route leads there, or it would have had to leave earlier"


class Hold(NamedTuple):
    """What holds most of what is missing in a period down."""

    period: str
    row: HoldRow
    missing: float
    whole: float


def holds(by_period: Sequence[Hold]) -> str | Table:
    """Return what holds most of what is missing down, periods with the same limit as one row."""
    if not by_period:
        return "Nothing: nobody asked for is short of what is normal."
    spans = [list(same) for _, same in groupby(by_period, _limit)]

    def period(same: Sequence[Hold]) -> str:
        return " to ".join(dict.fromkeys((same[0].period, same[-1].period)))

    def capacity(same: Sequence[Hold]) -> str:
        row = same[0].row
        return "" if row.capacity is None else f"{tonnes(row.capacity)} {row.unit}"

    def missing(same: Iterable[Hold]) -> float:
        return sum(hold.missing for hold in same)

    return table_from(
        "holds",
        spans,
        "Of what is normal, t of product; by the duals that prove each level. Where several limits "
        "hold at once, another may be named as well",
        period=Head("Period", of=period),
        limit=Head("Holds most of it down", of=lambda same: same[0].row.name or _NO_LIMIT),
        capacity=Head("In a period", of=capacity),
        missing=Head("Missing by it, t", "tonnes", missing),
        part=Head(
            "Of all missing",
            "share",
            lambda same: missing(same) / sum(hold.whole for hold in same),
        ),
    )


def _limit(hold: Hold) -> tuple[str, str]:
    return hold.row.kind, hold.row.id


def holds_sentence(
    result: RunResult, nations: frozenset[str] | None, by_period: Sequence[Hold]
) -> str:
    """Return what holds most of what is missing down, in a sentence; empty where none is short."""
    if not by_period:
        return ""
    by_limit = grouped(by_period, _limit).values()
    selection = max(by_limit, key=lambda same: sum(hold.missing for hold in same))
    what = selection[0].row.name or "that no route leads there"
    if selection[0].row.kind in ("restriction", "stock", "cap"):  # their names are phrases
        what = what[0].lower() + what[1:]
    areas = result.question.net.commodity.areas
    names = [country_name(nation, areas) for nation in sorted(nations or ())]
    who = f"For {' and '.join(names)} what" if names else "What"
    fraction = sum(hold.missing for hold in selection) / sum(hold.whole for hold in by_period)
    return (
        f" {who} holds most of it down is {what}: {share(fraction)} of what is missing, the "
        f"largest part in {len(selection)} of {count(len(by_period), 'period')} with a shortage."
    )


def largest_holds(result: RunResult, nations: frozenset[str] | None) -> list[Hold]:
    """Return by period the limit that holds most of what is missing down, periods in order."""
    largest = []
    shown = (row for row in result.binding if nations is None or row.nation in nations)
    for period, several in groupby(shown, lambda row: row.period):
        by_limit = grouped(several, lambda row: (row.kind, row.id)).values()
        sums = [sum(row.missing for row in same) for same in by_limit]
        most, same = max(zip(sums, by_limit, strict=True), key=itemgetter(0))
        largest.append(Hold(period, same[0], most, sum(sums)))
    return largest


#: figures of a state by name of the fact: the number in full, and as it is written
Figures = dict[str, tuple[float | None, str]]


def live_months(result: RunResult, nations: frozenset[str] | None = None) -> Live:
    """Return the periods of a run, one state each; the page opens with the worst."""
    forms = list(dict.fromkeys(row.form for row in result.months))
    titles = {form: result.question.net.form_by_name[form].title for form in forms}
    facts = [Fact(form, titles[form]) for form in forms]
    if result.stocks:
        facts.append(Fact("stocks", "Left in stocks"))
    states: dict[tuple[int, ...], State] = {
        (index,): State(_summary(result, period), _figures(result, period, nations), {})
        for index, period in enumerate(result.cut)
    }
    worst = min(
        range(len(result.cut)),
        key=lambda position: min(
            (row.share for row in result.months if row.period == result.cut[position].label),
            default=1.0,
        ),
    )
    choices = tuple(Choice(period.label, period.label) for period in result.cut)
    axis = Axis("period", "Period", choices, is_scale=True)
    return Live((axis,), (worst,), tuple(facts), (), states)


def _figures(result: RunResult, period: Period, nations: frozenset[str] | None) -> Figures:
    """Return what is served of each form, and what is left of all stocks by their share."""
    rows = [
        row
        for row in result.months
        if row.period == period.label and (nations is None or row.nation in nations)
    ]
    figures: Figures = {row.form: (None, "none is needed") for row in result.months}
    for row in added_up(rows):
        text = f"{share(row.share)} ({tonnes(row.served)} of {tonnes(row.normal)} t)"
        figures[row.form] = (row.share, text)
    if result.stocks:
        first = sum(line.tonnes for line in result.lines)
        left = sum(row.level for row in result.stocks if row.period == period.label)
        figures["stocks"] = (left / first, f"{share(left / first)} of {tonnes(first)} t")
    return figures


def _summary(result: RunResult, period: Period) -> str:
    """Return what is in force in a period, who is short in it, and who most."""
    net = result.question.net
    parts = [part.what for part in result.parts if part.holds(period)]
    shocks = ", ".join(parts) or "no shock"
    rows = [row for row in result.months if row.period == period.label]
    short = [row for row in rows if row.share < SHORT]
    if not short:
        return f"{period.label}, {shocks}: nobody is short."
    worst = min(short, key=lambda row: row.share)
    return (
        f"{period.label}, {shocks}: {count(len(short), 'need')} of {len(rows)} short, most "
        f"{country_name(worst.nation, net.commodity.areas)}, "
        f"{net.form_by_name[worst.form].title.lower()}: {share(worst.share)} of normal."
    )
