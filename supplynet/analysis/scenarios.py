"""Scenarios side by side: what a nation could get, and what it gets when all draw at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.ask import balance
from supplynet.analysis.balance.ranges import Ends, ranges
from supplynet.analysis.flow.flow import potential
from supplynet.analysis.flow.tiers import floors_of, solve_tiers_ahead, tiers_of
from supplynet.analysis.potential import potential_of
from supplynet.analysis.potential.ask import on_floors
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import Question, ask
from supplynet.analysis.scenarios_result import (
    BASE,
    Arrival,
    ContestedPart,
    ContestedRow,
    PotentialRow,
    ScenariosResult,
)
from supplynet.analysis.words import takes
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.problems import did_you_mean
from supplynet.network.scenario.compose import find_scenario
from supplynet.network.scenario.file import ScenarioLike, scenario_list
from supplynet.network.scenario.scenario import Scenario, split_joined
from supplynet.network.scenario.years import common_year
from supplynet.network.selector import holder
from supplynet.network.units import BASKET, elements_of
from supplynet.solve.check import Certificate, worst
from supplynet.solve.together import in_turn, within
from supplynet.terms import COMPARED, MODELS, one_of

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.network.network import SupplyNetwork

#: part of the work that potentials take
_FLOWS = 0.5
#: the rule that leaves open as little as can be of who gets what
OBJECTIVE = "fair"


@takes()
def compare_scenarios(
    net: SupplyNetwork,
    *cases: ScenarioLike | Sequence[ScenarioLike],
    to: str | Iterable[str],
    avoid: str | Iterable[str] | None = None,
    element: str | Iterable[str] | None = None,
    year: int | None = None,
    links: str | None = None,
    plants: str | None = None,
    tier: str | None = None,
    lens: str = "location",
    objective: str = OBJECTIVE,
    arrivals: str | None = None,
    model: str = "flow",
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = None,
    time_limit: float | None = None,
) -> ScenariosResult:
    """What do scenarios change for a nation, alone and together?

    Parameters
    ----------
    net : SupplyNetwork
    *cases : str, path, Scenario or sequence of them
        ``"base"`` is the network as it is; scenarios that hold at once are joined by ``+`` or
        given as a sequence. Of a scenario with parameters ``name:strength=0.5`` sets one.
    to : str or iterable of str
        Selector of the nations that are looked at.
    avoid : str or iterable of str, optional
        Selector of what is shut in every case.
    element : str or iterable of str, optional
        For the potentials; default the graph's headline. A balance follows all elements.
    year : int, optional
        One for all; default: the first from the base year on in which the most scenarios act.
    scenario : str, path, Scenario or several, optional
        Changes that hold in every case, the base too.
    objective : {"fair", "max_supply", "cost", "price"}
        How the contested picture is shared out, as in :func:`supplynet.balance`.
    arrivals : str, optional
        Form, such as ``"oxide"``, of which to tell which country's plants get how much.
    model : {"flow", "balance"}
        Whether potentials are maximum flows by element, quick bounds, or those of the balance:
        what could come of each element if it alone counted, within the need.
    time_limit : float, optional
        Seconds after which to give up each program of a balance.

    Returns
    -------
    ScenariosResult

    Raises
    ------
    OptionError
        If no case is given, one is given twice, an option is not allowed, or scenarios clash.
    UnknownNameError
        If a scenario, selector or element names nothing.

    Examples
    --------
    >>> import supplynet as sn
    >>> late = sn.Scenario.from_dict(
    ...     {"change": [{"verb": "close", "nodes": "node:ref-big"}]}, name="late")
    >>> found = sn.compare_scenarios(sn.load("tutorial"), "base", late, to="MLT", element="Nd")
    >>> [round(row.value) for row in found.potentials if row.tier == "conceivable"]
    [160, 40]
    """
    others = "ask for a balance of each scenario for the others"
    one_of(objective, COMPARED, "objective", hint=others)
    one_of(model, MODELS, "model")
    if arrivals is not None and arrivals not in net.form_by_name:
        raise UnknownNameError(
            f"{net.name} has no form {arrivals!r}", hint=did_you_mean(arrivals, net.form_by_name)
        )
    common = _parts(scenario) if scenario is not None else []
    sides = [_parts(case) for case in cases]
    names = [_case_name(parts) for parts in sides]
    _require_different(names)
    words: dict[str, Any] = {
        "avoid": avoid,
        "year": year,
        "links": links,
        "plants": plants,
        "tier": tier,
        "lens": lens,
    }
    # Each case is a network of its own, so that nothing of one leaks into the other.
    changed = [net.with_scenario(*common, *parts) for parts in sides]
    if year is None:
        words["year"] = _year_of_most(net, changed)
    questions = [ask(question, to=to, **words) for question in changed]
    wanted: Any = element
    elements = elements_of(questions[0].net, wanted)
    with within(0.0, _FLOWS):
        potentials, certificates = _potentials(names, questions, elements, model)
    followed = None if BASKET in elements else elements
    with within(_FLOWS, 1.0):
        balances = _balances(dict(zip(names, changed, strict=True)), objective, words, time_limit)
    answers = list(zip(names, balances, strict=True))
    first = questions[0]
    digests = {name: question.net.digest for name, question in zip(names, questions, strict=True)}
    return ScenariosResult(
        question=first,
        cases=tuple(names),
        common=_case_name(common) if common else "",
        titles={
            name: _title(net, parts) or _title(net, common) or "The network as it is"
            for name, parts in zip(names, sides, strict=True)
        },
        descriptions={
            name: _description(net, parts or common)
            for name, parts in zip(names, sides, strict=True)
        },
        objective=objective,
        potentials=tuple(potentials),
        contested=tuple(row for case in answers for row in _contested_rows(*case, first)),
        parts=tuple(row for case in answers for row in _contested_parts(*case, first, followed)),
        arrivals=tuple(row for case in answers for row in _arrivals(*case, arrivals, followed)),
        balances=tuple(balances),
        notes=_notes(net, questions, year),
        is_certified=all(certificate.ok for certificate in certificates)
        and all(contested.certificate.ok for contested in balances),
        flows_certificate=worst(certificates),
        provenance=provenance(
            first, cases=digests, objective=objective, elements=list(elements), model=model
        ),
    )


def _year_of_most(net: SupplyNetwork, changed: Iterable[SupplyNetwork]) -> int:
    """Return the one year for all cases: the first in which as many scenarios act as can."""
    # figures of two years would differ by the growth of demand as well
    effects = {effect.name: effect for case in changed for effect in case.effects}
    return common_year(net, effects.values())


def _notes(net: SupplyNetwork, questions: Sequence[Question], asked: int | None) -> tuple[str, ...]:
    """What is to be told of the scenarios of all cases, and of a year that nobody asked for."""
    year, base = questions[0].year, net.commodity.base_year
    chosen = (
        [f"The year is {year}, in which most of the scenarios act; the base year is {base}."]
        if asked is None and year != base
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


def _potentials(
    names: Sequence[str], questions: Sequence[Question], elements: list[str], model: str
) -> tuple[list[PotentialRow], list[Certificate]]:
    """Return the potentials of all cases, with the certificate of each that was solved."""
    potentials: list[PotentialRow] = []
    certificates: list[Certificate] = []
    cases = list(zip(names, questions, strict=True))
    for name, question in in_turn(cases, lambda case: f"What could arrive, {case[0]}"):
        if model == "balance":
            rows, proofs = _by_balance(name, question, elements)
            potentials, certificates = [*potentials, *rows], [*certificates, *proofs]
            continue
        solve_tiers_ahead(question, elements, has_ends=False)
        for symbol in elements:
            flow = potential(question, symbol)
            certificates.append(flow.certificate)
            potentials += _potential_rows(name, question, symbol, flow.demand.value, flow.unit)
    return potentials, certificates


def _balances(
    cases: Mapping[str, SupplyNetwork],
    objective: str,
    words: dict[str, Any],
    time_limit: float | None,
) -> list[BalanceResult]:
    """Return the balance of each case, as near to that of the first as the rule allows."""
    balances: list[BalanceResult] = []
    for name in in_turn(list(cases), "All nations at once, {}".format):
        balanced = balance(
            cases[name],
            objective=objective,
            basis="capacity",  # of every case, so that they differ in their changes alone
            near=balances[0] if balances else None,
            time_limit=time_limit,
            **words,
        )
        balances.append(balanced)
    return balances


def _potential_rows(
    name: str, question: Question, element: str, need: float, unit: str
) -> list[PotentialRow]:
    return [
        PotentialRow(
            name,
            element,
            tier.name,
            tier.links,
            tier.plants,
            tier.without,
            tier.low,
            tier.high,
            need,
            tier.coverage,
            unit,
        )
        for tier in tiers_of(question, element, need, has_ends=False)
    ]


def _by_balance(
    name: str, question: Question, elements: list[str]
) -> tuple[list[PotentialRow], list[Certificate]]:
    """Return the potentials of a case by the balance, with the certificate of each tier."""
    rows, certificates = [], []
    for tier, counted in floors_of(question).items():
        answer = potential_of(on_floors(question, counted), element=elements)
        rows += [
            PotentialRow(
                name,
                element.element,
                tier,
                counted.links,
                counted.plants,
                element.within,
                element.low,
                element.high,
                element.need or 0.0,
                element.coverage,
                element.unit,
            )
            for element in answer.elements
        ]
        certificates.append(answer.certificate_so_far)
    return sorted(rows, key=lambda row: elements.index(row.element)), certificates


def _contested_rows(name: str, found: BalanceResult, asked: Question) -> list[ContestedRow]:
    rows = [row for row in found.coverage if row.nation in asked.targets]
    spans = {(span.nation, span.form): span for span in ranges(Ends(found.run), rows)}
    return [
        ContestedRow(
            name,
            row.nation,
            row.form,
            row.demand,
            row.served,
            spans[row.nation, row.form].low,
            spans[row.nation, row.form].high,
            row.coverage,
        )
        for row in rows
    ]


def _contested_parts(
    name: str, found: BalanceResult, asked: Question, elements: Sequence[str] | None
) -> list[ContestedPart]:
    products = [
        ContestedPart(name, row.nation, "product", row.product, row.demand, row.served)
        for row in found.deliveries
        if row.nation in asked.targets and row.coverage is not None
    ]
    return products + [
        ContestedPart(name, row.nation, "element", row.element, row.demand, row.served)
        for row in found.elements
        if row.nation in asked.targets and (elements is None or row.element in elements)
    ]


def _arrivals(
    name: str, found: BalanceResult, form: str | None, elements: Sequence[str] | None
) -> list[Arrival]:
    """What arrives at plants in a form, by country and element, the most first."""
    sums: dict[tuple[str, str], float] = {}
    net, model = found.question.net, found.run.model
    for column, (arc, element) in model.columns.of("element"):
        taken = model.scope.frame.arcs[int(str(arc))]
        if taken.form != form or taken.head not in net.node_by_id:
            continue
        if model.scope.is_nation(taken.head) or (elements and element not in elements):
            continue
        key = holder(net, taken.head, found.question.lens), str(element)
        sums[key] = sums.get(key, 0.0) + max(0.0, float(found.x[column]))
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    return [Arrival(name, form or "", *key, tonnes) for key, tonnes in ranked]
