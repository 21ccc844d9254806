"""The documents of a potential and of an outlook: coverage first, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from supplynet.analysis.question import CONDITIONS, OF_CONTENTS
from supplynet.present.answers import table_of
from supplynet.present.document import (
    Bullets,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    of_result,
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
    without,
)
from supplynet.questions.potential import basket_sentence, potential_answer
from supplynet.questions.progress import FIRST_SLIPS, NEVER
from supplynet.reports.balance_parts import FULL, MOST
from supplynet.reports.carried_words import carried_line, carried_tables, owned_line
from supplynet.reports.dead_ends import sections as dead_ends
from supplynet.terms import LENSES, TIERS
from supplynet.text import gap_at_most, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.potential.ask import BalanceBypassResult
    from supplynet.analysis.potential.elements import ElementPotential
    from supplynet.questions.outlook import OutlookResult, OutlookRow
    from supplynet.questions.potential import PotentialResult
    from supplynet.questions.progress import Crossing, ProgressResult, ProgressRow


def of_potential(result: PotentialResult) -> Document:
    """Return the document of a potential."""
    question = result.question
    said = [*map(basket_sentence, result.baskets), potential_answer(result)]
    sections = [Section("", tuple(map(Paragraph, said)), "answer")]
    if result.forms:
        sections.append(Section("How much of demand", _coverage(result), "coverage"))
    if result.carried_by:
        title = f"What carries the {in_sentence(result.forms[0].title)}"
        sections.append(Section(title, carried_tables(result.carried_by), "carried_by"))
    if result.elements:
        sections.append(Section("By element", _elements(result), "elements"))
    if result.steps or not result.binding:
        sections.append(_limits(result))
    sections += dead_ends(question.net, result.dead_ends)
    sections.append(Section("Method", (_method(result),), "method"))
    title = (
        f"Potential of {target(question)}{without(question)}, {question.year}"
        f"{scenario_phrase(question.net)}"
    )
    return of_result(title, tuple(sections), result)


def of_bypass_balance(result: BalanceBypassResult) -> Document:
    """Return the document of a bypass by the balance: forms by tier, then elements."""
    question = result.question
    tables = []
    for kind, head, caption in (
        ("form", "Form", "What could come by form, t of product per year"),
        ("element", "Element, unit", "What could come by element, if it alone counted"),
    ):
        rows = tuple(
            {
                "what": row.title if kind == "form" else f"{row.title}, {row.unit}",
                "tier": capitalized(row.tier),
                "demand": row.demand,
                "with_all": row.with_all,
                "without": row.without,
                "range": (row.low, row.high),
                "coverage": row.coverage,
            }
            for row in sorted(
                (row for row in result.rows if row.kind == kind),
                key=lambda row: [row.what for row in result.rows].index(row.what),
            )
        )
        columns = (
            Column("what", head),
            Column("tier", "Tier"),
            Column("demand", "Demand", kind="tonnes"),
            Column("with_all", "All open", kind="tonnes"),
            Column("without", capitalized(without(question).strip()), kind="tonnes"),
            Column("range", "Data range", kind="tonnes"),
            Column("coverage", "Covered", kind="share"),
        )
        tables.append(Table(columns, rows, caption, f"bypass-{kind}s"))
        if kind == "form" and rows:
            what = f"{in_sentence(str(rows[0]['what']))}, {question.tier} in {question.year}"
            tables += carried_tables(result.carried_by, what)
    title = f"Bypass of {target(question)}{without(question)}, {question.year}"
    text = f"{meaning(question)} Within what is needed; each tier adds to the one above."
    section = Section("", (Paragraph(text), *tables), "bypass")
    return of_result(f"{title}{scenario_phrase(question.net)}", (section,), result)


def _coverage(result: PotentialResult) -> tuple[Table, ...]:
    """Return what could come by form, also under other conditions, and by product."""
    forms = table_of(result, "forms")
    columns, rows = list(forms.columns), list(forms.rows)
    for name in result.conditions:
        columns.append(Column(name, capitalized(CONDITIONS[name]), kind="share"))
        covered = result.coverages[name]
        rows = [
            {**cells, name: covered[row.form][0]}
            for row, cells in zip(result.forms, rows, strict=True)
        ]
    blocks = [replace(forms, columns=tuple(columns), rows=tuple(rows))]
    if len(result.products) > len(result.forms):
        blocks.append(table_of(result, "products"))
    return tuple(blocks)


def _elements(result: PotentialResult) -> tuple[Paragraph | Table | Bullets, ...]:
    text = (
        "Each element by itself, within what is needed of it: no plan brings all of them at once. "
        "Beyond that: what more could arrive than the products that are asked for can use."
    )
    notes = _differences(result.elements)
    table = table_of(
        result, "elements", cells={"element": lambda row: f"{row.element}, {row.unit}"}
    )
    names = {"basket": lambda row: f"{row.basket} ({row.members}), {row.unit}"}
    as_one = [table_of(result, "baskets", cells=names)] if result.baskets else []
    return (Paragraph(text), table, *as_one, *([Bullets(notes)] if notes else []))


def _differences(rows: Iterable[ElementPotential]) -> tuple[str, ...]:
    """Why maximum flows lie above what could come, elements of one reason together."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        if row.reasons:
            text = f"{tonnes(row.bound)} against {amount(row.most, row.unit)}"
            alike.setdefault(row.reasons, []).append(text)
    return tuple(
        f"The maximum flow is a bound and lies above what could come ({listing(figures)}): "
        f"{listing(reasons)}."
        for reasons, figures in alike.items()
    )


