"""The documents of a potential and of an outlook: coverage first, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from supplynet.analysis.question import CONDITIONS, OF_CONTENTS
from supplynet.present.answers import table_of
from supplynet.present.document import (
    Column,
    Content,
    Document,
    Head,
    Table,
    grouped,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import (
    amount,
    capitalized,
    count,
    in_sentence,
    link_phrase,
    meaning,
    scenario_phrase,
    target,
    titled,
    without,
)
from supplynet.questions.contested.limits import FULL, MOST
from supplynet.questions.dead_ends import sections as dead_ends
from supplynet.questions.potential import basket_sentence, potential_answer
from supplynet.questions.progress import FIRST_SLIPS, NEVER
from supplynet.reports import parts
from supplynet.reports.parts import carried_line, carried_tables, owned_line
from supplynet.terms import LENSES, TIERS
from supplynet.text import gap_at_most, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.potential.ask import BalanceBypassResult, BypassRow
    from supplynet.analysis.potential.elements import ElementPotential
    from supplynet.questions.outlook import OutlookResult
    from supplynet.questions.potential import PotentialResult
    from supplynet.questions.progress import Crossing, ProgressResult, ProgressRow


def of_potential(result: PotentialResult) -> Document:
    """Return the document of a potential."""
    question = result.question
    sections = (
        section("", "answer", *map(basket_sentence, result.baskets), potential_answer(result)),
        section("How much of demand", "coverage", *_coverage(result)),
        *(
            section(f"What carries the {in_sentence(form.title)}", "carried_by", *carried)
            for form in result.forms[:1]
            if (carried := carried_tables(result.carried_by))
        ),
        section("By element", "elements", *_elements(result)),
        section("What stops more", "limits", *_limits(result)),
        *dead_ends(question.net, result.dead_ends),
        section("Method", "method", _method(result)),
    )
    return of_result(titled(question, "Potential of "), sections, result)


def of_bypass_balance(result: BalanceBypassResult) -> Document:
    """Return the document of a bypass by the balance: forms by tier, then elements."""
    question, tables = result.question, list[Table]()
    order = list(dict.fromkeys(row.what for row in result.rows))
    for kind, head, caption in (
        ("form", "Form", "What could come by form, t of product per year"),
        ("element", "Element, unit", "What could come by element, if it alone counted"),
    ):
        rows = [row for row in result.rows if row.kind == kind]
        table = table_from(
            f"bypass-{kind}s",
            sorted(rows, key=lambda row: order.index(row.what)),
            caption,
            what=Head(head, of=_bypassed),
            tier=Head("Tier", of=lambda row: capitalized(row.tier)),
            demand=Head("Demand", "tonnes"),
            with_all=Head("All open", "tonnes"),
            without=Head(capitalized(without(question).strip()), "tonnes"),
            range=Head("Data range", "tonnes", lambda row: (row.low, row.high)),
            coverage=Head("Covered", "share"),
        )
        tables.append(table)
        if kind == "form" and rows:
            what = f"{in_sentence(rows[0].title)}, {question.tier} in {question.year}"
            tables += carried_tables(result.carried_by, what)
    text = f"{meaning(question)} Within what is needed; each tier adds to the one above."
    record = section("", "bypass", text, *tables)
    return of_result(titled(question, "Bypass of "), (record,), result)


def _bypassed(row: BypassRow) -> str:
    return row.title if row.kind == "form" else f"{row.title}, {row.unit}"


def _coverage(result: PotentialResult) -> Iterator[Table]:
    """Yield what could come by form, also under other conditions, and by product."""
    if not result.forms:
        return
    table = table_of(result, "forms")
    other = [
        Column(name, capitalized(CONDITIONS[name]), kind="share") for name in result.conditions
    ]
    rows = (
        cells | {name: result.coverages[name][row.form][0] for name in result.conditions}
        for row, cells in zip(result.forms, table.rows, strict=True)
    )
    yield replace(table, columns=(*table.columns, *other), rows=tuple(rows))
    if len(result.products) > len(result.forms):
        yield table_of(result, "products")


def _elements(result: PotentialResult) -> Iterator[Content]:
    if not result.elements:
        return
    yield (
        "Each element by itself, within what is needed of it: no plan brings all of them at once. "
        "Beyond that: what more could arrive than the products that are asked for can use."
    )
    yield table_of(result, "elements", cells={"element": lambda row: f"{row.element}, {row.unit}"})
    names = {"basket": lambda row: f"{row.basket} ({row.members}), {row.unit}"}
    yield table_of(result, "baskets", cells=names) if result.baskets else None
    yield _differences(result.elements)


def _differences(rows: Iterable[ElementPotential]) -> tuple[str, ...]:
    """Why maximum flows lie above what could come, elements of one reason together."""

    def figures(alike: Iterable[ElementPotential]) -> str:
        return listing(f"{tonnes(row.bound)} against {amount(row.most, row.unit)}" for row in alike)

    reasoned = grouped((row for row in rows if row.reasons), lambda row: row.reasons)
    return tuple(
        f"The maximum flow is a bound and lies above what could come ({figures(alike)}): "
        f"{listing(reasons)}."
        for reasons, alike in reasoned.items()
    )


def _limits(result: PotentialResult) -> Iterator[Content]:
    n_all, n_shown = len(result.binding), min(len(result.binding), MOST)
    if not n_all:
        is_full = result.coverage is not None and result.coverage >= FULL
        yield (
            "Nothing: all that is asked for could come."
            if is_full
            else "No single limit: raising any one alone would bring no more."
        )
    if not result.steps:
        return
    text = (
        "By their prices the limits let through as much as could come, and no more: no plan brings "
        "more unless one of them is raised."
    )
    if not result.raised:
        text += " One more of any of them alone brings nothing: others hold at the same point."
    yield text
    caption = f"{count(n_all, 'limit')} that {'binds' if n_all == 1 else 'hold it down'}"
    if n_shown < n_all:
        caption = f"The weightiest {n_shown} of {n_all} limits that hold it down"
    # who asks for no product takes elements
    what = "product" if result.forms else result.question.net.commodity.basis
    yield table_from(
        "limits",
        zip(result.binding[:MOST], result.steps, strict=True),
        caption,
        limit=Head("Limit", of=lambda row: row[0].name),
        capacity=Head("Lets through", "tonnes", lambda row: row[0].capacity),
        unit=Head("Unit", of=lambda row: f"{row[0].unit}/yr"),
        more=Head(f"One more brings, t of {what}", "tonnes", lambda row: row[1].more),
        less=Head("One less costs", "tonnes", lambda row: row[1].less),
    )


def _method(result: PotentialResult) -> tuple[str, ...]:
    return (
        meaning(result.question),
        "All elements together, with every loss on the way, capacities that elements share, and "
        "what is cut off and comes back. The most tonnes of product are served in all, then the "
        "products as evenly as can be. Others buy only what leaves scrap that comes to it.",
        "Data range: every capacity, yield and demand at its low and its high end. Contents are "
        "those of today at both; what less would do stands beside it.",
        LENSES[result.question.lens].sentence,
        "An independent check confirmed every program, with no gap above "
        f"{gap_at_most(result.certificate.gap)} between what could come and what the prices of the "
        "limits allow."
        if result.certificate.ok
        else "The independent check did not accept the figure.",
    )


def of_outlook(result: OutlookResult) -> Document:
    """Return the document of an outlook."""
    question = result.questions[0]
    lead = (
        f"Share of demand that each could cover{without(question)} with exclusive access on the "
        "network, with all figures at their low and at their high end. What nations could get "
        "each for itself cannot be added up."
    )
    notes = (
        *(f"{capitalized(tier)}: {link_phrase(TIERS[tier])}." for tier in result.tiers),
        f"An independent check confirmed {count(len(result.questions) * len(result.tiers), 'plan')}"
        ", and by their duals that none brings more.",
    )
    sections = (
        section("", "outlook", lead, _table(result), _carried(result)),
        section("What is counted on", "tiers", notes),
    )
    return of_result(f"Outlook{without(question)}{scenario_phrase(question.net)}", sections, result)


def _carried(result: OutlookResult) -> str:
    """What carries the first cell, of which the headline is, and what it is by owners."""
    if not result.carried_by:
        return ""
    row = result.rows[0]
    text = f"{row.name}, {row.year}, {in_sentence(row.title)}, {row.tier}: {share(row.coverage)}, "
    return f"{text}{carried_line(result.carried_by)}. {owned_line(result.conditions)}".strip()


def _table(result: OutlookResult) -> Table:
    rows: list[dict[str, Any]] = []
    for tiers in grouped(result.rows, lambda row: (row.to, row.year, row.form)).values():
        rows.append({**vars(tiers[0]), **parts.coverages(tiers)})
        for name in (*OF_CONTENTS, "nothing_shut"):
            other = {row.tier: getattr(row, f"coverage_{name}") for row in tiers}
            if any(share(other[row.tier]) != share(row.coverage) for row in tiers):
                rows.append({"title": CONDITIONS[name], **other})
    return parts.coverage_table(
        rows,
        result.tiers,
        name="Nation",
        year=Head("Year", "year"),
        title="Form",
        need=Head("Demand, t", "tonnes"),
    )


_FEWER_SLIPS = (
    "Plants that do not run yet come on time or {} years late; --full and --slip tell what is "
    "between."
)


def of_progress(result: ProgressResult) -> Document:
    """Return the document of a dependence year by year."""
    question, rows = result.question, result.rows
    has_fewer = tuple(dict.fromkeys(row.slip for row in rows)) == FIRST_SLIPS
    fewer = _FEWER_SLIPS.format(rows[-1].slip) if has_fewer else ""
    sections = (
        section("", "answer", result.summary(), fewer),
        section("When it is low enough", "crossings", _crossings(result)),
        section("Year by year, and the binding constraint", "years", _years(result)),
        section("What the scenarios bring", "months", _months(result) if result.months else None),
        section("Method", "method", _results_progress_method(result)),
    )
    title = (
        f"How far {target(question)} depends, {rows[0].year} to {rows[-1].year}"
        f"{without(question)}{scenario_phrase(question.net)}"
    )
    return of_result(title, sections, result)


def _crossings(result: ProgressResult) -> Table:
    return table_of(
        result,
        "crossings",
        caption="Dependence: part of demand that could not come with exclusive access",
        heads={
            "month": f"Below {share(result.below)}",
            "last": f"Left in {result.rows[-1].year}",
        },
        cells={
            "slip": lambda row: count(row.slip, "year") if row.slip else "none",
            "earliest": lambda row: (
                f"{row.earliest} to {row.latest or NEVER}" if row.earliest else ""
            ),
            "halves": lambda row: _halves(row, result),
        },
    )


def _halves(row: Crossing, result: ProgressResult) -> str:
    """Months until half of what could not come at first comes, where anything could not."""
    if row.halves is not None:
        return str(row.halves)
    first = next(
        each
        for each in result.rows
        if (each.slip, each.tier, each.form) == (row.slip, row.tier, row.form)
    )
    return "all comes at first" if first.dependence <= 1.0 - FULL else NEVER


def _step(row: ProgressRow) -> str:
    """The limit of which one more brings most, or why there is none."""
    if row.step:
        return f"{row.step} ({tonnes(row.worth)} t for 1 t)"
    return "nothing" if row.dependence <= 1.0 - FULL else "no single limit"


def _years(result: ProgressResult) -> Table:
    rows = [row for row in result.rows if row.slip == result.rows[0].slip]
    return table_of(result, "rows", rows=rows, caption="With the least slip", cells={"step": _step})


def _months(result: ProgressResult) -> Table:
    rows = [
        row
        for row in result.months
        if row.slip == result.rows[0].slip and row.month.endswith(("-01", "-07"))
    ]
    caption = "Every half year; all months are in CSV and JSON"
    return table_of(result, "months", rows=rows, caption=caption)


def _results_progress_method(result: ProgressResult) -> tuple[str, ...]:
    tiers = dict.fromkeys(row.tier for row in result.rows)
    return (
        "Each year is the maximum with exclusive access, with the ramps of the tables "
        "and the ends of all figures. It is no forecast of who gets it.",
        *(f"{capitalized(name)}: {link_phrase(TIERS[name])}." for name in tiers),
        "Plants late by some years: all that do not run yet begin so much later, with their ramps.",
        "A year stands for its January; between two years all goes straight.",
        capitalized(LENSES[result.question.lens].sentence),
        "An independent check confirmed every plan, and by its duals that none brings more."
        if result.certificate.ok
        else "The independent check did not accept the figures.",
    )
