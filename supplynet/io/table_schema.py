"""The tables of a graph described: Table Schema (Frictionless Data), and tables of the page."""

from __future__ import annotations

import inspect
import json
from collections.abc import Collection, Sequence
from typing import Any

from pydantic import BaseModel

from supplynet.network.schema import ID_PATTERN, TABLES, Row, columns
from supplynet.network.schema.row import references
from supplynet.text import few

_LIST_HINT = "separated by ;"
# The unit of a number by its column, where it is the same in every row.
_UNITS = {"lat": "degree", "lon": "degree"}
_RATIOS = ("share", "recovery", "ratio")
_IN_UNIT_COLUMN = ("capacity", "observed", "minimum", "production", "quantity")
_MONEY = ("price", "amount")


def table_schema(model: type[Row], tables: Collection[str] = ()) -> dict[str, Any]:
    """Return the Table Schema (Frictionless Data) of a row model.

    Parameters
    ----------
    tables : collection of str
        Tables of the package: a column that names ids of one of them is a foreign key.

    Returns
    -------
    dict
        ``fields`` in the order of the columns, ``missingValues``, ``primaryKey``, or ``uniqueKeys``
        where a column of the key may be empty, and ``foreignKeys`` where there are any. Cells
        that list several names are no foreign keys in a Table Schema.

    Examples
    --------
    >>> from supplynet.network.schema import Assay
    >>> schema = table_schema(Assay, ["nodes", "assays"])
    >>> schema["primaryKey"], schema["foreignKeys"]
    (['node_id', 'element'], [{'fields': 'node_id', 'reference': {'resource': 'nodes', \
'fields': 'id'}}])
    """
    properties = model.model_json_schema()["properties"]
    schema: dict[str, Any] = {
        "fields": [field_schema(model, name, properties[name]) for name in columns(model)],
        "missingValues": [""],
    }
    is_whole = all(model.model_fields[column].is_required() for column in model.key)
    if model.is_unique and is_whole:
        schema["primaryKey"] = list(model.key) if len(model.key) > 1 else model.key[0]
    elif model.is_unique:
        schema["uniqueKeys"] = [list(model.key)]
    foreign = [
        {"fields": column, "reference": {"resource": reference.table, "fields": "id"}}
        for column, reference in references(model)
        if reference.table in tables and not _is_list(properties[column])
    ]
    return {**schema, "foreignKeys": foreign} if foreign else schema


def _is_list(prop: dict[str, Any]) -> bool:
    return any(kind.get("type") == "array" for kind in prop.get("anyOf", [prop]))


def field_schema(model: type[Row], name: str, prop: dict[str, Any]) -> dict[str, Any]:
    """Return the entry of one column; ``prop`` is its JSON Schema."""
    kinds = [kind for kind in prop.get("anyOf", [prop]) if kind.get("type") != "null"]
    kind = kinds[0]
    info = model.model_fields[name]
    is_list = kind["type"] == "array"
    description = info.description or ""
    if is_list and _LIST_HINT not in description:
        description = f"{description}, {_LIST_HINT}"
    field: dict[str, Any] = {
        "name": name,
        "type": "string" if is_list else kind["type"],
        "description": description,
    }
    unit = _unit(name, model)
    if unit:
        field["unit"] = unit
    constraints: dict[str, Any] = {"required": info.is_required()}
    for key in ("enum", "pattern", "minimum", "maximum"):
        if key in kind:
            constraints[key] = kind[key]
    field["constraints"] = constraints
    return field


def _unit(name: str, model: type[Row]) -> str:
    if name in _UNITS:
        return _UNITS[name]
    if name.split("_")[0] == "amount" and "burden" in model.model_fields:
        return "t per column unit" if "unit" in model.model_fields else "t"
    if name.split("_")[0] in _RATIOS:
        return "1"
    if name.split("_")[0] in _IN_UNIT_COLUMN and "unit" in model.model_fields:
        return "column unit"
    if name.split("_")[0] in _MONEY:
        return "USD per column unit"
    return ""


def with_schemas(descriptor: dict[str, Any]) -> dict[str, Any]:
    """Return a descriptor whose resources carry the schema of their table."""
    tables = [resource["name"] for resource in descriptor["resources"]]
    resources = [
        {**resource, "schema": table_schema(TABLES[resource["name"]], tables)}
        for resource in descriptor["resources"]
    ]
    return {**descriptor, "resources": resources}


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
