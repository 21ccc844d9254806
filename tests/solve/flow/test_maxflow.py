"""The largest flow is right for every legal network, and proves how right it is."""

from __future__ import annotations

from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplynet.errors import UnboundedError
from supplynet.solve.check import require
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.maxflow import max_flow, max_flow_many
from supplynet.solve.flow.problem import FlowProblem
from tests.solve.networks import KINDS, layered_problem, problems, random_problem
from tests.solve.oracle import max_flow_value


def solve(problem):
    """Solve and refuse anything that the independent check refuses."""
    solution = max_flow(problem)
    require(certify_flow(problem, solution))
    return solution


def agrees_with_oracle(problem):
    """Compare with exact augmenting paths; True if the flow has a limit."""
    truth = max_flow_value(problem, as_decimal=False)
    if truth is None:
        with pytest.raises(UnboundedError, match="infinite capacity"):
            max_flow(problem)
        return False
    solution = solve(problem)
    if solution.method == "decimal":
        truth = max_flow_value(problem, as_decimal=True)
    if solution.is_exact:
        assert solution.value == float(truth)
    else:
        assert Fraction(solution.lower) <= truth <= Fraction(solution.upper)
        assert solution.upper - solution.lower <= 1e-9 * solution.upper
    return True


@settings(max_examples=300, deadline=None)
@given(problems())
def test_any_network_agrees_with_exact_augmenting_paths(problem):
    agrees_with_oracle(problem)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(2))
