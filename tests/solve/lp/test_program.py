"""Programs as arrays: which are alike, and the one that raises the least of some shares."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from supplynet.errors import SolverInputError
from supplynet.solve.lp.program import LinearProgram, are_alike, common_level, elastic
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import minimum

BOX = minimum([0.0] * 3, [[1.0, 1.0, 0.0]], [6.0], [[0.0, 1.0, -1.0]], [0.0], upper=9.0)


@pytest.mark.parametrize(
    ("change", "is_alike"),
    [
        ({"a_ub": [[2.0, 3.0, 0.0]]}, True),
        ({"a_ub": [[1.0, 0.0, 1.0]]}, False),
        ({"a_eq": [[0.0, 1.0, 1.0]]}, True),
        ({"a_eq": [[1.0, 1.0, 0.0]]}, False),
        ({"a_ub": [[1.0, 1.0, 0.0], [0.0] * 3], "b_ub": [6.0, 6.0]}, False),
    ],
)
def test_alike_is_what_has_its_entries_in_the_same_places(
    change: dict[str, list[list[float]]], is_alike: bool
) -> None:
    assert are_alike(BOX, replace(BOX, **change)) == is_alike


def test_bounds_may_be_none_and_costs_may_not() -> None:
    free = minimum([1.0, 2.0], lower=[-np.inf] * 2)
    assert free.a_ub.shape == free.a_eq.shape == (0, 2)
    with pytest.raises(SolverInputError, match=r"c\[1\] is inf"):
        replace(free, c=[1.0, np.inf])
    with pytest.raises(SolverInputError, match=r"upper\[0\] is nan"):
        replace(free, upper=[np.nan, 1.0])


@pytest.mark.parametrize(("side", "level"), [(6.0, 0.5), (3.0, 0.25), (99.0, 1.0)])
def test_the_common_level_is_the_part_of_both_wholes_that_there_is_enough_for(
    side: float, level: float
) -> None:
    """Of 4 and of 8, 12 in all; no more than all of them."""
    raised = common_level(replace(BOX, b_ub=[side]), np.array([0, 2]), np.array([4.0, 8.0]))
    solution = solve_linear(raised)
    assert solution.objective == pytest.approx(level) == pytest.approx(solution.x[-1])
    assert solution.x[0] >= level * 4.0 - 1e-9
    assert solution.x[2] >= level * 8.0 - 1e-9
    assert solution.x[3:5].tolist() == [0.0, 0.0]


def test_a_share_that_is_let_go_does_not_hold_the_level() -> None:
    """The second is at most an eighth of its whole: without it the first may be raised to all."""
    lp = replace(BOX, upper=[9.0, 9.0, 1.0])
    raised = common_level(lp, np.array([0, 2]), np.array([4.0, 8.0]))
    held = solve_linear(raised)
    assert held.objective == pytest.approx(0.125)
    assert held.dual_ub[1:] == pytest.approx([0.0, 1.0])
    upper = np.array(raised.upper)
    upper[4] = 1.0  # its z
    assert solve_linear(replace(raised, upper=upper)).objective == pytest.approx(1.0)


def test_an_array_that_somebody_may_write_to_is_copied() -> None:
    """What is changed afterwards changes no program, and stays free to be changed."""
    given = np.array([1.0, 2.0])
    lp = minimum(given, upper=9.0)
    given[0] = 5.0
    assert lp.c.tolist() == [1.0, 2.0]


def test_arrays_that_nobody_writes_to_are_those_of_the_other_program() -> None:
    lp = minimum([1.0], [[2.0]], [6.0], upper=[9.0])
    again = LinearProgram(lp.c, lp.a_ub, lp.b_ub, lp.a_eq, lp.b_eq, lp.lower, lp.upper)
    assert again.c is lp.c
    assert again.a_ub is lp.a_ub


def test_whole_numbers_are_made_floats() -> None:
    whole = np.array([1, 2])
    whole.setflags(write=False)
    lp = minimum(whole, csr_array([[1, 3]]), [6], upper=whole)
    assert (lp.c.dtype, lp.upper.dtype, lp.a_ub.dtype) == (np.float64,) * 3


def test_an_excess_is_that_of_all_rows_of_a_limit() -> None:
    lp = LinearProgram([0.0], [[1.0], [2.0]], [1.0, 1.0], None, None, [3.0], [9.0])
    together = solve_linear(elastic(lp, [[0, 1]]))
    assert together.objective == pytest.approx(5)  # 2 x 3 - 1 covers 3 - 1
    assert solve_linear(elastic(lp, [[0], [1]])).objective == pytest.approx(7)
