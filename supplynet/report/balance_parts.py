"""Sections of a balance's document: by nation, limits, shortage, surplus, sureness, method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.numbers import integer, share, tonnes
from supplynet.model.demand import demand
from supplynet.model.schema import CONFIDENCES, Production
from supplynet.model.timeline import capacities_in_force
from supplynet.model.units import BASKET, flow_unit
from supplynet.report.document import Block, Bullets, Column, Paragraph, Section, Table
from supplynet.report.words import (
    CONFIDENCE_TITLES,
    LENS_PHRASES,
    amount,
    capitalized,
    count,
    element_name,
    listing,
    the,
)

if TYPE_CHECKING:
    from supplynet.analysis.balance.explain import Explanation
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.balance.tables import Use

#: rows that a table shows before it counts the rest
MOST = 10
#: limits for which it is worked out who would get more
_WORKED_OUT = 3
#: nations that a title names
_NAMED = 4
#: a coverage from here on is full; the solver's rounding is smaller
FULL = 1.0 - 1e-9


def in_sentence(title: str) -> str:
    """A title inside a sentence; abbreviations keep their capitals."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


#: rules that leave open who goes short
_OPEN = ("max_supply", "least_exposure", "observed", "cost", "price")


def is_unsettled(result: BalanceResult) -> bool:
    """Whether the rule leaves open who goes short."""
    is_short = any(row.coverage < FULL for row in result.coverage)
    return is_short and result.objective in _OPEN


def nation_table(result: BalanceResult, with_ranges: bool) -> Table:
    """What each nation needs and gets, by form; without a demand, by element.

    With the least and the most where these are asked for or the rule leaves them open.
    """
    net = result.question.net
    rows: list[dict[str, Any]] = [
        {
            "nation": result.name_of(row.nation),
            "form": net.form_by_name[row.form].title,
            "demand": row.demand,
            "served": row.served,
            "coverage": row.coverage,
            "how": row.how,
        }
        for row in result.coverage
    ]
    rows += [
        {
            "nation": result.name_of(row.nation),
            "form": element_name(net, row.product),
            "demand": None,
            "served": row.served,
            "coverage": None,
            "how": "not known",
        }
        for row in result.deliveries
        if row.coverage is None
    ]
    columns = [
        Column("nation", "Nation"),
        Column("form", "Form"),
        Column("demand", "Demand", kind="tonnes"),
        Column("served", "Served", kind="tonnes"),
        Column("coverage", "Covered", kind="share"),
        Column("how", "Demand is"),
    ]
    if (with_ranges or is_unsettled(result)) and result.coverage:
        columns.insert(5, Column("range", "Least to most", kind="tonnes"))
        for row, span in zip(rows, result.ranges(), strict=True):
            row["range"] = span.served if span.is_settled else (span.low, span.high)
    caption = "Contested supply by nation, t of product per year"
    if not result.coverage:
        columns[1] = Column("form", "Element")
        caption = "Contested supply by nation, tonnes per year"
    return Table(tuple(columns), tuple(rows), caption, "nations")


