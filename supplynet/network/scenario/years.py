"""When scenarios act: in which years a network differs, which year is meant, and notes on it.

A scenario acts in the years in which a slice of the changed network differs from the same slice
without it. Most speak of a period; one that is asked about another year changes nothing there, and
the answer must say so.
"""

from __future__ import annotations

import datetime
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, cast

from supplynet.errors import OptionError
from supplynet.network.scenario.effect import Effect, spelled
from supplynet.network.schema import TABLES, Row
from supplynet.network.selector import select
from supplynet.network.timeline import capacities_in_force, runs
from supplynet.terms import STATUSES

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario

#: tables that a balance looks at, and no potential
#: tables that no answer looks at
_SILENT = frozenset(
    {
        "sources",
        "exclusions",
        "accepted",
        "targets",
        "stocks",
        "shocks",
        "outages",
        "lead_times",
        "seasons",
        "replays",
        "options",
    }
)
_PLANTS = frozenset({"nodes", "capacities"})
_LINKS = frozenset({"edges", "rules"})


def applied_with_years(net: SupplyNetwork) -> tuple[str, ...]:
    """Return the scenarios that were applied, each with its years where these are not all.

    Examples
    --------
    >>> import supplynet as sn
    >>> late = {"verb": "close", "nodes": "ref-big", "from_year": 2026}
    >>> shut = sn.Scenario.from_dict({"change": [late]}, name="shut")
    >>> applied_with_years(sn.load("tutorial").with_scenario(shut))
    ('shut (2026)',)
    """
    commodity = net.commodity
    n_years = commodity.last_year - commodity.first_year + 1
    years = {effect.name: effect.years for effect in net.effects if 0 < len(effect.years) < n_years}
    return tuple(
        f"{name} ({spelled(years[name])})" if name in years else name for name in net.applied
    )


def this_year() -> int:
    """Return the year of today, or of the moment in SOURCE_DATE_EPOCH, for what must not change.

    References
    ----------
    Reproducible Builds project, "SOURCE_DATE_EPOCH specification", version 1.1: seconds of Unix
    time that stand for now.
    """
    fixed = os.environ.get("SOURCE_DATE_EPOCH")
    if not fixed:
        return datetime.date.today().year
    try:
        return datetime.datetime.fromtimestamp(int(fixed), datetime.UTC).year
    except (ValueError, OverflowError, OSError) as error:
        raise OptionError(
            f"SOURCE_DATE_EPOCH is {fixed[:80]!r}, no number of seconds since 1970",
            hint="write for example 1796000400, or leave the variable out for today",
        ) from error


def present_year(net: SupplyNetwork) -> int:
    """Return this year, or the first or last year of a network that does not hold it."""
    return min(max(this_year(), net.commodity.first_year), net.commodity.last_year)


def default_year(net: SupplyNetwork) -> int:
    """Return the year of a question that names none: see :func:`common_year`.

    Examples
    --------
    >>> import supplynet as sn
    >>> default_year(sn.load("tutorial"))
    2026
    """
    return common_year(net, net.effects)


def measured_year(net: SupplyNetwork) -> int:
    """Return the year of a question about what was measured that names none: the base year.

    Such are calibrated flows, footprints and exposures of them. What they ask about was observed in
    that year; all else is about the year of :func:`default_year`.
    """
    return net.commodity.base_year


def present_and_later(net: SupplyNetwork) -> tuple[int, int]:
    """Return this year, as far as a network speaks of it, and its last that ends in 0 or 5."""
    now, last = present_year(net), net.commodity.last_year
    return now, max((year for year in range(now, last + 1) if year % 5 == 0), default=last)


def common_year(net: SupplyNetwork, effects: Iterable[Effect]) -> int:
    """Return the year in which the most of some effects act: this year, or the nearest to it.

    Of those that are as good, later years come before earlier ones.
    """
    now = present_year(net)
    names = [effect for effect in effects if effect.years]
    return max(
        range(net.commodity.first_year, net.commodity.last_year + 1),
        key=lambda year: (sum(year in e.years for e in names), year >= now, -abs(year - now)),
    )


def year_note(net: SupplyNetwork, year: int) -> str:
    """Return why another year than this one was taken where none is named; empty for this one."""
    now = present_year(net)
    if year == now:
        return ""
    names = [
        effect.name for effect in net.effects if year in effect.years and now not in effect.years
    ]
    return (
        f"The year is {year}, as {' and '.join(names)} {'act' if len(names) > 1 else 'acts'} in "
        f"it and not in {now}."
    )


def scenario_notes(net: SupplyNetwork, year: int, counts: str) -> tuple[str, ...]:
    """Return what a reader of an answer must be reported of the scenarios that were applied.

    The network is that with the scenarios applied; `counts` says what counts in the answer.
    """
    return tuple(note for effect in net.effects for note in effect.notes(year, counts))


