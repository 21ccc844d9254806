"""Table Schema (Frictionless Data) of the tables of a graph, written from the row models."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from supplynet.network.schema import TABLES, Row, columns
from supplynet.network.schema.row import references

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
    model : type of Row
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
