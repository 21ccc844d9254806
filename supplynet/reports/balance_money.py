"""Sections of a balance's document on money and on firm links: costs, scarcity, closeness."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.tables import ROUNDING
from supplynet.network.units import flow_unit
from supplynet.present.answers import table_of
from supplynet.present.document import Block, Bullets, Column, Paragraph, Section, Table
from supplynet.present.words import capitalized, count, in_sentence
from supplynet.reports.balance_parts import MOST, ONE_OF_SEVERAL, per_year, spanned
from supplynet.terms import CONFIDENCES
from supplynet.text import by_size, dollars, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.money import ElementPrice, Money
    from supplynet.analysis.balance.result import BalanceResult

#: a price below this share of the dearest is nothing
_NOTHING = 1e-6
#: costs from here on are reported in millions, US dollars
_LARGE = 1e7


def costs_section(result: BalanceResult, with_ranges: bool) -> Section:
    """What the balance costs, by charge, and how sure that is."""
    money, net = _money(result), result.question.net
    places = {stage.name: stage.plural for stage in net.stages}
    places |= {form.name: form.title for form in net.commodity.forms}
    least = ROUNDING * sum(abs(row.central) for row in money.costs)
    costs = [row for row in money.costs if abs(row.central) > least]  # others are rounding
    shown = costs[:MOST]
    unit, name = (1e6, "million US dollars") if abs(money.total) >= _LARGE else (1.0, "US dollars")
    rows: tuple[dict[str, Any], ...] = tuple(
        {
            "what": row.reason,
            "where": places[row.where],
            "cost": row.central / unit,
            "range": (row.low / unit, row.high / unit),
            "known": in_sentence(CONFIDENCES[row.confidence].title),
        }
        for row in shown
    )
    columns = (
        Column("what", "Charge"),
        Column("where", "On"),
        Column("cost", "A year", kind="tonnes"),
        Column("range", "Low to high", kind="tonnes"),
        Column("known", "The figure is"),
    )
    caption = f"The largest {len(shown)} of {count(len(costs), 'charge')}, {name}"
    if len(shown) == len(costs):
        caption = f"By charge, {name}"
    blocks: list[Block] = [Paragraph(f"{money.summary()}{_total_span(result, with_ranges)}")]
    if rows:
        table = Table(columns, rows, caption, "costs")
        if with_ranges:
            figures = {"cost": [("charge", row.charge, row.where) for row in shown]}
            table = spanned(result, table, figures, unit=unit)
        blocks.append(table)
        items = _how_sure(money) if with_ranges else [*_how_sure(money), ONE_OF_SEVERAL]
        blocks.append(Bullets(tuple(items)))
    else:
        blocks.append(Paragraph("No charge of the graph is on anything that moves here."))
    return Section("What it costs", tuple(blocks), "costs")


def _money(result: BalanceResult) -> Money:
    assert result.money is not None  # noqa: S101  asked for only where it is there
    return result.money


def _total_span(result: BalanceResult, with_ranges: bool) -> str:
    """Between what all costs lie in ways that are as good, where that is open."""
    if not with_ranges:
        return ""
    span = result.range_of("charge")
    if dollars(span.low) == dollars(span.high):
        return ""
    return f" In optimal solutions it costs {dollars(span.low)} to {dollars(span.high)}."


def _how_sure(money: Money) -> list[str]:
    """How much of the costs, and of what is paid, is estimated."""
    total = sum(abs(row.central) for row in money.costs)
    guessed = sum(abs(row.central) for row in money.costs if row.confidence == "estimated")
    sentences = [
        f"{share(guessed / total if total else 0.0)} of the costs rest on estimates; low and high "
        "are those of each figure with the flows shown."
    ]
    if money.worths:
        n_market = sum(row.kind == "market" for row in money.worths)
        n_guessed = sum(row.confidence == "estimated" for row in money.worths)
        verb = "is" if n_guessed == 1 else "are"
        text = f"Of {count(len(money.worths), 'demand')}, {n_guessed} {verb} worth an estimate"
        if n_market:
            verb = "counts" if n_market == 1 else "count"
            text += (
                f"; {n_market} {verb} with the market price, for want of a figure for what buyers "
                "would pay at most, and may be worth more"
            )
        sentences.append(f"{text}.")
    return sentences


def scarcity_section(result: BalanceResult, nations: Collection[str], with_ranges: bool) -> Section:
    """Shadow prices, by nation and product, and by element."""
    money, net = _money(result), result.question.net
    paid = {(row.nation, row.product): row.central for row in money.worths}
    prices = [row for row in money.scarcity if not nations or row.nation in nations]
    ordered = sorted(prices, key=lambda row: (by_size(row.price), row.nation, row.product))
    shown = ordered if nations else ordered[:MOST]
    spans = {(row.nation, row.product): row for row in (money.ranges(shown) if with_ranges else ())}
    rows: list[dict[str, Any]] = []
    for row in shown:
        cells: dict[str, Any] = {
            "nation": result.name_of(row.nation),
            "product": net.product_by_id[row.product].name,
            "price": row.price,
            "paid": paid.get((row.nation, row.product)),
        }
        span = spans.get((row.nation, row.product))
        if span is not None:
            cells["range"] = span.price if span.is_settled else (span.low, span.high)
        rows.append(cells)
    columns = [
        Column("nation", "Nation"),
        Column("product", "Product"),
        Column("price", "A tonne more", kind="tonnes"),
    ]
    if money.worths:
        columns.append(Column("paid", "Worth to buyers", kind="tonnes"))
    if with_ranges:
        columns.append(Column("range", "A tonne more to a tonne less", kind="tonnes"))
    caption = f"The dearest {len(shown)} of {len(prices)}, US dollars for a tonne of product"
    if len(shown) == len(prices):
        caption = "US dollars for a tonne of product"
    blocks: list[Block] = [Paragraph(_meaning(money, with_ranges))]
    if not nations and rows:
        blocks.append(Bullets(tuple(f"{capitalized(text)}." for text in money.words())))
    if rows:
        blocks.append(Table(tuple(columns), tuple(rows), caption, "scarcity"))
    blocks += _elements(result)
    return Section("Shadow prices", tuple(blocks), "scarcity")


def _meaning(money: Money, with_ranges: bool) -> str:
    text = "What worth less cost would gain if a tonne of it arrived free: its scarcity price."
    if money.program == "cost":
        text = "What would be saved if a tonne of it arrived free, with as much served in all."
    if with_ranges:
        return f"{text} Where a tonne more and a tonne less differ, every price between is right."
    return (
        f"{text} Where several prices are right, one of them is shown; the range (--ranges) states "
        "how far they lie apart."
    )


def _elements(result: BalanceResult) -> list[Block]:
    """Where each element is cheapest and dearest; what is worth nothing more."""
    money, net = _money(result), result.question.net
    dearest = max((row.price for row in money.elements), default=0.0)
    by_element: dict[str, list[ElementPrice]] = {}
    for row in money.elements:
        by_element.setdefault(row.element, []).append(row)
    rows = []
    free = []
    for element in (element for element in net.commodity.elements if element in by_element):
        prices = by_element[element]
        if prices[0].price <= _NOTHING * dearest:
            free.append(element)
            continue
        first, last = prices[0], prices[-1]
        rows.append(
            {
                "element": f"{element}, {flow_unit(net, element).removesuffix('/yr')}",
                "high": first.price,
                "at": _place(result, first),
                "low": last.price,
                "and": _place(result, last),
            }
        )
    blocks: list[Block] = []
    if rows:
        columns = (
            Column("element", "Element, unit"),
            Column("high", "Dearest", kind="tonnes"),
            Column("at", "At"),
            Column("low", "Cheapest", kind="tonnes"),
            Column("and", "At"),
        )
        caption = "Shadow price of an element, US dollars, over the plants and nations that get it"
        blocks.append(Table(columns, tuple(rows), caption, "element-scarcity"))
    if free:
        text = f"The shadow price is nil everywhere of {listing(free)}."
        blocks.append(Paragraph(text))
    return blocks


def _place(result: BalanceResult, row: ElementPrice) -> str:
    net = result.question.net
    if row.node in net.nation_ids:
        return result.name_of(row.node)
    return net.node(row.node).name


def targets_section(result: BalanceResult, with_ranges: bool) -> Section:
    """How close the balance comes to what went on links."""
    gaps = [row for row in result.targets if row.missing + row.beyond > _NOTHING * row.tonnage]
    n_all = len(result.targets)
    text = (
        f"Of {count(n_all, 'link')} it is known what went or what is firm. "
        f"{n_all - len(gaps)} carry just that."
    )
    blocks: list[Block] = [Paragraph(text)]
    if gaps:
        shown = gaps[:MOST]
        caption = f"The {len(shown)} largest of {count(len(gaps), 'deviation')}"
        if len(shown) == len(gaps):
            caption = "Links that carry less or more"
        cells = {"missing": lambda row: row.missing or -row.beyond, "unit": per_year}
        table = table_of(result, "targets", rows=shown, caption=caption, cells=cells)
        if with_ranges:
            figures = {"missing": [("gap", row.kind, row.id) for row in shown]}
            table = spanned(result, table, figures)
        blocks.append(table)
        total = sum(row.missing + row.beyond for row in gaps)
        blocks.append(
            Paragraph(
                f"The sum of deviations, {tonnes(total)} t in the units of the links, is the "
                "least that can be; which links it falls on may be one of several ways"
                f"{'' if with_ranges else ' (--ranges states how far they differ)'}. Links "
                "of which nothing of the kind is reported count for nothing here."
            )
        )
    return Section("How close it comes to what went", tuple(blocks), "targets")
