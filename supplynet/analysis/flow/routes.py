"""Routes: the flow as paths from the ground to the nation, with standing and bottleneck."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from supplynet.analysis.arrays.solving import Solved
from supplynet.analysis.flow.names import arc_name, plant_of, vertex_name
from supplynet.analysis.flow.rows import Route
from supplynet.analysis.provenance import weakest
from supplynet.network.schema import Rule
from supplynet.network.timeline import capacities_in_force
from supplynet.terms import CONFIDENCES, STANDINGS
from supplynet.text import by_size

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.network.network import SupplyNetwork


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
    tonnes = sum(part.tonnes for part in parts)
    return Route(
        nodes=parts[0].nodes,
        tonnes=tonnes,
        unit=parts[0].unit,
        standing=max((part.standing for part in parts), key=STANDINGS.rank),
        confidence=weakest(part.confidence for part in parts),
        figures=tuple(
            sum(part.figures[index] * part.tonnes for part in parts) / tonnes
            for index in range(len(CONFIDENCES))
        ),
        # Paths over the same nodes cross the cut at the same plant; where links are cut, the first
        # names one of them.
        bottleneck=parts[0].bottleneck,
        rules=tuple(dict.fromkeys(rule for part in parts for rule in part.rules)),
        source_ids=tuple(dict.fromkeys(source for part in parts for source in part.source_ids)),
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
    )


def _bottleneck(solved: Solved, places: list[int]) -> str:
    """The member of the minimum cut that the path crosses, in words."""
    graph = solved.graph
    # The cut nearest to the ground, as everywhere: with another one the same route would name
    # another bottleneck in two tables.
    cut_nodes = set(solved.cut.nodes.tolist())
    cut_arcs = set(solved.cut.arcs.tolist())
    for index in places:
        if index in cut_arcs:
            return arc_name(solved, index)
        if int(graph.head[index]) in cut_nodes:
            return vertex_name(solved, int(graph.head[index]))
    return ""  # a path of a maximum flow crosses the cut exactly once


def confidence_shares(found: Iterable[Route]) -> dict[str, float]:
    """Return the share of the tonnes by confidence of the least sure row on each route."""
    tonnes = dict.fromkeys(CONFIDENCES, 0.0)
    for route in found:
        tonnes[route.confidence] += route.tonnes
    total = sum(tonnes.values())
    return {name: value / total if total else 0.0 for name, value in tonnes.items()}


def figure_shares(found: Iterable[Route]) -> dict[str, float]:
    """Return the share of the figures behind the routes by confidence, weighted by tonnes."""
    routes_found = tuple(found)
    total = sum(route.tonnes for route in routes_found)
    return {
        name: sum(route.figures[index] * route.tonnes for route in routes_found) / total
        if total
        else 0.0
        for index, name in enumerate(CONFIDENCES)
    }


def routes_frame(net: SupplyNetwork, found: Iterable[Route]) -> pd.DataFrame:
    """Return routes as a DataFrame: one column a stage, then tonnes, standing and the rest.

    Where a route passes several nodes of one stage they stand in one cell, joined by ``>``.
    """
    import pandas as pd

    records = []
    for route in found:
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
