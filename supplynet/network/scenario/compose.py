"""Scenarios that hold at once: applied in any order, or refused where the order would matter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from supplynet.errors import OptionError, UnknownNameError, UsageError
from supplynet.network.cache import Cache, cache_of
from supplynet.network.rules import loose_ends
from supplynet.network.scenario.apply import Aims, Draft, touched
from supplynet.network.scenario.change import (
    Add,
    CapChange,
    Change,
    ChargeChange,
    Close,
    NeedChange,
    Open,
    PriceChange,
    Redesign,
    Restrict,
    Scale,
    Set,
    split_values,
)
from supplynet.network.scenario.effect import COUNTED_BY, Effect
from supplynet.network.scenario.rows import add_rows, row_of
from supplynet.network.scenario.scenario import Scenario, ScenarioLike, scenario_list
from supplynet.network.scenario.years import active_years
from supplynet.network.units import designed
from supplynet.terms import did_you_mean

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import DesignName, Row


#: of every graph that says of a product that it could hold less of what is scarce, or more
DESIGNS: Mapping[DesignName, Scenario] = {
    "redesigned": Scenario(
        name="redesigned",
        title="Products hold as little of what is scarce as they could",
        change=(Redesign(verb="redesign", reason="what-if"),),
    ),
    "high-contents": Scenario(
        name="high-contents",
        title="Products hold the high ends of their contents",
        change=(Redesign(verb="redesign", design="high-contents", reason="what-if"),),
    ),
}
#: networks under scenarios that a network remembers, each with what was looked up in it
_NETWORKS = 16


def apply_scenarios(net: SupplyNetwork, scenarios: Sequence[ScenarioLike]) -> SupplyNetwork:
    """Return the network changed by scenarios, whose order does not matter.

    A name, the path of a TOML file or an object may stand for a scenario.

    Rows that any of them adds come first, so that the other changes of all of them see these. An
    OptionError if two change the same thing in ways that do not commute, or one was applied before.
    """
    named = scenario_list(scenarios)
    key = tuple(
        scenario if isinstance(scenario, str) else (scenario.label, scenario.model_dump_json())
        for scenario in named
    )
    names = cache_of(net).setdefault("changed", Cache(most=_NETWORKS))
    if key not in names:
        names[key] = _applied(net, named)
    changed: SupplyNetwork = names[key]
    return changed


def _applied(net: SupplyNetwork, named: Sequence[str | Scenario]) -> SupplyNetwork:
    """Return the network changed by scenarios, those of the graph by name."""
    scenarios = [
        find_scenario(net, scenario) if isinstance(scenario, str) else scenario
        for scenario in named
    ]
    unique = {scenario.name: scenario for scenario in scenarios}
    for scenario in scenarios:
        _require_same(scenario, unique[scenario.name])
    applied = {name.partition(":")[0] for name in net.applied}
    for name in sorted(unique.keys() & applied):
        raise OptionError(f"scenario {name!r} is applied already", hint="start from the base graph")
    # In the order of their names, so that any order of asking gives the same rows and the same
    # digest; where the order would matter to the outcome it is refused below.
    ordered = [unique[name] for name in sorted(unique)]
    _require_no_opposites(ordered, applied, net.scenarios)
    changes = [
        (scenario.name, count, change)
        for scenario in ordered
        for count, change in enumerate(scenario.change, start=1)
    ]
    added = [change for change in changes if isinstance(change[2], Add)]
    others = [change for change in changes if not isinstance(change[2], Add)]
    if len(ordered) > 1:
        _require_no_clash(Aims(net), added)
    # Rows come first: another scenario may shut or scale a plant that this one adds.
    grown = add_rows(net, [change for _, _, change in added if isinstance(change, Add)])
    aims = Aims(grown)
    if len(ordered) > 1:
        _require_no_clash(aims, others)
    changed, idle = _drafted(aims, others)
    for name, index, what in _loose(changed, added):
        idle.setdefault(name, []).append(f"change {index} (add) of {what}")
    effects = [
        _effect(net, aims, scenario, changed if len(ordered) == 1 else None, idle)
        for scenario in ordered
    ]
    names = sorted([*net.effects, *effects], key=lambda effect: effect.name)
    labels = tuple(sorted({*net.applied, *(scenario.label for scenario in ordered)}))
    return changed.replace(applied=labels, effects=tuple(names))


# scenario, number of the change in it, the change
_Numbered = tuple[str, int, Change]


def _loose(net: SupplyNetwork, added: Sequence[_Numbered]) -> Iterator[tuple[str, int, str]]:
    """Yield added plants that nothing can pass: scenario, number of the change, and why."""
    for name, index, change in added:
        if isinstance(change, Add) and change.table == "nodes":
            for node_id, missing in loose_ends(net, [str(change.row["id"])]).items():
                yield name, index, f"{node_id}, as {missing},"


def _drafted(
    aims: Aims, changes: Sequence[_Numbered]
) -> tuple[SupplyNetwork, dict[str, list[str]]]:
    """Apply changes; return the network, and by scenario what changes nothing, in words."""
    if not changes:
        return aims.net, {}
    draft, idle = Draft(aims), dict[str, list[str]]()
    for name, index, change in changes:
        with _told(name, index, change):
            if not draft.apply(change, name):
                idle.setdefault(name, []).append(f"change {index} ({change.verb})")
    return draft.network(), idle


def _effect(
    net: SupplyNetwork,
    aims: Aims,
    scenario: Scenario,
    changed: SupplyNetwork | None,
    idle: Mapping[str, Sequence[str]],
) -> Effect:
    """What one scenario does: with the rows that all add, and its own changes alone.

    `aims` are those of the network with the rows that all scenarios add; `changed` is the network
    with its changes, where no other scenario was applied, and `idle` what changes nothing, by
    scenario.
    """
    others = [
        (scenario.name, index, change)
        for index, change in enumerate(scenario.change, start=1)
        if not isinstance(change, Add)
    ]
    # What a scenario does alone: told by its own change of the network, for together one may hide
    # what another does.
    alone = changed if changed is not None else _drafted(aims, others)[0]
    rows: dict[str, list[Row]] = {}
    for change in scenario.change:
        if isinstance(change, Add):
            rows.setdefault(change.table, list(net.rows(change.table))).append(row_of(change))
    grown = net.replace(**rows) if rows else net  # type: ignore[arg-type]
    pairs = ((net, grown), (aims.net, alone))
    years = {year for pair in pairs for year in active_years(*pair)}
    special = {
        what: tuple(sorted({year for pair in pairs for year in active_years(*pair, tables)}))
        for what, (tables, _) in COUNTED_BY.items()
    }
    return Effect(scenario.label, tuple(sorted(years)), tuple(idle.get(scenario.name, ())), special)


@contextmanager
def _told(scenario: str, index: int, change: Change) -> Iterator[None]:
    """Name the change in what is said of it."""
    try:
        yield
    except UsageError as error:
        where = f"scenario {scenario!r}, change {index} ({change.verb})"
        raise type(error)(f"{where}: {error.message}", hint=error.hint) from error


def _require_no_opposites(
    ordered: Sequence[Scenario], applied: set[str], scenarios: Mapping[str, Scenario]
) -> None:
    """Refuse scenarios of which one says that it excludes another."""
    members = {*applied, *(scenario.name for scenario in ordered)}
    earlier = [scenarios[name] for name in sorted(applied) if name in scenarios]
    for scenario in (*ordered, *earlier):
        for other in sorted(members.intersection(scenario.excludes)):
            raise OptionError(
                f"scenarios {scenario.name!r} and {other!r} say the opposite of each other",
                hint="apply one of them",
            )


def _require_same(scenario: Scenario, other: Scenario) -> None:
    """Refuse two scenarios of one name that say different things."""
    if scenario == other:
        return
    if scenario.label != other.label:
        raise OptionError(
            f"scenario {scenario.name!r} is asked for twice, as {scenario.label} "
            f"and as {other.label}",
            hint="apply one of them",
        )
    raise OptionError(
        f"two scenarios share the name {scenario.name!r}", hint="give each its own name"
    )


def _require_no_clash(aims: Aims, changes: Sequence[_Numbered]) -> None:
    """Refuse changes of different scenarios to one thing whose order would matter."""
    seen: dict[tuple[str, str], dict[str, list[Change]]] = {}
    for name, index, change in changes:
        with _told(name, index, change):
            things = list(touched(aims, change))
        for target in things:
            by_name = seen.setdefault(target, {})
            for other_name, others in by_name.items():
                if other_name == name:
                    continue
                for other in others:
                    if not _commute(aims, other, change):
                        raise OptionError(
                            f"scenarios {other_name!r} and {name!r} clash: one would "
                            f"{other.verb}, the other {change.verb} the {target[0]} {target[1]}",
                            hint="apply one of them, or write a scenario that says what holds",
                        )
            by_name.setdefault(name, []).append(change)


def _commute(aims: Aims, entry: Change, other: Change) -> bool:
    """Whether the order of two changes to one thing does not matter."""
    free = (ChargeChange, PriceChange, Restrict, CapChange)
    if isinstance(entry, free) or isinstance(other, free):
        return True  # each adds a row
    if isinstance(entry, NeedChange) and isinstance(other, NeedChange):
        return True  # each multiplies
    if isinstance(entry, Add) and isinstance(other, Add):
        return row_of(entry) == row_of(other)
    if _is_by_links(entry) != _is_by_links(other):
        return False  # changing some links of a rule leaves rules of other names
    if _are_of_other_links(aims, entry, other):
        return True
    if isinstance(entry, (Scale, Close)) and isinstance(other, (Scale, Close)):
        return True
    if _leaves_capacities(entry, other) or _leaves_capacities(other, entry):
        return True
    others = {"nodes", "links", "rules", "reason", "source_ids"}
    return entry.model_dump(exclude=others) == other.model_dump(exclude=others)


def _is_by_links(change: Change) -> bool:
    return getattr(change, "links", None) is not None


def _leaves_capacities(entry: Change, other: Change) -> bool:
    """Whether one only has a plant built, whose ramp stays, and the other changes its capacity."""
    return (
        isinstance(entry, Open)
        and entry.from_year is entry.end_year is None
        and entry.status != "operating"
        and isinstance(other, (Scale, Set))
    )


def _are_of_other_links(aims: Aims, entry: Change, other: Change) -> bool:
    """Whether two changes are about links of one rule of which none is meant by both."""
    bounds = [
        aims.ends(links, change.verb)
        for change in (entry, other)
        if (links := getattr(change, "links", None)) is not None
    ]
    return len(bounds) == 2 and any(map(frozenset.isdisjoint, *bounds))


def find_scenario(net: SupplyNetwork, name: str) -> Scenario:
    """Return one of the graph's scenarios by name; ``name:strength=0.5`` sets a parameter.

    An UnknownNameError suggests near names.
    """
    name, values = split_values(name)
    designs: dict[str, Scenario]
    designs = {name: entry for name, entry in DESIGNS.items() if designed(net, name)}
    scenarios = {**designs, **net.scenarios}
    if name not in scenarios:
        text = ", ".join(sorted(scenarios)) or "none"
        raise UnknownNameError(
            f"{net.name} has no scenario {name!r}; it has {text}",
            hint=did_you_mean(name, scenarios),
        )
    scenario = scenarios[name]
    return scenario.with_values(values) if values else scenario
