"""JSON schemas of the files that an author writes by hand, so that editors complete and check.

Both come from the models that read the files. ``datapackage.json`` names its schema under
``$schema``; a scenario in TOML names it in its first line, as Taplo and others read it.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from supplynet.io.strict import dump_json
from supplynet.network.scenario.change import VERBS
from supplynet.network.scenario.parameters import Parameter
from supplynet.network.schema import REQUIRED_TABLES, TABLES, Commodity, Metadata

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
            "path": {"type": "string", "pattern": r"^[^/].*\.csv$"},
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
    """Return a schema as the text of a file.

    Parameters
    ----------
    name : str
        One of :data:`GRAPH_SCHEMAS`.
    """
    return dump_json(GRAPH_SCHEMAS[name]())
