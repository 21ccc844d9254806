"""The supply of each stage of a graph, by where plants stand or who owns them.

Tonnes of a stage as what they become at the end, what links feed of them, and the demand.

A tonne of ore is no tonne of what nations ask for: it shrinks on the way. Each plant's tonnes are
carried to the end by the best yield of its ways, to each form that nations ask for. Where there
are several such forms with different losses, a tonne is shared out as the world's demand is, so
that all of them would be covered alike.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, cast

import numpy as np

from supplynet.analysis.arrays.flowgraph import SINK, flow_graph
from supplynet.analysis.arrays.limits import Limits
from supplynet.analysis.arrays.skeleton import skeleton
from supplynet.analysis.arrays.solving import solve
from supplynet.analysis.arrays.towards import towards
from supplynet.analysis.flow.names import plant_of
from supplynet.analysis.indices.rows import figure
from supplynet.analysis.indices.supply import Supply, summed
from supplynet.network.cache import cache_of
from supplynet.network.countries import country_name
from supplynet.network.demand import DemandFigure, demand
from supplynet.network.schema import UNKNOWN, Capacity, Node, Production, Stage
from supplynet.network.selector import holder, holders
from supplynet.network.tiers import DEFAULT, Floors
from supplynet.network.timeline import capacities_in_force
from supplynet.network.units import BASKET, find_unit
from supplynet.sums import added
from supplynet.terms import LEVEL_NAMES, STANDINGS, LevelName

if TYPE_CHECKING:
    from supplynet.analysis.arrays.solving import Solved
    from supplynet.analysis.indices.rows import Figure
    from supplynet.network.network import SupplyNetwork


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


#: plants that a flag names before it counts the rest
_NAMED = 5
#: what limits a stage where no link is left that leads to it
UNFED = "no links"
#: share of a capacity that rounding may take
_ROUNDING = 1e-9


def stages_of(net: SupplyNetwork) -> tuple[Stage, ...]:
    """Return the stages that make something: all but those of nations."""
    return tuple(stage for stage in net.stages if not stage.is_nation)


@dataclass(frozen=True)
class Stages:
    """What plants of each stage supply of one element in a year, in t/yr on the graph's basis."""

    net: SupplyNetwork
    element: str  #: an element of the graph, or ``"basket"``
    year: int
    basis: str = "capacity"  #: or "production", in a year where that is known
    counted: Floors = DEFAULT  #: links and plants that count
    level: LevelName = "central"  #: end of the figures

    @cached_property
    def _made(self) -> tuple[SupplyNetwork, frozenset[str]]:
        """The network whose capacities count, and the plants that count with what they made."""
        if self.basis == "production":
            return _as_made(self.net, self.year)
        return self.net, frozenset()

    @cached_property
    def limits(self) -> Limits:
        """Capacities and yields."""
        net = self._made[0]
        floors = self.counted
        frame = skeleton(net, year=self.year, links=floors.links, plants=floors.plants)
        return Limits(net, frame, self.element, self.year, self.level)

    @cached_property
    def ends(self) -> Ends:
        """Yields to what nations ask for, and how much they ask."""
        return Ends(self.limits, self.year)

    def forms(self, stages: tuple[str, ...]) -> frozenset[str]:
        """Return the forms that plants of some stages can serve nations with."""
        return frozenset(form for node in self._makers(stages) for form in self.ends.of(node))

    def supply(
        self,
        stages: tuple[str, ...],
        *,
        lens: str = "location",
        is_carried: bool = False,
        members: frozenset[str] | None = None,
    ) -> Supply | None:
        """Return who supplies at some stages together; None where no plant runs.

        With `is_carried` tonnes are what they become at the end, and not those of the stage; plants
        that handle several elements share their tonnes among them as the demand is, and one that no
        link of the tier feeds counts as nothing, and not by the ore that merely possible links
        could bring. `members` are countries whose plants count, by default all.
        """
        net = self._made[0]
        entries: list[tuple[str, Figure]] = []
        unknown: list[Figure] = []
        unlimited, lost, unfed, estimated, is_parted = [], [], [], 0.0, False
        steps = capacities_in_force(net, self.year, self.counted.plants)
        nodes = [
            node
            for node in self._makers(stages)
            if members is None or holder(net, node.id, lens) in members
        ]
        for node in nodes:
            # A plant that no link of the tier feeds stands and has a capacity: with all links it is
            # counted by the feed that it could get, and told, or it would vanish from its country's
            # share.
            is_fed = self._is_fed(node)
            unfed += [] if is_fed else [node.name]
            seen, amount = self if is_fed else self._wide, np.zeros(3)
            if is_fed or not is_carried:
                capacity = seen.limits.node_limit(node)
                # Without a capacity it has no share: one plant would be all of the supply.
                if math.isinf(capacity):
                    unlimited.append(node.name)
                    continue
                if is_carried and capacity:
                    lost += [] if seen.ends.carried(node) else [node.name]
                    is_parted = is_parted or seen.ends.part(node) < 1.0
                amount = seen._tonnes(node, stages, is_carried=is_carried)
            row: Node | Capacity = steps.get(node.id, node)
            estimated += float(amount[1]) if row.confidence == "estimated" else 0.0
            # By shares of owners a joint venture counts for each in part; by the other lenses for
            # one.
            for owner, share in holders(net, node.id, lens).items():
                if owner == UNKNOWN:
                    unknown.append(amount * share)
                else:
                    entries.append((owner, amount * share))
        flags = self._flags(unlimited, lost, is_carried=is_carried, is_parted=is_parted)
        flags += self._told(nodes, unfed, is_carried=is_carried)
        by_owner = added(entries)
        names = {code: country_name(code, net.commodity.areas) for code in by_owner}
        supply = Supply(
            self.year,
            by_owner,
            names,
            unknown=tuple(unknown),
            estimated=estimated,
            flags=tuple(flags),
        )
        return supply if supply.total > 0.0 else None

    def fed(
        self,
        stages: tuple[str, ...],
        *,
        without: str = "",
        members: frozenset[str] | None = None,
    ) -> Fed:
        """Return what links can feed of the capacity at some stages, carried to the end.

        Plants of all stages in the country `without` are shut; `members` as in :meth:`supply`.
        """
        net = self._made[0]
        closed = frozenset(
            node.id
            for node in net.node_rows
            if node.country == without and not net.stage_by_name[node.stage].is_nation
        )
        contents = {
            node.id: self._tonnes(node, stages, is_carried=True)
            for node in self._makers(stages)
            if node.id not in closed and (members is None or node.country in members)
            if self._is_fed(node) and not math.isinf(self.limits.node_limit(node))
        }
        low, central, high = (
            seen._feed({label: float(amount[at]) for label, amount in contents.items()}, closed)
            for at, seen in enumerate(self._levels)
        )
        return Fed(figure(central[0], low[0], high[0]), central[1])

    def _feed(
        self, most: Mapping[str, float], closed: frozenset[str]
    ) -> tuple[float, Mapping[str, float]]:
        """Return what can be fed of some plants' capacity together, and the cut by step of the way.

        The maximum flow of the element alone to the plants, each up to its capacity, with nothing
        asked of what comes behind them.
        """
        nodes = self.limits.frame.nodes
        worth = {label: value for label in most if (value := self._worth(nodes[label])) > 0.0}
        graph = flow_graph(
            self._made[0],
            to=frozenset(worth),
            element=self.element,
            year=self.year,
            links=self.counted.links,
            plants=self.counted.plants,
            closed=closed,
            level=self.level,
            worth=worth,
        )
        limit = graph.capacity.copy()
        for arc in np.flatnonzero(graph.head == graph.index[SINK]).tolist():
            limit[arc] = most[plant_of(graph.labels[graph.tail[arc]])]
        solved = solve(replace(graph, capacity=limit))
        could = math.fsum(most.values())
        if solved.value >= could * (1.0 - _ROUNDING):
            return could, {}
        return solved.value, cut_by_step(solved, most) or {UNFED: could}

    def _worth(self, node: Node) -> float:
        """What a tonne that leaves a plant becomes at the end."""
        share = self.limits.yield_after(node, {node.id: 1.0})
        return self.ends.carried(node) / share if share else 0.0

    def _becomes(self, node: Node, stages: tuple[str, ...], *, is_carried: bool) -> float:
        """What a tonne of a plant's capacity is at some stages, or with `is_carried` at the end.

        At a stage whose work it does as well it is what it takes in, before its own, and what it
        turns out, behind it.
        """
        if is_carried:
            return self.ends.carried(node) * self.ends.part(node)
        if node.stage in stages:
            return 1.0
        order = [stage.name for stage in self.net.stages]
        recovery = self.limits.recovery(node.id)
        at_input = self.net.stage_by_name[node.stage].capacity_at == "input"
        # Its capacity is measured at its own stage: counted at an earlier one it is what had to go
        # in, at a later one what comes out.
        if min(map(order.index, stages)) < order.index(node.stage):
            return 1.0 if at_input or not recovery else 1.0 / recovery
        return recovery if at_input else 1.0

    def _tonnes(self, node: Node, stages: tuple[str, ...], *, is_carried: bool) -> Figure:
        """Return a plant's tonnes with their ends."""
        # A plant of less yield takes more of an earlier stage: the ends of one figure may meet the
        # others of the next.
        limits = [level.limits.node_limit(node) for level in self._levels]
        yields = [entry._becomes(node, stages, is_carried=is_carried) for entry in self._levels]
        tonnes = np.outer(limits, yields)
        return figure(tonnes[1, 1], tonnes.min(), tonnes.max())

    @cached_property
    def _levels(self) -> tuple[Stages, ...]:
        """The same with all figures low, as it is, and with all high."""
        return replace(self, level="low"), self, replace(self, level="high")

    @cached_property
    def _wide(self) -> Stages:
        """The same with every link."""
        return replace(self, counted=Floors(STANDINGS.names[-1], self.counted.plants))

    def _is_fed(self, node: Node) -> bool:
        """Whether some link brings a plant anything, or it is an origin."""
        frame = self.limits.frame
        return (
            self.net.stage_by_name[node.stage].is_origin
            or bool(frame.feeds.get(node.id))
            or bool(frame.separated_from.get(node.id))
        )

    def _flags(
        self, unlimited: list[str], lost: list[str], *, is_carried: bool, is_parted: bool
    ) -> list[str]:
        flags = []
        if is_parted:
            flags.append(
                "Plants whose capacity may be any of several elements are shared out among them "
                "as the world asks for each."
            )
        if self.limits.is_shared and self.element != BASKET and not is_carried:
            flags.append(
                "Plants that handle several elements count for each as if they handled it alone: "
                "shares are those of capacity."
            )
        if unlimited:
            flags.append(f"Plants without a capacity are left out: {_some(unlimited)}.")
        if lost:
            flags.append(
                f"Plants from which no link leads to what nations ask for count as nothing: "
                f"{_some(lost)}."
            )
        return flags

    def _told(self, nodes: list[Node], unfed: list[str], *, is_carried: bool) -> Iterator[str]:
        """Yield how plants count that no link feeds, and what they made."""
        if unfed:
            how = "as nothing" if is_carried else "by the feed that possible links could bring"
            yield f"Plants that no link of the tier feeds count {how}: {_some(unfed)}."
        if self.basis == "production":
            counted = [node for node in nodes if not math.isinf(self.limits.node_limit(node))]
            n_made = sum(node.id in self._made[1] for node in counted)
            yield (
                f"{n_made} of {len(counted)} plants count with what they made, the others with "
                "what they could."
            )

    def _makers(self, stages: Iterable[str]) -> Iterator[Node]:
        """Running plants of some stages that turn out the element.

        One that sends it to plants of its own stage alone only passes it on, such as a cracking
        plant before the separation: it is not counted twice.
        """
        for stage in stages:
            for node in self.limits.frame.nodes.values():
                if stage in (node.stage, *node.also) and self._turns_out(node):
                    yield node

    def _turns_out(self, node: Node) -> bool:
        frame = self.limits.frame
        leaving = (frame.arcs[index] for index in frame.arcs_out.get(node.id, ()))
        arcs = [arc for arc in leaving if not arc.is_scrap]
        if not arcs:
            return self.limits.can_leave(node.id, True)
        return any(
            self.limits.can_leave(node.id, arc.is_separated) and self._leads_on(arc.head, node)
            for arc in arcs
        )

    def _leads_on(self, head: str, sender: Node) -> bool:
        """Whether an arc, or the corridor that it enters, ends beyond the sender's stage."""
        frame = self.limits.frame
        bounds = [head]
        # A corridor ends at many plants: one beyond the sender's stage is enough.
        if head in frame.hubs:
            bounds = [frame.arcs[index].head for index in frame.arcs_out.get(head, ())]
        return any(end in frame.nodes and frame.nodes[end].stage != sender.stage for end in bounds)


