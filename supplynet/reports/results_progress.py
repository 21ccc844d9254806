"""The document of a dependence year by year: when it is low enough, and what binds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.present.answers import table_of
from supplynet.present.document import (
    Bullets,
    Document,
    Paragraph,
    Section,
    Table,
    of_result,
)
from supplynet.present.words import (
    capitalized,
    count,
    in_sentence,
    link_phrase,
    scenario_phrase,
    target,
    tier_title,
    without,
)
from supplynet.questions.progress import FIRST_SLIPS, NEVER
from supplynet.reports.balance_parts import FULL
from supplynet.terms import LENSES, TIERS
from supplynet.text import listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.questions.progress import Crossing, ProgressResult, ProgressRow

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
        Section("Year by year, and what binds", (_years(result),), "years"),
    ]
    if result.months:
        sections.append(Section("What the scenarios bring", (_months(result),), "months"))
    sections.append(Section("Method", (_method(result),), "method"))
    title = (
        f"How far {target(question)} depends, {result.rows[0].year} to {result.rows[-1].year}"
        f"{without(question)}{scenario_phrase(question.net)}"
    )
    return of_result(title, tuple(sections), result)


def progress_answer(result: ProgressResult) -> str:
    """Return the answer in sentences: when each form is less dependent, by the surest tier."""
    who, years = capitalized(target(result.question)), [row.year for row in result.rows]
    titles = result.question.net.form_by_name
    # forms and tiers of which the same is said are told together
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
        caption="Dependence: part of the need that could not come if it alone drew",
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


def _method(result: ProgressResult) -> Bullets:
    tiers = dict.fromkeys(row.tier for row in result.rows)
    lines = [
        "Each year is a potential: what could come if it alone drew, with the ramps of the tables "
        "and the ends of all figures. It is no forecast of who gets it.",
        *(f"{tier_title(name)}: {link_phrase(TIERS[name])}." for name in tiers),
        "Plants late by some years: all that do not run yet begin so much later, with their ramps.",
        "A year stands for its January; between two years all goes straight.",
        LENSES[result.question.lens].sentence,
        "An independent check confirmed every plan, and by its duals that none brings more."
        if result.certificate.ok
        else "The independent check did not accept the figures.",
    ]
    return Bullets(tuple(capitalized(line) for line in lines))
