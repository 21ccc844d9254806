"""What changed between two editions, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.analysis.editions_result import row_state
from supplynet.report.document import Bullets, Column, Document, Paragraph, Section, Table
from supplynet.report.results_indices import figure
from supplynet.report.words import count, listing
from supplynet.text import change, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.editions_result import HeadlineChange, Revision, VintageResult

#: changed cells of graphs that are listed; the rest is counted
_LISTED = 60


def of_vintage(result: VintageResult) -> Document:
    """Return the document of a comparison of two editions."""
    first, last = result.names
    sections = [Section("", (Paragraph(answer(result)),), "answer")]
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
    return Document(f"From {first} to {last}: what changed", tuple(sections), result.to_dict())


def answer(result: VintageResult) -> str:
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
            ends = [figure(end, headline.unit) for end in (headline.before, headline.after)]
            text += f" The concentration (HHI) of {headline.of} goes from {ends[0]} to {ends[1]}."
    return text


def _revision_phrase(one: Revision) -> str:
    before = "no figure" if one.before is None else f"{one.before:,.0f} t"
    after = "no figure" if one.after is None else f"{one.after:,.0f} t"
    return f"{one.name} {one.year} {one.statistic} from {before} to {after}"


def _headline_table(result: VintageResult) -> Table:
    rows = tuple(
        {
            "name": headline.name,
            "of": headline.of,
            "before": _headline(headline.before, headline.unit),
            "after": _headline(headline.after, headline.unit),
            "change": _headline_change(headline),
            "unit": "" if headline.unit in ("1", "0-10,000") else headline.unit,
        }
        for headline in result.headlines
    )
    columns = (
        Column("name", "Figure"),
        Column("of", "Of"),
        Column("before", result.names[0], align="right"),
        Column("after", result.names[1], align="right"),
        Column("change", "Change", align="right"),
        Column("unit", "Unit"),
    )
    return Table(columns, rows, "", "headlines")


def _headline(value: float | None, unit: str) -> str:
    """A figure whose unit stands in a column of its own, if it has one."""
    return figure(value, unit) if unit in ("1", "0-10,000") else tonnes(value)


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
    rows = tuple(
        {
            "name": revision.name,
            "year": revision.year,
            "statistic": revision.statistic,
            "before": "no figure" if revision.before is None else f"{revision.before:,.10g}",
            "after": "no figure" if revision.after is None else f"{revision.after:,.10g}",
            "change": None if revision.change is None else change(revision.change),
            "ratio": None if revision.ratio is None else share(revision.ratio),
        }
        for revision in result.changed
    )
    columns = (
        Column("name", "Country"),
        Column("year", "Year", kind="year"),
        Column("statistic", "Of"),
        Column("before", f"{result.names[0]}, t", align="right"),
        Column("after", f"{result.names[1]}, t", align="right"),
        Column("change", "Change, t", align="right"),
        Column("ratio", "After / before", align="right"),
    )
    return Table(columns, rows, "The largest change first", "revisions")


def _count_table(result: VintageResult) -> Table:
    rows = tuple({"table": name, **held} for name, held in result.counts().items())
    columns = (
        Column("table", "Table"),
        Column("added", "Added", kind="int"),
        Column("removed", "Removed", kind="int"),
        Column("changed", "Changed", kind="int"),
    )
    return Table(columns, rows, "", "counts")


def _cell_table(result: VintageResult) -> Table:
    shown = result.rows[:_LISTED]
    rows: list[dict[str, Any]] = []
    for row_told in shown:
        state = row_state(row_told)
        values = row_told.values if state == "changed" else ("", "")
        rows.append(
            {
                "table": row_told.what[0],
                "row": row_told.what[1],
                "column": row_told.what[2] or f"(row {state})",
                "before": _cell(values[0]),
                "after": _cell(values[1]),
            }
        )
    columns = (
        Column("table", "Table"),
        Column("row", "Row"),
        Column("column", "Column"),
        Column("before", result.names[0]),
        Column("after", result.names[1]),
    )
    left = len(result.rows) - len(shown)
    caption = (
        f"The first {len(shown)}; {left:,} more are in the JSON and CSV output" if left else ""
    )
    return Table(columns, tuple(rows), caption, "rows")


def _cell(value: Any) -> str:
    if value is None:
        return "(empty)"
    if isinstance(value, float):
        return tonnes(value) if abs(value) < 1 else f"{value:,.10g}"
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
