"""A document as a workbook: what it says on the first sheet, and a sheet a table."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from supplynet.io.workbook import Book
from supplynet.present.document import Bullets, Document, Paragraph, Table
from supplynet.reports.data_writers import ends_of, ranged_keys
from supplynet.reports.first_words import sections_as_read
from supplynet.text import one_line

_FIRST, _SOURCES = "answer", "sources"
#: what the name of a sheet cannot hold, and how long it may be
_UNNAMABLE = re.compile(r"[\[\]:*?/\\']+")
_LONGEST_NAME = 31
#: how numbers of each kind are shown; the cells keep fifteen digits
_SHOWN = {"share": "0.000", "tonnes": "[>=1000]#,##0;[>=1]0.0##;General", "int": "#,##0"}
#: the unit at the end of a caption, of columns that have none of their own
_UNIT_OF_ALL = re.compile(
    r", ((?:t|tonnes|(?:million )?US dollars)(?: [a-z ]+?)??)(/yr| per year)?$"
)


def to_xlsx(document: Document, sources: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """Return a document as a workbook.

    The sheet ``answer`` holds title, sentences and what the answer was worked out with. Each table
    has a sheet: numbers to fifteen digits, units in the heads, a range in two columns. Nothing is
    a formula.

    Parameters
    ----------
    sources : sequence of mapping, optional
        Rows of the table of sources behind the figures.

    Raises
    ------
    MissingExtraError
        If the extra ``excel`` is not installed.
    """
    book = Book(document.title)
    names = _names(document)
    book.add(_FIRST, [one_line(document.title)], _sentences(document, names), widths=[100, 60])
    for table, name in zip(document.tables(), names, strict=True):
        _add(book, table, name)
    if sources:
        keys = list(dict.fromkeys(key for row in sources for key in row))
        book.add(_SOURCES, keys, [[_cell(row.get(key)) for key in keys] for row in sources])
    return book.content()


def _names(document: Document) -> list[str]:
    """Return a name for the sheet of each table, none of them twice."""
    taken = {_FIRST, _SOURCES}
    names = []
    for section in document.sections:
        for block in section.blocks:
            if not isinstance(block, Table):
                continue
            text = block.name or section.name or "table"
            text = _UNNAMABLE.sub(" ", one_line(text)).strip()[:_LONGEST_NAME] or "table"
            name, number = text, 1
            while name.lower() in taken:
                number += 1
                name = f"{text[: _LONGEST_NAME - 4]} {number}"
            taken.add(name.lower())
            names.append(name)
    return names


def _sentences(document: Document, names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the first sheet: sections in order, and the provenance."""
    sheets = iter(names)
    for section in sections_as_read(document):
        if section.title:
            yield ("",)
            yield (one_line(section.title),)
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield (one_line(block.text),)
            elif isinstance(block, Bullets):
                yield from ((f"- {one_line(text)}",) for text in block.items)
            elif isinstance(block, Table):
                caption = one_line(block.caption or section.title or "Table")
                yield (f"{caption} (sheet {next(sheets)})",)
    origin = document.data.get("provenance")
    if isinstance(origin, Mapping):
        yield ("",)
        yield ("Worked out with",)
        yield from ((f"{key}: {one_line(_told(value))}",) for key, value in origin.items() if value)


def _told(value: Any) -> str:
    """Return what an answer was worked out with, in words."""
    if isinstance(value, Mapping):
        entries = ((key, _told(entry)) for key, entry in value.items())
        return "; ".join(f"{key} {text}" for key, text in entries if text)
    if isinstance(value, (tuple, list)):
        return ", ".join(map(_told, value))
    return "" if value is None else str(value)


def _unit_of_all(caption: str) -> str:
    """Return the unit of the tonnes of a table whose caption states it.

    Examples
    --------
    >>> _unit_of_all("By product, t of product per year"), _unit_of_all("Who gets what")
    ('t of product/yr', '')
    >>> _unit_of_all("The largest 10 of 13 charges, million US dollars")
    'million US dollars'
    """
    match = _UNIT_OF_ALL.search(caption)
    return match[1] + ("/yr" if match[2] else "") if match else ""


def _add(book: Book, table: Table, name: str) -> None:
    """Add the sheet of a table."""
    ranged = ranged_keys(table)
    usual = {"share": "share, 0 to 1", "tonnes": _unit_of_all(table.caption)}
    head: list[str] = []
    shown: dict[str, str] = {}
    for column in table.columns:
        unit = column.unit or usual.get(column.kind, "")
        text = one_line(column.title or column.key) + (f" [{unit}]" if unit else "")
        ends = [f"{text}, low", f"{text}, high"] if column.key in ranged else [text]
        head += ends
        shown |= dict.fromkeys(ends, _SHOWN.get(column.kind, ""))
    rows = []
    for record in table.rows:
        cells: list[Any] = []
        for column in table.columns:
            value = record.get(column.key)
            cells += map(_cell, ends_of(value) if column.key in ranged else [value])
        rows.append(cells)
    book.add(name, head, rows, shown=shown)


def _cell(value: Any) -> Any:
    """Return a value as a cell: a number, yes or no, a text, or nothing."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        if math.isnan(value):
            return None
        # fifteen digits: those that a spreadsheet keeps of a number
        return "no limit" if math.isinf(value) else float(f"{value:.15g}") + 0.0
    if isinstance(value, (tuple, list)):
        return one_line("; ".join(map(str, value)))
    return one_line(str(value))
