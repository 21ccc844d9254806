"""Answers beside each other, as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.present.document import Column, Document, Paragraph, Section, Table, of_result
from supplynet.present.words import capitalized, count
from supplynet.text import change, listing, share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.compare import CompareResult


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
