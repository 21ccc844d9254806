"""Losses: equal to solving again without each node, arc or set, by every engine and order."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from supplynet.errors import (
    InterruptedSolveError,
    MissingExtraError,
    SolverInputError,
    UnboundedError,
)
from supplynet.solve.flow.engines import layout_of
from supplynet.solve.flow.generate import generate_problem
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.loss import breakdown
from supplynet.solve.loss.losses import edge_losses, node_losses, set_losses
from supplynet.solve.together import given_up_when
from tests.solve.losses import (
    assert_losses_are_removals,
    inner_nodes,
    load_plain_kernels,
    without_arc,
    without_nodes,
)
from tests.solve.networks import layered_problem, problems, random_problem

DIAMOND = FlowProblem(
    [0, 0, 1, 2, 1], [1, 2, 3, 3, 2], [3.0, 1.0, 2.0, 4.0, 3.0], 4, source=0, sink=3
)


def solved(problem):
    try:
        return max_flow(problem)
    except UnboundedError:
        assume(False)


@pytest.fixture(params=["scipy", "fast"])
def engine(request, monkeypatch):
    """SciPy, and the searches that numba compiles where it is installed, run as plain Python."""
    if request.param == "fast":
        load_plain_kernels(monkeypatch)
    return request.param


@given(problem=problems())
@example(  # a unit so small that the flow is more of them than a float can hold
    problem=FlowProblem(
        [2, 2, 2],
        [0, 1, 1],
        [2.0**-1023, 2.0, 1e-3],
        3,
        source=2,
        sink=1,
        node_capacity=[0, 1073740751, 1073740751],
    )
)
def test_edge_losses_are_what_removal_costs(problem):
    solution = solved(problem)
    losses = edge_losses(problem, solution)
    assert sorted(losses.ids.tolist()) == list(range(problem.n_arcs))
    assert_losses_are_removals(losses, solution, lambda arc: without_arc(problem, arc))


def test_set_losses_where_units_are_more_than_a_float_can_hold():
    """A capacity of 1e-223 beside one of 1e87 makes a unit that the flow has over 1e308 of."""
    problem = FlowProblem(
        [0, 0, 1, 1], [2, 3, 0, 2], [7.56643203e-224, 2e87, 7e69, 2e87], 4, source=1, sink=3
    )
    losses = set_losses(problem, max_flow(problem), [[0]])
    assert losses.ids.tolist() == [0]
    assert losses.loss.tolist() == [7e69]


@pytest.mark.parametrize("seed", range(40))
def test_engines_agree_with_removal(seed, engine):
    """Whole, decimal, float and large capacities, ties, parallel and opposite arcs."""
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, most_nodes=9, most_arcs=40)
    try:
        solution = max_flow(problem)
    except UnboundedError:
        return
    sets = [rng.permutation(inner_nodes(problem))[: rng.integers(4)] for _ in range(3)]
    found = {
        "nodes": node_losses(problem, solution, engine=engine),
        "arcs": edge_losses(problem, solution, engine=engine),
        "sets": set_losses(problem, solution, sets, engine=engine),
    }
    removals = {
        "nodes": lambda v: without_nodes(problem, [v]),
        "arcs": lambda arc: without_arc(problem, arc),
        "sets": lambda k: without_nodes(problem, sets[k]),
    }
    for kind, losses in found.items():
        assert_losses_are_removals(losses, solution, removals[kind])


@pytest.mark.parametrize("seed", range(4))
def test_engines_agree_on_a_supply_chain(seed, engine):
    """A network large enough for a core, with losses of every kind."""
    problem = layered_problem(seed, width=12, n_arcs=300, decimals=1)
    solution = max_flow(problem)
    losses = node_losses(problem, solution, engine=engine)
    assert losses.engine == engine
    assert 0 < losses.n_evaluations < losses.n_candidates
    assert_losses_are_removals(losses, solution, lambda v: without_nodes(problem, [v]))


def test_what_is_lost_is_sent_around_from_the_end_with_less_room(monkeypatch):
    """From the end of the break backwards where less can get there: the same loss either way."""
    problem = generate_problem("cyclic", 200, seed=3)
    solution = max_flow(problem)
    exact, begins = breakdown._sent, []

    def noted(pattern, room, bound):
        begins.append(bool(pattern.source > pattern.sink))
        of_source = slice(*pattern.indptr[pattern.source : pattern.source + 2])
        assert room[of_source].sum() == bound
        return exact(pattern, room, bound)

    monkeypatch.setattr(breakdown, "_sent", noted)
    losses = node_losses(problem, solution, engine="scipy")
    assert set(begins) == {False, True}
    assert_losses_are_removals(losses, solution, lambda v: without_nodes(problem, [v]))


def test_one_search_uses_up_all_paths_of_a_length(monkeypatch):
    """Two paths meet in a node that each tree reaches over one of them: both carry at once."""
    load_plain_kernels(monkeypatch)
    kernel = sys.modules["supplynet.solve.loss.search"]
    problem = FlowProblem(
        [0, 0, 1, 2, 3, 3, 4, 5], [1, 2, 3, 3, 4, 5, 6, 6], [1.0] * 8, 7, source=0, sink=6
    )
    layout = layout_of(problem)
    room = layout.pool(problem.capacity.astype(np.int64))
    on = kernel.begun(layout.indptr, layout.cols, layout.reverse, room)
    on.waiting[[0, 6]] = 5
    assert kernel.search(on, np.array([0]), np.array([6])) == 2
    assert on.waiting[[0, 6]].tolist() == [3, 3]


def test_a_start_where_nothing_waits_takes_no_way_from_others(monkeypatch):
    """Two starts share the only way to the end; one has nothing left, the other much."""
    load_plain_kernels(monkeypatch)
    kernel = sys.modules["supplynet.solve.loss.search"]
    # the end has many arcs, so that the tree from the starts is the first to grow
    behind = np.arange(5, 11)
    tail = np.concatenate([[0, 0, 1, 2, 3], np.full(6, 4), behind])
    head = np.concatenate([[1, 2, 3, 3, 4], behind, np.full(6, 11)])
    problem = FlowProblem(tail, head, np.full(tail.size, 4.0), 12, source=0, sink=11)
    layout = layout_of(problem)
    room = layout.pool(problem.capacity.astype(np.int64))
    on = kernel.begun(layout.indptr, layout.cols, layout.reverse, room)
    on.waiting[[2, 4]] = 5
    # without a way back over the source
    on.left[layout.cols == 0] = on.left[layout.rows == 0] = 0
    # as often as that would not fit in a list of nodes
    assert kernel.search(on, np.array([1, *[2] * 50]), np.array([4])) == 4
    assert on.waiting[[1, 2, 4]].tolist() == [0, 1, 1]


def test_what_is_withdrawn_ends_between_two_batches(monkeypatch):
    load_plain_kernels(monkeypatch)
    problem = layered_problem(1, width=12, n_arcs=300, decimals=1)
    solution, told = max_flow(problem), []
    with given_up_when(lambda: bool(told)), pytest.raises(InterruptedSolveError):
        node_losses(problem, solution, engine="fast", progress=lambda *done: told.append(done))
    assert len(told) == 1


@pytest.mark.parametrize(
    ("seed", "width", "n_arcs", "n_layers", "decimals"),
    [
        (9, 4, 53, 6, 0),  # breaks in parts of neither source nor sink
        (91, 5, 24, 3, 1),  # a node that gets enough from the source and can send a hub enough
        # halves of one node that get enough together, one alone of them with what runs between
        (749, 3, 57, 5, 0),
        (3059, 4, 36, 6, 0),
    ],
)
def test_networks_of_few_units(seed, width, n_arcs, n_layers, decimals, monkeypatch):
    """Capacities of up to 5 units: much is full, and the residual network falls into parts."""
    problem = layered_problem(seed, n_layers, width, n_arcs, decimals)
    problem = problem.replace(capacity=np.round(problem.capacity / 200))
    solution = max_flow(problem)
    load_plain_kernels(monkeypatch)
    losses = node_losses(problem, solution, engine="fast")
    assert_losses_are_removals(losses, solution, lambda v: without_nodes(problem, [v]))
    losses = edge_losses(problem, solution, engine="fast")
    assert_losses_are_removals(losses, solution, lambda arc: without_arc(problem, arc))


@pytest.mark.parametrize("limits", [{"MOST_SEARCHES": 2}, {"FEW": 1, "PART": 10**6}], ids=str)
def test_limits_of_a_search_change_no_loss(monkeypatch, limits):
    """Searches are numbered anew, with no mark of earlier ones; much is undone as a whole."""
    load_plain_kernels(monkeypatch)
    problem = layered_problem(1, width=12, n_arcs=300, decimals=1)
    solution = max_flow(problem)
    expected = node_losses(problem, solution, engine="fast")
    for name, limit in limits.items():
        monkeypatch.setattr(sys.modules["supplynet.solve.loss.search"], name, limit)
    found = node_losses(problem, solution, engine="fast")
    assert found.ids.tolist() == expected.ids.tolist()
    assert found.units.tolist() == expected.units.tolist()


def test_sums_of_large_units_have_room(engine):
    users = np.arange(3, 9)
    tail = [0, *[2] * 6, *users, *users[:-1], 9, 10, 11]
    head = [2, *users, *[9] * 6, *users[1:], 10, 11, 1]
    capacity = [1e9, *[9e8] * 6, *[8e8, 1e8] * 3, *[3e8] * 5, 1e9, 1e9, 1e9]
    problem = FlowProblem(tail, head, capacity, 12, source=0, sink=1)
    solution = max_flow(problem)
    sets = [[2, 9, 10, 11], users[:4], [3, 10]]
    carried = set_losses(problem, solution, sets[:1], engine=engine).carried
    assert carried.tolist() == [1e9]
    removals = {
        node_losses: lambda v: without_nodes(problem, [v]),
        edge_losses: lambda arc: without_arc(problem, arc),
    }
    for losses_of, removed in removals.items():
        losses = losses_of(problem, solution, engine=engine)
        assert_losses_are_removals(losses, solution, removed)
    losses = set_losses(problem, solution, sets, engine=engine)
    assert_losses_are_removals(losses, solution, lambda k: without_nodes(problem, sets[k]))


@pytest.mark.parametrize("top", [1, 3, 10])
@pytest.mark.parametrize("seed", range(6))
def test_the_first_rows_are_those_of_the_full_table(seed, top, engine):
    rng = np.random.default_rng(seed)
    problem = random_problem(rng, kind="whole", most_nodes=12, most_arcs=60)
    problem = problem.replace(capacity=np.minimum(problem.capacity, 9.0))
    solution = max_flow(problem)
    for losses_of in (node_losses, edge_losses):
        full = losses_of(problem, solution)
        first = losses_of(problem, solution, top=top, engine=engine)
        assert first.ids.tolist() == full.ids[:top].tolist()
        assert first.units.tolist() == full.units[:top].tolist()
        assert first.n_evaluations <= full.n_evaluations
        tied = losses_of(problem, solution, top=top, with_ties=True, engine=engine)
        last = full.units[:top][-1] if full.units.size else 0
        expected = full.ids[full.units >= last].tolist() if top <= full.ids.size else full.ids
        assert tied.ids.tolist() == list(expected)


def test_figures_of_a_table():
    losses = node_losses(DIAMOND, max_flow(DIAMOND))
    assert losses.ids.tolist() == [1, 2]
    assert losses.loss.tolist() == [3.0, 2.0]
    assert losses.remaining.tolist() == [1.0, 2.0]
    assert losses.carried.tolist() == [3.0, 2.0]
    assert losses.is_exact and losses.scale == 1
    with pytest.raises(ValueError, match="read-only"):
        losses.loss[0] = 1.0


def test_only_the_candidates_are_ranked():
    solution = max_flow(DIAMOND)
    assert node_losses(DIAMOND, solution, nodes=[2]).ids.tolist() == [2]
    assert edge_losses(DIAMOND, solution, arcs=[4, 0]).ids.tolist() == [0, 4]
    assert node_losses(DIAMOND, solution, nodes=[]).ids.size == 0


def test_rounded_capacities_are_said_to_be():
    problem = FlowProblem([0, 0], [1, 1], [1 / 3, 1e-30], n_nodes=2, source=0, sink=1)
    solution = max_flow(problem)
    assert solution.method == "binary"
    assert not edge_losses(problem, solution).is_exact


def test_units_beyond_int64_are_counted(engine):
    """Exact units of capacities from 1e-30 to 1e30 need Python's integers."""
    problem = FlowProblem(
        [0, 0, 1, 2], [1, 2, 3, 3], [1e30, 3e-30, 1e-30, 2e-30], 4, source=0, sink=3
    )
    wide = FlowProblem(
        [0] + [1] * 10 + list(range(2, 12)),
        [1, *range(2, 12)] + [12] * 10,
        [1 / 3] + [1 / 7] * 20,
        13,
        source=0,
        sink=12,
    )
    for one in (problem, wide):
        solution = max_flow(one)
        sets = [inner_nodes(one)] * 40
        losses = set_losses(one, solution, sets, engine=engine)
        assert losses.loss.tolist() == [solution.value] * 40
        nodes = node_losses(one, solution, engine=engine)
        assert_losses_are_removals(nodes, solution, lambda v, one=one: without_nodes(one, [v]))