def _limits(result: PotentialResult) -> Section:
    title = "What stops more"
    if not result.binding:
        is_full = result.coverage is not None and result.coverage >= FULL
        text = "Nothing: all that is asked for could come."
        if not is_full:
            text = "No single limit: raising any one alone would bring no more."
        return Section(title, (Paragraph(text),), "limits")
    shown = result.binding[:MOST]
    caption = f"{count(len(result.binding), 'limit')} that {_holds(len(result.binding))}"
    if len(shown) < len(result.binding):
        caption = f"The weightiest {len(shown)} of {len(result.binding)} limits that hold it down"
    # who asks for no product takes elements
    what = "product" if result.forms else result.question.net.commodity.basis
    columns = (
        Column("limit", "Limit"),
        Column("capacity", "Lets through", kind="tonnes"),
        Column("unit", "Unit"),
        Column("more", f"One more brings, t of {what}", kind="tonnes"),
        Column("less", "One less costs", kind="tonnes"),
    )
    rows = tuple(
        {
            "limit": row.name,
            "capacity": row.capacity,
            "unit": f"{row.unit}/yr",
            "more": step.more,
            "less": step.less,
        }
        for row, step in zip(shown, result.steps, strict=True)
    )
    text = (
        "By their prices the limits let through as much as could come, and no more: no plan brings "
        "more unless one of them is raised."
    )
    if not result.raised:
        text += " One more of any of them alone brings nothing: others hold at the same point."
    return Section(title, (Paragraph(text), Table(columns, rows, caption, "limits")), "limits")


def _holds(number: int) -> str:
    return "binds" if number == 1 else "hold it down"


def _method(result: PotentialResult) -> Bullets:
    items = [
        meaning(result.question),
        "All elements together, with every loss on the way, capacities that elements share, and "
        "what is cut off and comes back. The most tonnes of product are served in all, then the "
        "products as evenly as can be. Others buy only what leaves scrap that comes to it.",
        "Data range: every capacity, yield and demand at its low and its high end. Contents are "
        "those of today at both; what less would do stands beside it.",
        LENSES[result.question.lens].sentence,
    ]
    certificate = result.certificate
    items.append(
        "An independent check confirmed every program, with no gap above "
        f"{gap_at_most(certificate.gap)} between what could come and what the prices of the limits "
        "allow."
        if certificate.ok
        else "The independent check did not accept the figure."
    )
    return Bullets(tuple(items))


def of_outlook(result: OutlookResult) -> Document:
    """Return the document of an outlook."""
    question = result.questions[0]
    lead = (
        f"Share of demand that each could cover{without(question)} with exclusive access on the "
        "network, with all figures at their low and at their high end. What nations could get "
        "each for itself cannot be added up."
    )
    counted = {tier: TIERS[tier] for tier in result.tiers}
    notes = [f"{capitalized(tier)}: {link_phrase(floors)}." for tier, floors in counted.items()]
    notes.append(
        f"An independent check confirmed {count(len(result.questions) * len(result.tiers), 'plan')}"
        ", and by their duals that none brings more."
    )
    sections = (
        Section("", (Paragraph(lead), _table(result), *_carried(result)), "outlook"),
        Section("What is counted on", (Bullets(tuple(notes)),), "tiers"),
    )
    title = f"Outlook{without(question)}{scenario_phrase(question.net)}"
    return of_result(title, sections, result)


def _carried(result: OutlookResult) -> tuple[Paragraph, ...]:
    """What carries the first cell, of which the headline is, and what it is by owners."""
    if not result.carried_by:
        return ()
    row = result.rows[0]
    text = f"{row.name}, {row.year}, {in_sentence(row.title)}, {row.tier}: {share(row.coverage)}, "
    text += f"{carried_line(result.carried_by)}. {owned_line(result.conditions)}"
    return (Paragraph(text.strip()),)


