"""Reachability and residual room, on which the cuts rest."""

import networkx as nx
import numpy as np
import pytest

from supplynet.solve.flow.layout import layout_of
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.flow.residual import reachable, reaching, residual_of
from tests.solve.networks import random_problem


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


def test_a_capacity_just_above_the_flow_is_not_full():
    """In whole units 3.2 looks like 3; the arc must not appear in a cut for that."""
    problem = FlowProblem([0, 1], [1, 2], [3.0, 3.2], n_nodes=3, source=0, sink=2)
    layout = layout_of(problem)
    room = residual_of(problem, max_flow(problem))
    assert room[(layout.rows == 1) & (layout.cols == 2)] > 0