def details(result: BalanceResult, nations: Sequence[str]) -> Section:
    """Products and elements of some nations."""
    net = result.question.net
    blocks: list[Block] = []
    products = [
        {
            "nation": result.name_of(row.nation),
            "product": net.product_by_id[row.product].name,
            "demand": row.demand,
            "served": row.served,
            "coverage": row.coverage,
        }
        for row in result.deliveries
        if row.nation in nations and row.coverage is not None
    ]
    if products:
        columns = (
            Column("nation", "Nation"),
            Column("product", "Product"),
            Column("demand", "Demand", kind="tonnes"),
            Column("served", "Served", kind="tonnes"),
            Column("coverage", "Covered", kind="share"),
        )
        caption = "By product, t of product per year"
        blocks.append(Table(columns, tuple(products), caption, "products"))
    elements = [
        {
            "nation": result.name_of(row.nation),
            "element": f"{row.element}, {flow_unit(net, row.element)}",
            "demand": row.demand if products else None,
            "served": row.served,
            "unmet": row.unmet if products else None,
        }
        for row in result.elements
        if row.nation in nations
    ]
    if elements:
        columns = (
            Column("nation", "Nation"),
            Column("element", "Element, unit"),
            Column("demand", "Demand", kind="tonnes"),
            Column("served", "Served", kind="tonnes"),
            Column("unmet", "Unmet", kind="tonnes"),
        )
        caption = "By element in the products" if products else "By element"
        blocks.append(Table(columns, tuple(elements), caption, "elements"))
    if products:
        blocks.append(
            Paragraph(
                "Demand and what is unmet hold the central content of the products. What is "
                "served holds what their makers mixed: where elements can stand in for each "
                "other, that may be more or less."
            )
        )
    if not blocks:
        blocks.append(Paragraph("No demand takes part here."))
    title = f"In detail: {listing(the(result.name_of(one)) for one in nations)}"
    return Section(title, tuple(blocks), "details")


# -- what holds it down ----------------------------------------------------------------------


def limits(result: BalanceResult) -> Section:
    """Limits that bind, with what one more tonne of each would serve."""
    title = "What holds it down"
    if not result.binding:
        if all(row.coverage >= FULL for row in result.coverage):
            text = "Nothing: every demand is met."
        elif result.objective == "price":
            text = "No capacity: raising any one alone would be worth nothing."
        elif result.objective in ("fair", "priority"):
            text = "No single capacity was found to hold anybody down."
        else:
            text = "Raising any one capacity alone would serve no more."
        return Section(title, (Paragraph(text),), "limits")
    shown = result.binding[:MOST]
    is_level = result.objective == "fair"
    rows = tuple(
        {
            "limit": row.name,
            "unit": f"{row.unit}/yr",
            "worth": f"{row.worth * 100.0:.2g}%" if is_level else tonnes(row.worth),
        }
        for row in shown
    )
    unit = result.binding[0].worth_unit
    what = "Raises coverage by" if is_level else f"Serves up to, {unit}"
    if result.objective == "price":
        what = f"Is worth up to, {unit}"
    columns = (
        Column("limit", "Limit"),
        Column("unit", "One more"),
        Column("worth", what, align="right"),
    )
    caption = f"{count(len(result.binding), 'limit')} that bind"
    if len(shown) < len(result.binding):
        caption = f"The weightiest {len(shown)} of {len(result.binding)} limits that bind"
    blocks: list[Block] = [Table(columns, rows, caption, "limits")]
    if is_level:
        text = (
            "Coverage is that of the nations that were worst covered and could still be raised "
            "when the limit first held them down."
        )
        blocks.append(Paragraph(text))
    else:
        found = result.worth(_WORKED_OUT)
        blocks.insert(0, Bullets(tuple(f"{capitalized(text)}." for text in found)))
    return Section(title, tuple(blocks), "limits")


def shortage_section(result: BalanceResult, why: Explanation) -> Section:
    """Why nations go short: what would have to be lifted, and what no lifting would bring."""
    net = result.question.net
    who = "nations"
    if len(why.nations) <= _NAMED:
        who = listing(the(result.name_of(one)) for one in why.nations)
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
        columns = (
            Column("limit", "Limit"),
            Column("more", "Raised by", kind="tonnes"),
            Column("unit", "Unit"),
        )
        rows = tuple(
            {"limit": row.name, "more": row.more, "unit": f"{row.unit}/yr"} for row in why.lifts
        )
        if len(why.lifts) == why.least:
            text += _instead(why)
        blocks += [Paragraph(text), Table(columns, rows, "What would have to be raised", "lifts")]
    if why.beyond:
        parts = [
            f"{tonnes(lacking)} t/yr of {net.product_by_id[product].name}"
            for product, lacking in why.beyond.items()
        ]
        text = f"No capacity alone would bring {listing(parts, 'or')}"
        if why.missing:
            text += f": {listing(why.missing)} cannot reach who needs it"
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


