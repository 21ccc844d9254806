"""A graph as a Data Package: datapackage.json, one CSV file a table, scenarios as TOML."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any, Protocol

from supplynet import limits
from supplynet.errors import DataError, TableError
from supplynet.io.document import (
    metadata_from_head,
    metadata_to_head,
    scenario_from_text,
    scenario_to_content,
)
from supplynet.io.folder import check_members, folder_in_force, safe_member
from supplynet.io.graph_schemas import table_schema
from supplynet.io.strict import dump_json, dump_toml, parse_json
from supplynet.io.tables import parted, read_numbered, write_rows
from supplynet.network.network import SupplyNetwork
from supplynet.network.problems import Problem, did_you_mean, raise_problems
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import REQUIRED_TABLES, TABLES, Row

DESCRIPTOR = "datapackage.json"
SCENARIOS = "scenarios"
_UTF8 = ("utf-8", "utf8", "utf-8-sig")


class Members(Protocol):
    """Files by relative name, from a folder or an archive."""

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in a folder (``""``: the top), sorted."""

    def read(self, name: str) -> bytes | None:
        """Content of a file, None if there is no such file."""


class FolderMembers:
    """The files of a folder on disk, none of them outside it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in a folder (``""``: the top), sorted."""
        path = safe_member(self.root, folder) if folder else self.root
        prefix = f"{folder}/" if folder else ""
        if not path.is_dir():
            return []
        return sorted(prefix + file.name for file in path.iterdir() if not file.is_dir())

    def read(self, name: str) -> bytes | None:
        """Content of a file, None if there is no such file."""
        path = safe_member(self.root, name)
        return limits.read_bytes(path, file=name) if path.exists() else None


def read_package(folder: Path) -> SupplyNetwork:
    """Read a graph from a folder.

    Every fault of tables, metadata and scenarios is in one TableError. A folder without a
    ``datapackage.json``, a name that leads out of it and a file beyond the bounds are refused
    before.
    """
    return parse_package(FolderMembers(folder_in_force(folder)), what=str(folder))


def parse_package(members: Members, *, what: str) -> SupplyNetwork:
    """Read a graph from files by name; see :func:`read_package`."""
    content = members.read(DESCRIPTOR)
    if content is None:
        raise DataError(
            f"{what}: there is no {DESCRIPTOR}, so this is not a graph",
            hint="`supplynet graph new NAME` makes a folder with one: put the tables there. "
            "graphs/README.md of the project says what a graph consists of",
        )
    descriptor = parse_json(limits.decode(content, DESCRIPTOR), DESCRIPTOR)
    problems: list[Problem] = []
    metadata = metadata_from_head(descriptor, DESCRIPTOR, problems)
    paths = _resource_paths(descriptor, problems)
    rows, numbers = parted(_read_tables(members, paths, problems))
    scenarios = _read_scenarios(members, problems)
    raise_problems(problems, TableError, what=f"graph {what}")
    assert metadata is not None  # noqa: S101 - without metadata there is a problem
    return SupplyNetwork.from_rows(metadata, rows, scenarios=scenarios, numbers=numbers)


def _resource_paths(descriptor: Any, problems: list[Problem]) -> dict[str, str]:
    """File of each table, by the list of resources."""

    def add(message: str, index: int, hint: str = "", value: str = "") -> None:
        column = f"resources.{index}"
        problems.append(Problem("bad-resource", message, DESCRIPTOR, None, column, value, hint))

    paths: dict[str, str] = {}
    resources = descriptor.get("resources") if isinstance(descriptor, dict) else None
    if not isinstance(resources, list):
        message = "must be a list with one object for each table"
        problems.append(Problem("bad-resource", message, DESCRIPTOR, column="resources"))
        return paths
    for index, resource in enumerate(resources):
        name = resource.get("name") if isinstance(resource, dict) else None
        if not isinstance(name, str) or not isinstance(resource.get("path", ""), str):
            add("must be an object with name and path, both text", index)
        elif name not in TABLES:
            hint = did_you_mean(name, TABLES) or f"the tables are {', '.join(TABLES)}"
            add("there is no table of this name", index, hint, name)
        elif name in paths:
            add("the table is listed twice", index, value=name)
        elif str(resource.get("encoding", "utf-8")).lower() not in _UTF8:
            add("the encoding must be utf-8", index, value=str(resource["encoding"])[:80])
        else:
            paths[name] = resource.get("path", f"{name}.csv")
    for table in REQUIRED_TABLES:
        if table not in paths and len(paths) == len(resources):
            message = f"the table {table} must be listed"
            problems.append(Problem("missing-table", message, DESCRIPTOR, column="resources"))
    check_members(paths.values())
    return paths


def _read_tables(
    members: Members, paths: dict[str, str], problems: list[Problem]
) -> dict[str, list[tuple[int, Row]]]:
    rows: dict[str, list[tuple[int, Row]]] = {}
    for table, path in paths.items():
        text = _text(members, path, problems)
        if text is not None:
            rows[table] = read_numbered(text, TABLES[table], path, problems)
    for name in members.names(""):
        table = name.removesuffix(".csv")
        if name != table and table in TABLES and name not in paths.values():
            problems.append(
                Problem(
                    "unlisted-table",
                    f"the file is there, but {DESCRIPTOR} does not list it",
                    file=name,
                    hint="add it to resources, or remove the file",
                )
            )
    return rows


def _read_scenarios(members: Members, problems: list[Problem]) -> dict[str, Scenario]:
    scenarios: dict[str, Scenario] = {}
    for file in check_members(members.names(SCENARIOS)):
        name = file.removeprefix(f"{SCENARIOS}/").removesuffix(".toml")
        text = _text(members, file, problems) if file.endswith(".toml") else None
        if text is None:
            continue
        scenario = scenario_from_text(text, name, file, problems)
        if scenario is not None:
            scenarios[name] = scenario
    return scenarios


def _text(members: Members, file: str, problems: list[Problem]) -> str | None:
    content = members.read(file)
    if content is None:
        hint = f"add it, or take it out of resources in {DESCRIPTOR}"
        problems.append(Problem("missing-file", "there is no such file", file=file, hint=hint))
        return None
    try:
        return limits.decode(content, file)
    except DataError as error:
        problems.append(Problem("not-utf8", error.message, hint=error.hint))
        return None


def package_files(net: SupplyNetwork) -> dict[str, str]:
    """Return the files of a graph's folder, by relative name.

    Tables without rows are left out. A TableError or UnsafePathError where a value, or the name of
    a scenario, cannot be written.
    """
    tables = [name for name in TABLES if net.rows(name) or name in REQUIRED_TABLES]
    descriptor = metadata_to_head(net.metadata)
    section = descriptor.popitem()
    descriptor["resources"] = [resource(name, tables) for name in tables]
    descriptor.update([section])
    files = {DESCRIPTOR: dump_json(descriptor)}
    for name in tables:
        files[f"{name}.csv"] = write_rows(net.rows(name), TABLES[name])
    for scenario in net.scenarios.values():
        content = dump_toml(scenario_to_content(scenario))
        files[f"{SCENARIOS}/{scenario.name}.toml"] = content
    check_members(files)
    return files


def resource(table: str, tables: Collection[str] = ()) -> dict[str, Any]:
    """Return the entry of a table in the resources of ``datapackage.json``.

    Columns may name ids of any table of the package.
    """
    return {
        "name": table,
        "path": f"{table}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": table_schema(TABLES[table], tables),
    }
