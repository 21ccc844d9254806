"""Sections of a balance's document: limits and burdens, why nations go short, what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.balance.figures import ALL
from supplynet.network.countries import country_name
from supplynet.network.schema import Scrap
from supplynet.network.units import BASKET, flow_unit
from supplynet.present.answers import table_of
from supplynet.present.document import Block, Column, LateRows, Paragraph, Section, Table
from supplynet.present.words import amount, count, selector_phrase, the
from supplynet.reports.balance_parts import (
    FULL,
    MOST,
    NAMED,
    ONE_OF_SEVERAL,
    is_one,
    per_year,
    spanned,
)
from supplynet.terms import CONFIDENCES, TRACED
from supplynet.text import NONE, by_size, dollars, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.content import Scrapped
    from supplynet.analysis.balance.explain import Explanation
    from supplynet.analysis.balance.policy import Headroom
    from supplynet.analysis.balance.result import BalanceResult


def limits(result: BalanceResult) -> Section:
    """Limits that bind, with what one more tonne of each would serve."""
    title, rule = "Binding constraint", TRACED[result.objective]
    if not result.binding:
        if all(row.coverage >= FULL for row in result.coverage):
            text = "Nothing: every demand is met."
        elif rule.is_worth:
            text = "No capacity: raising any one alone would be worth nothing."
        elif not (rule.leaves_open or rule.is_measured):
            text = "No single capacity binds anybody."
        else:
            text = "Raising any one capacity alone would serve no more."
        return Section(title, (Paragraph(text),), "limits")
    shown = result.binding[:MOST]
    unit = result.binding[0].worth_unit
    columns = [Column("limit", "Limit"), Column("unit", "Unit")]
    rows = [{"limit": row.name, "unit": f"{row.unit}/yr"} for row in shown]
    if rule.is_in_rounds:
        columns.append(Column("worth", "One more raises coverage by at most", align="right"))
        for cells, limit in zip(rows, shown, strict=True):
            cells["worth"] = f"{limit.worth * 100.0:.2g}%"
    else:
        is_money = rule.is_worth
        verb = "is worth" if is_money else "serves more"
        columns += [
            Column("more", f"One more {verb}, {unit}", align="right"),
            Column("less", "One less costs", align="right"),
        ]
        for cells, step in zip(rows, result.steps(MOST), strict=True):
            cells["more"] = tonnes(step.more)
            cells["less"] = NONE if step.less is None else tonnes(step.less)
    caption = f"{count(len(result.binding), 'limit')} that bind"
    if len(shown) < len(result.binding):
        caption = f"The weightiest {len(shown)} of {len(result.binding)} limits that bind"
    blocks: list[Block] = [Table(tuple(columns), tuple(rows), caption, "limits")]
    if rule.is_in_rounds:
        text = (
            "Coverage is that of the nations that were worst covered and could still be raised "
            "when the limit first held them down. Where several limits hold at once, one more of "
            "one of them alone may bring less."
        )
        blocks.append(Paragraph(text))
    elif rule.is_worth:
        first = shown[0]
        worth = dollars(first.worth * 1e3)  # as the shadow price says: the first of many, or of one
        text = f"One more {first.unit}/yr at {first.name} is worth up to {worth} a year."
        blocks.append(Paragraph(text))
    return Section(title, tuple(blocks), "limits")


def shortage_section(why: Explanation) -> Section:
    """Why nations go short: what would have to be lifted, and what no lifting would bring."""
    net = why.question.net
    who = "nations"
    if len(why.nations) <= NAMED:
        who = listing(
            the(country_name(net.node(nation).country, net.commodity.areas))
            for nation in why.nations
        )
    title = f"Why {who} {'goes' if len(why.nations) == 1 else 'go'} short"
    if not why.shortage:
        return Section(f"Shortage of {who}", (Paragraph("There is none."),), "shortage")
    blocks: list[Block] = [Paragraph(f"{tonnes(why.shortage)} t/yr of products are missing.")]
    if why.lifts:
        within = why.shortage - sum(why.beyond.values())
        text = f"{tonnes(within)} t/yr of it would come, with nobody served less than before, if "
        if len(why.lifts) == 1:
            text += "this limit were raised."
        else:
            text += f"these {len(why.lifts)} limits were raised"
            if len(why.lifts) == why.least:
                text += ", and with no fewer."
            else:
                text += f"; it is proved that it takes at least {why.least}."
        if len(why.lifts) == why.least:
            text += _instead(why)
        caption = "What would have to be raised"
        table = table_of(why, "lifts", caption=caption, cells={"unit": per_year})
        blocks += [Paragraph(text), table]
    if why.beyond:
        parts = [
            f"{tonnes(lacking)} t/yr of {net.product_by_id[product].name}"
            for product, lacking in why.beyond.items()
        ]
        text = f"No capacity alone would bring {listing(parts, 'or')}"
        if why.missing:
            text += f": {listing(why.missing)} cannot reach who needs it"
        elif why.hosts:
            text += f": {listing(why.hosts)}, which comes along, finds no more buyers"
        blocks.append(Paragraph(f"{text}."))
    if not why.lifts and not why.beyond:
        text = "No limit keeps them away: serving them costs more than it is worth."
        blocks.append(Paragraph(text))
    return Section(title, tuple(blocks), "shortage")


def _instead(why: Explanation) -> str:
    """Whether other limits could be raised as well."""
    if not why.instead:
        return " No other set of as few would do."
    parts = [f"{tonnes(row.more)} {row.unit}/yr at {row.name}" for row in why.instead]
    return f" It is not the only set of as few; another: {listing(parts)}."


def surplus_section(result: BalanceResult, with_ranges: bool, *, is_late: bool = False) -> Section:
    """Separated elements that nobody takes; `is_late` solves ranges where a row is read."""
    net = result.question.net
    sums: dict[str, float] = {}
    for row in result.surplus:
        sums[row.element] = sums.get(row.element, 0.0) + row.tonnes
    first = sorted(sums, key=lambda element: (by_size(sums[element]), element))
    parts = [amount(sums[element], flow_unit(net, element)) for element in first[:4]]
    if len(first) > len(parts):
        parts.append(f"less of {count(len(first) - len(parts), 'other element')}")
    text = (
        f"Separated, and taken by nobody: {listing(parts)}. Every other way that is as good and "
        "moves no more leaves between the least and the most."
    )
    totals = LateRows(
        [{"element": flow_unit(net, name), "tonnes": sums[name]} for name in first],
        [partial(_left, result, name) for name in first],
    )
    by_element = Table(
        (
            Column("element", "Left over"),
            Column("tonnes", "per year", kind="tonnes"),
            Column("range", "Least to most", kind="tonnes"),
        ),
        totals if is_late else tuple(totals),
        "By element, all plants",
        "surplus-elements",
    )
    shown = result.surplus[:MOST]
    rows: tuple[dict[str, Any], ...] = tuple(
        {"name": row.name, "element": row.element, "tonnes": row.tonnes, "reason": row.reason}
        for row in shown
    )
    columns = (
        Column("name", "Plant"),
        Column("element", "Element"),
        Column("tonnes", "t/yr", kind="tonnes"),
        Column("reason", "Why"),
    )
    caption = f"The largest {len(shown)} of {len(result.surplus)}"
    if len(shown) == len(result.surplus):
        caption = "By plant"
    table = Table(columns, rows, caption, "surplus")
    if with_ranges:
        figures = {"tonnes": [("surplus", row.element, f"node:{row.node}") for row in shown]}
        table = spanned(result, table, figures)
    return Section("What is left over", (Paragraph(text), by_element, table), "surplus")


def _left(result: BalanceResult, element: str) -> dict[str, Any]:
    """Return the cell of the least and the most of an element that is left over."""
    span = result.range_of("surplus", element)
    return {"range": (span.low, span.high)}


#: how a burden is counted
_COUNTED = (
    "A burden is the sum over the plants of what each handles times its intensity, low to high by "
    "the ends of the intensities; the balance is held to the end that the cap names."
)
#: what headroom is
_HEADROOM = (
    "How far the capped plants could go whatever is asked for: the most that their mines can "
    "bring, all of it taken on, before a cap binds. At low intensities more can be mined than at "
    "high ones; where the figure is that without a cap, the cap does not bind."
)


def burdens_section(result: BalanceResult, with_ranges: bool) -> Section:
    """What capped plants bring of each burden, and how far they can go before each cap binds."""
    net = result.question.net
    caption = "Burdens under a cap, t of the burden per year"
    cells = {"nodes": lambda row: selector_phrase(net, row.nodes)}
    table = table_of(result, "burdens", caption=caption, cells=cells)
    if with_ranges:
        figures = {"central": [("burden", burden.cap, "central") for burden in result.burdens]}
        table = spanned(result, table, figures)
    blocks: list[Block] = [Paragraph(_COUNTED), table]
    if result.headroom:
        blocks += [Paragraph(_HEADROOM), _headroom_table(result)]
    return Section("Burdens", tuple(blocks), "burdens")


def _headroom_table(result: BalanceResult) -> Table:
    names = {burden.cap: burden.burden for burden in result.burdens}
    basis = result.question.net.commodity.basis
    caption = f"Most that can be mined and taken on, t of {basis} per year"
    cells: dict[str, Callable[[Headroom], str]] = {
        "cap": lambda row: names.get(row.cap, "all caps together"),
        "high": lambda row: _figure(row.high, row),
        "central": lambda row: _figure(row.central, row),
        "low": lambda row: _figure(row.low, row),
    }
    return table_of(result, "headroom", caption=caption, cells=cells)


def _figure(value: float, headroom: Headroom) -> str:
    is_free = value >= (1.0 - 1e-6) * headroom.free
    return "does not bind" if is_free else tonnes(value)


#: part of the scrap that may be missing where all goes back: rounding of the solver
_ALL = 1e-9
#: how scrap is counted
_SCRAP_COUNTED = (
    "New scrap is what makers cut off or reject. A maker needs that much more of each element "
    "than its products hold, and plants that take scrap part it again, within their capacity and "
    "with their losses. What stands as lost finds no such plant with room for it on the links "
    "asked for. Each element goes its own way here, where a plant would take the scrap as it "
    "comes; scrap of used goods is not counted."
)


def scrap_section(result: BalanceResult, with_ranges: bool) -> Section:
    """New scrap by country and by element, and the plants that take it."""
    net = result.question.net
    unit = flow_unit(net, BASKET)
    arisen = sum(row.arisen for row in result.scrap)
    returned = sum(row.returned for row in result.scrap)
    recovered = sum(row.recovered for row in result.recycled)
    text = f"Makers leave {amount(arisen, unit)} in new scrap. "
    if not returned:
        text += "None of it goes back: no plant that could use it can take it."
    else:
        piece = "All" if arisen - returned <= _ALL * arisen else share(returned / arisen)
        text += (
            f"{piece} of it goes back to plants that use it, and {amount(recovered, unit)} come "
            "out again."
        )
    text += _in_other_ways(result) if with_ranges else f" {ONE_OF_SEVERAL}"
    blocks: list[Block] = [Paragraph(text)]
    areas = net.commodity.areas
    countries = _sums(result.scrap, lambda row: row.country)
    names = {code: country_name(code, areas) for code in countries}
    title = f"By country of the maker, {unit}"
    blocks.append(_table(result, "country", "Country", title, countries, names, with_ranges))
    elements = _sums(result.scrap, lambda row: row.element)
    names = {element: element for element in elements}
    basis = "oxide" if net.commodity.basis == "oxide" else "element"
    title = f"By element, t {basis}/yr"
    blocks.append(_table(result, "element", "Element", title, elements, names, with_ranges))
    if result.recycled:
        blocks.append(_takers(result, unit, with_ranges))
    blocks.append(Paragraph(f"{_SCRAP_COUNTED} {_sureness(result)}"))
    return Section("What becomes of scrap", tuple(blocks), "scrap")


def _in_other_ways(result: BalanceResult) -> str:
    """Between what the sums lie in other ways, where they are open."""
    parts = []
    for key, verb in (
        (("scrap", "arisen"), "arise"),
        (("scrap", "returned"), "go back"),
        (("scrap", "lost"), "are lost"),
        (("recycled", "recovered"), "come out again"),
    ):
        span = result.range_of(*key)
        if not is_one(span):
            parts.append(f"{tonnes(span.low)} to {tonnes(span.high)} {verb}")
    if not parts:
        return ""
    return f" In all optimal solutions that move no more, {listing(parts)}."


def _sums(
    rows: Iterable[Scrapped], name: Callable[[Scrapped], str]
) -> dict[str, tuple[float, float, float]]:
    """Arisen, returned and lost by some name, the largest first."""
    sums: dict[str, tuple[float, float, float]] = {}
    for row in rows:
        had = sums.get(name(row), (0.0, 0.0, 0.0))
        sums[name(row)] = (had[0] + row.arisen, had[1] + row.returned, had[2] + row.lost)
    return dict(sorted(sums.items(), key=lambda entry: (by_size(entry[1][0]), entry[0])))


def _table(
    result: BalanceResult,
    key: str,
    head: str,
    caption: str,
    sums: dict[str, tuple[float, float, float]],
    names: dict[str, str],
    with_ranges: bool,
) -> Table:
    """Scrap by country or by element."""
    rows: tuple[dict[str, Any], ...] = tuple(
        {key: names[key_told], "arisen": three[0], "returned": three[1], "lost": three[2]}
        for key_told, three in sums.items()
    )
    columns = (
        Column(key, head),
        Column("arisen", "Arises", kind="tonnes"),
        Column("returned", "Goes back", kind="tonnes"),
        Column("lost", "Lost", kind="tonnes"),
    )
    table = Table(columns, rows, caption, f"scrap-by-{key}")
    if not with_ranges:
        return table
    figures = {
        piece: [
            ("scrap", piece, ALL, total) if key == "country" else ("scrap", piece, total)
            for total in sums
        ]
        for piece in ("arisen", "returned", "lost")
    }
    return spanned(result, table, figures)


def _takers(result: BalanceResult, unit: str, with_ranges: bool) -> Table:
    """The plants that take scrap, the largest first."""
    sums: dict[str, tuple[str, float, float]] = {}
    for row in result.recycled:
        _, taken, recovered = sums.get(row.node, ("", 0.0, 0.0))
        sums[row.node] = (row.name, taken + row.taken, recovered + row.recovered)
    ordered = sorted(sums, key=lambda node: (by_size(sums[node][1]), sums[node][0]))
    rows: tuple[dict[str, Any], ...] = tuple(
        {"name": name, "taken": taken, "recovered": recovered}
        for name, taken, recovered in (sums[node] for node in ordered)
    )
    columns = (
        Column("name", "Plant"),
        Column("taken", "Takes", kind="tonnes"),
        Column("recovered", "Comes out", kind="tonnes"),
    )
    table = Table(columns, rows, f"Plants that take scrap, {unit}", "recycled")
    if not with_ranges:
        return table
    figures = {
        piece: [("recycled", piece, ALL, f"node:{node}") for node in ordered]
        for piece in ("taken", "recovered")
    }
    return spanned(result, table, figures)


def _sureness(result: BalanceResult) -> str:
    """How the ratios of scrap are known."""
    rows = cast("tuple[Scrap, ...]", result.question.net.rows("scrap"))
    allowed = [
        confidence
        for confidence in CONFIDENCES
        if any(row.confidence == confidence for row in rows)
    ]
    names = [CONFIDENCES[confidence].title for confidence in allowed]
    names = [name[:1].lower() + name[1:] for name in names]
    return f"How much scrap arises is {listing(names, 'or')}."
