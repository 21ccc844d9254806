"""A program that is begun on few columns gives optima that are proved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplynet.solve.check import Certificate, exact
from supplynet.solve.lp import narrow as module
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.narrow import Lean, Sifted, lean, leanest
from supplynet.solve.lp.program import Figures, LinearProgram, entries_of
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import chain, figures, many, maximum, wide

INF = np.inf


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.booleans())
def test_optima_are_those_of_the_program_and_proved(seed: int, maximize: bool) -> None:
    rng = np.random.default_rng(seed)
    lp = chain(rng, maximize=maximize)
    some = figures(rng, lp)
    require_optima(lean(lp, some.some(0, 3)), lp, some)


def require_optima(begun: Lean, lp: LinearProgram, some: Figures) -> None:
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
    solved = begun.solve(some)
    backwards = replace(
        some, b_ub=some.b_ub[::-1], b_eq=some.b_eq[::-1], entries=some.entries[::-1]
    )
    for one, other in zip(solved, reversed(begun.solve(backwards)), strict=True):
        assert one is not None
        assert other is not None
        assert one[0].objective == other[0].objective
        assert np.array_equal(one[0].x, other[0].x)


def test_what_learns_from_no_figures_solves_as_well() -> None:
    rng = np.random.default_rng(2)
    lp = chain(rng)
    some = figures(rng, lp)
    begun = lean(lp, some.some(0, 0))
    require_optima(begun, lp, some)


def test_what_is_not_solved_or_not_proved_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    lp = chain(rng)
    some = figures(rng, lp)
    begun = lean(lp, some)
    refused = Certificate((exact("shapes", True),))
    with monkeypatch.context() as patch:
        patch.setattr(module, "certify_alike", lambda programs, _: [refused for _ in programs])
        assert begun.solve(some) == [None] * 6

    monkeypatch.setattr(Sifted, "solve", lambda *_: None)
    assert begun.solve(some.some(0, 1)) == [None]


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.booleans())
def test_what_is_begun_on_few_columns_ends_at_the_optimum(seed: int, maximize: bool) -> None:
    rng = np.random.default_rng(seed)
    lp = wide(rng, maximize=maximize)
    drawn = many(rng, lp)
    sifted = leanest(lp, [drawn.program(lp, number) for number in range(3)])
    for number in range(6):
        program = drawn.program(lp, number)
        solution = sifted.solve(program)
        assert solution is not None
        assert certify_linear(program, solution).ok
        assert solution.objective == pytest.approx(solve_linear(program).objective)


def test_of_columns_that_are_alike_solves_begin_with_one() -> None:
    # each pilot could be served by either of two columns of a pair, at random
    pairs = 20
    matrix = np.kron(np.eye(pairs), [[1.0, 1.0]])
    zero, open_end = np.zeros(2 * pairs), np.full(2 * pairs, INF)
    lp = maximum(np.ones(2 * pairs), matrix, np.ones(pairs), lower=zero, upper=open_end)
    pilots = [replace(lp, b_ub=np.full(pairs, float(side))) for side in (2, 3)]
    assert leanest(lp, pilots).columns.size == pairs
    assert leanest(replace(lp, lower=np.ones(2 * pairs) * 0.1), pilots).columns.size == 2 * pairs


def test_where_nothing_is_the_best_all_columns_are_begun_on() -> None:
    lp = maximum([-1.0, -1.0], [[1.0, 1.0]], [4.0], upper=[3.0, INF])
    assert leanest(lp, []).columns.tolist() == [0, 1]


def test_what_the_first_columns_do_not_fit_the_others_may() -> None:
    lp = maximum([1.0, 1.0], [[1.0, -1.0]], [4.0], upper=[INF, 3.0])
    sifted = Sifted(lp, np.array([0]))
    sifted.begin(lp)
    for side, most in ((4.0, 10.0), (-1.0, 5.0), (-3.0, 3.0)):
        solution = sifted.solve(replace(lp, b_ub=[side]))
        assert solution is not None
        assert solution.objective == pytest.approx(most)
    assert sifted.solve(replace(lp, b_ub=[-4.0])) is None


def test_solves_start_from_where_the_pilot_ends() -> None:
    """The pilot itself needs no step, another program does; what nothing fits is no pilot."""
    lp = maximum([1.0, 1.0], [[1.0, 2.0], [2.0, 1.0]], [8.0, 8.0])
    pilots = [replace(lp, b_ub=sides) for sides in ([8.0, 80.0], [80.0, 8.0])]
    sifted = Sifted(lp, np.arange(2))
    for begin in pilots:
        sifted.begin(begin)
        for pilot in pilots:
            solution = sifted.solve(pilot)
            assert solution is not None
            assert (solution.n_iterations == 0) == (pilot is begin)
    sifted.begin(replace(lp, b_ub=[-4.0, 8.0]))
    solution = sifted.solve(pilots[0])
    assert solution is not None
    assert solution.objective == pytest.approx(8.0)


def test_draws_begin_where_the_mean_of_the_figures_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    lp = chain(rng)
    some = figures(rng, lp)
    begun: list[LinearProgram] = []
    monkeypatch.setattr(Sifted, "begin", lambda _, pilot: begun.append(pilot))
    lean(lp, some)
    assert begun[0].b_ub == pytest.approx(some.b_ub.mean(axis=0))
    mean = some.mean(np.arange(6)).program(lp, 0)
    assert entries_of(begun[0]) == pytest.approx(entries_of(mean))
