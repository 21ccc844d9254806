"""The files of a graph described for other programs, from the models that read them.

Tables have a Table Schema (Frictionless Data), which fills the tables of the format page too. The
files that an author writes by hand have a JSON schema, so that editors complete and check:
``datapackage.json`` names its schema under ``$schema``; a scenario in TOML names it in its first
line, as Taplo and others read it.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Collection, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from supplynet.io.jsonfile import dump_json
from supplynet.network.scenario.change import VERBS, Parameter
from supplynet.network.schema import (
    ID_PATTERN,
    REQUIRED_TABLES,
    TABLES,
    Commodity,
    Metadata,
    Row,
    columns,
)
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

    A column that names ids of a table of the package is a foreign key; cells that list several
    names are none in a Table Schema. A key with a column that may be empty is among ``uniqueKeys``.

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


DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: what stands before the path of the schema in the first line of a TOML file
TOML_DIRECTIVE = "#:schema "
_REFERENCE = "#/$defs/{model}"
_TEXT = {"type": "string"}
#: the value of a parameter by its name, in place of a number or word
_PARAMETER = {"type": "string", "pattern": r"^\$", "description": "a parameter of the scenario"}


def datapackage_schema() -> dict[str, Any]:
    """Return the JSON schema of ``datapackage.json``.

    Examples
    --------
    >>> datapackage_schema()["required"]
    ['name', 'title', 'resources', 'supplynet']
    """
    _, defined = models_json_schema([(Commodity, "validation")], ref_template=_REFERENCE)
    head = Metadata.model_json_schema()["properties"]
    resource = {
        "type": "object",
        "properties": {
            "name": {"enum": list(TABLES), "description": "name of the table"},
            "path": {"type": "string", "pattern": r"^[^/].*\.(csv|parquet)$"},
        },
        "required": ["name", "path"],
    }
    return {
        "$schema": DIALECT,
        "title": "The head of a graph of supplynet (datapackage.json)",
        "type": "object",
        "properties": {
            "$schema": _TEXT,
            "profile": {"const": "data-package"},
            **{name: head[name] for name in ("name", "title", "description", "version")},
            "licenses": {
                "type": "array",
                "items": {"type": "object", "properties": {"name": _TEXT}, "required": ["name"]},
            },
            "attribution": _TEXT,
            "resources": {
                "type": "array",
                "items": resource,
                "minItems": len(REQUIRED_TABLES),
                "description": "one entry a table",
            },
            "supplynet": {"$ref": _REFERENCE.format(model=Commodity.__name__)},
        },
        "required": ["name", "title", "resources", "supplynet"],
        "$defs": defined["$defs"],
    }


def scenario_schema() -> dict[str, Any]:
    """Return the JSON schema of a scenario (TOML).

    Examples
    --------
    >>> len(scenario_schema()["properties"]["change"]["items"]["oneOf"]) == len(VERBS)
    True
    """
    models: list[Any] = [(model, "validation") for model in (*VERBS.values(), Parameter)]
    _, defined = models_json_schema(models, ref_template=_REFERENCE)
    definitions = {
        name: definition if name == Parameter.__name__ else _with_parameters(definition)
        for name, definition in defined["$defs"].items()
    }
    verbs = [{"$ref": _REFERENCE.format(model=model.__name__)} for model in VERBS.values()]
    return {
        "$schema": DIALECT,
        "title": "A scenario of a graph of supplynet",
        "type": "object",
        "properties": {
            "title": {**_TEXT, "description": "what is assumed, in a few words"},
            "description": _TEXT,
            "excludes": {
                "type": "array",
                "items": _TEXT,
                "description": "scenarios that say the opposite",
            },
            "parameters": {
                "type": "object",
                "additionalProperties": {"$ref": _REFERENCE.format(model=Parameter.__name__)},
            },
            "change": {"type": "array", "items": {"oneOf": verbs}},
        },
        "additionalProperties": False,
        "$defs": definitions,
    }


def _with_parameters(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a change in which every number or word of a list may be a parameter."""
    properties = {
        name: {"anyOf": [prop, _PARAMETER]} if _is_figure(prop) else prop
        for name, prop in definition["properties"].items()
    }
    return {**definition, "properties": properties}


def _is_figure(prop: dict[str, Any]) -> bool:
    kinds = prop.get("anyOf", [prop])
    return any(kind.get("type") in ("number", "integer") or "enum" in kind for kind in kinds)


#: schema of each kind of file by its name in ``docs/schemas``
GRAPH_SCHEMAS = {"datapackage": datapackage_schema, "scenario": scenario_schema}


def graph_schema_text(name: str) -> str:
    """Return a schema, one of :data:`GRAPH_SCHEMAS`, as the text of a file."""
    return dump_json(GRAPH_SCHEMAS[name]())
