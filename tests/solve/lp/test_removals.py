"""Optima without sets of variables are those of programs solved one by one."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.errors import (
    CertificateError,
    InterruptedSolveError,
    SolverError,
    SolverInputError,
)
from supplynet.solve.check import Certificate, exact
from supplynet.solve.lp import removals as module
from supplynet.solve.lp import solve as proved
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.solve.lp.removals import removals
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import maximum, minimum


def without(lp: LinearProgram, places: list[int]) -> LinearProgram:
    lower, upper = np.array(lp.lower), np.array(lp.upper)
    lower[places] = upper[places] = 0.0
    return replace(lp, lower=lower, upper=upper)


def sparse_program(rng: np.random.Generator, *, maximize: bool) -> LinearProgram:
    """A packing program (or a covering one) in which few variables are used."""
    n, n_rows = int(rng.integers(3, 15)), int(rng.integers(1, 8))
    matrix = rng.integers(0, 4, (n_rows, n)) * (rng.random((n_rows, n)) < 0.6)
    upper = np.where(rng.random(n) < 0.4, rng.integers(1, 6, n), np.inf)
    upper[~matrix.any(axis=0)] = 3.0
    c = rng.integers(1, 6, n).astype(float)
    if maximize:
        b_ub = rng.integers(1, 20, n_rows).astype(float)
        return maximum(c, matrix, b_ub, upper=upper)
    need = rng.integers(0, 9, n_rows).astype(float)
    slack = np.eye(n_rows)  # what is missing, at a high price: always feasible
    return minimum(
        np.concatenate([c, np.full(n_rows, 100.0)]),
        -np.hstack([matrix, slack]),
        -need,
        upper=np.concatenate([upper, np.full(n_rows, np.inf)]),
    )


@given(st.integers(0, 2**32), st.booleans())
def test_every_value_is_that_of_a_program_of_its_own(seed: int, maximize: bool) -> None:
    rng = np.random.default_rng(seed)
    lp = sparse_program(rng, maximize=maximize)
    n = lp.c.size if maximize else lp.c.size - lp.b_ub.size
    sets = [
        rng.choice(n, int(rng.integers(0, n)), replace=False).tolist()
        for _ in range(int(rng.integers(1, 12)))
    ]
    sets += [[place] for place in range(n)]
    found = removals(lp, sets)
    assert found.objective == pytest.approx(solve_linear(lp).objective, rel=1e-7, abs=1e-7)
    for places, value in zip(sets, found.values.tolist(), strict=True):
        exact_value = solve_linear(without(lp, places)).objective
        assert value == pytest.approx(exact_value, rel=1e-7, abs=1e-7)
    assert found.certificate.ok
    assert found.n_solved <= len(sets)


def chain(n: int) -> LinearProgram:
    """A chain of n variables that all equal the first, which brings 1 each, beside a dear spare."""
    same = np.zeros((n - 1, n + 1))
    same[np.arange(n - 1), np.arange(n - 1)] = 1.0
    same[np.arange(n - 1), np.arange(1, n)] = -1.0
    c = np.zeros(n + 1)
    c[0], c[n] = 3.0, 2.0
    limit = np.zeros((1, n + 1))
    limit[0, [0, n]] = 1.0
    return maximum(c, limit, [5.0], same, np.zeros(n - 1))


def test_what_carries_nothing_is_not_solved_for() -> None:
    """The optimum stands without it."""
    lp = chain(4)
    found = removals(lp, [[4]])
    assert (found.values.tolist(), found.n_solved) == ([15.0], 0)
    assert found.certificate.ok


def test_one_solution_proves_every_set_around_it() -> None:
    """What is lost with a link of a chain is lost with any larger set that holds the link.

    The dual solution without the link bounds every program without it, and the primal solution
    does not use the rest.
    """
    lp = chain(6)
    sets = [[2], [1, 2, 3], [0, 1, 2], [2, 3, 4, 5]]
    found = removals(lp, sets)
    assert found.values.tolist() == pytest.approx([10.0] * 4)
    assert found.n_solved < len(sets)


def alike(n: int) -> LinearProgram:
    """A good that n variables bring alike, of which there is only so much in all."""
    return maximum(np.ones(n), np.ones((1, n)), [10.0])


@pytest.mark.parametrize("maximize", [True, False])
@pytest.mark.parametrize("worth", [1.0, 1e6])
def test_another_optimum_saves_solves(maximize: bool, worth: float) -> None:
    """What one optimum uses, another does without, whichever way the objective goes."""
    n = 30
    lp = replace(alike(n), c=np.full(n, worth))
    if not maximize:
        lp = replace(lp, a_ub=-lp.a_ub, b_ub=-lp.b_ub, maximize=False)
    found = removals(lp, [[place] for place in range(n)])
    assert found.values.tolist() == pytest.approx([10.0 * worth] * n)
    assert found.n_solved == 0
    assert found.certificate.ok


def test_what_every_optimum_uses_is_solved_for_alone() -> None:
    """Two ways out of three are as good as each other, and both begin with the same step."""
    matrix = [[1.0, 0.0, 0.0, 0.0], [-1.0, 1.0, 1.0, 0.0]]
    lp = maximum([0.0, 3.0, 3.0, 2.0], [*matrix, [0.0, 1.0, 1.0, 1.0]], [5.0, 0.0, 8.0])
    found = removals(lp, [[0], [1], [2], [3]])
    assert found.objective == pytest.approx(21.0)
    assert found.values.tolist() == pytest.approx([16.0, 21.0, 21.0, 15.0])
    assert found.n_solved == 2


def test_a_search_for_another_optimum_that_fails_does_no_harm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each set has a program then. A time limit ends it all the same."""
    solve = module.LinearEngine.solve

    def failing(error: type[SolverError]) -> None:
        calls = itertools.count()

        def solved(engine: Any) -> LinearSolution:
            if next(calls) == 1:
                raise error("nothing came of it")
            return solve(engine)

        monkeypatch.setattr(module.LinearEngine, "solve", solved)

    failing(SolverError)
    lp = alike(3)
    found = removals(lp, [[0], [1], [2], [0, 1, 2]])
    assert found.values.tolist() == pytest.approx([10.0, 10.0, 10.0, 0.0])
    assert found.n_solved == 2
    failing(InterruptedSolveError)
    with pytest.raises(InterruptedSolveError):
        removals(lp, [[0], [1], [2]])


