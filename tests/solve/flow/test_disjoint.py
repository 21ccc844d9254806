"""Unavoidable nodes and slack: equal to taking nodes out and to trying every cut."""

from __future__ import annotations

from itertools import product

import networkx as nx
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from supplynet.errors import SolverInputError, UnboundedError
from supplynet.solve.flow.disjoint import disjoint_routes, slack
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from tests.solve.networks import problems

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


@given(problem=problems(capacity=few_sizes))
def test_unavoidable_is_what_cuts_all_routes(problem):
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


def test_two_routes_of_which_each_is_nearly_all() -> None:
    """0 -> 1 -> 3 and 0 -> 2 -> 3: no plant is on both, and each is on all routes but one."""
    problem = FlowProblem([0, 0, 1, 2], [1, 2, 3, 3], [1.0] * 4, 4, source=0, sink=3)
    found = disjoint_routes(problem)
    assert found.n_routes == 2
    assert found.unavoidable.tolist() == []
    assert found.nearly_unavoidable.tolist() == [1, 2]
