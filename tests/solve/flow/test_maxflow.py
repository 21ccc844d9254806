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
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.solve import solve_linear
from tests.solve.networks import KINDS, layered_problem, problems, random_problem
from tests.solve.oracle import max_flow_value, min_cut_value


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


@pytest.mark.parametrize("seed", range(12))
def test_small_networks_agree_with_all_cuts_counted_out(seed):
    """No search for paths at all: the smallest of all 2 ** (2 n - 2) cuts."""
    problem = random_problem(np.random.default_rng([7, seed]), most_nodes=4, most_arcs=10)
    as_decimal = max_flow_value(problem, as_decimal=False) is None or (
        max_flow(problem).method == "decimal"
    )
    found = max_flow_value(problem, as_decimal=as_decimal)
    assert found == min_cut_value(problem, as_decimal=as_decimal)


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


@pytest.mark.parametrize("seed", range(10))
def test_networks_agree_with_the_linear_program(seed):
    problem = layered_problem(seed, n_layers=4, width=8, n_arcs=100)
    incidence = np.zeros((problem.n_nodes, problem.n_arcs))
    incidence[problem.tail, np.arange(problem.n_arcs)] += 1
    incidence[problem.head, np.arange(problem.n_arcs)] -= 1
    inner = [v for v in range(problem.n_nodes) if v not in (problem.source, problem.sink)]
    lp = LinearProgram(
        incidence[problem.source],
        None,
        None,
        incidence[inner],
        np.zeros(len(inner)),
        np.zeros(problem.n_arcs),
        problem.capacity,
        maximize=True,
    )
    assert solve(problem).value == pytest.approx(solve_linear(lp).objective, rel=1e-9)


def line(*capacity):
    """A chain of nodes 0, 1, 2, ... with the given capacities."""
    m = len(capacity)
    return FlowProblem(np.arange(m), np.arange(1, m + 1), capacity, m + 1, source=0, sink=m)


def test_a_capacity_above_int32_is_not_lost():
    """The engine alone answers 0 to 3e9, without an error."""
    solution = solve(line(3e9))
    assert (solution.value, solution.is_exact) == (3e9, True)


def test_a_total_above_int32_is_not_lost():
    problem = FlowProblem([0] * 5, [1] * 5, [2.0**31 - 1] * 5, n_nodes=2, source=0, sink=1)
    assert solve(problem).value == 5 * (2.0**31 - 1)


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


def test_floats_of_similar_size_are_exact_and_their_sum_is_rounded_once():
    capacity = [1 / 3, 1 / 7, 1 / 11]
    solution = solve(FlowProblem([0] * 3, [1] * 3, capacity, n_nodes=2, source=0, sink=1))
    assert (solution.method, solution.is_exact) == ("binary", True)
    assert solution.value == float(sum(map(Fraction, capacity)))


def test_where_rounding_down_matters_the_interval_holds_the_truth():
    capacity = [1 / 3, 1e-10 / 3, 1e-7 / 7]
    solution = solve(FlowProblem([0] * 3, [1] * 3, capacity, n_nodes=2, source=0, sink=1))
    assert not solution.is_exact
    assert Fraction(solution.lower) <= sum(map(Fraction, capacity)) <= Fraction(solution.upper)
    assert solution.upper - solution.lower < 1e-15


def test_infinite_capacities_only_limit_by_what_is_finite():
    problem = FlowProblem(
        [0, 1, 1, 2], [1, 2, 3, 3], [np.inf, 7.0, 2.5, np.inf], n_nodes=4, source=0, sink=3
    )
    solution = solve(problem)
    assert solution.value == 9.5
    assert solution.flow.tolist() == [9.5, 7.0, 2.5, 7.0]


@pytest.mark.parametrize("limits", [None, [np.inf] * 3])
def test_a_path_without_any_limit_is_an_error(limits):
    problem = FlowProblem([0, 1], [1, 2], [np.inf, np.inf], 3, source=0, sink=2)
    if limits:
        problem = problem.replace(node_capacity=limits)
    with pytest.raises(UnboundedError, match="infinite capacity"):
        max_flow(problem)


@pytest.mark.parametrize("node", [0, 1, 2])
def test_one_limited_node_ends_an_infinite_path(node):
    limits = np.full(3, np.inf)
    limits[node] = 2.5
    problem = FlowProblem([0, 1], [1, 2], [np.inf, np.inf], 3, 0, 2, limits)
    assert solve(problem).value == 2.5


def test_nothing_to_flow_is_an_exact_zero():
    for problem in (line(0.0), line(0.0, np.inf), FlowProblem([], [], [], 2, 0, 1)):
        solution = solve(problem)
        assert (solution.value, solution.is_exact) == (0.0, True)


def test_no_flow_circulates_through_source_or_sink_and_loops_stay_empty():
    problem = FlowProblem(
        [0, 1, 1, 2, 1], [1, 0, 2, 1, 1], [5.0, 5.0, 4.0, 9.0, 9.0], n_nodes=3, source=0, sink=2
    )
    assert solve(problem).flow.tolist() == [4.0, 0.0, 4.0, 0.0, 0.0]


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
def test_more_capacity_never_hurts(problem, seed):
    more = np.random.default_rng(seed).integers(0, 100, problem.n_arcs) / 4
    larger = problem.replace(capacity=problem.capacity + more)
    assert solve(larger).value >= solve(problem).value


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


@settings(max_examples=80, deadline=None)
@related
def test_turning_the_network_around_keeps_the_value(problem, seed):
    turned = FlowProblem(
        problem.head, problem.tail, problem.capacity, problem.n_nodes,
        problem.sink, problem.source, problem.node_capacity,
    )  # fmt: skip
    assert solve(turned).value == solve(problem).value


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


def test_arcs_into_the_source_or_out_of_the_sink_carry_nothing():
    problem = FlowProblem([0, 1, 1, 1], [1, 1, 0, 1], [2.0, 9.0, 5.0, 1.0], 2, source=0, sink=1)
    parts = max_flow_many([problem, problem])
    assert [part.flow.tolist() for part in parts] == [[2.0, 0.0, 0.0, 0.0]] * 2
    assert all(certify_flow(problem, part).ok for part in parts)


def test_none_and_one():
    problem = FlowProblem([0], [1], [3.0], n_nodes=2, source=0, sink=1)
    assert max_flow_many([]) == []
    assert [one.value for one in max_flow_many([problem])] == [3.0]


def test_an_unbounded_one_is_told():
    problem = FlowProblem([0], [1], [3.0], n_nodes=2, source=0, sink=1)
    endless = FlowProblem([0], [1], [np.inf], n_nodes=2, source=0, sink=1)
    with pytest.raises(UnboundedError):
        max_flow_many([problem, endless])
