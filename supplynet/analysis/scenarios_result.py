"""What a comparison of scenarios finds: potentials and contested figures, side by side."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance.ask import question_of_all
from supplynet.analysis.composed import ROWS, Composed, Reading, changed
from supplynet.analysis.flow.evidence import read_flow
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.question import Question, ask
from supplynet.analysis.undecided import is_decided, told
from supplynet.contract.answer import Answer
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import TEXT, array_of, record
from supplynet.contract.row import Row, Share, col, rows
from supplynet.errors import OptionError
from supplynet.network.scenario.compose import find_scenario
from supplynet.network.scenario.scenario import Scenario, ScenarioLike, scenario_list, split_joined
from supplynet.network.scenario.years import common_year, present_year
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.proofs import Proof
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
    notes: tuple[
        str, ...
    ]  #: what is to be reported of the scenarios, and of a year nobody asked for

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
    # one year for all cases, in which as many scenarios act as can: figures of two years would
    # differ by the growth of demand as well
    effects = {effect.name: effect for case in networks for effect in case.effects}
    chosen = common_year(net, effects.values()) if year is None else year
    words = {**words, "year": chosen}
    assumed = {
        name: [find_scenario(net, one) if isinstance(one, str) else one for one in each or common]
        for name, each in zip(names, parts, strict=True)
    }
    questions = [ask(changed, to=to, **words) for changed in networks]
    return Sides(
        net=net,
        names=tuple(names),
        common=_case_name(common) if common else "",
        titles={
            name: "; ".join(one.title or one.name for one in several) or "The network as it is"
            for name, several in assumed.items()
        },
        descriptions={
            name: " ".join(" ".join(one.description.split()) for one in several).strip()
            for name, several in assumed.items()
        },
        networks=tuple(networks),
        questions=tuple(questions),
        words=words,
        notes=_notes(net, questions, year),
        time_limit=time_limit,
    )


def _notes(net: SupplyNetwork, questions: Sequence[Question], asked: int | None) -> tuple[str, ...]:
    """What is to be reported of the scenarios of all cases, and of a year that nobody asked for."""
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


#: the ends of the data
_ENDS = [end.name for end in ENDS.values()]


class PotentialRow(Row):
    """What could reach the target of one element on the links and plants of a tier."""

    case: str
    element: str
    tier: str = col("Its name.")
    links: str = col("Weakest standing of links that counts.")
    plants: str
    value: float = col("Without what is avoided, per year.", ITS_UNIT)
    low: float = col("The same at the low ends of the data.", ITS_UNIT)
    high: float = col("The same at the high ends of the data.", ITS_UNIT)
    demand: float = col(unit=ITS_UNIT)
    coverage: Share | None = col("Share of the demand; None where none is known.")
    unit: str


class ContestedRow(Row):
    """What a nation gets in one form when all buy at once, t of product per year."""

    case: str
    nation: str
    form: str
    demand: float = col(unit="t of product/yr")
    served: float = col(unit="t of product/yr")
    low: float = col("Least of it over all optimal allocations.", "t of product/yr")
    high: float = col("Most of it over all optimal allocations.", "t of product/yr")
    coverage: Share = col("Served over demand.")

    @property
    def is_decided(self) -> bool:
        """Whether all optimal solutions cover about the same."""
        return is_decided(self.low / self.demand, self.high / self.demand)

    @property
    def told(self) -> str:
        """The coverage in words, or that it is not decided."""
        return told(self.coverage, self.low / self.demand, self.high / self.demand)


class ContestedPart(Row):
    """A product that a nation gets, t of product, or an element in its products, t of element."""

    case: str
    nation: str
    kind: str = col("One of product, element.")
    what: str = col("Id of the product, or the element.")
    demand: float = col("What is needed, per year.", "t/yr of what it is")
    served: float = col(unit="t/yr of what it is")


class Arrival(Row):
    """What arrives at the plants of a country in a form when all buy at once."""

    case: str
    form: str
    country: str = col("Where they stand, or with the lens control who owns them.")
    element: str
    tonnes: float = col("Tonnes that arrive, separated.", "t/yr on the graph's basis")


class Addition(Row):
    """What scenarios change alone and together."""

    case: str = col("Those that hold at once.")
    kind: str = col("Of which picture; the two are never mixed.")
    what: tuple[str, ...] = col("Element and link floor, or nation and form.")
    base: float = col("Without any of them.", "t/yr")
    alone: tuple[tuple[str, float], ...] = col("Each by itself, less the base.", "t/yr")
    together: float = col("All at once, less the base.", "t/yr")
    interaction: float = col(
        "``together`` less the sum of ``alone``: above 0 they help each other, below 0 they "
        "compete for the same limit.",
        "t/yr",
    )


class ScenariosResult(
    Answer,
    name="scenarios",
    title="Scenarios side by side, potentials and contested figures apart",
    headline=(
        Lead(
            "coverage",
            "coverage",
            of="{row.form}, {row.case}",
            table="contested",
            where=lambda result, row: row.case == result.cases[-1],
        ),
        Lead(
            "maximum flow",
            "value",
            "low",
            "high",
            table="potentials",
            where=lambda result, row: row.case == result.cases[-1],
        ),
    ),
    also=("common", "notes", "additions"),
    nested={"cases": array_of(record({"name": TEXT, "title": TEXT, "description": TEXT}))},
    document="supplynet.reports.results_scenarios.of_scenarios",
):
    """Scenarios side by side, potentials and contested figures apart."""

    sides: Sides = field(repr=False)  #: the cases: their names, networks and questions
    objective: str = col("How the contested picture is shared out.")
    potentials: tuple[PotentialRow, ...] = rows(
        "What could reach the target by case, element and tier"
    )
    contested: tuple[ContestedRow, ...] = rows("What nations get in each form when all buy at once")
    parts: tuple[ContestedPart, ...] = rows(
        "Products that nations get, and elements in them", name="contested_parts"
    )
    arrivals: tuple[Arrival, ...] = rows("What arrives at the plants of countries")
    balances: tuple[BalanceResult, ...] = field(repr=False)  #: one a case, for further questions
    is_certified: bool = col("Whether the independent check accepted every flow and program.")

    @property
    def cases(self) -> tuple[str, ...]:
        """What each case is called."""
        return self.sides.names

    @property
    def common(self) -> str:
        """Scenarios that hold in every case; empty for none."""
        return self.sides.common

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be reported of the scenarios."""
        return self.sides.notes

    @property
    def additions(self) -> tuple[Addition, ...]:
        """What scenarios change alone and together.

        For each case whose parts are cases too.
        """
        return tuple(_additions(self))

    def potential(self, case: str, element: str, tier: str) -> PotentialRow:
        """Return one potential.

        Raises
        ------
        KeyError
            If there is none.
        """
        for row in self.potentials:
            if (row.case, row.element, row.tier) == (case, element, tier):
                return row
        raise KeyError((case, element, tier))

    def coverage(self, case: str, form: str, nation: str | None = None) -> ContestedRow:
        """Return what a nation gets in a form, by default the first target.

        Raises
        ------
        KeyError
            If there is none.
        """
        for row in self.contested:
            if (row.case, row.form) == (case, form) and nation in (None, row.nation):
                return row
        raise KeyError((case, form, nation))

    def proof(self) -> list[Proof]:
        """Return the flows and balances of every case."""
        return [_proof(self)]

    def _nested(self) -> dict[str, Any]:
        return {
            "cases": [
                {"name": case, "title": title, "description": self.sides.descriptions[case]}
                for case, title in self.sides.titles.items()
            ]
        }

    def summary(self) -> str:
        """Return the most and the least of each picture in a few sentences."""
        from supplynet.text import tonnes

        lines = list(self.notes)
        element, tier = self.potentials[0].element, self.potentials[-1].tier
        chosen = [row for row in self.potentials if (row.element, row.tier) == (element, tier)]
        figures = ", ".join(f"{row.case} {tonnes(row.value)}" for row in chosen)
        lines.append(f"Potential, {chosen[0].unit}, {tier}: {figures}.")
        for nation, form in dict.fromkeys((row.nation, row.form) for row in self.contested):
            rows = [row for row in self.contested if (row.nation, row.form) == (nation, form)]
            parts = ", ".join(f"{row.case} {row.told}" for row in rows)
            lines.append(f"Contested, part of the demand of {nation} as {form} served: {parts}.")
        return "\n".join(lines)


