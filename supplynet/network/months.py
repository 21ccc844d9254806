"""Months and their spans, and how many days goods are on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

from supplynet.errors import OptionError
from supplynet.network.cache import kept
from supplynet.network.schema import MONTH_PATTERN
from supplynet.network.selector import select
from supplynet.terms import LEVELS, LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import LeadTime


#: what stands between the first and the last month of a span
SPAN = ".."


class Month(NamedTuple):
    """A calendar month; months compare as they follow each other.

    Examples
    --------
    >>> str(Month(2025, 4).later(9)), Month(2025, 4).until(Month(2025, 6))
    ('2026-01', 2)
    """

    year: int
    month: int  #: 1 to 12

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def later(self, months: int) -> Month:
        """Return the month that comes some months later."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, month + 1)

    def until(self, other: Month) -> int:
        """Return how many months later another one comes."""
        return (other.year - self.year) * 12 + other.month - self.month


def month_of(text: str, what: str = "month") -> Month:
    """Return the month that a text stands for; an OptionError if it is none.

    Examples
    --------
    >>> month_of("2025-04")
    Month(year=2025, month=4)
    """
    word = text.strip()
    if re.fullmatch(r"\d{1,3}", word) and int(word):
        first = Month(2026, 1)
        raise OptionError(
            f"{what} {text!r} is how many months, not which",
            hint="write the first and the last, such as "
            f"{first}{SPAN}{first.later(int(word) - 1)} for {int(word)} months",
        )
    if not re.fullmatch(MONTH_PATTERN, word):
        raise OptionError(
            f"{what} {text!r} is no month",
            hint="write year and month, 01 to 12, such as 2025-04",
        )
    year, _, month = word.partition("-")
    return Month(int(year), int(month))


def span_of(text: str, what: str = "span") -> tuple[Month, Month]:
    """Return the first and the last month of a span.

    An OptionError if it is no span of months, or ends before it begins.

    Examples
    --------
    >>> [str(month) for month in span_of("2025-04..2025-06")]
    ['2025-04', '2025-06']
    >>> span_of("2025-04")[1]
    Month(year=2025, month=4)
    """
    first, sign, last = text.partition(SPAN)
    begin = month_of(first, what)
    end = month_of(last, what) if sign else begin
    if end < begin:
        raise OptionError(
            f"{what} {text!r} ends before it begins", hint="write the first month first"
        )
    return begin, end


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with the nodes that its selectors name; targets are None where all are meant."""

    row: LeadTime
    sources: frozenset[str]
    targets: frozenset[str] | None

    def holds(self, source: str, target: str, form: str) -> bool:
        return (
            source in self.sources
            and (self.targets is None or target in self.targets)
            and self.row.form in (None, form)
        )


def lead_days(
    net: SupplyNetwork, source: str, target: str, form: str, level: LevelName = "central"
) -> float:
    """Return the days from what comes into a plant to what arrives at who buys from it.

    The first row of each kind that fits counts, in the order of the table; where none does, 0. The
    high end is the most favorable, so that it takes the fewest days.

    Examples
    --------
    >>> import supplynet as sn
    >>> lead_days(sn.load("tutorial"), "mine-big", "ref-big", "ore")
    0.0
    """
    end = LEVELS[level].opposite
    days = 0.0
    for rows in _rows(net):
        for each in rows:
            if each.holds(source, target, form):
                own = None if end == "central" else getattr(each.row, f"days_{end}")
                days += each.row.days if own is None else own
                break
    return days


@kept("lead times")
def _rows(net: SupplyNetwork) -> Sequence[Sequence[_Row]]:
    """Return the rows of transport, and those of processing."""
    rows = cast("tuple[LeadTime, ...]", net.rows("lead_times"))
    return tuple(
        tuple(
            _Row(
                row,
                select(net, row.source).surely,
                select(net, row.target).surely if row.target else None,
            )
            for row in rows
            if row.kind == kind
        )
        for kind in ("transport", "processing")
    )
