"""Arrays of the flow problem and what each of them stands for."""

from __future__ import annotations

import math

import numpy as np
import pytest

from supplynet.analysis.arrays.flowgraph import SINK, SOURCE, FlowGraph, flow_graph
from supplynet.network.network import SupplyNetwork

MLT = frozenset({"MLT"})


def capacities(graph: FlowGraph) -> dict[str, float]:
    return dict(zip(graph.labels, graph.node_capacity.tolist(), strict=True))


def arcs(graph: FlowGraph) -> dict[tuple[str, str], float]:
    return {
        (graph.labels[tail], graph.labels[head]): capacity
        for tail, head, capacity in zip(
            graph.tail, graph.head, graph.capacity.tolist(), strict=True
        )
    }


def test_the_tutorial_in_tonnes_that_arrive(tutorial: SupplyNetwork) -> None:
    graph = flow_graph(tutorial, to=MLT, element="Dy", year=2024)
    found = capacities(graph)
    # 200 t x 10 % Dy, half of which is lost at ref-big; mine-small can only go there
    assert found["mine-big"] == pytest.approx(10)
    assert found["mine-small"] == pytest.approx(15)
    # 200 t of ore in, of which the richest has 20 % Dy, half is lost
    assert found["ref-big"] == pytest.approx(20)
    assert found["maker-big"] == pytest.approx(150)  # t oxide: all of it may be Dy
    assert found["rule:goods-to-malta"] == pytest.approx(100)
    assert found["MLT"] == found[SOURCE] == found[SINK] == math.inf
    assert "ref-small" not in found  # it makes no Dy and its carbonate goes nowhere in 2024
    assert arcs(graph)["mine-small", "ref-big"] == pytest.approx(5)
    assert graph.unit == "t Dy2O3/yr"
    assert graph.targets == ("MLT",)
    assert graph.is_bound


def test_every_arc_starts_and_ends_somewhere(rare_earths: SupplyNetwork) -> None:
    graph = flow_graph(rare_earths, to=frozenset({"KOR"}), element="Nd", year=2030)
    n = len(graph.labels)
    assert len(set(graph.labels)) == n
    assert graph.tail.size == graph.head.size == graph.capacity.size == len(graph.arcs)
    assert graph.tail.max() < n
    assert graph.head.max() < n
    assert (graph.capacity > 0).all()
    assert not np.isnan(graph.capacity).any()
    assert not np.isnan(graph.node_capacity).any()


def test_shut_nodes_carry_nothing(tutorial: SupplyNetwork) -> None:
    graph = flow_graph(tutorial, to=MLT, element="Nd", year=2024)
    problem = graph.problem(removed=frozenset({"ref-big", "not-there"}))
    assert problem.node_capacity is not None
    assert problem.node_capacity[graph.index["ref-big"]] == 0
    assert graph.node_capacity[graph.index["ref-big"]] > 0
    same = graph.problem()
    assert same.node_capacity is not None
    assert same.node_capacity.tolist() == graph.node_capacity.tolist()
