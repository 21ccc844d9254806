"""Arcs on the ways to a target, and the best yield on them."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.analysis.arrays.skeleton import skeleton
from supplynet.analysis.arrays.towards import Towards, towards
from supplynet.network.network import SupplyNetwork


def part_of(arcs: list[tuple[int, int]], n: int, targets: tuple[int, ...] = (0,)) -> Towards:
    """Arcs between numbered vertices; what they stand for does not count here."""
    ends = np.array(arcs, dtype=np.int64).reshape(-1, 2)
    nothing = np.zeros(len(arcs), bool)
    return Towards(
        labels=tuple(map(str, range(n))),
        n_nodes=n,
        arcs=(),
        places=(),
        tail=ends[:, 0],
        head=ends[:, 1],
        is_free=nothing,
        enters_by_form=nothing,
        enters_asking=nothing,
        ways=(),
        way=np.zeros(len(arcs), dtype=np.int64),
        targets=np.array(targets, dtype=np.int64),
    )


def test_only_ways_from_an_origin_to_the_target_count(tutorial: SupplyNetwork) -> None:
    frame = skeleton(tutorial, year=2024, links="possible", plants="construction")
    part = towards(tutorial, frame, frozenset({"MLT"}))
    graph = nx.DiGraph((arc.tail, arc.head) for arc in frame.arcs)
    mines = [one for one in frame.nodes if frame.nodes[one].stage == "mine"]
    ahead = set(mines).union(*(nx.descendants(graph, one) for one in mines))
    behind = {"MLT"} | nx.ancestors(graph, "MLT")
    assert set(part.arcs) == {arc for arc in frame.arcs if arc.tail in ahead and arc.head in behind}
    assert "ISL" not in part.labels
    ends = [(part.labels[t], part.labels[h]) for t, h in zip(part.tail, part.head, strict=True)]
    assert ends == [(arc.tail, arc.head) for arc in part.arcs]
    assert part is towards(tutorial, frame, frozenset({"MLT"}))


def test_a_target_that_is_shut_is_none(tutorial: SupplyNetwork) -> None:
    frame = skeleton(
        tutorial, year=2024, links="possible", plants="construction", closed=frozenset({"MLT"})
    )
    part = towards(tutorial, frame, frozenset({"MLT"}))
    assert part.labels == ()
    assert part.best_yields(np.zeros(0), np.zeros(0, bool)).size == 0


def test_a_cycle_gains_nothing_and_a_barred_arc_is_no_way() -> None:
    """2 and 3 feed each other without loss; only 2 is joined to the target, by two ways."""
    part = part_of([(1, 0), (2, 1), (2, 0), (3, 2), (2, 3), (4, 3)], 5)
    recovery = np.array([1.0, 0.5, 0.8, 1.0, 1.0])
    is_carried = np.array([True, True, True, True, True, False])
    assert part.best_yields(recovery, is_carried).tolist() == [1.0, 1.0, 1.0, 0.8, 0.0]
    is_carried[2] = False  # then all pass vertex 1
    assert part.best_yields(recovery, is_carried).tolist() == pytest.approx(
        [1.0, 1.0, 0.5, 0.4, 0.0]
    )


@given(st.data())
def test_the_best_yield_is_that_of_the_best_path(data: st.DataObject) -> None:
    """Compare with the shortest path on logarithms."""
    n = data.draw(st.integers(1, 6))
    pairs = [(tail, head) for tail in range(n) for head in range(n) if tail != head]
    arcs = data.draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    recovery = np.array(
        data.draw(st.lists(st.floats(0.1, 1.0), min_size=n, max_size=n)), np.float64
    )
    is_carried = np.array([data.draw(st.booleans()) for _ in arcs], bool)
    found = part_of(arcs, n).best_yields(recovery, is_carried)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    for (tail, head), carried in zip(arcs, is_carried, strict=True):
        if carried:  # backwards: the yield of entering the head is lost on the way
            graph.add_edge(head, tail, weight=-np.log(recovery[head]))
    lengths = nx.single_source_dijkstra_path_length(graph, 0)
    expected = [np.exp(-lengths[one]) if one in lengths else 0.0 for one in range(n)]
    assert found.tolist() == pytest.approx(expected, rel=1e-9, abs=1e-12)
