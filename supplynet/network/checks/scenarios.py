"""Check of the scenarios that ship with a graph: each is applied, at every end it may have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supplynet.errors import SupplynetError
from supplynet.network.checks.rows import unknown_names
from supplynet.network.problems import Problem, did_you_mean

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario


def scenarios(net: SupplyNetwork) -> Iterator[Problem]:
    """Scenarios that cannot be applied, or name what is not there."""
    if net.applied:
        return  # they are tried on the graph as it ships: some may not hold together
    if any(problem.column != "source_ids" for problem in unknown_names(net)):
        return  # told by another check, and each scenario would tell it again
    for name, scenario in sorted(net.scenarios.items()):
        yield from _unknown_scenarios(net, scenario)
        yield from _unknown_sources(net, scenario)
        told: set[str] = set()
        for tried in _ends(scenario):
            try:
                net.with_scenario(tried)
            except SupplynetError as error:
                if error.message not in told:
                    told.add(error.message)
                    yield Problem("scenario", error.message, file=_file(name), hint=error.hint)


def _ends(scenario: Scenario) -> Iterator[Scenario]:
    """The scenario with its defaults, and with every parameter at each of its ends."""
    yield scenario
    for key, parameter in scenario.parameters.items():
        for end in parameter.ends():
            yield scenario.with_values({key: end})


def idle(net: SupplyNetwork) -> Iterator[Problem]:
    """Scenarios, and changes of them, that change nothing in any year of the graph."""
    if net.applied:
        return
    for name, scenario in sorted(net.scenarios.items()):
        try:
            (effect,) = net.with_scenario(scenario).effects
        except SupplynetError:  # told by the check of scenarios
            continue
        what = [] if effect.years else ["the scenario"]
        for part in what or effect.idle:
            yield Problem(
                "scenario-effect",
                f"{part} changes nothing in any year",
                file=_file(name),
                hint="correct what it is about or its years, or take it out",
            )


def _unknown_scenarios(net: SupplyNetwork, scenario: Scenario) -> Iterator[Problem]:
    for other in scenario.excludes:
        if other not in net.scenarios:
            yield Problem(
                "scenario",
                "there is no scenario of that name",
                file=_file(scenario.name),
                column="excludes",
                value=other,
                hint=did_you_mean(other, net.scenarios),
            )


def _unknown_sources(net: SupplyNetwork, scenario: Scenario) -> Iterator[Problem]:
    cited = [(f"change {number}", change) for number, change in enumerate(scenario.change, start=1)]
    places = [
        *cited,
        *((f"parameters.{key}", parameter) for key, parameter in scenario.parameters.items()),
    ]
    for where, owner in places:
        for source in owner.source_ids:
            if source not in net.source_by_id:
                yield Problem(
                    "scenario",
                    "there is no source of that id",
                    file=_file(scenario.name),
                    column=f"{where}: source_ids",
                    value=source,
                    hint=did_you_mean(source, net.source_by_id),
                )


def _file(name: str) -> str:
    return f"scenarios/{name}.toml"
