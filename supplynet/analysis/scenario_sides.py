"""Scenarios that are set side by side: their names, networks and questions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.ask import question_of_all
from supplynet.analysis.question import Question, ask
from supplynet.errors import OptionError
from supplynet.network.scenario.compose import find_scenario
from supplynet.network.scenario.scenario import Scenario, ScenarioLike, scenario_list, split_joined
from supplynet.network.scenario.years import common_year, present_year

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: the network as it is, without a scenario
BASE = "base"


@dataclass(frozen=True)
class Sides:
    """What is set side by side, one entry a case."""

    net: SupplyNetwork  #: without any of them
    names: tuple[str, ...]
    common: str  #: scenarios that hold in every case; empty for none
    titles: dict[str, str]  #: what each assumes, in a line
    descriptions: dict[str, str]  #: the same in a paragraph
    #: each a network of its own, so that nothing of one leaks into the other
    networks: tuple[SupplyNetwork, ...]
    questions: tuple[Question, ...]  #: of the nations that are looked at
    words: dict[str, Any]  #: of every case, the year too
    notes: tuple[str, ...]  #: what is to be told of the scenarios, and of a year nobody asked for

    #: what plants count with in a balance of every case, so that they differ in their changes alone
    basis: str = "capacity"
    time_limit: float | None = None  #: seconds after which to give up each program of a balance

    def of_all(self) -> tuple[Question, ...]:
        """Return the question of every case with all nations as its target."""
        return tuple(question_of_all(net, **self.words) for net in self.networks)


def sides_of(
    net: SupplyNetwork,
    cases: Sequence[ScenarioLike | Sequence[ScenarioLike]],
    *,
    to: str | Iterable[str],
    year: int | None,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None,
    time_limit: float | None = None,
    **words: Any,
) -> Sides:
    """Return what is compared; an OptionError for nothing, one twice or scenarios that clash.

    `words` are the others of a question: avoid, links, plants, tier and lens.
    """
    common = _parts(scenario) if scenario is not None else []
    parts = [_parts(case) for case in cases]
    names = [_case_name(each) for each in parts]
    _require_different(names)
    networks = [net.with_scenario(*common, *each) for each in parts]
    chosen = _year_of_most(net, networks) if year is None else year
    words = {**words, "year": chosen}
    questions = [ask(changed, to=to, **words) for changed in networks]
    return Sides(
        net=net,
        names=tuple(names),
        common=_case_name(common) if common else "",
        titles={
            name: _title(net, each) or _title(net, common) or "The network as it is"
            for name, each in zip(names, parts, strict=True)
        },
        descriptions={
            name: _description(net, each or common) for name, each in zip(names, parts, strict=True)
        },
        networks=tuple(networks),
        questions=tuple(questions),
        words=words,
        notes=_notes(net, questions, year),
        time_limit=time_limit,
    )


def _year_of_most(net: SupplyNetwork, changed: Iterable[SupplyNetwork]) -> int:
    """Return the one year for all cases, in which as many scenarios act as can."""
    # figures of two years would differ by the growth of demand as well
    effects = {effect.name: effect for case in changed for effect in case.effects}
    return common_year(net, effects.values())


def _notes(net: SupplyNetwork, questions: Sequence[Question], asked: int | None) -> tuple[str, ...]:
    """What is to be told of the scenarios of all cases, and of a year that nobody asked for."""
    year, now = questions[0].year, present_year(net)
    chosen = (
        [f"The year is {year} and not {now}, as most of the scenarios act in it."]
        if asked is None and year != now
        else []
    )
    told = (note for question in questions for note in question.notes)
    return tuple(dict.fromkeys([*chosen, *told]))


def _parts(case: ScenarioLike | Iterable[ScenarioLike]) -> list[str | Scenario]:
    """Return the scenarios of a case, files read; none for the base."""
    if isinstance(case, str):
        # the path of a file may hold the sign that joins
        words = [case] if Path(case).is_file() else split_joined(case)
        for word in words:
            if word.startswith(f"{BASE}:"):
                raise OptionError(f"{word!r}: {BASE} is the network as it is, without parameters")
        return scenario_list([word for word in words if word != BASE])
    if isinstance(case, (Scenario, os.PathLike)):
        return scenario_list(case)
    return [part for each in case for part in _parts(each)]


def _case_name(parts: Sequence[str | Scenario]) -> str:
    """What a case is called: names with the values that differ from the defaults."""
    return " + ".join(part if isinstance(part, str) else _told(part) for part in parts) or BASE


def _told(scenario: Scenario) -> str:
    defaults = {name: parameter.default for name, parameter in scenario.parameters.items()}
    return scenario.name if scenario.values == defaults else scenario.label


def _require_different(names: Sequence[str]) -> None:
    if not names:
        raise OptionError("nothing to compare", hint="name scenarios, and base for none")
    twice = [name for number, name in enumerate(names) if name in names[:number]]
    if twice:
        raise OptionError(f"{twice[0]!r} is compared twice")


def _title(net: SupplyNetwork, parts: Sequence[str | Scenario]) -> str:
    scenarios = _found(net, parts)
    return "; ".join(scenario.title or scenario.name for scenario in scenarios)


def _description(net: SupplyNetwork, parts: Sequence[str | Scenario]) -> str:
    scenarios = _found(net, parts)
    return " ".join(" ".join(scenario.description.split()) for scenario in scenarios).strip()


def _found(net: SupplyNetwork, parts: Sequence[str | Scenario]) -> list[Scenario]:
    return [find_scenario(net, part) if isinstance(part, str) else part for part in parts]
