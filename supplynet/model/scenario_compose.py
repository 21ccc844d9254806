"""Scenarios that hold at once: applied in any order, or refused where the order would matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from supplynet.errors import OptionError, UsageError
from supplynet.model.change_rows import add_rows, row_of
from supplynet.model.changes import Aims, Draft, touched
from supplynet.model.scenario import Scenario, find_scenario
from supplynet.model.scenario_change import (
    Add,
    CapChange,
    Change,
    ChargeChange,
    Close,
    PriceChange,
    Restrict,
    Scale,
)

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork


def apply_scenarios(net: SupplyNetwork, scenarios: Sequence[str | Scenario]) -> SupplyNetwork:
    """Return the network changed by scenarios, whose order does not matter.

    Rows that any of them adds come first, so that the other changes of all of them see these.

    Raises
    ------
    UnknownNameError
        If a name is not among the graph's scenarios.
    OptionError
        If two scenarios change the same thing in ways that do not commute; both are named. If
        one was applied before.
    """
    chosen = [find_scenario(net, one) if isinstance(one, str) else one for one in scenarios]
    unique = {scenario.name: scenario for scenario in chosen}
    for scenario in chosen:
        _require_same(scenario, unique[scenario.name])
    applied = {one.partition(":")[0] for one in net.applied}
    for name in sorted(unique.keys() & applied):
        raise OptionError(f"scenario {name!r} is applied already", hint="start from the base graph")
    ordered = [unique[name] for name in sorted(unique)]
    _require_no_opposites(ordered, applied, net.scenarios)
    changes = [
        (one.name, number, change)
        for one in ordered
        for number, change in enumerate(one.change, start=1)
    ]
    added = [one for one in changes if isinstance(one[2], Add)]
    others = [one for one in changes if not isinstance(one[2], Add)]
    if len(ordered) > 1:
        _require_no_clash(Aims(net), added)
    changed = add_rows(net, [change for _, _, change in added if isinstance(change, Add)])
    if others:
        aims = Aims(changed)
        if len(ordered) > 1:
            _require_no_clash(aims, others)
        draft = Draft(aims)
        for name, number, change in others:
            with _told(name, number, change):
                draft.apply(change, name)
        changed = draft.network()
    labels = tuple(sorted({*net.applied, *(one.label for one in ordered)}))
    return changed.replace(applied=labels)


@contextmanager
def _told(scenario: str, number: int, change: Change) -> Iterator[None]:
    """Name the change in what is said of it."""
    try:
        yield
    except UsageError as error:
        place = f"scenario {scenario!r}, change {number} ({change.verb})"
        raise type(error)(f"{place}: {error.message}", hint=error.hint) from error


def _require_no_opposites(
    ordered: Sequence[Scenario], applied: set[str], known: Mapping[str, Scenario]
) -> None:
    """Refuse scenarios of which one says that it excludes another.

    Raises
    ------
    OptionError
        Naming both.
    """
    held = {*applied, *(one.name for one in ordered)}
    earlier = [known[name] for name in sorted(applied) if name in known]
    for scenario in (*ordered, *earlier):
        for other in sorted(held.intersection(scenario.excludes)):
            raise OptionError(
                f"scenarios {scenario.name!r} and {other!r} say the opposite of each other",
                hint="apply one of them",
            )


def _require_same(one: Scenario, other: Scenario) -> None:
    """Refuse two scenarios of one name that say different things."""
    if one == other:
        return
    if one.label != other.label:
        raise OptionError(
            f"scenario {one.name!r} is asked for twice, as {one.label} and as {other.label}",
            hint="apply one of them",
        )
    raise OptionError(f"two scenarios share the name {one.name!r}", hint="give each its own name")


def _require_no_clash(aims: Aims, changes: Sequence[tuple[str, int, Change]]) -> None:
    """Refuse changes of different scenarios to one thing whose order would matter.

    Raises
    ------
    UnknownNameError
        If a change is about nothing that is there.
    OptionError
        Naming both scenarios and the thing.
    """
    seen: dict[tuple[str, str], dict[str, list[Change]]] = {}
    for name, number, change in changes:
        with _told(name, number, change):
            things = list(touched(aims, change))
        for thing in things:
            by_name = seen.setdefault(thing, {})
            for other_name, others in by_name.items():
                if other_name == name:
                    continue
                for other in others:
                    if not _commute(aims, other, change):
                        raise OptionError(
                            f"scenarios {other_name!r} and {name!r} clash: one would "
                            f"{other.verb}, the other {change.verb} the {thing[0]} {thing[1]}",
                            hint="apply one of them, or write a scenario that says what holds",
                        )
            by_name.setdefault(name, []).append(change)


def _commute(aims: Aims, one: Change, other: Change) -> bool:
    """Whether the order of two changes to one thing does not matter."""
    free = (ChargeChange, PriceChange, Restrict, CapChange)
    if isinstance(one, free) or isinstance(other, free):
        return True  # each adds a row
    if isinstance(one, Add) and isinstance(other, Add):
        return row_of(one) == row_of(other)
    if _is_by_links(one) != _is_by_links(other):
        return False  # changing some links of a rule leaves rules of other names
    if _are_of_other_links(aims, one, other):
        return True
    if isinstance(one, (Scale, Close)) and isinstance(other, (Scale, Close)):
        return True
    rest = {"nodes", "links", "rules", "reason", "source_ids"}
    return one.model_dump(exclude=rest) == other.model_dump(exclude=rest)


def _is_by_links(change: Change) -> bool:
    return getattr(change, "links", None) is not None


def _are_of_other_links(aims: Aims, one: Change, other: Change) -> bool:
    """Whether two changes are about links of one rule of which none is meant by both."""
    ends = [
        aims.ends(links, change.verb)
        for change in (one, other)
        if (links := getattr(change, "links", None)) is not None
    ]
    return len(ends) == 2 and any(map(frozenset.isdisjoint, *ends))
