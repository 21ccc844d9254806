"""Maximum flow and minimum cut: how much could arrive, and what stops more from coming."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.arrays.flowgraph import FlowGraph, flow_graph
from supplynet.analysis.arrays.solving import Solved, solve, solve_ahead
from supplynet.analysis.flow.names import arc_name, plant_of, vertex_name
from supplynet.analysis.flow.rows import Bottleneck, FlowResult, Route, Tier
from supplynet.analysis.provenance import provenance, weakest
from supplynet.analysis.question import Question
from supplynet.network.demand import demand
from supplynet.network.schema import Rule
from supplynet.network.tiers import Floors, tiers_up_to
from supplynet.network.timeline import capacities_in_force
from supplynet.sums import added
from supplynet.terms import CONFIDENCES, ENDS, STANDINGS, LevelName
from supplynet.text import by_size

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.arrays import Floats
    from supplynet.network.network import SupplyNetwork
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
        closed=question.closed(level) if closed is None else closed,
        level=level,
        need=need,
        is_up_to_need=is_up_to_need,
    )


def solve_question(question: Question, element: str, **options: Any) -> Solved:
    """Return the certified flow of a question; further words as in :func:`graph_of`."""
    return solve(graph_of(question, element, **options))


def floors_of(question: Question) -> dict[str, Floors]:
    """Return the tiers that lead up to the asked one, which is always the last."""
    return tiers_up_to(Floors(question.links, question.plants))


#: what is asked of a flow: as it is, its ends, and its ends against the opposite ends of the demand
_VARIANTS: tuple[dict[str, Any], ...] = (
    {},
    *({"level": end} for end in ENDS),
    *({"level": name, "need": end.opposite} for name, end in ENDS.items()),
)


def _covered(value: float, need: float) -> float | None:
    """Return the share of a demand; None where there is none."""
    return min(1.0, value / need) if need else None


def _figures(
    question: Question, element: str, need: float, *, has_ends: bool = True, **floor: Any
) -> tuple[Any, ...]:
    """Return a flow, its ends, and the coverage of all three; without `has_ends` of the first."""
    value, low, high, *bounds = (
        solve_question(question, element, **options, **floor).value
        for options in _VARIANTS[: None if has_ends else 3]
    )
    needs = [
        demand(question.net, question.targets, element, question.year, need=end.opposite).value
        for end in ENDS.values()
    ]
    shares = (_covered(*pair) for pair in zip(bounds, needs, strict=False)) if need else ()
    return value, low, high, _covered(value, need), *(*shares, None, None)[:2]


def potential(question: Question, element: str) -> FlowResult:
    """Return the answer of :func:`max_flow` to a checked question."""
    solved = solve_question(question, element)
    needed = demand(question.net, question.targets, element, question.year)
    # Coverage is lowest where supply is low and need is high. The two are asked for together, since
    # a demand can itself limit what a nation takes.
    _, low, high, _, *covered = _figures(question, element, 1.0)
    # The central figure keeps them shut, as a cautious reader would; the other is reported beside
    # it.
    unknown_open = solve_question(question, element, closed=question.shut.surely).value
    return FlowResult(
        question=question,
        element=element,
        value=solved.value,
        low=low,
        high=high,
        value_if_unknown_open=unknown_open,
        unit=solved.graph.unit,
        demand=needed,
        # a graph that fails its checks may have a high end of 0
        coverage_range=None if None in covered else (covered[0], covered[1]),
        is_upper_bound=solved.graph.is_bound,
        certificate=solved.certificate,
        provenance=provenance(question, element=element),
        solved=solved,
    )


def tiers_of(
    question: Question, element: str, need: float, *, has_ends: bool = True
) -> tuple[Tier, ...]:
    """Return the tiers of one element; ``need`` is its demand in t/yr.

    `has_ends` says whether what is covered at the ends of the data is wanted: two further flows.
    """
    tiers = []
    for name, counted in floors_of(question).items():
        floor = {"links": counted.links, "plants": counted.plants}
        with_all = solve_question(question, element, closed=frozenset(), **floor).value
        figures = _figures(question, element, need, has_ends=has_ends, **floor)
        tiers.append(Tier(name, counted.links, counted.plants, with_all, *figures))
    return tuple(tiers)


def solve_tiers_ahead(
    question: Question, elements: Iterable[str], *, has_ends: bool = True
) -> None:
    """Solve all that the tiers and the potentials of some elements need, in one go."""
    variants = ({"closed": frozenset()}, *_VARIANTS[: None if has_ends else 3])
    graphs = (
        graph_of(question, element, links=tier.links, plants=tier.plants, **options)
        for element in elements
        for tier in floors_of(question).values()
        for options in variants
    )
    solve_ahead((graph, frozenset()) for graph in graphs)


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


def member_arcs(solved: Solved, members: Iterable[Bottleneck]) -> list[list[int]]:
    """Return the arcs that lead through each limit; none where no limit by its name is met."""
    graph, result = solved.graph, defaultdict[tuple[str, str], list[list[int]]](list)
    for index in np.flatnonzero(np.isfinite(graph.node_capacity)).tolist():
        name = _vertex_id(graph, index)
        kind = "node" if name in graph.net.node_by_id else graph.labels[index].partition(":")[0]
        result[kind, name].append(np.flatnonzero(graph.head == index).tolist())
    for index in np.flatnonzero(np.isfinite(graph.capacity)).tolist():
        result["link", _arc_id(graph, index)].append([index])
    flow = solved.solution.flow
    return [
        next((arcs for arcs in result[row.kind, row.id] if _is_met(row, flow[arcs])), [])
        for row in members
    ]


def _is_met(row: Bottleneck, flows: Floats) -> bool:
    """Whether flows are what a limit lets through: several limits may go by its name."""
    return math.isclose(float(flows.sum()), row.capacity, rel_tol=1e-9)


def cut_ids(graph: FlowGraph, cut: Cut) -> frozenset[str]:
    """Return the ids of the members of a cut, as :func:`bottlenecks` states them."""
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
    bounds = (plant_of(graph.labels[end[index]]) for end in (graph.tail, graph.head))
    return " -> ".join(bounds) + (f" ({arc.contract})" if arc and arc.contract else "")


#: paths below this part of the flow are crumbs of rounding, not routes
_DUST = 1e-9


def routes_of(solved: Solved) -> tuple[Route, ...]:
    """Return the routes of a solved flow, largest first, ties by name."""
    merged: dict[tuple[str, ...], list[Route]] = {}
    for path in solved.paths:
        route = _route(solved, path.arcs, path.amount)
        # A decomposition takes parallel links (a contract and a rule) for several paths; a reader
        # asks by which plants, so that they are one.
        merged.setdefault(route.nodes, []).append(route)
    dust = _DUST * solved.value
    merged_routes = [route for parts in merged.values() if (route := _merge(parts)).tonnes > dust]
    return tuple(sorted(merged_routes, key=lambda route: (by_size(route.tonnes), route.nodes)))


def _merge(parts: list[Route]) -> Route:
    """One route out of several over the same nodes (by a named link and by a rule, say)."""
    if len(parts) == 1:
        return parts[0]
    tonnes = sum(route.tonnes for route in parts)
    return Route(
        nodes=parts[0].nodes,
        tonnes=tonnes,
        unit=parts[0].unit,
        standing=max((portion.standing for portion in parts), key=STANDINGS.rank),
        confidence=weakest(share.confidence for share in parts),
        figures=tuple(
            sum(part.figures[index] * part.tonnes for part in parts) / tonnes
            for index in range(len(CONFIDENCES))
        ),
        # Paths over the same nodes cross the cut at the same plant; where links are cut, the first
        # names one of them.
        bottleneck=parts[0].bottleneck,
        rules=tuple(dict.fromkeys(rule for part in parts for rule in part.rules)),
        source_ids=tuple(dict.fromkeys(source for part in parts for source in part.source_ids)),
        confidences=(),
    )


def _route(solved: Solved, arcs: Iterable[int], amount: float) -> Route:
    graph = solved.graph
    net = graph.net
    places = list(arcs)
    vertices = [plant_of(graph.labels[graph.head[index]]) for index in places[:-1]]
    nodes = tuple(dict.fromkeys(label for label in vertices if label in net.node_by_id))
    # Arcs without a link join the parts of one plant, or ends to the source: they are no step of a
    # route.
    used = [arc for index in places if (arc := graph.arcs[index]) is not None]
    steps = capacities_in_force(net, graph.year, graph.plants)
    rows = [steps.get(label, net.node_by_id[label]) for label in nodes]
    limited = [row for row in rows if row.capacity is not None]
    sure: list[str] = [row.confidence for row in limited]
    sure += [arc.link.confidence for arc in used]
    return Route(
        nodes=nodes,
        tonnes=amount,
        unit=graph.unit,
        standing=STANDINGS.names[max((arc.rank for arc in used), default=0)],
        confidence=weakest(sure),
        figures=tuple(sure.count(name) / len(sure) if sure else 0.0 for name in CONFIDENCES),
        bottleneck=_bottleneck(solved, places),
        rules=tuple(dict.fromkeys(a.link.id for a in used if isinstance(a.link, Rule))),
        source_ids=tuple(
            dict.fromkeys(
                [source for row in limited for source in row.source_ids]
                + [source for arc in used for source in arc.link.source_ids]
            )
        ),
        confidences=tuple(sure),
    )


def _bottleneck(solved: Solved, places: list[int]) -> str:
    """The member of the minimum cut that the path crosses, in words."""
    graph = solved.graph
    # The cut nearest to the ground, as everywhere: with another one the same route would name
    # another bottleneck in two tables.
    cut_nodes, cut_arcs = solved.cut_members
    for index in places:
        if index in cut_arcs:
            return arc_name(solved, index)
        if int(graph.head[index]) in cut_nodes:
            return vertex_name(solved, int(graph.head[index]))
    return ""  # a path of a maximum flow crosses the cut exactly once


def confidence_shares(routes: Iterable[Route]) -> dict[str, float]:
    """Return the share of the tonnes by confidence of the least sure row on each route."""
    tonnes = added((route.confidence, route.tonnes) for route in routes)
    total = sum(tonnes.values()) or 1.0
    return {name: tonnes.get(name, 0.0) / total for name in CONFIDENCES}


def figure_shares(result: Iterable[Route]) -> dict[str, float]:
    """Return the share of the figures behind the routes by confidence, weighted by tonnes."""
    routes = tuple(result)
    total = sum(route.tonnes for route in routes) or 1.0
    return {
        name: sum(route.figures[index] * route.tonnes for route in routes) / total
        for index, name in enumerate(CONFIDENCES)
    }


def routes_frame(net: SupplyNetwork, routes: Iterable[Route]) -> pd.DataFrame:
    """Return routes as a DataFrame: one column a stage, then tonnes, standing and the rest.

    Where a route passes several nodes of one stage they stand in one cell, joined by ``>``.
    """
    import pandas as pd

    records = []
    for route in routes:
        cells: dict[str, list[str]] = {stage.name: [] for stage in net.stages}
        for node in route.nodes:
            cells[net.node(node).stage].append(node)
        records.append(
            {
                **{stage: " > ".join(ids) for stage, ids in cells.items()},
                "tonnes": route.tonnes,
                "unit": route.unit,
                "standing": route.standing,
                "confidence": route.confidence,
                "bottleneck": route.bottleneck,
                "rules": ";".join(route.rules),
            }
        )
    columns = [stage.name for stage in net.stages]
    columns += ["tonnes", "unit", "standing", "confidence", "bottleneck", "rules"]
    return pd.DataFrame(records, columns=columns)
