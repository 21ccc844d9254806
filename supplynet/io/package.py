"""A graph as a Data Package, a folder or zip: datapackage.json, tables, scenarios as TOML."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Protocol

from supplynet import limits
from supplynet.errors import DataError, LimitError, TableError, UnsafePathError
from supplynet.io.folder import CSV, PARQUET, check_members, folder_in_force, safe_member
from supplynet.io.graph_schemas import table_schema
from supplynet.io.jsonfile import (
    dump_json,
    dump_toml,
    metadata_from_head,
    metadata_to_head,
    parse_json,
    scenario_from_text,
    scenario_to_content,
)
from supplynet.io.parquet import read_parquet, write_parquet
from supplynet.io.tables import Numbered, parted, read_columns, read_numbered, write_rows
from supplynet.network.network import SupplyNetwork
from supplynet.network.problems import Problem, raise_problems
from supplynet.network.scenario.scenario import Scenario
from supplynet.network.schema import REQUIRED_TABLES, TABLES, Columns, Row
from supplynet.terms import did_you_mean

DESCRIPTOR = "datapackage.json"
SCENARIOS = "scenarios"
_MEDIA = {CSV: "text/csv", PARQUET: "application/vnd.apache.parquet"}
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
    return SupplyNetwork.from_rows(
        metadata, rows, scenarios=scenarios, numbers=numbers, files=paths
    )


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
) -> dict[str, Numbered | Columns[Row]]:
    rows: dict[str, Numbered | Columns[Row]] = {}
    for table, path in paths.items():
        content, model = _content(members, path, problems), TABLES[table]
        if content is not None and path.endswith(PARQUET):
            rows[table] = read_parquet(content, model, path, problems)
            continue
        text = _decoded(content, path, problems)
        if text is not None:
            columns = read_columns(text, model, path)
            rows[table] = columns or read_numbered(text, model, path, problems)
    for name in members.names(""):
        table = name.removesuffix(CSV).removesuffix(PARQUET)
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
        content = _content(members, file, problems) if file.endswith(".toml") else None
        text = _decoded(content, file, problems)
        if text is None:
            continue
        scenario = scenario_from_text(text, name, file, problems)
        if scenario is not None:
            scenarios[name] = scenario
    return scenarios


def _content(members: Members, file: str, problems: list[Problem]) -> bytes | None:
    content = members.read(file)
    if content is None:
        hint = f"add it, or take it out of resources in {DESCRIPTOR}"
        problems.append(Problem("missing-file", "there is no such file", file=file, hint=hint))
    return content


def _decoded(content: bytes | None, file: str, problems: list[Problem]) -> str | None:
    try:
        return None if content is None else limits.decode(content, file)
    except DataError as error:
        problems.append(Problem("not-utf8", error.message, hint=error.hint))
        return None


def package_files(net: SupplyNetwork, ending: str = CSV) -> dict[str, Any]:
    """Return the files of a graph's folder, by relative name: text, and bytes of Parquet.

    `ending` is that of tables; those without rows are left out. A TableError or UnsafePathError
    where a value, or the name of a scenario, cannot be written.
    """
    tables = [name for name in TABLES if net.rows(name) or name in REQUIRED_TABLES]
    descriptor = metadata_to_head(net.metadata)
    section = descriptor.popitem()
    descriptor["resources"] = [resource(name, tables, ending) for name in tables]
    descriptor.update([section])
    files: dict[str, Any] = {DESCRIPTOR: dump_json(descriptor)}
    write = write_parquet if ending == PARQUET else write_rows
    for name in tables:
        files[name + ending] = write(net.rows(name), TABLES[name])
    for scenario in net.scenarios.values():
        content = dump_toml(scenario_to_content(scenario))
        files[f"{SCENARIOS}/{scenario.name}.toml"] = content
    check_members(files)
    return files


def resource(table: str, tables: Collection[str] = (), ending: str = CSV) -> dict[str, Any]:
    """Return the entry of a table in the resources of ``datapackage.json``.

    Columns may name ids of any table of the package.
    """
    return {
        "name": table,
        "path": table + ending,
        "profile": "tabular-data-resource",
        "format": ending[1:],
        "mediatype": _MEDIA[ending],
        "encoding": "utf-8",
        "schema": table_schema(TABLES[table], tables),
    }


#: what the zip reader raises on bytes that are not a sound archive
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: first bytes of each entry in the list of contents
_ENTRY = b"PK\x01\x02"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class ArchiveMembers:
    """Files of an unpacked archive, content by relative name."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    def names(self, folder: str) -> list[str]:
        """Names of the files directly in a folder (``""``: the top), sorted."""
        return sorted(name for name in self.files if name.rpartition("/")[0] == folder)

    def read(self, name: str) -> bytes | None:
        """Content of a file, None if there is no such file."""
        return self.files.get(name)


