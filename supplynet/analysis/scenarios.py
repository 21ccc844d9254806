"""Scenarios side by side: what a nation could get, and what it gets when all buy at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.ask import balance
from supplynet.analysis.balance.programs import Words
from supplynet.analysis.balance.ranges import Ends, ranges
from supplynet.analysis.balance.spread import coverage_by_claim, ends_of, served_by_claim
from supplynet.analysis.balance.tables import served_by
from supplynet.analysis.flow.flow import floors_of, potential, solve_tiers_ahead, tiers_of
from supplynet.analysis.potential.ask import on_floors, potential_of
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import Question
from supplynet.analysis.scenarios_result import (
    Arrival,
    ContestedPart,
    ContestedRow,
    PotentialRow,
    ScenariosResult,
    Sides,
    sides_of,
)
from supplynet.analysis.words import takes
from supplynet.errors import UnknownNameError
from supplynet.network.cache import cache_of
from supplynet.network.problems import did_you_mean
from supplynet.network.scenario.scenario import ScenarioLike
from supplynet.network.selector import holder
from supplynet.network.units import BASKET, elements_of
from supplynet.solve.check import Certificate, worst
from supplynet.solve.lp.starts import Starts
from supplynet.solve.together import in_turn, within
from supplynet.terms import COMPARED, ENDS, MODELS, one_of
from supplynet.text import by_size

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
        One for all; default: that of today if the most scenarios act in it, else the nearest.
    scenario : str, path, Scenario or several, optional
        Changes that hold in every case, the base too.
    objective : {"fair", "max_supply", "cost", "price"}
        How the contested picture is shared out, as in :func:`supplynet.allocate`.
    arrivals : str, optional
        Form, such as ``"oxide"``, of which to tell which country's plants get how much.
    model : {"flow", "balance"}
        Whether potentials are maximum flows by element, quick bounds, or those of the balance:
        what could come of each element if it alone counted, within demand.
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
    >>> found = sn.compare(sn.load("tutorial"), "base", late, to="MLT", element="Nd")
    >>> [round(row.value) for row in found.potentials]
    [150, 30]
    """
    others = "ask for a balance of each scenario for the others"
    one_of(objective, COMPARED, "objective", hint=others)
    one_of(model, MODELS, "model")
    if arrivals is not None and arrivals not in net.form_by_name:
        raise UnknownNameError(
            f"{net.name} has no form {arrivals!r}", hint=did_you_mean(arrivals, net.form_by_name)
        )
    sides = sides_of(
        net,
        cases,
        to=to,
        avoid=avoid,
        year=year,
        links=links,
        plants=plants,
        tier=tier,
        lens=lens,
        scenario=scenario,
        time_limit=time_limit,
    )
    first, names = sides.questions[0], sides.names
    wanted: Any = element
    elements = elements_of(first.net, wanted)
    with within(0.0, _FLOWS):
        potentials, certificates = _potentials(names, sides.questions, elements, model)
    followed = None if BASKET in elements else elements
    with within(_FLOWS, 1.0):
        balances = _balances(sides, objective)
    answers = list(zip(names, balances, strict=True))
    digests = {
        name: question.net.digest for name, question in zip(names, sides.questions, strict=True)
    }
    return ScenariosResult(
        question=first,
        sides=sides,
        objective=objective,
        potentials=tuple(potentials),
        contested=tuple(row for case in answers for row in _contested_rows(*case, first)),
        parts=tuple(row for case in answers for row in _contested_parts(*case, first, followed)),
        arrivals=tuple(row for case in answers for row in _arrivals(*case, arrivals, followed)),
        balances=tuple(balances),
        is_certified=all(certificate.ok for certificate in certificates)
        and all(contested.certificate.ok for contested in balances),
        certificate=worst([*certificates, *(one.certificate for one in balances)]),
        provenance=provenance(
            first, cases=digests, objective=objective, elements=list(elements), model=model
        ),
    )


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
            potentials += [
                PotentialRow(
                    name,
                    symbol,
                    tier.name,
                    tier.links,
                    tier.plants,
                    tier.without,
                    tier.low,
                    tier.high,
                    flow.demand.value,
                    tier.coverage,
                    flow.unit,
                )
                for tier in tiers_of(question, symbol, flow.demand.value, has_ends=False)
            ]
    return potentials, certificates


