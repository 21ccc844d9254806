"""``supplynet.load`` and ``save``: a network by the name of a shipped graph, a file or a folder."""

from __future__ import annotations

import csv
import importlib
import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet import files, limits
from supplynet.errors import DataError, OptionError, UnknownNameError
from supplynet.io.folder import CSV, PARQUET, write_folder
from supplynet.text import listing

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A kind of file that holds a whole graph."""

    ending: str  #: of the file's name, with the dot, in lower case
    module: str  #: where its functions are; it is imported when the first file is read or written
    reader: str  #: name of the function that takes a path and returns a network
    #: name of the function that takes a network and returns the text or the bytes of the file
    writer: str

    def read(self, path: Path) -> SupplyNetwork:
        """Return the network in a file."""
        network: SupplyNetwork = self._function(self.reader)(path)
        return network

    def content(self, net: SupplyNetwork) -> str | bytes:
        """Return what a file of a network holds."""
        content: str | bytes = self._function(self.writer)(net)
        return content

    def _function(self, name: str) -> Callable[..., Any]:
        function: Callable[..., Any] = getattr(importlib.import_module(self.module), name)
        return function


FORMATS = (
    FileFormat(".zip", "supplynet.io.package", "read_zip", "network_zip"),
    FileFormat(".json", "supplynet.io.jsonfile", "read_json", "network_json"),
    FileFormat(".graphml", "supplynet.io.jsonfile", "read_graphml", "network_graphml"),
    FileFormat(".xlsx", "supplynet.io.workbook", "read_workbook", "network_xlsx"),
)
ENDINGS = tuple(entry.ending for entry in FORMATS)


def format_of(path: Path) -> FileFormat | None:
    """Return the format that a file's name stands for; None if it is of no known kind.

    Examples
    --------
    >>> format_of(Path("mine.JSON")).reader, format_of(Path("mine.doc"))
    ('read_json', None)
    """
    ending = path.suffix.lower()
    return next((entry for entry in FORMATS if entry.ending == ending), None)


def endings_in_words() -> str:
    """Return the endings as a sentence lists them.

    Examples
    --------
    >>> endings_in_words()
    '.zip, .json, .graphml or .xlsx'
    """
    return listing(ENDINGS, "or")


def save(
    net: SupplyNetwork,
    path: str | os.PathLike[str],
    *,
    overwrite: bool = False,
    readme: str = "",
) -> None:
    """Write a network so that :func:`supplynet.load` reads back an equal one.

    The file or folder is whole or not there, even if the program is killed meanwhile.

    Parameters
    ----------
    net : SupplyNetwork
    path : str or path
        A name that ends as one of :data:`supplynet.io.load.FORMATS` is a file of that kind; a
        name without an ending is a folder of CSV tables, one that ends in .parquet a folder of
        Parquet tables.
    overwrite : bool, optional
        Replace a folder that holds a graph. A file is always replaced.
    readme : str, optional
        Markdown that a folder holds as its ``README.md``; a file of one of the kinds has no place
        for it.

    Raises
    ------
    OptionError
        If the ending is none of these.
    OutputError
        If it cannot be written.
    TableError
        If a value cannot be written without loss.

    Examples
    --------
    >>> import supplynet as sn, tempfile, pathlib
    >>> net = sn.load("tutorial")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sn.save(net, pathlib.Path(folder) / "mine.json")
    ...     sn.load(pathlib.Path(folder) / "mine.json") == net
    True
    """
    target = Path(path)
    kind = format_of(target)
    if kind is not None:
        content = kind.content(net)
        if isinstance(content, str):
            files.write_text(target, content)
        else:
            files.write_bytes(target, content)
        return
    require_kind(target)
    from supplynet.io.package import package_files

    ending = PARQUET if target.suffix == PARQUET else CSV
    files_of = package_files(net, ending) | ({"README.md": readme} if readme else {})
    write_folder(target, files_of, overwrite=overwrite)


def require_kind(target: Path) -> None:
    """Refuse a name that stands for no kind of file, and for no folder."""
    is_kind = target.suffix in ("", PARQUET) or format_of(target) is not None
    if not (is_kind or target.is_dir()):
        raise OptionError(
            f"{target}: cannot tell what kind of file to write",
            hint=f"a graph is a folder, one of Parquet tables if its name ends in {PARQUET}, "
            f"or a {endings_in_words()} file",
        )


_DESCRIPTOR = "datapackage.json"
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class GraphInfo:
    """What is known of a shipped graph without reading it whole."""

    id: str  #: what :func:`load` takes
    title: str
    description: str
    version: str
    elements: tuple[str, ...]  #: elements or commodities that flow
    n_nodes: int
    n_edges: int
    n_scenarios: int
    #: base_year, last_year: year that answers are about unless another is asked for, and the last
    #: one
    base_year: int | None
    last_year: int | None
    newest_source: int | None  #: year of the newest document that it cites
    estimated_share: float  #: share, 0 to 1, of the rows with figures that are estimates


def graphs_folder() -> Path:
    """Return the folder of the shipped graphs.

    A wheel carries them inside the package, a checkout beside it. A DataError where neither is
    there.
    """
    for folder in (_PACKAGE / "_graphs", _PACKAGE.parent / "graphs"):
        if folder.is_dir():
            return folder
    raise DataError("the shipped graphs are missing", hint="install supplynet anew")


def graph_ids() -> tuple[str, ...]:
    """Return the names of the shipped graphs, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in graphs_folder().glob(f"*/{_DESCRIPTOR}")))


