"""A vertex worked out anew is the solver's, only closer; what is no vertex is left as it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csc_array

from supplynet.errors import SolverError
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearSolution
from supplynet.solve.lp.refine import Basis, _factors, _solved, _triangular_first, refined
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import maximum, minimum
from tests.solve.lp.test_engine import random_program


def off(solution: LinearSolution, by: float) -> LinearSolution:
    """A solution with an error in every figure."""
    return replace(
        solution,
        x=solution.x + by,
        dual_ub=solution.dual_ub + by,
        dual_eq=solution.dual_eq - by,
        reduced_costs=solution.reduced_costs + by,
        objective=solution.objective + by,
    )


@given(st.integers(0, 400))
def test_law_the_vertex_is_the_optimum_whatever_the_figures_were(seed: int) -> None:
    """Only the basis counts: from figures that the check refuses comes what it accepts."""
    lp = random_program(seed)
    engine = LinearEngine(lp)
    try:
        solution = engine.solve()
    except SolverError:
        return
    found = engine.refined(off(solution, 1e-3))
    if not lp.b_ub.size + lp.b_eq.size:
        return
    is_square = found.objective != solution.objective + 1e-3
    if is_square:
        certificate = certify_linear(lp, found)
        assert certificate.ok, str(certificate)
        assert found.objective == pytest.approx(solution.objective, abs=1e-9)


def test_thirds_are_right_to_the_last_digit() -> None:
    """Upper bounds count, maxima have positive duals, and rows with slack have none."""
    lp = maximum(
        [3.0, 1.0, 2.0],
        [[3.0, 1.0, 0.0], [1.0, 1.0, 1.0]],
        [1.0, 50.0],
        [[0.0, 7.0, 3.0]],
        [9.0],
        upper=[9.0, 9.0, 2.0],
    )
    engine = LinearEngine(lp)
    found = engine.refined(off(engine.solve(), 1e-4))
    assert found.x.tolist() == pytest.approx([(1 - 3 / 7) / 3, 3 / 7, 2.0], rel=1e-15)
    assert found.dual_ub.tolist() == [1.0, 0.0]
    assert certify_linear(lp, found).ok


def test_a_program_of_wide_range_is_solved_closer() -> None:
    """Figures from a millionth to a million: the vertex holds its rows to the last digits."""
    rng = np.random.default_rng(3)
    n = 40
    matrix = rng.random((n, n)) * 10.0 ** rng.integers(-6, 7, (n, 1)) + np.diag(rng.random(n))
    inside = 10.0 ** rng.integers(-3, 6, n)
    lp = minimum(np.ones(n), a_eq=matrix, b_eq=matrix @ inside, upper=1000000000.0)
    engine = LinearEngine(lp, first="ipm")
    given_solution = engine.solve()
    found = engine.refined(given_solution)
    left, before = (
        np.abs(matrix @ one.x - lp.b_eq).max() / lp.b_eq.max() for one in (found, given_solution)
    )
    assert left <= max(before, 1e-15)
    assert left <= 1e-14


@pytest.mark.parametrize("part", [0.7, 1.2])
def test_errors_of_a_decomposition_are_taken_away(part: float) -> None:
    """One that gives back a part of every answer: each round leaves less, to the last digit."""
    rng = np.random.default_rng(5)
    matrix, right = csc_array(rng.random((6, 6)) + 6.0 * np.eye(6)), rng.random(6)
    inverse = np.linalg.inv(matrix.toarray())
    x = _solved(matrix, right, lambda left: part * (inverse @ left))
    assert x == pytest.approx(np.linalg.solve(matrix.toarray(), right), rel=1e-14)


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        ([True, True], [True, False]),  # two variables, one row that holds
        ([True, True], [False, False]),  # two rows that say the same
        ([False, False], [True, True]),  # nothing to solve
    ],
)
def test_no_single_vertex_leaves_what_was_given(columns: list[bool], rows: list[bool]) -> None:
    lp = maximum([1.0, 1.0], [[1.0, 1.0], [2.0, 2.0]], [4.0, 8.0], upper=9)
    solution = solve_linear(lp)
    basis = Basis(np.array(columns), np.array(rows), np.zeros(2, dtype=bool))
    assert refined(lp, solution, basis) is solution


def test_without_a_basis_nothing_changes() -> None:
    lp = maximum([1.0], [[1.0]], [4.0], upper=[9.0])
    solution = solve_linear(lp)
    assert LinearEngine(lp).refined(solution) is solution


def test_a_free_variable_outside_the_basis_is_nought() -> None:
    lp = maximum([1.0, 0.0], [[1.0, 1.0]], [4.0], lower=[0.0, -np.inf], upper=[9.0, np.inf])
    basis = Basis(np.array([True, False]), np.array([False]), np.zeros(2, dtype=bool))
    found = refined(lp, solve_linear(lp), basis)
    assert found.x.tolist() == [4.0, 0.0]


@given(st.integers(0, 300))
def test_law_a_triangle_first_changes_no_solution(seed: int) -> None:
    """Whether all of a matrix is a triangle, a part of it or nothing, in any order of its rows."""
    random = np.random.default_rng(seed)
    n, n_core = int(random.integers(1, 12)), int(random.integers(0, 6))
    square = np.triu(random.uniform(-1.0, 1.0, (n, n)) * (random.random((n, n)) < 0.4), 1)
    square[n - min(n, n_core) :, n - min(n, n_core) :] = random.uniform(-1.0, 1.0)
    square += np.diag(random.uniform(2.0, 9.0, n))
    square = square[random.permutation(n)][:, random.permutation(n)]
    rows, columns, n_first = _triangular_first(csc_array(square))
    assert sorted(rows.tolist()) == sorted(columns.tolist()) == list(range(n))
    assert n_first >= n - n_core
    first = square[rows][:, columns][:, :n_first]
    assert np.array_equal(first, np.triu(first))
    right, factors = random.uniform(-5.0, 5.0, n), _factors(csc_array(square))
    assert factors is not None
    assert square @ factors.solve(right) == pytest.approx(right)
    assert square.T @ factors.solve_turned(right) == pytest.approx(right)
