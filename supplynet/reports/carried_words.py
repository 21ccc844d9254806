"""The rows that carry a coverage, in a sentence and as a table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from supplynet.present.document import Head, Table, table_from
from supplynet.text import listing, share, share_range

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import Carrier
    from supplynet.contract.headline import Headline


def carried_line(rows: Sequence[Carrier]) -> str:
    """Return what is left without each of the rows that carry a coverage, and how it is known.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.coverage(sn.load("tutorial"), to="MLT", year=2024)
    >>> carried_line(found.carried_by[:2])
    '0% without Big Refinery, 18% without corridor goods-to-malta (estimated)'
    """
    known = list(dict.fromkeys(row.confidence for row in rows))
    texts = []
    for left, alike in groupby(rows, lambda row: share(row.coverage)):
        names = [
            _in_brief(row) if len(known) == 1 else f"{_in_brief(row)} ({row.confidence})"
            for row in alike
        ]
        texts.append(f"{left} without {listing(names, 'or')}")
    return ", ".join(texts) + (f" ({known[0]})" if len(known) == 1 else "")


def owned_line(conditions: Mapping[str, Headline]) -> str:
    """Return what a headline is by who owns plants; empty where that hardly moves it.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.coverage(sn.load("tutorial"), to="MLT", avoid="FJI", year=2024)
    >>> owned_line(found.conditions)
    ''
    """
    owned = conditions.get("control")
    if owned is None or owned.value is None:
        return ""
    return otherwise_line("By owner", owned)


def otherwise_line(how: str, told: Headline) -> str:
    """Return what a headline is under a condition, with its data range, in a sentence."""
    spread = share_range(told.low or 0.0, told.high or 0.0)
    return f"{how} it is {share(told.value or 0.0)} ({spread})."


def _in_brief(row: Carrier) -> str:
    """Return what a row is called where there is room for a few words."""
    if row.table == "rules":
        return f"corridor {row.id}"
    ends = re.sub(r" \([^)]*\)", "", row.name).split(" to ") if row.table == "edges" else [row.name]
    return " to ".join(re.sub(r" \([^)]*\)", "", end).split(",")[0] for end in ends)


def carried_tables(rows: Sequence[Carrier], what: str = "") -> tuple[Table, ...]:
    """Return the rows that carry `what`, with their evidence and what is left; no table of none."""
    if not rows:
        return ()
    whole = f"What carries {what}: the" if what else "The"
    caption = f"{whole} rows of the graph without which it falls most, each by itself"
    table = table_from(
        "carried_by",
        rows,
        caption,
        name=Head("Without", of=_in_brief),
        standing="Status",
        confidence="Evidence",
        sources=Head("Documents", of=lambda row: ", ".join(row.sources)),
        tonnes=Head("Left, t/yr", "tonnes"),
        coverage=Head("Covered", "share"),
    )
    return (table,)
