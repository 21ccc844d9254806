"""What holds the needs of each period down, in words and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from supplynet.network.countries import country_name
from supplynet.present.document import Column, Paragraph, Table
from supplynet.present.words import count
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.time.limits import HoldRow
    from supplynet.analysis.time.result import RunResult

#: what is said where no limit has a price
_NO_LIMIT = "No limit: no way leads there, or it would have had to leave earlier"


class Hold(NamedTuple):
    """What holds most of what is missing in a period down."""

    period: str
    row: HoldRow
    missing: float
    whole: float


def holds(by_period: Sequence[Hold]) -> tuple[Paragraph | Table, ...]:
    """Return what holds most of what is missing down, periods with the same limit as one row."""
    if not by_period:
        return (Paragraph("Nothing: nobody asked for is short of what is normal."),)
    rows: list[dict[str, Any]] = []
    for _, several in groupby(by_period, lambda hold: (hold.row.kind, hold.row.id)):
        same = list(several)
        first, last = same[0], same[-1]
        capacity = first.row.capacity
        rows.append(
            {
                "period": first.period if len(same) == 1 else f"{first.period} to {last.period}",
                "limit": first.row.name or _NO_LIMIT,
                "capacity": "" if capacity is None else f"{tonnes(capacity)} {first.row.unit}",
                "missing": sum(hold.missing for hold in same),
                "part": sum(hold.missing for hold in same) / sum(hold.whole for hold in same),
            }
        )
    columns = (
        Column("period", "Period"),
        Column("limit", "Holds most of it down"),
        Column("capacity", "In a period"),
        Column("missing", "Missing by it, t", kind="tonnes"),
        Column("part", "Of all missing", kind="share"),
    )
    caption = (
        "Of what is normal, t of product; by the prices that prove each need. Where several limits "
        "hold at once, another may be named as well"
    )
    return (Table(columns, tuple(rows), caption, "holds"),)


def holds_sentence(
    result: RunResult, nations: frozenset[str] | None, by_period: Sequence[Hold]
) -> str:
    """Return what holds most of what is missing down, in a sentence; empty where none is short."""
    if not by_period:
        return ""
    sums: dict[tuple[str, str], float] = {}
    for hold in by_period:
        key = hold.row.kind, hold.row.id
        sums[key] = sums.get(key, 0.0) + hold.missing
    top = max(sums, key=lambda key: sums[key])
    chosen = [hold for hold in by_period if (hold.row.kind, hold.row.id) == top]
    what = chosen[0].row.name or "that no way leads there"
    if chosen[0].row.kind in ("restriction", "stock", "cap"):  # their names are phrases
        what = what[0].lower() + what[1:]
    areas = result.question.net.commodity.areas
    names = [country_name(nation, areas) for nation in sorted(nations or ())]
    who = f"For {' and '.join(names)} what" if names else "What"
    part = sums[top] / sum(hold.whole for hold in by_period)
    return (
        f" {who} holds most of it down is {what}: {share(part)} of what is missing, the largest "
        f"part in {len(chosen)} of {count(len(by_period), 'period')} with a shortage."
    )


def largest_holds(result: RunResult, nations: frozenset[str] | None) -> list[Hold]:
    """Return by period the limit that holds most of what is missing down, periods in order."""
    largest = []
    chosen = [row for row in result.binding if nations is None or row.nation in nations]
    for period, several in groupby(chosen, lambda row: row.period):
        sums: dict[tuple[str, str], float] = {}
        of_limit: dict[tuple[str, str], HoldRow] = {}
        for row in several:
            key = row.kind, row.id
            sums[key] = sums.get(key, 0.0) + row.missing
            of_limit.setdefault(key, row)
        top = max(sums, key=lambda key: sums[key])
        largest.append(Hold(period, of_limit[top], sums[top], sum(sums.values())))
    return largest
