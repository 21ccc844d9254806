"""What a comparison of scenarios finds: potentials and contested figures, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from supplynet.analysis.provenance import Provenance
from supplynet.analysis.question import Question
from supplynet.analysis.scenario_sides import BASE
from supplynet.analysis.undecided import is_decided, told
from supplynet.contract.declared import ITS_UNIT, Layout, Table, flag, text, texts
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import TEXT, array_of, record
from supplynet.contract.result import Result
from supplynet.solve.check import Certificate, worst

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.scenario_sides import Sides


@dataclass(frozen=True, slots=True)
class PotentialRow:
    """What could reach the target of one element on the links and plants of a tier.

    Parameters
    ----------
    case : str
        Name of the scenario, or of several that hold at once.
    element : str
    tier : str
        Its name.
    links, plants : str
        What it counts on at the least.
    value : float
        t/yr without what is avoided.
    low, high : float
        The same at the low and high ends of the data.
    demand : float
    coverage : float or None
        Share of the demand; None where none is known.
    unit : str
    """

    case: str
    element: str
    tier: str
    links: str
    plants: str
    value: float
    low: float
    high: float
    demand: float
    coverage: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class ContestedRow:
    """What a nation gets in one form when all draw at once, t of product per year.

    Parameters
    ----------
    case, nation, form : str
    demand, served : float
    low, high : float
        Least and most of it over all ways to share out that are as good.
    coverage : float
        Served over demand.
    """

    case: str
    nation: str
    form: str
    demand: float
    served: float
    low: float
    high: float
    coverage: float

    @property
    def is_decided(self) -> bool:
        """Whether all ways that are as good cover about the same."""
        return is_decided(self.low / self.demand, self.high / self.demand)

    @property
    def told(self) -> str:
        """The coverage in words, or that it is not decided."""
        return told(self.coverage, self.low / self.demand, self.high / self.demand)


@dataclass(frozen=True, slots=True)
class ContestedPart:
    """A product that a nation gets, t of product, or an element in its products, t of element.

    Parameters
    ----------
    case, nation : str
    kind : {"product", "element"}
    what : str
        Id of the product, or the element.
    demand, served : float
        Per year.
    """

    case: str
    nation: str
    kind: str
    what: str
    demand: float
    served: float


@dataclass(frozen=True, slots=True)
class Arrival:
    """What arrives at the plants of a country in a form when all draw at once.

    Parameters
    ----------
    case, form : str
    country : str
        Where they stand, or with the lens control who owns them.
    element : str
    tonnes : float
        t/yr on the graph's basis, separated.
    """

    case: str
    form: str
    country: str
    element: str
    tonnes: float


@dataclass(frozen=True, slots=True)
class Addition:
    """What scenarios change alone and together.

    Parameters
    ----------
    case : str
        Those that hold at once.
    kind : {"potential", "contested"}
        Of which picture; the two are never mixed.
    what : tuple of str
        Element and link floor, or nation and form.
    base : float
        Without any of them, t/yr.
    alone : tuple of (str, float)
        Each by itself, less the base.
    together : float
        All at once, less the base.
    interaction : float
        ``together`` less the sum of ``alone``: above 0 they help each other, below 0 they
        compete for the same limit.
    """

    case: str
    kind: str
    what: tuple[str, ...]
    base: float
    alone: tuple[tuple[str, float], ...]
    together: float
    interaction: float


SCENARIOS_LAYOUT = Layout(
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
    document="supplynet.reports.results_scenarios.of_scenarios",
    figures=(
        text("common", "Scenarios that hold in every case; empty for none."),
        texts("notes", "What is to be told of the scenarios."),
        text("objective", "How the contested picture is shared out."),
        flag("is_certified", "Whether the independent check accepted every flow and program."),
    ),
    tables=(
        Table(
            "potentials",
            "What could reach the target by case, element and tier",
            PotentialRow,
            units=dict.fromkeys(("value", "low", "high", "demand"), ITS_UNIT),
        ),
        Table(
            "contested",
            "What nations get in each form when all draw at once",
            ContestedRow,
            units=dict.fromkeys(("demand", "served", "low", "high"), "t of product/yr"),
        ),
        Table(
            "contested_parts",
            "Products that nations get, and elements in them",
            ContestedPart,
            units=dict.fromkeys(("demand", "served"), "t/yr of what it is"),
            path="parts",
        ),
        Table(
            "arrivals",
            "What arrives at the plants of countries",
            Arrival,
            units={"tonnes": "t/yr on the graph's basis"},
        ),
        Table(
            "additions",
            "What scenarios change alone and together",
            Addition,
            units=dict.fromkeys(("base", "alone", "together", "interaction"), "t/yr"),
        ),
    ),
    nested={"cases": array_of(record({"name": TEXT, "title": TEXT, "description": TEXT}))},
)


@dataclass(frozen=True, eq=False)
class ScenariosResult(Result):
    """Scenarios side by side, potentials and contested figures apart.

    Parameters
    ----------
    question : Question
        As asked of the first case.
    sides : Sides
        The cases: their names, networks and questions.
    objective : str
        How the contested picture is shared out.
    potentials : tuple of PotentialRow
    contested : tuple of ContestedRow
    parts : tuple of ContestedPart
    arrivals : tuple of Arrival
        Of the form that was asked for, at plants; nations are in `contested`.
    balances : tuple of BalanceResult
        One a case, for further questions.
    is_certified : bool
        Whether the independent check accepted every flow and program.
    flows_certificate : Certificate
        Each check at its worst over the flows behind the potentials.
    provenance : Provenance
        Of the first case; ``options["cases"]`` names them all, with their digests.
    """

    LAYOUT = SCENARIOS_LAYOUT

    question: Question
    sides: Sides = field(repr=False)
    objective: str
    potentials: tuple[PotentialRow, ...]
    contested: tuple[ContestedRow, ...]
    parts: tuple[ContestedPart, ...]
    arrivals: tuple[Arrival, ...]
    balances: tuple[BalanceResult, ...] = field(repr=False)
    is_certified: bool
    flows_certificate: Certificate = field(repr=False)
    provenance: Provenance

    @property
    def cases(self) -> tuple[str, ...]:
        """What each case is called."""
        return self.sides.names

    @property
    def common(self) -> str:
        """Scenarios that hold in every case, the base too; empty for none."""
        return self.sides.common

    @property
    def titles(self) -> dict[str, str]:
        """What each case assumes, in a line."""
        return self.sides.titles

    @property
    def descriptions(self) -> dict[str, str]:
        """What each case assumes, in a paragraph."""
        return self.sides.descriptions

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be told of the scenarios: those that change nothing in the year."""
        return self.sides.notes

    @property
    def additions(self) -> tuple[Addition, ...]:
        """What scenarios add alone and together, for each case whose parts are cases too."""
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

    @property
    def certificate(self) -> Certificate:
        """Each check at its worst over the balances and flows of all cases."""
        return worst([self.flows_certificate, *(balance.certificate for balance in self.balances)])

    def proof(self) -> list[Proof]:
        """Return the flows and balances of every case."""
        from supplynet.analysis.comparison_evidence import scenarios_proof

        return [scenarios_proof(self)]

    def _nested(self) -> dict[str, Any]:
        return {
            "cases": [
                {
                    "name": case,
                    "title": self.titles[case],
                    "description": self.descriptions[case],
                }
                for case in self.cases
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
