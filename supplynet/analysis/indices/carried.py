"""Tonnes of a stage as what they become at the end, what links feed of them, and the demand.

A tonne of ore is no tonne of what nations ask for: it shrinks on the way. Each plant's tonnes are
carried to the end by the best yield of its ways, to each form that nations ask for. Where there
are several such forms with different losses, a tonne is shared out as the world's demand is, so
that all of them would be covered alike.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.limits import Limits
from supplynet.analysis.arrays.towards import towards
from supplynet.analysis.flow.names import plant_of
from supplynet.analysis.indices.supply import summed
from supplynet.network.demand import DemandFigure, demand
from supplynet.network.units import find_unit
from supplynet.sums import added
from supplynet.terms import LEVEL_NAMES

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.indices.rows import Figure
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Capacity, Node

#: share of the demand from which it is reported how it was got
_TOLD = 0.005
#: what limits a stage where links bring it all that it can handle
OWN = "own capacity"


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
    def figures(self) -> Mapping[tuple[str, str], tuple[DemandFigure, ...]]:
        """Demand for the element by nation and form, where any is known, at every level."""
        forms = dict.fromkeys(
            self.net.product_by_id[row.product].form
            for row in self.net.demand_rows
            if row.role == "final"
        )
        ask = partial(demand, self.net, element=self.limits.element, year=self.year)
        figures = {
            (nation, form): tuple(
                ask({nation}, form=form, level=level, need=level) for level in LEVEL_NAMES
            )
            for nation in self.net.nation_ids
            for form in forms
        }
        return {key: figure for key, figure in figures.items() if figure[1].how != "none"}

    @cached_property
    def asked(self) -> Mapping[str, float]:
        """Demand of all nations by form, those that are asked for at all."""
        by_form = added((form, figure[1].value) for (_, form), figure in self.figures.items())
        return {form: tonnes for form, tonnes in by_form.items() if tonnes > 0.0}

    @cached_property
    def best(self) -> Mapping[str, Mapping[str, float]]:
        """Best yield from the output of each vertex to any nation, by form."""
        frame, net = self.limits.frame, self.net
        nations = frozenset(net.nation_ids)
        portion = towards(net, frame, nations)
        is_carried = np.array([self.limits.can_leave(*route) for route in portion.ways], bool)[
            portion.way
        ]
        # what is cut off comes back to those who make goods: it is no way of its own to nations
        is_carried &= np.array([not arc.is_scrap for arc in portion.arcs], bool)
        recovery = np.array([self.limits.recovery(label) for label in portion.labels], np.float64)
        arriving = [arc.form if arc.head in nations else "" for arc in portion.arcs]
        best_by_form = {}
        for form in self.asked or dict.fromkeys(filter(None, arriving)):
            goes_there = np.array([name in ("", form) for name in arriving], bool)
            # Ways to one form at a time: what leads to magnets with little loss may lead to
            # phosphors with much.
            yields = portion.best_yields(recovery, is_carried & goes_there)
            best_by_form[form] = dict(zip(portion.labels, yields.tolist(), strict=True))
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
        yields = {form: of_form for form, of_form in self.of(node).items() if of_form > 0.0}
        if not yields:
            return 0.0
        if not self.asked:
            return max(yields.values())
        # The harmonic mean, weighted by demand: serving all forms in these parts takes so many
        # tonnes for each tonne at the end.
        wanted = math.fsum(self.asked[form] for form in yields)
        return wanted / math.fsum(self.asked[form] / of_form for form, of_form in yields.items())

    def part(self, node: Node) -> float:
        """Part of a plant's tonnes that is this element's, as the world asks for its elements.

        Less than 1 only where a capacity is tonnes of any one element: those of a basket or of a
        product hold all elements at once.
        """
        row: Node | Capacity = self.limits.steps.get(node.id, node)
        if find_unit(self.net, row.unit).measures not in ("oxide", "metal"):
            return 1.0
        commodity, nations = self.net.commodity, set(self.net.nation_ids)
        made = {element for group in node.makes for element in commodity.groups[group]}
        options = {
            element: demand(self.net, nations, element, self.year).value
            for element in commodity.elements
            if not made or element in made
        }
        total = math.fsum(options.values())
        return options.get(self.limits.element, 0.0) / total if total else 1.0

    def demand_of(self, forms: frozenset[str], members: frozenset[str] | None = None) -> Demanded:
        """Return who asks for some forms, of some countries or of all."""
        country = {nation: self.net.node(nation).country for nation in self.net.nation_ids}
        selection = [
            (country[nation], figure)
            for (nation, form), figure in self.figures.items()
            if form in forms and (members is None or country[nation] in members)
        ]
        return Demanded(
            self.year,
            added(
                (code, np.array([demand_figure.value for demand_figure in figures]))
                for code, figures in selection
            ),
            added(
                (str(demand_figures[1]), demand_figures[1].value) for _, demand_figures in selection
            ),
            math.fsum(stated[1].value * stated[1].estimated_share for _, stated in selection),
        )


@dataclass(frozen=True)
class Demanded:
    """Who asks for how much in a year, and how the figures were got."""

    year: int
    tonnes: Mapping[str, Figure]  #: t/yr of the element by country; empty where none is known
    by_how: Mapping[str, float]  #: tonnes by how they were got, such as ``"held at 2024"``
    estimated: float  #: tonnes whose rows are estimates

    @classmethod
    def together(cls, several: Sequence[Demanded]) -> Demanded:
        """Return several demands of a year as one."""
        return cls(
            several[0].year,
            added(pair for demanded in several for pair in demanded.tonnes.items()),
            added(pair for entry in several for pair in entry.by_how.items()),
            math.fsum(member.estimated for member in several),
        )

    @property
    def flags(self) -> tuple[str, ...]:
        """That demand was held or worked out between years, with its share; empty for none."""
        total = float(summed(self.tonnes.values())[1])
        texts = [
            f"{tonnes / total:.0%} of the demand of {self.year} is {how}"
            + (", with no growth since" if how.startswith("held") else "")
            for how, tonnes in self.by_how.items()
            if total and tonnes / total > _TOLD and not how.startswith("given")
        ]
        return (f"{'; '.join(texts)}.",) if texts else ()


@dataclass(frozen=True)
class Fed:
    """Tonnes of a stage's capacity that links can feed, as what they become at the end."""

    tonnes: Figure
    #: t/yr of the smallest cut by step of the way, such as ``"mine links"``; empty where nothing
    #: but the stage itself limits
    limits: Mapping[str, float]

    @property
    def limit(self) -> str:
        """The step that limits most of it."""
        return max(self.limits, key=lambda step: self.limits[step], default=OWN)

    @classmethod
    def together(cls, feds: Iterable[Fed]) -> Fed:
        """Return what links can feed of several elements."""
        members = list(feds)
        limits = added(pair for fed in members for pair in fed.limits.items())
        return cls(summed(fed.tonnes for fed in members), limits)


def cut_by_step(solved: Solved, own: Collection[str]) -> dict[str, float]:
    """Return tonnes of the smallest cut by step, without the plants that are fed."""
    graph = solved.graph
    members = [(int(vertex), "capacity", graph.node_capacity) for vertex in solved.cut.nodes]
    members += [(int(arc), "links", graph.capacity) for arc in solved.cut.arcs]
    limits: list[tuple[str, float]] = []
    for index, what, tonnes in members:
        label = plant_of(graph.labels[index if what == "capacity" else graph.tail[index]])
        node = graph.net.node_by_id.get(label)
        is_own = label in own and (what == "capacity" or graph.arcs[index] is None)
        if is_own or not tonnes[index]:
            continue
        step = "restrictions" if label.startswith("restriction") else "corridors"
        if node is not None:
            step = f"{graph.net.stage_by_name[node.stage].title.lower()} {what}"
        limits.append((step, float(tonnes[index])))
    return added(limits)
