"""What tests read from a document."""

from __future__ import annotations

from supplynet.present.document import Bullets, Document, Paragraph, Table


def said(what: Document, name: str) -> str:
    """Every text of a section but its tables."""
    found = []
    for block in what.section(name).blocks:
        if isinstance(block, Paragraph):
            found.append(block.text)
        elif isinstance(block, Bullets):
            found += block.items
    return " ".join(found)


def table(what: Document, name: str) -> Table:
    return next(one for one in what.tables() if one.name == name)
