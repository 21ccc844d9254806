"""What can be lost as one: plants, links, countries, owners; and what counts of a flow then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.solving import Solved
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.flow.names import arc_name, rule_name, vertex_name
from supplynet.analysis.flow.rows import Carrier
from supplynet.analysis.flow.worst_case import Target
from supplynet.analysis.losses import Key, groups_of, prices, shut_by, told, weightiest
from supplynet.analysis.question import Question
from supplynet.network.demand import DemandFigure, demand
from supplynet.network.schema import Edge
from supplynet.network.selector import select_some
from supplynet.network.timeline import capacities_in_force
from supplynet.solve.check import require
from supplynet.solve.flow.certificate import FLOW_TOLERANCE, certify_flow
from supplynet.solve.flow.maxflow import max_flow_many
from supplynet.solve.interdiction.arena import AttackProblem
from supplynet.terms import ATTACKS, COUNTS, STANDINGS, one_of

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.network.schema import Capacity, Node, Rule
    from supplynet.solve.flow.problem import FlowProblem, FlowSolution


def groups_in_flow(
    question: Question, base: Solved, by: str, lost: Iterable[str] | None = None
) -> dict[Key, frozenset[str]]:
    """Return what can be lost: by code or id, and stage, the nodes that are lost together.

    `lost` are selectors in place of `by`, the plants of each lost as a whole.
    """
    plants = plants_in(question, base)
    if lost is None:
        return groups_of(question.net, plants, by, question.lens)
    supplied = question.targets | frozenset(question.net.nation_ids)
    return {(text, ""): shut_by(question, text, supplied).intersection(plants) for text in lost}


def plants_in(question: Question, base: Solved) -> list[str]:
    """Return the plants in a flow, those that are supplied left out."""
    net = question.net
    # Who is supplied is never what is lost, also where a target is a plant.
    others = frozenset(net.nation_ids) | question.targets
    return [label for label in base.graph.labels if label in net.node_by_id and label not in others]


@dataclass(frozen=True)
class Attackable:
    """Targets, and the attack problem in which they are the elements."""

    targets: tuple[Target, ...]  #: one per element
    problem: AttackProblem

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of all elements, in order."""
        return tuple(target.id for target in self.targets)

    def named(self, elements: Iterable[int]) -> tuple[Target, ...]:
        """Return the targets of some elements."""
        return tuple(self.targets[element] for element in elements)


def attackable(
    question: Question,
    base: Solved,
    *,
    by: str,
    budget: float,
    cost: Mapping[str, float] | None = None,
    protect: str | Iterable[str] | None = None,
) -> Attackable:
    """Return what can be lost in the network of a question.

    `base` is the flow with everything in place, `cost` by id of the target, 1 for those that are
    not named; `protect` selects nodes that cannot be lost, nor a link at one of them.
    """
    one_of(by, ATTACKS, "by")
    safe = frozenset[str]()
    if protect is not None:
        safe = select_some(question.net, protect, lens=question.lens, what="protect").surely
    names: dict[str, str] = {}
    if by == "link":
        arc_keys, node_keys = _links(base, safe, names)
    else:
        arc_keys, node_keys = {}, _plants(question, base, by, safe, names)
    price = prices(names, cost or {})
    ids = {key: index for index, key in enumerate(names)}
    # -1: an arc or vertex that cannot be lost. Several arcs may share a number, as those of one
    # country do: they are lost together for one price.
    arc_element = np.full(base.problem.n_arcs, -1, dtype=np.int64)
    arc_element[list(arc_keys)] = [ids[key] for key in arc_keys.values()]
    node_element = np.full(base.problem.n_nodes, -1, dtype=np.int64)
    node_element[list(node_keys)] = [ids[key] for key in node_keys.values()]
    return Attackable(
        tuple(Target(key, name, price[key]) for key, name in names.items()),
        AttackProblem(
            base.problem,
            arc_element,
            node_element,
            np.array([price[key] for key in names]),
            budget,
        ),
    )


