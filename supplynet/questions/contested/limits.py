"""Sections of a balance's document: by nation, limits and burdens, shortfalls, sureness, method."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.balance.figures import ALL
from supplynet.analysis.undecided import OPEN, is_decided
from supplynet.network.countries import country_name
from supplynet.network.demand import demand
from supplynet.network.schema import Production, Scrap
from supplynet.network.timeline import capacities_in_force
from supplynet.network.units import BASKET, flow_unit
from supplynet.present.answers import table_of
from supplynet.present.document import Column, Content, Head, Section, Table, section, table_from
from supplynet.present.words import amount, count, element_name, in_sentence, selector_phrase, the
from supplynet.sums import added
from supplynet.terms import CONFIDENCES, LENSES, TRACED
from supplynet.text import NONE, by_size, dollars, few, integer, listing, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.outcome import ElementDelivery, Headroom, Range
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.flow.rows import Delivery, Use
    from supplynet.questions.contested import AllocateResult, NationRow
    from supplynet.questions.explain import Explanation

#: said of figures whose ranges were not asked for
ONE_OF_SEVERAL = (
    "These are figures of the way shown, and in another that is as good they may be others; the "
    "range (--ranges) distinguishes how far they lie."
)


def spanned(
    solved: SolvedBalance,
    table: Table,
    figures: Mapping[str, Sequence[tuple[str, ...]]],
    *,
    unit: float = 1.0,
) -> Table:
    """Return a table with columns of the least and most beside figures that may be others.

    One figure stands there where both ends read alike. By key of a column `figures` holds kind and
    key of the figure in each row, as `SolvedBalance.range_of` takes them; `unit` is that of the
    cells, in the unit of the figures.
    """
    columns_shown: list[Column] = []
    for column in table.columns:
        columns_shown.append(column)
        spans = [solved.range_of(*key) for key in figures.get(column.key, ())]
        if all(is_one(span, unit) for span in spans):
            continue
        key = f"{column.key}_range"
        title = "Least to most" if len(figures) == 1 else f"{column.title}, least to most"
        columns_shown.append(Column(key, title, kind="tonnes"))
        for cells, span in zip(table.rows, spans, strict=True):
            bounds = span.low / unit, span.high / unit
            cells[key] = span.shown / unit if is_one(span, unit) else bounds
    return replace(table, columns=tuple(columns_shown))


def is_one(span: Range, unit: float = 1.0) -> bool:
    """Whether the ends of a range read alike, in a unit."""
    return span.is_settled or tonnes(span.low / unit) == tonnes(span.high / unit)


def with_spans(
    result: AllocateResult,
    table: Table,
    figures: Mapping[str, Sequence[tuple[str, ...]]],
    *,
    unit: float = 1.0,
) -> Table:
    """Return a table with the least and most beside its figures, if ranges were asked for."""
    return spanned(result.solved, table, figures, unit=unit) if result.has_ranges else table


#: rows that a table shows before it counts the rest
MOST = 10
#: nations that a title names
NAMED = 4
#: a coverage from here on is full; the solver's rounding is smaller
FULL = 1.0 - 1e-9


def per_year(row: Any) -> str:
    """Return the unit of what a row states of a year."""
    return f"{row.unit}/yr"


def nation_table(result: AllocateResult) -> Table:
    """What each nation needs and gets, by form; without a demand, by element.

    With the least and the most where these are asked for or the rule leaves them open. Where plans
    that are as good cover by more than ten points more or less, no coverage is reported.
    """
    net, spread = result.question.net, result.spread
    years = {(row.nation, row.form): row.how for row in result.coverage}

    undecided = {(span.nation, span.form) for span in result.ranges if not span.is_decided}

    def covered(row: NationRow) -> float | str | None:
        return OPEN if (row.nation, row.form) in undecided else row.coverage

    def thing(row: NationRow) -> str:
        return (
            net.form_by_name[row.form].title if row.form else element_name(net, row.element or "")
        )

    heads = {
        "nation": Head("Nation", of=lambda row: result.name_of(row.nation)),
        "form": Head("Form" if result.coverage else "Element", of=thing),
        "demand": Head("Demand", "tonnes"),
        "served": Head("Served", "tonnes"),
        "coverage": Head("Covered", "share", covered),
    }
    if spread is not None and any(low < high for low, high in spread.levels.values()):
        heads["at_ends"] = Head(
            "All figures low, high", "share", lambda row: (row.coverage_low, row.coverage_high)
        )
    if result.ranges:
        heads["range"] = Head("Least to most", "tonnes", lambda row: (row.low, row.high))
    heads["how"] = Head("Demand is", of=lambda row: years.get((row.nation, row.form), "not known"))
    unit = "t of product" if result.coverage else "tonnes"
    caption = f"Contested supply by nation, {unit} per year"
    return table_from("nations", result.nations, caption, **heads)


def details(result: AllocateResult) -> Section:
    """Products and elements of the nations that are reported of, with ranges if asked for.

    Elements that one word stands for, a basket, are reported as one, too.
    """
    blocks: list[Content] = []
    products = [
        row for row in result.deliveries if row.nation in result.shown and row.coverage is not None
    ]
    held = [row for row in result.elements if row.nation in result.shown]
    if products:
        blocks.append(_products(result, products))
    if held:
        blocks.append(_elements(result, held, bool(products)))
        if products and result.baskets:
            blocks.append(_baskets(result, held))
    if products:
        text = (
            "Demand and what is unmet hold the central content of the products. What is "
            "served holds what their makers mixed: where elements can stand in for each "
            "other, that may be more or less, and another way that is as good may mix "
            "otherwise"
        )
        if result.has_ranges:
            text += ": least to most are over all of them, and over all batches of a mix."
        else:
            text += "; the range (--ranges) states how far."
        blocks.append(text)
    if not blocks:
        blocks.append("No demand takes part here.")
    title = f"In detail: {few(the(result.name_of(nation)) for nation in result.shown)}"
    return section(title, "details", *blocks)


def _products(result: AllocateResult, rows: Sequence[Delivery]) -> Table:
    """The products that nations need, with what is served of each."""
    names = result.question.net.product_by_id
    is_full = all(row.coverage >= FULL for row in result.coverage)
    spans = {} if is_full else {row: _span(result, row) for row in rows}

    def covered(row: Delivery) -> float | str | None:
        span = spans.get(row)
        if span is None or is_decided(span.low / row.demand, span.high / row.demand):
            return row.coverage
        return OPEN

    heads = {
        "nation": Head("Nation", of=lambda row: result.name_of(row.nation)),
        "product": Head("Product", of=lambda row: names[row.product].name),
        "demand": Head("Demand", "tonnes"),
        "served": Head("Served", "tonnes"),
        "coverage": Head("Covered", "share", covered),
    }
    if spans:
        heads["range"] = Head(
            "Least to most", "tonnes", lambda row: (spans[row].low, spans[row].high)
        )
    return table_from("products", rows, "By product, t of product per year", **heads)


def _span(result: AllocateResult, row: Delivery) -> Range:
    """The range of a delivery over all optimal solutions."""
    return result.solved.range_of("product", row.nation, row.product)


def _elements(
    result: AllocateResult, members: Sequence[ElementDelivery], has_demand: bool
) -> Table:
    """The elements that nations get, in products or by themselves."""
    net = result.question.net
    cells: dict[str, Callable[[ElementDelivery], Any]] = {
        "nation": lambda row: result.name_of(row.nation),
        "element": lambda row: f"{row.element}, {flow_unit(net, row.element)}",
    }
    if not has_demand:
        cells |= dict.fromkeys(("demand", "unmet"), lambda _row: None)
    caption = "By element in the products" if has_demand else "By element"
    table = table_of(result, "elements", rows=members, caption=caption, cells=cells)
    figures = {"served": [("element", row.nation, row.element) for row in members]}
    if has_demand:
        figures["unmet"] = [("lacking", row.nation, row.element) for row in members]
    return with_spans(result, table, figures)


def _baskets(result: AllocateResult, held: Sequence[ElementDelivery]) -> Table:
    """Several elements as one, summed over what nations need and get of each."""
    unit = "t oxide/yr" if result.question.net.commodity.basis == "oxide" else "t/yr"
    rows = []
    for nation in result.shown:
        for basket, members in result.baskets.items():
            own = [row for row in held if row.nation == nation and row.element in members]
            need, served = sum(row.demand for row in own), sum(row.served for row in own)
            names = ", ".join(row.element for row in own if row.demand)
            if need:
                rows.append(
                    {
                        "nation": result.name_of(nation),
                        "basket": f"{basket} ({names}), {unit}",
                        "demand": need,
                        "served": served,
                        "coverage": min(1.0, served / need),
                    }
                )
    return table_from(
        "baskets",
        rows,
        "Several elements as one in the products",
        nation="Nation",
        basket="As one, unit",
        demand=Head("Demand", "tonnes"),
        served=Head("Served", "tonnes"),
        coverage=Head("Covered", "share"),
    )


# -- how sure --------------------------------------------------------------------------------


def sureness(result: AllocateResult) -> Section:
    """How the capacities in use and the demand are known."""
    used = [row for row in result.utilization if row.kind == "node" and row.used > 0.0]
    names = [_confidence(result, row) for row in used]
    parts = [
        f"{integer(names.count(confidence))} {in_sentence(CONFIDENCES[confidence].title)}"
        for confidence in CONFIDENCES
        if confidence in names
    ]
    items = []
    if parts:
        items.append(f"Capacities of the {count(len(used), 'plant')} in use: {', '.join(parts)}.")
    if result.coverage:
        items.append(_demand_sureness(result))
    if not items:
        items.append("Nothing is used and nothing is asked for.")
    items += _spread(result)
    return section("How sure the figures are", "confidence", tuple(items))


def _spread(result: AllocateResult) -> list[str]:
    """What would be served in all at the ends of the figures."""
    spread = result.spread
    if spread is None or not result.coverage:
        return []
    low, central, high = (
        f"{tonnes(got)} of {tonnes(need)} t ({share(got / need)})"
        for got, need in (
            (spread.low, spread.demand_high),
            (spread.central, spread.demand),
            (spread.high, spread.demand_low),
        )
    )
    text = (
        "With every capacity, limit of a link and recovery at its low end, and scrap "
        f"ratios and demand at their high ends, {low} a year could be served in all; the other "
        f"way round {high}; with the central figures, as everywhere else here, it is {central}."
    )
    if spread.levels:
        net = result.question.net
        rows = [row for row in result.coverage if row.coverage < FULL][:NAMED]
        parts = []
        for row in rows:
            bounds = spread.levels[row.nation, row.form]
            form = in_sentence(net.form_by_name[row.form].title)
            parts.append(f"{the(result.name_of(row.nation))} {share_range(*bounds)} as {form}")
        if parts:
            text += f" Coverage at these ends: {listing(parts)}."
    return [text]


def _confidence(result: AllocateResult, use: Use) -> str:
    """How the figure of a plant's capacity is known."""
    question = result.question
    if use.table == "production":
        rows = cast("tuple[Production, ...]", question.net.rows("production"))
        return next(r.confidence for r in rows if r.node_id == use.id and r.year == question.year)
    if use.table == "capacities":
        return capacities_in_force(question.net, question.year, question.plants)[use.id].confidence
    return question.net.node(use.id).confidence


