"""Which steps make a program smaller, each by itself, with its way back."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.presolve.reduced import reduced
from supplynet.solve.lp.presolve.reduction import Reduction
from supplynet.solve.lp.program import Figures, LinearProgram
from supplynet.solve.lp.solve import solve_linear

INF = np.inf

#: programs that are maximized, by name: costs, inequalities, their sides, equalities, theirs, and
#: the steps that are taken
SMALL = {
    "a column fills up its row": (
        [1.0, 0.0], [[2.0, 0.0]], [8.0], [[1.0, 1.0]], [3.0], ["Slack"],
    ),
    "a row is filled up from below": (
        [-1.0, 0.0], [[1.0, 0.0]], [8.0], [[1.0, -1.0]], [3.0], ["Slack"],
    ),
    "a row forces its columns": (
        [1.0, 2.0, 1.0], [[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]], [0.0, 4.0], None, None, ["Forced"],
    ),
    "an equality of negatives forces its columns": (
        [1.0, 1.0, 1.0], [[1.0, 1.0, 1.0]], [4.0], [[-1.0, -2.0, 0.0]], [0.0], ["Forced"],
    ),
    "a row from below forces its column": (
        [1.0, 0.0, 1.0], [[1.0, 0.0, 1.0]], [4.0], [[-1.0, -1.0, 0.0]], [0.0], ["Slack", "Forced"],
    ),
    "a forced column would bring more room elsewhere": (
        [1.0, 0.5, 1.0], [[0.5, 1.0, 0.0], [-3.0, 0.0, 1.0]], [0.0, 4.0], None, None, ["Forced"],
    ),
    "columns that an equality forces are worth more than their row": (
        [3.0, 3.0, 1.0], [[1.0, 1.0, 1.0]], [4.0], [[1.0, 2.0, 0.0]], [0.0], ["Forced"],
    ),
    "those that one of negatives forces, too": (
        [3.0, 3.0, 1.0], [[1.0, 1.0, 1.0]], [4.0], [[-1.0, -2.0, 0.0]], [0.0], ["Forced"],
    ),
    "and one that a row from below forces": (
        [3.0, 0.0, 1.0], [[1.0, 0.0, 1.0]], [4.0], [[-1.0, -1.0, 0.0]], [0.0], ["Slack", "Forced"],
    ),
    "a limit counts several of its column": (
        [2.0, 1.0], [[4.0, 0.0], [1.0, 1.0]], [8.0, 9.0], None, None, [],
    ),
    "a column is the sum of others": (
        [1.0, 1.0, 0.0], [[0.0, 0.0, 1.0], [1.0, 0.0, 2.0]], [4.0, 7.0], [[1.0, 2.0, -1.0]], [0.0],
        ["Substituted"],
    ),
    "a difference of others may be below 0": (
        [-0.1, 1.0, 0.0, 1.0], [[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]], [4.0, 7.0],
        [[-1.0, 1.0, 1.0, 0.0]], [0.0], [],
    ),
    "a column is no more than others need": (
        [1.0, 2.0, 0.0], [[1.0, 1.0, -1.0], [0.0, 0.0, 1.0]], [0.0, 4.0], None, None,
        ["Substituted"],
    ),
    "a column lets its row be": (
        [1.0, 0.0], [[1.0, -1.0], [1.0, 0.0]], [2.0, 9.0], None, None, ["Slack"],
    ),
    "columns are mixes of rays": (
        [0.0, 1.0, 0.0], [[1.0, -1.0, 0.0], [-2.0, 1.0, 0.0], [1.0, 1.0, -1.0], [0.0, 2.0, 1.0]],
        [0.0, 0.0, 0.0, 9.0], None, None, ["Mixed"],
    ),
    "two cones are alike": (
        [0.0, 1.0, 0.0, 0.0, 1.0, 0.0],
        [
            [1.0, -1.0, 0.0, 0.0, 0.0, 0.0], [-2.0, 1.0, 0.0, 0.0, 0.0, 0.0],
            [1.0, 1.0, -1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0, -1.0, 0.0],
            [0.0, 0.0, 0.0, -2.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0, 1.0, -1.0],
            [0.0, 2.0, 1.0, 0.0, 1.0, 1.0],
        ],
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 9.0], None, None, ["Mixed", "Mixed"],
    ),
    "an entry's sign is not known any more": (
        [0.0, 1.0, 0.0], [[-3.0, 0.0, 1.0], [0.0, 1.0, 0.0]], [4.0, 5.0], [[1.0, 2.0, -1.0]], [0.0],
        ["Substituted"],
    ),
    "a row lets its columns be": (
        [-1.0, -1.0, 1.0], [[0.0, 0.0, 1.0], [-1.0, -2.0, 0.0]], [4.0, 1.0], None, None, [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
def test_a_step_leads_back_to_an_optimum_that_is_proved(name: str) -> None:
    c, a_ub, b_ub, a_eq, b_eq, steps = SMALL[name]
    n = len(c)
    lp = LinearProgram(c, a_ub, b_ub, a_eq, b_eq, np.zeros(n), np.full(n, INF), maximize=True)
    own = Figures(lp.b_ub[None, :], lp.b_eq[None, :], np.zeros((1, 0)), np.zeros(0, dtype=int))
    made = reduced(lp, own)
    assert made is not None
    taken = [type(step).__name__ for step in made._reduction.steps]
    assert taken[: len(steps)] == steps
    smaller = made.smaller(own)
    assert smaller.holds.all()
    assert made.lp.c.size < n or made.lp.b_ub.size < lp.b_ub.size
    (solution,) = made.restored(smaller, [solve_linear(made.lp)])
    assert solution is not None
    assert certify_linear(lp, solution).ok
    # nothing is worth raising at its prices, also where a row limits it anyway
    assert solution.reduced_costs.max() <= 1e-9
    assert solution.objective == pytest.approx(solve_linear(lp).objective)


def test_a_sum_that_would_add_more_entries_than_it_saves_stays() -> None:
    """Twelve parts of a sum that twelve rows limit: 144 entries instead of 25."""
    n = 12
    parts_of = np.append(np.ones(n), -1.0)
    rows = np.hstack([np.zeros((n, n)), np.ones((n, 1))])
    costs, sides = np.append(np.ones(n), 0.0), np.arange(1.0, n + 1)
    lp = LinearProgram(
        costs, rows, sides, parts_of[None, :], [0.0], np.zeros(n + 1), np.full(n + 1, INF),
        maximize=True,
    )  # fmt: skip
    made = Reduction(lp, np.append(np.zeros(n), 1).astype(bool), np.zeros(0, dtype=bool))
    assert len(made.rows) == n + 1
    assert not made.steps


def test_a_row_that_is_left_empty_and_cannot_hold_stays() -> None:
    """Entries that are 0 are none; the program that is left is asked whether the side is met."""
    a_eq = csr_array(([0.0, 1.0], ([0, 1], [0, 1])), shape=(2, 2))
    lp = LinearProgram(
        [1.0, 1.0], [[1.0, 1.0]], [4.0], a_eq, [3.0, 1.0], np.zeros(2), np.full(2, INF),
        maximize=True,
    )  # fmt: skip
    made = Reduction(lp, np.zeros(3, dtype=bool), np.zeros(0, dtype=bool))
    assert made.rows[1] == {}
