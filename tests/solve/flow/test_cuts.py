"""Cuts hold exactly the flow back, on the side that is asked for."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from supplynet.errors import SolverInputError, UnboundedError
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.cuts import cut_structure, min_cut
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from tests.solve.networks import problems


def both_cuts_hold_the_flow_back(problem):
    """Check the two extreme cuts; nothing to check where the flow is unbounded."""
    try:
        solution = max_flow(problem)
    except UnboundedError:
        return
    near, far = (min_cut(problem, solution, nearest=end) for end in ("source", "sink"))
    assert (near.source_side == solution.source_side).all()
    assert not (near.source_side & ~far.source_side).any()
    for cut in (near, far):
        assert solution.lower <= cut.capacity <= solution.upper * (1 + 1e-15)
        certificate = certify_flow(problem, replace(solution, source_side=cut.source_side))
        # Where capacities were rounded to units, the far cut is smallest only in units.
        failed = {check.name for check in certificate.checks if not check.is_ok}
        assert failed <= ({"exactness", "cut-in-interval"} if cut is far else set())
        closed = problem.capacity.copy()
        closed[cut.arcs] = 0.0
        limits = problem.node_capacity
        if limits is not None:
            limits = limits.copy()
            limits[cut.nodes] = 0.0
        assert max_flow(problem.replace(capacity=closed, node_capacity=limits)).value == 0.0


@settings(max_examples=150, deadline=None)
@given(problems())
def test_closing_a_cut_stops_all_flow_in_any_network(problem):
    both_cuts_hold_the_flow_back(problem)


def chain(**kwargs):
    """Four equal arcs in a row: every one of them is a smallest cut."""
    return FlowProblem(range(4), range(1, 5), [2.0] * 4, n_nodes=5, source=0, sink=4, **kwargs)


def test_the_nearest_of_several_smallest_cuts_is_found():
    solution = max_flow(chain())
    assert min_cut(chain(), solution, nearest="source").arcs.tolist() == [0]
    assert min_cut(chain(), solution, nearest="sink").arcs.tolist() == [3]


def test_a_node_that_limits_is_named_instead_of_its_arcs():
    problem = chain(node_capacity=[np.inf, np.inf, 1.5, np.inf, np.inf])
    cut = min_cut(problem, max_flow(problem))
    assert (cut.arcs.tolist(), cut.nodes.tolist(), cut.capacity) == ([], [2], 1.5)
    assert cut.source_side[2].tolist() == [True, False]


def test_closed_arcs_across_the_cut_are_not_named():
    problem = FlowProblem([0, 0], [1, 1], [0.0, 2.0], n_nodes=2, source=0, sink=1)
    assert min_cut(problem, max_flow(problem)).arcs.tolist() == [1]


def test_an_arc_with_a_little_room_is_never_in_the_cut():
    """3.2 counted in whole units looks like the 3 that flow."""
    problem = FlowProblem([0, 1], [1, 2], [3.0, 3.2], n_nodes=3, source=0, sink=2)
    cut = min_cut(problem, max_flow(problem), nearest="sink")
    assert (cut.arcs.tolist(), cut.capacity) == ([0], 3.0)


def test_decimals_add_up_as_written():
    problem = FlowProblem([0, 0], [1, 1], [0.1, 0.2], n_nodes=2, source=0, sink=1)
    assert min_cut(problem, max_flow(problem)).capacity == 0.3


few_sizes = st.sampled_from([0.0, 1.0, 1.0, 2.0, 3.0, np.inf])


def all_smallest_cuts(problem):
    """Every set of arcs and nodes of positive capacity that is a cut of the smallest capacity."""
    limits = problem.node_capacity
    limits = np.full(problem.n_nodes, np.inf) if limits is None else limits
    best, cuts = np.inf, set()
    halves = [(node, half) for node in range(problem.n_nodes) for half in (0, 1)]
    fixed = {(problem.source, 0): True, (problem.sink, 1): False}
    free = [half for half in halves if half not in fixed]
    for bits in product((False, True), repeat=len(free)):
        side = fixed | dict(zip(free, bits, strict=True))
        arcs = [
            arc
            for arc, (tail, head) in enumerate(zip(problem.tail, problem.head, strict=True))
            if side[tail, 1] and not side[head, 0]
        ]
        nodes = [v for v in range(problem.n_nodes) if side[v, 0] and not side[v, 1]]
        total = problem.capacity[arcs].sum() + limits[nodes].sum()
        members = (
            tuple(arc for arc in arcs if problem.capacity[arc] > 0),
            tuple(v for v in nodes if limits[v] > 0),
        )
        if total < best:
            best, cuts = total, set()
        if total == best < np.inf:
            cuts.add(members)
    return cuts


def as_pair(members):
    return tuple(members.arcs.tolist()), tuple(members.nodes.tolist())


@st.composite
def small_problems(draw):
    problem = draw(problems(capacity=few_sizes))
    assume(problem.n_nodes <= 5)
    return problem


@given(problem=small_problems())
def test_all_smallest_cuts_are_found_once(problem):
    try:
        solution = max_flow(problem)
    except UnboundedError:
        assume(False)
    expected = all_smallest_cuts(problem)
    found = cut_structure(problem, solution, limit=10_000)
    cuts = [as_pair(cut) for cut in found.cuts]
    assert len(cuts) == len(set(cuts))
    assert set(cuts) == expected
    assert found.is_complete
    for place in (0, 1):
        every = set.intersection(*(set(cut[place]) for cut in expected))
        some = set.union(*(set(cut[place]) for cut in expected))
        assert set(as_pair(found.in_every)[place]) == every
        assert set(as_pair(found.in_some)[place]) == some
    for nearest, members in (("source", found.nearest_source), ("sink", found.nearest_sink)):
        cut = min_cut(problem, solution, nearest=nearest)
        assert as_pair(members) == (tuple(cut.arcs.tolist()), tuple(cut.nodes.tolist()))


@pytest.mark.parametrize("places", [0, 6, 10, 14])
def test_the_unit_in_which_limits_are_written_changes_no_list_of_cuts(places):
    """In kilotonnes or grams, three links of 13,579 of it let through as much as one of 40,737."""
    rng = np.random.default_rng(868)
    for _ in range(150):
        n, m = int(rng.integers(4, 7)), int(rng.integers(5, 11))
        tail, head = rng.integers(0, n - 1, m), rng.integers(1, n, m)
        sizes = rng.integers(1, 4, m)
        listed = []
        for written in (sizes, [float(f"{13_579 * size}e-{places}") for size in sizes.tolist()]):
            problem = FlowProblem(tail, head, written, n, source=0, sink=n - 1)
            cuts = cut_structure(problem, max_flow(problem), limit=10_000).cuts
            listed.append(set(map(as_pair, cuts)))
        assert listed[0] == listed[1]


def test_small_limits_beside_large_ones_are_read_as_written():
    """A tonne a year by one route; by the other three links of a gram and one of three grams."""
    small, three = 1.2345e-6, 3.7035e-6
    problem = FlowProblem(
        [0, 1, 0, 0, 0, 2], [1, 3, 2, 2, 2, 3], [1.0, 1.0, *[small] * 3, three], 4, source=0, sink=3
    )
    solution = max_flow(problem)
    assert solution.is_exact
    assert len(cut_structure(problem, solution).cuts) == 4


def chains(n_chains, length):
    """Chains side by side of equal links: any link of each may be cut."""
    inner = 2 + np.arange(n_chains * (length - 1)).reshape(n_chains, -1)
    tail = np.column_stack([np.zeros(n_chains, int), inner]).ravel()
    head = np.column_stack([inner, np.ones(n_chains, int)]).ravel()
    return FlowProblem(tail, head, np.ones(tail.size), 2 + inner.size, source=0, sink=1)


def test_cuts_multiply():
    problem = chains(3, 4)
    found = cut_structure(problem, max_flow(problem))
    assert len(found.cuts) == 4**3
    assert found.is_complete


def test_a_limit_ends_the_list_but_not_what_is_known_of_all():
    problem = chains(40, 5)
    found = cut_structure(problem, max_flow(problem), limit=7)
    assert len(found.cuts) == 7
    assert not found.is_complete
    assert found.in_some.arcs.size == 200
    assert found.in_every.arcs.size == 0
    assert found.nearest_source.arcs.tolist() == list(range(0, 200, 5))
    assert found.nearest_sink.arcs.tolist() == list(range(4, 200, 5))


def test_ways_that_part_and_meet_again_are_gone_once():
    """Forty pairs of ways behind one another are 2**40 ways."""
    n = 40
    first = 2 + 3 * np.arange(n)
    tail = np.concatenate([[0, 0], first, first, first + 1, first + 2])
    head = np.concatenate([[1, 2], first + 1, first + 2, first + 3, first + 3])
    problem = FlowProblem(tail, head, np.ones(tail.size), 3 * n + 3, source=0, sink=1)
    found = cut_structure(problem, max_flow(problem))
    assert [as_pair(cut) for cut in found.cuts] == [((0,), ())]


def test_a_limit_of_none_is_refused():
    problem = chains(1, 2)
    with pytest.raises(SolverInputError, match="limit"):
        cut_structure(problem, max_flow(problem), limit=0)


def test_the_first_cuts_are_told_whatever_the_limit():
    """Two arcs in a row, twice side by side: four smallest cuts, none of which gets lost."""
    problem = FlowProblem([0, 1, 0, 2], [1, 3, 2, 3], [1.0] * 4, 4, source=0, sink=3)
    solution = max_flow(problem)
    every = [cut.arcs.tolist() for cut in cut_structure(problem, solution).cuts]
    assert len(every) == 4
    for limit in range(1, 6):
        some = cut_structure(problem, solution, limit=limit)
        assert [cut.arcs.tolist() for cut in some.cuts] == every[:limit]
        assert some.is_complete == (limit >= 4)


def test_a_hundred_cuts_are_listed_unless_told():
    """Three chains of five arcs each: a cut takes one of each, in 125 ways."""
    problem = chains(3, 5)
    found = cut_structure(problem, max_flow(problem))
    assert (len(found.cuts), found.is_complete) == (100, False)
