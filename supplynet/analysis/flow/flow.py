"""Maximum flow and minimum cut: how much could arrive, and what stops more from coming."""

from __future__ import annotations

import math
from collections import ChainMap, Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from supplynet.analysis.arrays.flowgraph import FlowGraph, flow_graph
from supplynet.analysis.arrays.solving import Solved, solve, solve_ahead
from supplynet.analysis.flow.names import arc_name, plant_of, vertex_name
from supplynet.analysis.flow.rows import Bottleneck, FlowResult, Route, Tier
from supplynet.analysis.provenance import provenance, weakest
from supplynet.analysis.question import Question
from supplynet.contract.backing import Alike
from supplynet.network.demand import demand
from supplynet.network.schema import Rule
from supplynet.network.tiers import Floors, tiers_up_to
from supplynet.network.timeline import capacities_in_force
from supplynet.terms import CONFIDENCES, ENDS, STANDINGS, LevelName
from supplynet.text import by_size

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.analysis.arrays.skeleton import Arcs
    from supplynet.arrays import Floats, Ints
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Capacity, Node
    from supplynet.solve.flow.cuts import Cut, Members
    from supplynet.solve.flow.paths import Path


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


class Routes(Alike[Route]):
    """The routes of a solved flow, largest first, ties by name; each is made when it is read."""

    def __init__(self, solved: Solved) -> None:
        graph = solved.graph
        names = [
            plant if plant in graph.net.node_by_id else "" for plant in map(plant_of, graph.labels)
        ]
        self.solved, self.plants, self.head = solved, names, graph.head.tolist()
        self._entered = [names[head] for head in self.head]  # by arc
        merged: dict[tuple[str, ...], list[Path]] = {}
        for path in solved.paths:
            # A decomposition takes parallel links (a contract and a rule) for several paths; a
            # reader asks by which plants, so that they are one.
            merged.setdefault(self._nodes(path), []).append(path)
        tonnes = ((sum(path.amount for path in parts), nodes) for nodes, parts in merged.items())
        dust = _DUST * solved.value
        order = sorted((by_size(total), nodes) for total, nodes in tonnes if total > dust)
        self._merged = [merged[nodes] for _, nodes in order]
        super().__init__(len(order))

    @property
    def kinds(self) -> Mapping[int, int]:
        """How many routes are of one path with rows behind it, and how many are not."""
        _, counts, starts = self._counted
        n_parts = np.diff(np.append(starts, len(counts)))
        is_one = ((n_parts == 1) & (counts.sum(axis=1) > 0)[starts]).tolist() if len(counts) else []
        return {is_one.index(kind): n for kind, n in Counter(is_one).items()}

    def _nodes(self, path: Path) -> tuple[str, ...]:
        """Return the plants on a path; two vertices of one stand for it once."""
        plants = map(self._entered.__getitem__, path.arcs[:-1])
        return tuple(dict.fromkeys(filter(None, plants)))

    def _made(self, index: int) -> Route:
        """Return a route, of several paths over the same nodes (a named link and a rule, say)."""
        return _merge([self._route(path) for path in self._merged[index]])

    @cached_property
    def _rows(self) -> Mapping[str, Node | Capacity]:
        graph = self.solved.graph
        steps = capacities_in_force(graph.net, graph.year, graph.plants)
        return ChainMap(dict(steps), dict(graph.net.node_by_id))

    @cached_property
    def _counted(self) -> tuple[Floats, Ints, Ints]:
        """Tonnes of each path, its rows by confidence, and the first path of each route."""
        paths, n_names = [path for parts in self._merged for path in parts], len(CONFIDENCES)
        amounts = np.array([path.amount for path in paths])
        sizes = np.array([len(path.arcs) for path in paths], np.int64)
        arcs = np.fromiter(chain.from_iterable(path.arcs for path in paths), np.int64, sizes.sum())
        path_at = np.repeat(np.arange(len(paths)), sizes)
        starts = np.cumsum([0, *(len(parts) for parts in self._merged)])[:-1]
        ranks = {name: CONFIDENCES.rank(name) for name in CONFIDENCES} | {"": -1}
        own = cast("Arcs", self.solved.graph.arcs)
        sure = np.where(own.at < 0, "", own.column("confidence")).tolist()
        of_arcs = np.array([ranks[name] for name in sure])[arcs]
        # two vertices of a plant stand for it once
        number = {
            name: count for count, name in enumerate(dict.fromkeys(filter(None, self.plants)))
        }
        rows = [self._rows[name] for name in number]
        of_plants = [-1 if row.capacity is None else ranks[row.confidence] for row in rows]
        plant = np.array([number.get(name, -1) for name in self.plants])[np.array(self.head)[arcs]]
        plant[np.cumsum(sizes) - 1] = -1
        pairs = np.unique((path_at * len(self.plants) + plant)[plant >= 0])
        at, plant = np.divmod(pairs, len(self.plants))
        at, rank = np.append(path_at, at), np.append(of_arcs, np.array(of_plants, int)[plant])
        places = (at * n_names + rank)[rank >= 0]
        counts = np.bincount(places, minlength=len(paths) * n_names).reshape(-1, n_names)
        return amounts, counts, starts

    @cached_property
    def shares(self) -> tuple[dict[str, float], ...]:
        """Shares of the tonnes by confidence of the least sure row, and of the figures behind."""
        (amounts, counts, starts), n_names = self._counted, len(CONFIDENCES)
        if not amounts.size:
            return dict.fromkeys(CONFIDENCES, 0.0), dict.fromkeys(CONFIDENCES, 0.0)
        least = n_names - 1 - np.argmax(counts[:, ::-1] > 0, axis=1)
        least = np.maximum.reduceat(np.where(counts.any(axis=1), least, 0), starts)
        tonnes = np.bincount(least, np.add.reduceat(amounts, starts), minlength=n_names)
        figures = (amounts / np.maximum(counts.sum(axis=1), 1)) @ counts
        total = amounts.sum()
        return tuple(
            dict(zip(CONFIDENCES, (part / total).tolist(), strict=True))
            for part in (tonnes, figures)
        )

    def _route(self, path: Path) -> Route:
        graph, nodes = self.solved.graph, self._nodes(path)
        used = [arc for index in path.arcs if (arc := graph.arcs[index]) is not None]
        limited = [row for node in nodes if (row := self._rows[node]).capacity is not None]
        # Arcs without a link join the parts of one plant, or ends to the source: they are no step
        # of a route.
        links = [arc.link for arc in used]
        sure: list[str] = [row.confidence for row in (*limited, *links)]
        return Route(
            nodes=nodes,
            tonnes=path.amount,
            unit=graph.unit,
            standing=STANDINGS.names[max((arc.rank for arc in used), default=0)],
            confidence=weakest(sure),
            figures=tuple(sure.count(name) / len(sure) if sure else 0.0 for name in CONFIDENCES),
            bottleneck=_bottleneck(self.solved, path.arcs),
            rules=tuple(dict.fromkeys(link.id for link in links if isinstance(link, Rule))),
            source_ids=tuple(
                dict.fromkeys(source for row in (*limited, *links) for source in row.source_ids)
            ),
            confidences=tuple(sure),
        )


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


def _bottleneck(solved: Solved, places: Iterable[int]) -> str:
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
