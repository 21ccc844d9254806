"""Months: how they are written, counted, and what spans of them there are."""

from __future__ import annotations

import re
from typing import NamedTuple

from supplynet.errors import OptionError
from supplynet.network.schema import MONTH_PATTERN

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
