"""Keys of records and columns of tables as tables of the page on the format."""

from __future__ import annotations

import inspect
import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from supplynet.io.table_schema import table_schema
from supplynet.network.schema import ID_PATTERN, Row
from supplynet.network.schema.row import references
from supplynet.text import few


def row_summary(model: type[BaseModel]) -> str:
    """Return the first line of a model's description."""
    return (inspect.getdoc(model) or "").split("\n")[0]


def key_table(model: type[BaseModel], left_out: Sequence[str]) -> str:
    """Return the keys of a record as a table, but for some."""
    properties = model.model_json_schema()["properties"]
    lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
    for name, info in model.model_fields.items():
        if name in left_out:
            continue
        prop = properties[name]
        default = (
            "needed" if info.is_required() else _code(info.get_default(call_default_factory=True))
        )
        meaning = [info.description or "", _allowed(prop)]
        text = "; ".join(filter(None, meaning))
        lines.append(f"| `{name}` | {_type_name(prop)} | {default} | {escape(text)} |")
    return "\n".join(lines) + "\n\n"


def _type_name(prop: dict[str, Any]) -> str:
    if "$ref" in prop:
        return "object"
    kinds = [option for option in prop.get("anyOf", [prop]) if option.get("type") != "null"]
    prop = kinds[0]
    kind = str(prop["type"])
    if kind == "array":
        return f"list of {_type_name(prop['items'])}"
    return "text" if kind == "string" else kind


def column_table(model: type[Row]) -> str:
    """Return the columns of a table of rows, and what tells a row from others."""
    lines = ["| column | type | unit | allowed | default | meaning |", "|---|---|---|---|---|---|"]
    for field in table_schema(model)["fields"]:
        constraints = field["constraints"]
        info = model.model_fields[field["name"]]
        default = "needed" if constraints["required"] else _code(info.default)
        cells = [
            f"`{field['name']}`",
            "text" if field["type"] == "string" else field["type"],
            field.get("unit", ""),
            escape(_allowed(constraints)),
            default,
            escape(field["description"]),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + f"\n\n{_keys(model)}\n\n"


def _keys(model: type[Row]) -> str:
    """What tells a row from others, and which columns name what the graph declares."""
    keys = [
        columns for columns in (model.key if model.is_unique else (), model.told_once) if columns
    ]
    parts = [f"No two rows share {_code_list(columns)}." for columns in keys]
    named: dict[str, list[str]] = {}
    for column, reference in references(model):
        named.setdefault(reference.what, []).append(column)
    parts += [
        f"{_code_list(columns)} must name {'an' if what[0] in 'aeiou' else 'a'} {what}."
        for what, columns in named.items()
    ]
    return " ".join(parts)


def _code_list(names: Sequence[str]) -> str:
    return few([f"`{name}`" for name in names], most=len(names))


def _allowed(constraints: dict[str, Any]) -> str:
    if "enum" in constraints:
        return ", ".join(f"`{value}`" for value in constraints["enum"])
    if "minimum" in constraints:
        least, most = constraints["minimum"], constraints.get("maximum")
        return f"at least {least:g}" if most is None else f"{least:g} to {most:g}"
    if constraints.get("pattern") == ID_PATTERN:
        return "letters, digits, `.` `_` `-`"
    return f"`{constraints['pattern']}`" if "pattern" in constraints else ""


def _code(value: Any) -> str:
    """Return a default for the page: nothing where the cell is simply empty."""
    if value is None or value in ("", (), {}):
        return "empty"
    return f"`{json.dumps(value) if not isinstance(value, str) else value}`"


def escape(text: str) -> str:
    """Return a text as a cell holds it."""
    return text.replace("|", "\\|")