def read_zip(path: Path) -> SupplyNetwork:
    """Read a graph from a zip file, whose files may lie in one folder.

    Refused are what holds no graph (DataError), what is beyond the bounds (LimitError), and links
    or names that lead out of the folder (UnsafePathError).
    """
    files = unpack(limits.read_bytes(path), path.name)
    return parse_package(ArchiveMembers(_without_folder(files)), what=path.name)


def unpack(content: bytes, file: str) -> dict[str, bytes]:
    """Return the files of an archive, in memory, by name; see :func:`read_zip`."""
    # Counted before the list of contents is read, which alone could fill the memory.
    if content.count(_ENTRY) > limits.MAX_ZIP_MEMBERS:
        raise LimitError(f"{file}: more than {limits.MAX_ZIP_MEMBERS:,} members")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = _check(archive.infolist(), file)
            return {info.filename: _read(archive, info, file) for info in members}
    except BROKEN as error:
        raise DataError(f"{file}: not a sound zip file ({error})") from error


def _check(infos: list[zipfile.ZipInfo], file: str) -> list[zipfile.ZipInfo]:
    """Refuse what must not be unpacked into the memory; return the plain files."""
    plain = check_contents(infos, file)
    for info in infos:
        if info.file_size > limits.MAX_FILE_BYTES:
            raise LimitError(f"{file}: {info.filename!r} is over {limits.MAX_FILE_BYTES:,} bytes")
    if sum(info.file_size for info in infos) > limits.MAX_ZIP_BYTES:
        raise LimitError(f"{file}: unpacks to more than {limits.MAX_ZIP_BYTES:,} bytes")
    return plain


def check_contents(infos: list[zipfile.ZipInfo], file: str) -> list[zipfile.ZipInfo]:
    """Refuse an archive by its list of contents; return its plain files.

    Refused are names that lead out of a folder, links and devices (UnsafePathError), members
    encrypted or packed by an unknown method (DataError), and too many or too far packed
    (LimitError).
    """
    if len(infos) > limits.MAX_ZIP_MEMBERS:
        raise LimitError(f"{file}: more than {limits.MAX_ZIP_MEMBERS:,} members")
    # The reader cuts a name at a NUL byte; the original one is checked.
    try:
        check_members(info.orig_filename.removesuffix("/") for info in infos)
    except UnsafePathError as error:
        raise UnsafePathError(f"{file}: {error.message}", hint=error.hint) from error
    for info in infos:
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise UnsafePathError(f"{file}: {info.filename!r} is a link or a device, not a file")
        if info.flag_bits & 1:
            raise DataError(f"{file}: {info.filename!r} is encrypted")
        if info.compress_type not in _METHODS:
            raise DataError(f"{file}: {info.filename!r} is packed by an unknown method")
        if info.file_size > limits.MAX_ZIP_RATIO * max(info.compress_size, 1):
            raise LimitError(
                f"{file}: {info.filename!r} is packed more than {limits.MAX_ZIP_RATIO} times"
            )
    return [info for info in infos if not info.is_dir()]


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str) -> bytes:
    with archive.open(info) as stream:
        # The size that the list of contents gives may be a lie: read no more than that.
        content = stream.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise DataError(f"{file}: {info.filename!r} is not as long as it says")
    return content


def _without_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """Take away the one folder that all files lie in, if they do."""
    # Zipping a folder by hand puts everything into one folder; macOS adds one of its own.
    tops = {name.split("/")[0] for name in files} - {"__MACOSX"}
    if len(tops) == 1:
        prefix = f"{tops.pop()}/"
        if prefix + DESCRIPTOR in files:
            return {name.removeprefix(prefix): content for name, content in files.items()}
    return files


def network_zip(net: SupplyNetwork) -> bytes:
    """Return a graph's folder as a zip file: same network, same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in package_files(net).items():
            content: bytes = text.encode("utf-8")
            # No time of day in it: the same network gives the same bytes, so that files can be
            # compared by their hash.
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3  # the same on every system
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content, compress_type=_method(content))
    return buffer.getvalue()


def _method(content: bytes) -> int:
    """Pack, unless that would look like an archive made to fill the memory."""
    packed = len(zlib.compress(content))
    is_plausible = len(content) < limits.MAX_ZIP_RATIO * packed * 0.9
    return zipfile.ZIP_DEFLATED if is_plausible else zipfile.ZIP_STORED
