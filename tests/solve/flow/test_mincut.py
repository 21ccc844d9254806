"""Cuts hold exactly the flow back, on the side that is asked for."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from supplynet.errors import UnboundedError
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.cuts import min_cut
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from tests.solve.networks import layered_problem, problems, random_problem


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


@pytest.mark.parametrize("seed", range(8))
def test_closing_a_cut_stops_all_flow(seed):
    rng = np.random.default_rng([11, seed])
    for _ in range(25):
        both_cuts_hold_the_flow_back(random_problem(rng))
    both_cuts_hold_the_flow_back(layered_problem(seed, n_arcs=500, width=15))


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


@pytest.mark.parametrize("node", [0, 4])
def test_source_and_sink_can_be_what_limits(node):
    limits = np.full(5, np.inf)
    limits[node] = 0.5
    problem = chain(node_capacity=limits)
    assert min_cut(problem, max_flow(problem)).nodes.tolist() == [node]


def test_closed_arcs_across_the_cut_are_not_named():
    problem = FlowProblem([0, 0], [1, 1], [0.0, 2.0], n_nodes=2, source=0, sink=1)
    assert min_cut(problem, max_flow(problem)).arcs.tolist() == [1]


def test_an_arc_with_a_little_room_is_never_in_the_cut():
    """3.2 counted in whole units looks like the 3 that flow."""
    problem = FlowProblem([0, 1], [1, 2], [3.0, 3.2], n_nodes=3, source=0, sink=2)
    cut = min_cut(problem, max_flow(problem), nearest="sink")
    assert (cut.arcs.tolist(), cut.capacity) == ([0], 3.0)


def test_an_infinite_arc_is_never_in_the_cut():
    problem = FlowProblem([0, 1], [1, 2], [5.0, np.inf], n_nodes=3, source=0, sink=2)
    assert min_cut(problem, max_flow(problem), nearest="sink").arcs.tolist() == [0]


def test_decimals_add_up_as_written():
    problem = FlowProblem([0, 0], [1, 1], [0.1, 0.2], n_nodes=2, source=0, sink=1)
    assert min_cut(problem, max_flow(problem)).capacity == 0.3
