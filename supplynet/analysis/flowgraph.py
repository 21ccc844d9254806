"""A network, an element, a year, a link floor and closed nodes as arrays with their labels.

Every analysis starts here. Flow is counted in tonnes of the element that *arrive*: each
capacity is multiplied by the best yield from its place to the nation. A path decomposition of
any real flow with losses then satisfies every capacity, so that the lossless maximum flow is
an upper bound of it, and equals it where yields do not depend on the route.

What comes back as new scrap is not counted: a potential is of what comes from the ground. A maker
that recovers r of what it gets and cuts q off per tonne finished needs (1 + q) / r, and at most q
comes back; where that goes to the maker itself, (1 + q) / r - q >= 1 / r still has to come from
the ground, and the bound holds. Where scrap feeds another maker, a balance may serve more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from supplynet.analysis.catalog import Arc
from supplynet.analysis.limits import Limits
from supplynet.analysis.restrict import Gate, gates_of, receivable
from supplynet.analysis.skeleton import skeleton
from supplynet.analysis.towards import Towards, towards
from supplynet.analysis.withheld import Held, held_tonnages
from supplynet.model.demand import demand
from supplynet.model.tiers import DEFAULT, Floors
from supplynet.model.units import BASKET, Level, flow_unit
from supplynet.solve.problem import FlowProblem

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork

SOURCE, SINK = "source", "sink"


@dataclass(frozen=True)
class FlowGraph:
    """Arrays of a maximum-flow problem, and what each of them stands for.

    Parameters
    ----------
    net : SupplyNetwork
    element : str
    year : int
    links, plants : str
    unit : str
        Unit of every capacity and flow, such as ``"t Dy2O3/yr"``.
    labels : tuple of str
        One per vertex: ``"source"``, ``"sink"``, a node id, ``"rule:<id>"`` for a corridor,
        ``"intake:<nation>:<form>"`` for a form that a nation takes up to its demand, or
        ``"restriction:<nodes>:<form>:<ids>"`` for what restrictions let pass to receivers.
    tail, head : ndarray of int64, shape (n_arcs,)
    capacity : ndarray of float64, shape (n_arcs,)
        t/yr that arrive; inf where nothing limits the arc.
    node_capacity : ndarray of float64, shape (n_vertices,)
    arcs : tuple of Arc or None, length n_arcs
        Where each arc comes from; None for arcs of the source, the sink and intakes.
    targets : tuple of str
        Ids of the nodes that the flow goes to.
    is_shared : bool
        Whether plants that also handle other elements are counted as if they handled this one
        alone: the flow is then an upper bound.
    """

    net: SupplyNetwork = field(repr=False)
    element: str
    year: int
    links: str
    plants: str
    unit: str
    labels: tuple[str, ...] = field(repr=False)
    tail: npt.NDArray[np.int64] = field(repr=False)
    head: npt.NDArray[np.int64] = field(repr=False)
    capacity: npt.NDArray[np.float64] = field(repr=False)
    node_capacity: npt.NDArray[np.float64] = field(repr=False)
    arcs: tuple[Arc | None, ...] = field(repr=False)
    targets: tuple[str, ...]
    is_shared: bool

    @cached_property
    def index(self) -> Mapping[str, int]:
        """Vertex number by label."""
        return {label: place for place, label in enumerate(self.labels)}

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
        node_capacity[[self.index[label] for label in removed if label in self.index]] = 0.0
        return self._whole.replace(node_capacity=node_capacity)

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
    level: Level = "central",
    need: Level | None = None,
) -> FlowGraph:
    """Turn a network into the arrays of a maximum-flow problem.

    Parameters
    ----------
    net : SupplyNetwork
    to : frozenset of str
        Ids of the nodes where the flow must arrive.
    element : str
        An element of the graph, or ``"basket"``.
    year : int
    links : {"observed", "contracted", "planned", "plausible"}
        Weakest standing of links that may still be used.
    plants : {"operating", "construction", "planned"}
        Furthest from running that a plant may be.
    closed : frozenset of str
        Ids of nodes that are shut.
    level : {"low", "central", "high"}
        Which end of capacities, limits of links, recoveries and contents to use.
    need : {"low", "central", "high"}, optional
        Which end of what nations ask for to use, where they take a form up to their need. Default:
        that of the tonnes, ``level``; to bound a balance of the level it is the opposite one.

    Returns
    -------
    FlowGraph

    Raises
    ------
    TableError
        If a capacity has a unit that the graph does not declare.
    """
    need = level if need is None else need
    key = ("flowgraph", to, element, year, links, plants, closed, level, need)
    if key not in net.cache:
        frame = skeleton(net, year=year, links=links, plants=plants, closed=closed)
        net.cache[key] = _assemble(
            Limits(net, frame, element, year, level, need), to, year, Floors(links, plants)
        )
    found: FlowGraph = net.cache[key]
    return found


def _assemble(limits: Limits, to: frozenset[str], year: int, counted: Floors) -> FlowGraph:
    """Put vertices, arcs and capacities together."""
    net, frame = limits.net, limits.frame
    part = towards(net, frame, to)
    is_carried = np.array([limits.can_leave(*way) for way in part.ways], bool)[part.way]
    gates = gates_of(net, frame, part.arcs, limits.element, year)
    for place, gate in gates.items():
        if gate.withheld == 1.0:
            is_carried[place] = False
    recovery = np.array([limits.recovery(label) for label in part.labels], np.float64)
    yields = part.best_yields(recovery, is_carried)
    best = {label: one for label, one in zip(part.labels, yields.tolist(), strict=True) if one}
    is_used = is_carried & (yields[part.tail] > 0.0) & (yields[part.head] > 0.0)
    capacity = np.where(part.is_free, np.inf, 0.0)
    for place in np.flatnonzero(is_used & ~part.is_free).tolist():
        capacity[place] = limits.arc_limit(part.arcs[place], best)
    used = np.flatnonzero(is_used & (capacity > 0.0))

    vertices = _Vertices(limits, part, best)
    head = vertices.number[part.head[used]]
    for place in np.flatnonzero(part.enters_by_form[used]).tolist():
        arc = part.arcs[used[place]]
        head[place] = vertices.intake(arc.head, arc.form, year)
    held = _held(limits, part.arcs, year)
    for number, place in enumerate(used.tolist()):
        if place in gates:
            head[number] = vertices.gate(gates[place], int(head[number]), year)
        for one in held.get(place, ()):
            head[number] = vertices.held(one, int(head[number]))
    targets = tuple(part.labels[place] for place in part.targets.tolist())
    more = vertices.finish(targets)
    return FlowGraph(
        net=net,
        element=limits.element,
        year=year,
        links=counted.links,
        plants=counted.plants,
        unit=flow_unit(net, limits.element),
        labels=tuple(vertices.labels),
        tail=np.concatenate([more[:, 0], vertices.number[part.tail[used]]]),
        head=np.concatenate([more[:, 1], head]),
        capacity=np.concatenate([np.full(len(more), np.inf), capacity[used]]),
        node_capacity=np.array(vertices.capacity, dtype=np.float64),
        arcs=(*[None] * len(more), *(part.arcs[place] for place in used.tolist())),
        targets=targets,
        is_shared=limits.is_shared,
    )


def _held(limits: Limits, arcs: tuple[Arc, ...], year: int) -> dict[int, list[Held]]:
    """Return, by place of an arc, the tonnages that restrictions hold it to with others.

    The basket is held back only by a restriction of every element.
    """
    net, frame = limits.net, limits.frame
    wanted = set(net.commodity.elements) if limits.element == BASKET else {limits.element}
    places = {id(arc): place for place, arc in enumerate(arcs)}
    found: dict[int, list[Held]] = {}
    for one in held_tonnages(net, frame, year, limits.level):
        for place in one.arcs if wanted <= one.border.elements else ():
            if id(frame.arcs[place]) in places:
                found.setdefault(places[id(frame.arcs[place])], []).append(one)
    return found


class _Vertices:
    """Vertices as they are put together, and the unlimited arcs between them and the ends.

    Parameters
    ----------
    limits : Limits
    part : Towards
    best : mapping of str to float
        Best yield to a target; vertices without one are left out.
    """

    def __init__(self, limits: Limits, part: Towards, best: Mapping[str, float]) -> None:
        self.limits = limits
        self.labels = [SOURCE]
        self.capacity = [math.inf]
        self.arcs: list[tuple[int, int]] = []
        #: vertex number by place in ``part.labels``; that of the source where there is none
        self.number = np.zeros(len(part.labels), dtype=np.int64)
        self._intakes: dict[str, int] = {}
        self._gates: dict[str, int] = {}
        self._ways: set[tuple[int, int]] = set()
        self.best = best
        net, frame = limits.net, limits.frame
        for place, label in enumerate(part.labels):
            if label not in best:
                continue
            if place < part.n_nodes:
                node = frame.nodes[label]
                limit = limits.node_limit(node) * limits.yield_after(node, best)
                number = self._add(label, limit)
                if net.stage_by_name[node.stage].is_origin:
                    self.arcs.append((0, number))
            else:
                number = self._add(label, limits.hub_limit(label) * best[label])
            self.number[place] = number
        self._place = {label: place for place, label in enumerate(self.labels)}

    def _add(self, label: str, capacity: float) -> int:
        self.labels.append(label)
        self.capacity.append(capacity)
        return len(self.labels) - 1

    def intake(self, nation: str, form: str, year: int) -> int:
        """Return the vertex through which a nation takes a form up to its demand."""
        label = f"intake:{nation}:{form}"
        if label not in self._intakes:
            limits = self.limits
            ends = {"level": limits.level, "need": limits.need}
            need = demand(limits.net, {nation}, limits.element, year, form=form, **ends)
            self._intakes[label] = number = self._add(label, need.value)
            self.arcs.append((number, self._place[nation]))
        return self._intakes[label]

    def gate(self, gate: Gate, head: int, year: int) -> int:
        """Return the vertex through which a receiver takes what restrictions let pass."""
        if gate.label not in self._gates:
            limits, node = self.limits, self.limits.frame.nodes[gate.node]
            may_pass = (1.0 - gate.withheld) * receivable(limits, node, gate.form, year)
            arriving = limits.recovery(gate.node) * self.best[gate.node]
            self._gates[gate.label] = number = self._add(gate.label, may_pass * arriving)
            self.arcs.append((number, head))
        return self._gates[gate.label]

    def held(self, one: Held, head: int) -> int:
        """Return the vertex through which receivers take a tonnage that a restriction lets pass.

        What each of them gets of it is left open, so that the flow stays an upper bound.
        """
        if one.label not in self._gates:
            limits, frame = self.limits, self.limits.frame
            arcs = [frame.arcs[place] for place in one.arcs]
            limit = max(
                limits.held_limit(arc, one.tonnage, one.unit)
                * limits.recovery(arc.head)
                * self.best.get(arc.head, 0.0)
                for arc in arcs
            )
            self._gates[one.label] = self._add(one.label, limit)
        number = self._gates[one.label]
        if (number, head) not in self._ways:
            self._ways.add((number, head))
            self.arcs.append((number, head))
        return number

    def finish(self, targets: tuple[str, ...]) -> npt.NDArray[np.int64]:
        """Join the targets to the sink; return the unlimited arcs, shape (n, 2)."""
        sink = self._add(SINK, math.inf)
        self.arcs += [(self._place[target], sink) for target in targets]
        return np.array(self.arcs, dtype=np.int64).reshape(-1, 2)
