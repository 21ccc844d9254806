"""Closed duals: nothing is left to what has no limit, and the bound stays as good."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.sparse import csr_array, vstack

from supplynet.solve.lp.evidence import closed_duals
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import maximum, minimum

INF = math.inf


def told(lp: LinearProgram, dual_ub: list[float], dual_eq: list[float]) -> LinearSolution:
    zeros = np.zeros(lp.c.size)
    return LinearSolution(zeros, 0.0, np.array(dual_ub), np.array(dual_eq), zeros, n_iterations=0)


def bound(lp: LinearProgram, duals: np.ndarray) -> float:
    """The most that duals leave to the objective, added up without rounding."""
    sign = 1.0 if lp.maximize else -1.0
    rows = vstack([lp.a_ub, lp.a_eq]).toarray()
    parts = [dual * side for dual, side in zip(duals, [*lp.b_ub, *lp.b_eq], strict=True)]
    for column, cost in enumerate(lp.c):
        rest = math.fsum(
            [sign * cost, *(-y * v for y, v in zip(duals, rows[:, column], strict=True))]
        )
        if rest:
            parts.append(rest * (lp.upper[column] if rest > 0.0 else lp.lower[column]))
    return math.fsum(parts)


def test_what_is_left_goes_to_the_rows_that_limit() -> None:
    """A chain: the last variable is at most the one before it, and the first at most 4."""
    lp = maximum(
        [0.0, 0.0, 1.0], [[1.0, 0.0, 0.0], [0.0, -2.0, 1.0]], [4.0, 0.0], [[1.0, -1.0, 0.0]], [0.0]
    )
    assert closed_duals(lp, told(lp, [0.0, 0.0], [0.0])).tolist() == [2.0, 1.0, -2.0]
    assert bound(lp, closed_duals(lp, told(lp, [0.0, 0.9], [0.0]))) == pytest.approx(8.0)


def test_what_a_plain_sum_rounds_away_is_closed_too() -> None:
    """Six terms of which a plain sum makes more than the cost, and an exact sum less."""
    last = 2.0**-52
    lp = maximum([1.0 + 4.0 * last], np.ones((6, 1)), np.ones(6))
    duals = [1.0, *[0.75 * last] * 5]
    assert lp.c - lp.a_ub.T @ np.array(duals) < 0.0
    assert bound(lp, np.array(duals)) == INF
    assert bound(lp, closed_duals(lp, told(lp, duals, []))) == pytest.approx(1.0)


def test_an_equality_limits_from_below_too() -> None:
    """That -x + y is 3 limits y by what limits x."""
    rows = {"a_eq": [[-1.0, 1.0]], "b_eq": [3.0], "lower": [0.0, 0.0], "upper": [5.0, INF]}
    lp = LinearProgram(c=[0.0, 1.0], a_ub=None, b_ub=None, **rows, maximize=True)
    assert bound(lp, closed_duals(lp, told(lp, [], [0.0]))) == 8.0
    turned = minimum([0.0, 1.0], a_eq=[[1.0, -1.0]], b_eq=[-3.0], upper=[5.0, INF])
    assert closed_duals(turned, told(turned, [], [1.5])).tolist() == [-1.5]
    largest = maximum([0.0, 1.0], a_eq=[[1.0, -1.0]], b_eq=[-3.0], upper=[5.0, INF])
    assert closed_duals(largest, told(largest, [], [0.0])).tolist() == [-1.0]


def test_what_is_left_goes_to_the_row_that_leaves_least() -> None:
    """All together may be 1,000; the first is at most 4, and the last at most the first."""
    lp = maximum(
        [0.0, 0.0, 1.0],
        [[1.0, 1.0, 1.0], [0.0, -1.0, 1.0], [1.0, 0.0, 0.0], [-1.0, 1.0, 0.0]],
        [1000.0, 0.0, 4.0, 0.0],
    )
    duals = closed_duals(lp, told(lp, [0.0] * 4, []))
    assert duals.tolist() == [0.0, 1.0, 1.0, 1.0]
    assert bound(lp, duals) == 4.0


@pytest.mark.parametrize(("side", "least"), [(8.0, 3.5), (11.0, 4.0)])
def test_what_a_row_leaves_is_counted_with_what_others_take(side: float, least: float) -> None:
    """Of 2 x + y the second takes 1 t at least; the first is at most 4 t by itself."""
    lp = maximum([1.0, 0.0], [[2.0, 1.0], [1.0, 0.0]], [side, 4.0], lower=1.0)
    assert bound(lp, closed_duals(lp, told(lp, [0.0, 0.0], []))) == least


def test_a_variable_is_asked_for_again_no_more_often_than_it_is_of_use() -> None:
    """Rows that halve the limit of a variable without end: the duals are as good at any time."""
    lp = maximum([1.0, 0.0], [[1.0, -0.4], [-0.4, 1.0], [1.0, 1.0]], [0.0, 0.0, 8.0])
    assert bound(lp, closed_duals(lp, told(lp, [0.0] * 3, []))) == pytest.approx(0.0, abs=1e-9)


def test_rounding_of_what_has_no_limit_is_closed_where_another_has_room() -> None:
    """Deviations from 5 t have no limit, and cost 1 each: a dual of 1 and no more bounds both."""
    off = 2.0**-50
    words = {"lower": [0.0] * 3, "upper": [9.0, INF, INF]}
    row = csr_array(([1.0, 1.0, -1.0, 0.0], ([0, 0, 0, 1], [0, 1, 2, 2])), shape=(2, 3))
    lp = LinearProgram([0.0, 1.0, 1.0], None, None, row, [5.0, 0.0], **words)
    for dual in (1.0, -1.0):
        # a least objective is the largest of its negative
        duals = closed_duals(lp, told(lp, [], [-dual * (1.0 + off), 0.0]))
        assert duals.tolist() == [dual, 0.0]
        assert math.isfinite(bound(lp, duals))
    sides = LinearProgram(
        [0.0, 1.0, 1.0], [[-1.0, -1.0, 1.0], [1.0, 1.0, -1.0]], [-5.0, 5.0], None, None, **words
    )
    duals = closed_duals(sides, told(sides, [-(1.0 + off), 0.0], []))
    assert duals.tolist() == [1.0, 0.0]
    # what this leaves to a variable that has an end is put on its own row
    lp = minimum([-(1.0 + off), 1.0, 1.0], [[1.0, 0.0, 0.0]], [9.0], [[1.0, 1.0, -1.0]], [5.0])
    assert closed_duals(lp, told(lp, [0.0], [-(1.0 + off)])).tolist() == [off, 1.0]
    # nothing is left where a dual of an inequality becomes 0, and none where its sign would change
    none = maximum([0.0], [[-1.0]], [0.0])
    assert closed_duals(none, told(none, [0.25], [])).tolist() == [0.0]
    free = maximum([1.0], [[-1.0]], [0.0])
    assert closed_duals(free, told(free, [0.25], [])).tolist() == [0.25]


def test_what_no_row_limits_stays() -> None:
    """A row that limits only the difference, a free variable, an entry of 0: nothing is changed."""
    lp = maximum([1.0, 0.0], [[1.0, -1.0], [0.0, 1.0]], [0.0, 0.0], lower=[0.0, -INF])
    open_end = maximum([1.0, 0.0], [[1.0, -1.0]], [0.0])
    assert closed_duals(open_end, told(open_end, [0.25], [])).tolist() == [0.25]
    assert closed_duals(lp, told(lp, [0.0, 0.5], [])).tolist() == [0.0, 0.5]


def test_duals_of_the_wrong_sign_are_none() -> None:
    lp = maximum([1.0], [[1.0]], [2.0], upper=[1.0])
    assert closed_duals(lp, told(lp, [-1e-9], [])).tolist() == [0.0]
    least = minimum([1.0], [[-1.0]], [-2.0])
    assert closed_duals(least, told(least, [-1.0], [])).tolist() == [1.0]


@pytest.mark.parametrize("seed", range(60))
def test_rounding_of_duals_is_closed_in_any_program(seed: int) -> None:
    """Duals that are off by a little bound the best objective about as well, with no end open."""
    rng = np.random.default_rng(seed)
    n, m = rng.integers(2, 9, 2)
    rows = rng.uniform(0.1, 3.0, (m, n)) * rng.choice([1.0, 1.0, 1.0, -1.0], (m, n))
    rows = np.where(rng.random((m, n)) < 0.6, rows, 0.0)
    lp = maximum(
        rng.uniform(0.0, 2.0, n),
        np.vstack([rows, np.ones(n)]),
        np.append(rng.uniform(1.0, 9.0, m), 7.0),
        upper=np.where(rng.random(n) < 0.5, INF, 2.0),
    )
    solution = solve_linear(lp)
    off = solution.dual_ub * (1.0 + rng.normal(0.0, 1e-12, m + 1))
    duals = closed_duals(lp, told(lp, off.tolist(), []))
    assert (duals >= 0.0).all()
    assert bound(lp, duals) == pytest.approx(solution.objective, rel=1e-9)