def _demand_sureness(result: AllocateResult) -> str:
    """How much of the demand is estimated, and how much rests on other years."""
    question = result.question
    total = sum(row.demand for row in result.coverage)
    guessed = sum(
        row.demand
        * demand(question.net, {row.nation}, BASKET, question.year, form=row.form).estimated_share
        for row in result.coverage
    )
    text = f"Of the demand, {share(guessed / total)} is estimated"
    n_other = sum(not row.how.startswith("given") for row in result.coverage)
    if n_other:
        text += f"; {n_other} of {len(result.coverage)} figures rest on other years than asked for"
    return f"{text}."


def method(result: AllocateResult) -> Section:
    """How it is worked out, and the check."""
    items = [
        "One linear program over all links and elements. What is brought up is a basket of fixed "
        "composition, plants lose some of it, a capacity holds all that a plant handles, and a "
        "product needs its elements together.",
        basis_line(result),
    ]
    if result.question.avoid or result.question.lens == "control":
        items.append(LENSES[result.question.lens].sentence)
    if result.ranges:
        items.append(
            "Least to most: what a nation gets at least and at most over all solutions that are "
            "as good; one figure where all agree."
        )
    text = (
        "Of all routes, the one that moves the fewest tonnes is shown: which plants "
        "work, what is left over, and what becomes of scrap may be otherwise in another"
    )
    if result.has_ranges:
        items.append(
            f"{text}. Beside figures that differ stand the least and the most: of what plants do "
            "over all optimal solutions and move no more, of all else over all that are as "
            "good. No route lies outside; where the solver needs room, or makers mix, none may "
            "reach quite so far."
        )
    else:
        items.append(f"{text}; the range (--ranges) states how far.")
    if not TRACED[result.objective].is_worth:
        items.append(_worthless(result))
    items += _hosts(result)
    items.append(proof(result))
    return section("Method", "method", tuple(items))


