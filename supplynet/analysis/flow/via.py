"""How much of a flow can run through a country: an exact two-state network.

Every vertex stands twice, before and after the first visit; only flow that has visited counts
at the target. Both copies share one capacity. The two-state maximum flow without that sharing
is an upper bound, and exact when its solution respects it; otherwise a linear program decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from supplynet.analysis.arrays.flowgraph import SINK, SOURCE, FlowGraph
from supplynet.analysis.flow.flow import graph_of
from supplynet.analysis.flow.rows import ViaTier
from supplynet.analysis.question import Question
from supplynet.arrays import Bools, Floats, Ints
from supplynet.network.demand import demand
from supplynet.network.selector import select
from supplynet.network.tiers import floors
from supplynet.solve.check import Certificate, require
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.maxflow import max_flow_many
from supplynet.solve.flow.problem import FlowProblem, FlowSolution
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.terms import DEFAULT_TIER, ENDS, LEVELS

# relative excess over a shared capacity that counts as rounding
_ROUNDING = 1e-12


@dataclass(frozen=True)
class ThroughFlow:
    """The largest flow that visits a set of nodes."""

    value: float  #: t/yr that arrive having passed at least one of the nodes
    #: one of "none", "max-flow", "linear program"; none: no node of the set lies on any way
    method: str
    certificate: Certificate | None  #: of the problem that was solved; None where nothing was
    #: the problem and its solution; None where nothing was solved
    solved: tuple[FlowProblem, FlowSolution] | tuple[LinearProgram, LinearSolution] | None = None


@dataclass(frozen=True)
class _TwoState:
    """Arcs of the two-state network: of which arc each is a copy, and its ends."""

    tail: Ints
    head: Ints
    arc: Ints
    vertex: Ints
    n_vertices: int
    source: int
    sink: int


def through_flows(graph: FlowGraph, sets: Iterable[frozenset[str]]) -> list[ThroughFlow]:
    """Return the largest flow that passes at least one node of each set, all solved in one go."""
    two_states = [_two_state(graph, graph.vertices_of(members)) for members in sets]
    problems = [
        None
        if states is None
        else FlowProblem(
            tail=states.tail,
            head=states.head,
            capacity=graph.capacity[states.arc],
            n_nodes=states.n_vertices,
            source=states.source,
            sink=states.sink,
            node_capacity=graph.node_capacity[states.vertex],
        )
        for states in two_states
    ]
    solutions = iter(max_flow_many([problem for problem in problems if problem is not None]))
    return [
        ThroughFlow(0.0, "none", None)
        if states is None or problem is None
        else _through(graph, states, problem, next(solutions))
        for states, problem in zip(two_states, problems, strict=True)
    ]


def _through(
    graph: FlowGraph, states: _TwoState, problem: FlowProblem, solution: FlowSolution
) -> ThroughFlow:
    """Return the answer, by a linear program where the solution does not share capacities."""
    certificate = certify_flow(problem, solution)
    require(certificate)
    if _shares_capacity(graph, states, solution.flow):
        return ThroughFlow(solution.value, "max-flow", certificate, (problem, solution))
    return _by_linear_program(graph, states)


def _two_state(graph: FlowGraph, visited: list[int]) -> _TwoState | None:
    """Copies of the arcs that lie on a way from the source over a visited node to the sink."""
    if not visited:
        return None
    n = len(graph.labels)
    is_visited = np.zeros(n, dtype=bool)
    is_visited[visited] = True
    # state 0 keeps the vertex number, state 1 adds n; a visited head is only entered in state 1
    before_head = graph.head + np.where(is_visited[graph.head], n, 0)
    tail = np.concatenate([graph.tail, graph.tail + n])
    head = np.concatenate([before_head, graph.head + n])
    arc = np.concatenate([np.arange(graph.tail.size)] * 2)
    source, sink = graph.index[SOURCE], graph.index[SINK] + n
    from_source = _reach(tail, head, source, 2 * n)
    to_sink = _reach(head, tail, sink, 2 * n)
    keep = from_source[tail] & to_sink[head]
    if not keep.any():
        return None
    used, renumbered = np.unique(np.concatenate([tail[keep], head[keep]]), return_inverse=True)
    n_kept = int(keep.sum())
    return _TwoState(
        tail=renumbered[:n_kept],
        head=renumbered[n_kept:],
        arc=arc[keep],
        vertex=used % n,
        n_vertices=used.size,
        source=int(np.searchsorted(used, source)),
        sink=int(np.searchsorted(used, sink)),
    )


def _reach(tail: Ints, head: Ints, start: int, n: int) -> Bools:
    """Which of n vertices can be reached from one."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    matrix = csr_array((np.ones(tail.size, dtype=np.int8), (tail, head)), shape=(n, n))
    reached = np.zeros(n, dtype=bool)
    reached[breadth_first_order(matrix, start, return_predecessors=False)] = True
    return reached


