"""The OpenAPI document of the server, from what the operations declare."""

from __future__ import annotations

from functools import cache
from typing import Any

import supplynet
from supplynet.reports.results_page import kinds
from supplynet.serve.cards import CardAsked
from supplynet.serve.operations import OPERATIONS, Operation
from supplynet.serve.state import Viewed
from supplynet.serve.views import DOWNLOADS

_REF = "#/components/schemas/{model}"
_OBJECT = {"type": "object"}
#: a question that every shipped graph understands once the nation is one of its own
EXAMPLE = {"to": "KOR", "avoid": "CHN", "year": 2030, "tier": "committed"}


@cache
def document(version: str) -> dict[str, Any]:
    """Return the OpenAPI document of a version of the interface."""
    schemas: dict[str, Any] = {"Error": _ERROR}
    paths: dict[str, Any] = {}
    for operation in OPERATIONS.values():
        paths[f"/{operation.name}"] = {"post": _operation(operation, schemas)}
    paths["/view"] = _post("view", "What the page shows of a state.", Viewed, schemas)
    paths["/card"] = _post("card", "A plant, and what may be changed.", CardAsked, schemas)
    for name, download in DOWNLOADS.items():
        paths[f"/files/{name}"] = _post(
            f"file {name}", f"{download.title} of a state.", Viewed, schemas, download.media_type
        )
    for name, title in (
        ("graph", "What may be named in a question, and how it may be asked."),
        ("sources", "Sources, all or those with ids of the query parameter id."),
        ("openapi.json", "This document."),
    ):
        paths[f"/{name}"] = {
            "get": {"operationId": name, "summary": title, "responses": _responses(_OBJECT)}
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "supplynet",
            "version": f"{version} of {supplynet.__version__}",
            "description": "Every answer has its certificate, data ranges and provenance, the "
            "sentence that may be quoted, and the command line that gives it again.",
        },
        "servers": [{"url": f"/{{token}}/api/{version}", "variables": {"token": {"default": ""}}}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": schemas},
    }


def schema_of(name: str) -> dict[str, Any]:
    """Return the JSON schema of a kind of result.

    Raises
    ------
    UnknownNameError
        If there is none of that name.
    """
    from supplynet.errors import UnknownNameError

    values = kinds()
    if name not in values:
        raise UnknownNameError(
            f"there is no result {name[:200]!r}", hint=f"there are {', '.join(values)}"
        )
    return values[name].json_schema()


_ERROR = {
    "type": "object",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "kind": {"type": "string", "description": "Class of the error."},
                "message": {"type": "string", "description": "What is wrong."},
                "hint": {"type": "string", "description": "What to do about it."},
            },
            "required": ["kind", "message", "hint"],
        }
    },
    "required": ["error"],
}


def _operation(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    kind = operation.kind()
    name = kind.LAYOUT.name
    schemas[kind.__name__] = kind.json_schema()
    answer = {
        "type": "object",
        "properties": {
            "sentence": {"type": "string", "description": "What may be quoted."},
            "command": {"type": "string", "description": "The command line that asks again."},
            "result": {"$ref": _REF.format(model=kind.__name__)},
        },
        "required": ["sentence", "command", "result"],
    }
    record = _post(operation.name, operation.title, operation.asked, schemas)["post"]
    return {
        **record,
        "description": f"The result is of the kind {name}; see `supplynet schema {name}`.",
        "responses": _responses(answer),
    }


def _post(
    name: str, title: str, query: Any, schemas: dict[str, Any], media_type: str = ""
) -> dict[str, Any]:
    schema = query.model_json_schema(ref_template=_REF)
    schemas.update(schema.pop("$defs", {}))
    schemas[query.__name__] = schema
    body = {"schema": {"$ref": _REF.format(model=query.__name__)}, "example": EXAMPLE}
    return {
        "post": {
            "operationId": name,
            "summary": title,
            "requestBody": {"required": True, "content": {"application/json": body}},
            "responses": _responses(_OBJECT, media_type or "application/json"),
        }
    }


def _responses(schema: dict[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    error = {
        "description": "What is wrong and what to do about it.",
        "content": {"application/json": {"schema": {"$ref": _REF.format(model="Error")}}},
    }
    return {
        "200": {"description": "The answer.", "content": {media_type: {"schema": schema}}},
        "default": error,
    }
