"""A balance as a document: who gets how much, what it costs, and how close links come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from supplynet.analysis.balance.tables import ALIKE, ROUNDING
from supplynet.analysis.flow.names import dead_end_sentence
from supplynet.analysis.question import CONDITIONS
from supplynet.network.countries import country_name, with_article
from supplynet.network.units import flow_unit
from supplynet.present.answers import table_of
from supplynet.present.document import (
    Content,
    Document,
    Head,
    Section,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import (
    CONTESTED,
    CONTESTED_MONEY,
    capitalized,
    count,
    followed,
    in_sentence,
    link_phrase,
    selector_phrase,
    the,
    titled,
)
from supplynet.questions.contested.limits import (
    FULL,
    MOST,
    ONE_OF_SEVERAL,
    basis_line,
    burdens_section,
    details,
    limits,
    method,
    nation_table,
    per_year,
    scrap_line,
    scrap_section,
    shortage_section,
    sureness,
    surplus_line,
    surplus_section,
    with_spans,
)
from supplynet.questions.dead_ends import sections as dead_ends
from supplynet.terms import CONFIDENCES, TRACED
from supplynet.text import (
    MOST_NAMES,
    at_ends,
    between,
    dollars,
    few,
    integer,
    listing,
    share,
    share_range,
    tonnes,
)

if TYPE_CHECKING:
    from supplynet.analysis.balance.money import ElementPrice, Money
    from supplynet.analysis.balance.outcome import (
        Coverage,
        CoverageRange,
        FirmDelivery,
        PriceRange,
        Target,
    )
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


#: nations that the answer begins with
_NAMED = 3
_UNDECIDED = (
    "Who goes short, and how far, is not decided by these figures where plans that are as good "
    "differ; ranges states the least and the most."
)


def of_balance(result: AllocateResult) -> Document:
    """Return the document of a balance; of nations that are given of with products and elements."""
    question, net = result.question, result.question.net
    sections = (
        section("", "answer", *_lead(result), _contested(result)),
        section("Who gets how much", "nations", nation_table(result)),
        details(result) if result.shown else None,
        costs_section(result) if result.money is not None else None,
        scarcity_section(result) if result.money is not None else None,
        firm_section(result) if result.firm else None,
        targets_section(result) if result.targets else None,
        limits(result),
        shortage_section(result.shortage) if result.shortage is not None else None,
        surplus_section(result) if result.surplus else None,
        scrap_section(result) if result.scrap else None,
        burdens_section(result) if result.burdens else None,
        *dead_ends(net, result.dead_ends),
        sureness(result),
        method(result),
    )
    return of_result(titled(question, "Contested supply", ""), sections, result)


def _lead(result: AllocateResult) -> list[Content]:
    """What all get comes behind what was asked about."""
    return [
        *gets(result),
        answer(result),
        _business_as_usual(result),
        _counted(result),
        tuple(_by_form(result)),
    ]


def words(result: AllocateResult) -> Iterator[str]:
    """Yield the sentences of an answer: who gets what by which rule, and what is firm or paid."""
    yield from (*gets(result), answer(result), _counted(result), basis_line(result))
    yield from _by_form(result)
    if result.firm:
        yield firm_in_words(result.firm)
    if result.money is not None:
        yield result.money.summary()
    for rows, line in (
        (result.targets, closeness),
        (result.surplus, surplus_line),
        (result.scrap, scrap_line),
    ):
        if rows:
            yield line(result)
    yield from filter(None, [dead_end_sentence(result.dead_ends)])


def _counted(result: AllocateResult) -> str:
    """By which rule it is shared out, and what counts."""
    question = result.question
    only = followed(question.net, result.provenance.options["elements"])
    return f"{_rule(result)} Counted are {link_phrase(question)}. {only}".rstrip()


def _business_as_usual(result: AllocateResult) -> str:
    """Return that nothing is shut, and which question shows something; empty where it is.

    The country to ask about is the one whose plants make most of what nations use.
    """
    question = result.question
    net = question.net
    if question.avoid or net.applied:
        return ""
    last = [stage.name for stage in net.stages if not stage.is_nation][-1]
    made: dict[str, float] = {}
    for use in result.utilization:
        if use.kind == "node" and net.node(use.id).stage == last:
            country = net.node(use.id).country
            made[country] = made.get(country, 0.0) + use.used
    if not made:
        return "Nothing is shut."
    largest = max(made, key=lambda code: (made[code], code))
    name = with_article(country_name(largest, net.commodity.areas))
    return (
        f"Nothing is shut: --avoid {largest} asks who gets what without {name}, which makes most."
    )


def answer(result: AllocateResult) -> str:
    """Return what is served in all, in a sentence."""
    net = result.question.net
    parts = []
    for form in _forms(result):
        extremes = _form_ends(result, form) if form == result.headline.of else ""
        rows = _rows_of(result, form)
        need, got = sum(row.demand for row in rows), sum(row.served for row in rows)
        name = in_sentence(net.form_by_name[form].title)
        is_full = all(row.coverage >= FULL for row in rows)
        amount, piece = "all" if is_full else "none", ""
        if got and not is_full:
            span = result.solved.range_of("form", form)
            amount = between(span.low, span.high)
            piece = share_range(span.low / need, span.high / need)
        more = "; ".join(filter(None, (piece, extremes)))
        told = f"{amount} of {tonnes(need)} t/yr asked for as {name}"
        parts.append(f"{told} ({more})" if more else told)
    if not parts:
        got = sum(row.served for row in result.deliveries)
        parts.append(f"{tonnes(got)} t/yr; no demand is known")
    text = f"All nations together get {listing(parts)}."
    for name, covered in result.designs.items():
        first, covers = next(iter(covered.items()))
        of = in_sentence(net.form_by_name[first].title)
        text += f" {capitalized(CONDITIONS[name])}: {share(covers)} of {of}."
    return text


def _form_ends(result: AllocateResult, form: str) -> str:
    """What is served of a form at both ends of the figures; empty where those are alike."""
    spread = result.spread
    return "" if spread is None else spread.told(form)


def gets(result: AllocateResult) -> list[str]:
    """What each nation gets of each form, in a sentence; of what is not decided the ends."""
    on = f"on {link_phrase(result.question)}."
    return [f"{_got(result, nation)}, {on}" for nation in result.shown[:_NAMED]]


def _got(result: AllocateResult, nation: str) -> str:
    spans, parts = _open(result), []
    levels = {} if result.spread is None else result.spread.levels
    for row in (row for row in result.coverage if row.nation == nation):
        span = spans.get((nation, row.form))
        piece = share(row.coverage) if span is None else share_range(*span.coverage)
        extremes = at_ends(*levels.get((nation, row.form), (0.0, 0.0)))
        title = in_sentence(result.question.net.form_by_name[row.form].title)
        parts.append(
            f"{piece}{f' ({extremes})' if extremes else ''} of the "
            f"{tonnes(row.demand)} t/yr of {title}"
        )
    who = capitalized(the(result.name_of(nation)))
    return f"{who} gets {listing(parts)} that it asks for" if parts else f"{who} asks for nothing"


def _open(result: AllocateResult) -> dict[tuple[str, str], CoverageRange]:
    """Ranges that are not settled where the rule leaves open who goes short."""
    told = result.ranges if result.solved.is_unsettled else ()
    return {(span.nation, span.form): span for span in told if not span.is_settled}


def _rule(result: AllocateResult) -> str:
    """By which rule it is shared out."""
    options = result.provenance.options
    net = result.question.net
    priority = listing([selector_phrase(net, option) for option in options["priority"]], "then")
    exposed = selector_phrase(net, options["exposed_to"]) if options["exposed_to"] else ""
    return TRACED[result.objective].rule.format(priority=priority, exposed_to=exposed)


def _contested(result: AllocateResult) -> str:
    """What the figures are, and are not."""
    return CONTESTED if result.money is None else CONTESTED_MONEY


def _forms(result: AllocateResult) -> list[str]:
    return list(dict.fromkeys(row.form for row in result.coverage))


def _rows_of(result: AllocateResult, form: str) -> list[Coverage]:
    return [row for row in result.coverage if row.form == form]


def _by_form(result: AllocateResult) -> list[str]:
    """Who goes short of each form, nations that are covered alike together."""
    net, spans, sentences = result.question.net, _open(result), list[str]()
    is_told = bool(result.ranges) or not result.solved.is_unsettled
    for form in _forms(result):
        rows = _rows_of(result, form)
        least = {
            row.nation: spans[row.nation, form].low / row.demand
            if (row.nation, form) in spans
            else row.coverage
            for row in rows
        }
        short = sorted(
            (row for row in rows if least[row.nation] < FULL),
            # those who are served alike stand in the order of the table, whatever the rounding
            key=lambda row: (round(least[row.nation], ALIKE), round(row.coverage, ALIKE)),
        )
        title, extremes = net.form_by_name[form].title, _form_ends(result, form)
        if extremes and form != result.headline.of:  # those of the first are reported above
            title += f" ({extremes})"
        if not short:
            sentences.append(f"{title}: every nation in full.")
            continue
        decided: dict[str, list[str]] = {}
        others: dict[str, list[str]] = {}
        for row in short:
            span = spans.get((row.nation, form))
            level = share(row.coverage) if span is None else share_range(*span.coverage)
            alike = decided if span is None or span.is_decided else others
            alike.setdefault(level, []).append(the(result.name_of(row.nation)))
        parts = f"by part of the demand served: {_levels(decided)}" if decided else ""
        open_parts = f"not decided by these figures: {_levels(others)}" if others else ""
        short_of = f"{len(short)} of {count(len(rows), 'nation')}"
        verb = "goes short" if len(short) == 1 else "go short"
        if any((row.nation, form) in spans for row in short):
            verb = "may go short"
        levels = "; ".join(filter(None, (parts, open_parts)))
        sentences.append(f"{title}: {short_of} {verb}{f', {levels}' if is_told else ''}.")
    if not is_told:
        sentences.append(_UNDECIDED)
    if spans:
        sentences.append(
            "Parts run from the least to the most over all ways to share it out that are as good, "
            "which cannot all have the most at once. What is served in the tables, and what "
            "follows from it, is one of these ways."
        )
    if TRACED[result.objective].is_worth and any(row.coverage < FULL for row in result.coverage):
        sentences.append("What is not served cannot be had, or would cost more than it is worth.")
    sentences += [f"{capitalized(str(restriction))}." for restriction in result.idle_restrictions]
    if result.left_out:
        names = few(the(result.name_of(nation)) for nation in result.left_out)
        sentences.append(f"Shut, and so not drawing either: {names}.")
    return sentences


def _levels(alike: dict[str, list[str]]) -> str:
    """Who is covered how far, the worst covered first: some by name, the others counted."""
    texts, room = [], MOST_NAMES
    for level, names in alike.items():
        if room <= 0:
            break
        texts.append(f"{level} {few(names, most=room)}")
        room -= min(len(names), room)
    remainder = sum(len(names) for names in list(alike.values())[len(texts) :])
    return "; ".join([*texts, *([f"and {remainder:,} more"] if remainder else [])])


def firm_in_words(firm: Sequence[FirmDelivery]) -> str:
    """How many firm deliveries are served, and what is most short."""
    short = [row for row in firm if row.short]
    n_all = integer(len(firm))
    if not short:
        return f"Firm deliveries come first: all {n_all} are served in full."
    first = short[0]
    return (
        f"Firm deliveries come first: {integer(len(firm) - len(short))} of {n_all} are "
        f"served in full; the most is short on {first.name}: {tonnes(first.short)} of "
        f"{tonnes(first.minimum)} {first.unit}/yr."
    )


def firm_section(result: AllocateResult) -> Section:
    """Links that must carry a minimum, with what is short of it."""
    caption = "Contracts with a firm tonnage, what is short first"
    table = table_of(result, "firm", caption=caption, cells={"unit": per_year})
    text = (
        f"{firm_in_words(result.firm)} They bind before demand is shared out; contracts of plants "
        "that are shut or do not run yet are void."
    )
    return section("Firm deliveries", "firm", text, table)
