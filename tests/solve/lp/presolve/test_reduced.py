"""The smaller program is far smaller, and what it takes for granted is looked at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.presolve.reduced import reduced
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import INF, chain, figures


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("maximize", [True, False])
def test_a_solution_comes_back_with_prices_that_prove_it(seed: int, maximize: bool) -> None:
    rng = np.random.default_rng(seed)
    lp = chain(rng, maximize=maximize)
    some = figures(rng, lp)
    made = reduced(lp, some)
    if made is None:
        assert solve_linear(lp).objective == 0.0
        return
    smaller = made.smaller(some)
    assert smaller.holds.all()
    solutions = [solve_linear(smaller.figures.program(made.lp, number)) for number in range(6)]
    assert made.lp.b_ub.size + made.lp.b_eq.size < lp.b_ub.size + lp.b_eq.size
    for number, solution in enumerate(made.restored(smaller, solutions)):
        assert solution is not None
        assert certify_linear(some.program(lp, number), solution).ok


def test_solutions_that_are_not_there_stay_away() -> None:
    rng = np.random.default_rng(1)
    lp = chain(rng)
    some = figures(rng, lp)
    made = reduced(lp, some)
    assert made is not None
    smaller = made.smaller(some)
    assert made.restored(smaller, [None] * 6) == [None] * 6
    last = solve_linear(smaller.figures.program(made.lp, 5))
    restored = made.restored(smaller, [*[None] * 5, last])
    assert restored[:5] == [None] * 5
    assert restored[5] is not None
    assert certify_linear(some.program(lp, 5), restored[5]).ok


@pytest.mark.parametrize("what", ["zero", "sign", "idle"])
def test_figures_that_break_what_the_reduction_rests_on_are_told(what: str) -> None:
    # the last row has nothing but what is taken, so that it holds while its side is 0 or more
    lp = LinearProgram(
        [1.0, 0.0], [[0.0, 1.0], [-1.0, -1.0]], [4.0, 1.0], [[1.0, -2.0]], [0.0], [0.0] * 2,
        [INF] * 2, maximize=True,
    )  # fmt: skip
    some = figures(np.random.default_rng(0), lp, 2)
    some = replace(some, entries=np.tile([1.0, -1.0, -1.0, 1.0, -2.0], (2, 1)), places=None)
    made = reduced(lp, some)
    assert made is not None
    assert made.smaller(some).holds.tolist() == [True, True]
    broken = {
        "zero": replace(some, b_eq=np.array([[0.0], [1.0]])),
        "sign": replace(some, entries=some.entries * np.array([[1.0], [-1.0]])),
        "idle": replace(some, b_ub=np.array([[4.0, 1.0], [4.0, -1.0]])),
    }[what]
    assert made.smaller(broken).holds.tolist() == [True, False]


def test_entries_that_are_not_drawn_are_those_of_the_program() -> None:
    rng = np.random.default_rng(3)
    lp = chain(rng)
    some = replace(figures(rng, lp), entries=None, places=None)
    made = reduced(lp, some)
    assert made is not None
    program = made.smaller(some).figures.program(made.lp, 0)
    assert np.array_equal(program.a_ub.data, made.lp.a_ub.data)
    assert np.array_equal(program.a_eq.data, made.lp.a_eq.data)