def _hosts(result: AllocateResult) -> list[str]:
    """What may be left over of groups that are not made for nothing."""
    limits = result.question.net.commodity.surplus_limits
    return [
        f"Nothing is made for nothing: of {group} a plant leaves over at most {share(most)} of "
        "what it parts, where it has no limit of its own."
        for group, most in limits.items()
    ]


def _worthless(result: AllocateResult) -> str:
    """What counting in tonnes means for who goes short."""
    if result.provenance.options["weights"]:
        return "A tonne of each product counts by its weight, whatever it is used for."
    return (
        "A tonne of one product counts as much as a tonne of any other: what needs more of a "
        "scarce element for a tonne goes short first. Weights (--weight) or prices (--objective "
        "price) distinguish products."
    )


def basis_line(result: AllocateResult) -> str:
    """Whether plants count with what they could make or with what they made."""
    reason = result.provenance.options["basis_reason"]
    if result.basis == "capacity":
        return f"Plants count with what they could make, {reason}."
    plants = [row for row in result.utilization if row.kind == "node"]
    n_made = sum(row.table == "production" for row in plants)
    return (
        f"{integer(n_made)} of {count(len(plants), 'plant')} count with what they made in the "
        f"year, {reason}; the others with what they could make."
    )


def proof(result: AllocateResult) -> str:
    """Return what the independent check found."""
    if not result.certificate.ok:
        return "The independent check did not accept the figures."
    programs = count(len(result.solved.run.certificates), "program")
    return (
        f"An independent check confirmed {programs}: the deliveries respect every limit, and the "
        "prices of the limits prove that no better solution exists."
    )


