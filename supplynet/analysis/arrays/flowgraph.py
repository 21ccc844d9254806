"""A network, an element, a year, a link floor and closed nodes as arrays with their labels.

Every analysis starts here. Flow is counted in tonnes of the element that *arrive*: each
capacity is multiplied by the best yield from its place to the nation. Whatever a balance lets
pass a cut, each tonne of it arrives at most with the best yield behind the place where it first
crosses, so that the lossless maximum flow is an upper bound of it, and equals it where yields do
not depend on the route and nothing is shared.

New scrap goes back on links of its own: a maker that cuts q off per tonne finished sends at most
q times what it can finish back. What is cut off and lost is not charged.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.limits import Limits
from supplynet.analysis.arrays.most import Most
from supplynet.analysis.arrays.restrict import Gate, Held, gates_of, held_tonnages, receivable
from supplynet.analysis.arrays.skeleton import Arc, Arcs, skeleton
from supplynet.analysis.arrays.towards import Towards, towards
from supplynet.arrays import Floats, Ints
from supplynet.network.cache import cache_of
from supplynet.network.demand import demand
from supplynet.network.tiers import DEFAULT, Floors
from supplynet.network.uncertain import has_ranges
from supplynet.network.units import BASKET, flow_unit
from supplynet.solve.flow.problem import FlowProblem
from supplynet.terms import LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node

SOURCE, SINK = "source", "sink"
# share by which two yields may differ and be the same
_SAME = 1e-12


@dataclass(frozen=True, repr=False)
class FlowGraph:
    """Arrays of a maximum-flow problem, and what each of them stands for."""

    net: SupplyNetwork
    element: str
    year: int
    links: str
    plants: str
    unit: str  #: unit of every capacity and flow, such as ``"t Dy2O3/yr"``
    #: one per vertex: ``"source"``, ``"sink"``, a node id, ``"rule:<id>"`` for a corridor,
    #: ``"intake:<nation>:<form>"`` for a form that a nation takes up to its demand,
    #: ``"restriction:<nodes>:<form>:<ids>"`` for what restrictions let pass to receivers,
    #: ``"made:<node>"`` for what a plant finishes where its scrap goes back, or ``"mined:<node>"``
    #: for what an origin brings up where it also gets what others send, or
    #: ``"<node>@<rule>"`` for what a plant works on for a toll, apart from all else there
    labels: tuple[str, ...]
    #: tail, head: shape (n_arcs,)
    tail: Ints
    head: Ints
    #: shape (n_arcs,); t/yr that arrive; inf where nothing limits the arc
    capacity: Floats
    node_capacity: Floats  #: shape (n_vertices,)
    #: length n_arcs; where each arc comes from; None for arcs of the source, the sink and intakes
    arcs: Sequence[Arc | None]
    targets: tuple[str, ...]  #: ids of the nodes that the flow goes to
    #: whether a balance may bring less: plants or products are shared with other elements, yields
    #: differ by route, or scrap is cut off
    is_bound: bool

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Vertex number by label."""
        return {label: count for count, label in enumerate(self.labels)}

    @cached_property
    def content(self) -> tuple[object, ...]:
        """What makes two graphs the same problem: labels, ends and capacities."""
        arrays = (self.tail, self.head, self.capacity, self.node_capacity)
        return (self.labels, *(array.tobytes() for array in arrays))

    def problem(self, *, removed: frozenset[str] = frozenset()) -> FlowProblem:
        """Return the arrays as a problem, with some nodes shut."""
        if not removed:
            return self._whole
        node_capacity = self.node_capacity.copy()
        # A vertex that is shut keeps its number: labels, arcs and all that was worked out for the
        # whole stay valid for every loss.
        node_capacity[self.vertices_of(removed)] = 0.0
        return self._whole.replace(node_capacity=node_capacity)

    def vertices_of(self, labels: Iterable[str]) -> list[int]:
        """Return the numbers of some vertices, with what plants among them do for tolls."""
        names = [label for label in sorted(labels) if label in self.index]
        tolls = (self._tolls_at.get(label, ()) for label in names)
        return [self.index[label] for label in names] + [
            position for at in tolls for position in at
        ]

    @cached_property
    def _tolls_at(self) -> Mapping[str, tuple[int, ...]]:
        """Vertices of tolls by the plant that works for them."""
        at: dict[str, tuple[int, ...]] = {}
        for index, label in enumerate(self.labels):
            plant, _, toll = label.partition("@")
            if toll:
                at[plant] = (*at.get(plant, ()), index)
        return at

    @cached_property
    def _whole(self) -> FlowProblem:
        return FlowProblem(
            tail=self.tail,
            head=self.head,
            capacity=self.capacity,
            n_nodes=len(self.labels),
            source=self.index[SOURCE],
            sink=self.index[SINK],
            node_capacity=self.node_capacity,
        )


