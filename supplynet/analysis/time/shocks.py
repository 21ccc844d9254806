"""Shocks: scenarios that are in force in some months, by name or with their months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from supplynet.analysis.time.horizon import Period
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.months import SPAN, Month, month_of, span_of
from supplynet.network.problems import did_you_mean

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Shock

#: what stands between a scenario and its months
AT = "@"


@dataclass(frozen=True, slots=True)
class Part:
    """A scenario, or what is shut, in some months."""

    begin: Month  #: the first month; its end is the last
    end: Month
    scenario: str = ""  #: with values of its parameters; empty where a selector is shut
    avoid: str = ""  #: selector of what is shut
    shock: str = ""  #: name of the shock of the graph whose part it is; empty for none

    def later(self, months: int) -> Part:
        """Return the same so many months later."""
        return replace(self, begin=self.begin.later(months), end=self.end.later(months))

    def holds(self, period: Period) -> bool:
        """Whether it is in force in a period: in any of its months."""
        return self.begin <= period.end and period.begin <= self.end

    @property
    def label(self) -> str:
        """What is in force and when, as it may be written."""
        return f"{self.scenario or self.avoid}{AT}{self.begin}{SPAN}{self.end}"


def named_shocks(net: SupplyNetwork) -> dict[str, tuple[Shock, ...]]:
    """Return the shocks of a graph by name.

    Examples
    --------
    >>> import supplynet as sn
    >>> named_shocks(sn.load("tutorial"))
    {}
    """
    known: dict[str, tuple[Shock, ...]] = {}
    for row in cast("tuple[Shock, ...]", net.rows("shocks")):
        known[row.id] = (*known.get(row.id, ()), row)
    return known


def parts_of(net: SupplyNetwork, shock: str | Iterable[str] | None) -> tuple[Part, ...]:
    """Return the parts of shocks, each by its name in the graph or as ``SCENARIO@FIRST..LAST``.

    An OptionError if the months are none, or a scenario is in force twice at once.

    Examples
    --------
    >>> import supplynet as sn
    >>> parts_of(sn.load("rare-earths"), "china-full-stop@2026-01..2026-06")[0].label
    'china-full-stop@2026-01..2026-06'
    """
    words = [shock] if isinstance(shock, str) else list(shock or ())
    known = named_shocks(net)
    parts: list[Part] = []
    for word in (word.strip() for text in words for word in text.split(",") if word.strip()):
        scenario, sign, months = word.rpartition(AT)
        if not sign:
            if word not in known:
                raise UnknownNameError(
                    f"{net.name} has no shock {word!r}",
                    hint=did_you_mean(word, known)
                    or f"give a scenario its months, such as {word}{AT}2026-01{SPAN}2026-06",
                )
            parts += [
                Part(month_of(row.begin), month_of(row.end), row.scenario, shock=row.id)
                for row in known[word]
            ]
            continue
        begin, end = span_of(months, f"the months of {scenario!r}")
        net.with_scenario(scenario)  # refuses what is none
        parts.append(Part(begin, end, scenario))
    _require_apart(parts)
    return tuple(parts)


def _require_apart(parts: Sequence[Part]) -> None:
    """Refuse a scenario that is in force twice in a month."""
    for number, part in enumerate(parts):
        name = part.scenario.partition(":")[0]
        for other in parts[:number]:
            is_same = other.scenario.partition(":")[0] == name
            if is_same and part.begin <= other.end and other.begin <= part.end:
                raise OptionError(
                    f"{part.label} and {other.label} overlap",
                    hint="give each month of a scenario once",
                )


def require_cut(parts: Iterable[Part], cut: Sequence[Period]) -> None:
    """Refuse parts that begin or end within a period, or lie outside the horizon."""
    begin, end = cut[0].begin, cut[-1].end
    for part in parts:
        if part.end < begin or end < part.begin:
            raise OptionError(
                f"{part.label} lies outside the horizon, {begin}{SPAN}{end}",
                hint="let the horizon begin earlier or end later",
            )
        for period in cut:
            is_whole = part.begin <= period.begin and period.end <= part.end
            if part.holds(period) and not is_whole:
                raise OptionError(
                    f"{part.label} is in force in a part of {period.label} only",
                    hint="count by month",
                )
