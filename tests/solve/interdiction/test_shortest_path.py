"""The longest shortest way: against trying every set of removals, and what is refused."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import numpy as np
import pytest

from supplynet.errors import SolverInputError
from supplynet.solve.interdiction.shortest_path import longest_shortest_path

GIVEN = {
    "tail": [0, 0, 1],
    "head": [1, 2, 2],
    "length": [1.0, 5.0, 1.0],
    "n_nodes": 3,
    "source": 0,
    "sink": 2,
    "budget": 1,
}


def shortest(tail, head, length, n, source, sink, gone) -> float:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(n))
    for arc, ends in enumerate(zip(tail.tolist(), head.tolist(), strict=True)):
        if arc not in gone:
            graph.add_edge(*ends, weight=length[arc])
    try:
        return float(nx.shortest_path_length(graph, source, sink, weight="weight"))
    except nx.NetworkXNoPath:
        return math.inf


def test_equals_brute_force() -> None:
    rng = np.random.default_rng(0)
    for _ in range(120):
        n, m = int(rng.integers(2, 7)), int(rng.integers(1, 11))
        tail, head = rng.integers(0, n, m), rng.integers(0, n, m)
        length = rng.integers(0, 9, m).astype(float)
        cost = rng.integers(1, 4, m).astype(float)
        cost[rng.random(m) < 0.2] = np.inf
        budget = int(rng.integers(0, 5))
        source, sink = map(int, rng.choice(n, 2, replace=False))
        found = longest_shortest_path(tail, head, length, n, source, sink, budget=budget, cost=cost)
        best = max(
            shortest(tail, head, length, n, source, sink, gone)
            for size in range(m + 1)
            for gone in itertools.combinations(range(m), size)
            if cost[list(gone)].sum() <= budget
        )
        assert found.length == best
        assert cost[list(found.removed)].sum() <= budget
        assert shortest(tail, head, length, n, source, sink, found.removed) == best
        if math.isfinite(best):
            assert length[list(found.way)].sum() == best


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"tail": [0, 0]}, "one entry for each arc"),
        ({"tail": [0, 0, 7]}, "lies outside 0 ... 2"),
        ({"head": [1.0, 2.0, 2.0]}, "head must hold whole numbers"),
        ({"length": ["a", "b", "c"]}, "length must be a list of numbers"),
        ({"length": [[1.0]]}, "length must be a list of numbers"),
        ({"length": [1.0, -5.0, 1.0]}, "a length must be at least 0"),
        ({"cost": [1.0, 0.0, 1.0]}, "a cost above 0"),
        ({"budget": -1}, "budget must be a number from 0 on, not -1"),
        ({"sink": 3}, "source or sink lies outside 0 ... 2"),
    ],
)
def test_what_is_no_problem_is_refused(words, message: str) -> None:
    with pytest.raises(SolverInputError, match=message):
        longest_shortest_path(**{**GIVEN, **words})


def test_a_way_that_the_budget_cannot_cut_as_well_ends_the_search() -> None:
    """Two ways of length 1 beside one of 5: one removal leaves the other, so none is worth it."""
    arcs = ([0, 0, 0], [1, 1, 1], [1.0, 1.0, 5.0], 2, 0, 1)
    attack = longest_shortest_path(*arcs, budget=1)
    assert (attack.length, attack.n_nodes) == (1.0, 1)
    assert longest_shortest_path(*arcs, budget=2).length == 5.0