def _table(result: OutlookResult) -> Table:
    told: dict[tuple[str, int, str], list[OutlookRow]] = {}
    for row in result.rows:
        told.setdefault((row.to, row.year, row.form), []).append(row)
    rows: list[dict[str, Any]] = []
    for first, *others in told.values():
        tiers = [first, *others]
        cells = {"name": first.name, "year": first.year, "form": first.title, "need": first.need}
        for row in tiers:
            cells[row.tier] = row.coverage
            cells[f"{row.tier}_range"] = (row.coverage_low, row.coverage_high)
        rows.append(cells)
        blank: dict[str, Any] = dict.fromkeys(cells, "")
        for name in (*OF_CONTENTS, "nothing_shut"):
            other = {row.tier: getattr(row, f"coverage_{name}") for row in tiers}
            if any(share(other[row.tier]) != share(row.coverage) for row in tiers):
                rows.append({**blank, "form": CONDITIONS[name], **other})
    columns = [
        Column("name", "Nation"),
        Column("year", "Year", kind="year"),
        Column("form", "Form"),
        Column("need", "Demand, t", kind="tonnes"),
    ]
    for tier in result.tiers:
        columns.append(Column(tier, capitalized(tier), kind="share"))
        columns.append(Column(f"{tier}_range", "Data range", kind="share"))
    return Table(tuple(columns), tuple(rows), "", "outlook")


_FEWER_SLIPS = (
    "Plants that do not run yet come on time or {} years late; --full and --slip tell what is "
    "between."
)


def of_progress(result: ProgressResult) -> Document:
    """Return the document of a dependence year by year."""
    question = result.question
    answer = [progress_answer(result)]
    if tuple(dict.fromkeys(row.slip for row in result.rows)) == FIRST_SLIPS:
        answer.append(_FEWER_SLIPS.format(result.rows[-1].slip))
    sections = [
        Section("", tuple(map(Paragraph, answer)), "answer"),
        Section("When it is low enough", (_crossings(result),), "crossings"),
        Section("Year by year, and the binding constraint", (_years(result),), "years"),
    ]
    if result.months:
        sections.append(Section("What the scenarios bring", (_months(result),), "months"))
    sections.append(Section("Method", (_results_progress_method(result),), "method"))
    title = (
        f"How far {target(question)} depends, {result.rows[0].year} to {result.rows[-1].year}"
        f"{without(question)}{scenario_phrase(question.net)}"
    )
    return of_result(title, tuple(sections), result)


def progress_answer(result: ProgressResult) -> str:
    """Return the answer in sentences: when each form is less dependent, by the surest tier."""
    who, years = capitalized(target(result.question)), [row.year for row in result.rows]
    titles = result.question.net.form_by_name
    # forms and tiers of which the same is said are reported together
    alike: dict[str, dict[str, list[str]]] = {}
    for row in result.crossings:
        if row.slip == result.crossings[0].slip:
            when = _when(row, result.below, years[0], years[-1])
            alike.setdefault(when, {}).setdefault(row.form, []).append(row.tier)
    return " ".join(
        f"{who} {when} for "
        + listing(
            f"{in_sentence(titles[form].title)} ({', '.join(tiers)})"
            for form, tiers in forms.items()
        )
        + "."
        for when, forms in alike.items()
    )


def _when(row: Crossing, below: float, first: int, last: int) -> str:
    if row.month is None:
        could = f", {row.earliest} at best" if row.earliest else ""
        return (
            f"does not come below a dependence of {share(below)} by {last}, with "
            f"{share(row.last)} left{could},"
        )
    ends = f" ({row.earliest} to {row.latest or NEVER})"
    if row.earliest == row.month == row.latest:
        ends = ""
    if row.month == f"{first}-01":
        return f"is below a dependence of {share(below)} from {row.month} on{ends}"
    return f"comes below a dependence of {share(below)} in {row.month}{ends}"


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


def _results_progress_method(result: ProgressResult) -> Bullets:
    tiers = dict.fromkeys(row.tier for row in result.rows)
    lines = [
        "Each year is the maximum with exclusive access, with the ramps of the tables "
        "and the ends of all figures. It is no forecast of who gets it.",
        *(f"{capitalized(name)}: {link_phrase(TIERS[name])}." for name in tiers),
        "Plants late by some years: all that do not run yet begin so much later, with their ramps.",
        "A year stands for its January; between two years all goes straight.",
        LENSES[result.question.lens].sentence,
        "An independent check confirmed every plan, and by its duals that none brings more."
        if result.certificate.ok
        else "The independent check did not accept the figures.",
    ]
    return Bullets(tuple(capitalized(line) for line in lines))
