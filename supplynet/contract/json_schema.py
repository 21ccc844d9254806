"""JSON schemas of results, from what they declare."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from supplynet.contract.row import ITS_UNIT, Column, Kind, Layout

DRAFT = "https://json-schema.org/draft/2020-12/schema"
#: null: no limit, or not known
NUMBER: dict[str, Any] = {"type": ["number", "null"]}
TEXT: dict[str, Any] = {"type": "string"}
COUNT: dict[str, Any] = {"type": "integer"}
FLAG: dict[str, Any] = {"type": "boolean"}
ANYTHING: dict[str, Any] = {"type": "object"}

_ARITHMETIC = (
    "Table, column and the arithmetic that it follows from; empty for a figure of the answer "
    "itself, and a column of nothing for the order of the rows. Each answer repeats it."
)


def array_of(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list of one kind of entry."""
    return {"type": "array", "items": entry}


def mapping_of(entry: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object of any keys with one kind of value."""
    return {"type": "object", "additionalProperties": entry}


def record(properties: dict[str, Any], *, optional: Iterable[str] = ()) -> dict[str, Any]:
    """Return the schema of an object of exactly these keys, of which some may be missing.

    Examples
    --------
    >>> record({"id": TEXT})["required"]
    ['id']
    """
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in set(optional)],
        "additionalProperties": False,
    }


TEXTS = array_of(TEXT)
CHECK = record({"name": TEXT, "ok": FLAG, "residual": NUMBER, "tolerance": NUMBER})
CERTIFICATE = record({"ok": FLAG, "gap": NUMBER, "checks": array_of(CHECK)})
CERTIFICATES = mapping_of({"$ref": "#/$defs/certificate"})
QUESTION = record(
    {
        "to": TEXT,
        "avoid": TEXT,
        "year": COUNT,
        "links": TEXT,
        "plants": TEXT,
        "tier": TEXT,
        "lens": TEXT,
        "scenarios": TEXTS,
        "notes": TEXTS,
    }
)
_WHERE = {"type": ["array", "null"], "items": {"type": ["string", "integer"]}}
HEADLINE = {
    **record(
        {
            "name": TEXT,
            "of": TEXT,
            "value": NUMBER,
            "low": NUMBER,
            "high": NUMBER,
            "unit": TEXT,
            "tier": {"type": ["string", "null"]},
            "year": {"type": ["integer", "null"]},
            "read_off": record(dict.fromkeys(("value", "low", "high", "tier", "year"), _WHERE)),
        }
    ),
    "description": "The figure with which the answer begins, and where it is read off.",
}
CONDITIONS = {
    **mapping_of(HEADLINE),
    "description": "The headline under each condition that makes it another, by name.",
}
#: what ``verify.py`` reads
PROOF = {
    "type": "object",
    "properties": {
        "of": record({"outline": {**TEXT, "description": "Digest of what it is a proof of."}}),
        "open": {**TEXTS, "description": "What others cannot check."},
        "n_programs": COUNT,
        "at": {**COUNT, "description": "Its place among the proofs of the text."},
        "text": {**TEXT, "description": "Proofs of the answer and of those in it, compressed."},
    },
    "required": ["of", "open", "n_programs", "at"],
}
SCRIPT = {**TEXT, "description": "Save it, and run it on this file: it checks the proof."}
PROVENANCE = {
    "type": "object",
    "properties": {
        "graph": {"type": ["string", "null"], "description": "Id of the graph; null for tables."},
        "digest": {
            "type": ["string", "null"],
            "description": "SHA-256 of the network as it was solved, scenarios applied.",
        },
        "scenarios": TEXTS,
        "options": {"type": "object", "description": "What was asked, word by word."},
        "versions": mapping_of(TEXT),
        "build": {**TEXT, "description": "Digest of the source code that answered."},
    },
    "required": ["graph", "digest", "scenarios", "options", "versions", "build"],
}

_OF_KIND: dict[Kind, dict[str, Any]] = {
    "text": TEXT,
    "texts": TEXTS,
    "number": NUMBER,
    "numbers": array_of(NUMBER),
    "count": COUNT,
    "counts": array_of(COUNT),
    "share": NUMBER,
    "flag": FLAG,
    "figures": mapping_of(NUMBER),
    "pairs": array_of({"type": "array", "prefixItems": [TEXT, NUMBER], "items": False}),
}


def column_schema(column: Column) -> dict[str, Any]:
    """Return the schema of a figure: its type, what it means and its unit.

    Examples
    --------
    >>> meant = "Share of demand that is served.", True
    >>> column_schema(Column("coverage", "share", "share, 0 to 1", *meant))
    {'type': ['number', 'null'], 'description': 'Share of demand that is served.', \
'unit': 'share, 0 to 1'}
    """
    facts = dict(_OF_KIND[column.kind])
    if column.is_optional and isinstance(facts["type"], str):
        facts["type"] = [facts["type"], "null"]
    facts["description"] = column.meaning
    if column.unit and column.unit != ITS_UNIT:
        facts["unit"] = column.unit
    return facts


def columns_schema(columns: Iterable[Column]) -> dict[str, Any]:
    """Return the schema of a record of some columns."""
    return record({column.name: column_schema(column) for column in columns})


def schema_of(layout: Layout, *, has_question: bool) -> dict[str, Any]:
    """Return the JSON schema of a kind of result."""
    question = {"question": {"$ref": "#/$defs/question"}} if has_question else {}
    tables = {
        table.name: {**array_of(columns_schema(table.columns)), "description": table.title}
        for table in layout.tables
        if table.in_json
    }
    rules = {"const": layout.arithmetic, "description": _ARITHMETIC}
    properties = {
        "headline": HEADLINE,
        **({"conditions": CONDITIONS} if layout.has_conditions else {}),
        "result": {"const": layout.name},
        "schema_version": {"const": layout.version},
        **question,
        **{column.name: column_schema(column) for column in layout.figures},
        **layout.nested,
        **tables,
        "certificate": {"anyOf": [{"$ref": "#/$defs/certificate"}, {"type": "null"}]},
        **({"arithmetic": rules} if rules["const"] else {}),
        "proof": {"type": "array", "items": {"$ref": "#/$defs/proof"}},
        "provenance": {"$ref": "#/$defs/provenance"},
    }
    return {
        "$schema": DRAFT,
        "$id": f"urn:supplynet:{layout.name}:{layout.version}",
        "title": layout.title,
        **record({**properties, "verify.py": SCRIPT}, optional=("verify.py",)),
        "$defs": {
            "certificate": CERTIFICATE,
            "proof": PROOF,
            "provenance": PROVENANCE,
            "question": QUESTION,
        },
    }
