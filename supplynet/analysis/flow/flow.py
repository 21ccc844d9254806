"""Maximum flow and minimum cut: how much could arrive, and what stops more from coming."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.analysis.arrays.flowgraph import FlowGraph, flow_graph
from supplynet.analysis.arrays.solving import Solved, solve
from supplynet.analysis.flow.names import arc_name, plant_of, vertex_name
from supplynet.analysis.flow.rows import Bottleneck, FlowResult
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import Question
from supplynet.network.demand import demand
from supplynet.network.timeline import capacities_in_force
from supplynet.terms import LEVEL_NAMES, LevelName
from supplynet.text import by_size

if TYPE_CHECKING:
    from supplynet.solve.flow.cuts import Cut, Members


def graph_of(
    question: Question,
    element: str,
    *,
    links: str | None = None,
    plants: str | None = None,
    year: int | None = None,
    closed: frozenset[str] | None = None,
    level: LevelName = "central",
    need: LevelName | None = None,
    is_up_to_need: bool = False,
) -> FlowGraph:
    """Return the flow graph of a question, some of its words replaced."""
    return flow_graph(
        question.net,
        to=question.targets,
        element=element,
        year=question.year if year is None else year,
        links=question.links if links is None else links,
        plants=question.plants if plants is None else plants,
        closed=question.shut.possibly if closed is None else closed,
        level=level,
        need=need,
        is_up_to_need=is_up_to_need,
    )


def solve_question(question: Question, element: str, **words: Any) -> Solved:
    """Return the certified flow of a question; further words as in :func:`graph_of`."""
    return solve(graph_of(question, element, **words))


def potential(question: Question, element: str) -> FlowResult:
    """Return the answer of :func:`max_flow` to a checked question."""
    solved = solve_question(question, element)
    shut = question.shut

    def value_at(level: LevelName, need: LevelName) -> float:
        # Plants of unknown owners are shut at the low end and open at the high end: not knowing who
        # owns a plant is a part of the data range.
        closed = shut.possibly if level == "low" else shut.surely
        return solve_question(question, element, level=level, need=need, closed=closed).value

    ends = {level: value_at(level, level) for level in LEVEL_NAMES if level != "central"}
    needs = {
        level: demand(question.net, question.targets, element, question.year, need=level).value
        for level in LEVEL_NAMES
    }
    coverage_range = None
    if needs["low"] and needs["high"]:  # a graph that fails its checks may have a high end of 0
        # Coverage is lowest where supply is low and need is high. The two are asked for together,
        # since a need can itself limit what a nation takes.
        low, high = value_at("low", "high") / needs["high"], value_at("high", "low") / needs["low"]
        coverage_range = min(1.0, low), min(1.0, high)
    # The central figure keeps them shut, as a cautious reader would; the other is told beside it.
    unknown_open = solved.value
    if shut.surely != shut.possibly:
        unknown_open = solve_question(question, element, closed=shut.surely).value
    return FlowResult(
        question=question,
        element=element,
        value=solved.value,
        low=ends["low"],
        high=ends["high"],
        value_if_unknown_open=unknown_open,
        unit=solved.graph.unit,
        demand=demand(question.net, question.targets, element, question.year),
        coverage_range=coverage_range,
        is_upper_bound=solved.graph.is_bound,
        certificate=solved.certificate,
        provenance=provenance(question, element=element),
        solved=solved,
    )


def bottlenecks(solved: Solved, cut: Cut | Members | None = None) -> tuple[Bottleneck, ...]:
    """Return the members of a cut, by default the minimum cut of a solved flow, largest first."""
    graph = solved.graph
    cut = solved.cut if cut is None else cut
    net = graph.net
    steps = capacities_in_force(net, graph.year, graph.plants)
    limits = []
    for index in cut.nodes.tolist():
        capacity = float(graph.node_capacity[index])
        name, id_ = vertex_name(solved, index), _vertex_id(graph, index)
        if id_ in net.node_by_id:
            node = net.node(id_)
            # The figure that binds is that of the year: its own row says how sure it is.
            row = steps.get(id_, node)
            limits.append(
                Bottleneck("node", id_, name, node.stage, node.country, capacity, row.confidence)
            )
            continue
        kind, sure = graph.labels[index].partition(":")[0], "estimated"
        if kind == "rule":
            sure = next(rule.confidence for rule in net.rule_rows if rule.id == id_)
        limits.append(Bottleneck(kind, id_, name, "", "", capacity, sure))
    for index in cut.arcs.tolist():
        arc = graph.arcs[index]
        tail = net.node_by_id.get(plant_of(graph.labels[graph.tail[index]]))
        limits.append(
            Bottleneck(
                kind="link",
                id=_arc_id(graph, index),
                name=arc_name(solved, index),
                stage=tail.stage if tail else "",
                country=tail.country if tail else "",
                capacity=float(graph.capacity[index]),
                confidence=arc.link.confidence if arc else "estimated",
            )
        )
    # Ties by id, so that two machines list the same cut alike.
    return tuple(sorted(limits, key=lambda member: (by_size(member.capacity), member.id)))


def cut_ids(graph: FlowGraph, cut: Cut) -> frozenset[str]:
    """Return the ids of the members of a cut, as :func:`bottlenecks` tells them."""
    plants = (_vertex_id(graph, index) for index in cut.nodes.tolist())
    links = (_arc_id(graph, index) for index in cut.arcs.tolist())
    return frozenset((*plants, *links))


def _vertex_id(graph: FlowGraph, index: int) -> str:
    """Return the id of the plant or corridor that a vertex stands for, or what an intake takes."""
    plant = plant_of(graph.labels[index])
    return plant if plant in graph.net.node_by_id else plant.partition(":")[2]


def _arc_id(graph: FlowGraph, index: int) -> str:
    """Return a link from plant to plant, with its contract."""
    arc = graph.arcs[index]
    ends = (plant_of(graph.labels[end[index]]) for end in (graph.tail, graph.head))
    return " -> ".join(ends) + (f" ({arc.contract})" if arc and arc.contract else "")
