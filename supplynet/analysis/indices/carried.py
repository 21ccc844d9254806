"""Tonnes of a stage as what they become at the end, beside the demand that they can serve.

A tonne of ore is no tonne of what nations ask for: it shrinks on the way. Each plant's tonnes are
carried to the end by the best yield of its ways, to each form that nations ask for. Where there
are several such forms with different losses, a tonne is shared out as the world's demand is, so
that all of them would be covered alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.limits import Limits
from supplynet.analysis.arrays.towards import towards
from supplynet.analysis.indices.supply import NOTHING, added, summed
from supplynet.network.demand import DemandFigure, demand
from supplynet.network.units import find_unit
from supplynet.terms import ENDS, LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Capacity, Node

#: share of the demand from which it is told how it was got
_TOLD = 0.005


@dataclass(frozen=True)
class Ends:
    """Yields to the forms that nations ask for, and how much of each they ask."""

    limits: Limits  #: of one element on one skeleton
    year: int

    @property
    def net(self) -> SupplyNetwork:
        """The network that is looked at."""
        return self.limits.net

    @cached_property
    def figures(self) -> Mapping[tuple[str, str], DemandFigure]:
        """Demand for the element by nation and form, where any is known."""
        return self._figures("central")

    @cached_property
    def at_ends(self) -> tuple[Mapping[tuple[str, str], DemandFigure], ...]:
        """The same with quantities and contents low, and with both high."""
        return tuple(self._figures(end.name) for end in ENDS.values())

    def _figures(self, level: LevelName) -> Mapping[tuple[str, str], DemandFigure]:
        forms = dict.fromkeys(
            self.net.product_by_id[row.product].form
            for row in self.net.demand_rows
            if row.role == "final"
        )
        ask = partial(demand, self.net, year=self.year, level=level, need=level)
        figures = {
            (nation, form): ask({nation}, self.limits.element, form=form)
            for nation in self.net.nation_ids
            for form in forms
        }
        return {key: figure for key, figure in figures.items() if figure.how != "none"}

    @cached_property
    def asked(self) -> Mapping[str, float]:
        """Demand of all nations by form, those that are asked for at all."""
        tonnes_by_form: dict[str, float] = {}
        for (_, form), figure in self.figures.items():
            tonnes_by_form[form] = tonnes_by_form.get(form, 0.0) + figure.value
        return {form: tonnes for form, tonnes in tonnes_by_form.items() if tonnes > 0.0}

    @cached_property
    def best(self) -> Mapping[str, Mapping[str, float]]:
        """Best yield from the output of each vertex to any nation, by form."""
        frame, net = self.limits.frame, self.net
        nations = frozenset(net.nation_ids)
        part = towards(net, frame, nations)
        ways = np.array([self.limits.can_leave(*way) for way in part.ways], bool)
        is_carried = ways[part.way] if len(part.way) else np.zeros(0, bool)
        # what is cut off comes back to those who make goods: it is no way of its own to nations
        is_carried &= np.array([not arc.is_scrap for arc in part.arcs], bool)
        recovery = np.array([self.limits.recovery(label) for label in part.labels], np.float64)
        arriving = [arc.form if arc.head in nations else "" for arc in part.arcs]
        best_by_form = {}
        for form in self.asked or dict.fromkeys(
            part_yield for part_yield in arriving if part_yield
        ):
            goes_there = np.array([part_yield in ("", form) for part_yield in arriving], bool)
            # Ways to one form at a time: what leads to magnets with little loss may lead to
            # phosphors with much.
            yields = part.best_yields(recovery, is_carried & goes_there)
            best_by_form[form] = dict(zip(part.labels, yields.tolist(), strict=True))
        return best_by_form

    def of(self, node: Node) -> Mapping[str, float]:
        """Best yield from the place where a plant's capacity is measured, by form it can serve."""
        return {
            form: self.limits.yield_after(node, best)
            for form, best in self.best.items()
            if best.get(node.id, 0.0) > 0.0
        }

    def carried(self, node: Node) -> float:
        """What a tonne of a plant becomes at the end, shared out as the demand is; 0 for no way."""
        yields = {
            form: part_yield for form, part_yield in self.of(node).items() if part_yield > 0.0
        }
        if not yields:
            return 0.0
        if not self.asked:
            return max(yields.values())
        # The harmonic mean, weighted by demand: serving all forms in these parts takes so many
        # tonnes for each tonne at the end.
        wanted = math.fsum(self.asked[form] for form in yields)
        return wanted / math.fsum(
            self.asked[form] / part_yield for form, part_yield in yields.items()
        )

    def part(self, node: Node) -> float:
        """Part of a plant's tonnes that is this element's, as the world asks for its elements.

        Less than 1 only where a capacity is tonnes of any one element: those of a basket or of a
        product hold all elements at once.
        """
        row: Node | Capacity = self.limits.steps.get(node.id, node)
        if find_unit(self.net, row.unit).measures not in ("oxide", "metal"):
            return 1.0
        asked = {element: self._asked_of(element) for element in self._handled(node)}
        total = math.fsum(asked.values())
        return asked.get(self.limits.element, 0.0) / total if total else 1.0

    def _handled(self, node: Node) -> list[str]:
        """Elements that a plant can turn out."""
        commodity = self.net.commodity
        made = {element for group in node.makes for element in commodity.groups[group]}
        return [element for element in commodity.elements if not made or element in made]

    def _asked_of(self, element: str) -> float:
        """What the world asks for of an element in all forms."""
        return demand(self.net, set(self.net.nation_ids), element, self.year).value

    def demand_of(self, forms: frozenset[str], members: frozenset[str] | None = None) -> Demanded:
        """Return who asks for some forms, of some countries or of all."""
        tonnes: dict[str, float] = {}
        ends: dict[str, tuple[float, float]] = {}
        by_how: dict[str, float] = {}
        estimated = 0.0
        for (nation, form), figure in self.figures.items():
            country = self.net.node(nation).country
            if form not in forms or (members is not None and country not in members):
                continue
            tonnes[country] = tonnes.get(country, 0.0) + figure.value
            low, high = (figures[nation, form].value for figures in self.at_ends)
            ends[country] = added(ends.get(country, NOTHING), (low, high))
            by_how[str(figure)] = by_how.get(str(figure), 0.0) + figure.value
            estimated += figure.value * figure.estimated_share
        return Demanded(self.year, tonnes, ends, by_how, estimated)