def limits(result: AllocateResult) -> Section:
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
        return section(title, "limits", text)
    shown, heads = result.binding[:MOST], {"limit": Head("Limit", of=lambda row: row.name)}
    heads["unit"] = Head("Unit", of=per_year)
    if rule.is_in_rounds:
        told = "One more raises coverage by at most"
        heads["worth"] = Head(told, of=lambda row: f"{row.worth * 100.0:.2g}%", align="right")
    else:
        steps = {(step.kind, step.id): step for step in result.steps}
        verb = "is worth" if rule.is_worth else "serves more"
        heads["more"] = Head(
            f"One more {verb}, {shown[0].worth_unit}",
            of=lambda row: tonnes(steps[row.kind, row.id].more),
            align="right",
        )
        heads["less"] = Head(
            "One less costs",
            of=lambda row: tonnes(steps[row.kind, row.id].less, missing=NONE),
            align="right",
        )
    caption = f"{count(len(result.binding), 'limit')} that bind"
    if len(shown) < len(result.binding):
        caption = f"The weightiest {len(shown)} of {len(result.binding)} limits that bind"
    blocks: list[Content] = [table_from("limits", shown, caption, **heads)]
    if rule.is_in_rounds:
        text = (
            "Coverage is that of the nations that were worst covered and could still be raised "
            "when the limit first held them down. Where several limits hold at once, one more of "
            "one of them alone may bring less."
        )
        blocks.append(text)
    elif rule.is_worth:
        first = shown[0]
        worth = dollars(first.worth * 1e3)  # as the shadow price says: the first of many, or of one
        text = f"One more {first.unit}/yr at {first.name} is worth up to {worth} a year."
        blocks.append(text)
    return section(title, "limits", *blocks)


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
        return section(f"Shortage of {who}", "shortage", "There is none.")
    blocks: list[Content] = [f"{tonnes(why.shortage)} t/yr of products are missing."]
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
        blocks += [text, table]
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
        blocks.append(f"{text}.")
    if not why.lifts and not why.beyond:
        text = "No limit keeps them away: serving them costs more than it is worth."
        blocks.append(text)
    return section(title, "shortage", *blocks)


