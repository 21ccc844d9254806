"""All published indices of a graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.indices.carried import Demanded, Fed
from supplynet.analysis.indices.concentration import PUBLISHED, concentration, without_largest
from supplynet.analysis.indices.criticality import (
    GOVERNANCE,
    largest_outside,
    own_capacity,
    supply_risk,
)
from supplynet.analysis.indices.parameters import Parameters, input_of
from supplynet.analysis.indices.result import Index, IndexResult, Input, figure
from supplynet.analysis.indices.stages import Stages, is_final, is_passed_by, stages_of
from supplynet.analysis.indices.supply import Supply, summed, together
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
    links : {"observed", "contracted", "planned", "memorandum", "possible"}, optional
        Weakest standing of links that count: they state which ore a plant may get, and by which
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
    floor = {"links": counted.links, "plants": counted.plants}
    question = ask(net, to="all", year=year, scenario=scenario, **floor)
    net, year = applied, when = question.net, question.year
    contents = cast("tuple[Content, ...]", net.rows("contents"))
    if any((row.share_low, row.share_high) != (None, None) for row in contents):
        # What a product holds is asked for and supplied alike: low there and high here is nothing.
        central = {"share_low": None, "share_high": None}
        net = net.replace(contents=[row.model_copy(update=central) for row in contents])
    known = Parameters.of(net, parameters)
    country = known.require_place(to)
    answers: list[Index] = []
    for name in [BASKET] if element is None else elements_of(net, element):
        answers += _concentrations(Stages(net, name, when, basis, counted))
    asked = [
        _Asked(Stages(net, element, when, basis, counted), known, country)
        for element in elements_of(net, element)
    ]
    if len(asked) > 1:
        names = ", ".join(one.plants.element for one in asked)
        answers += _without_largest(asked, names, "")
    for one in asked:
        answers += one.all()
    options = {"element": element, "year": when, "to": country, "basis": basis, **floor}
    return IndexResult(
        title=f"Published indices of {net.metadata.title}, {when}, {tier_name(counted)}",
        indices=tuple(answers),
        provenance=provenance_of(options, net=applied),
        notes=question.notes,
        tier=tier_name(counted),
    )


def _concentrations(plants: Stages) -> Iterator[Index]:
    net, year = plants.net, plants.year
    # by shares, too, where the graph knows shares of owners
    lenses = (HOLDINGS if net.rows("owners") else LENSES).names
    for stage in stages_of(net):
        for lens in lenses:
            supply = plants.supply((stage.name,), lens=lens)
            # A step without a running plant has no index, not an index of 0.
            if supply is not None:
                if is_passed_by(net, stage, year=year):
                    supply = replace(supply, flags=(*supply.flags, _PASSED_BY))
                subject = f"{stage.title}, {HOLDINGS[lens].index}"
                yield concentration(supply, subject=subject, element=plants.element)


@dataclass(frozen=True)
class _Step:
    """A stage, or all stages of origins, as one step of the chain."""

    title: str
    stages: tuple[str, ...]
    is_origin: bool
    is_final: bool


def _without_largest(asked: list[_Asked], element: str, published: str) -> Iterator[Index]:
    """N-1 of some elements as one; `published` is the element of which others published it."""
    for step in asked[0].steps:
        of_step = [one.at(step) for one in asked]
        supplies = [supply for supply, _ in of_step if supply is not None]
        if not supplies:
            continue
        demand = Demanded.together([needed for _, needed in of_step])

        def fed(largest: str, step: _Step = step) -> Fed:
            # a country shuts all its plants to others
            return Fed.together(one.plants.fed(step.stages, without=largest) for one in asked)

        yield without_largest(
            together(supplies),
            demand.tonnes or None,
            subject=step.title,
            element=element,
            demand_note="demand of nations, contained in products",
            fed=None if step.is_origin else fed,
            published=partial(asked[0].published, step, published),
            flags=demand.flags,
        )


@dataclass(frozen=True)
class _Asked:
    """The indices of one element that ask for more than quantities."""

    plants: Stages
    known: Parameters
    place: str

    def all(self) -> Iterator[Index]:
        """N-1, supply risk and benchmarks of every step."""
        element, net = self.plants.element, self.plants.net
        yield from _without_largest([self], element, element)
        has_governance = any(row.indicator == GOVERNANCE for row in self.known.rows)
        for stage in stages_of(net):
            own = self.plants.supply((stage.name,))
            passed = is_passed_by(net, stage, year=self.plants.year)
            if own is not None and has_governance and not passed:
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
        net, year = self.plants.net, self.plants.year
        stages = stages_of(net)
        origins = [stage for stage in stages if stage.is_origin]
        names = [
            origin.title if not at else origin.title.lower() for at, origin in enumerate(origins)
        ]
        first = _Step(" and ".join(names), tuple(origin.name for origin in origins), True, False)
        return (
            first,
            *(
                _Step(stage.title, (stage.name,), False, is_final(net, stage, year=year))
                for stage in stages
                if not stage.is_origin and not is_passed_by(net, stage, year=year)
            ),
        )

    def at(self, step: _Step) -> tuple[Supply | None, Demanded]:
        """Supply of a step carried to the end, and the demand that it can serve."""
        if step not in self._known:
            supply = self.plants.supply(step.stages, is_carried=True, has_unfed=False)
            demand = self.plants.ends.demand_of(self.plants.forms(step.stages))
            self._known[step] = (supply, demand)
        return self._known[step]

    @cached_property
    def _known(self) -> dict[_Step, tuple[Supply | None, Demanded]]:
        """What was worked out before."""
        return {}

    def published(self, step: _Step, element: str, country: str) -> list[Input]:
        """Return what others published of N-1 at a step without a country."""
        told = []
        for indicator, name in PUBLISHED.items():
            words: Any = {"place": country, "element": element, "stage": step.stages[0]}
            row = self.known.find(indicator, year=self.plants.year, **words)
            # Only what was published of just this is set beside the figure: a value for all
            # elements is no check of one.
            if row is not None and (row.place, row.group or "") == (country, element):
                told.append(replace(input_of(row), name=name))
        return told

    def _input(self, indicator: str) -> Input | None:
        """A parameter of the place itself, not one that holds everywhere."""
        words: Any = {"place": self.place, "element": self.plants.element, "stage": ""}
        row = self.known.find(indicator, year=self.plants.year, **words)
        return input_of(row) if row is not None and row.place else None

    def _consumption(self, forms: frozenset[str]) -> tuple[Input | None, tuple[str, ...]]:
        """What the place uses of some forms, and what a reader must know of it."""
        given = self._input("consumption")
        if given is not None:
            return given, ()
        demand = self.plants.ends.demand_of(forms, self.known.members(self.place))
        if not demand.tonnes:
            return None, ()
        total = summed(demand.tonnes.values())
        used = Input.of(
            "consumption",
            total,
            known="estimated" if demand.estimated else "table",
            note=f"demand {'; '.join(demand.by_how)}",
            estimated_share=demand.estimated / float(total[1]) if total[1] else 0.0,
        )
        return used, demand.flags

    def _benchmarks(self) -> Iterator[Index]:
        members = self.known.members(self.place)
        common: dict[str, Any] = {"element": self.plants.element, "year": self.plants.year}
        for step in self.steps:
            if step.is_final:
                continue  # makers of goods are not among the benchmarks
            supply = self.plants.supply(
                step.stages, is_carried=True, members=members, has_unfed=False
            )
            used, flags = self._consumption(self.plants.forms(step.stages))
            amount = supply.beside() if supply else figure(0.0)
            note = "carried to the end by the yields of the way"
            if supply is not None and not step.is_origin:
                fed = self.plants.fed(step.stages, members=members)
                amount = fed.tonnes
                note = f"{note}; what links can feed, limited by {fed.limit}"
            if not amount[1]:
                flags = (*flags, "No plant of the step runs with a feed by links of the tier.")
            is_estimated = supply is not None and supply.estimated and supply.total
            yield own_capacity(
                "extraction" if step.is_origin else "processing",
                place=self.place,
                consumption=used,
                own=Input.of(
                    f"own {step.title.lower()} capacity",
                    amount,
                    known="estimated" if is_estimated else "table",
                    note=note,
                ),
                subject=step.title,
                flags=(*(supply.flags if supply else ()), *flags),
                **common,
            )
        every = frozenset(form for _, form in self.plants.ends.figures)
        used, flags = self._consumption(every)
        yield own_capacity(
            "recycling",
            place=self.place,
            consumption=used,
            own=self._input("recycling"),
            flags=flags,
            **common,
        )
        share = self._input("main_supplier_share")
        yield largest_outside(self.place, share=share, **common)
