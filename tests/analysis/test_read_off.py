"""Sums of a program's variables are variables of it, and its best point stays the best."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.analysis.proofs import Sum, solved_with_sums, with_sums
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.solve import solve_linear

LP = LinearProgram(
    [3.0, 2.0], [[1.0, 1.0]], [4.0], None, None, [0.0, 0.0], [3.0, 9.0], maximize=True
)


def test_a_solution_with_sums_is_still_certified() -> None:
    sums = [Sum({0: 2.0}, 1.0), Sum({0: 1.0, 1: -1.0}), Sum({}, 5.0)]
    lp, solution = solved_with_sums(LP, solve_linear(LP), sums)
    assert solution.x.tolist() == pytest.approx([3.0, 1.0, 7.0, 2.0, 5.0])
    assert certify_linear(lp, solution).ok


def test_sums_of_sums() -> None:
    lp, x = with_sums(LP, np.array([1.0, 2.0]), [Sum({0: 2.0})])
    _, x = with_sums(lp, x, [Sum({1: 1.0, 2: 1.0})])
    assert x.tolist() == [1.0, 2.0, 2.0, 4.0]


def test_no_sums_leave_a_program_as_it_is() -> None:
    lp, x = with_sums(LP, np.array([1.0, 2.0]), [])
    assert lp.c.tolist() == LP.c.tolist()
    assert x.tolist() == [1.0, 2.0]


def test_a_multiple_of_a_sum() -> None:
    assert Sum({0: 2.0}, 1.0).times(3.0) == Sum({0: 6.0}, 3.0)
