"""Rows of scenarios side by side: potentials and contested figures, and what scenarios add."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from supplynet.analysis.undecided import is_decided, told
from supplynet.contract.row import ITS_UNIT, Row, Share, answered, col

#: the network as it is, without a scenario
BASE = "base"
#: unit of what nations get
PRODUCTS = "t of product/yr"


class CaseRow(Row):
    """A case: the network as it is, a scenario, or several that hold at once."""

    name: str = col("What it is called.")
    title: str = col("What it assumes, in a line.")
    description: str = col("The same in a paragraph.")


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
    demand: float = col(unit=ITS_UNIT, by="demand(asked.to, element, asked.year)")
    coverage: Share | None = col("Share of the demand; None where none is known.")
    unit: str


class ContestedRow(Row):
    """What a nation gets in one form when all buy at once, t of product per year."""

    case: str
    nation: str
    form: str
    demand: float = col(unit=PRODUCTS)
    served: float = col(unit=PRODUCTS)
    low: float = col("Least of it over all optimal allocations.", PRODUCTS)
    high: float = col("Most of it over all optimal allocations.", PRODUCTS)
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
    served: float = col(
        unit="t/yr of what it is", by=answered("served", "contested_parts", "case nation kind what")
    )


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
        by="together - sum(alone[1])",
    )


class Figure(Row):
    """A figure of a case: what could reach the target, or what a nation gets in competition."""

    picture: str = col("Of which picture; the two are never mixed.")
    case: str
    nation: str | None = col("Id of the nation; None for all targets together.")
    what: str = col("Element, or form.")
    tier: str | None = col("Its name; None where all draw.")
    links: str | None = col("Weakest standing of links that counts; None where all draw.")
    plants: str | None = col("Furthest from running that a plant may be; None where all draw.")
    value: float = col("What arrives per year.", ITS_UNIT)
    low: float = col("Least of it.", ITS_UNIT)
    high: float = col("Most of it.", ITS_UNIT)
    demand: float = col(unit=ITS_UNIT)
    unit: str
    coverage: Share | None = col("Share of the demand; None where none is known.")


def figures_of(
    potentials: Iterable[PotentialRow], contested: Iterable[ContestedRow]
) -> tuple[Figure, ...]:
    """Return one row a figure."""
    could = [
        Figure(
            "potential",
            row.case,
            None,
            row.element,
            row.tier,
            row.links,
            row.plants,
            row.value,
            row.low,
            row.high,
            row.demand,
            row.unit,
            row.coverage,
        )
        for row in potentials
    ]
    gets = [
        Figure(
            "contested",
            row.case,
            row.nation,
            row.form,
            None,
            None,
            None,
            row.served,
            row.low,
            row.high,
            row.demand,
            PRODUCTS,
            row.coverage,
        )
        for row in contested
    ]
    return (*could, *gets)


def additions_of(
    cases: Sequence[str], potentials: Iterable[PotentialRow], contested: Iterable[ContestedRow]
) -> tuple[Addition, ...]:
    """Return what each case of several scenarios adds to the base, and its parts by themselves."""
    figures: dict[tuple[str, tuple[str, ...]], dict[str, float]] = {}
    for row in potentials:
        figures.setdefault(("potential", (row.element, row.tier)), {})[row.case] = row.value
    for claim in contested:
        figures.setdefault(("contested", (claim.nation, claim.form)), {})[claim.case] = claim.served
    rows = []
    for case in cases:
        alone = case.split(" + ")
        if len(alone) < 2 or not {BASE, *alone} <= set(cases):
            continue
        for of, values in figures.items():
            base = values[BASE]
            gains = tuple((name, values[name] - base) for name in alone)
            together = values[case] - base
            beyond = together - sum(gain for _, gain in gains)
            rows.append(Addition(case, *of, base, gains, together, beyond))
    return tuple(rows)