def surplus_section(result: BalanceResult) -> Section:
    """Separated elements that nobody takes."""
    net = result.question.net
    sums: dict[str, float] = {}
    for row in result.surplus:
        sums[row.element] = sums.get(row.element, 0.0) + row.tonnes
    first = sorted(sums, key=lambda one: (-sums[one], one))
    parts = [amount(sums[one], flow_unit(net, one)) for one in first[:4]]
    if len(first) > len(parts):
        parts.append(f"less of {count(len(first) - len(parts), 'other element')}")
    text = f"Separated, and taken by nobody: {listing(parts)}."
    shown = result.surplus[:MOST]
    rows = tuple(
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
    return Section("What is left over", (Paragraph(text), table), "surplus")


# -- how sure --------------------------------------------------------------------------------


def sureness(result: BalanceResult) -> Section:
    """How the capacities in use and the demand are known."""
    used = [row for row in result.utilization if row.kind == "node" and row.used > 0.0]
    known = [_confidence(result, row) for row in used]
    parts = [
        f"{integer(known.count(one))} {in_sentence(CONFIDENCE_TITLES[one])}"
        for one in CONFIDENCES
        if one in known
    ]
    items = []
    if parts:
        items.append(f"Capacities of the {count(len(used), 'plant')} in use: {', '.join(parts)}.")
    if result.coverage:
        items.append(_demand_sureness(result))
    if not items:
        items.append("Nothing is used and nothing is asked for.")
    return Section("How sure the figures are", (Bullets(tuple(items)),), "confidence")


def _confidence(result: BalanceResult, use: Use) -> str:
    """How the figure of a plant's capacity is known."""
    asked = result.question
    if use.table == "production":
        rows = cast("tuple[Production, ...]", asked.net.rows("production"))
        return next(r.confidence for r in rows if r.node_id == use.id and r.year == asked.year)
    if use.table == "capacities":
        return capacities_in_force(asked.net, asked.year)[use.id].confidence
    return asked.net.node(use.id).confidence


def _demand_sureness(result: BalanceResult) -> str:
    """How much of the demand is estimated, and how much rests on other years."""
    asked = result.question
    total = sum(row.demand for row in result.coverage)
    guessed = sum(
        row.demand
        * demand(asked.net, {row.nation}, BASKET, asked.year, form=row.form).estimated_share
        for row in result.coverage
    )
    text = f"Of the demand, {share(guessed / total)} is estimated"
    n_other = sum(not row.how.startswith("given") for row in result.coverage)
    if n_other:
        text += f"; {n_other} of {len(result.coverage)} figures rest on other years than asked for"
    return f"{text}."


def method(result: BalanceResult, with_ranges: bool) -> Section:
    """How it is worked out, and the check."""
    items = [
        "One linear program over all links and elements. Ore comes as a basket of fixed "
        "composition, plants lose some of it, a capacity holds all that a plant handles, and a "
        "product needs its elements together.",
        _basis(result),
    ]
    if result.question.avoid or result.question.lens == "control":
        items.append(LENS_PHRASES[result.question.lens])
    if (with_ranges or is_unsettled(result)) and result.coverage:
        items.append(
            "Least to most: what a nation gets at least and at most over all solutions that are "
            "as good; one figure where all agree."
        )
    items.append(proof(result))
    return Section("Method", (Bullets(tuple(items)),), "method")


def _basis(result: BalanceResult) -> str:
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


def proof(result: BalanceResult) -> str:
    """Return what the independent check found."""
    if not result.certificate.ok:
        return "The independent check did not accept the figures."
    programs = count(len(result.certificates), "program")
    return (
        f"An independent check confirmed {programs}: the deliveries respect every limit, and the "
        "prices of the limits prove that no better solution exists."
    )
