"""The kinds of file that a graph may be: one entry a format, from which all else is derived."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

__all__ = ["ENDINGS", "FORMATS", "FileFormat", "endings_in_words", "format_of"]


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
    return f"{', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
