"""All published indices of a graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supplynet.analysis.indices.benchmarks import largest_outside, own_capacity
from supplynet.analysis.indices.concentration import concentration, without_largest
from supplynet.analysis.indices.criticality import GOVERNANCE, supply_risk
from supplynet.analysis.indices.parameters import Parameters
from supplynet.analysis.indices.result import Index, IndexResult, Input
from supplynet.analysis.indices.stages import (
    cut_to,
    is_final,
    is_passed_by,
    stage_supply,
    stages_of,
)
from supplynet.analysis.indices.supply import Supply
from supplynet.analysis.provenance import versions
from supplynet.analysis.question import require_production, scenario_list
from supplynet.errors import OptionError
from supplynet.model.demand import demand
from supplynet.model.units import BASKET, elements_of

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork
    from supplynet.model.scenario import Scenario
    from supplynet.model.schema import Parameter, Stage

LENSES = ("location", "control")
_PASSED_BY = (
    "Material can go round this stage: it is left out of the indices that ask what would be left."
)
_LENS_WORDS = {"location": "by location", "control": "by owner"}


def indices(
    net: SupplyNetwork,
    *,
    element: str | None = None,
    year: int | None = None,
    place: str = "EU",
    basis: str = "capacity",
    scenario: str | Scenario | Iterable[str | Scenario] | None = None,
    parameters: Iterable[Parameter] = (),
) -> IndexResult:
    """Return the published indices of a graph: concentration, N-1, EU supply risk, benchmarks.

    Parameters
    ----------
    net : SupplyNetwork
    element : str, optional
        Elements with commas. By default the concentration is that of the whole mix, and the
        other indices are those of the graph's headline elements.
    year : int, optional
        By default the graph's base year.
    place : str
        Country or bloc whose supply risk and benchmarks are asked for.
    basis : {"capacity", "production"}
        What plants could make, or made in the year where that is known.
    scenario : str, Scenario or several, optional
    parameters : iterable of Parameter, optional
        Governance, recycling and the like; they come before those of the graph.

    Returns
    -------
    IndexResult

    Raises
    ------
    UnknownNameError
        If an element or a scenario is not there.
    DataError
        If the graph knows only what crossed borders.
    OptionError
        If the year lies outside the graph, or the basis is neither of the two.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.indices(sn.load("tutorial"))
    >>> mines = found.of("hhi")[0]
    >>> mines.subject, round(mines.value)
    ('Mine, by location', 5102)
    """
    require_production(net)
    if scenario is not None:
        net = net.with_scenario(*scenario_list(scenario))
    commodity = net.commodity
    year = commodity.base_year if year is None else year
    if not commodity.first_year <= year <= commodity.last_year:
        raise OptionError(
            f"year {year} lies outside the graph {net.name}, which speaks of "
            f"{commodity.first_year} to {commodity.last_year}"
        )
    found: list[Index] = []
    known = Parameters.of(net, parameters)
    place = known.require_place(place)
    for one in [BASKET] if element is None else elements_of(net, element):
        found += _concentrations(net, one, year, basis)
    for one in elements_of(net, element):
        asked = _Asked(net, known, one, year, place, basis)
        found += asked.all()
    options = {"element": element, "year": year, "place": place, "basis": basis}
    provenance = {
        "graph": net.name,
        "digest": net.digest,
        "scenarios": list(net.applied),
        "options": options,
        "versions": versions(),
    }
    title = f"Published indices of {net.metadata.title}, {year}"
    return IndexResult(title, tuple(found), provenance)


def _concentrations(net: SupplyNetwork, element: str, year: int, basis: str) -> Iterator[Index]:
    for stage in stages_of(net):
        for lens in LENSES:
            supply = stage_supply(
                net, stage.name, element=element, year=year, lens=lens, basis=basis
            )
            if supply is not None:
                if is_passed_by(net, stage, year=year):
                    supply = replace(supply, flags=(*supply.flags, _PASSED_BY))
                subject = f"{stage.title}, {_LENS_WORDS[lens]}"
                yield concentration(supply, subject=subject, element=element)


@dataclass(frozen=True)
class _Asked:
    """The indices of one element that ask for more than quantities."""

    net: SupplyNetwork
    known: Parameters
    element: str
    year: int
    place: str
    basis: str

    def all(self) -> Iterator[Index]:
        """N-1, supply risk and benchmarks of every stage."""
        supplies = self._supplies()
        needs = self._demand()
        for stage in self._stages():
            if stage.name in supplies:
                yield without_largest(
                    supplies[stage.name],
                    needs,
                    subject=stage.title,
                    element=self.element,
                    demand_note="demand of nations, contained in products",
                )
        for stage in self._stages():
            if stage.name in supplies and self._has_governance:
                yield supply_risk(
                    supplies[stage.name],
                    parameters=self.known,
                    place=self.place,
                    subject=stage.title,
                    element=self.element,
                    stage=stage.name,
                )
        yield from self._benchmarks(supplies)

    def _stages(self) -> list[Stage]:
        """Stages that all material goes through."""
        stages = stages_of(self.net)
        return [one for one in stages if not is_passed_by(self.net, one, year=self.year)]

    @property
    def _has_governance(self) -> bool:
        return any(row.indicator == GOVERNANCE for row in self.known.rows)

    def _supplies(self) -> dict[str, Supply]:
        """Supply of the element by stage, none above what is mined."""
        found = {}
        for stage in stages_of(self.net):
            supply = stage_supply(
                self.net, stage.name, element=self.element, year=self.year, basis=self.basis
            )
            if supply is not None:
                found[stage.name] = supply
        origins = [stage.name for stage in stages_of(self.net) if stage.is_origin]
        mined = sum(found[name].total for name in origins if name in found)
        return {
            name: supply if name in origins else cut_to(supply, mined)
            for name, supply in found.items()
        }

    def _demand(self) -> dict[str, float] | None:
        """Tonnes by country, None where the graph knows no demand."""
        needs: dict[str, float] = {}
        for nation in self.net.nation_ids:
            figure = demand(self.net, {nation}, self.element, self.year)
            if figure.how != "none":
                country = self.net.node(nation).country
                needs[country] = needs.get(country, 0.0) + figure.value
        return needs or None

    def _input(self, indicator: str, stage: str = "") -> Input | None:
        """A parameter of the place itself, not one that holds everywhere."""
        row = self.known.find(
            indicator, place=self.place, element=self.element, stage=stage, year=self.year
        )
        if row is None or not row.place:
            return None
        return self.known.input(
            indicator, place=self.place, element=self.element, stage=stage, year=self.year
        )

    def _consumption(self) -> Input | None:
        given = self._input("consumption")
        if given is not None:
            return given
        members = self.known.members(self.place)
        inside = {one for one in self.net.nation_ids if self.net.node(one).country in members}
        figure = demand(self.net, inside, self.element, self.year)
        if figure.how == "none":
            return None
        known = "estimated" if figure.estimated_share else "table"
        return Input("consumption", figure.value, "t", known, f"demand {figure}")

    def _benchmarks(self, supplies: dict[str, Supply]) -> Iterator[Index]:
        members = self.known.members(self.place)
        used = self._consumption()
        for stage in self._stages():
            if is_final(self.net, stage, year=self.year):
                continue  # makers of goods are not among the benchmarks
            supply = supplies.get(stage.name)
            tonnes = supply.of(members) if supply else 0.0
            known = "estimated" if supply and tonnes and supply.estimated else "table"
            yield own_capacity(
                "extraction" if stage.is_origin else "processing",
                place=self.place,
                consumption=used,
                own=Input(f"own {stage.title.lower()} capacity", tonnes, "t", known),
                year=self.year,
                subject=stage.title,
                element=self.element,
                flags=supply.flags if supply else (),
            )
        yield own_capacity(
            "recycling",
            place=self.place,
            consumption=used,
            own=self._input("recycling"),
            year=self.year,
            element=self.element,
        )
        yield largest_outside(
            self.place,
            year=self.year,
            share=self._input("main_supplier_share"),
            element=self.element,
        )
