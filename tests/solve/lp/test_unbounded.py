"""Directions in which a program has no end: each that gains is one, and where none does it ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.errors import InfeasibleError, UnboundedError
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.solve import solve_linear
from supplynet.solve.lp.unbounded import directions, gains
from tests.solve.lp.test_engine import random_program, scipys


@given(st.integers(0, 2**32))
def test_law_a_direction_that_gains_is_a_program_without_an_end(seed: int) -> None:
    """Of programs that have a solution; another build of the solver says which are unbounded."""
    lp = random_program(seed)
    told = scipys(lp)
    if told == InfeasibleError.__name__:
        return
    best = solve_linear(directions(lp))
    assert gains(lp, best) == (told == UnboundedError.__name__)


@given(st.integers(0, 2**32), st.floats(1.0, 1e6))
def test_law_from_a_solution_it_goes_on_along_the_direction(seed: int, far: float) -> None:
    """Every row and bound holds however far, and the objective gains as much for each step."""
    lp = random_program(seed)
    try:
        start = solve_linear(replace(lp, c=np.zeros_like(lp.c))).x
    except InfeasibleError:
        return
    step = solve_linear(directions(lp)).x
    x, close = start + far * step, 1e-6 * far
    assert (lp.a_ub @ x <= lp.b_ub + close).all()
    np.testing.assert_allclose(lp.a_eq @ x, lp.b_eq, atol=close)
    assert (x >= lp.lower - close).all()
    assert (x <= lp.upper + close).all()


def test_a_direction_goes_only_where_there_is_no_end_and_no_longer_than_one() -> None:
    ends = [-np.inf, -2.0, -np.inf, 0.0], [3.0, np.inf, np.inf, 9.0]
    program = directions(LinearProgram(np.ones(4), np.ones((1, 4)), [5.0], None, None, *ends))
    assert program.lower.tolist() == [-1.0, 0.0, -1.0, 0.0]
    assert program.upper.tolist() == [0.0, 1.0, 1.0, 0.0]
    assert program.b_ub.tolist() == [0.0]


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize(("gain", "is_gain"), [(5e-7, False), (2e-6, True)])
def test_a_gain_is_more_than_a_millionth_of_the_largest_cost(
    maximize: bool, gain: float, is_gain: bool
) -> None:
    sign = 1.0 if maximize else -1.0
    lp = LinearProgram(
        [sign * gain, -sign], None, None, None, None, [0.0, 0.0], [np.inf, 0.0], maximize=maximize
    )
    assert gains(lp, solve_linear(directions(lp))) == is_gain
