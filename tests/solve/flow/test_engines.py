"""Both engines find the same flow, cut and interval, whatever the capacities."""

from __future__ import annotations

import sys

import networkx as nx
import numpy as np
import pytest

from supplynet.errors import MissingExtraError, SolverError, SolverInputError, UnboundedError
from supplynet.solve.flow import engines as passes
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.engines import (
    FAST_FROM,
    Passes,
    Pushing,
    engine_of,
    layout_of,
    run_passes,
)
from supplynet.solve.flow.generate import generate_problem
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from tests.solve.losses import plain_module
from tests.solve.networks import KINDS, layered_problem, random_problem
from tests.solve.oracle import max_flow_value


def load_plain_kernel(monkeypatch):
    """Run the pushing as plain Python for one test, whether or not numba is installed."""
    monkeypatch.setitem(sys.modules, "numba", None)
    module = plain_module(monkeypatch, "supplynet.solve.flow.push_relabel")
    monkeypatch.setattr("supplynet.solve.flow.push_relabel", module, raising=False)
    monkeypatch.setattr("supplynet.solve.flow.engines.is_compiled_available", lambda: True)


@pytest.fixture
def runs(monkeypatch):
    """One entry for each run of SciPy's engine."""
    done, run = [], passes.maximum_flow
    monkeypatch.setattr(passes, "maximum_flow", lambda *given: done.append(1) or run(*given))
    return done