def _instead(why: Explanation) -> str:
    """Whether other limits could be raised as well."""
    if not why.instead:
        return " No other set of as few would do."
    parts = [f"{tonnes(row.more)} {row.unit}/yr at {row.name}" for row in why.instead]
    return f" It is not the only set of as few; another: {listing(parts)}."


def _surplus(result: AllocateResult) -> dict[str, float]:
    """Tonnes of each element that nobody takes, the most first."""
    sums = added((row.element, row.tonnes) for row in result.surplus)
    return dict(sorted(sums.items(), key=lambda item: (by_size(item[1]), item[0])))


def surplus_line(result: AllocateResult) -> str:
    """How much of the separated elements nobody takes."""
    net, sums = result.question.net, _surplus(result)
    parts = [amount(sums[element], flow_unit(net, element)) for element in [*sums][:4]]
    if len(sums) > len(parts):
        parts.append(f"less of {count(len(sums) - len(parts), 'other element')}")
    return f"Separated, and taken by nobody: {listing(parts)}."


#: elements left over of which a page has ranges, which no page has room for where they are many
_FEW = 2


def surplus_section(result: AllocateResult) -> Section:
    """Separated elements that nobody takes."""
    net, sums = result.question.net, _surplus(result)
    text = surplus_line(result)
    heads: dict[str, Head | str] = {
        "element": Head("Left over", of=lambda name: flow_unit(net, name)),
        "tonnes": Head("per year", "tonnes", lambda name: sums[name]),
    }

    def ends(element: str) -> tuple[float, float]:
        span = result.solved.range_of("surplus", element)
        return span.low, span.high

    if not result.is_late or len(sums) <= _FEW:  # two programs each
        text += (
            " Every other way that is as good and moves no more leaves between the least and the "
            "most."
        )
        heads["range"] = Head("Least to most", "tonnes", ends)
    by_element = table_from("surplus-elements", sums, "By element, all plants", **heads)
    shown = result.surplus[:MOST]
    caption = f"The largest {len(shown)} of {len(result.surplus)}"
    table = table_from(
        "surplus",
        shown,
        "By plant" if len(shown) == len(result.surplus) else caption,
        name="Plant",
        element="Element",
        tonnes=Head("t/yr", "tonnes"),
        reason="Why",
    )
    figures = {"tonnes": [("surplus", row.element, f"node:{row.node}") for row in shown]}
    table = with_spans(result, table, figures)
    return section("What is left over", "surplus", text, by_element, table)


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


