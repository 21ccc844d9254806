"""Maximum flow and minimum cut: how much could arrive, and what stops more from coming."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

from supplynet.analysis.arrays.flowgraph import FlowGraph, flow_graph
from supplynet.analysis.arrays.solving import Solved, solve
from supplynet.analysis.flow.evidence import flow_proof
from supplynet.analysis.flow.idle import IdleRestriction, idle_in_flow
from supplynet.analysis.flow.names import arc_name, plant_of, vertex_name
from supplynet.analysis.flow.routes import (
    Route,
    confidence_shares,
    figure_shares,
    routes_frame,
    routes_of,
)
from supplynet.analysis.proofs import Proof
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import Question, ask
from supplynet.analysis.words import QuestionWords, known_words, takes
from supplynet.contract.answer import Answer
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.headline import Lead
from supplynet.contract.json_schema import NUMBER, TEXT, record
from supplynet.contract.row import ElementId, Row, Share, Tonnes, col
from supplynet.network.demand import DemandFigure, demand
from supplynet.network.timeline import capacities_in_force
from supplynet.network.units import one_element
from supplynet.terms import LEVEL_NAMES, LevelName
from supplynet.text import between, by_size, share, share_range, tonnes

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.flow.cuts import Cut, Members

POTENTIAL = "if it had the network to itself"


class Bottleneck(Row):
    """A member of a minimum cut."""

    kind: str = col('One of "node", "link", "rule", "intake", "restriction".')
    id: str = col("Node id, ``tail -> head``, rule id, or nation and form.")
    name: str = col("As a reader knows it.")
    stage: str = col("Of the node, or of the link's tail; empty where there is none.")
    country: str = col("Of the node, or of the link's tail; empty where there is none.")
    capacity: Tonnes = col("Lets through.", "t/yr that arrive")
    confidence: str = col("Of the row that sets the capacity.")


class FlowResult(
    Answer,
    name="flow",
    title="How much of an element could reach a target",
    headline=(
        Lead("coverage", "coverage", "coverage_low", "coverage_high", of="{row.element}"),
        Lead("maximum flow", "value", "low", "high", of="{row.element}"),
    ),
    also=(
        "meaning",
        "coverage",
        "coverage_low",
        "coverage_high",
        "confidence_shares=confidence",
        "figure_shares=figures",
        "routes",
        "cut",
        "idle_restrictions",
    ),
    nested={"demand": record({"value": NUMBER, "how": TEXT, "estimated_share": NUMBER})},
    document="supplynet.reports.results.of_flow",
):
    """How much of an element could reach a target: a potential, not a forecast."""

    element: ElementId = col("Id of the element.")
    value: Tonnes = col("What arrives per year, plants of unknown owners shut.", ITS_UNIT)
    low: Tonnes = col("The same with every figure at its low end.", ITS_UNIT)
    high: Tonnes = col("The same with every figure at its high end.", ITS_UNIT)
    value_if_unknown_open: Tonnes = col("The value with unknown owners' plants open.", ITS_UNIT)
    unit: str = col("Unit of what arrives.")
    is_upper_bound: bool = col("Whether a balance may bring less.")
    demand: DemandFigure  #: what the target needs of the element
    #: share of the demand that could be covered at both ends of the data; None without a demand
    coverage_range: tuple[float, float] | None
    solved: Solved = field(repr=False)  #: arrays, for other analyses

    @property
    def coverage(self) -> Share | None:
        """Share of the demand that could be covered."""
        if not self.demand.value:
            return None
        return min(1.0, self.value / self.demand.value)

    @property
    def coverage_low(self) -> Share | None:
        """The same, low figures and the high demand."""
        return None if self.coverage_range is None else self.coverage_range[0]

    @property
    def coverage_high(self) -> Share | None:
        """The same, high figures and the low demand."""
        return None if self.coverage_range is None else self.coverage_range[1]

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return f"potential: {POTENTIAL}"

    def proof(self) -> list[Proof]:
        """Return the flow and the cut that is as large."""
        return [flow_proof(self.solved, has_ways=True)]

    def _nested(self) -> dict[str, Any]:
        need = self.demand
        told = {"value": need.value, "how": str(need), "estimated_share": need.estimated_share}
        return {"demand": told}

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """The flow as routes, the largest first."""
        return routes_of(self.solved)

    @cached_property
    def cut(self) -> tuple[Bottleneck, ...]:
        """Members of the minimum cut nearest to the ground, largest first."""
        return bottlenecks(self.solved)

    @cached_property
    def idle_restrictions(self) -> tuple[IdleRestriction, ...]:
        """Restrictions that bind nothing.

        With the reason; solved on first use.
        """
        return idle_in_flow(self.question, self.element, self.value)

    @cached_property
    def confidence(self) -> dict[str, float]:
        """Of the tonnes, by confidence of the least sure row on each route."""
        return confidence_shares(self.routes)

    @cached_property
    def figures(self) -> dict[str, float]:
        """Of the figures behind the routes, by confidence."""
        return figure_shares(self.routes)

    def summary(self) -> str:
        """Return the answer in a sentence or two."""
        asked = self.question
        without = f" without {asked.avoid_name}" if asked.avoid else ""
        text = (
            f"{tonnes(self.value)} {self.unit} of {self.element} could reach {asked.to_name}"
            f"{without} in {asked.year} on {asked.counted} {POTENTIAL} "
            f"({_range(self.low, self.high)})"
        )
        if self.coverage is not None:
            text += f"; that is {share(self.coverage)} of its demand ({self.demand}"
            if self.coverage_range is not None and len(set(self.coverage_range)) > 1:
                text += f"; data range {share_range(*self.coverage_range)}"
            text += ")"
        return text + "."

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return the routes as a DataFrame, a column a stage; or a table by name."""
        if table is not None:
            return super().to_frame(table)
        return routes_frame(self.question.net, self.routes)


def _range(low: float, high: float) -> str:
    return "the data gives no range" if low == high else f"data range {between(low, high)}"


@takes(QuestionWords)
def max_flow(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | None = None,
    **words: Unpack[QuestionWords],
) -> FlowResult:
    """How much of an element could reach a nation if it had the network to itself?

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str
        Selector of the target, such as ``"KOR"``, ``"EU"`` or ``"JPN:manufacturer"``.
    element : str, optional
        An element of the graph, or ``"basket"`` for the whole mix; default: the first of the
        graph's headline elements.

    Returns
    -------
    FlowResult
        With range, demand coverage, routes, minimum cut and certificate.

    Raises
    ------
    UnknownNameError
        If a selector, element or scenario names nothing.
    OptionError
        If an option's value is not allowed.
    UnboundedError
        If nothing limits the flow.

    Notes
    -----
    Maximum flow equals minimum cut (Ford and Fulkerson, 1956). Capacities are in tonnes that
    arrive, see :mod:`supplynet.analysis.arrays.flowgraph`.

    Examples
    --------
    >>> import supplynet as sn
    >>> flow = sn.max_flow(sn.load("tutorial"), to="MLT", element="Nd")
    >>> flow.certificate.ok
    True
    """
    known_words(words, max_flow)
    question = ask(net, to=to, **words)
    wanted = one_element(question.net, element, "max_flow")
    return potential(question, wanted)


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
