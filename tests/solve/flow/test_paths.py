"""Paths add up to the flow, never go in circles and come in one order."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from itertools import product

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from supplynet.errors import SolverInputError, UnboundedError
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.paths import Path, decompose, disjoint_routes, slack
from supplynet.solve.flow.problem import FlowProblem
from tests.solve.networks import layered_problem, problems


def paths_are_right(problem):
    """Check everything that a list of paths promises."""
    try:
        solution = max_flow(problem)
    except UnboundedError:
        return
    paths = decompose(problem, solution)
    assert len(paths) <= problem.n_arcs
    total = math.fsum(path.amount for path in paths)
    assert total == pytest.approx(solution.value, rel=1e-12)
    used = Counter()
    for path in paths:
        assert path.amount > 0
        nodes = [int(problem.tail[path.arcs[0]]), *(int(problem.head[arc]) for arc in path.arcs)]
        assert (nodes[0], nodes[-1]) == (problem.source, problem.sink)
        assert len(set(nodes)) == len(nodes)
        for before, after in zip(path.arcs, path.arcs[1:], strict=False):
            assert problem.head[before] == problem.tail[after]
        used.update(dict.fromkeys(path.arcs, path.amount))
    for arc, amount in used.items():
        assert amount <= solution.flow[arc] * (1 + 1e-12)
    assert paths == sorted(paths, key=lambda path: (-path.amount, path.arcs))


@settings(max_examples=150, deadline=None)
@given(problems())
def test_any_flow_is_paths(problem):
    paths_are_right(problem)


def widest(problem, left):
    """The most that a single path from source to sink can carry of what is left on arcs."""
    for amount in sorted(set(left[left > 0].tolist()), reverse=True):
        graph = nx.DiGraph()
        graph.add_nodes_from([problem.source, problem.sink])
        is_wide = left >= amount
        graph.add_edges_from(
            zip(problem.tail[is_wide].tolist(), problem.head[is_wide].tolist(), strict=True)
        )
        if nx.has_path(graph, problem.source, problem.sink):
            return amount
    return 0.0


@pytest.mark.parametrize("seed", range(20))
def test_each_path_is_the_widest_of_what_is_left(seed):
    problem = layered_problem(seed, n_arcs=60, width=5, decimals=0)
    paths = decompose(problem, max_flow(problem))
    left = np.zeros(problem.n_arcs)
    for path in paths:
        left[list(path.arcs)] += path.amount
    for path in paths:
        assert path.amount == widest(problem, left)
        left[list(path.arcs)] -= path.amount


def with_flow(problem, units):
    """A solution that carries the given flow, circles included."""
    solution = max_flow(problem)
    units = np.array(units)
    return replace(solution, units=units, flow=units.astype(float))


def test_circles_that_share_arcs_and_circles_off_the_way_are_cancelled():
    problem = FlowProblem(
        [0, 1, 2, 2, 3, 2, 5, 6], [1, 2, 1, 3, 1, 4, 6, 5], [9.0] * 8, 7, source=0, sink=4
    )
    flow = [1, 6, 2, 3, 3, 1, 4, 4]
    assert decompose(problem, with_flow(problem, flow)) == [Path((0, 1, 5), 1.0)]


def test_a_circle_that_breaks_in_its_middle_is_walked_on_from_there():
    """The circle 1 -> 2 -> 3 -> 1 loses its smallest arc 2 -> 3, not the one walked last."""
    problem = FlowProblem(
        [0, 1, 2, 3, 3, 2, 0], [1, 2, 3, 1, 4, 4, 3], [9.0] * 7, 5, source=0, sink=4
    )
    flow = [1, 3, 2, 2, 1, 1, 1]
    paths = decompose(problem, with_flow(problem, flow))
    assert paths == [Path((0, 1, 5), 1.0), Path((6, 4), 1.0)]


@pytest.mark.parametrize("seed", range(4))
def test_machine_code_finds_the_same_paths(seed, monkeypatch):
    pytest.importorskip("numba")
    problem = layered_problem(seed, n_arcs=300, width=12, decimals=1)
    solution = max_flow(problem)
    paths = decompose(problem, solution)
    monkeypatch.setattr("supplynet.solve.flow.paths.FAST_FROM", 0)
    assert decompose(problem, solution) == paths


few_sizes = st.sampled_from([0.0, 1.0, 1.0, 2.0, 3.0, np.inf])


def open_graph(problem):
    """Nodes and arcs that can carry anything."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(problem.n_nodes))
    is_open = problem.capacity > 0
    graph.add_edges_from(
        zip(problem.tail[is_open].tolist(), problem.head[is_open].tolist(), strict=True)
    )
    if problem.node_capacity is not None:
        graph.remove_nodes_from(np.flatnonzero(problem.node_capacity == 0).tolist())
    return graph


