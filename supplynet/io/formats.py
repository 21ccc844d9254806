"""The kinds of file that a graph may be: one entry a format, from which all else is derived.

A network is saved into the kind of file that its name ends as, or into a folder.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet import files
from supplynet.errors import OptionError
from supplynet.io.folder import write_folder
from supplynet.text import listing

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


__all__ = [
    "ENDINGS",
    "FORMATS",
    "FileFormat",
    "endings_in_words",
    "format_of",
    "save",
]


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
    FileFormat(".zip", "supplynet.io.archive", "read_zip", "network_zip"),
    FileFormat(".json", "supplynet.io.jsonfile", "read_json", "network_json"),
    FileFormat(".graphml", "supplynet.io.graphml", "read_graphml", "network_graphml"),
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
        A name that ends as one of :data:`supplynet.io.formats.FORMATS` is a file of that kind; a
        name without an ending is a folder.
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

    files_of = package_files(net) | ({"README.md": readme} if readme else {})
    write_folder(target, files_of, overwrite=overwrite)


def require_kind(target: Path) -> None:
    """Refuse a name that stands for no kind of file, and for no folder."""
    if format_of(target) is None and target.suffix and not target.is_dir():
        raise OptionError(
            f"{target}: cannot tell what kind of file to write",
            hint=f"a graph is a folder, or a {endings_in_words()} file",
        )
