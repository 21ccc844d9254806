"""All published indices of a graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.indices.benchmarks import largest_outside, own_capacity
from supplynet.analysis.indices.carried import Demanded
from supplynet.analysis.indices.concentration import (
    PUBLISHED,
    Published,
    concentration,
    without_largest,
)
from supplynet.analysis.indices.criticality import GOVERNANCE, supply_risk
from supplynet.analysis.indices.fed import Fed
from supplynet.analysis.indices.fed import together as feds_together
from supplynet.analysis.indices.parameters import Parameters
from supplynet.analysis.indices.result import Index, IndexResult, Input
from supplynet.analysis.indices.stages import Stages, is_final, is_passed_by, stages_of
from supplynet.analysis.indices.supply import NOTHING, Supply, together
from supplynet.analysis.provenance import provenance_of
from supplynet.analysis.question import ask
from supplynet.analysis.words import takes
from supplynet.network.tiers import floors, tier_name
from supplynet.network.units import BASKET, elements_of
from supplynet.terms import HOLDINGS, LENSES

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import ScenarioLike
    from supplynet.network.schema import Content, Parameter

_PASSED_BY = (
    "Material can go round this stage: it is left out of the indices that ask what would be left."
)


@takes()
def indices(
    net: SupplyNetwork,
    *,
    element: str | None = None,
    year: int | None = None,
    to: str = "EU",
    basis: str = "capacity",
    links: str | None = None,
    plants: str | None = None,
    tier: str | None = None,
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = None,
    parameters: Iterable[Parameter] = (),
) -> IndexResult:
    """Return the published indices of a graph: concentration, N-1, EU supply risk, benchmarks.

    Concentration and supply risk are of shares within a stage, in the stage's own tonnes. N-1
    and the benchmarks set a stage beside what nations ask for: there its tonnes are carried to
    the end by the yields of the way. Ranges are those of capacities, recoveries, demand and
    parameters, each between its ends; products are as built, with their central contents.

    Parameters
    ----------
    net : SupplyNetwork
    element : str, optional
        Elements with commas. By default the concentration is that of the whole mix, and the
        other indices are those of the graph's headline elements, one by one and together.
    to : str
        Country or bloc whose supply risk and benchmarks are asked for.
    basis : {"capacity", "production"}
        What plants could make, or made in the year where that is known.
    links : {"observed", "contracted", "planned", "memorandum", "plausible"}, optional
        Weakest standing of links that count: they tell which ore a plant may get, and by which
        ways its tonnes arrive.
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
    TableError
        If rows of the graph name something that is not there.
    OptionError
        If the year lies outside the graph, or a word is not allowed.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = sn.indices(sn.load("tutorial"))
    >>> mines = found.of("hhi")[0]
    >>> mines.subject, round(mines.value)
    ('Mine, by location', 5102)
    """
    counted = floors(links, plants, tier)
    question = ask(
        net,
        to="all",
        year=year,
        links=counted.links,
        plants=counted.plants,
        scenario=scenario,
    )
    net, year = question.net, question.year
    provenance = partial(provenance_of, net=net)
    contents = cast("tuple[Content, ...]", net.rows("contents"))
    if any((row.share_low, row.share_high) != (None, None) for row in contents):
        net = net.replace(contents=[_as_built(row) for row in contents])
    known = Parameters.of(net, parameters)
    country = known.require_place(to)
    answers: list[Index] = []
    for name in [BASKET] if element is None else elements_of(net, element):
        answers += _concentrations(Stages(net, name, year, basis, counted))
    elements = elements_of(net, element)
    asked = [
        _Asked(Stages(net, element, year, basis, counted), known, country) for element in elements
    ]
    if len(asked) > 1:
        answers += _all_together(asked)
    for one_asked in asked:
        answers += one_asked.all()
    options = {
        "element": element,
        "year": year,
        "to": country,
        "basis": basis,
        "links": counted.links,
        "plants": counted.plants,
    }
    title = f"Published indices of {net.metadata.title}, {year}, {tier_name(counted)}"
    return IndexResult(
        title=title,
        indices=tuple(answers),
        provenance=provenance(options),
        notes=question.notes,
        tier=tier_name(counted),
    )


def _as_built(row: Content) -> Content:
    # What a product holds is asked for and supplied alike: low there and high here is nothing.
    return row.model_copy(update={"share_low": None, "share_high": None})


def _concentrations(plants: Stages) -> Iterator[Index]:
    net, year = plants.net, plants.year
    for stage in stages_of(net):
        for lens in _lenses(net):
            supply = plants.supply((stage.name,), lens=lens)
            # A step without a running plant has no index, not an index of 0.
            if supply is not None:
                if is_passed_by(net, stage, year=year):
                    supply = replace(supply, flags=(*supply.flags, _PASSED_BY))
                subject = f"{stage.title}, {HOLDINGS[lens].index}"
                yield concentration(supply, subject=subject, element=plants.element)


def _lenses(net: SupplyNetwork) -> tuple[str, ...]:
    """Lenses of the concentration; by shares, too, where the graph knows shares of owners."""
    return (HOLDINGS if net.rows("owners") else LENSES).names


def _all_together(asked: list[_Asked]) -> Iterator[Index]:
    """N-1 of all elements that are asked about as one."""
    names = ", ".join(element_asked.plants.element for element_asked in asked)
    for step in asked[0].steps:
        of_step = [element_asked.at(step) for element_asked in asked]
        supplies = [supply for supply, _ in of_step if supply is not None]
        if not supplies:
            continue
        demand = of_step[0][1]
        for _, more in of_step[1:]:
            demand = demand.added(more)
        yield without_largest(
            together(supplies),
            demand.tonnes or None,
            subject=step.title,
            element=names,
            demand_ends=demand.ends,
            demand_note=demand.note,
            fed=None if step.is_origin else partial(_fed, asked, step),
            published=asked[0].published(step),
            flags=demand.flags,
        )


def _fed(asked: list[_Asked], step: _Step, largest: str) -> Fed:
    """What links can feed of a step outside a country, which shuts all its plants to others."""
    return feds_together(one.plants.fed(step.stages, without=largest) for one in asked)


@dataclass(frozen=True)
class _Step:
    """A stage, or all stages of origins, as one step of the chain."""

    title: str
    stages: tuple[str, ...]
    is_origin: bool
    is_final: bool


@dataclass(frozen=True)
class _Asked:
    """The indices of one element that ask for more than quantities."""

    plants: Stages
    known: Parameters
    place: str

    @property
    def net(self) -> SupplyNetwork:
        """The network that is asked about."""
        return self.plants.net

    def all(self) -> Iterator[Index]:
        """N-1, supply risk and benchmarks of every step."""
        element = self.plants.element
        for step in self.steps:
            supply, demand = self.at(step)
            if supply is not None:
                yield without_largest(
                    supply,
                    demand.tonnes or None,
                    subject=step.title,
                    element=element,
                    demand_ends=demand.ends,
                    demand_note=demand.note,
                    fed=None if step.is_origin else partial(_fed, [self], step),
                    published=self.published(step, element),
                    flags=demand.flags,
                )
        for stage in stages_of(self.net):
            own = self.plants.supply((stage.name,))
            passed = is_passed_by(self.net, stage, year=self.plants.year)
            if own is not None and self._has_governance and not passed:
                yield supply_risk(
                    own,
                    parameters=self.known,
                    place=self.place,
                    subject=stage.title,
                    element=element,
                    stage=stage.name,
                )
        yield from self._benchmarks()

    @cached_property
    def steps(self) -> tuple[_Step, ...]:
        """All origins as one step, and then the stages that all material goes through."""
        stages = stages_of(self.net)
        origins = [stage for stage in stages if stage.is_origin]
        names = [
            origin.title if not at else origin.title.lower() for at, origin in enumerate(origins)
        ]
        first = _Step(" and ".join(names), tuple(origin.name for origin in origins), True, False)
        year = self.plants.year
        return (
            first,
            *(
                _Step(stage.title, (stage.name,), False, is_final(self.net, stage, year=year))
                for stage in stages
                if not stage.is_origin and not is_passed_by(self.net, stage, year=year)
            ),
        )

    def at(self, step: _Step) -> tuple[Supply | None, Demanded]:
        """Supply of a step carried to the end, and the demand that it can serve."""
        if step not in self._found:
            supply = self.plants.supply(step.stages, is_carried=True, has_unfed=False)
            demand = self.plants.ends.demand_of(self.plants.forms(step.stages))
            self._found[step] = (supply, demand)
        return self._found[step]

    @cached_property
    def _found(self) -> dict[_Step, tuple[Supply | None, Demanded]]:
        """What was worked out before."""
        return {}

    def published(self, step: _Step, element: str = "") -> Published:
        """Return what others published of N-1 at a step, by the largest supplier."""

        def find(country: str) -> list[Input]:
            found = []
            for indicator, name in PUBLISHED.items():
                words: Any = {"place": country, "element": element, "stage": step.stages[0]}
                row = self.known.find(indicator, year=self.year, **words)
                # Only what was published of just this is set beside the figure: a value for all
                # elements is no check of one.
                if row is None or row.place != country or (row.group or "") != element:
                    continue
                given = self.known.input(indicator, year=self.year, **words)
                found += [] if given is None else [replace(given, name=name)]
            return found

        return find

    @property
    def _has_governance(self) -> bool:
        return any(row.indicator == GOVERNANCE for row in self.known.rows)

    def _input(self, indicator: str) -> Input | None:
        """A parameter of the place itself, not one that holds everywhere."""
        words: Any = {"place": self.place, "element": self.plants.element, "stage": ""}
        row = self.known.find(indicator, year=self.plants.year, **words)
        if row is None or not row.place:
            return None
        return self.known.input(indicator, year=self.plants.year, **words)

    def _consumption(self, forms: frozenset[str]) -> tuple[Input | None, tuple[str, ...]]:
        """What the place uses of some forms, and what a reader must know of it."""
        given = self._input("consumption")
        if given is not None:
            return given, ()
        demand = self.plants.ends.demand_of(forms, self.known.members(self.place))
        if not demand.tonnes:
            return None, ()
        known = "estimated" if demand.estimated else "table"
        part = demand.estimated / demand.total if demand.total else 0.0
        how = "; ".join(demand.by_how)
        low, high = demand.between
        note = f"demand {how}"
        used = Input("consumption", demand.total, "t", known, note, part, low=low, high=high)
        return used, demand.flags

    def _benchmarks(self) -> Iterator[Index]:
        members, element, year = self.known.members(self.place), self.plants.element, self.year
        for step in self.steps:
            if step.is_final:
                continue  # makers of goods are not among the benchmarks
            supply = self.plants.supply(
                step.stages, is_carried=True, members=members, has_unfed=False
            )
            used, flags = self._consumption(self.plants.forms(step.stages))
            tonnes = supply.total if supply else 0.0
            known = "estimated" if supply and tonnes and supply.estimated else "table"
            note = "carried to the end by the yields of the way"
            low, high = supply.beside() if supply else NOTHING
            if supply is not None and not step.is_origin:
                fed = self.plants.fed(step.stages, members=members)
                tonnes, (low, high) = fed.tonnes, fed.ends
                note = f"{note}; what links can feed, limited by {fed.limit}"
            if not tonnes:
                flags = (*flags, "No plant of the step runs with a feed by links of the tier.")
            name = f"own {step.title.lower()} capacity"
            own = Input(name, tonnes, "t", known, note, low=low, high=high)
            yield own_capacity(
                "extraction" if step.is_origin else "processing",
                place=self.place,
                consumption=used,
                own=own,
                year=year,
                subject=step.title,
                element=element,
                flags=(*(supply.flags if supply else ()), *flags),
            )
        every = frozenset(form for _, form in self.plants.ends.figures)
        used, flags = self._consumption(every)
        yield own_capacity(
            "recycling",
            place=self.place,
            consumption=used,
            own=self._input("recycling"),
            year=year,
            element=element,
            flags=flags,
        )
        yield largest_outside(
            self.place,
            year=year,
            share=self._input("main_supplier_share"),
            element=element,
        )

    @property
    def year(self) -> int:
        """Year that is asked about."""
        return self.plants.year
