"""Tables as CSV that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
import io
import math
from typing import Any

from supplynet.report.document import Column, Table
from supplynet.text import one_line

# a cell that begins so is a formula to a spreadsheet, also behind spaces or in full width
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def to_csv(table: Table) -> str:
    """Return a table as CSV: UTF-8 text, comma, one line end a row.

    Numbers are written in full; a range takes two columns, ``<key>_low`` and ``<key>_high``.
    Text that a spreadsheet would take for a formula is prefixed with ``'``.
    """
    with_range = ranged_keys(table)
    head: list[str] = []
    for column in table.columns:
        unit = f" [{column.unit}]" if column.unit else ""
        ends = ("_low", "_high") if column.key in with_range else ("",)
        head += [_text(f"{column.key}{end}{unit}") for end in ends]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(head)
    for row in table.rows:
        cells: list[Any] = []
        for column in table.columns:
            value = row.get(column.key)
            if column.key in with_range:
                cells += [_value(part) for part in ends_of(value)]
            else:
                cells.append(_value(value))
        writer.writerow(cells)
    return stream.getvalue()


def ranged_keys(table: Table) -> frozenset[str]:
    """Return the columns of a table in which some cell is a range."""
    return frozenset(
        column.key
        for column in table.columns
        if any(_is_range(column, row.get(column.key)) for row in table.rows)
    )


def _is_range(column: Column, value: Any) -> bool:
    return (
        column.kind not in ("text", "cites")
        and isinstance(value, (tuple, list))
        and len(value) == 2
    )


def ends_of(value: Any) -> tuple[Any, Any]:
    """Return the ends of a range; a single figure is both."""
    if isinstance(value, (tuple, list)) and len(value) == 2:
        return value[0], value[1]
    return value, value


def _value(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, (tuple, list)):
        return _text("; ".join(str(part) for part in value))
    return _text(str(value))


def _number(value: float) -> str:
    if math.isnan(value):
        return ""
    if math.isinf(value):
        return "no limit"
    return repr(float(value) + 0.0)  # no minus before a zero


def _text(text: str) -> str:
    clean = one_line(text)
    return f"'{clean}" if text.startswith(_FORMULA) or clean.startswith(_FORMULA) else clean
