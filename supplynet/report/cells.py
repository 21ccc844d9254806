"""Values of a table's cells as text, by the kind of their column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.text import NONE, integer, share, tonnes

if TYPE_CHECKING:
    from supplynet.report.document import Column


def cell(column: Column, value: Any) -> str:
    """Return a table's cell as text."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list)) and column.kind in ("tonnes", "share", "int"):
        parts = [cell(column, part) for part in value]
        return parts[0] if len(set(parts)) == 1 else " to ".join(parts)
    if isinstance(value, str):
        return value
    if column.kind == "cites":
        return " ".join(f"[{number}]" for number in value)
    if column.kind == "tonnes":
        return tonnes(float(value), missing=NONE)
    if column.kind == "share":
        return share(float(value), missing=NONE)
    if column.kind == "int":
        return integer(float(value), missing=NONE)
    if isinstance(value, float):
        return tonnes(value, missing=NONE) if column.kind == "text" else str(int(value))
    if isinstance(value, (tuple, list)):
        return ", ".join(str(part) for part in value)
    return str(value)
