"""Routes: the flow as paths from the ground to the nation, with standing and bottleneck."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

from supplynet.analysis.arrays.solving import Solved, solve
from supplynet.analysis.flow.evidence import routes_proof
from supplynet.analysis.flow.names import arc_name, plant_of, vertex_name
from supplynet.analysis.flow.rows import Route
from supplynet.analysis.provenance import provenance, weakest
from supplynet.analysis.question import ask
from supplynet.analysis.words import QuestionWords, known_words, takes
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.row import col, rows
from supplynet.network.schema import Rule
from supplynet.network.timeline import capacities_in_force
from supplynet.network.units import elements_of
from supplynet.solve.check import worst
from supplynet.terms import CONFIDENCES, STANDINGS
from supplynet.text import by_size, integer, tonnes

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


class ElementRoute(Route):
    """A route of one of several elements."""

    element: str = col("Id of the element.")


class RoutesResult(
    Answer,
    name="routes",
    title="By which named mines and plants elements reach a nation",
    headline=(Lead("largest route", "tonnes", of="{row.element}", table="routes", is_zero=True),),
    also=("n_routes",),
    document="supplynet.reports.results.of_routes",
):
    """The routes of a maximum flow of each element: one way of many to bring as much."""

    via: str = col("What every route passes; empty for anything.")
    routes: tuple[ElementRoute, ...] = rows("The routes of each element, the largest first")
    elements: tuple[str, ...]  #: that were asked for

    @property
    def n_routes(self) -> int:
        """How many routes are told."""
        return len(self.routes)

    def of(self, element: str) -> tuple[ElementRoute, ...]:
        """Return the routes of one element."""
        return tuple(route for route in self.routes if route.element == element)

    def summary(self) -> str:
        """Return how many routes there are, and the largest of each element."""
        asked = self.question
        told = [
            f"{name} {tonnes(own[0].tonnes)} {own[0].unit} over "
            f"{' > '.join(asked.net.node(node_id).name for node_id in own[0].nodes)}"
            for name in self.elements
            if (own := self.of(name))
        ]
        if not told:
            return f"No route to {asked.to_name} is open in {asked.year}."
        n_all = integer(len(self.routes))
        return f"{n_all} routes to {asked.to_name} in {asked.year}; the largest: {'; '.join(told)}."

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return a row a route with a column a stage; or the declared table by name."""
        import pandas as pd

        if table is not None:
            return super().to_frame(table)
        frames = []
        for name in self.elements:
            frame = routes_frame(self.question.net, self.of(name))
            frame.insert(0, "element", name)
            frames.append(frame)
        kept = [frame for frame in frames if len(frame)] or frames[:1]
        return pd.concat(kept, ignore_index=True)


@takes(QuestionWords)
def routes(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | Iterable[str] | None = None,
    via: str | None = None,
    **words: Unpack[QuestionWords],
) -> RoutesResult:
    """By which named mines and plants does an element reach a nation?

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str
        Selector of the target, such as ``"JPN"``.
    element : str or iterable of str, optional
        One or several; default: the graph's headline elements.
    via : str, optional
        Keep only routes that pass a node of this selector on their way.

    Returns
    -------
    RoutesResult
        Routes of a maximum flow (one of possibly many), largest first: the nodes passed, t/yr that
        arrive, standing of the weakest link, confidence of the least sure row, bottleneck and rules
        used. Its frame has a column a stage.

    Raises
    ------
    UnknownNameError
        If a selector or element names nothing.

    Examples
    --------
    >>> import supplynet as sn
    >>> ways = sn.routes(sn.load("tutorial"), to="MLT", element="Nd")
    >>> ways.routes[0].nodes[-1], "bottleneck" in ways.to_frame().columns
    ('MLT', True)
    """
    from supplynet.analysis.arrays.flowgraph import flow_graph
    from supplynet.network.selector import select_some

    known_words(words, routes)
    question = ask(net, to=to, **words)
    wanted: Any = element
    names = tuple(elements_of(question.net, wanted))
    through = None
    if via is not None:
        through = select_some(question.net, via, lens=question.lens, what="via").surely
    told: list[ElementRoute] = []
    certificates = []
    flows: dict[str, Solved] = {}
    for name in names:
        solved = solve(
            flow_graph(
                question.net,
                to=question.targets,
                element=name,
                year=question.year,
                links=question.links,
                plants=question.plants,
                closed=question.shut.possibly,
            )
        )
        certificates.append(solved.certificate)
        flows[name] = solved
        told += [
            ElementRoute(**vars(route), element=name)
            for route in routes_of(solved)
            if through is None or through.intersection(route.nodes[:-1])
        ]
    return RoutesResult(
        question=question,
        elements=names,
        routes=tuple(told),
        via=via or "",
        certificate=worst(certificates),
        provenance=provenance(question, element=list(names), via=via),
        evidence=partial(
            routes_proof, flows, {route.element for route in told}, is_all=through is None
        ),
    )