def _additions(result: ScenariosResult) -> Iterable[Addition]:
    """What each case of several scenarios adds to the base, and its parts by themselves."""
    figures: dict[tuple[str, tuple[str, ...]], dict[str, float]] = {}
    for row in result.potentials:
        figures.setdefault(("potential", (row.element, row.tier)), {})[row.case] = row.value
    for claim in result.contested:
        figures.setdefault(("contested", (claim.nation, claim.form)), {})[claim.case] = claim.served
    for case in result.cases:
        alone = case.split(" + ")
        if len(alone) < 2 or not {BASE, *alone} <= set(result.cases):
            continue
        for (kind, what), values in figures.items():
            base = values[BASE]
            gains = tuple((case, values[case] - base) for case in alone)
            together = values[case] - base
            yield Addition(
                case, kind, what, base, gains, together, together - sum(gain for _, gain in gains)
            )


def _proof(result: ScenariosResult) -> Proof:
    """Return the flows and balances of every case."""
    whole = Composed()
    for case, balance in zip(result.cases, result.balances, strict=True):
        whole.add(case, balance.proof())
    _tell_contested(whole, result)
    has_flows = result.provenance.options["model"] == "flow"
    if has_flows:
        for row in result.potentials:
            _tell_potential(whole, result, row)
    _tell_additions(whole, result, has_flows=has_flows)
    return whole.proof(
        ROWS,
        "needs of elements, elements in products, arrivals, what is added alone, and that no other "
        "balance is nearer to the first"
        + ("" if has_flows else "; potentials, whose programs are many"),
    )


