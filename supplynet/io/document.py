"""A network as plain values (mappings, lists, text, numbers) and back: the core of every format."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from supplynet import limits
from supplynet.errors import DataError, LimitError, TableError
from supplynet.network.explain import problems_of, validate_records
from supplynet.network.problems import Problem, did_you_mean
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import TABLES, Metadata, Row

#: key of ``datapackage.json`` under which the commodity stands
SECTION = "supplynet"
_HEAD = ("name", "title", "description", "version", "attribution")
_LICENSES = {
    "CC-BY-4.0": (
        "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "CC0-1.0": (
        "Creative Commons Zero 1.0 Universal",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
}


def metadata_to_head(metadata: Metadata) -> dict[str, Any]:
    """Return the metadata as the keys of a Data Package, without its resources."""
    content = metadata.model_dump(mode="json")
    return {
        "profile": "data-package",
        **{key: content[key] for key in _HEAD[:4]},
        "licenses": [_license(name) for name in metadata.licenses],
        "attribution": metadata.attribution,
        SECTION: content["commodity"],
    }


def _license(name: str) -> dict[str, str]:
    if name in _LICENSES:
        title, path = _LICENSES[name]
        return {"name": name, "title": title, "path": path}
    return {"name": name, "title": name}


def metadata_from_head(head: Any, file: str, problems: list[Problem]) -> Metadata | None:
    """Return the metadata of a Data Package; None, with problems added, if it has faults.

    Keys that Data Packages may have and graphs do not use are passed over.
    """
    if not isinstance(head, dict):
        problems.append(Problem("bad-head", "must be a JSON object: {...}", file=file))
        return None
    if SECTION not in head:
        problems.append(
            Problem(
                "missing-value",
                "says what flows in the graph, and must be there",
                file=file,
                column=SECTION,
                hint=did_you_mean(SECTION, head) or "the format page of the graphs shows one",
            )
        )
        return None
    content = {key: head[key] for key in _HEAD if key in head}
    licenses = head.get("licenses", [])
    if isinstance(licenses, list):
        licenses = [
            license.get("name") if isinstance(license, dict) else license for license in licenses
        ]
    content["licenses"] = licenses
    content["commodity"] = head[SECTION]
    try:
        return Metadata.model_validate(content)
    except ValidationError as error:
        problems.extend(problems_of(error, Metadata, file))
        return None


def row_to_record(row: Row) -> dict[str, Any]:
    """Return a row as JSON values, without what is empty."""
    fields = type(row).model_fields
    record = {
        name: value
        for name, value in row.model_dump(mode="json").items()
        if value not in (None, "", []) or fields[name].is_required()
    }
    limits.check_tree(record, f"row {record}"[:80])
    return record


def tables_to_records(rows: Mapping[str, Sequence[Row]]) -> dict[str, list[dict[str, Any]]]:
    """Return tables as lists of JSON objects; empty tables are left out."""
    return {name: list(map(row_to_record, table)) for name, table in rows.items() if table}


def tables_from_records(
    tables: Any, file: str, problems: list[Problem], *, known: Iterable[str] = TABLES
) -> dict[str, list[Row]]:
    """Validate tables of JSON values; faults are added to ``problems``.

    Raises
    ------
    LimitError
        If a table has more rows than the bound.
    """
    known = tuple(known)
    rows: dict[str, list[Row]] = {}
    if not isinstance(tables, dict):
        problems.append(Problem("bad-table", "tables must be a JSON object", file=file))
        return rows
    for name, records in tables.items():
        where = f"{file}, table {name}"
        if name not in known:
            hint = did_you_mean(name, known) or f"the tables are {', '.join(known)}"
            message = f"there is no table {name!r} here"
            problems.append(Problem("unknown-table", message, file=file, hint=hint))
        elif not isinstance(records, list):
            problems.append(Problem("bad-table", "must be a list of objects", file=where))
        elif len(records) > limits.MAX_ROWS:
            raise LimitError(f"{where}: more than {limits.MAX_ROWS:,} rows")
        else:
            try:
                rows[name] = validate_records(records, TABLES[name])
            except ValidationError as error:
                places = range(1, len(records) + 1)
                problems.extend(problems_of(error, TABLES[name], where, rows=places))
    return rows


def scenario_to_content(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario file holds: everything but the name, defaults left out."""
    return scenario.to_content()


def scenario_from_text(
    text: str, name: str, where: str, problems: list[Problem]
) -> Scenario | None:
    """Read and validate the text of a scenario; faults are added to ``problems``."""
    try:
        content = limits.parse_toml(text, where)
    except LimitError:
        raise
    except DataError as error:
        problems.append(Problem("bad-scenario", error.message, hint=error.hint))
        return None
    return scenario_from_content(content, name, where, problems)


def scenario_from_content(
    content: Any, name: str, file: str, problems: list[Problem]
) -> Scenario | None:
    """Validate the content of a scenario file; faults are added to ``problems``."""
    if not isinstance(content, dict):
        problems.append(Problem("bad-scenario", "must be an object", file=file))
        return None
    if content.get("name", name) != name:
        problems.append(
            Problem(
                "bad-scenario",
                f"the scenario is named {name!r} by its file",
                file=file,
                column="name",
                value=str(content["name"]),
                hint="leave the name out, or rename the file",
            )
        )
        return None
    try:
        return Scenario.from_dict(content, name=name, file=file)
    except TableError as error:
        problems.append(Problem("bad-scenario", error.message.replace("\n ", ""), file=file))
        return None
