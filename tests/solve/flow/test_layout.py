"""The layout keeps every usable slot in one symmetric pattern."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from supplynet.solve.flow.engines import (
    layout_of,
    reachable,
    reaching,
    residual_of,
    slot_units_of,
)
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from tests.solve.networks import random_problem


@pytest.mark.parametrize("seed", range(30))
def test_pattern_is_sorted_symmetric_and_free_of_duplicates(seed):
    layout = layout_of(random_problem(np.random.default_rng(seed)))
    keys = layout.rows.astype(np.int64) * layout.n + layout.cols
    assert (np.diff(keys) > 0).all()
    assert (layout.rows[layout.reverse] == layout.cols).all()
    assert (layout.cols[layout.reverse] == layout.rows).all()
    assert (np.diff(layout.indptr) == np.bincount(layout.rows, minlength=layout.n)).all()


def test_arcs_that_only_circulate_are_left_out():
    """Loops and arcs into the source or out of the sink never help a largest flow."""
    problem = FlowProblem([0, 1, 1, 2, 1], [1, 1, 0, 1, 2], np.ones(5), 3, source=0, sink=2)
    assert layout_of(problem).arcs.tolist() == [0, 4]


def test_only_limited_nodes_are_split():
    limits = [np.inf, 4.0, 0.0]
    layout = layout_of(FlowProblem([0, 1], [1, 2], [1.0, 1.0], 3, 0, 2, limits))
    assert layout.split.tolist() == [1, 2]
    assert (layout.n, layout.source, layout.sink) == (5, 0, 4)


def test_replacements_share_the_layout_as_long_as_the_same_nodes_are_limited():
    problem = FlowProblem([0, 1], [1, 2], [1.0, 1.0], 3, 0, 2, [np.inf, 1.0, np.inf])
    layout = layout_of(problem)
    assert layout_of(problem.replace(capacity=[2.0, 2.0])) is layout
    assert layout_of(problem.replace(node_capacity=[np.inf, 7.0, np.inf])) is layout
    assert layout_of(problem.replace(node_capacity=[1.0, 7.0, np.inf])) is not layout


def test_parallel_arcs_are_filled_in_order():
    problem = FlowProblem([0, 0, 1, 0], [1, 1, 0, 1], [3.0, 0.0, 1.0, 4.0], 2, 0, 1)
    layout = layout_of(problem)
    net = np.array([5, -5])
    assert layout.share(net, np.array([3, 0, 4])).tolist() == [3, 0, 2]


@pytest.mark.parametrize("n_arcs", [1, 2, 3, 4, 1000])
def test_as_many_bits_as_the_sum_of_parallel_arcs_leaves(n_arcs):
    tail, head = np.zeros(n_arcs, dtype=int), np.ones(n_arcs, dtype=int)
    layout = layout_of(FlowProblem(tail, head, np.ones(n_arcs), 2, source=0, sink=1))
    largest = 2**layout.max_bits - 1
    pooled = layout.pool(np.full(n_arcs, largest))
    assert n_arcs * largest < 2**61 <= 8 * n_arcs * largest
    assert pooled.max() == n_arcs * largest


def test_sharing_survives_a_running_sum_that_wraps_around():
    """Ten entries of 2**60 add up to more than int64 holds; the shares must not notice."""
    tail, head = np.repeat(np.arange(10), 2), np.repeat(np.arange(1, 11), 2)
    layout = layout_of(FlowProblem(tail, head, np.ones(20), 11, source=0, sink=10))
    slots = np.full(20, 2**58)
    net = np.zeros(layout.cols.size, dtype=np.int64)
    net[layout.entry] = 2**58 + 1
    assert layout.share(net, slots).tolist() == [2**58, 1] * 10


@pytest.mark.parametrize("seed", range(20))
def test_reachability_agrees_with_networkx(seed):
    rng = np.random.default_rng(seed)
    layout = layout_of(random_problem(rng))
    is_open = rng.random(layout.cols.size) < 0.4
    graph = nx.DiGraph()
    graph.add_nodes_from(range(layout.n))
    graph.add_edges_from(zip(layout.rows[is_open], layout.cols[is_open], strict=True))
    for node in range(layout.n):
        ahead = set(np.flatnonzero(reachable(layout, is_open, node)).tolist())
        behind = set(np.flatnonzero(reaching(layout, is_open, node)).tolist())
        assert ahead == nx.descendants(graph, node) | {node}
        assert behind == nx.ancestors(graph, node) | {node}


def test_room_counts_parallel_opposite_and_node_capacities():
    problem = FlowProblem(
        tail=[0, 0, 1, 2, 1],
        head=[1, 1, 2, 1, 3],
        capacity=[2.0, 2.0, 3.0, 1.0, 4.0],
        n_nodes=4,
        source=0,
        sink=3,
        node_capacity=[5.0, 3.0, np.inf, np.inf],
    )
    solution = max_flow(problem)
    layout = layout_of(problem)
    room = {
        (int(row), int(col)): int(left)
        for row, col, left in zip(
            layout.rows, layout.cols, residual_of(problem, solution), strict=True
        )
    }
    assert solution.value == 3.0
    # Engine nodes: 4 is the source's out-half, 5 is node 1's.
    assert room == {
        (0, 4): 1, (4, 0): 3, (4, 1): 1, (1, 4): 3, (1, 5): 0, (5, 1): 3,
        (5, 2): 3, (2, 5): 0, (2, 1): 1, (1, 2): 0, (5, 3): 1, (3, 5): 3,
    }  # fmt: skip


def test_what_goes_in_circles_fits_its_capacity_too():
    """More passes through the circle than arrives: its arcs are not given as smaller than that."""
    problem = FlowProblem([0, 1, 2, 1], [1, 2, 1, 3], [1.0, 8.0, 8.0, 1.0], 4, source=0, sink=3)
    solution = max_flow(problem)
    around = replace(solution, units=solution.units + np.array([0, 5, 5, 0]))
    capacity, used = slot_units_of(problem, around)
    assert used.tolist() == [1, 5, 5, 1]
    assert (capacity > used).tolist() == [False, True, True, False]
