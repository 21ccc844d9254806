"""A horizon and its periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.errors import OptionError
from supplynet.network.months import Month
from supplynet.terms import PERIODS, one_of

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: the longest horizon
MOST_MONTHS = 120
#: the most periods that are solved at once or one after the other
MOST_PERIODS = 60


@dataclass(frozen=True, slots=True)
class Period:
    """Some months of one year."""

    begin: Month
    n_months: int

    @property
    def year(self) -> int:
        """Its calendar year."""
        return self.begin.year

    @property
    def end(self) -> Month:
        """Its last month."""
        return self.begin.later(self.n_months - 1)

    @property
    def length(self) -> float:
        """Its part of a year."""
        return self.n_months / 12.0

    @property
    def label(self) -> str:
        """Its months as they are written.

        Examples
        --------
        >>> Period(Month(2025, 4), 3).label, Period(Month(2025, 4), 1).label
        ('2025-04..2025-06', '2025-04')
        """
        return str(self.begin) if self.n_months == 1 else f"{self.begin}..{self.end}"


def periods(net: SupplyNetwork, begin: Month, end: Month, by: str = "month") -> tuple[Period, ...]:
    """Return the periods of a horizon; none of them reaches into another year.

    Quarters and years are those of the calendar. An OptionError if the horizon lies outside the
    graph or is too long.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> [period.label for period in periods(net, Month(2025, 2), Month(2025, 7), by="quarter")]
    ['2025-02..2025-03', '2025-04..2025-06', '2025-07']
    """
    one_of(by, PERIODS, "by")
    first, last = net.commodity.first_year, net.commodity.last_year
    for month in (begin, end):
        if not first <= month.year <= last:
            raise OptionError(
                f"{month} lies outside the graph {net.name}, which speaks of {first} to {last}",
                hint="choose a horizon within these years",
            )
    if end < begin:
        raise OptionError(f"the horizon ends in {end}, before it begins in {begin}")
    if begin.until(end) >= MOST_MONTHS:
        raise OptionError(
            f"a horizon of {begin.until(end) + 1} months is too long; {MOST_MONTHS} are allowed"
        )
    cut: list[Period] = []
    month = begin
    while month <= end:
        step = PERIODS[by].n_months
        # Periods end with the calendar's quarters and years wherever the horizon begins: figures of
        # a year hold in all months of a period, and two runs can be set side by side.
        n_months = min(step - (month.month - 1) % step, month.until(end) + 1)
        cut.append(Period(month, n_months))
        month = month.later(n_months)
    if len(cut) > MOST_PERIODS:
        raise OptionError(
            f"a horizon of {len(cut)} periods is too long; {MOST_PERIODS} are allowed",
            hint="count in longer periods, such as by quarter",
        )
    return tuple(cut)