def connects(graph, problem, without=()):
    left = graph.copy()
    left.remove_nodes_from(without)
    ends = problem.source, problem.sink
    return all(end in left for end in ends) and nx.has_path(left, *ends)


def cut_off(graph, problem, without=()):
    """Nodes whose loss ends the last route, one after the other."""
    inner = set(graph) - {problem.source, problem.sink} - set(without)
    return sorted(v for v in inner if not connects(graph, problem, {v, *without}))


def routes_are_right(problem):
    """Check what is reported of routes against trying the loss of each node."""
    graph = open_graph(problem)
    found = disjoint_routes(problem)
    ends = problem.source, problem.sink
    if not connects(graph, problem):
        assert (found.n_routes, found.unavoidable.size, found.nearly_unavoidable.size) == (0, 0, 0)
        return
    if graph.has_edge(*ends):
        assert found.n_routes is None
        assert found.unavoidable.size == 0
        return
    assert found.n_routes == nx.node_connectivity(graph, *ends)
    assert found.unavoidable.tolist() == cut_off(graph, problem)
    dominators, node = set(), problem.sink
    parents = nx.immediate_dominators(graph, problem.source)
    while parents.get(node) not in (None, node):
        node = parents[node]
        dominators.add(node)
    assert set(found.unavoidable.tolist()) == dominators - {problem.source}
    nearly = [
        v
        for v in graph
        if v not in ends and found.n_routes > 1 and cut_off(graph, problem, without=[v])
    ]
    assert found.nearly_unavoidable.tolist() == sorted(nearly)


@given(problem=problems(capacity=few_sizes))
def test_unavoidable_is_what_cuts_all_routes(problem):
    routes_are_right(problem)


def test_unavoidable_is_what_cuts_all_routes_where_there_are_some():
    """Most random arcs join source and sink at once or not at all; these leave one step out."""
    rng = np.random.default_rng(5)
    counts = Counter()
    for _ in range(120):
        n = int(rng.integers(4, 9))
        tail, head = rng.integers(0, n, (2, int(rng.integers(2, 5)) * n))
        is_kept = ~((tail == 0) & (head == n - 1))
        tail, head = tail[is_kept], head[is_kept]
        problem = FlowProblem(tail, head, np.ones(tail.size), n, source=0, sink=n - 1)
        routes_are_right(problem)
        counts[disjoint_routes(problem).n_routes] += 1
    assert min(counts[n_routes] for n_routes in (0, 1, 2)) >= 5


def test_routes_may_share_what_is_no_candidate():
    problem = FlowProblem([0, 1, 1, 2, 3], [1, 2, 3, 4, 4], [1.0] * 5, 5, source=0, sink=4)
    found = disjoint_routes(problem, candidates=[])
    assert found.n_routes is None


def smallest_cut_with(problem, node):
    """The smallest capacity over all cuts that part the halves of a node."""
    halves = [(v, half) for v in range(problem.n_nodes) for half in (0, 1)]
    fixed = {
        (problem.source, 0): True,
        (problem.sink, 1): False,
        (node, 0): True,
        (node, 1): False,
    }
    free = [half for half in halves if half not in fixed]
    best = np.inf
    for bits in product((False, True), repeat=len(free)):
        side = fixed | dict(zip(free, bits, strict=True))
        total = sum(
            capacity
            for tail, head, capacity in zip(
                problem.tail, problem.head, problem.capacity, strict=True
            )
            if side[tail, 1] and not side[head, 0]
        )
        total += sum(
            problem.node_capacity[v] for v in range(problem.n_nodes) if side[v, 0] > side[v, 1]
        )
        best = min(best, total)
    return best


@given(problem=problems(capacity=few_sizes))
def test_slack_is_what_the_smallest_cut_with_the_node_has_over(problem):
    assume(problem.node_capacity is not None and problem.n_nodes <= 5)
    try:
        solution = max_flow(problem)
    except UnboundedError:
        assume(False)
    inner = [v for v in range(problem.n_nodes) if v not in (problem.source, problem.sink)]
    expected = [smallest_cut_with(problem, v) - solution.value for v in inner]
    assert slack(problem, solution, inner).tolist() == expected


def test_a_node_without_a_limit_is_no_bottleneck():
    problem = FlowProblem([0, 1], [1, 2], [1.0, 1.0], 3, source=0, sink=2)
    assert slack(problem, max_flow(problem), [1]).tolist() == [np.inf]


@pytest.mark.parametrize("wrong", [[0], [2], [3], [-1], [0.5]])
def test_wrong_nodes_are_refused(wrong):
    problem = FlowProblem([0, 1], [1, 2], [1.0, 1.0], 3, source=0, sink=2)
    with pytest.raises(SolverInputError):
        disjoint_routes(problem, candidates=wrong)
    with pytest.raises(SolverInputError):
        slack(problem, max_flow(problem), wrong)
