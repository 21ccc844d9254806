"""Paths add up to the flow, never go in circles and come in one order."""

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from supplynet.errors import UnboundedError
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.paths import Path, decompose
from supplynet.solve.flow.problem import FlowProblem
from tests.solve.networks import layered_problem, problems, random_problem


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


@pytest.mark.parametrize("seed", range(8))
def test_random_flows_are_paths(seed):
    rng = np.random.default_rng([13, seed])
    for _ in range(40):
        paths_are_right(random_problem(rng))
    paths_are_right(layered_problem(seed, n_arcs=800, width=20, decimals=1))


def test_the_widest_path_comes_first():
    problem = FlowProblem(
        [0, 0, 1, 1, 2], [1, 2, 2, 3, 3], [5.0, 2.0, 1.0, 4.0, 3.0], n_nodes=4, source=0, sink=3
    )
    assert decompose(problem, max_flow(problem)) == [
        Path((0, 3), 4.0),
        Path((1, 4), 2.0),
        Path((0, 2, 4), 1.0),
    ]


def test_ties_are_ordered_by_arc_numbers():
    problem = FlowProblem([0, 0, 2, 1], [2, 1, 3, 3], [1.0] * 4, n_nodes=4, source=0, sink=3)
    assert [path.arcs for path in decompose(problem, max_flow(problem))] == [(0, 2), (1, 3)]


def with_flow(problem, units):
    """A solution that carries the given flow, circles included."""
    solution = max_flow(problem)
    units = np.array(units)
    return replace(solution, units=units, flow=units.astype(float))


def test_circles_on_the_way_are_cancelled():
    """1 -> 2 -> 3 -> 1 turns with 2 units while 1 unit travels 0 -> 1 -> 2 -> 4."""
    problem = FlowProblem(
        [0, 1, 2, 3, 2], [1, 2, 3, 1, 4], [1.0, 9.0, 9.0, 9.0, 1.0], 5, source=0, sink=4
    )
    assert decompose(problem, with_flow(problem, [1, 3, 2, 2, 1])) == [Path((0, 1, 4), 1.0)]


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


def test_no_flow_has_no_paths():
    problem = FlowProblem([0], [1], [0.0], n_nodes=2, source=0, sink=1)
    assert decompose(problem, max_flow(problem)) == []
