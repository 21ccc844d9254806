"""A horizon as it is asked for: its periods, and the shocks in force in some of its months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.scenario.compose import find_scenario
from supplynet.network.selector import select
from supplynet.network.timeline import SPAN, Month, month_of, span_of
from supplynet.terms import PERIODS, did_you_mean

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario
    from supplynet.network.schema import Shock

#: the longest horizon
MOST_MONTHS = 120
#: the most periods that are solved at once or one after the other
MOST_PERIODS = 60
#: what stands between a scenario and its months
AT = "@"


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


@dataclass(frozen=True, slots=True)
class Part:
    """A scenario, or what is shut, in some months."""

    begin: Month  #: the first month; its end is the last
    end: Month
    scenario: str = ""  #: with values of its parameters; empty where a selector is shut
    avoid: str = ""  #: selector of what is shut
    shock: str = ""  #: name of the shock of the graph whose part it is; empty for none
    #: selector of those who receive, where the scenario holds for them alone
    buyer: str = ""

    def later(self, months: int) -> Part:
        """Return the same so many months later."""
        return replace(self, begin=self.begin.later(months), end=self.end.later(months))

    def holds(self, period: Period) -> bool:
        """Whether it is in force in a period: in any of its months."""
        return self.begin <= period.end and period.begin <= self.end

    @property
    def what(self) -> str:
        """What is in force, and for whom where not for all."""
        return f"{self.scenario or self.avoid}{f' ({self.buyer})' if self.buyer else ''}"

    @property
    def label(self) -> str:
        """What is in force and when, as it may be written where it holds for all."""
        return f"{self.what}{AT}{self.begin}{SPAN}{self.end}"


def named_shocks(net: SupplyNetwork) -> dict[str, tuple[Shock, ...]]:
    """Return the shocks of a graph by name.

    Examples
    --------
    >>> import supplynet as sn
    >>> named_shocks(sn.load("tutorial"))
    {}
    """
    values: dict[str, tuple[Shock, ...]] = {}
    for row in cast("tuple[Shock, ...]", net.rows("shocks")):
        values[row.id] = (*values.get(row.id, ()), row)
    return values


def parts_of(net: SupplyNetwork, shock: str | Iterable[str] | None) -> tuple[Part, ...]:
    """Return the parts of shocks, each by its name in the graph or as ``SCENARIO@FIRST..LAST``.

    An OptionError if the months are none, or a scenario is in force twice at once.

    Examples
    --------
    >>> import supplynet as sn
    >>> parts_of(sn.load("rare-earths"), "china-full-stop@2026-01..2026-06")[0].label
    'china-full-stop@2026-01..2026-06'
    """
    texts = [shock] if isinstance(shock, str) else list(shock or ())
    values = named_shocks(net)
    parts: list[Part] = []
    for word in (word.strip() for text in texts for word in text.split(",") if word.strip()):
        scenario, sign, months = word.rpartition(AT)
        if not sign:
            if word not in values:
                raise UnknownNameError(
                    f"{net.name} has no shock {word!r}",
                    hint=did_you_mean(word, values)
                    or f"give a scenario its months, such as {word}{AT}2026-01{SPAN}2026-06",
                )
            parts += [
                Part(
                    month_of(row.begin),
                    month_of(row.end),
                    row.scenario,
                    shock=row.id,
                    buyer=row.buyer,
                )
                for row in values[word]
            ]
            continue
        begin, end = span_of(months, f"the months of {scenario!r}")
        net.with_scenario(scenario)  # refuses what is none
        parts.append(Part(begin, end, scenario))
    _require_apart(parts)
    return tuple(parts)


def in_force(net: SupplyNetwork, parts: Iterable[Part]) -> list[str | Scenario]:
    """Return the scenarios of parts that hold at once, each for those it is about.

    Rows of one scenario for several buyers become one scenario, so that each of its changes holds
    for each who receives as their row says.
    """
    by_name: dict[str, list[Part]] = {}
    for interval in parts:
        if interval.scenario:
            by_name.setdefault(interval.scenario.partition(":")[0], []).append(interval)
    scenarios: list[str | Scenario] = []
    for members in by_name.values():
        if not any(part.buyer for part in members):
            scenarios += [share.scenario for share in members]
            continue
        named = ",".join(part.buyer for part in members if part.buyer)
        several = [_narrowed(net, portion, named) for portion in members]
        changes = tuple(change for scenario in several for change in scenario.change)
        scenarios.append(several[0].model_copy(update={"change": changes}))
    return scenarios


def _narrowed(net: SupplyNetwork, interval: Part, named: str) -> Scenario:
    """Return the scenario of a part for its buyer alone, or for all that no part names."""
    scenario = find_scenario(net, interval.scenario)
    own = select(net, interval.buyer or f"all,!{named.replace(',', ',!')}").surely
    changes = []
    for change in scenario.change:
        links = getattr(change, "links", None)
        if links is not None:
            both = sorted(select(net, links.target).surely & own)
            links = links.model_copy(update={"target": ",".join(f"node:{name}" for name in both)})
            change = change.model_copy(update={"links": links})
        changes.append(change)
    return scenario.model_copy(update={"change": tuple(changes)})


def _require_apart(parts: Sequence[Part]) -> None:
    """Refuse a scenario that is in force twice in a month."""
    for index, interval in enumerate(parts):
        name = interval.scenario.partition(":")[0]
        for other in parts[:index]:
            is_same = other.scenario.partition(":")[0] == name and other.buyer == interval.buyer
            if is_same and interval.begin <= other.end and other.begin <= interval.end:
                raise OptionError(
                    f"{interval.label} and {other.label} overlap",
                    hint="give each month of a scenario once",
                )


def require_cut(parts: Iterable[Part], cut: Sequence[Period]) -> None:
    """Refuse parts that begin or end within a period, or lie outside the horizon."""
    begin, end = cut[0].begin, cut[-1].end
    for interval in parts:
        if interval.end < begin or end < interval.begin:
            raise OptionError(
                f"{interval.label} lies outside the horizon, {begin}{SPAN}{end}",
                hint="let the horizon begin earlier or end later",
            )
        for period in cut:
            is_whole = interval.begin <= period.begin and period.end <= interval.end
            if interval.holds(period) and not is_whole:
                raise OptionError(
                    f"{interval.label} is in force in a part of {period.label} only",
                    hint="count by month",
                )