def assert_alike(problem):
    """The compiled engine says what SciPy's says, and its flow is legal."""
    try:
        slow = max_flow(problem, engine="scipy")
    except UnboundedError:
        with pytest.raises(UnboundedError):
            max_flow(problem, engine="fast")
        return
    fast = max_flow(problem, engine="fast")
    assert certify_flow(problem, fast).ok
    assert (fast.lower, fast.value, fast.upper) == (slow.lower, slow.value, slow.upper)
    assert fast.source_side.tolist() == slow.source_side.tolist()
    assert (fast.method, fast.scale, fast.value_units) == (
        slow.method,
        slow.scale,
        slow.value_units,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_plain_code_agrees(kind, monkeypatch):
    load_plain_kernel(monkeypatch)
    rng = np.random.default_rng(KINDS.index(kind))
    for _ in range(150):
        assert_alike(random_problem(rng, kind))


@pytest.mark.parametrize("kind", KINDS)
def test_compiled_code_agrees(kind):
    pytest.importorskip("numba")
    rng = np.random.default_rng([7, KINDS.index(kind)])
    for _ in range(150):
        assert_alike(random_problem(rng, kind, most_nodes=12, most_arcs=60))


@pytest.mark.parametrize("kind", ["layered", "cyclic"])
@pytest.mark.parametrize("seed", range(3))
def test_compiled_code_agrees_on_supply_networks(kind, seed):
    pytest.importorskip("numba")
    assert_alike(generate_problem(kind, 4000, seed=seed))


@pytest.mark.parametrize("seed", range(40))
def test_any_node_may_have_any_number(seed, monkeypatch):
    """Lists of nodes begin and end by numbers: the first is as good as any in the middle."""
    load_plain_kernel(monkeypatch)
    rng = np.random.default_rng([11, seed])
    problem = layered_problem(seed, n_arcs=120, width=6, decimals=0)
    number = rng.permutation(problem.n_nodes)
    assert_alike(
        FlowProblem(
            *(number[problem.tail], number[problem.head], problem.capacity, problem.n_nodes),
            source=int(number[problem.source]),
            sink=int(number[problem.sink]),
        )
    )


def long_ladder(n=60):
    """Two rails with rungs: far from source to sink, so that distances grow in many steps."""
    rng = np.random.default_rng(3)
    graph = nx.grid_2d_graph(n, 4)
    names = {name: place for place, name in enumerate(graph)}
    tail, head = np.array([[names[a], names[b]] for a, b in graph.edges]).T
    ends = np.concatenate([tail, head]), np.concatenate([head, tail])
    return FlowProblem(*ends, rng.integers(1, 9, 2 * tail.size).astype(float), 4 * n, 0, 4 * n - 1)


def test_plain_code_agrees_where_ways_are_long(monkeypatch):
    """Here distances are worked out anew, and nodes behind a gap are given up."""
    load_plain_kernel(monkeypatch)
    assert_alike(long_ladder())
    for seed in range(3):
        assert_alike(layered_problem(seed, n_arcs=400, width=10, decimals=2))


def test_what_goes_back_slowly_is_pushed_back(monkeypatch):
    load_plain_kernel(monkeypatch)
    monkeypatch.setattr("supplynet.solve.flow.push_relabel.give_back", lambda *_: False)
    rng = np.random.default_rng(6)
    for _ in range(100):
        assert_alike(random_problem(rng, "whole", most_nodes=10, most_arcs=40))


def test_distances_are_worked_out_anew_when_much_was_done(monkeypatch):
    load_plain_kernel(monkeypatch)
    monkeypatch.setattr("supplynet.solve.flow.push_relabel.PATIENCE", 0)
    assert_alike(long_ladder(12))
    rng = np.random.default_rng(5)
    for _ in range(100):
        assert_alike(random_problem(rng, "whole", most_nodes=10, most_arcs=40))


def test_large_networks_are_solved_by_compiled_code_and_small_ones_are_not(monkeypatch):
    small, large = (
        generate_problem("layered", 500, seed=1),
        generate_problem("layered", 11000, seed=1),
    )
    assert large.n_arcs >= FAST_FROM
    assert isinstance(engine_of(small, "auto"), Passes)
    load_plain_kernel(monkeypatch)
    engine = engine_of(large, "auto")
    assert isinstance(engine, Pushing)
    assert engine_of(large.replace(capacity=large.capacity * 2), "auto") is engine
    assert engine_of(large.replace(node_capacity=large.node_capacity * 2), "fast") is engine
    open_nodes = large.replace(node_capacity=np.full(large.n_nodes, np.inf))
    assert engine_of(open_nodes, "auto") is not engine
    assert isinstance(engine_of(large, "scipy"), Passes)


def test_without_compiled_code_scipy_solves_all(monkeypatch):
    monkeypatch.setattr("supplynet.solve.flow.engines.is_compiled_available", lambda: False)
    assert isinstance(engine_of(generate_problem("layered", 11000, seed=1), "auto"), Passes)
    with pytest.raises(MissingExtraError, match="not installed"):
        max_flow(FlowProblem([0], [1], [1.0], 2, 0, 1), engine="fast")


def test_other_engines_are_refused():
    with pytest.raises(SolverInputError, match="engine must be"):
        max_flow(FlowProblem([0], [1], [1.0], 2, 0, 1), engine="other")


def test_many_parallel_floats_do_not_overflow():
    """A sum of parallel capacities counts in units that still fit."""
    pytest.importorskip("numba")
    rng = np.random.default_rng(1)
    capacity = rng.uniform(1, 9, 40)
    assert_alike(FlowProblem([0] * 40 + [1], [1] * 40 + [2], [*capacity, 77.7 / 3], 3, 0, 2))


@pytest.mark.parametrize("bits", [10, 28, 29, 30, 31, 32, 45, 57, 80, 200])
def test_every_size_of_numbers_is_exact(bits, runs):
    """The sizes around 2**31 are those at which the engine alone goes wrong."""
    rng = np.random.default_rng(bits)
    for _ in range(15):
        tail, head = rng.integers(0, 6, 18), rng.integers(0, 6, 18)
        wholes = [int(x * 2.0**52) << bits >> 52 for x in rng.random(18)]
        problem = FlowProblem(tail, head, np.array(wholes, dtype=float), 6, 0, 5)
        layout = layout_of(problem)
        slots = np.array(wholes, dtype=object if bits > 57 else np.int64)[layout.arcs]
        bound = int(sum(slots.tolist()))
        runs.clear()
        net, side = run_passes(layout, layout.pool(slots), bound)
        assert len(runs) <= 3 + bits // 20
        value = int(net[layout.rows == 0].sum())
        crosses = side[layout.rows] & ~side[layout.cols]
        assert value == int(layout.pool(slots)[crosses].sum())
        assert (net == -net[layout.reverse]).all()
        if bits <= 52:
            assert value == max_flow_value(problem, as_decimal=False)


def test_a_bound_of_zero_needs_no_pass(runs):
    layout = layout_of(FlowProblem([0], [1], [1.0], n_nodes=2, source=0, sink=1))
    _, side = run_passes(layout, np.array([0, 0]), 0)
    assert (side.tolist(), runs) == ([True, False], [])


def test_the_side_is_nearest_to_the_source_even_if_the_last_pass_was_coarse():
    """Bits shifted out can open a way on the source side that a coarse pass misses."""
    problem = FlowProblem([0, 1, 2], [1, 2, 3], [2.0**40 + 1, 2.0**40, 2.0**40], 4, 0, 3)
    layout = layout_of(problem)
    slots = np.array([2**40 + 1, 2**40, 2**40])
    _, side = run_passes(layout, layout.pool(slots), 2**40 + 1)
    assert side.tolist() == [True, True, False, False]


def test_few_passes_suffice_for_a_large_network(runs):
    problem = layered_problem(1)
    layout = layout_of(problem)
    slots = (problem.capacity[layout.arcs] * 2.0**40).astype(np.int64)
    run_passes(layout, layout.pool(slots), int(slots.sum()))
    assert 0 < len(runs) <= 4


def test_an_engine_that_changes_the_pattern_is_not_trusted(monkeypatch):
    """Flows are read by position, which another version of SciPy might not keep."""

    def shrunken(graph, source, sink):
        result = original(graph, source, sink)
        result.flow.eliminate_zeros()
        return result

    def turned(graph, source, sink):
        result = original(graph, source, sink)
        result.flow.indices = result.flow.indices[::-1].copy()
        return result

    original = passes.maximum_flow
    layout = layout_of(FlowProblem([0, 1], [1, 2], [1.0, 1.0], n_nodes=3, source=0, sink=2))
    for changed in (shrunken, turned):
        monkeypatch.setattr(passes, "maximum_flow", changed)
        with pytest.raises(SolverError, match="unknown pattern"):
            run_passes(layout, np.zeros(layout.cols.size, dtype=np.int64), 5)
