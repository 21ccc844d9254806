"""What carries a flow: the rows of the graph without which less arrives, exactly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from supplynet.analysis.flow.attackable import plants_in
from supplynet.analysis.flow.names import arc_name, rule_name
from supplynet.analysis.flow.rows import Carrier
from supplynet.analysis.losses import weightiest
from supplynet.network.schema import Edge
from supplynet.network.timeline import capacities_in_force
from supplynet.solve.check import require
from supplynet.solve.flow.certificate import FLOW_TOLERANCE, certify_flow
from supplynet.solve.flow.maxflow import max_flow_many
from supplynet.terms import STANDINGS

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.network.schema import Capacity, Node, Rule

_Row = tuple[
    tuple[str, str, str], str, "Node | Capacity | Edge | Rule", tuple[list[int], list[int]]
]


def carriers_of_flow(flow: FlowResult) -> tuple[Carrier, ...]:
    """Return the rows without which less could come of what is needed.

    The flow is solved anew without each plant, link and corridor that carries some of it.
    """
    base, need = flow.solved, flow.demand.value
    moved = base.solution.flow, np.array([base.through(label) for label in base.graph.labels])
    rows = [
        row
        for row in _rows(flow)
        if any(one[at].any() for one, at in zip(moved, row[3], strict=True))
    ]
    problem, limits = base.problem, base.graph.node_capacity
    cases = [
        problem.replace(
            capacity=_without(problem.capacity, arcs), node_capacity=_without(limits, vertices)
        )
        for *_, (arcs, vertices) in rows
    ]
    carriers = []
    most = min(flow.value, need or np.inf) * (1.0 - FLOW_TOLERANCE)
    for (named, standing, row, _), case, left in zip(
        rows, cases, max_flow_many(cases), strict=True
    ):
        require(certify_flow(case, left))
        if left.value < most:
            coverage = left.value / need if need else None
            carriers.append(
                Carrier(*named, standing, row.confidence, row.source_ids, left.value, coverage)
            )
    return weightiest(carriers)


def _without(limits: npt.NDArray[np.float64], places: list[int]) -> npt.NDArray[np.float64]:
    limits = limits.copy()
    limits[places] = 0.0
    return limits


def _rows(flow: FlowResult) -> Iterator[_Row]:
    """Table, id and name, standing, row, arcs and vertices of each plant, link and corridor."""
    question, graph = flow.question, flow.solved.graph
    net = question.net
    steps = capacities_in_force(net, question.year, question.plants)
    for label in plants_in(question, flow.solved):
        node = net.node(label)
        at: tuple[list[int], list[int]] = [], list(graph.vertices_of([label]))
        yield ("nodes", label, node.name), node.status, steps.get(label, node), at
    links: dict[str, list[int]] = defaultdict(list)
    for place, arc in enumerate(graph.arcs):
        if arc is not None:
            ends = f"{arc.tail} -> {arc.head} ({arc.form})"
            links[ends if isinstance(arc.link, Edge) else arc.link.id].append(place)
    for key, places in links.items():
        # several contracts of one link are lost together: the least sure of them speaks for it
        contracts = [arc.link for arc in (graph.arcs[place] for place in places) if arc]
        row = max(contracts, key=lambda one: STANDINGS.rank(one.standing))
        if isinstance(row, Edge):
            named = "edges", key, arc_name(flow.solved, places[0], is_whole=True)
        else:
            named = "rules", key, rule_name(net, row)
        yield named, row.standing, row, (places, [])
