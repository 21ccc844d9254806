"""The reference of results: what each kind states, column by column, as a page and as schemas."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplynet.contract.json_schema import HEADLINE

if TYPE_CHECKING:
    from supplynet.contract.declared import Column
    from supplynet.contract.headline import Lead
    from supplynet.contract.result import Result


_HEAD = """# Results: every figure with its unit and meaning

Written by `python tools/results_page.py --write` from what the results declare; do not edit.

Every answer is frozen data. `summary()` states it in words, `to_frame()` and `to_frame(TABLE)` as a
DataFrame, `tables()` all of them, `records(TABLE)` as plain rows, `to_dict()` as JSON. JSON names
the kind in `result` and its form in `schema_version`; the schemas lie in [schemas](schemas), and
`supplynet schema RESULT` prints one. `certificate` is what an independent check found, null where
nothing was solved; `provenance` names the network by its SHA-256, the options, the versions of
every library that computes, and the build. Results can be compared with `==`, copied and pickled.

JSON begins with `headline`, the figure with which the answer begins; Python has it as
`answer.headline`, text begins with it and leaves its figure to the first sentence that states it,
and `--fail-on 'headline<0.5'` judges it. It has a name, what it is of, value, low and high (null
where no range is worked out), unit, tier and year, and
`read_off` leads to the figures that it repeats: `verify` refuses one that says something else. Of
several elements, forms, nations or years it is that of the first that was asked for, or that the
graph names first; of a list of answers that of the first.

What `graph` looks up and does not solve (`list`, `nations`, `nodes`, `find`, `show`, `scenarios`,
`check`) states its kind, form and title in the same way; its schemas lie beside those of results.

Commands that answer element by element, and any that is asked about several years, write a list:
`schema_version`, `title` and `results`.

A unit *unit* stands in a column of that name. Where JSON has null in place of a number, there is no
limit, or it is not known.
"""


def kinds() -> dict[str, type[Result]]:
    """Return every public kind of result by its name in JSON, in the order of the names.

    Examples
    --------
    >>> kinds()["flow"].__name__
    'FlowResult'
    """
    import supplynet as sn
    from supplynet.contract.result import Result

    public = (getattr(sn, name) for name in sn.__all__ if name[0].isupper())
    named = [entry for entry in public if isinstance(entry, type) and issubclass(entry, Result)]
    result = {kind.LAYOUT.name: kind for kind in named if kind is not Result}
    return dict(sorted(result.items()))


def schema_text(kind: type[Result]) -> str:
    """Return the JSON schema of a kind of result as the text of a file."""
    return json.dumps(kind.json_schema(), indent=2, ensure_ascii=False) + "\n"


def results_page() -> str:
    """Return the page in Markdown."""
    parts = [_HEAD]
    for kind in kinds().values():
        parts += _of_kind(kind)
    return "\n".join(parts)


def _of_kind(kind: type[Result]) -> Iterator[str]:
    """Yield the parts of one kind of result."""
    layout = kind.LAYOUT
    yield f"## `{layout.name}`: `{kind.__name__}`\n"
    schema = f"[{layout.name}.json](schemas/{layout.name}.json), version {layout.version}"
    yield f"{layout.title}. Schema: {schema}.\n"
    yield f"Headline: {', else '.join(map(_lead, layout.headline))}.\n"
    if layout.figures:
        yield _table(layout.figures)
    for table in layout.tables:
        where = "" if table.in_json else " In JSON it is reported in another form."
        yield f"**`{table.name}`** {table.title}.{where}\n"
        yield _table(table.columns)
    if layout.nested:
        names = ", ".join(f"`{name}`" for name in layout.nested)
        yield f"Further keys of JSON: {names}.\n"


def _lead(lead: Lead) -> str:
    """Return which figure a headline is, in words."""
    rows = f" of `{lead.table}`" if lead.table else ""
    figure = f"`{lead.value}`" if lead.value else "number of rows"
    span = f", from `{lead.low}` to `{lead.high}`" if lead.low else ""
    return f"**{lead.name.replace('{row.', '`').replace('}', '`')}** ({figure}{rows}{span})"


def _table(columns: Iterable[Column]) -> str:
    """Return columns as a table of Markdown."""
    lines = ["| column | kind | unit | meaning |", "|---|---|---|---|"]
    for column in columns:
        optional = ", may be null" if column.is_optional else ""
        cells: list[Any] = [f"`{column.name}`", f"{column.kind}{optional}", column.unit]
        meaning = column.meaning.replace("``", "`").replace("|", "\\|")
        lines.append("| " + " | ".join([*cells, meaning]) + " |")
    return "\n".join(lines) + "\n"


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
