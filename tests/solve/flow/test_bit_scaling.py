"""Passes over an int32 engine add up to an exact flow in large whole numbers."""

import numpy as np
import pytest

from supplynet.errors import SolverError
from supplynet.solve.flow import bit_scaling as passes
from supplynet.solve.flow.bit_scaling import run_passes
from supplynet.solve.flow.layout import layout_of
from supplynet.solve.flow.problem import FlowProblem
from tests.solve.networks import layered_problem
from tests.solve.oracle import max_flow_value


@pytest.mark.parametrize("bits", [10, 28, 29, 30, 31, 32, 45, 57, 80, 200])
def test_every_size_of_numbers_is_exact(bits):
    """The sizes around 2**31 are those at which the engine alone goes wrong."""
    rng = np.random.default_rng(bits)
    for _ in range(15):
        tail, head = rng.integers(0, 6, 18), rng.integers(0, 6, 18)
        wholes = [int(x * 2.0**52) << bits >> 52 for x in rng.random(18)]
        problem = FlowProblem(tail, head, np.array(wholes, dtype=float), 6, 0, 5)
        layout = layout_of(problem)
        slots = np.array(wholes, dtype=object if bits > 57 else np.int64)[layout.arcs]
        bound = int(sum(slots.tolist()))
        net, side, n_passes = run_passes(layout, layout.pool(slots), bound)
        value = int(net[layout.rows == 0].sum())
        crosses = side[layout.rows] & ~side[layout.cols]
        assert value == int(layout.pool(slots)[crosses].sum())
        assert (net == -net[layout.reverse]).all()
        if bits <= 52:
            assert value == max_flow_value(problem, as_decimal=False)
        assert n_passes <= 3 + bits // 20


def test_a_bound_of_zero_needs_no_pass():
    layout = layout_of(FlowProblem([0], [1], [1.0], n_nodes=2, source=0, sink=1))
    _, side, n_passes = run_passes(layout, np.array([0, 0]), 0)
    assert (side.tolist(), n_passes) == ([True, False], 0)


def test_the_side_is_nearest_to_the_source_even_if_the_last_pass_was_coarse():
    """Bits shifted out can open a way on the source side that a coarse pass misses."""
    problem = FlowProblem([0, 1, 2], [1, 2, 3], [2.0**40 + 1, 2.0**40, 2.0**40], 4, 0, 3)
    layout = layout_of(problem)
    slots = np.array([2**40 + 1, 2**40, 2**40])
    _, side, _ = run_passes(layout, layout.pool(slots), 2**40 + 1)
    assert side.tolist() == [True, True, False, False]


def test_few_passes_suffice_for_a_large_network():
    problem = layered_problem(1)
    layout = layout_of(problem)
    slots = (problem.capacity[layout.arcs] * 2.0**40).astype(np.int64)
    _, _, n_passes = run_passes(layout, layout.pool(slots), int(slots.sum()))
    assert n_passes <= 4


def test_an_engine_that_changes_the_pattern_is_not_trusted(monkeypatch):
    """Flows are read by position, which another version of SciPy might not keep."""

    def shrunken(graph, source, sink):
        result = original(graph, source, sink)
        result.flow.eliminate_zeros()
        return result

    original = passes.maximum_flow
    monkeypatch.setattr(passes, "maximum_flow", shrunken)
    layout = layout_of(FlowProblem([0, 1], [1, 2], [1.0, 1.0], n_nodes=3, source=0, sink=2))
    with pytest.raises(SolverError, match="unknown pattern"):
        run_passes(layout, np.zeros(layout.cols.size, dtype=np.int64), 5)