def _tell_contested(whole: Composed, result: ScenariosResult) -> None:
    """Report what nations get."""
    for case, balance in zip(result.cases, result.balances, strict=True):
        for row in (row for row in result.contested if row.case == case):
            told = {"nation": row.nation, "form": row.form}
            for key in ("demand", "served", "coverage"):
                read = whole.read(case, "coverage", key, told)
                whole.tell("contested", key, read, where={"case": case, **told})
            # levels that the rule settles are the same in every answer that is as good
            read = whole.read(case, "coverage", "served", told) if balance.levels else None
            for key in _ENDS:
                whole.tell("contested", key, read, where={"case": case, **told})
        for part in (part for part in result.parts if part.case == case):
            told = {"nation": part.nation, "what": part.what, "kind": part.kind, "case": case}
            product = {"nation": part.nation, "product": part.what}
            for key in ("demand", "served"):
                is_read = part.kind == "product"
                read = whole.read(case, "deliveries", key, product) if is_read else None
                whole.tell("contested_parts", key, read, where=told)


def _tell_potential(whole: Composed, result: ScenariosResult, row: PotentialRow) -> None:
    """Report what could arrive, by its flow and those at both ends of the data."""
    question = result.sides.questions[result.cases.index(row.case)]
    where = {"case": row.case, "element": row.element, "tier": row.tier}
    floors: dict[str, Any] = {"links": row.links, "plants": row.plants}
    for key in ("value", *_ENDS):
        words = floors if key == "value" else {**floors, "level": key}
        solved = solve_question(question, row.element, **words)
        name = _flow_name(row.case, row.element, row.tier, key)
        read = read_flow(whole, name, solved)
        whole.tell("potentials", key, read, where=where)
        if key == "value" and row.coverage is not None:
            all_needed = {"per": "demand", "most": "demand"}
            whole.tell("potentials", "coverage", read and {**read, **all_needed}, where=where)


def _flow_name(case: str, element: str, tier: str, key: str = "value") -> str:
    return f"{case}, {element}, {tier}, {key}"


def _tell_additions(whole: Composed, result: ScenariosResult, *, has_flows: bool) -> None:
    """Report what several scenarios add together."""

    def read(case: str, kind: str, what: tuple[str, ...]) -> Reading | None:
        if kind == "potential":
            return whole.read(_flow_name(case, *what), "", "value", {}) if has_flows else None
        told = {"nation": what[0], "form": what[1]}
        return whole.read(case, "coverage", "served", told)

    for row in result.additions:
        base, own = (read(case, row.kind, row.what) for case in ("base", row.case))
        where = {"case": row.case, "kind": row.kind, "what": list(row.what)}
        whole.tell("additions", "base", base, where=where)
        whole.tell("additions", "together", changed(base, own), where=where)