@dataclass(frozen=True)
class Demanded:
    """Who asks for how much in a year, and how the figures were got."""

    year: int
    tonnes: Mapping[str, float]  #: t/yr of the element by country; empty where no demand is known
    ends: Mapping[str, tuple[float, float]]  #: least and most of each
    by_how: Mapping[str, float]  #: tonnes by how they were got, such as ``"held at 2024"``
    estimated: float  #: tonnes whose rows are estimates

    @property
    def total(self) -> float:
        """Tonnes of all together."""
        return math.fsum(self.tonnes.values())

    @property
    def between(self) -> tuple[float, float]:
        """Least and most of all together."""
        return summed(self.ends.values())

    def added(self, other: Demanded) -> Demanded:
        """Return both together."""
        return Demanded(
            self.year,
            _sum(self.tonnes, other.tonnes),
            {
                code: added(self.ends.get(code, NOTHING), other.ends.get(code, NOTHING))
                for code in {**self.ends, **other.ends}
            },
            _sum(self.by_how, other.by_how),
            self.estimated + other.estimated,
        )

    @property
    def note(self) -> str:
        """What it is, for the input of an index."""
        return "demand of nations, contained in products"

    @property
    def flags(self) -> tuple[str, ...]:
        """That demand was held or worked out between years, with its share; empty for none."""
        total = self.total
        told = [
            f"{tonnes / total:.0%} of the demand of {self.year} is {how}, with no growth since"
            if how.startswith("held")
            else f"{tonnes / total:.0%} of the demand of {self.year} is {how}"
            for how, tonnes in self.by_how.items()
            if total and tonnes / total > _TOLD and not how.startswith("given")
        ]
        return (f"{'; '.join(told)}.",) if told else ()


def _sum(first: Mapping[str, float], second: Mapping[str, float]) -> dict[str, float]:
    keys = {**first, **second}
    return {key: first.get(key, 0.0) + second.get(key, 0.0) for key in keys}