def list_graphs() -> list[GraphInfo]:
    """Return the shipped graphs in alphabetical order, without reading them whole.

    Returns
    -------
    list of GraphInfo

    Examples
    --------
    >>> import supplynet as sn
    >>> "tutorial" in [graph.id for graph in sn.graph.list()]
    True
    """
    return [_info(graphs_folder() / name) for name in graph_ids()]


def _info(folder: Path) -> GraphInfo:
    from supplynet.io.jsonfile import parse_json

    where = f"{folder.name}/{_DESCRIPTOR}"
    text = limits.decode(limits.read_bytes(folder / _DESCRIPTOR), where)
    head: dict[str, Any] = parse_json(text, where)
    section: dict[str, Any] = head.get("supplynet", {})
    return GraphInfo(
        id=folder.name,
        title=head.get("title", folder.name),
        description=head.get("description", ""),
        version=head.get("version", ""),
        elements=tuple(section.get("elements", ())),
        n_nodes=_count(folder / "nodes.csv"),
        n_edges=_count(folder / "edges.csv"),
        n_scenarios=len(list(folder.glob("scenarios/*.toml"))),
        base_year=section.get("base_year"),
        last_year=section.get("last_year"),
        newest_source=max(
            map(int, _cells(folder / "sources.csv", "year", r"[12]\d{3}")), default=None
        ),
        estimated_share=_estimated_share(folder),
    )


def _estimated_share(folder: Path) -> float:
    """Return the share of estimates among the rows that say how well their figure is known."""
    names = [
        word for path in sorted(folder.glob("*.csv")) for word in _cells(path, "confidence", r"\w+")
    ]
    return names.count("estimated") / len(names) if names else 0.0


def _cells(path: Path, column: str, pattern: str) -> list[str]:
    """Return what fits a pattern in the cells of a column; nothing where there is no such."""
    if not path.exists():
        return []
    text = limits.decode(limits.read_bytes(path), path.name)
    rows = csv.reader(io.StringIO(text, newline=""))
    header = next(rows, [])
    if column not in header:
        return []
    at = header.index(column)
    return [word for cells in rows if len(cells) > at for word in re.findall(pattern, cells[at])]


def _count(path: Path) -> int:
    """Count the rows of a table, without its header."""
    if not path.exists():
        return 0
    text = limits.decode(limits.read_bytes(path), path.name)
    return sum(any(cells) for cells in csv.reader(io.StringIO(text, newline=""))) - 1


def load(source: str | os.PathLike[str]) -> SupplyNetwork:
    """Load a network.

    Parameters
    ----------
    source : str or path
        Name of a shipped graph; or a folder with ``datapackage.json``; or a file of one of the
        formats in :data:`supplynet.io.load.FORMATS`. A folder that is called like a shipped
        graph is meant by ``"./name"``.

    Returns
    -------
    SupplyNetwork

    Raises
    ------
    UnknownNameError
        If there is no such graph, folder or file; near names are suggested.
    TableError
        If the content breaks the format: every fault at once, with file, row and column.
    DataError
        If a file cannot be read, or its kind is not known.
    LimitError
        If a file is beyond the bounds.
    UnsafePathError
        If a file name leads out of the folder.

    Examples
    --------
    >>> import supplynet as sn
    >>> sn.load("tutorial").name
    'tutorial'
    """
    if isinstance(source, str) and source in graph_ids():
        return _shipped(source)
    path = Path(source)
    if not _exists(path):
        raise _unknown(os.fspath(source))
    with limits.uncollected():
        return _load_path(path)


@lru_cache(maxsize=8)
def _shipped(name: str) -> SupplyNetwork:
    from supplynet.io.package import read_package

    return read_package(graphs_folder() / name)


def _load_path(path: Path) -> SupplyNetwork:
    if path.is_dir() or path.name == _DESCRIPTOR:
        from supplynet.io.package import read_package

        return read_package(path if path.is_dir() else path.parent)
    kind = format_of(path)
    if kind is None:
        raise DataError(
            f"{path}: cannot tell what kind of file this is",
            hint=f"a graph is a folder, or a {endings_in_words()} file",
        )
    return kind.read(path)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that is too long, or holds a NUL byte
        return False


def _unknown(name: str) -> UnknownNameError:
    from supplynet.terms import did_you_mean

    names = graph_ids()
    hint = did_you_mean(name, names)
    listed = f"shipped graphs: {', '.join(names)}"
    return UnknownNameError(
        f"there is no graph, folder or file {name[:200]!r}",
        hint=f"{hint} ({listed})" if hint else listed,
    )