def _plants(
    question: Question, base: Solved, by: str, safe: frozenset[str], names: dict[str, str]
) -> dict[int, str]:
    """Return the key of every vertex that is a plant that can be lost; names are filled in."""
    plants = [label for label in plants_in(question, base) if label not in safe]
    keys: dict[int, str] = {}
    for key, together in groups_of(question.net, plants, by, question.lens).items():
        ident, names[ident] = told(question.net, by, key)
        keys.update(dict.fromkeys(base.graph.vertices_of(together), ident))
    return keys


def _links(
    base: Solved, safe: frozenset[str], names: dict[str, str]
) -> tuple[dict[int, str], dict[int, str]]:
    """Return the keys of arcs that are links, and of vertices that are whole corridors."""
    graph = base.graph
    arcs, nodes = {}, {}
    guarded: set[str] = set()  # corridors at a protected plant
    for index, arc in enumerate(graph.arcs):
        if arc is None:
            continue
        hubs = {end for end in (arc.tail, arc.head) if end.startswith("rule:")}
        if safe & {arc.tail, arc.head}:
            # A corridor of a safe plant is safe as a whole: its hub is one vertex, and losing it
            # would cut the plant off.
            guarded |= hubs
        elif isinstance(arc.link, Edge) or not (hubs or arc.toll):
            key = f"{arc.tail} -> {arc.head} ({arc.form})"
            names[key] = arc_name(base, index, is_whole=True)
            arcs[index] = key
    for index, label in enumerate(graph.labels):
        if label.startswith("rule:") and label not in guarded:
            names[label] = vertex_name(base, index)
            nodes[index] = label
    return arcs, nodes


def is_up_to_need(count: str, need: DemandFigure) -> bool:
    """Whether the flow ends at demand: without a known one all counts."""
    return count == "need" and need.value > 0.0


def counted_flow(question: Question, element: str, count: str) -> tuple[Solved, DemandFigure]:
    """Return the certified flow with everything in place, and the demand of the target.

    With ``need`` the target takes each form up to its demand, so that a loss is one of coverage:
    what is beyond demand can be lost without harm.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> question = ask(sn.load("tutorial"), to="MLT")
    >>> [round(counted_flow(question, "Nd", count)[0].value) for count in COUNTS]
    [120, 150]
    """
    one_of(count, COUNTS, "count")
    need = demand(question.net, question.targets, element, question.year)
    solved = solve_question(question, element, is_up_to_need=is_up_to_need(count, need))
    return solved, need


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
        if any(array[at].any() for array, at in zip(moved, row[3], strict=True))
    ]
    cases = [_without(base, *row[3]) for row in rows]
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


def _without(base: Solved, arcs: list[int], vertices: list[int]) -> FlowProblem:
    """Return the problem of a flow without some arcs and vertices."""
    limits = base.problem.capacity.copy(), base.graph.node_capacity.copy()
    for several, places in zip(limits, (arcs, vertices), strict=True):
        several[places] = 0.0
    return base.problem.replace(capacity=limits[0], node_capacity=limits[1])


def flows_without(
    flow: FlowResult, carriers: Sequence[Carrier]
) -> list[tuple[FlowProblem, FlowSolution]]:
    """Return what is left of a flow without each of some rows that carry it."""
    places = {row[0][:2]: row[3] for row in _rows(flow)}
    cases = [_without(flow.solved, *places[carrier.table, carrier.id]) for carrier in carriers]
    return list(zip(cases, max_flow_many(cases), strict=True))


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
    for index, arc in enumerate(graph.arcs):
        if arc is not None:
            span = f"{arc.tail} -> {arc.head} ({arc.form})"
            links[span if isinstance(arc.link, Edge) else arc.link.id].append(index)
    for key, places in links.items():
        # several contracts of one link are lost together: the least sure of them speaks for it
        contracts = [arc.link for arc in (graph.arcs[index] for index in places) if arc]
        row = max(contracts, key=lambda entry: STANDINGS.rank(entry.standing))
        if isinstance(row, Edge):
            named = "edges", key, arc_name(flow.solved, places[0], is_whole=True)
        else:
            named = "rules", key, rule_name(net, row)
        yield named, row.standing, row, (places, [])
