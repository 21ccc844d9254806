"""Scenarios side by side: what a nation could get, and what it gets when all buy at once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isclose
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.ask import balance, question_of_all
from supplynet.analysis.balance.evidence import balance_proof
from supplynet.analysis.balance.outcome import CoverageRange
from supplynet.analysis.balance.programs import Words
from supplynet.analysis.balance.ranges import Ends, ranges
from supplynet.analysis.balance.spread import coverage_by_claim, ends_of, served_by_claim
from supplynet.analysis.balance.tables import served_by
from supplynet.analysis.flow.evidence import read_flow
from supplynet.analysis.flow.flow import (
    floors_of,
    potential,
    solve_question,
    solve_tiers_ahead,
    tiers_of,
)
from supplynet.analysis.potential.ask import on_floors, potential_of
from supplynet.analysis.proofs import ROWS, Composed, Reading, changed
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import Question, ask
from supplynet.analysis.scenario_rows import (
    BASE,
    Arrival,
    CaseRow,
    ContestedPart,
    ContestedRow,
    PotentialRow,
)
from supplynet.errors import OptionError
from supplynet.network.cache import cache_of
from supplynet.network.scenario.compose import find_scenario
from supplynet.network.scenario.scenario import Scenario, ScenarioLike, scenario_list, split_joined
from supplynet.network.scenario.years import common_year, present_year
from supplynet.network.selector import holder
from supplynet.network.units import BASKET
from supplynet.solve.check import Certificate, worst
from supplynet.solve.lp.engine import Starts
from supplynet.solve.together import in_turn, within
from supplynet.terms import ENDS
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.analysis.balance.solved import SolvedBalance
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.analysis.proofs import Proof
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.compare import ScenariosResult

#: the ends of the data
_ENDS = [end.name for end in ENDS.values()]
#: part of a proof that has potentials by the balance
_ALONE = "with exclusive access"
# part of a demand below which it limits nothing
_BELOW = 1.0 - 1e-6
#: part of the work that potentials take
_FLOWS = 0.5


@dataclass(frozen=True)
class Sides:
    """What is set side by side, one entry a case."""

    common: str  #: scenarios that hold in every case; empty for none
    assumed: tuple[CaseRow, ...]  #: what each assumes
    #: by case, of the nations that are looked at: each of a network of its own, so that nothing of
    #: one leaks into the other
    questions: Mapping[str, Question]
    words: dict[str, Any]  #: of every case, the year too
    notes: tuple[
        str, ...
    ]  #: what is to be reported of the scenarios, and of a year nobody asked for

    #: what plants count with in a balance of every case, so that they differ in their changes alone
    basis: str = "capacity"
    time_limit: float | None = None  #: seconds after which to give up each program of a balance

    @property
    def first(self) -> Question:
        """The question of the first case."""
        return next(iter(self.questions.values()))

    @cached_property
    def of_all(self) -> Mapping[str, Question]:
        """The question of every case with all nations as its target."""
        query = self.questions.items()
        return {name: question_of_all(question.net, **self.words) for name, question in query}


def sides_of(
    net: SupplyNetwork,
    cases: Sequence[ScenarioLike | Sequence[ScenarioLike]],
    *,
    to: str | Iterable[str],
    year: int | None,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None,
    time_limit: float | None = None,
    **options: Any,
) -> Sides:
    """Return what is compared; an OptionError for nothing, one twice or scenarios that clash.

    `options` are the others of a question: avoid, links, plants, tier and lens.
    """
    common = _parts(scenario) if scenario is not None else []
    parts = [_parts(case) for case in cases]
    names = [_case_name(each) for each in parts]
    _require_different(names)
    networks = [net.with_scenario(*common, *each) for each in parts]
    # one year for all cases, in which as many scenarios act as can: figures of two years would
    # differ by the growth of demand as well
    effects = {effect.name: effect for case in networks for effect in case.effects}
    selected = common_year(net, effects.values()) if year is None else year
    options = {**options, "year": selected}
    questions = [ask(changed, to=to, **options) for changed in networks]
    return Sides(
        common=_case_name(common) if common else "",
        assumed=tuple(
            _assumed(net, name, each or common) for name, each in zip(names, parts, strict=True)
        ),
        questions=dict(zip(names, questions, strict=True)),
        words=options,
        notes=_notes(net, questions, year),
        time_limit=time_limit,
    )


def _assumed(net: SupplyNetwork, name: str, parts: Sequence[str | Scenario]) -> CaseRow:
    """Return what a case assumes."""
    several = [find_scenario(net, entry) if isinstance(entry, str) else entry for entry in parts]
    title = "; ".join(scenario.title or scenario.name for scenario in several)
    text = " ".join(" ".join(member.description.split()) for member in several).strip()
    return CaseRow(name, title or "The network as it is", text)


def _notes(net: SupplyNetwork, questions: Sequence[Question], query: int | None) -> tuple[str, ...]:
    """What is to be reported of the scenarios of all cases, and of a year that nobody asked for."""
    year, now = questions[0].year, present_year(net)
    names = (
        [f"The year is {year} and not {now}, as most of the scenarios act in it."]
        if query is None and year != now
        else []
    )
    record = (note for question in questions for note in question.notes)
    return tuple(dict.fromkeys([*names, *record]))


def _parts(case: ScenarioLike | Iterable[ScenarioLike]) -> list[str | Scenario]:
    """Return the scenarios of a case, files read; none for the base."""
    if isinstance(case, str):
        # the path of a file may hold the sign that joins
        texts = [case] if Path(case).is_file() else split_joined(case)
        for word in texts:
            if word.startswith(f"{BASE}:"):
                raise OptionError(f"{word!r}: {BASE} is the network as it is, without parameters")
        return scenario_list([word for word in texts if word != BASE])
    if isinstance(case, (Scenario, os.PathLike)):
        return scenario_list(case)
    return [piece for each in case for piece in _parts(each)]


def _case_name(parts: Sequence[str | Scenario]) -> str:
    """What a case is called: names with the values that differ from the defaults."""
    return " + ".join(piece if isinstance(piece, str) else _told(piece) for piece in parts) or BASE


def _told(scenario: Scenario) -> str:
    defaults = {name: parameter.default for name, parameter in scenario.parameters.items()}
    return scenario.name if scenario.values == defaults else scenario.label


def _require_different(names: Sequence[str]) -> None:
    if not names:
        raise OptionError("nothing to compare", hint="name scenarios, and base for none")
    twice = [name for index, name in enumerate(names) if name in names[:index]]
    if twice:
        raise OptionError(f"{twice[0]!r} is compared twice")


def whole_of(
    sides: Sides, elements: list[str], objective: str, arrivals: str | None, model: str
) -> dict[str, Any]:
    """Return what could arrive and what nations get in every case, as fields of an answer."""
    first, cases = sides.first, list(sides.questions.items())
    followed = None if BASKET in elements else elements
    potentials, contested = list[PotentialRow](), list[ContestedRow]()
    parts, come = list[ContestedPart](), list[Arrival]()
    balances: list[SolvedBalance] = []
    alone: dict[tuple[str, str], SolvedPotential] = {}
    certificates: list[Certificate] = []
    with within(0.0, _FLOWS):
        for name, question in in_turn(cases, lambda case: f"What could arrive, {case[0]}"):
            if model == "balance":
                rows, more = _by_balance(name, question, elements)
                alone |= more
                proofs = [answer.certificate_so_far for answer in more.values()]
            else:
                rows, proofs = _by_flow(name, question, elements)
            potentials += rows
            certificates += proofs
    with within(_FLOWS, 1.0):
        for name, question in in_turn(cases, lambda case: f"All nations at once, {case[0]}"):
            # as near to that of the first as the rule allows
            near = balances[0] if balances else None
            options = {**sides.words, "basis": sides.basis, "time_limit": sides.time_limit}
            result = balance(question.net, objective=objective, near=near, **options)
            contested += _contested_rows(name, result, first)
            parts += _contested_parts(name, result, first, followed)
            come += _arrivals(name, result, arrivals, followed)
            balances.append(result)
            certificates.append(result.certificate)
    digests = {name: question.net.digest for name, question in cases}
    record: dict[str, list[Any]] = {
        "potentials": potentials,
        "contested": contested,
        "parts": parts,
        "arrivals": come,
    }
    return {
        **{name: tuple(rows) for name, rows in record.items()},
        "balances": tuple(balances),
        "alone": alone,
        "is_certified": all(certificate.ok for certificate in certificates),
        "certificate": worst(certificates),
        "provenance": provenance(
            first, cases=digests, objective=objective, elements=elements, model=model
        ),
    }


def _by_flow(
    name: str, question: Question, elements: list[str]
) -> tuple[list[PotentialRow], list[Certificate]]:
    """Return the potentials of a case by maximum flows, with the certificate of each."""
    solve_tiers_ahead(question, elements, has_ends=False)
    flows = [potential(question, element) for element in elements]
    rows = [
        PotentialRow(
            name,
            flow.element,
            *(tier.name, tier.links, tier.plants, tier.without, tier.low, tier.high),
            *(flow.demand.value, tier.coverage, flow.unit),
        )
        for flow in flows
        for tier in tiers_of(question, flow.element, flow.demand.value, has_ends=False)
    ]
    return rows, [flow.certificate for flow in flows]


def _by_balance(
    name: str, question: Question, elements: list[str]
) -> tuple[list[PotentialRow], dict[tuple[str, str], SolvedPotential]]:
    """Return the potentials of a case by the balance, with the programs by case and tier."""
    rows, answers = [], {}
    for tier, counted in floors_of(question).items():
        answer = potential_of(on_floors(question, counted), element=elements)
        rows += [
            PotentialRow(
                name,
                element.element,
                *(tier, counted.links, counted.plants),
                *(element.within, element.low, element.high),
                *(element.need or 0.0, element.coverage, element.unit),
            )
            for element in answer.elements
        ]
        answers[name, tier] = answer
    return sorted(rows, key=lambda row: elements.index(row.element)), answers


def _contested_rows(name: str, result: SolvedBalance, question: Question) -> list[ContestedRow]:
    rows = [row for row in result.coverage if row.nation in question.targets]
    # levels that the rule settles are the same in every answer that is as good
    spans = () if result.levels else ranges(Ends(result.run), rows)
    bounds = {(span.nation, span.form): (span.low, span.high) for span in spans}
    return [
        ContestedRow(
            name,
            row.nation,
            row.form,
            row.demand,
            row.served,
            *bounds.get((row.nation, row.form), (row.served, row.served)),
            row.coverage,
        )
        for row in rows
    ]


def _contested_parts(
    name: str, result: SolvedBalance, question: Question, elements: Sequence[str] | None
) -> list[ContestedPart]:
    products = [
        ContestedPart(name, row.nation, "product", row.product, row.demand, row.served)
        for row in result.deliveries
        if row.nation in question.targets and row.coverage is not None
    ]
    return products + [
        ContestedPart(name, row.nation, "element", row.element, row.demand, row.served)
        for row in result.elements
        if row.nation in question.targets and (elements is None or row.element in elements)
    ]


def _arrivals(
    name: str, result: SolvedBalance, form: str | None, elements: Sequence[str] | None
) -> list[Arrival]:
    """What arrives at plants in a form, by country and element, the most first."""
    sums: dict[tuple[str, str], float] = {}
    net, model = result.question.net, result.run.model
    for column, (arc, element) in model.columns.of("element"):
        taken = model.scope.frame.arcs[int(str(arc))]
        if taken.form != form or taken.head not in net.node_by_id:
            continue
        if model.scope.is_nation(taken.head) or (elements and element not in elements):
            continue
        key = holder(net, taken.head, result.question.lens), str(element)
        sums[key] = sums.get(key, 0.0) + max(0.0, float(result.x[column]))
    ranked = sorted(sums.items(), key=lambda pair: (by_size(pair[1]), pair[0]))
    return [Arrival(name, form or "", *key, tonnes) for key, tonnes in ranked]


#: by case, nation and form
ByForm = Mapping[tuple[str, str, str], tuple[float, float]]


def shares_of(sides: Sides) -> dict[str, Any]:
    """Return what nations get in every case by form and product, and nothing else.

    Fields of an answer, of which potentials, elements in products, arrivals and balances are empty.

    Examples
    --------
    >>> import supplynet as sn
    >>> words = dict.fromkeys(("avoid", "links", "plants", "tier", "year", "scenario"))
    >>> sides = sides_of(sn.load("tutorial"), ["base"], to="MLT", lens="location", **words)
    >>> [(row.form, round(row.served)) for row in shares_of(sides)["contested"]]
    [('goods', 938)]
    """
    texts = _words(sides)
    contested: list[ContestedRow] = []
    products: list[ContestedPart] = []
    certificates: list[Certificate] = []
    cases = list(sides.of_all.items())
    for name, question in in_turn(cases, lambda case: f"All nations at once, {case[0]}"):
        near = cache_of(question.net)[_near(question)] = Starts()
        run, rows = served_by_claim(question, texts, starts=near)
        certificates += run.certificates.values()
        products += [
            ContestedPart(name, row.nation, "product", row.product, row.demand, row.served)
            for row in rows
        ]
        contested += [
            ContestedRow(name, *claim, need, got, got, got, got / need)
            for claim, (need, got) in served_by(rows, lambda row: (row.nation, row.form)).items()
        ]
    return {
        **dict.fromkeys(("potentials", "arrivals", "balances"), ()),
        "contested": tuple(contested),
        "parts": tuple(products),
        "is_certified": all(certificate.ok for certificate in certificates),
        "certificate": worst(certificates),
        "provenance": provenance(sides.first),
    }


def data_ends(sides: Sides) -> ByForm:
    """Return the coverage at the low and at the high ends of the data, 0 to 1, shared out fairly.

    Examples
    --------
    >>> import supplynet as sn
    >>> words = dict.fromkeys(("avoid", "links", "plants", "tier", "year", "scenario"))
    >>> sides = sides_of(sn.load("tutorial"), ["base"], to="MLT", lens="location", **words)
    >>> {key: tuple(round(end, 3) for end in ends) for key, ends in data_ends(sides).items()}
    {('base', 'MLT', 'goods'): (0.781, 0.781)}
    """
    texts, bounds = _words(sides), dict[tuple[str, str, str], tuple[float, float]]()
    for name, question in sides.of_all.items():
        # both ends have the variables and rows of the central figures
        near = cache_of(question.net).get(_near(question))
        low, high = (
            coverage_by_claim(question, texts, end.name, starts=near) for end in ENDS.values()
        )
        # who asks for nothing at one end is served in full there
        bounds |= {(name, *form): ends_of(low[form], high.get(form, 1.0)) for form in low}
    return bounds


def _near(question: Question) -> tuple[str, ...]:
    """Return under which name a network keeps where the programs of its shares ended."""
    return ("starts of shares", question.links, question.plants)


def _words(sides: Sides) -> Words:
    """Return what is asked of a balance: the nations that are looked at alone."""
    return Words(
        objective="fair",
        elements=tuple(sides.first.net.commodity.elements),
        basis=sides.basis,
        priority=(),
        exposed_to="",
        weights={},
        time_limit=sides.time_limit,
        told=frozenset(sides.first.targets),
    )


def proof_of(result: ScenariosResult) -> Proof:
    """Return the flows and balances of every case."""
    composed = Composed()
    balances = dict(zip(result.cases, result.balances, strict=True))
    for case, shared in balances.items():
        rows = [row for row in result.contested if row.case == case and not shared.levels]
        spans = [
            CoverageRange(row.nation, row.form, row.demand, row.low, row.served, row.high)
            for row in rows
        ]
        composed.add(case, [balance_proof(shared, spans=spans)])
    _tell_contested(composed, result)
    _add_alone(composed, result)
    for row in result.potentials:
        where = {"case": row.case, "element": row.element, "tier": row.tier}
        read = _asked(composed, balances[row.case], row, result.questions[row.case].targets)
        composed.tell("potentials", "demand", read, where=where)
        _tell_potential(composed, result, row, where)
    _tell_additions(composed, result)
    return composed.proof(ROWS, "arrivals, and that no other balance is nearer to the first")


def _add_alone(composed: Composed, result: ScenariosResult) -> None:
    """Add what proves potentials by the balance, and no more of their programs."""
    if not result.alone:
        return
    parts, pairs = Composed(is_sparing=True), result.alone.items()
    names = {pair: ", ".join(pair) for pair, _ in pairs}
    for pair, answer in pairs:
        parts.add(names[pair], answer.proof())
        for row in (row for row in result.potentials if (row.case, row.tier) == pair):
            where = {"case": row.case, "element": row.element, "tier": row.tier}
            for key, own in {"value": "within", "low": "low", "high": "high"}.items():
                read = parts.read(names[pair], "elements", own, {"element": row.element})
                parts.tell("potentials", key, read, where=where)
    composed.add(_ALONE, [parts.proof()])


def _tell_contested(composed: Composed, result: ScenariosResult) -> None:
    """Report what nations get."""
    for case, shared in zip(result.cases, result.balances, strict=True):
        for row in (row for row in result.contested if row.case == case):
            record = {"nation": row.nation, "form": row.form}
            for key in ("demand", "served", "coverage"):
                read = composed.read(case, "coverage", key, record)
                composed.tell("contested", key, read, where={"case": case, **record})
            for key in _ENDS:
                # levels that the rule settles are the same in every answer that is as good
                at = ("coverage", "served") if shared.levels else ("ranges", key)
                read = composed.read(case, *at, record)
                composed.tell("contested", key, read, where={"case": case, **record})
        for contested_part in (portion for portion in result.parts if portion.case == case):
            record = {
                "nation": contested_part.nation,
                "what": contested_part.what,
                "kind": contested_part.kind,
                "case": case,
            }
            table = "deliveries" if contested_part.kind == "product" else "elements"
            own = contested_part.nation, contested_part.what
            product = {"nation": own[0], contested_part.kind: own[1]}
            number = _row_of(shared, *own) if table == "elements" else None
            for key in ("demand", "served"):
                read = composed.read(case, table, key, product, number)
                composed.tell("contested_parts", key, read, where=record)


def _row_of(shared: SolvedBalance, nation: str, element: str) -> int:
    """Return the number of the row of an element in what a nation gets."""
    pairs = [(row.nation, row.element) for row in shared.elements]
    return pairs.index((nation, element))


def _asked(
    composed: Composed, shared: SolvedBalance, row: PotentialRow, nations: Iterable[str]
) -> Reading | None:
    """Return how the demand of an element is read off the balance of its case."""
    wanted = {(nation, row.element) for nation in nations}
    own = [part for part in shared.elements if (part.nation, part.element) in wanted]
    reads = list[Reading]()
    for part in own:
        at = {"nation": part.nation, "element": part.element}
        number = _row_of(shared, part.nation, part.element)
        reads += filter(None, [composed.read(row.case, "elements", "demand", at, number)])
    is_all = len(reads) == len(own) and isclose(row.demand, sum(part.demand for part in own))
    if not own or not is_all:
        return None
    return {**reads[0], "line": [line for read in reads for line in read["line"]]}


def _tell_potential(
    composed: Composed, result: ScenariosResult, row: PotentialRow, where: dict[str, str]
) -> None:
    """Report what could arrive, by its flow and those at both ends of the data."""
    question, is_alone = result.questions[row.case], bool(result.alone)
    floors: dict[str, Any] = {"links": row.links, "plants": row.plants}
    for key in ("value", *_ENDS):
        options = floors if key == "value" else {**floors, "level": key}
        name = _flow_name(row.case, row.element, row.tier, key)
        if is_alone:
            read = composed.read(_ALONE, "potentials", key, where)
            read = read and {**read, **({"most": "demand"} if "most" in read else {})}
        else:
            read = read_flow(composed, name, solve_question(question, row.element, **options))
        composed.tell("potentials", key, read, where=where)
        if key == "value" and row.coverage is not None:
            all_needed = {"per": "demand", "most": "demand"}
            composed.tell("potentials", "coverage", read and {**read, **all_needed}, where=where)


def _flow_name(case: str, element: str, tier: str, key: str = "value") -> str:
    return f"{case}, {element}, {tier}, {key}"


def _tell_additions(composed: Composed, result: ScenariosResult) -> None:
    """Report what several scenarios add together; of what demand limits its programs do not."""
    below: dict[tuple[str, ...], bool] = {}
    for could in result.potentials:
        key = could.element, could.tier
        below[key] = below.get(key, True) and could.value < could.demand * _BELOW

    def read(case: str, kind: str, what: tuple[str, ...]) -> Reading | None:
        if kind == "potential" and result.alone:
            where = {"case": case, "element": what[0], "tier": what[1]}
            return composed.read(_ALONE, "potentials", "value", where) if below[what] else None
        if kind == "potential":
            return composed.read(_flow_name(case, *what), "", "value", {})
        record = {"nation": what[0], "form": what[1]}
        return composed.read(case, "coverage", "served", record)

    for row in result.additions:
        base, own = (read(case, row.kind, row.what) for case in ("base", row.case))
        where = {"case": row.case, "kind": row.kind, "what": list(row.what)}
        composed.tell("additions", "base", base, where=where)
        composed.tell("additions", "together", changed(base, own), where=where)