def years_of_scenario(net: SupplyNetwork, scenario: Scenario) -> tuple[int, ...]:
    """Return the years of a network in which a scenario changes something.

    Examples
    --------
    >>> import supplynet as sn
    >>> late = {"verb": "close", "nodes": "ref-big", "from_year": 2025}
    >>> shut = sn.Scenario.from_dict({"change": [late]}, name="shut")
    >>> years_of_scenario(sn.load("tutorial"), shut)
    (2025, 2026)
    """
    effects = net.with_scenario(scenario).effects
    return next(effect.years for effect in effects if effect.name == scenario.label)


def active_years(
    before: SupplyNetwork, after: SupplyNetwork, tables: Iterable[str] = TABLES
) -> tuple[int, ...]:
    """Return the years of a graph in which two versions of it differ, in all or some tables."""
    commodity = before.commodity
    every = range(commodity.first_year, commodity.last_year + 1)
    changed = [name for name in tables if before.rows(name) != after.rows(name)]
    running = _Running(before, after)
    years: set[int] = set()
    for name in changed:
        if len(years) == len(every):
            break
        if name in _PLANTS or name in _SILENT:
            continue
        fields = TABLES[name].model_fields
        old, new = before.rows(name), after.rows(name)
        selection = set(map(id, old)).intersection(map(id, new))  # most rows are the same objects
        sides = [[row for row in rows if id(row) not in selection] for rows in (old, new)]
        if name == "prices" or "start_year" in fields:
            counts = Counter(_timeless(name, sides[0]))
            counts.subtract(_timeless(name, sides[1]))
            years |= _years_of(counts, every, running if name in _LINKS else None)
        elif "node_id" in fields:
            ids = {cast(Any, row).node_id for side in sides for row in side}
            years |= {year for year in every if not ids.isdisjoint(running.at(year))}
        else:
            years.update(every)
    if _PLANTS.intersection(changed):
        years |= {year for year in every if _plants(before, year) != _plants(after, year)}
    return tuple(sorted(years))


class _Running:
    """The nodes that run in a year, before or after a change; nothing moves where none does."""

    def __init__(self, before: SupplyNetwork, after: SupplyNetwork) -> None:
        self._nets = (before, after)
        self._by_year: dict[int, frozenset[str]] = {}

    def at(self, year: int) -> frozenset[str]:
        """Return the ids of the nodes that run in a year."""
        if year not in self._by_year:
            self._by_year[year] = frozenset(
                node.id for net in self._nets for node in net.node_rows if runs(node, year)
            )
        return self._by_year[year]

    def links(self, source: str, target: str, year: int) -> bool:
        """Whether any link between two selectors, or the ids of two nodes, has ends that run."""
        net, ids = self._nets[1], self.at(year)
        bounds = (
            {end} if end in net.node_by_id else select(net, end).surely for end in (source, target)
        )
        return all(not ids.isdisjoint(end) for end in bounds)


# first and last year of a row, None where it is open, its ends, and the rest of it as text
_Timed = tuple[int | None, int | None, str, str, str]


def _timeless(table: str, rows: Iterable[Row]) -> Iterator[_Timed]:
    """Rows apart from their years and ids; those that do nothing are left out."""
    start = "year" if table == "prices" else "start_year"
    for row in cast("Iterable[Any]", rows):
        if table == "restrictions" and row.withheld == 0:
            continue
        if table == "prices" and row.kind == "factor" and row.price == 1:
            continue
        bounds = (row.source, row.target) if table in _LINKS else ("", "")
        others = row.model_dump_json(exclude={"id", start, "end_year", "note", "reason"})
        yield getattr(row, start), row.end_year, *bounds, others


def _years_of(rows: Counter[_Timed], every: range, running: _Running | None) -> set[int]:
    """Years in which rows of which there are more on one side do not cancel out."""
    left = [(row, count) for row, count in rows.items() if count]
    years = set()
    for year in every:
        counts: Counter[str] = Counter()
        for (start, end, source, target, tail), index in left:
            is_in = (start is None or start <= year) and (end is None or year <= end)
            if is_in and (running is None or running.links(source, target, year)):
                counts[tail] += index
        if any(counts.values()):
            years.add(year)
    return years


def _plants(net: SupplyNetwork, year: int) -> list[tuple[Any, ...]]:
    """What counts of every plant that runs in a year."""
    steps = capacities_in_force(net, year)
    states = []
    for node in net.node_rows:
        row: Any = steps.get(node.id, node)
        if not runs(node, year) or row.capacity == 0:
            continue
        limits = (row.capacity, row.capacity_low, row.capacity_high, row.unit)
        what = (node.stage, node.country, node.owner_country, node.makes, node.product)
        states.append((node.id, STATUSES[node.status].standing, node.status, *limits, *what))
    return states
