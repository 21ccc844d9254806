"""A reduced program, begun on few columns, gives optima that are proved for the whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplynet.errors import SolverError
from supplynet.solve.check import Certificate, exact
from supplynet.solve.lp import lean as module
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.lean import lean
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import chain, figures


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.booleans())
def test_optima_are_those_of_the_whole_program_and_proved_for_it(seed: int, maximize: bool) -> None:
    rng = np.random.default_rng(seed)
    lp = chain(rng, maximize=maximize)
    some = figures(rng, lp)
    begun = lean(lp, some.some(0, 3))
    if begun is None:
        assert solve_linear(lp).objective == 0.0
        return
    for number, pair in enumerate(begun.solve(some)):
        assert pair is not None
        program = some.program(lp, number)
        assert pair[0].objective == pytest.approx(solve_linear(program).objective, rel=1e-9)
        assert certify_linear(program, pair[0]).ok


def test_an_optimum_does_not_hang_on_what_is_solved_before_it() -> None:
    rng = np.random.default_rng(2)
    lp = chain(rng)
    some = figures(rng, lp)
    begun = lean(lp, some.some(0, 2))
    assert begun is not None
    solved = begun.solve(some)
    backwards = replace(
        some, b_ub=some.b_ub[::-1], b_eq=some.b_eq[::-1], entries=some.entries[::-1]
    )
    for one, other in zip(solved, reversed(begun.solve(backwards)), strict=True):
        assert one is not None
        assert other is not None
        assert one[0].objective == other[0].objective
        assert np.array_equal(one[0].x, other[0].x)


def test_figures_that_the_reduction_is_not_right_for_are_left_out() -> None:
    rng = np.random.default_rng(2)
    lp = chain(rng)
    some = figures(rng, lp)
    begun = lean(lp, some)
    assert begun is not None
    sides = np.array(some.b_eq)
    sides[1, np.flatnonzero(lp.b_eq == 0.0)[0]] = 1.0
    solved = begun.solve(replace(some, b_eq=sides))
    assert [pair is None for pair in solved] == [number == 1 for number in range(6)]


def test_a_program_with_limits_is_not_reduced() -> None:
    rng = np.random.default_rng(2)
    lp = chain(rng)
    assert lean(replace(lp, upper=np.full(lp.c.size, 9.0)), figures(rng, lp)) is None


def test_what_is_not_solved_or_not_proved_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    lp = chain(rng)
    some = figures(rng, lp)
    begun = lean(lp, some)
    assert begun is not None
    refused = Certificate((exact("shapes", True),))
    with monkeypatch.context() as patch:
        patch.setattr(module, "certify_alike", lambda programs, _: [refused for _ in programs])
        assert begun.solve(some) == [None] * 6

    def fail(_: LinearEngine) -> None:
        raise SolverError("no")

    monkeypatch.setattr(LinearEngine, "solve", fail)
    assert begun.solve(some.some(0, 1)) == [None]
