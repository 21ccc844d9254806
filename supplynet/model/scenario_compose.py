"""Scenarios that hold at once: applied in any order, or refused where the order would matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supplynet.errors import OptionError, UnknownNameError
from supplynet.model.scenario import Scenario, find_scenario
from supplynet.model.scenario_change import Change

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
    from supplynet.model.change_rows import add_rows
    from supplynet.model.changes import apply_change

    chosen = [find_scenario(net, one) if isinstance(one, str) else one for one in scenarios]
    unique = {scenario.name: scenario for scenario in chosen}
    for scenario in chosen:
        _require_same(scenario, unique[scenario.name])
    for name in sorted(unique.keys() & {one.partition(":")[0] for one in net.applied}):
        raise OptionError(f"scenario {name!r} is applied already", hint="start from the base graph")
    ordered = [unique[name] for name in sorted(unique)]
    changes = [(one.name, change) for one in ordered for change in one.change]
    _require_no_clash(net, [pair for pair in changes if pair[1].verb == "add"])
    changed = add_rows(net, [change for _, change in changes if change.verb == "add"])
    others = [pair for pair in changes if pair[1].verb != "add"]
    _require_no_clash(changed, others)
    for name, change in others:
        changed = apply_change(changed, change, name)
    labels = tuple(sorted({*net.applied, *(one.label for one in ordered)}))
    return changed.replace(applied=labels)


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


def _require_no_clash(net: SupplyNetwork, changes: Sequence[tuple[str, Change]]) -> None:
    """Refuse changes of different scenarios to one thing whose order would matter.

    Raises
    ------
    UnknownNameError
        If a change is about nothing that is there.
    OptionError
        Naming both scenarios and the thing.
    """
    from supplynet.model.changes import touched

    seen: dict[tuple[str, str], list[tuple[str, Change]]] = {}
    for name, change in changes:
        things = list(touched(net, change))
        if not things:
            raise UnknownNameError(
                f"scenario {name!r}: no link is meant by {change.links}",
                hint="widen source, target or form",
            )
        for thing in things:
            others = seen.setdefault(thing, [])
            for other_name, other in others:
                if other_name != name and not _commute(other, change):
                    raise OptionError(
                        f"scenarios {other_name!r} and {name!r} clash: one would "
                        f"{other.verb}, the other {change.verb} the {thing[0]} {thing[1]}",
                        hint="apply one of them, or write a scenario that says what holds",
                    )
            others.append((name, change))


def _commute(one: Change, other: Change) -> bool:
    """Whether the order of two changes to one thing does not matter."""
    if one.is_money or one.is_border or other.is_money or other.is_border:
        return True
    if one.verb == "add":
        from supplynet.model.change_rows import row_of

        return row_of(one) == row_of(other)
    if (one.links is None) != (other.links is None):
        return False  # closing some links of a rule leaves rules of other names
    if {one.verb, other.verb} <= {"scale", "close"}:
        return one.from_year is None or other.from_year is None or one.verb == other.verb
    fields = ("verb", "from_year", "factor", "capacity", "unit", "start_year", "end_year")
    more = ("status", "standing")
    return all(getattr(one, name) == getattr(other, name) for name in (*fields, *more))
