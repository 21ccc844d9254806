"""Results as documents: one function per kind of result."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from supplynet.contract.answer import DeclaredResult, Result, laid_out
from supplynet.errors import OptionError
from supplynet.present import answers
from supplynet.present.document import (
    Content,
    Document,
    Head,
    Table,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import capitalized, count
from supplynet.text import change, listing, quantity, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.compare import CompareResult, Difference
    from supplynet.analysis.editions import HeadlineChange, Revision, VintageResult

#: what is looked up and not solved declares no table, by the name of its type
_LOOKED_UP = {
    "CheckReport": "supplynet.reports.results_network.of_check",
    "SupplyNetwork": "supplynet.reports.results_network.of_network",
}


def of_compare(result: CompareResult) -> Document:
    """Return the document of a comparison: every figure side by side."""
    is_numbers = all(
        value is None or isinstance(value, (int, float))
        for row in result.rows
        for value in row.values
    )
    # one key per answer: names come from the user and could be those of other columns
    heads = {
        f"what_{n}": Head(capitalized(name), of=partial(_word, n))
        for n, name in enumerate(result.columns)
    } | {
        f"value_{n}": Head(name, "tonnes" if is_numbers else "text", partial(_value, n))
        for n, name in enumerate(result.names)
    }
    blocks: list[Content] = [_compare_summary(result)]
    if result.rows:
        change_head = Head("Change", of=_change, align="right")
        blocks.append(table_from("compare", result.rows, **heads, change=change_head, unit="Unit"))
    title = f"Comparison of {listing(result.names)}"
    return of_result(title, (section("", "compare", *blocks),), result)


def _word(n: int, row: Difference) -> str:
    return {"with_all": "all open"}.get(row.what[n], row.what[n])


def _value(n: int, row: Difference) -> Any:
    return share(row.values[n]) if row.what[-1] == "coverage" else row.values[n]


def _change(row: Difference) -> str | None:
    if row.change is None:
        return None
    return _points(row.change) if row.what[-1] == "coverage" else change(row.change)


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
    is_of_rows = result.kind != "tables" and result.cells
    sections = (
        section("", "answer", vintage_answer(result)),
        section(
            "What it does to the headlines",
            "headlines",
            _headline_table(result) if result.headlines else None,
        ),
        section(
            "Figures revised",
            "revisions",
            _revision_table(result) if result.kind == "tables" and result.changed else None,
        ),
        section("By table", "counts", _count_table(result) if is_of_rows else None),
        section("Rows", "rows", _cell_table(result) if is_of_rows else None),
        section("Before you quote them", "notes", tuple(dict.fromkeys(result.flags))),
    )
    return of_result(f"From {first} to {last}: what changed", sections, result)


def vintage_answer(result: VintageResult) -> str:
    """Return what changed in a sentence or two."""
    if result.kind == "graphs":
        counts = result.counts()
        if not counts:
            return "The rows of both graphs are the same."
        parts = [
            f"{name} ({', '.join(f'{index} {word}' for word, index in contents.items() if index)})"
            for name, contents in counts.items()
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
            bounds = [quantity(end, headline.unit) for end in (headline.before, headline.after)]
            text += (
                f" The concentration (HHI) of {headline.of} goes from {bounds[0]} to {bounds[1]}."
            )
    return text


def _revision_phrase(revision: Revision) -> str:
    before = "no figure" if revision.before is None else f"{revision.before:,.0f} t"
    after = "no figure" if revision.after is None else f"{revision.after:,.0f} t"
    return f"{revision.name} {revision.year} {revision.statistic} from {before} to {after}"


def _headline_table(result: VintageResult) -> Table:
    no_units, (before, after) = ("1", "0-10,000"), result.names

    def written(headline_change: HeadlineChange, value: float | None) -> str:
        return (
            quantity(value, headline_change.unit)
            if headline_change.unit in no_units
            else tonnes(value)
        )

    return table_from(
        "headlines",
        result.headlines,
        name="Figure",
        of="Of",
        before=Head(before, of=lambda entry: written(entry, entry.before), align="right"),
        after=Head(after, of=lambda member: written(member, member.after), align="right"),
        change=Head("Change", of=_headline_change, align="right"),
        unit=Head(
            "Unit", of=lambda candidate: "" if candidate.unit in no_units else candidate.unit
        ),
    )


def _headline_change(headline_change: HeadlineChange) -> str:
    if headline_change.before is None or headline_change.after is None:
        return "not known"
    difference = headline_change.after - headline_change.before
    if headline_change.unit == "1":
        return f"{difference * 100:+.1f} points"
    if not headline_change.before or abs(difference) > 10.0 * headline_change.before:
        return change(difference)
    return f"{change(difference)} ({difference / headline_change.before:+.1%})"


def _revision_table(result: VintageResult) -> Table:
    def figure(value: float | None) -> str:
        return "no figure" if value is None else f"{value:,.10g}"

    def part(revision: Revision) -> str | None:
        return None if revision.ratio is None else share(revision.ratio)

    before, after = result.names
    return table_from(
        "revisions",
        result.changed,
        "The largest change first",
        name="Country",
        year=Head("Year", "year"),
        statistic="Of",
        before=Head(f"{before}, t", of=lambda entry: figure(entry.before), align="right"),
        after=Head(f"{after}, t", of=lambda member: figure(member.after), align="right"),
        change=Head(
            "Change, t",
            of=lambda candidate: None if candidate.change is None else change(candidate.change),
            align="right",
        ),
        ratio=Head("After / before", of=part, align="right"),
    )


def _count_table(result: VintageResult) -> Table:
    return table_from(
        "counts",
        ({"table": name, **contents} for name, contents in result.counts().items()),
        table="Table",
        added=Head("Added", "int"),
        removed=Head("Removed", "int"),
        changed=Head("Changed", "int"),
    )


def _cell_table(result: VintageResult) -> Table:
    shown, (before, after) = result.cells[:_LISTED], result.names
    left = len(result.cells) - len(shown)
    return table_from(
        "rows",
        shown,
        f"The first {len(shown)}; {left:,} more are in the JSON and CSV output" if left else "",
        table="Table",
        row="Row",
        column=Head("Column", of=lambda entry: entry.column or f"(row {entry.state})"),
        before=Head(before, of=lambda member: _cell(member.before) if member.column else ""),
        after=Head(after, of=lambda candidate: _cell(candidate.after) if candidate.column else ""),
    )


def _cell(value: Any) -> str:
    if value is None:
        return "(empty)"
    if isinstance(value, float):
        return tonnes(value) if abs(value) < 1 else f"{value:,.10g}"
    return str(value)


def document_of(result: Any) -> Document:
    """Return the document of any result, by the function that its kind declares."""
    if isinstance(result, DeclaredResult) and not result.LAYOUT.document:
        return answers.document_of(result)
    is_declared = isinstance(result, Result)
    path = result.LAYOUT.document if is_declared else _LOOKED_UP.get(type(result).__name__)
    if path is None:
        from supplynet.reports.results_page import kinds

        raise OptionError(
            f"cannot report a {type(result).__name__}",
            hint=f"pass a network, its check, or a result of kind {', '.join(kinds())}",
        )
    document: Document = laid_out(path, result)
    return document
