"""Many problems at once give what each gives alone."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.errors import UnboundedError
from supplynet.solve.flow.batch import max_flow_many
from supplynet.solve.flow.certificate import certify_flow
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from tests.solve.networks import KINDS, random_problem


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
