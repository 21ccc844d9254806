"""Lists of what a question may name, as documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from supplynet.network.directory import Entry, find, nations, plants
from supplynet.network.selector import select_some
from supplynet.report.document import Column, Document, Section, Table

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def of_nations(net: SupplyNetwork) -> Document:
    """Return the nations that may be asked for by --to, and what they need."""
    return _document(
        f"Nations of {net.metadata.title}",
        nations(net),
        {"word": "Write", "name": "Nation", "detail": "Needs"},
    )


def of_plants(net: SupplyNetwork, selector: str, lens: str) -> Document:
    """Return the plants that a selector names.

    Raises
    ------
    UnknownNameError
        If it names nothing.
    """
    ids = select_some(net, selector, lens=lens, what="nodes").possibly
    titles = {
        "kind": "Stage",
        "word": "Write",
        "name": "Name",
        "detail": "Country, operator, state",
    }
    return _document(f"Plants of {net.metadata.title}", plants(net, ids), titles)


def of_search(net: SupplyNetwork, text: str) -> Document:
    """Return everything whose name holds a text.

    Raises
    ------
    UnknownNameError
        If nothing does.
    """
    titles = {"kind": "What", "word": "Write", "name": "Name", "detail": "More"}
    return _document(f"{text} in {net.metadata.title}", find(net, text), titles)


def _document(title: str, entries: Iterable[Entry], titles: dict[str, str]) -> Document:
    rows = [{name: getattr(entry, name) for name in Entry.__slots__} for entry in entries]
    columns = tuple(Column(name, head) for name, head in titles.items())
    table = Table(columns, tuple(rows), "", "entries")
    return Document(title, (Section("", (table,), "entries"),), {"title": title, "entries": rows})