def flow_graph(
    net: SupplyNetwork,
    *,
    to: frozenset[str],
    element: str,
    year: int,
    links: str = DEFAULT.links,
    plants: str = DEFAULT.plants,
    closed: frozenset[str] = frozenset(),
    level: LevelName = "central",
    need: LevelName | None = None,
    is_up_to_need: bool = False,
    worth: Mapping[str, float] | None = None,
) -> FlowGraph:
    """Turn a network into the arrays of a maximum-flow problem.

    The element may be ``"basket"``; `links` is the weakest standing of links, `plants` the furthest
    from running of plants that may be used. `level` is the end of capacities, limits of links,
    recoveries and contents, `need` that of what nations ask for, by default the same; to bound a
    balance of the level it is the opposite one. With `is_up_to_need` the targets take every form
    only up to their demand, so that what cannot be used is not counted; what others take is limited
    only for forms that are not final. `worth` is what a tonne that leaves each target counts, by
    default a tonne.
    """
    # Needs may stand at another end than supply: a coverage is lowest with low supply beside a high
    # need.
    if level != "central" and not has_ranges(net):
        level = need = "central"
    need = need if need is not None and net.demand_rows else level
    valued = None if worth is None else tuple(sorted(worth.items()))
    counted = links, plants, closed, level, need, is_up_to_need
    key = ("flowgraph", to, element, year, *counted, valued)
    if key not in cache_of(net):
        frame = skeleton(net, year=year, links=links, plants=plants, closed=closed)
        cache_of(net)[key] = _assemble(
            Limits(net, frame, element, year, level, need),
            to,
            year,
            Floors(links, plants),
            is_up_to_need=is_up_to_need,
            worth=worth,
        )
    graph: FlowGraph = cache_of(net)[key]
    return graph


def _assemble(
    limits: Limits,
    to: frozenset[str],
    year: int,
    counted: Floors,
    *,
    is_up_to_need: bool,
    worth: Mapping[str, float] | None,
) -> FlowGraph:
    """Put vertices, arcs and capacities together."""
    net, frame, most = limits.net, limits.frame, Most(limits)
    portion = towards(net, frame, to)
    is_carried = np.array([limits.can_leave(*route) for route in portion.ways], bool)[portion.way]
    gates = gates_of(net, frame, portion.arcs, limits.element, year)
    for at_arc, gate in gates.items():
        if gate.withheld == 1.0:
            is_carried[at_arc] = False
    recovery = np.array([limits.recovery(label) for label in portion.labels], np.float64)
    # Capacities count tonnes that arrive by the best way there is, for a flow of one commodity
    # knows no losses: an upper bound where yields differ by route.
    targets = tuple(portion.labels[index] for index in portion.targets.tolist())
    at_targets = 1.0 if worth is None else np.array([worth[target] for target in targets])
    yields = portion.best_yields(recovery, is_carried, at_targets)
    best = {
        label: selection
        for label, selection in zip(portion.labels, yields.tolist(), strict=True)
        if selection
    }
    is_used = is_carried & (yields[portion.tail] > 0.0) & (yields[portion.head] > 0.0)
    capacity = np.where(portion.is_free, np.inf, 0.0)
    arriving = (recovery * yields)[portion.head]
    bounded = np.flatnonzero(is_used & ~portion.is_free)
    capacity[bounded] = most.of_arcs(portion, bounded, arriving[bounded])
    used = np.flatnonzero(is_used & (capacity > 0.0))

    is_scrap = portion.is_scrap[used]
    vertices = _Vertices(most, portion, best, used[~is_scrap], arriving)
    tail = np.where(
        is_scrap, *(bounds[portion.tail[used]] for bounds in (vertices.number, vertices.out))
    )
    head = vertices.number[portion.head[used]]
    positions = np.full(len(portion.arcs), -1)
    positions[used] = np.arange(used.size)
    tolls = [(positions[n], portion.arcs[n]) for n in portion.tolled if positions[n] >= 0]
    vertices.part_tolls(tolls, tail, head)
    is_limited = portion.enters_by_form
    if is_up_to_need:
        is_limited = is_limited | portion.enters_asking
    for at_arc in np.flatnonzero(is_limited[used]).tolist():
        arc = portion.arcs[used[at_arc]]
        head[at_arc] = vertices.intake(arc.head, arc.form, year)
    _restrict(vertices, portion, gates, positions, head, year)
    more = vertices.finish(targets)
    differs = arriving[used] < yields[portion.tail[used]] * (1.0 - _SAME)
    return FlowGraph(
        net=net,
        element=limits.element,
        year=year,
        links=counted.links,
        plants=counted.plants,
        unit=flow_unit(net, limits.element),
        labels=tuple(vertices.labels),
        tail=np.concatenate([more[:, 0], tail]),
        head=np.concatenate([more[:, 1], head]),
        capacity=np.concatenate([np.full(len(more), np.inf), capacity[used]]),
        node_capacity=np.array(vertices.capacity, dtype=np.float64),
        arcs=Arcs(portion.arcs.whole, np.append(np.full(len(more), -1), portion.arcs.at[used])),
        targets=targets,
        is_bound=most.is_shared or bool(differs.any()) or any(map(most.is_cut_off, best)),
    )


