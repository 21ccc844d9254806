"""The independent check of linear programs accepts right answers and refuses wrong ones."""

from dataclasses import replace

import numpy as np
import pytest

from supplynet.solve.certificate import certify_linear
from supplynet.solve.linear import LinearProgram, solve_linear

# Largest 3 x + 2 y + z with x + y + z <= 4, y - z == 1, x <= 2: x = 2, y = 1.5, z = 0.5.
PROGRAM = LinearProgram(
    [3.0, 2.0, 1.0], [[1.0, 1.0, 1.0]], [4.0], [[0.0, 1.0, -1.0]], [1.0],
    lower=[0.0, 0.0, -np.inf], upper=[2.0, np.inf, np.inf], maximize=True,
)  # fmt: skip
SOLUTION = solve_linear(PROGRAM)


def random_program(rng, *, maximize):
    """A program with a feasible point and bounds of all kinds."""
    n = int(rng.integers(2, 8))
    inside = rng.uniform(-2, 2, n)
    a_ub, a_eq = rng.normal(size=(n, n)), rng.normal(size=(1, n))
    return LinearProgram(
        rng.normal(size=n), a_ub, a_ub @ inside + rng.uniform(0, 1, n), a_eq, a_eq @ inside,
        inside - rng.uniform(0, 3, n), inside + rng.uniform(0, 3, n), maximize=maximize,
    )  # fmt: skip


@pytest.mark.parametrize("maximize", [False, True])
@pytest.mark.parametrize("seed", range(20))
def test_right_answers_are_certified(seed, maximize):
    lp = random_program(np.random.default_rng([17, seed]), maximize=maximize)
    certificate = certify_linear(lp, solve_linear(lp))
    assert certificate.ok, str(certificate)
    assert certificate.gap <= 1e-8


def test_programs_without_rows_are_certified():
    lp = LinearProgram([1.0, -1.0], None, None, None, None, [0.0, 0.0], [1.0, 1.0])
    assert certify_linear(lp, solve_linear(lp)).ok


def test_the_solution_that_is_corrupted_below_is_right():
    assert SOLUTION.x.tolist() == pytest.approx([2.0, 1.5, 0.5])
    assert certify_linear(PROGRAM, SOLUTION).ok


def moved(*x):
    """The solution at another point, with that point's objective."""
    return replace(SOLUTION, x=np.array(x), objective=float(PROGRAM.c @ np.array(x)))


CORRUPTIONS = {
    "x of the wrong length": (replace(SOLUTION, x=SOLUTION.x[1:]), "shapes"),
    "duals of the wrong length": (replace(SOLUTION, dual_ub=np.zeros(2)), "shapes"),
    "x not a number": (moved(np.nan, 1.5, 0.5), "finite"),
    "objective infinite": (replace(SOLUTION, objective=np.inf), "finite"),
    "inequality broken": (moved(2.0, 2.5, 1.5), "rows-ub"),
    "equality broken": (moved(2.0, 1.5, 0.0), "rows-eq"),
    "bound broken": (moved(3.0, 1.0, 0.0), "bounds"),
    "objective other than c x": (replace(SOLUTION, objective=9.6), "objective"),
    "not the best point": (moved(1.0, 2.0, 1.0), "slackness-bounds"),
    "row not used up": (moved(2.0, 1.0, 0.0), "slackness-ub"),
    "objective short of its bound": (moved(2.0, 1.0, 0.0), "gap"),
    "dual of the wrong sign": (replace(SOLUTION, dual_ub=-SOLUTION.dual_ub), "dual-signs"),
    "duals that leave a free variable unpaid": (
        replace(SOLUTION, dual_eq=SOLUTION.dual_eq + 1.0),
        "dual-rows",
    ),
    "reduced costs invented": (
        replace(SOLUTION, reduced_costs=SOLUTION.reduced_costs + 1.0),
        "reduced-costs",
    ),
}


@pytest.mark.parametrize(("corrupted", "name"), CORRUPTIONS.values(), ids=CORRUPTIONS.keys())
def test_every_corruption_is_refused_by_the_check_that_names_it(corrupted, name):
    certificate = certify_linear(PROGRAM, corrupted)
    assert not certificate.ok
    assert name in [check.name for check in certificate.checks if not check.is_ok]
