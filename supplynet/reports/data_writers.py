"""A document for programs: JSON, and its tables as CSV; the same input gives the same bytes.

A spreadsheet opens the CSV without running anything in it.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from supplynet.present.document import Column, Document, Table
from supplynet.text import is_hidden, one_line

#: key of the script in JSON, and the name to save it by
SCRIPT = "verify.py"


def to_json(document: Document) -> str:
    """Return the machine-readable content of a document, with a line end.

    That is ``document.data``; a document without it gives its title and tables. Keys keep
    their order; what JSON cannot say (no limit, not a number) is ``null``.
    """
    content: Any = document.data or {
        "title": document.title,
        "tables": {
            table.name or str(number): list(table.rows)
            for number, table in enumerate(document.tables(), 1)
        },
    }
    if carries_proof(content):
        content = {**content, SCRIPT: script()}
    text = json.dumps(jsonable(content), indent=2, ensure_ascii=False, allow_nan=False)
    # the same values, but nothing in them reaches a terminal unescaped
    if not text.isascii() or "\x7f" in text:
        text = "".join(char if char == "\n" else _escaped(char) for char in text)
    return text + "\n"


def carries_proof(content: Any) -> bool:
    """Whether a result somewhere in a content can be checked by what it carries."""
    if isinstance(content, Mapping):
        return bool(content.get("proof")) or any(map(carries_proof, content.values()))
    return isinstance(content, (list, tuple)) and any(map(carries_proof, content))


def script() -> str:
    """Return ``verify.py``, which checks a written result with nothing but Python."""
    from supplynet import verify

    return Path(verify.__file__).read_text(encoding="utf-8")


def _escaped(char: str) -> str:
    if not is_hidden(char):
        return char
    return "\\u007f" if char == "\x7f" else json.dumps(char)[1:-1]


def jsonable(value: Any) -> Any:
    """Return a value as JSON knows it: dicts, lists, texts, finite numbers, true, false, null."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) + 0.0 if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): jsonable(part) for key, part in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((jsonable(part) for part in value), key=str)
    if isinstance(value, (list, tuple)):
        return [jsonable(part) for part in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: jsonable(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if hasattr(value, "item"):  # a scalar of numpy
        return jsonable(value.item())
    return str(value)


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