def burdens_section(result: AllocateResult) -> Section:
    """What capped plants bring of each burden, and how far they can go before each cap binds."""
    net = result.question.net
    caption = "Burdens under a cap, t of the burden per year"
    cells = {"nodes": lambda row: selector_phrase(net, row.nodes)}
    table = table_of(result, "burdens", caption=caption, cells=cells)
    figures = {"central": [("burden", burden.cap, "central") for burden in result.burdens]}
    table = with_spans(result, table, figures)
    blocks: list[Content] = [_COUNTED, table]
    if result.headroom:
        blocks += [_HEADROOM, _headroom_table(result)]
    return section("Burdens", "burdens", *blocks)


def _headroom_table(result: AllocateResult) -> Table:
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


def scrap_line(result: AllocateResult) -> str:
    """How much new scrap there is, and how much of it goes back."""
    unit = flow_unit(result.question.net, BASKET)
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
    return text


def scrap_section(result: AllocateResult) -> Section:
    """New scrap by country and by element, and the plants that take it."""
    net = result.question.net
    unit, text = flow_unit(net, BASKET), scrap_line(result)
    text += _in_other_ways(result) if result.has_ranges else f" {ONE_OF_SEVERAL}"
    blocks: list[Content] = [text]
    areas = net.commodity.areas
    title = f"By country of the maker, {unit}"
    blocks.append(_table(result, "country", title, lambda code: country_name(code, areas)))
    basis = "oxide" if net.commodity.basis == "oxide" else "element"
    blocks.append(_table(result, "element", f"By element, t {basis}/yr", str))
    if result.recycled:
        blocks.append(_takers(result, unit))
    blocks.append(f"{_SCRAP_COUNTED} {_sureness(result)}")
    return section("What becomes of scrap", "scrap", *blocks)


def _in_other_ways(result: AllocateResult) -> str:
    """Between what the sums lie in other ways, where they are open."""
    parts = []
    for key, verb in (
        (("scrap", "arisen"), "arise"),
        (("scrap", "returned"), "go back"),
        (("scrap", "lost"), "are lost"),
        (("recycled", "recovered"), "come out again"),
    ):
        span = result.solved.range_of(*key)
        if not is_one(span):
            parts.append(f"{tonnes(span.low)} to {tonnes(span.high)} {verb}")
    if not parts:
        return ""
    return f" In all optimal solutions that move no more, {listing(parts)}."


def _table(result: AllocateResult, key: str, caption: str, named: Callable[[str], str]) -> Table:
    """Scrap by country or by element, the most first."""
    parts = {"arisen": "Arises", "returned": "Goes back", "lost": "Lost"}
    sums = {
        piece: added((getattr(row, key), getattr(row, piece)) for row in result.scrap)
        for piece in parts
    }
    arisen = sums["arisen"]
    ordered = sorted(arisen, key=lambda name: (by_size(arisen[name]), name))
    heads = {
        key: Head(key.capitalize(), of=named),
        **{part: Head(head, "tonnes", sums[part].get) for part, head in parts.items()},
    }
    table = table_from(f"scrap-by-{key}", ordered, caption, **heads)
    all_elements = (ALL,) if key == "country" else ()
    figures = {part: [("scrap", part, *all_elements, name) for name in ordered] for part in parts}
    return with_spans(result, table, figures)


def _takers(result: AllocateResult, unit: str) -> Table:
    """The plants that take scrap, the largest first."""
    parts = {"taken": "Takes", "recovered": "Comes out"}
    sums = {
        part: added((row.node, getattr(row, part)) for row in result.recycled) for part in parts
    }
    names, taken = {row.node: row.name for row in result.recycled}, sums["taken"]
    ordered = sorted(taken, key=lambda node: (by_size(taken[node]), node))
    heads = {
        "name": Head("Plant", of=lambda node: names[node]),
        **{part: Head(head, "tonnes", sums[part].get) for part, head in parts.items()},
    }
    table = table_from("recycled", ordered, f"Plants that take scrap, {unit}", **heads)
    figures = {
        piece: [("recycled", piece, ALL, f"node:{node}") for node in ordered] for piece in parts
    }
    return with_spans(result, table, figures)


def _sureness(result: AllocateResult) -> str:
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
