"""The graph that is served, read anew when its files change."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from supplynet.io.load import graph_ids, graphs_folder, load

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

__all__ = ["Source"]

#: files that a stamp looks at; a folder with more is no graph
_MOST_FILES = 2000


class Source:
    """A graph by the name that the command line takes, and the network that it holds now.

    Parameters
    ----------
    graph : str
        Name of a shipped graph, folder or file.

    Raises
    ------
    UnknownNameError
        If there is no such graph.
    DataError
        If its files are wrong.

    Examples
    --------
    >>> Source("tutorial").network().name
    'tutorial'
    """

    def __init__(self, graph: str) -> None:
        self.graph = graph
        is_shipped = graph in graph_ids()
        self._place = graphs_folder() / graph if is_shipped else Path(graph)
        self._is_watched = not is_shipped
        self._stamp = self._stamp_now()
        self._net = load(graph)

    @property
    def version(self) -> str:
        """What tells one state of the graph from another: the digest of the network."""
        return self._net.digest

    def network(self) -> SupplyNetwork:
        """Return the network as its files say now.

        Raises
        ------
        DataError
            If they were changed and are wrong now; the next call looks again.
        """
        if self._is_watched:
            stamp = self._stamp_now()
            if stamp != self._stamp:
                net = load(self.graph)
                # what is the same in every table keeps what was looked up in it
                self._net = self._net if net == self._net else net
                self._stamp = stamp
        return self._net

    def _stamp_now(self) -> tuple[tuple[str, int, int], ...]:
        """Return name, size and time of every file of the graph."""
        place = self._place
        folder = place.parent if place.name == "datapackage.json" else place
        paths = [folder] if folder.is_file() else sorted(_files(folder))
        found = []
        for path in paths:
            try:
                told = path.stat()
            except OSError:  # gone between two looks
                continue
            found.append((os.fspath(path), told.st_size, told.st_mtime_ns))
        return tuple(found)


def _files(folder: Path) -> list[Path]:
    """Return the tables, scenarios and the descriptor of a graph's folder."""
    found = [*folder.glob("*.csv"), *folder.glob("*.json"), *folder.glob("scenarios/*.toml")]
    return found[:_MOST_FILES]
