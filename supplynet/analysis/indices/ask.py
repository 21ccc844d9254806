"""All published indices of a graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from supplynet.analysis.indices.concentration import OF_STAGE, PUBLISHED, without_largest
from supplynet.analysis.indices.risk import (
    MEAN,
    Parameters,
    input_of,
    largest_outside,
    own_capacity,
    supply_risk,
)
from supplynet.analysis.indices.rows import Input, figure
from supplynet.analysis.indices.stages import (
    Demanded,
    Fed,
    Stages,
    is_final,
    is_passed_by,
    stages_of,
)
from supplynet.analysis.indices.supply import Supply, summed, together
from supplynet.network.units import BASKET, elements_of
from supplynet.terms import HOLDINGS, LENSES

if TYPE_CHECKING:
    from supplynet.analysis.indices.rows import Index
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Content
    from supplynet.network.tiers import Floors

_PASSED_BY = (
    "Material can go round this stage: it is left out of the indices that ask what would be left."
)


def indices_of(
    net: SupplyNetwork,
    year: int,
    counted: Floors,
    *,
    element: str | None,
    basis: str,
    known: Parameters,
    place: str,
) -> Iterator[Index]:
    """Yield the indices of a graph with its scenarios applied; `place` is asked for benchmarks."""
    contents = cast("tuple[Content, ...]", net.rows("contents"))
    if any((row.share_low, row.share_high) != (None, None) for row in contents):
        # What a product holds is asked for and supplied alike: low there and high here is nothing.
        central = {"share_low": None, "share_high": None}
        net = net.replace(contents=[row.model_copy(update=central) for row in contents])
    for name in [BASKET] if element is None else elements_of(net, element):
        yield from _concentrations(Stages(net, name, year, basis, counted))
    request = [
        _Asked(Stages(net, name, year, basis, counted), known, place)
        for name in elements_of(net, element)
    ]
    if len(request) > 1:
        yield from _without_largest(request, ", ".join(member.element for member in request), "")
    for entry in request:
        yield from _without_largest([entry], entry.element, entry.element)
        yield from entry.risks()
        yield from entry.benchmarks()


def _concentrations(plants: Stages) -> Iterator[Index]:
    net = plants.net
    # by shares, too, where the graph knows shares of owners
    lenses = (HOLDINGS if net.rows("owners") else LENSES).names
    for stage in stages_of(net):
        for lens in lenses:
            supply = plants.supply((stage.name,), lens=lens)
            # A step without a running plant has no index, not an index of 0.
            if supply is not None:
                if is_passed_by(net, stage, year=plants.year):
                    supply = replace(supply, flags=(*supply.flags, _PASSED_BY))
                subject = f"{stage.title}, {HOLDINGS[lens].index}"
                for index in OF_STAGE:
                    yield index(supply, subject=subject, element=plants.element)


class _Step(NamedTuple):
    """A stage, or all stages of origins, as one step of the chain."""

    title: str
    stages: tuple[str, ...]
    is_origin: bool
    is_final: bool


def _without_largest(request: Sequence[_Asked], element: str, published: str) -> Iterator[Index]:
    """N-1 of some elements as one; `published` is the element of which others published it."""
    for step in request[0].steps:
        supplies, demands = zip(*(entry.carried[step] for entry in request), strict=True)
        there = [supply for supply in supplies if supply is not None]
        if not there:
            continue
        supply, demand = together(there), Demanded.together(demands)
        fed = None
        if not step.is_origin:  # a country shuts all its plants to others
            without = supply.largest
            fed = Fed.together(
                member.plants.fed(step.stages, without=without) for member in request
            )
        yield without_largest(
            supply,
            demand.tonnes or None,
            subject=step.title,
            element=element,
            demand_note="demand of nations, contained in products",
            fed=fed,
            published=request[0].published(step, published, supply.largest),
            flags=demand.flags,
        )


@dataclass(frozen=True)
class _Asked:
    """The indices of one element that ask for more than quantities."""

    plants: Stages
    known: Parameters
    place: str

    @property
    def element(self) -> str:
        """The element."""
        return self.plants.element

    def risks(self) -> Iterator[Index]:
        """Yield the supply risk of every stage that all material goes through."""
        net = self.plants.net
        if not any(row.indicator == MEAN for row in self.known.rows):
            return
        for stage in stages_of(net):
            own = self.plants.supply((stage.name,))
            if own is not None and not is_passed_by(net, stage, year=self.plants.year):
                options: dict[str, Any] = {
                    "subject": stage.title,
                    "element": self.element,
                    "stage": stage.name,
                }
                yield supply_risk(own, self.known, place=self.place, **options)

    @cached_property
    def steps(self) -> tuple[_Step, ...]:
        """All origins as one step, and then the stages that all material goes through."""
        net, year = self.plants.net, self.plants.year
        stages = stages_of(net)
        origins = [stage for stage in stages if stage.is_origin]
        titles = [stage.title for stage in origins]
        title = " and ".join([*titles[:1], *map(str.lower, titles[1:])])
        return (
            _Step(title, tuple(stage.name for stage in origins), True, False),
            *(
                _Step(stage.title, (stage.name,), False, is_final(net, stage, year=year))
                for stage in stages
                if not stage.is_origin and not is_passed_by(net, stage, year=year)
            ),
        )

    @cached_property
    def carried(self) -> dict[_Step, tuple[Supply | None, Demanded]]:
        """Supply of each step carried to the end, and the demand that it can serve."""
        plants = self.plants
        return {
            step: (
                plants.supply(step.stages, is_carried=True),
                plants.ends.demand_of(plants.forms(step.stages)),
            )
            for step in self.steps
        }

    def published(self, step: _Step, element: str, country: str) -> list[Input]:
        """Return what others published of N-1 at a step without a country."""
        where: dict[str, Any] = {"place": country, "element": element, "stage": step.stages[0]}
        rows = {
            name: self.known.find(indicator, year=self.plants.year, **where)
            for indicator, name in PUBLISHED.items()
        }
        # Only what was published of just this is set beside the figure: a value for all elements is
        # no check of one.
        return [
            replace(input_of(row), name=name)
            for name, row in rows.items()
            if row is not None and (row.place, row.group or "") == (country, element)
        ]

    def _input(self, indicator: str) -> Input | None:
        """A parameter of the place itself, not one that holds everywhere."""
        year = self.plants.year
        row = self.known.find(indicator, year=year, place=self.place, element=self.element)
        return input_of(row) if row is not None and row.place else None

    def _consumption(self, forms: frozenset[str]) -> tuple[Input | None, tuple[str, ...]]:
        """What the place uses of some forms, and what a reader must know of it."""
        options = self._input("consumption")
        if options is not None:
            return options, ()
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

    def benchmarks(self) -> Iterator[Index]:
        """Yield what the place could do itself at every step, and recycle, and buys of one."""
        members, bounds = self.known.members(self.place), self.plants.ends
        common: dict[str, Any] = {"element": self.element, "year": self.plants.year}
        for step in self.steps:
            if step.is_final:
                continue  # makers of goods are not among the benchmarks
            supply = self.plants.supply(step.stages, is_carried=True, members=members)
            used, flags = self._consumption(self.plants.forms(step.stages))
            amount = supply.beside() if supply else figure(0.0)
            note = "carried to the end by the yields of the way"
            if supply is not None and not step.is_origin:
                fed = self.plants.fed(step.stages, members=members)
                amount = fed.tonnes
                note = f"{note}; what links can feed, limited by {fed.limit}"
            if not amount[1]:
                flags = (*flags, "No plant of the step runs with a feed by links of the tier.")
            text = "estimated" if supply is not None and supply.estimated else "table"
            yield own_capacity(
                "extraction" if step.is_origin else "processing",
                place=self.place,
                consumption=used,
                own=Input.of(f"own {step.title.lower()} capacity", amount, known=text, note=note),
                subject=step.title,
                flags=(*(supply.flags if supply else ()), *flags),
                **common,
            )
        used, flags = self._consumption(frozenset(form for _, form in bounds.figures))
        own = self._input("recycling")
        yield own_capacity(
            "recycling", place=self.place, consumption=used, own=own, flags=flags, **common
        )
        yield largest_outside(self.place, share=self._input("main_supplier_share"), **common)