def test_progress_is_told():
    problem = layered_problem(0, width=6, n_arcs=80)
    solution, told = max_flow(problem), []
    full = node_losses(problem, solution, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (full.n_evaluations, full.n_evaluations)
    node_losses(problem, solution, top=2, progress=lambda done, of: told.append((done, of)))
    assert told[-1][0] < told[-1][1]


def test_large_work_takes_compiled_code_or_hints_at_it(monkeypatch):
    problem = layered_problem(0, width=6, n_arcs=80)
    solution = max_flow(problem)
    assert not node_losses(problem, solution).hint
    monkeypatch.setattr("supplynet.solve.loss.losses.FAST_FROM", 1)
    with monkeypatch.context() as without:
        without.setattr("supplynet.solve.loss.losses.is_compiled_available", lambda: False)
        losses = node_losses(problem, solution)
        assert losses.engine == "scipy"
        assert "supplynet[fast]" in losses.hint
        with pytest.raises(MissingExtraError, match="not installed"):
            node_losses(problem, solution, engine="fast")
    load_plain_kernels(monkeypatch)
    assert node_losses(problem, solution).engine == "fast"


@pytest.mark.parametrize(
    "call",
    [
        lambda p, s: node_losses(p, s, nodes=[0]),
        lambda p, s: node_losses(p, s, nodes=[4]),
        lambda p, s: node_losses(p, s, nodes=[0.5]),
        lambda p, s: node_losses(p, s, top=0),
        lambda p, s: node_losses(p, s, engine="quick"),
        lambda p, s: edge_losses(p, s, arcs=[-1]),
        lambda p, s: set_losses(p, s, [[1], [3]]),
    ],
)
def test_wrong_questions_are_refused(call):
    with pytest.raises(SolverInputError):
        call(DIAMOND, max_flow(DIAMOND))


def test_a_number_that_is_none_is_told_with_those_that_are():
    solution = max_flow(DIAMOND)
    n_nodes, n_arcs = DIAMOND.n_nodes, DIAMOND.n_arcs
    with pytest.raises(SolverInputError, match=rf"no node {n_nodes}: .* 0 ... {n_nodes - 1}$"):
        node_losses(DIAMOND, solution, nodes=[1, n_nodes])
    with pytest.raises(SolverInputError, match=rf"no arc -1: .* 0 ... {n_arcs - 1}$"):
        edge_losses(DIAMOND, solution, arcs=[-1])


@pytest.mark.slow
@settings(max_examples=20)
@given(seed=st.integers(0, 10**6))
def test_compiled_code_agrees(seed):
    """The same searches, compiled."""
    pytest.importorskip("numba")
    problem = layered_problem(seed, width=10, n_arcs=200, decimals=2)
    solution = max_flow(problem)
    sets = [[2, 3, 4], [20], [30, 31]]
    for losses_of in (
        node_losses,
        edge_losses,
        lambda p, s, engine: set_losses(p, s, sets, engine=engine),
    ):
        fast = losses_of(problem, solution, engine="fast")
        slow = losses_of(problem, solution, engine="scipy")
        assert fast.engine == "fast"
        assert fast.ids.tolist() == slow.ids.tolist()
        assert fast.units.tolist() == slow.units.tolist()
