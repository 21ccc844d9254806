"""Columns for the least and the most of figures that are not the same in every optimal balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.present.document import Column, Table
from supplynet.text import tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.ranges import Range
    from supplynet.analysis.balance.result import BalanceResult

#: said of figures whose ranges were not asked for
ONE_OF_SEVERAL = (
    "These are figures of the way shown, and in another that is as good they may be others; the "
    "range (--ranges) tells how far they lie apart."
)


def is_one(span: Range, unit: float = 1.0) -> bool:
    """Whether the ends of a range read alike, in a unit."""
    return span.is_settled or tonnes(span.low / unit) == tonnes(span.high / unit)


def spanned(
    result: BalanceResult,
    table: Table,
    figures: Mapping[str, Sequence[tuple[str, ...]]],
    *,
    unit: float = 1.0,
) -> Table:
    """Return a table with columns of the least and most beside figures that may be others.

    One figure stands there where both ends read alike. By key of a column `figures` holds kind and
    key of the figure in each row, as `BalanceResult.range_of` takes them; `unit` is that of the
    cells, in the unit of the figures.
    """
    columns_shown: list[Column] = []
    for column in table.columns:
        columns_shown.append(column)
        spans = [result.range_of(*key) for key in figures.get(column.key, ())]
        if all(is_one(span, unit) for span in spans):
            continue
        key = f"{column.key}_range"
        title = "Least to most" if len(figures) == 1 else f"{column.title}, least to most"
        columns_shown.append(Column(key, title, kind="tonnes"))
        for cells, span in zip(table.rows, spans, strict=True):
            ends = span.low / unit, span.high / unit
            cells[key] = span.shown / unit if is_one(span, unit) else ends
    return replace(table, columns=tuple(columns_shown))