def _balances(sides: Sides, objective: str) -> list[BalanceResult]:
    """Return the balance of each case, as near to that of the first as the rule allows."""
    balances: list[BalanceResult] = []
    cases = list(zip(sides.names, sides.networks, strict=True))
    for _, net in in_turn(cases, lambda case: f"All nations at once, {case[0]}"):
        balanced = balance(
            net,
            objective=objective,
            basis=sides.basis,
            near=balances[0] if balances else None,
            time_limit=sides.time_limit,
            **sides.words,
        )
        balances.append(balanced)
    return balances


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
    # levels that the rule settles are the same in every answer that is as good
    spans = () if found.levels else ranges(Ends(found.run), rows)
    ends = {(span.nation, span.form): (span.low, span.high) for span in spans}
    return [
        ContestedRow(
            name,
            row.nation,
            row.form,
            row.demand,
            row.served,
            *ends.get((row.nation, row.form), (row.served, row.served)),
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
    ranked = sorted(sums.items(), key=lambda pair: (by_size(pair[1]), pair[0]))
    return [Arrival(name, form or "", *key, tonnes) for key, tonnes in ranked]


#: by case, nation and form
ByForm = Mapping[tuple[str, str, str], tuple[float, float]]


def shares_of(sides: Sides) -> ScenariosResult:
    """Return what nations get in every case by form and product, and nothing else.

    Potentials, elements in products, arrivals and balances are empty.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.scenarios_result import sides_of
    >>> words = dict.fromkeys(("avoid", "links", "plants", "tier", "year", "scenario"))
    >>> sides = sides_of(sn.load("tutorial"), ["base"], to="MLT", lens="location", **words)
    >>> [(row.form, round(row.served)) for row in shares_of(sides).contested]
    [('goods', 938)]
    """
    first = sides.questions[0]
    words = _words(sides)
    contested: list[ContestedRow] = []
    products: list[ContestedPart] = []
    certificates: list[Certificate] = []
    cases = list(zip(sides.names, sides.of_all(), strict=True))
    for name, question in in_turn(cases, lambda case: f"All nations at once, {case[0]}"):
        near = cache_of(question.net)[_near(question)] = Starts()
        run, rows = served_by_claim(question, words, starts=near)
        certificates += run.certificates.values()
        products += [
            ContestedPart(name, row.nation, "product", row.product, row.demand, row.served)
            for row in rows
        ]
        contested += [
            ContestedRow(name, *claim, need, got, got, got, got / need)
            for claim, (need, got) in served_by(rows, lambda row: (row.nation, row.form)).items()
        ]
    return ScenariosResult(
        question=first,
        sides=sides,
        objective="fair",
        potentials=(),
        contested=tuple(contested),
        parts=tuple(products),
        arrivals=(),
        balances=(),
        is_certified=all(certificate.ok for certificate in certificates),
        certificate=worst(certificates),
        provenance=provenance(first),
    )


def data_ends(result: ScenariosResult) -> ByForm:
    """Return the coverage at the low and at the high ends of the data, 0 to 1.

    Known where the rule settles who gets what, as ``fair`` does; else empty.

    Examples
    --------
    >>> import supplynet as sn
    >>> result = sn.compare(sn.load("tutorial"), "base", to="MLT", element="Nd")
    >>> {key: tuple(round(end, 3) for end in ends) for key, ends in data_ends(result).items()}
    {('base', 'MLT', 'goods'): (0.781, 0.781)}
    """
    if result.objective != "fair":
        return {}
    words = _words(result.sides)
    ends: dict[tuple[str, str, str], tuple[float, float]] = {}
    for name, question in zip(result.cases, result.sides.of_all(), strict=True):
        # both ends have the variables and rows of the central figures
        near = cache_of(question.net).get(_near(question))
        low, high = (
            coverage_by_claim(question, words, end.name, starts=near) for end in ENDS.values()
        )
        # who asks for nothing at one end is served in full there
        ends |= {(name, *form): ends_of(low[form], high.get(form, 1.0)) for form in low}
    return ends


def _near(question: Question) -> tuple[str, ...]:
    """Return under which name a network keeps where the programs of its shares ended."""
    return ("starts of shares", question.links, question.plants)


def _words(sides: Sides) -> Words:
    """Return what is asked of a balance: the nations that are looked at alone."""
    return Words(
        objective="fair",
        elements=tuple(sides.networks[0].commodity.elements),
        basis=sides.basis,
        priority=(),
        exposed_to="",
        weights={},
        time_limit=sides.time_limit,
        told=frozenset(sides.questions[0].targets),
    )