def _shares_capacity(graph: FlowGraph, states: _TwoState, flow: Floats) -> bool:
    """Whether the copies of every arc and vertex stay within the one capacity they share."""
    by_arc = np.bincount(states.arc, weights=flow, minlength=graph.capacity.size)
    through = np.bincount(states.vertex[states.head], weights=flow, minlength=len(graph.labels))
    through[graph.index[SOURCE]] = 0.0
    return bool(
        (by_arc <= graph.capacity * (1 + _ROUNDING)).all()
        and (through <= graph.node_capacity * (1 + _ROUNDING)).all()
    )


def _by_linear_program(graph: FlowGraph, states: _TwoState) -> ThroughFlow:
    """Maximize the arrivals in state 1 under the shared capacities."""
    from scipy.sparse import csr_array, vstack

    from supplynet.solve.lp.solve import proved

    n_arcs = states.arc.size
    columns = np.arange(n_arcs)
    ones = np.ones(n_arcs)
    shape = (states.n_vertices, n_arcs)
    incidence = csr_array((ones, (states.head, columns)), shape=shape) - csr_array(
        (ones, (states.tail, columns)), shape=shape
    )
    inner = np.ones(states.n_vertices, dtype=bool)
    inner[[states.source, states.sink]] = False
    entering = states.vertex[states.head]
    finite_vertices = np.flatnonzero(
        np.isfinite(graph.node_capacity) & (np.bincount(entering, minlength=len(graph.labels)) > 0)
    )
    finite_arcs = np.flatnonzero(
        np.isfinite(graph.capacity) & (np.bincount(states.arc, minlength=graph.capacity.size) > 1)
    )
    by_vertex = csr_array((ones, (entering, columns)), shape=(len(graph.labels), n_arcs))
    by_arc = csr_array((ones, (states.arc, columns)), shape=(graph.capacity.size, n_arcs))
    program = LinearProgram(
        c=np.where(states.head == states.sink, 1.0, 0.0),
        a_ub=vstack([by_vertex[finite_vertices], by_arc[finite_arcs]], format="csr"),
        b_ub=np.concatenate([graph.node_capacity[finite_vertices], graph.capacity[finite_arcs]]),
        a_eq=incidence[np.flatnonzero(inner)],
        b_eq=np.zeros(int(inner.sum())),
        lower=np.zeros(n_arcs),
        upper=graph.capacity[states.arc],
        maximize=True,
    )
    solution, certificate = proved(program)
    require(certificate)
    return ThroughFlow(solution.objective, "linear program", certificate, (program, solution))


#: tiers that countries on the way are set side by side on: what exists, and what is on paper
VIA_TIERS = (DEFAULT_TIER, "announced")


def via_nodes(question: Question, via: str) -> frozenset[str]:
    """Nodes of a country on the way, nations left out: to arrive is not to pass through."""
    nations = frozenset(question.net.nation_ids)
    return select(question.net, via, lens=question.lens).surely - nations


#: teams of countries, the demand and its ends, and the flow and its ends by way of each team
ViaFlows = tuple[list[tuple[str, ...]], list[float], list[list[ThroughFlow]]]


def via_flows(question: Question, element: str, via: Sequence[str], tier: str) -> ViaFlows:
    """Return what can come by way of each country, and at last of several together."""
    teams = [(word,) for word in via] + ([tuple(via)] if len(via) > 1 else [])
    members = {word: via_nodes(question, word) for word in via}
    sets = [frozenset().union(*(members[word] for word in team)) for team in teams]
    counted = floors(tier=tier)
    options: dict[str, Any] = {"links": counted.links, "plants": counted.plants}
    central = through_flows(graph_of(question, element, **options), sets)
    needs = [
        demand(question.net, question.targets, element, question.year, need=level.opposite).value
        for level in (LEVELS["central"], *ENDS.values())
    ]
    bounds = [
        through_flows(
            graph_of(question, element, level=end.name, need=end.opposite, **options), sets
        )
        for end in ENDS.values()
    ]
    return teams, needs, [central, *bounds]


def via_tier(
    question: Question, element: str, unit: str, tier: str, solved: ViaFlows
) -> tuple[ViaTier, ...]:
    """Return the rows of what can come by way of some countries on a tier."""
    teams, needs, bounds = solved
    return tuple(
        ViaTier(
            element,
            unit,
            needs[0],
            tier,
            question.year,
            team,
            flows[0].value,
            *(
                min(1.0, flow.value / need) if need else None
                for flow, need in zip(flows, needs, strict=True)
            ),
        )
        for team, *flows in zip(teams, *bounds, strict=True)
    )