def test_thousands_of_networks_agree_with_exact_augmenting_paths(kind, seed):
    """Seven kinds of capacity times two seeds times 750 networks: 10 500 in all."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    n_limited = sum(agrees_with_oracle(random_problem(rng, kind)) for _ in range(750))
    assert n_limited > 500


@pytest.mark.parametrize("seed", range(40))
def test_whole_capacities_agree_with_networkx(seed):
    rng = np.random.default_rng([3, seed])
    tail, head = rng.integers(0, 20, 90), rng.integers(0, 20, 90)
    capacity = rng.integers(0, 2**33, 90)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(20))
    for start, end, most in zip(tail.tolist(), head.tolist(), capacity.tolist(), strict=True):
        known = graph.get_edge_data(start, end, {"capacity": 0})["capacity"]
        graph.add_edge(start, end, capacity=known + most)
    problem = FlowProblem(tail, head, capacity, n_nodes=20, source=0, sink=19)
    assert solve(problem).value == nx.maximum_flow_value(graph, 0, 19)


def line(*capacity):
    """A chain of nodes 0, 1, 2, ... with the given capacities."""
    m = len(capacity)
    return FlowProblem(np.arange(m), np.arange(1, m + 1), capacity, m + 1, source=0, sink=m)


def test_a_capacity_above_int32_is_not_lost():
    """The engine alone answers 0 to 3e9, without an error."""
    solution = solve(line(3e9))
    assert (solution.value, solution.is_exact) == (3e9, True)


@pytest.mark.parametrize("size", [2.0**30, 2.0**31 - 1, 2.0**31, 2.0**40])
def test_opposite_arcs_do_not_wrap_around(size):
    """The engine adds the capacities of opposite arcs in int32."""
    problem = FlowProblem(
        [0, 1, 2, 1, 2], [1, 2, 1, 3, 3], [size, size, size, size / 2, size], 4, source=0, sink=3
    )
    assert solve(problem).value == size


def test_a_tenth_and_two_tenths_are_three_tenths():
    """As binary floats they are 0.30000000000000004, a number nobody wrote."""
    solution = solve(FlowProblem([0, 0], [1, 1], [0.1, 0.2], n_nodes=2, source=0, sink=1))
    assert (solution.value, solution.lower, solution.upper) == (0.3, 0.3, 0.3)
    assert solution.method == "decimal"


@pytest.mark.parametrize("capacity", [(1e300, 1.0), (1e-150, 1e150), (1e300, 5e-324), (5e-324,)])
def test_capacities_of_any_ratio_are_exact(capacity):
    assert solve(line(*capacity)).value == min(capacity)


def test_a_small_flow_beside_a_huge_bound_is_solved_exactly():
    """The bound allows 1e60, so a unit of 58 bits is far coarser than the flow of 1/3."""
    problem = FlowProblem(
        [0, 1, 0, 2, 2], [1, 3, 2, 1, 4], [1e60, 1e60, 1e60, 1e60, 1e60], 5, source=0, sink=3,
        node_capacity=[np.inf, 1 / 3, np.inf, np.inf, np.inf],
    )  # fmt: skip
    solution = solve(problem)
    assert (solution.value, solution.method, solution.is_exact) == (1 / 3, "exact", True)
    assert solution.units.dtype == object


def test_results_are_read_only():
    solution = solve(line(1.0))
    for array in (solution.flow, solution.units, solution.source_side):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize("decimals", [1, 3, None])
def test_a_network_of_realistic_size_is_certified(decimals):
    solve(layered_problem(5, n_arcs=5000, width=80, decimals=decimals))


def test_many_parallel_arcs_do_not_overflow():
    """Two thousand parallel arcs of 58 bits would overflow int64; fewer bits are used."""
    capacity = np.random.default_rng(0).uniform(0.5, 1.0, 2000)
    problem = FlowProblem([0] * 2000 + [1], [1] * 2000 + [2], [*capacity, 1e4 / 3], 3, 0, 2)
    solution = solve(problem)
    assert Fraction(solution.lower) <= sum(map(Fraction, capacity)) <= Fraction(solution.upper)
    assert solution.upper - solution.lower <= 1e-10 * solution.upper


# How the answer must change, or not, when the question does.

related = given(problems(st.integers(0, 10**5).map(lambda k: k / 100)), st.integers(0, 2**32 - 1))


@settings(max_examples=80, deadline=None)
@related
def test_the_order_of_arcs_changes_neither_value_nor_cut(problem, seed):
    order = np.random.default_rng(seed).permutation(problem.n_arcs)
    shuffled = FlowProblem(
        problem.tail[order],
        problem.head[order],
        problem.capacity[order],
        problem.n_nodes,
        problem.source,
        problem.sink,
        problem.node_capacity,
    )
    one, other = solve(problem), solve(shuffled)
    assert one.value == other.value
    assert (one.source_side == other.source_side).all()


@settings(max_examples=80, deadline=None)
@related
def test_the_names_of_nodes_change_neither_value_nor_cut(problem, seed):
    name = np.random.default_rng(seed).permutation(problem.n_nodes)
    limits = problem.node_capacity
    renamed = FlowProblem(
        name[problem.tail],
        name[problem.head],
        problem.capacity,
        problem.n_nodes,
        int(name[problem.source]),
        int(name[problem.sink]),
        None if limits is None else limits[np.argsort(name)],
    )
    one, other = solve(problem), solve(renamed)
    assert one.value == other.value
    assert (one.source_side == other.source_side[name]).all()


@settings(max_examples=80, deadline=None)
@given(problems(st.floats(1e-6, 1e6)), st.integers(-200, 200))
def test_a_change_of_unit_scales_the_value(problem, exponent):
    limits = problem.node_capacity
    scaled = problem.replace(
        capacity=np.ldexp(problem.capacity, exponent),
        node_capacity=None if limits is None else np.ldexp(limits, exponent),
    )
    here, there = solve(problem), solve(scaled)
    assert there.value == pytest.approx(np.ldexp(here.value, exponent), rel=1e-9)
    assert (here.source_side == there.source_side).all()


@settings(max_examples=40, deadline=None)
@related
def test_a_replacement_is_solved_like_a_new_problem(problem, seed):
    capacity = np.random.default_rng(seed).integers(0, 50, problem.n_arcs) / 10
    max_flow(problem)
    again = solve(problem.replace(capacity=capacity))
    new = FlowProblem(
        problem.tail, problem.head, capacity, problem.n_nodes,
        problem.source, problem.sink, problem.node_capacity,
    )  # fmt: skip
    assert again.flow.tolist() == solve(new).flow.tolist()


def bounded_problems(rng, n, kind=None):
    """Problems that have a largest flow, with that flow."""
    found = []
    while len(found) < n:
        problem = random_problem(rng, kind)
        try:
            found.append((problem, max_flow(problem)))
        except UnboundedError:
            continue
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_each_part_is_certified_and_equals_its_own_solution(kind):
    rng = np.random.default_rng(KINDS.index(kind))
    for _ in range(40):
        alone = bounded_problems(rng, int(rng.integers(0, 9)), kind)
        together = max_flow_many([problem for problem, _ in alone])
        assert len(together) == len(alone)
        for (problem, own), part in zip(alone, together, strict=True):
            assert certify_flow(problem, part).ok, certify_flow(problem, part)
            assert part.lower <= own.upper
            assert own.lower <= part.upper
            if own.is_exact and part.is_exact:
                assert part.value == pytest.approx(own.value, rel=4 * np.finfo(float).eps)


def test_mixed_kinds_do_not_disturb_each_other():
    """A flow of millionths beside one of billions is still told to nine digits."""
    rng = np.random.default_rng(5)
    alone = [pair for kind in KINDS for pair in bounded_problems(rng, 3, kind)]
    together = max_flow_many([problem for problem, _ in alone])
    for (problem, own), part in zip(alone, together, strict=True):
        assert certify_flow(problem, part).ok
        assert part.value == pytest.approx(own.value, rel=1e-9)
        assert part.upper - part.lower <= 1e-9 * part.upper


def test_an_unbounded_one_is_told():
    problem = FlowProblem([0], [1], [3.0], n_nodes=2, source=0, sink=1)
    endless = FlowProblem([0], [1], [np.inf], n_nodes=2, source=0, sink=1)
    with pytest.raises(UnboundedError):
        max_flow_many([problem, endless])
