"""A document's content as JSON: the same input gives the same bytes."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from supplynet.report.document import Document
from supplynet.text import is_hidden

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
