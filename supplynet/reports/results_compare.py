"""Answers, and editions of tables or graphs, beside each other as documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from supplynet.analysis.editions import row_state
from supplynet.present.document import (
    Bullets,
    Column,
    Document,
    Head,
    Paragraph,
    Section,
    Table,
    of_result,
    table_from,
)
from supplynet.present.words import capitalized, count
from supplynet.text import change, listing, quantity, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.compare import CompareResult
    from supplynet.analysis.editions import HeadlineChange, Revision, VintageResult


def of_compare(result: CompareResult) -> Document:
    """Return the document of a comparison: every figure side by side."""
    # one key per answer: names come from the user and could be those of other columns
    keys = [f"value_{number}" for number in range(len(result.names))]
    is_numbers = all(
        value is None or isinstance(value, (int, float))
        for row in result.rows
        for value in row.values
    )
    kind: Any = "tonnes" if is_numbers else "text"
    columns = [
        Column(f"what_{number}", capitalized(name)) for number, name in enumerate(result.columns)
    ]
    columns += [Column(key, name, kind=kind) for key, name in zip(keys, result.names, strict=True)]
    columns += [Column("change", "Change", align="right"), Column("unit", "Unit")]
    rows = tuple(_compare_row(row, keys) for row in result.rows)
    blocks: list[Any] = [Paragraph(_compare_summary(result))]
    if rows:
        blocks.append(Table(tuple(columns), rows, "", "compare"))
    title = f"Comparison of {listing(result.names)}"
    return of_result(title, (Section("", tuple(blocks), "compare"),), result)


def _compare_row(row: Any, keys: list[str]) -> dict[str, Any]:
    is_share = row.what[-1] == "coverage"
    values = [share(value) if is_share else value for value in row.values]
    moved = row.change
    words = {"with_all": "all open"}
    return {
        **{f"what_{number}": words.get(part, part) for number, part in enumerate(row.what)},
        **dict(zip(keys, values, strict=True)),
        "change": None if moved is None else _points(moved) if is_share else change(moved),
        "unit": row.unit,
    }


def _points(value: float) -> str:
    sign = "+" if value > 0 else ""
    return f"{sign}{share(value)}"


def _compare_summary(result: CompareResult) -> str:
    changed = [row for row in result.rows if row.change]
    if not changed:
        n_other = sum(row.change is None for row in result.rows)
        return f"{count(n_other, 'difference')}." if n_other else "No figure differs."
    top = max(changed, key=lambda row: abs(row.change or 0.0))
    first, last = result.names[0], result.names[-1]
    return (
        f"{count(len(changed), 'figure')} changed; most of all {', '.join(top.what)}: from "
        f"{tonnes(top.values[0])} ({first}) to {tonnes(top.values[-1])} {top.unit} ({last})."
    )


#: changed cells of graphs that are listed; the rest is counted
_LISTED = 60


def of_vintage(result: VintageResult) -> Document:
    """Return the document of a comparison of two editions."""
    first, last = result.names
    sections = [Section("", (Paragraph(vintage_answer(result)),), "answer")]
    if result.headlines:
        table = _headline_table(result)
        sections.append(Section("What it does to the headlines", (table,), "headlines"))
    if result.kind == "tables":
        if result.changed:
            sections.append(Section("Figures revised", (_revision_table(result),), "revisions"))
    elif result.rows:
        sections.append(Section("By table", (_count_table(result),), "counts"))
        sections.append(Section("Rows", (_cell_table(result),), "rows"))
    if result.flags:
        flags = Bullets(tuple(dict.fromkeys(result.flags)))
        sections.append(Section("Before you quote them", (flags,), "notes"))
    return of_result(f"From {first} to {last}: what changed", tuple(sections), result)


def vintage_answer(result: VintageResult) -> str:
    """Return what changed in a sentence or two."""
    if result.kind == "graphs":
        counts = result.counts()
        if not counts:
            return "The rows of both graphs are the same."
        parts = [
            f"{name} ({', '.join(f'{number} {word}' for word, number in held.items() if number)})"
            for name, held in counts.items()
        ]
        return f"Rows differ in {count(len(counts), 'table')}: {listing(parts)}."
    if not result.changed:
        return "Every figure of the years that both hold is the same."
    n_same = sum(revision.state == "same" for revision in result.revisions)
    largest = "; ".join(map(_revision_phrase, result.changed[:3]))
    text = (
        f"{count(len(result.changed), 'figure')} differ, {n_same} are the same. The largest "
        f"revisions: {largest}."
    )
    for headline in result.headlines:
        if headline.name == "HHI" and headline.before != headline.after:
            ends = [quantity(end, headline.unit) for end in (headline.before, headline.after)]
            text += f" The concentration (HHI) of {headline.of} goes from {ends[0]} to {ends[1]}."
    return text


def _revision_phrase(one: Revision) -> str:
    before = "no figure" if one.before is None else f"{one.before:,.0f} t"
    after = "no figure" if one.after is None else f"{one.after:,.0f} t"
    return f"{one.name} {one.year} {one.statistic} from {before} to {after}"


def _headline_table(result: VintageResult) -> Table:
    first, last = result.names
    return table_from(
        "headlines",
        result.headlines,
        name="Figure",
        of="Of",
        before=Head(first, of=lambda one: _headline(one.before, one.unit), align="right"),
        after=Head(last, of=lambda one: _headline(one.after, one.unit), align="right"),
        change=Head("Change", of=_headline_change, align="right"),
        unit=Head("Unit", of=lambda one: "" if one.unit in _WITHOUT else one.unit),
    )


#: units that are not written
_WITHOUT = ("1", "0-10,000")


def _headline(value: float | None, unit: str) -> str:
    """A figure whose unit stands in a column of its own, if it has one."""
    return quantity(value, unit) if unit in _WITHOUT else tonnes(value)


def _headline_change(one: HeadlineChange) -> str:
    if one.before is None or one.after is None:
        return "not known"
    difference = one.after - one.before
    if one.unit == "1":
        return f"{difference * 100:+.1f} points"
    if not one.before or abs(difference) > 10.0 * one.before:
        return change(difference)
    return f"{change(difference)} ({difference / one.before:+.1%})"


def _revision_table(result: VintageResult) -> Table:
    first, last = (f"{name}, t" for name in result.names)
    return table_from(
        "revisions",
        result.changed,
        "The largest change first",
        name="Country",
        year=Head("Year", "year"),
        statistic="Of",
        before=Head(first, of=lambda one: _revised(one.before), align="right"),
        after=Head(last, of=lambda one: _revised(one.after), align="right"),
        change=Head("Change, t", of=_change, align="right"),
        ratio=Head("After / before", of=lambda one: one.ratio and share(one.ratio), align="right"),
    )


def _revised(value: float | None) -> str:
    return "no figure" if value is None else f"{value:,.10g}"


def _change(one: Revision) -> str | None:
    return None if one.change is None else change(one.change)


def _count_table(result: VintageResult) -> Table:
    counts = [{"table": name, **held} for name, held in result.counts().items()]
    words = ("added", "removed", "changed")
    heads = {word: Head(word.capitalize(), "int") for word in words}
    return table_from("counts", counts, table="Table", **heads)


def _cell_table(result: VintageResult) -> Table:
    shown = result.rows[:_LISTED]
    left = len(result.rows) - len(shown)
    caption = (
        f"The first {len(shown)}; {left:,} more are in the JSON and CSV output" if left else ""
    )

    def changed(at: int) -> Callable[[Any], str]:
        return lambda one: _cell(one.values[at] if row_state(one) == "changed" else "")

    return table_from(
        "rows",
        shown,
        caption,
        table=Head("Table", of=lambda one: one.what[0]),
        row=Head("Row", of=lambda one: one.what[1]),
        column=Head("Column", of=lambda one: one.what[2] or f"(row {row_state(one)})"),
        before=Head(result.names[0], of=changed(0)),
        after=Head(result.names[1], of=changed(1)),
    )


def _cell(value: Any) -> str:
    if value is None:
        return "(empty)"
    if isinstance(value, float):
        return tonnes(value) if abs(value) < 1 else f"{value:,.10g}"
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
