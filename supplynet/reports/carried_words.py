"""The rows that carry a coverage, in a sentence and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from supplynet.reports.document import Column, Table
from supplynet.text import listing, share

if TYPE_CHECKING:
    from supplynet.analysis.potential.carriers import Carrier


def carried_line(rows: Sequence[Carrier]) -> str:
    """Return what is left without each of the rows that carry a coverage, and how it is known.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.potential(sn.load("tutorial"), to="MLT", year=2024)
    >>> carried_line(found.carried_by[:2])
    '0% without Big Refinery (estimated) and 18% without corridor goods-to-malta (estimated)'
    """
    alike = groupby(rows, lambda row: (share(row.coverage), row.confidence))
    return listing(
        f"{left} without {listing(map(_in_brief, these), 'or')} ({known})"
        for (left, known), these in alike
    )


def _in_brief(row: Carrier) -> str:
    """Return what a row is called where there is room for a few words."""
    return f"corridor {row.id}" if row.table == "rules" else row.name.split(" (")[0]


def carried_table(rows: Sequence[Carrier], caption: str) -> Table:
    """Return the rows with their evidence and what is left without them."""
    columns = (
        Column("name", "Without"),
        Column("standing", "Status"),
        Column("confidence", "Evidence"),
        Column("sources", "Documents"),
        Column("tonnes", "Left, t/yr", kind="tonnes"),
        Column("coverage", "Covered", kind="share"),
    )
    cells = tuple(
        {
            "name": row.name,
            "standing": row.standing,
            "confidence": row.confidence,
            "sources": ", ".join(row.sources),
            "tonnes": row.tonnes,
            "coverage": row.coverage,
        }
        for row in rows
    )
    return Table(columns, cells, caption, "carried_by")
