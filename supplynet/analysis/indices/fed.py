"""What links can feed of the capacity of a stage, and which step of the way limits it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.flowgraph import SINK, flow_graph
from supplynet.analysis.arrays.solving import Solved, solve
from supplynet.analysis.flow.names import plant_of
from supplynet.analysis.indices.supply import summed
from supplynet.network.tiers import Floors
from supplynet.terms import LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: what limits a stage where links bring it all that it can handle
OWN = "own capacity"
#: what limits it where none is left that leads to it
UNFED = "no links"
#: share of a capacity that rounding may take
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Fed:
    """Tonnes of a stage's capacity that links can feed, as what they become at the end."""

    tonnes: float
    ends: tuple[float, float]  #: least and most
    #: t/yr of the smallest cut by step of the way, such as ``"mine links"``; empty where nothing
    #: but the stage itself limits
    limits: Mapping[str, float]

    @property
    def limit(self) -> str:
        """The step that limits most of it."""
        return max(self.limits, key=lambda step: self.limits[step], default=OWN)


def together(feds: Iterable[Fed]) -> Fed:
    """Return what links can feed of several elements."""
    held, limits = list(feds), dict[str, float]()
    for fed in held:
        for step, tonnes in fed.limits.items():
            limits[step] = limits.get(step, 0.0) + tonnes
    return Fed(math.fsum(fed.tonnes for fed in held), summed(fed.ends for fed in held), limits)


@dataclass(frozen=True)
class Plant:
    """A plant of the stage, by tonnes at the end."""

    capacity: float  #: t/yr
    worth: float  #: what a tonne that leaves it becomes


def feed(
    net: SupplyNetwork,
    plants: Mapping[str, Plant],
    *,
    element: str,
    year: int,
    counted: Floors,
    closed: frozenset[str],
    level: LevelName,
) -> tuple[float, Mapping[str, float]]:
    """Return what can be fed of some plants' capacity together, and the cut by step of the way.

    The maximum flow of the element alone to the plants, each up to its capacity, with nothing
    asked of what comes behind them.
    """
    open_plants = {label: plant for label, plant in plants.items() if plant.worth > 0.0}
    graph = flow_graph(
        net,
        to=frozenset(open_plants),
        element=element,
        year=year,
        links=counted.links,
        plants=counted.plants,
        closed=closed,
        level=level,
        worth={label: plant.worth for label, plant in open_plants.items()},
    )
    capacity = graph.capacity.copy()
    for arc in np.flatnonzero(graph.head == graph.index[SINK]).tolist():
        capacity[arc] = open_plants[plant_of(graph.labels[graph.tail[arc]])].capacity
    solved = solve(replace(graph, capacity=capacity))
    could = math.fsum(plant.capacity for plant in plants.values())
    if solved.value >= could * (1.0 - _ROUNDING):
        return could, {}
    return solved.value, _by_step(solved, frozenset(plants)) or {UNFED: could}


def _by_step(solved: Solved, own: frozenset[str]) -> Mapping[str, float]:
    """Tonnes of the smallest cut by step, without the plants that are fed."""
    graph, limits = solved.graph, dict[str, float]()
    members = [(int(vertex), "capacity", graph.node_capacity) for vertex in solved.cut.nodes]
    members += [(int(arc), "links", graph.capacity) for arc in solved.cut.arcs]
    for number, what, tonnes in members:
        label = plant_of(graph.labels[number if what == "capacity" else graph.tail[number]])
        node = graph.net.node_by_id.get(label)
        is_own = label in own and (what == "capacity" or graph.arcs[number] is None)
        if is_own or not tonnes[number]:
            continue
        step = "restrictions" if label.startswith("restriction") else "corridors"
        if node is not None:
            step = f"{graph.net.stage_by_name[node.stage].title.lower()} {what}"
        limits[step] = limits.get(step, 0.0) + float(tonnes[number])
    return limits
