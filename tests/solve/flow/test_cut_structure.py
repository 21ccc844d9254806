"""All smallest cuts: equal to those found by trying every side of every node half."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from supplynet.errors import SolverInputError, UnboundedError
from supplynet.solve.flow.cuts import cut_structure, min_cut
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from tests.solve.networks import problems

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


def test_nothing_flows_where_nothing_leads():
    problem = FlowProblem([], [], [], 2, source=0, sink=1)
    found = cut_structure(problem, max_flow(problem))
    assert [as_pair(cut) for cut in found.cuts] == [((), ())]


def test_a_limit_of_none_is_refused():
    problem = chains(1, 2)
    with pytest.raises(SolverInputError, match="limit"):
        cut_structure(problem, max_flow(problem), limit=0)
