"""Directions in which a program has no end: each that gains is one, and where none does it ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from supplynet.errors import InfeasibleError, UnboundedError
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
