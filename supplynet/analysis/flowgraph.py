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
from supplynet.analysis.skeleton import arcs_towards, skeleton
from supplynet.model.demand import demand
from supplynet.model.units import Level, flow_unit
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
    links : str
    unit : str
        Unit of every capacity and flow, such as ``"t Dy2O3/yr"``.
    labels : tuple of str
        One per vertex: ``"source"``, ``"sink"``, a node id, ``"rule:<id>"`` for a corridor, or
        ``"intake:<nation>:<form>"`` for a form that a nation takes up to its demand.
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
    links: str = "plausible",
    closed: frozenset[str] = frozenset(),
    level: Level = "central",
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
    closed : frozenset of str
        Ids of nodes that are shut.
    level : {"low", "central", "high"}
        Which end of capacities, recoveries and contents to use.

    Returns
    -------
    FlowGraph

    Raises
    ------
    TableError
        If a capacity has a unit that the graph does not declare.
    """
    key = ("flowgraph", to, element, year, links, closed, level)
    if key not in net.cache:
        frame = skeleton(net, year=year, links=links, closed=closed)
        net.cache[key] = _assemble(Limits(net, frame, element, year, level), to, year, links)
    found: FlowGraph = net.cache[key]
    return found


def _assemble(limits: Limits, to: frozenset[str], year: int, links: str) -> FlowGraph:
    """Put vertices, arcs and capacities together."""
    net, frame = limits.net, limits.frame
    towards = arcs_towards(net, frame, to)
    usable = [place for place in towards if limits.carries(frame.arcs[place])]
    best = limits.best_yields(usable, to)
    parts = _Parts()
    for node in frame.nodes.values():
        if best.get(node.id, 0.0) > 0.0:
            parts.vertex(node.id, limits.node_limit(node) * limits.yield_after(node, best))
            if net.stage_by_name[node.stage].is_origin:
                parts.arc(SOURCE, node.id, math.inf, None)
    for hub, rule in frame.hubs.items():
        if best.get(hub, 0.0) > 0.0:
            tails = [frame.arcs[place].tail for place in frame.arcs_in.get(hub, ())]
            share = limits.best_share(frame.feeds.get(hub, frozenset()))
            parts.vertex(hub, limits.link_limit(rule, tails, share) * best[hub])
    nations = _nations(net)
    for place in usable:
        arc = frame.arcs[place]
        if not (parts.has(arc.tail) and parts.has(arc.head)):
            continue
        # most arcs carry what is separated and have no bound of their own
        is_free = arc.is_separated and not arc.is_bound_here
        limit = math.inf if is_free else limits.arc_limit(arc, best)
        if limit > 0.0:
            head = _entry(limits, arc, parts, year) if arc.head in nations else arc.head
            parts.arc(arc.tail, head, limit, arc)
    targets = tuple(one for one in sorted(to) if parts.has(one))
    parts.vertex(SINK, math.inf)
    for target in targets:
        parts.arc(target, SINK, math.inf, None)
    return FlowGraph(
        net=net,
        element=limits.element,
        year=year,
        links=links,
        unit=flow_unit(net, limits.element),
        labels=tuple(parts.places),
        tail=np.array(parts.tail, dtype=np.int64),
        head=np.array(parts.head, dtype=np.int64),
        capacity=np.array(parts.capacity, dtype=np.float64),
        node_capacity=np.array(parts.node_capacity, dtype=np.float64),
        arcs=tuple(parts.arcs),
        targets=targets,
        is_shared=limits.is_shared,
    )


def _entry(limits: Limits, arc: Arc, parts: _Parts, year: int) -> str:
    """Where an arc enters: at its head, or at a nation's intake for a form of limited use."""
    net, nation = limits.net, arc.head
    if net.form_by_name[arc.form].is_final or nation not in _nations_with_demand(net):
        return nation
    label = f"intake:{nation}:{arc.form}"
    if not parts.has(label):
        need = demand(net, {nation}, limits.element, year, form=arc.form, level=limits.level)
        parts.vertex(label, need.value)
        parts.arc(label, nation, math.inf, None)
    return label


def _nations(net: SupplyNetwork) -> frozenset[str]:
    if "nations" not in net.cache:
        net.cache["nations"] = frozenset(net.nation_ids)
    found: frozenset[str] = net.cache["nations"]
    return found


class _Parts:
    """Vertices and arcs as they are put together."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {SOURCE: 0}
        self.node_capacity: list[float] = [math.inf]
        self.tail: list[int] = []
        self.head: list[int] = []
        self.capacity: list[float] = []
        self.arcs: list[Arc | None] = []

    def has(self, label: str) -> bool:
        return label in self.places

    def vertex(self, label: str, capacity: float) -> None:
        self.places[label] = len(self.places)
        self.node_capacity.append(capacity)

    def arc(self, tail: str, head: str, capacity: float, arc: Arc | None) -> None:
        self.tail.append(self.places[tail])
        self.head.append(self.places[head])
        self.capacity.append(capacity)
        self.arcs.append(arc)


def _nations_with_demand(net: SupplyNetwork) -> frozenset[str]:
    if "nations-with-demand" not in net.cache:
        net.cache["nations-with-demand"] = frozenset(row.nation for row in net.demand_rows)
    found: frozenset[str] = net.cache["nations-with-demand"]
    return found