def _restrict(
    vertices: _Vertices,
    portion: Towards,
    gates: Mapping[int, Gate],
    positions: Ints,
    head: Ints,
    year: int,
) -> None:
    """Let what restrictions hold pass vertices of their own; `head` is changed.

    `positions` has the places of the arcs in use by their number in `portion`, -1 for others.
    """
    most = vertices.most
    rooms = _rooms(
        most, gates, [(n, portion.arcs[n]) for n in sorted(gates) if positions[n] >= 0], year
    )
    contents = _held(most.limits, portion.arcs, year)
    for at_arc in sorted(n for n in gates.keys() | contents.keys() if positions[n] >= 0):
        index = positions[at_arc]
        if at_arc in gates:
            gate = gates[at_arc]
            head[index] = vertices.gate(gate, rooms[gate.label], int(head[index]))
        for tonnage in contents.get(at_arc, ()):
            head[index] = vertices.held(tonnage, int(head[index]))


def _rooms(
    most: Most, gates: Mapping[int, Gate], arcs: list[tuple[int, Arc]], year: int
) -> dict[str, float]:
    """Return, by label, what gates let pass in tonnes where they stand."""
    through: dict[str, list[Arc]] = {}
    for index, arc in arcs:
        if index in gates:
            through.setdefault(gates[index].label, []).append(arc)
    values = {gate.label: gate for gate in gates.values()}
    rooms = {}
    for label, carrying in through.items():
        gate = values[label]
        could = receivable(most.limits, most.frame.nodes[gate.node], gate.form, year)
        is_nation = most.net.stage_by_name[most.frame.nodes[gate.node].stage].is_nation
        factor = most.through_gate(gate.form, carrying, is_nation=is_nation)
        rooms[label] = (1.0 - gate.withheld) * could * factor
    return rooms


def _held(limits: Limits, arcs: Arcs, year: int) -> dict[int, list[Held]]:
    """Return, by index of an arc, the tonnages that restrictions hold it to with others.

    The basket is held back only by a restriction of every element.
    """
    net, frame = limits.net, limits.frame
    wanted = set(net.commodity.elements) if limits.element == BASKET else {limits.element}
    by_arc: dict[int, list[Held]] = {}
    tonnages = held_tonnages(net, frame, year, limits.level)
    places = {id(arc): count for count, arc in enumerate(arcs)} if tonnages else {}
    for tonnage in tonnages:
        for index in tonnage.arcs if wanted <= tonnage.border.elements else ():
            if id(frame.arcs[index]) in places:
                by_arc.setdefault(places[id(frame.arcs[index])], []).append(tonnage)
    return by_arc


