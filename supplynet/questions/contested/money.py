"""Sections of a balance's document on money and on firm links: costs, scarcity, closeness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from supplynet.analysis.balance.tables import ROUNDING
from supplynet.network.units import flow_unit
from supplynet.present.answers import table_of
from supplynet.present.document import Content, Head, Section, section, table_from
from supplynet.present.words import capitalized, count, in_sentence
from supplynet.questions.contested.parts import MOST, ONE_OF_SEVERAL, per_year, with_spans
from supplynet.terms import CONFIDENCES
from supplynet.text import dollars, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.money import ElementPrice, Money
    from supplynet.analysis.balance.outcome import PriceRange, Target
    from supplynet.questions.contested import AllocateResult

#: a price below this share of the dearest is nothing
_NOTHING = 1e-6
#: costs from here on are reported in millions, US dollars
_LARGE = 1e7


def costs_section(result: AllocateResult) -> Section:
    """What the balance costs, by charge, and how sure that is."""
    money, net = _money(result), result.question.net
    places = {stage.name: stage.plural for stage in net.stages}
    places |= {form.name: form.title for form in net.commodity.forms}
    least = ROUNDING * sum(abs(row.central) for row in money.costs)
    costs = [row for row in money.costs if abs(row.central) > least]  # others are rounding
    shown = costs[:MOST]
    unit, name = (1e6, "million US dollars") if abs(money.total) >= _LARGE else (1.0, "US dollars")
    caption = f"The largest {len(shown)} of {count(len(costs), 'charge')}, {name}"
    blocks: list[Content] = [f"{money.summary()}{_total_span(result)}"]
    if shown:
        table = table_from(
            "costs",
            shown,
            f"By charge, {name}" if len(shown) == len(costs) else caption,
            what=Head("Charge", of=lambda row: row.reason),
            where=Head("On", of=lambda row: places[row.where]),
            cost=Head("A year", "tonnes", lambda row: row.central / unit),
            range=Head("Low to high", "tonnes", lambda row: (row.low / unit, row.high / unit)),
            known=Head(
                "The figure is", of=lambda row: in_sentence(CONFIDENCES[row.confidence].title)
            ),
        )
        figures = {"cost": [("charge", row.charge, row.where) for row in shown]}
        blocks.append(with_spans(result, table, figures, unit=unit))
        items = _how_sure(money) if result.has_ranges else [*_how_sure(money), ONE_OF_SEVERAL]
        blocks.append(tuple(items))
    else:
        blocks.append("No charge of the graph is on anything that moves here.")
    return section("What it costs", "costs", *blocks)


def _money(result: AllocateResult) -> Money:
    assert result.money is not None  # noqa: S101  asked for only where it is there
    return result.money


def _total_span(result: AllocateResult) -> str:
    """Between what all costs lie in ways that are as good, where that is open."""
    if not result.has_ranges:
        return ""
    span = result.solved.range_of("charge")
    if dollars(span.low) == dollars(span.high):
        return ""
    return f" In optimal solutions it costs {dollars(span.low)} to {dollars(span.high)}."


def _how_sure(money: Money) -> Iterator[str]:
    """How much of the costs, and of what is paid, is estimated."""
    total = sum(abs(row.central) for row in money.costs)
    guessed = sum(abs(row.central) for row in money.costs if row.confidence == "estimated")
    yield (
        f"{share(guessed / total if total else 0.0)} of the costs rest on estimates; low and high "
        "are those of each figure with the flows shown."
    )
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
        yield f"{text}."


def scarcity_section(result: AllocateResult) -> Section:
    """Shadow prices, by nation and product, and by element."""
    money, net, nations = _money(result), result.question.net, result.shown
    paid = {(row.nation, row.product): row.central for row in money.worths}
    prices = money.dearest(nations)
    shown = prices if nations else prices[:MOST]
    heads = {
        "nation": Head("Nation", of=lambda row: result.name_of(row.nation)),
        "product": Head("Product", of=lambda row: net.product_by_id[row.product].name),
        "price": Head("A tonne more", "tonnes"),
    }
    if money.worths:
        heads["paid"] = Head(
            "Worth to buyers", "tonnes", lambda row: paid.get((row.nation, row.product))
        )
    if result.has_ranges:
        spans = {(span.nation, span.product): span for span in result.price_ranges}
        heads["range"] = Head(
            "A tonne more to a tonne less",
            "tonnes",
            lambda row: _ends(spans[row.nation, row.product]),
        )
    caption = "US dollars for a tonne of product"
    if len(shown) < len(prices):
        caption = f"The dearest {len(shown)} of {len(prices)}, {caption}"
    blocks: list[Content] = [_meaning(money, has_ranges=result.has_ranges)]
    if not nations and shown:
        blocks.append(tuple(f"{capitalized(text)}." for text in money.words()))
    if shown:
        blocks.append(table_from("scarcity", shown, caption, **heads))
    blocks += _elements(result)
    return section("Shadow prices", "scarcity", *blocks)


def _ends(span: PriceRange) -> float | tuple[float, float]:
    return span.price if span.is_settled else (span.low, span.high)


def _meaning(money: Money, *, has_ranges: bool) -> str:
    text = "What worth less cost would gain if a tonne of it arrived free: its scarcity price."
    if money.program == "cost":
        text = "What would be saved if a tonne of it arrived free, with as much served in all."
    if has_ranges:
        return f"{text} Where a tonne more and a tonne less differ, every price between is right."
    return (
        f"{text} Where several prices are right, one of them is shown; the range (--ranges) states "
        "how far they lie apart."
    )


def _elements(result: AllocateResult) -> list[Content]:
    """Where each element is cheapest and dearest; what is worth nothing more."""
    money, net = _money(result), result.question.net
    dearest = max((row.price for row in money.elements), default=0.0)
    by_element: dict[str, list[ElementPrice]] = {}
    for row in money.elements:
        by_element.setdefault(row.element, []).append(row)
    known = [element for element in net.commodity.elements if element in by_element]
    free = [one for one in known if by_element[one][0].price <= _NOTHING * dearest]
    scarce = [by_element[one] for one in known if one not in free]
    blocks: list[Content] = []
    if scarce:

        def named(prices: Sequence[ElementPrice]) -> str:
            element = prices[0].element
            return f"{element}, {flow_unit(net, element).removesuffix('/yr')}"

        heads = {
            "element": Head("Element, unit", of=named),
            "high": Head("Dearest", "tonnes", lambda prices: prices[0].price),
            "at": Head("At", of=lambda prices: _place(result, prices[0])),
            "low": Head("Cheapest", "tonnes", lambda prices: prices[-1].price),
            "and": Head("At", of=lambda prices: _place(result, prices[-1])),
        }
        caption = "Shadow price of an element, US dollars, over the plants and nations that get it"
        blocks.append(table_from("element-scarcity", scarce, caption, **heads))
    if free:
        text = f"The shadow price is nil everywhere of {listing(free)}."
        blocks.append(text)
    return blocks


def _place(result: AllocateResult, row: ElementPrice) -> str:
    net = result.question.net
    if row.node in net.nation_ids:
        return result.name_of(row.node)
    return net.node(row.node).name


def _gaps(result: AllocateResult) -> list[Target]:
    """Links that carry less or more than what went."""
    return [row for row in result.targets if row.missing + row.beyond > _NOTHING * row.tonnage]


def closeness(result: AllocateResult) -> str:
    """How many links carry what went on them."""
    n_all = len(result.targets)
    return (
        f"Of {count(n_all, 'link')} it is known what went or what is firm. "
        f"{n_all - len(_gaps(result))} carry just that."
    )


def targets_section(result: AllocateResult) -> Section:
    """How close the balance comes to what went on links."""
    gaps = _gaps(result)
    blocks: list[Content] = [closeness(result)]
    if gaps:
        shown = gaps[:MOST]
        caption = f"The {len(shown)} largest of {count(len(gaps), 'deviation')}"
        if len(shown) == len(gaps):
            caption = "Links that carry less or more"
        cells = {"missing": lambda row: row.missing or -row.beyond, "unit": per_year}
        table = table_of(result, "targets", rows=shown, caption=caption, cells=cells)
        figures = {"missing": [("gap", row.kind, row.id) for row in shown]}
        table = with_spans(result, table, figures)
        blocks.append(table)
        total = sum(row.missing + row.beyond for row in gaps)
        blocks.append(
            f"The sum of deviations, {tonnes(total)} t in the units of the links, is the "
            "least that can be; which links it falls on may be one of several ways"
            f"{'' if result.has_ranges else ' (--ranges states how far they differ)'}. Links "
            "of which nothing of the kind is reported count for nothing here."
        )
    return section("How close it comes to what went", "targets", *blocks)
