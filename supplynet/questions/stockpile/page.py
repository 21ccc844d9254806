"""The document of a stock adviser: days of cover by shock, costs, rules, and the curve."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplynet.analysis.time.rows import ALL_SHOCKS
from supplynet.analysis.time.stocks import DAYS_A_YEAR, stocks_in
from supplynet.network.selector import select
from supplynet.network.timeline import month_of
from supplynet.present.answers import table_of
from supplynet.present.document import (
    Column,
    Content,
    Document,
    Table,
    of_result,
    section,
)
from supplynet.present.words import (
    capitalized,
    checked,
    in_sentence,
    link_phrase,
    scenario_phrase,
    target,
)
from supplynet.questions.survive.page import without_ends
from supplynet.terms import LENSES
from supplynet.text import listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.time.rows import Cover
    from supplynet.questions.stockpile import StockpileResult


def of_stockpile(result: StockpileResult) -> Document:
    """Return the document of a stock adviser."""
    net = result.question.net
    has = "have" if result.question.is_several else "has"
    title = f"What {target(result.question)} {has} to hold{scenario_phrase(net)}"
    sections = (
        section("", "answer", *_answer(result)),
        section("Days of cover", "covers", _covers(result)),
        section("What it costs to hold", "holdings", _holdings(result)),
        section("How to give it out", "rules", *_rules(result)) if result.rules else None,
        section("What is lost against what is held", "curve", *_curve(result))
        if result.rules
        else None,
        section("Method", "method", _method(result)),
    )
    return of_result(title, sections, result)


def stockpile_answer(result: StockpileResult) -> str:
    """Return what the hardest shock takes, how long that which is held lasts, and what bridges it.

    What bridges a shock that takes all is as long as the shock: what it takes is reported first.
    """
    question, hardest = result.question, result.hardest
    who = target(question)
    if not hardest:
        return f"None of the shocks takes anything from {who} on {link_phrase(question)}."
    titles = question.net.form_by_name
    months = [_months(row) for row in hardest]
    tonnes_of = {(row.shock, row.form): row.tonnes for row in result.holdings}
    taken = [tonnes_of[row.shock, row.form] for row in hardest]
    parts, monthly, lasts, bridges = [], [], [], []
    for row, n_months, missing in zip(hardest, months, taken, strict=True):
        lost = row.days / (n_months / 12.0 * DAYS_A_YEAR)
        piece = "all" if share(lost) == "100%" else share(lost)
        parts.append(f"{piece} of the {in_sentence(titles[row.form].title)}")
        monthly.append(tonnes(missing / n_months))
        lasts.append(f"{row.held_days / lost:,.0f}")
        bridges.append(f"{row.days:,.0f} days{_ends(row)} ({tonnes(missing)} t)")
    shocks = listing(dict.fromkeys(row.name for row in hardest))
    uses, holds = ("use", "They hold") if question.is_several else ("uses", "It holds")
    is_bare = not any(row.held_days for row in hardest)
    text = "nothing" if is_bare else f"stocks for {listing(lasts)} days of it"
    return (
        f"The hardest shock, {shocks}, takes {listing(parts)} that {who} {uses}: "
        f"{listing(monthly)} t a month. {holds} {text}; to bridge it takes {listing(bridges)}."
    )


def _months(row: Cover) -> int:
    """Return the months of a shock."""
    return month_of(row.begin).until(month_of(row.end)) + 1


def _not_counted(result: StockpileResult) -> str:
    """Own stocks of elements by name, which are no days of a product; empty for none."""
    net, targets = result.question.net, result.question.targets
    countries = {net.node(nation).country for nation in targets}
    year = int(result.covers[0].begin[:4])
    names = [
        row.name
        for row in stocks_in(net, year)
        if row.element
        and any(net.node(name).country in countries for name in select(net, row.holders).surely)
    ]
    if not names:
        return ""
    return f" Not counted is what plants would have to work up first: {listing(names)}."


def _answer(result: StockpileResult) -> Iterator[Content]:
    """Yield the answer, its table, and what it counts on and leaves out."""
    yield stockpile_answer(result)
    if result.hardest:
        yield _hardest(result)
    counted = f"Counted are {link_phrase(result.question)}.{_not_counted(result)}"
    yield counted
    is_told = result.provenance.options["alone"]
    also = () if is_told else ("what it would miss with exclusive access",)
    yield from without_ends(result, *also)
    if result.shorter:
        yield _shorter(result)


def _hardest(result: StockpileResult) -> Table:
    """Return a row a form: the hardest shock, and from where on more buys less."""
    titles = result.question.net.form_by_name
    knees = {
        point.form: point for point in result.curve if point.is_knee and point.shock == ALL_SHOCKS
    }
    rows = tuple(
        {
            "form": titles[row.form].title,
            "element": row.element,
            "days": f"{row.days:,.0f}{_ends(row)}",
            "held": f"{row.held_days:,.0f}",
            "knee": f"{knees[row.form].days:,.0f}" if row.form in knees else "none",
            "lost": knees[row.form].lost_share if row.form in knees else None,
        }
        for row in result.hardest
    )
    columns = [
        Column("form", "Form"),
        Column("element", "Most by"),
        Column("days", "Days for the hardest shock", align="right"),
        Column("held", "Held", align="right"),
    ]
    if not result.shorter:
        columns += [
            Column("knee", "From here on a day buys less", align="right"),
            Column("lost", "Then lost, mean of all shocks", kind="share"),
        ]
    caption = f"Days of use to bridge the hardest shock{_with_ends(result)}"
    return Table(tuple(columns), rows, caption, "hardest")


def _shorter(result: StockpileResult) -> str:
    """Return which shocks are left out, and why none of them can be the hardest."""
    named = "; ".join(
        f"{row.name} ({row.days:,.0f} days, --shock {row.shock})" for row in result.shorter
    )
    is_one = len(result.shorter) == 1
    last, them = ("a shock that lasts", "it") if is_one else ("shocks that last", "them")
    return (
        f"Left out {'is' if is_one else 'are'} {last} fewer days than that, so that none can take "
        f"more: {named}. --full has {them}, and tells from where on a day held buys less."
    )


def _with_ends(result: StockpileResult) -> str:
    return ", with the ends of the data" if result.provenance.options["ranges"] else ""


def _ends(row: Cover) -> str:
    low, high = f"{row.days_low:,.0f}", f"{row.days_high:,.0f}"
    return "" if low == high else f" ({low} and {high} at the ends of the data)"


def _covers(result: StockpileResult) -> Table:
    titles = result.question.net.form_by_name
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for row in result.covers:
        cells = rows.setdefault(
            (row.shock, row.form),
            {"shock": row.name, "form": titles[row.form].title, "held": f"{row.held_days:,.0f}"},
        )
        cells[row.element] = f"{row.days:,.0f}{_ends(row)}"
        if row.alone_days is not None:
            alone = max(row.alone_days, float(cells.get("most", 0.0)))
            cells |= {"most": alone, "alone": f"{alone:,.0f}"}
    elements = list(dict.fromkeys(row.element for row in result.covers))
    columns = (
        Column("shock", "Shock"),
        Column("form", "Form"),
        *(Column(element, element, align="right") for element in elements),
        Column("alone", "With exclusive access", align="right"),
        Column("held", "Held", align="right"),
    )
    if not result.provenance.options["alone"]:
        columns = tuple(column for column in columns if column.key != "alone")
    stated = tuple(
        {column.key: cells.get(column.key, "none") for column in columns} for cells in rows.values()
    )
    caption = f"Days of use of each element that bridge a shock{_with_ends(result)}"
    return Table(columns, stated, caption, "covers")


def _holdings(result: StockpileResult) -> Table:
    names = {row.shock: row.name for row in result.covers}
    rows = [row for row in result.holdings if row.shock in names]
    cells = {
        "shock": lambda row: names[row.shock],
        "value": lambda row: row.value and row.value / 1e6,
        "cost": lambda row: row.cost and row.cost / 1e6,
    }
    caption = f"To hold what bridges a shock costs {share(result.rate)} of its value a year"
    return table_of(result, "holdings", rows=rows, caption=caption, cells=cells)


def _rules(result: StockpileResult) -> tuple[Content, ...]:
    names = {row.shock: row.name for row in result.covers}
    cells = {
        "shock": lambda row: names[row.shock],
        "is_best": lambda row: "yes" if row.is_best else "",
    }
    text = (
        "With half of what would bridge the shock. At once: all that is missing, until nothing is "
        "left; by half: half of what is missing; evenly: so that the worst month is as good as can "
        "be, which takes one who knows how long the shock lasts. Best is what loses least and, of "
        "rules that lose as little, has the best worst month."
    )
    table = table_of(result, "rules", caption="Three rules of release", cells=cells)
    return text, table


def _curve(result: StockpileResult) -> tuple[Table, ...]:
    names = {point.shock for point in result.curve}
    shown, caption = ALL_SHOCKS, "Mean of all shocks"
    if ALL_SHOCKS not in names:
        shown = result.hardest[0].shock
        caption = "Of the shock" if len(names) == 1 else "Of the hardest shock"
    rows = [point for point in result.curve if point.shock == shown]
    cells = {"is_knee": lambda point: "knee" if point.is_knee else ""}
    caption = f"{caption}, given out at once"
    table = table_of(result, "curve", rows=rows, caption=caption, without=("shock",), cells=cells)
    return (table,)


def _assumed(result: StockpileResult) -> Iterator[str]:
    """Return what is assumed of plants, seasons, goods on the way, and what is begun."""
    options = result.provenance.options

    if options["gradual"]:
        yield "Plants that fill or run down do so within a year, its mean kept."
    if options["seasonal"]:
        yield "Links carry in each month what the table seasons states of it, the year kept."
    if options["delays"]:
        yield (
            "Goods are on the way by the days of the table lead_times, and what is missing is "
            "told to the month in which the last has come; alone, with nothing on the way."
        )
    if options["respond"]:
        yield (
            f"Begun in the first month of the shock: {', '.join(options['respond'])}, each from "
            "its lead and median delay on."
        )


_ENDS = (
    "The ends are given with all figures at one end at once, and are no range: days are those of "
    "what is normal, which a low capacity lowers. With others at other ends they may lie outside.",
)


def _method(result: StockpileResult) -> tuple[str, ...]:
    lines = [
        "Shocks: " + "; ".join(result.shocks) + ".",
        "Days are days of use: what all products of the form hold of an element that the nation "
        "is served without the shock. They are held in the products themselves, so that no plant "
        "has to work them up.",
        "What is missing is what it is not served when all nations buy at once, month by month, "
        "and no stock is counted on. With exclusive access it would miss less; with less than "
        "that it cannot be bridged.",
        *(_ENDS if result.provenance.options["ranges"] else ()),
        *_assumed(result),
        f"Costs of holding are an assumption: {share(result.rate)} of the value a year, for money "
        "and store. Values are market prices before the shock.",
        "The knee is the point of the curve furthest below the line from nothing held to nothing "
        "lost (Satopaa and others, 2011); a straight line has none.",
        LENSES[result.question.lens].sentence,
        checked(result.certificate, "every program; no gap is above"),
    ]
    return tuple(capitalized(line) for line in lines)