def _some(names: list[str]) -> str:
    """Return a few names, and how many more there are."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"


def _as_made(net: SupplyNetwork, year: int) -> tuple[SupplyNetwork, frozenset[str]]:
    """Return the network with what plants made in a year as their capacity, and which did."""
    key = ("as made", year)
    rows = cast("tuple[Production, ...]", net.rows("production"))
    made = {row.node_id: row for row in rows if row.year == year}
    if key not in cache_of(net):
        steps = cast("tuple[Capacity, ...]", net.rows("capacities"))
        cache_of(net)[key] = net.replace(
            nodes=[_with_output(node, made.get(node.id)) for node in net.node_rows],
            capacities=[step for step in steps if step.node_id not in made],
        )
    return cast("SupplyNetwork", cache_of(net)[key]), frozenset(made)


def _with_output(node: Node, made: Production | None) -> Node:
    if made is None:
        return node
    return node.model_copy(
        update={
            "status": "operating",  # what it made needs no ramp
            "capacity": made.production,
            "capacity_low": None,  # its own ends are of what it could make
            "capacity_high": None,
            "unit": made.unit,
            "confidence": made.confidence,
        }
    )


def is_final(net: SupplyNetwork, stage: Stage, *, year: int) -> bool:
    """Whether all that leaves a stage is a final form: it makes goods, not raw material."""
    frame = skeleton(net, year=year, links=STANDINGS.names[-1])
    forms = {
        arc.form
        for arc in frame.arcs
        if arc.tail in frame.nodes
        and not arc.is_scrap
        and stage.name in (frame.nodes[arc.tail].stage, *frame.nodes[arc.tail].also)
    }
    return bool(forms) and all(net.form_by_name[form].is_final for form in forms)


def is_passed_by(net: SupplyNetwork, stage: Stage, *, year: int) -> bool:
    """Whether material can go from before a stage to behind it without it.

    Such a stage does only part of the work, and plants of other stages the rest: what would be
    left of it without a country says little.
    """
    frame = skeleton(net, year=year, links=STANDINGS.names[-1])
    if stage.is_origin:
        return False  # nothing comes before it
    order = {stage.name: index for index, stage in enumerate(stages_of(net))}
    places = {  # of plants that do the work of several stages: the first and the last
        label: [order[stage_name] for stage_name in (node.stage, *node.also) if stage_name in order]
        for label, node in frame.nodes.items()
    }
    first = {label: min(numbers) for label, numbers in places.items() if numbers}
    last = {label: max(numbers) for label, numbers in places.items() if numbers}
    into: dict[str, int] = {}
    for arc in frame.arcs:
        if arc.head in frame.hubs and arc.tail in last:
            into[arc.head] = min(into.get(arc.head, len(order)), last[arc.tail])
    own = order[stage.name]
    # A link that begins before the stage and ends behind it goes round it, also through a corridor.
    start = {**last, **into}
    return any(
        start.get(arc.tail, own) < own < first.get(arc.head, own)
        for arc in frame.arcs
        if not arc.is_scrap
    )