class _Vertices:
    """Vertices as they are put together, and the unlimited arcs between them and the ends.

    `best` is the best yield to a target, without vertices that have none, and `arriving` that from
    each arc; `finished` are places of the arcs in use that carry no scrap.
    """

    def __init__(
        self,
        most: Most,
        portion: Towards,
        best: Mapping[str, float],
        finished: Ints,
        arriving: Floats,
    ) -> None:
        self.most = most
        self.labels = [SOURCE]
        self.capacity = [math.inf]
        self.arcs: list[tuple[int, int]] = []
        #: vertex numbers by index in ``part.labels``, where arcs enter and where those that
        #: carry no scrap leave; that of the source where there is none
        self.number = np.zeros(len(portion.labels), dtype=np.int64)
        self.out = np.zeros(len(portion.labels), dtype=np.int64)
        self._intakes: dict[str, int] = {}
        self._gates: dict[str, int] = {}
        self._ways: set[tuple[int, int]] = set()
        self.best = best
        onward = np.zeros(len(portion.labels))
        onward[portion.targets] = [
            best[portion.labels[target]] for target in portion.targets.tolist()
        ]
        np.maximum.at(onward, portion.tail[finished], arriving[finished])
        gets = set(portion.head.tolist())
        for index, label in enumerate(portion.labels):
            if label not in best:
                continue
            if index >= portion.n_nodes:
                count = self._add(label, most.of_hub(label) * best[label])
                self.number[index] = self.out[index] = count
                continue
            node = most.frame.nodes[label]
            if most.limits.is_origin(label):
                self._origin(index, node, is_fed=index in gets)
            else:
                self._plant(index, node, float(onward[index]))
        self._place = {label: position for position, label in enumerate(self.labels)}
        self._leaves = {
            label: int(self.out[value])
            for value, label in enumerate(portion.labels)
            if label in best
        }

    def _origin(self, position: int, node: Node, *, is_fed: bool) -> None:
        """Add an origin; where others send to it, its capacity holds what it brings up alone."""
        limit = self.most.of_node(node) * self.most.yield_after(node, self.best[node.id])
        # A mine's capacity is what it brings up; what others send through it to be worked on is not
        # held by it.
        index = self._add(node.id, math.inf if is_fed else limit)
        if is_fed:
            mined = self._add(f"mined:{node.id}", limit)
            self.arcs += [(0, mined), (mined, index)]
        else:
            self.arcs.append((0, index))
        self.number[position] = self.out[position] = index

    def _plant(self, position: int, node: Node, onward: float) -> None:
        """Add a plant; where scrap goes back, what it finishes and what it cuts off are apart."""
        most, best = self.most, self.best[node.id]
        limit, ratio = most.of_node(node), most.returning.get(node.id, 0.0)
        # A capacity that counts finished goods does not hold the scrap cut off beside them: the
        # plant is split in two, what goes through it and what leaves it finished.
        is_split = ratio > 0.0 and math.isfinite(limit) and most.counts_finished(node)
        through = limit * (1.0 + ratio) if is_split else limit
        index = self._add(node.id, through * most.yield_after(node, best))
        self.number[position] = self.out[position] = index
        if is_split:
            self.out[position] = made = self._add(f"made:{node.id}", limit * onward)
            self.arcs.append((index, made))

    def _add(self, label: str, capacity: float) -> int:
        self.labels.append(label)
        self.capacity.append(capacity)
        return len(self.labels) - 1

    def intake(self, nation: str, form: str, year: int) -> int:
        """Return the vertex through which a nation takes a form up to its demand."""
        label = f"intake:{nation}:{form}"
        if label not in self._intakes:
            limits = self.most.limits
            need = demand(limits.net, {nation}, limits.element, year, form=form, need=limits.need)
            self._intakes[label] = index = self._add(label, need.value)
            self.arcs.append((index, self._place[nation]))
        return self._intakes[label]

    def part_tolls(
        self,
        arcs: Iterable[tuple[int, Arc]],
        tail: Ints,
        head: Ints,
    ) -> None:
        """Let what plants work on for a toll pass vertices of its own; `tail`, `head` are changed.

        Each may be all that the plant can do, so that the flow stays an upper bound.
        """
        for index, arc in arcs:
            comes = arc.tail in self.most.frame.hubs
            plant = arc.head if comes else arc.tail
            label = f"{plant}@{arc.toll}"
            if label not in self._gates:
                self.most.is_shared = True
                self._gates[label] = self._add(label, self.capacity[self._place[plant]])
            (head if comes else tail)[index] = self._gates[label]

    def gate(self, gate: Gate, room: float, head: int) -> int:
        """Return the vertex through which a receiver takes what restrictions let pass."""
        if gate.label not in self._gates:
            arriving = self.most.limits.recovery(gate.node) * self.best[gate.node]
            self._gates[gate.label] = self._add(gate.label, room * arriving)
        return self._onward(self._gates[gate.label], head)

    def held(self, entry: Held, head: int) -> int:
        """Return the vertex through which receivers take a tonnage that a restriction lets pass.

        What each of them gets of it is left open, so that the flow stays an upper bound.
        """
        if entry.label not in self._gates:
            most, frame = self.most, self.most.frame
            arcs = [frame.arcs[arc] for arc in entry.arcs]
            limit = max(
                most.of_held(arc, entry.tonnage, entry.unit)
                * most.limits.recovery(arc.head)
                * self.best.get(arc.head, 0.0)
                for arc in arcs
            )
            # Receivers of one tonnage share a vertex; where their yields differ its capacity is
            # that of the best one, so that the flow stays an upper bound.
            self._gates[entry.label] = self._add(entry.label, limit)
        return self._onward(self._gates[entry.label], head)

    def _onward(self, index: int, head: int) -> int:
        """Let all that enters a vertex go on to a head, as to others; return the vertex."""
        if (index, head) not in self._ways:
            self._ways.add((index, head))
            self.arcs.append((index, head))
        return index

    def finish(self, targets: tuple[str, ...]) -> Ints:
        """Join the targets to the sink; return the unlimited arcs, shape (n, 2)."""
        sink = self._add(SINK, math.inf)
        self.arcs += [(self._leaves[target], sink) for target in targets]
        return np.array(self.arcs, dtype=np.int64).reshape(-1, 2)
