"""The document of a run through time: who is short first, the months, and what stocks did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from supplynet.analysis.question import target_nodes
from supplynet.analysis.time.months import SHORT, added_up
from supplynet.present.answers import table_of
from supplynet.present.document import (
    Bullets,
    Column,
    Document,
    LiveSlot,
    Paragraph,
    Section,
    Table,
    of_result,
)
from supplynet.present.words import capitalized, count, link_phrase, scenario_phrase, untold
from supplynet.reports.results_holds import holds, holds_sentence, largest_holds
from supplynet.terms import BEHAVIORS, LENSES
from supplynet.text import by_size, gap_at_most, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.time.result import RunResult, StockRow
    from supplynet.contract.result import Result
    from supplynet.reports.live import Live

#: part of a figure below which it is rounding of the programs
_NOTHING = 1e-6
_MILLION = 1e6
#: rows of a table before the rest is left to CSV and JSON
_MOST = 20


def of_run(result: RunResult, *, to: str | None = None) -> Document:
    """Return the document of a run.

    `to` selects the nations whose months are shown; default all of them together.
    """
    nations = None if to is None else target_nodes(result.question.net, to)
    by_period = largest_holds(result, nations)
    answer = run_answer(result) + holds_sentence(result, nations, by_period)
    sections = [
        Section("", (Paragraph(answer),), "answer"),
        Section("Who is short, and how long", _endurance(result), "endurance"),
        Section("Period by period", (_months(result, nations), _slider(result, nations)), "months"),
        Section("What holds it down", holds(by_period), "holds"),
    ]
    if result.stocks:
        sections.append(Section("What stocks did", (_stocks(result),), "stocks"))
    if result.responses:
        sections.append(Section("What is begun", (_responses(result),), "responses"))
    sections.append(Section("Method", (_method(result),), "method"))
    title = (
        f"Through time, {result.cut[0].begin} to {result.cut[-1].end}"
        f"{scenario_phrase(result.question.net)}"
    )
    return of_result(title, tuple(sections), result)


def run_answer(result: RunResult) -> str:
    """Return the answer in sentences: what is lost, who is short first, and when it is over."""
    text = (
        f"When all nations draw at once on {link_phrase(result.question)}, "
        f"{tonnes(result.lost)} of the {tonnes(result.normal)} t of product are lost that they are "
        f"served without a shock ({share(result.lost_share)})."
    )
    short = [row for row in result.endurance if row.survives is not None]
    if not short:
        return f"{text} Nobody is short."
    first = [row for row in short if row.survives == short[0].survives]
    when = "at once" if not short[0].survives else f"after {count(short[0].survives, 'month')}"
    text += (
        f" {count(len(short), 'need')} of {len(result.endurance)} {_are(len(short))} short, "
        f"{count(len(first), 'of them', 'of them')} {when}"
    )
    open_ended = sum(row.recovers is None for row in short)
    latest = max((row.recovers for row in short if row.recovers is not None), default=None)
    if latest is not None:
        text += f"; {_recovered(open_ended)} normal again {count(latest, 'month')} after it began"
    if open_ended:
        verb = "is" if open_ended == 1 else "are"
        text += f"; {open_ended} {verb} short to the end of the horizon"
    return f"{text}."


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _recovered(open_ended: int) -> str:
    return "the others are" if open_ended else "all are"


def _endurance(result: RunResult) -> tuple[Paragraph | Table, ...]:
    shown = [row for row in result.endurance if row.lost_share > _NOTHING][:_MOST]
    if not shown:
        return (Paragraph("Nobody is short of what is served without a shock."),)
    caption = (
        "Months from the first of the shock; half of what was lost at worst; shares of what is "
        "served without it"
    )
    return (table_of(result, "endurance", rows=shown, caption=caption),)


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

    def live() -> Live:
        from supplynet.reports.live_months import live_months

        return live_months(result, nations)

    who = "all nations together" if nations is None else ", ".join(sorted(nations))
    lead = f"Served of what is normal, by form: {who}."
    return LiveSlot("Move through the periods", lead, live)


def _stocks(result: RunResult) -> Table:
    first: dict[str, float] = {}
    for line in result.plan.program.lines:
        if line.begins is not None:
            continue
        first[line.stock.id] = first.get(line.stock.id, 0.0) + line.tonnes
    moves: dict[str, dict[str, list[StockRow]]] = {}
    for row in result.stocks:
        moves.setdefault(row.stock, {}).setdefault(row.period, []).append(row)
    rows: list[dict[str, Any]] = []
    for stock, by_period in moves.items():
        levels = [sum(row.level for row in rows) for rows in by_period.values()]
        drawn = sum(row.drawn for rows in by_period.values() for row in rows)
        if drawn > _NOTHING * first[stock]:
            name = next(iter(by_period.values()))[0].name
            # what is left of a stock that is used up is rounding of the programs
            levels = [level if level > _NOTHING * first[stock] else 0.0 for level in levels]
            cells = {"first": first[stock], "drawn": drawn, "least": min(levels)}
            rows.append({"name": name, **cells, "last": levels[-1]})
    rows.sort(key=lambda row: (by_size(row["drawn"] / row["first"]), row["name"]))
    columns = (
        Column("name", "Stock"),
        Column("first", "At first, t", kind="tonnes"),
        Column("drawn", "Drawn, t", kind="tonnes"),
        Column("least", "Least, t", kind="tonnes"),
        Column("last", "At the end, t", kind="tonnes"),
    )
    idle = len(moves) - len(rows)
    caption = f"{count(len(rows), 'stock is', 'stocks are')} drawn on, {idle} not"
    if len(rows) > _MOST:
        caption += f"; the {_MOST} that give most of what they hold"
    return Table(columns, tuple(rows[:_MOST]), caption, "stocks")


def _responses(result: RunResult) -> Table:
    columns = (
        Column("name", "Begun when the shock comes"),
        Column("begins", "Gives from"),
        Column("drawn", "In place of product, t", kind="tonnes"),
        Column("cost", "Cost, M USD", kind="tonnes"),
        Column("range", "Low to high"),
        Column("confidence", "Known"),
    )
    rows = tuple(
        {
            "name": row.name,
            "begins": row.begins,
            "drawn": row.drawn,
            "cost": row.cost / _MILLION,
            "range": f"{row.cost_low / _MILLION:,.3g} to {row.cost_high / _MILLION:,.3g}",
            "confidence": row.confidence,
        }
        for row in result.responses
    )
    caption = "Cost: what is spent once, and of a substitute the premium on what it gives"
    return Table(columns, rows, caption, "responses")


def without_ends(result: Result, *also: str) -> tuple[Paragraph, ...]:
    """Return that the ends of the data are left out, and how they are to be had; else nothing.

    `also` is what else is left out, which `--full` alone brings.
    """
    has_ends = result.provenance.options["ranges"]
    told = untold("" if has_ends else "the low and high ends of the data", also)
    return (Paragraph(told),) if told else ()


def assumed(options: Mapping[str, Any]) -> list[str]:
    """Return what is assumed of goods on the way, of who expects a shock, and of who waits."""
    lead, grown, waits = (options[name] for name in ("lead", "anticipation", "postponed"))
    way = "Within a period everything arrives: no time on the way is counted."
    if options["delays"]:
        way = (
            "Goods are on the way for whole periods, by the days that the table lead_times tells "
            "of transport and processing; what leaves too late to arrive is on the way at the end."
        )
        if options["behavior"] == "rolling":
            way += " Each period is decided as if what holds in it went on until that has arrived."
    if lead:
        way = (
            f"Goods are {count(lead, 'month')} on the way: a shock is felt so late, and so is its "
            "end."
        )
    lines = [way]
    if grown:
        lines.append(
            f"Who expects the shock lets stocks grow by up to {share(grown)} before it, as fast as "
            "they are refilled, of what is over when all needs are served."
        )
    if waits:
        lines.append(f"Of what is missing {share(waits)} is asked for again in the next period.")
    if options["gradual"]:
        lines.append(
            "Plants that fill or run down do so within a year, its mean kept; what is normal is "
            "that of each period."
        )
    if options["respond"]:
        lines.append(
            "What is begun in the first month of the shock gives tonnes after its lead and median "
            "delay: a plant along the curve of its stage, a substitute while the shock can be felt "
            "and where nothing else serves."
        )
    if options["seasonal"]:
        lines.append(
            "Links carry in each period what the table seasons tells of its months, the year kept; "
            "what is normal is that of each period."
        )
    return lines


def _uniqueness(options: Mapping[str, Any]) -> str:
    """Return which of the figures are the only answer."""
    if options["delays"] and options["behavior"] == "rolling":
        # Plans as good for a period may send in different ways, and the next ones start from that.
        return (
            "What each need is served in a period is the only answer to what is on the way at its "
            "beginning: the worst is served first. Which of several plans that serve as much sends "
            "what comes later may not be, so that later periods could differ; of all such plans "
            "the one that leaves most in stocks, by their shares and then their names, is shown."
        )
    return (
        "What each need is served is the only answer: the worst is served first. Which of several "
        "stocks gives it may not be; of all such plans the one that leaves most in them, by their "
        "shares and then their names, is shown. A nation that holds a stock draws it first where "
        "that leaves what flows to those who hold none."
    )


def _method(result: RunResult) -> Bullets:
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
    certificate = result.certificate
    lines.append(
        f"An independent check confirmed {count(len(result.plan.certificates), 'program')}, with "
        f"no gap above {gap_at_most(certificate.gap)}."
        if certificate.ok
        else "The independent check did not accept the figures."
    )
    return Bullets(tuple(capitalized(line) for line in lines))