def test_a_part_of_each_set_weighs_alike_within_limits() -> None:
    """Little and much that goes through a set count a hundred times the middle one at most."""
    sets = [np.array([place], dtype=np.int32) for place in range(5)]
    work = module._Work(alike(5), sets, None)
    weights = work._weights(np.array([1.0, 2.0, 4.0, 0.0, 1e9]))
    assert weights.tolist() == pytest.approx([1 / 50, 1 / 100, 1 / 200, 1.0, 1 / 10_000])


def test_variables_below_nought_are_not_made_less() -> None:
    """Less of one that may be negative has no end: the search leaves it alone."""
    lp = maximum([0.0, 1.0, 1.0], [[0.0, 1.0, 1.0]], [10.0], lower=[-np.inf, 0.0, 0.0])
    found = removals(lp, [[0, 1], [0, 2]])
    assert found.values.tolist() == pytest.approx([10.0, 10.0])
    assert found.n_solved == 0


def test_a_solution_that_the_check_refuses_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Certificate((exact("gap", 1.0),))
    monkeypatch.setattr(proved, "certify_linear", lambda *_, **__: refused)
    with pytest.raises(CertificateError):
        removals(chain(3), [[0]])


def test_what_the_check_refuses_is_solved_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    warm: list[LinearSolution] = []
    solve = module.LinearEngine.solve

    def solved(engine: Any) -> LinearSolution:
        warm.append(solve(engine))
        return warm[-1]

    def strict(program: LinearProgram, solution: LinearSolution, **options: Any) -> Certificate:
        if any(solution is one for one in warm):
            return Certificate((exact("gap", 1.0),))
        return certify_linear(program, solution, **options)

    monkeypatch.setattr(module.LinearEngine, "solve", solved)
    monkeypatch.setattr(proved, "certify_linear", strict)
    found = removals(chain(3), [[0]])
    assert found.values.tolist() == pytest.approx([10.0])
    assert len(warm) == 3  # the whole program, for another optimum of it, and without the set


def test_variables_that_cannot_be_removed() -> None:
    lp = minimum([1.0, 1.0], lower=[1.0, -3.0], upper=[2.0, -1.0])
    for places, message in (([0], "must not be 0"), ([1], "must not be 0"), ([2], "between 0 and")):
        with pytest.raises(SolverInputError, match=message):
            removals(lp, [places])


def test_what_the_time_does_not_do_for_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that carry most come first."""
    lp = maximum([1.0, 1.0, 1.0], upper=[2.0, 5.0, 3.0])
    looks = iter([0.0, 0.0, 0.0, 9.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(looks))
    found = removals(lp, [[0], [1], [2]], until=1.0)
    np.testing.assert_array_equal(found.values, [np.nan, 5.0, 7.0])
    assert found.n_solved == 2


def test_no_sets_are_no_work() -> None:
    found = removals(chain(3), [])
    assert (found.objective, found.values.size, found.n_solved) == (pytest.approx(15.0), 0, 0)


def test_what_is_at_nought_anyway_may_be_removed() -> None:
    """A variable that may only be 0 or less, or only 0."""
    lp = maximum([1.0, -1.0, 1.0], lower=[0, -2, 0], upper=[3, 0, 0])
    assert removals(lp, [[0], [1], [2]]).values.tolist() == pytest.approx([2.0, 3.0, 5.0])


def test_an_optimum_of_nothing_needs_no_solves() -> None:
    """Nothing is worth what it costs: no variable is used, and none is missed."""
    lp = minimum([1.0, 2.0], upper=3.0)
    found = removals(lp, [[0], [1], [0, 1]])
    assert (found.values.tolist(), found.n_solved) == ([0.0] * 3, 0)


def test_what_is_not_worth_its_price_need_not_be_removed_with_the_rest() -> None:
    """The solution without both proves the one without the first: the other is too dear."""
    lp = maximum([3.0, 1.0, 2.0], [[1.0, 1.0, 1.0]], [5.0])
    found = removals(lp, [[0, 1], [0]])
    assert found.values.tolist() == pytest.approx([10.0, 10.0])
    assert found.n_solved == 1


@pytest.mark.parametrize("refused", [0, 1])
def test_a_proof_needs_both_ends_of_what_it_settles(
    refused: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without what must go alone, and without all that may go: one of the two is not enough."""
    asked: list[LinearProgram] = []

    def half(program: LinearProgram, solution: LinearSolution) -> Certificate:
        asked.append(program)
        is_refused = len(asked) % 2 != refused
        return (
            Certificate((exact("gap", 1.0),)) if is_refused else certify_linear(program, solution)
        )

    monkeypatch.setattr(module, "certify_linear", half)
    found = removals(chain(4), [[4], [0]])
    assert found.values.tolist() == pytest.approx([15.0, 10.0])
    assert found.n_solved == 2
    assert asked
