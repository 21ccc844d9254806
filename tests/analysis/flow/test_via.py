"""How much can run through a country: against every walk written out, copy by copy."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from supplynet.analysis.arrays.flowgraph import SINK, SOURCE, FlowGraph
from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.flow.via import ThroughFlow, through_flows
from supplynet.analysis.question import ask
from supplynet.network.network import SupplyNetwork
from tests.network.networks import network, small_networks


def graph_of(
    labels: list[str],
    arcs: list[tuple[str, str, float]],
    node_capacity: dict[str, float] | None = None,
) -> FlowGraph:
    """A flow graph made by hand."""
    names = [SOURCE, *labels, SINK]
    limits = node_capacity or {}
    return FlowGraph(
        net=network(),
        element="x",
        year=2024,
        links="possible",
        plants="construction",
        unit="t",
        labels=tuple(names),
        tail=np.array([names.index(tail) for tail, _, _ in arcs], dtype=np.int64),
        head=np.array([names.index(head) for _, head, _ in arcs], dtype=np.int64),
        capacity=np.array([capacity for _, _, capacity in arcs], dtype=float),
        node_capacity=np.array([limits.get(name, np.inf) for name in names], dtype=float),
        arcs=(None,) * len(arcs),
        targets=(),
        is_bound=False,
    )


def through_flow(graph: FlowGraph, visited: frozenset[str]) -> ThroughFlow:
    """The largest flow that passes at least one node of one set."""
    return through_flows(graph, [visited])[0]


def walks(graph: FlowGraph, visited: frozenset[str]) -> list[tuple[int, ...]]:
    """Every walk from source to sink that passes a visited node, as arcs.

    A vertex may be passed once before the first visit and once after it.
    """
    index = graph.index
    marked = {index[one] for one in visited if one in index}
    out: dict[int, list[int]] = {}
    for arc, tail in enumerate(graph.tail.tolist()):
        out.setdefault(tail, []).append(arc)
    found: list[tuple[int, ...]] = []

    def step(
        vertex: int, state: int, seen: frozenset[tuple[int, int]], path: tuple[int, ...]
    ) -> None:
        if vertex == index[SINK]:
            if state:
                found.append(path)
            return
        for arc in out.get(vertex, ()):
            head = int(graph.head[arc])
            after = 1 if state or head in marked else 0
            if (head, after) not in seen:
                step(head, after, seen | {(head, after)}, (*path, arc))

    step(index[SOURCE], 0, frozenset({(index[SOURCE], 0)}), ())
    return found


def brute_force(graph: FlowGraph, visited: frozenset[str]) -> float:
    """Largest sum of walks that keeps every capacity of an arc and a vertex."""
    paths = walks(graph, visited)
    if not paths:
        return 0.0
    rows, bounds = [], []
    for arc, capacity in enumerate(graph.capacity):
        rows.append([float(path.count(arc)) for path in paths])
        bounds.append(capacity)
    for vertex, capacity in enumerate(graph.node_capacity):
        rows.append([float(sum(graph.head[arc] == vertex for arc in path)) for path in paths])
        bounds.append(capacity)
    finite = np.isfinite(bounds)
    solved = linprog(
        -np.ones(len(paths)),
        A_ub=np.array(rows)[finite],
        b_ub=np.array(bounds)[finite],
        method="highs",
    )
    assert solved.status == 0, solved.message
    return float(-solved.fun)


# -- by hand -------------------------------------------------------------------------------


def test_two_ways_of_which_one_counts() -> None:
    graph = graph_of(
        ["a", "b"], [(SOURCE, "a", 5), (SOURCE, "b", 3), ("a", SINK, 9), ("b", SINK, 2)]
    )
    assert through_flow(graph, frozenset({"a"})).value == 5
    assert through_flow(graph, frozenset({"b"})).value == 2
    both = through_flow(graph, frozenset({"a", "b"}))
    assert (both.value, both.method) == (7, "max-flow")
    assert both.certificate is not None
    assert both.certificate.ok


# -- random --------------------------------------------------------------------------------

NAMES = ["a", "b", "c", "d"]


@st.composite
def flow_graphs(draw: st.DrawFn) -> FlowGraph:
    """Four vertices with cycles, and limits on arcs and vertices."""
    limit = st.one_of(st.integers(0, 9).map(float), st.just(float("inf")))
    arcs: list[tuple[str, str, float]] = []
    for tail, head in product([SOURCE, *NAMES], [*NAMES, SINK]):
        if tail != head and (tail, head) != (SOURCE, SINK) and draw(st.booleans()):
            bound = draw(st.integers(0, 9).map(float)) if tail == SOURCE else draw(limit)
            arcs.append((tail, head, bound))
    assume(arcs)
    return graph_of(NAMES, arcs, {name: draw(limit) for name in NAMES})


@given(flow_graphs(), st.sets(st.sampled_from(NAMES), min_size=1, max_size=3))
@settings(max_examples=60)
def test_law_equal_to_every_walk_written_out(graph: FlowGraph, visited: set[str]) -> None:
    found = through_flow(graph, frozenset(visited))
    assert found.value == pytest.approx(brute_force(graph, frozenset(visited)), abs=1e-7)
    assert (found.certificate is None) == (found.method == "none")


@given(small_networks(), st.sampled_from(["Nd", "Dy"]))
@settings(max_examples=20)
def test_law_on_supply_networks(net: SupplyNetwork, element: str) -> None:
    """No country carries more than all of them, and all of them carry everything."""
    question = ask(net, to="KOR")
    solved = solve_question(question, element)
    everyone: dict[str, set[str]] = {}
    for row in net.node_rows:
        if row.stage != "nation":
            everyone.setdefault(row.country, set()).add(row.id)
    parts = {one: through_flow(solved.graph, frozenset(ids)) for one, ids in everyone.items()}
    for one, ids in everyone.items():
        assert parts[one].value <= solved.value + 1e-7
        assert parts[one].value == pytest.approx(
            brute_force(solved.graph, frozenset(ids)), abs=1e-6
        )
    together = through_flow(solved.graph, frozenset().union(*everyone.values()))
    assert together.value == pytest.approx(solved.value, abs=1e-7)


def test_a_larger_set_never_carries_less(rare_earths: SupplyNetwork) -> None:
    question = ask(rare_earths, to="KOR", avoid="CHN", year=2030)
    graph = solve_question(question, "Nd").graph
    sets: list[Any] = [
        {row.id for row in rare_earths.node_rows if row.country in codes and row.stage != "nation"}
        for codes in (("VNM",), ("VNM", "AUS"), ("VNM", "AUS", "MYS", "USA"))
    ]
    values = [through_flow(graph, frozenset(one)).value for one in sets]
    assert values[0] > 0
    assert values == sorted(values)
    assert values[-1] <= solve_question(question, "Nd").value * (1 + 1e-9)
