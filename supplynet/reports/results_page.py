"""The kinds of results, and the JSON schemas of them and of what is looked up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplynet.contract.json_schema import HEADLINE

if TYPE_CHECKING:
    from supplynet.contract.answer import Result


def kinds() -> dict[str, type[Result]]:
    """Return every public kind of result by its name in JSON, in the order of the names.

    Examples
    --------
    >>> kinds()["flow"].__name__
    'FlowResult'
    """
    import supplynet as sn
    from supplynet.contract.answer import Result

    public = (getattr(sn, name) for name in sn.__all__ if name[0].isupper())
    named = [entry for entry in public if isinstance(entry, type) and issubclass(entry, Result)]
    result = {kind.LAYOUT.name: kind for kind in named if kind is not Result}
    return dict(sorted(result.items()))


def schema_text(kind: type[Result]) -> str:
    """Return the JSON schema of a kind of result as the text of a file."""
    return json.dumps(kind.json_schema(), indent=2, ensure_ascii=False) + "\n"


_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT, _COUNT, _NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}
_TEXTS = {"type": "array", "items": _TEXT}
_COUNTS = {"type": "array", "items": _COUNT}
_ROWS = {"type": "array", "items": {"type": "object"}}

#: tables of a node that are reported where they have rows
_ROWS_OF_NODE = (
    *("capacities", "links_in", "links_out", "assays", "recoveries", "scrap"),
    *("production", "demand"),
)


def _rows(**keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of rows that all have the same keys."""
    row = {
        "type": "object",
        "properties": dict(keys),
        "required": list(keys),
        "additionalProperties": False,
    }
    return {"type": "array", "items": row}


@dataclass(frozen=True, slots=True)
class Listed:
    """A kind of what is looked up."""

    title: str  #: what it states
    #: schema of each key that stands beside ``result``, ``schema_version`` and ``title``
    keys: Mapping[str, Mapping[str, Any]]
    #: the same of keys that are there only where there is something to tell
    further: Mapping[str, Mapping[str, Any]]
    version: int = 1  #: counts up when a key changes its meaning or goes


#: kinds by their names in JSON
LISTED: dict[str, Listed] = {
    "graphs": Listed(
        "The shipped graphs",
        {
            "graphs": _rows(
                id=_TEXT,
                title=_TEXT,
                description=_TEXT,
                version=_TEXT,
                elements=_TEXTS,
                n_nodes=_COUNT,
                n_edges=_COUNT,
                n_scenarios=_COUNT,
                base_year=_COUNT,
                last_year=_COUNT,
                newest_source={"type": ["integer", "null"]},
                estimated_share={"type": ["number", "null"]},
            )
        },
        {},
    ),
    "entries": Listed(
        "Nations, plants, or whatever a text stands for, with the word that selects each",
        {"entries": _rows(kind=_TEXT, word=_TEXT, name=_TEXT, detail=_TEXT)},
        {},
    ),
    "graph": Listed(
        "What a graph holds",
        {
            "graph": _TEXT,
            "description": _TEXT,
            "version": _TEXT,
            "licenses": _TEXTS,
            "attribution": _TEXT,
            "digest": _TEXT,
            "scenarios_applied": _TEXTS,
            "elements": _TEXTS,
            "headline_elements": _TEXTS,
            "years": _COUNTS,
            "base_year": _COUNT,
            "stages": _ROWS,
            "links": _ROWS,
            "tables": _ROWS,
        },
        {"scenarios": _ROWS, "year": _COUNT},
    ),
    "node": Listed(
        "One node with its rows and sources",
        {"node": {"type": "object"}, "rules": _ROWS, "sources": _ROWS},
        {"year": _COUNT, **dict.fromkeys(_ROWS_OF_NODE, _ROWS)},
    ),
    "scenario_list": Listed(
        "The scenarios of a graph, with their years and parameters",
        {
            "graph": _TEXT,
            "scenarios": _rows(
                name=_TEXT,
                title=_TEXT,
                description=_TEXT,
                years=_COUNTS,
                excludes=_TEXTS,
                changes=_COUNT,
                parameters={"type": "object"},
            ),
        },
        {},
    ),
    "check": Listed(
        "Errors and warnings of a graph",
        {
            "headline": HEADLINE,
            "graph": _TEXT,
            "ok": {"type": "boolean"},
            "n_checks": _COUNT,
            "cited_share": _NUMBER,
            "errors": _ROWS,
            "warnings": _ROWS,
            "accepted": _ROWS,
            "unplaced": _rows(year=_COUNT, plant=_TEXT, element=_TEXT, tonnes=_NUMBER),
        },
        {},
    ),
}


def listed(name: str, title: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON of what was looked up: kind, form and title, then what it states.

    Examples
    --------
    >>> listed("entries", "Nations", {"entries": []})
    {'result': 'entries', 'schema_version': 1, 'title': 'Nations', 'entries': []}
    """
    head = {"result": name, "schema_version": LISTED[name].version, "title": title}
    return {**head, **{key: value for key, value in content.items() if key != "title"}}


def listed_schema(name: str) -> dict[str, Any]:
    """Return the JSON schema of a kind.

    Examples
    --------
    >>> listed_schema("entries")["required"]
    ['result', 'schema_version', 'title', 'entries']
    """
    kind = LISTED[name]
    head = {"result": {"const": name}, "schema_version": {"const": kind.version}, "title": _TEXT}
    return {
        "$schema": _DIALECT,
        "title": kind.title,
        "type": "object",
        "properties": {**head, **kind.keys, **kind.further},
        "required": [*head, *kind.keys],
        "additionalProperties": False,
    }


def listed_schema_text(name: str) -> str:
    """Return the JSON schema of a kind as the text of a file."""
    return json.dumps(listed_schema(name), indent=2, ensure_ascii=False) + "\n"
