"""Generated networks: the same by seed, shaped as promised, solvable."""

from __future__ import annotations

import io

import networkx as nx
import numpy as np
import pytest

from supplynet.errors import SolverInputError
from supplynet.solve.flow.generate import KINDS, STAGES, generate_arrays, generate_problem
from supplynet.solve.flow.maxflow import max_flow

FIELDS = ("stage", "node_capacity", "tail", "head", "capacity")


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_decides(kind):
    first, again = (generate_arrays(kind, 500, seed=3) for _ in range(2))
    other = generate_arrays(kind, 500, seed=4)
    for name in FIELDS:
        assert getattr(first, name).tolist() == getattr(again, name).tolist()
    assert first.capacity.tolist() != other.capacity.tolist()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("n_edges", [20, 1000, 20_000])
def test_about_as_many_links_as_asked_for_and_no_pair_twice(kind, n_edges):
    drawn = generate_arrays(kind, n_edges, seed=1)
    assert 0.5 * n_edges <= drawn.tail.size <= 1.5 * n_edges
    pairs = set(zip(drawn.tail.tolist(), drawn.head.tolist(), strict=True))
    assert len(pairs) == drawn.tail.size
    assert (drawn.tail != drawn.head).all()


@pytest.mark.parametrize("kind", KINDS)
def test_every_plant_is_on_a_way_from_a_mine_to_a_nation(kind):
    drawn = generate_arrays(kind, 2000, seed=2)
    assert set(drawn.tail[drawn.stage[drawn.tail] < STAGES - 1].tolist()) == set(
        np.flatnonzero(drawn.stage < STAGES - 1).tolist()
    )
    assert set(drawn.head.tolist()) == set(np.flatnonzero(drawn.stage > 0).tolist())


def test_only_the_cyclic_kind_has_cycles():
    for kind in KINDS:
        drawn = generate_arrays(kind, 1000, seed=5)
        graph = nx.DiGraph(zip(drawn.tail.tolist(), drawn.head.tolist(), strict=True))
        assert nx.is_directed_acyclic_graph(graph) == (kind == "layered")


def test_degrees_follow_a_power_law():
    """The busiest hundredth of the plants sees several times its share of the links."""
    drawn = generate_arrays("layered", 50_000, seed=6)
    degree = np.sort(np.bincount(np.concatenate([drawn.tail, drawn.head])))[::-1]
    assert degree[: degree.size // 100].sum() > 4 * degree.sum() / 100


@pytest.mark.parametrize("kind", KINDS)
def test_plants_and_links_both_limit(kind):
    problem = generate_problem(kind, 2000, seed=7)
    assert (problem.capacity == np.rint(problem.capacity)).all()
    value = max_flow(problem).value
    unlimited = problem.replace(node_capacity=np.full(problem.n_nodes, np.inf))
    assert 0 < value < max_flow(unlimited).value


@pytest.mark.parametrize("wrong", [("star", 100, 0), ("layered", 3, 0), ("cyclic", 100, -1)])
def test_what_cannot_be_drawn_is_refused(wrong):
    kind, n_edges, seed = wrong
    with pytest.raises(SolverInputError):
        generate_arrays(kind, n_edges, seed=seed)


def test_a_file_of_arrays_has_each_by_its_name() -> None:
    drawn = generate_arrays("cyclic", 200, seed=5)
    kept = np.load(io.BytesIO(drawn.to_npz()))
    assert set(kept.files) == {"stage", "node_capacity", "tail", "head", "capacity"}
    for name in kept.files:
        assert np.array_equal(kept[name], getattr(drawn, name)), name
