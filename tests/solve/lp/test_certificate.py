"""The independent check of linear programs accepts right answers and refuses wrong ones."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from supplynet.solve.lp.certificate import certify_alike, certify_linear, implied_limits
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import maximum, minimum

# Largest 3 x + 2 y + z with x + y + z <= 4, y - z == 1, x <= 2: x = 2, y = 1.5, z = 0.5.
PROGRAM = maximum(
    [3.0, 2.0, 1.0],
    [[1.0, 1.0, 1.0]],
    [4.0],
    [[0.0, 1.0, -1.0]],
    [1.0],
    lower=[0.0, 0.0, -np.inf],
    upper=[2.0, np.inf, np.inf],
)
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


def test_many_at_once_are_checked_as_each_by_itself():
    """Right and wrong, largest and smallest, with and without an entry: to the last digit."""
    with_zero = csr_array((np.array([1.0, 0.0, 1.0]), ([0, 0, 0], [0, 1, 2])), shape=(1, 3))
    fewer = replace(PROGRAM, a_ub=with_zero)
    least = replace(PROGRAM, maximize=False, lower=np.zeros(3))
    pairs = [(PROGRAM, corrupted) for corrupted, _ in CORRUPTIONS.values()]
    pairs += [(lp, solve_linear(lp)) for lp in (fewer, least)] + [in_tonnes(1e12)]
    together = certify_alike(*zip(*pairs, strict=True))
    assert together == [certify_linear(*pair) for pair in pairs]
    assert [certificate.ok for certificate in together[-4:]] == [False, True, True, True]


SIZES = [1e-9, 1e-3, 1.0, 1e3, 1e12]


def in_tonnes(size):
    """The program with its right sides and bounds, and its solution, times a size."""
    lp = replace(
        PROGRAM, b_ub=PROGRAM.b_ub * size, b_eq=PROGRAM.b_eq * size,
        lower=PROGRAM.lower * size, upper=PROGRAM.upper * size,
    )  # fmt: skip
    return lp, replace(SOLUTION, x=SOLUTION.x * size, objective=SOLUTION.objective * size)


@pytest.mark.parametrize("size", SIZES)
def test_the_same_answer_is_accepted_in_any_units(size):
    assert certify_linear(*in_tonnes(size)).ok


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["not the best point", "inequality broken", "bound broken"])
def test_the_same_corruption_is_refused_in_any_units(size, name):
    wrong, check = CORRUPTIONS[name]
    lp, _ = in_tonnes(size)
    certificate = certify_linear(
        lp, replace(wrong, x=wrong.x * size, objective=wrong.objective * size)
    )
    assert check in [one.name for one in certificate.checks if not one.is_ok]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("share", [1e-4, 1e-5])
def test_a_small_part_of_the_answer_is_missed_in_any_units(size, share):
    """0.01 % less than the best is refused, though it be a microgram or a billion tonnes."""
    lp, solution = in_tonnes(size)
    x = solution.x - np.array([0.0, 1.0, 1.0]) * share * size
    short = replace(solution, x=x, objective=float(lp.c @ x))
    assert not certify_linear(lp, short).ok


def test_a_dual_that_is_off_counts_with_the_tonnes_behind_it():
    """Largest t, t <= x / demand, x <= 0.9 demand: 0.9. A dual that is a hair off hides 0.2."""
    demand = 1e8
    lp = maximum(
        [1.0, 0.0], [[1.0, -1.0 / demand], [0.0, 1.0]], [0.0, 0.9 * demand], upper=[1.0, np.inf]
    )
    best = solve_linear(lp)
    assert best.objective == pytest.approx(0.9)
    assert certify_linear(lp, best).ok
    claim = replace(
        best, x=np.array([0.7, 0.7 * demand]), objective=0.7, dual_ub=np.array([1.0, 0.0]),
        reduced_costs=np.array([0.0, 1.0 / demand]),
    )  # fmt: skip
    assert failed(lp, claim) == {"dual-rows", "gap"}


def test_rounding_where_nothing_can_be_is_no_violation():
    """x can only be 0, and stands at a speck below; y is 5."""
    lp = maximum([1.0, 1.0], [[1.0, 0.0], [0.0, 1.0]], [0.0, 5.0])
    found = solve_linear(lp)
    for speck in (-1e-18, 1e-18):
        x = np.array([speck, 5.0])
        assert certify_linear(lp, replace(found, x=x, objective=float(lp.c @ x))).ok
    cone = replace(lp, b_ub=np.zeros(2))
    x = np.array([-1e-18, 1e-19])
    nothing = replace(solve_linear(cone), x=x, objective=float(cone.c @ x))
    assert certify_linear(cone, nothing).ok


def test_limits_pass_along_a_chain_as_far_as_the_steps_go() -> None:
    """x0 <= 5 and each variable at most the one before; beyond the last step no limit is known."""
    n = 40
    rows = np.eye(n) - np.eye(n, k=-1)
    program = minimum(np.zeros(n), rows, np.r_[5.0, np.zeros(n - 1)])
    limits = implied_limits(program)
    is_known = np.isfinite(limits)
    assert 20 < is_known.sum() < n
    assert is_known.tolist() == sorted(is_known.tolist(), reverse=True)
    assert (limits[is_known] == 5.0).all()


@pytest.mark.parametrize("penalty", [10.0**power for power in range(2, 19)])
@pytest.mark.parametrize("most", [5.0, np.inf])
def test_one_cost_far_above_all_others_hides_nothing(penalty, most):
    """5 t cost 1 or 3 a tonne, or a penalty: at 3 a tonne they are not cheapest, and 20 > 5."""
    lp = minimum([1.0, 3.0, penalty], [[-1.0, -1.0, -1.0]], [-5.0], upper=most)
    best = LinearSolution(
        np.array([5.0, 0.0, 0.0]), 5.0, np.array([-1.0]), np.zeros(0), np.r_[0.0, 2.0, penalty - 1],
        0,
    )  # fmt: skip
    assert certify_linear(lp, best).ok
    dear = replace(best, x=np.array([0.0, 5.0, 0.0]), objective=15.0)
    paid = replace(dear, dual_ub=np.array([-3.0]), reduced_costs=np.r_[-2.0, 0.0, penalty - 3])
    for wrong in (dear, paid):
        assert failed(lp, wrong) & {"gap", "dual-rows", "slackness-bounds"}


@pytest.mark.parametrize("amount", [10.0**power for power in range(-8, 19)])
def test_any_amount_on_an_answer_is_seen(amount):
    """More, less, another dual or reduced cost, by an amount from 1e-8 of the answer upwards."""
    wrong = [
        replace(SOLUTION, objective=SOLUTION.objective * (1.0 + 2.0 * amount)),
        replace(SOLUTION, x=SOLUTION.x * (1.0 + 20.0 * amount)),
        replace(SOLUTION, dual_ub=SOLUTION.dual_ub * (1.0 + 20.0 * amount)),
        replace(SOLUTION, dual_eq=SOLUTION.dual_eq - 20.0 * amount),
        replace(SOLUTION, reduced_costs=SOLUTION.reduced_costs + 20.0 * amount),
    ]
    for corrupted in wrong:
        assert not certify_linear(PROGRAM, corrupted).ok


def test_large_duals_that_cancel_hide_no_wrong_sign():
    """One balance told twice: 1e18 and -1e18 leave a free variable unpaid by 28."""
    lp = minimum([100.0, 128.0], a_eq=[[1.0, 1.0], [1.0, 1.0]], b_eq=[1.0, 1.0])
    duals = np.array([1e18 + 128.0, -1e18])
    claim = LinearSolution(
        np.array([0.0, 1.0]), 128.0, np.zeros(0), duals, np.array([-28.0, 0.0]), 0
    )
    assert failed(lp, claim) == {"dual-rows"}


def test_a_share_of_next_to_nothing_is_measured_against_the_whole() -> None:
    """1 t of 1,000,000 t, by duals that leave half a tonne open: 5e-7 of all, and half of that."""
    most = 1e6
    lp = maximum([1.0, 0.0], a_eq=[[1.0, 1.0]], b_eq=[most], upper=[1.0, np.inf])
    best = solve_linear(lp)
    off = 5e-7
    loose = replace(
        best, dual_eq=best.dual_eq - off, reduced_costs=best.reduced_costs + np.array([off, off])
    )
    wide = {"tolerance": 1e-6, "whole": most}
    assert "dual-rows" in failed(lp, loose, tolerance=1e-6)
    assert failed(lp, loose, **wide) <= {"gap"}
    wrong = replace(best, dual_eq=best.dual_eq - 1e-3)
    assert not certify_linear(lp, wrong, **wide).ok


def failed(lp, solution, **words):
    """Names of the checks that refuse a solution."""
    return {check.name for check in certify_linear(lp, solution, **words).checks if not check.is_ok}


def solution_of(x, objective, dual_ub=(), dual_eq=(), reduced=()):
    parts = (np.array(part, dtype=float) for part in (x, dual_ub, dual_eq, reduced))
    x, dual_ub, dual_eq, reduced = parts
    return LinearSolution(x, objective, dual_ub, dual_eq, reduced, 0)


@pytest.mark.parametrize("part", ["x", "dual_ub", "dual_eq", "reduced_costs"])
def test_one_part_that_is_no_number_is_told_though_all_others_are(part):
    wrong = getattr(SOLUTION, part).copy()
    wrong[0] = np.nan
    assert failed(PROGRAM, replace(SOLUTION, **{part: wrong})) == {"finite"}


def test_limits_of_rows_rescue_what_the_size_of_amounts_refuses():
    """A billionth of z goes into a row of 1 t, so 1e9 t might; a row of its own lets it be 1 t."""
    lp = maximum([1e-9 + 1e-12, 1.0], [[1.0, 0.0]], [1.0], [[1e-9, 1.0]], [1.0])
    nearly = solution_of([0.0, 1.0], 1.0, [0.0], [1.0], [1e-12, 0.0])
    assert failed(lp, nearly) == set()
    open_ended = replace(lp, b_ub=np.array([1e9]))
    assert "dual-rows" in failed(open_ended, nearly)


def test_limits_follow_from_what_other_variables_take_at_least():
    """2 x + 3 y <= 12 with y >= 1 leaves 4.5; an entry of 0 leaves its row as it is."""
    free = [np.inf, np.inf]
    lp = LinearProgram([0.0, 0.0], [[2.0, 3.0]], [12.0], None, None, [0.0, 1.0], free)
    assert implied_limits(lp).tolist() == [4.5, 4.0]
    zero = csr_array((np.array([2.0, 0.0]), ([0, 0], [0, 1])), shape=(1, 2))
    empty = replace(lp, a_ub=zero, b_ub=np.zeros(1), lower=np.zeros(2))
    assert implied_limits(empty).tolist() == [0.0, np.inf]


def test_without_costs_every_point_is_best_and_worth_nothing():
    lp = minimum([0.0], upper=[1.0])
    nothing = solution_of([0.5], 0.0, reduced=[0.0])
    assert failed(lp, nothing) == set()
    assert failed(lp, replace(nothing, objective=1e-9)) >= {"objective"}


@pytest.mark.parametrize("size", SIZES)
def test_a_billionth_of_what_could_be_is_no_best_of_nothing(size):
    """x may be 1e-9 of its bound: none of it is not the most, in any units."""
    lp = maximum([1.0], [[1.0]], [1e-9 * size], upper=[size])
    none = solution_of([0.0], 0.0, [1.0], reduced=[0.0])
    assert "gap" in failed(lp, none)


def test_a_speck_of_the_only_thing_that_counts_is_rounding():
    """x can only be 0 and y costs nothing: 1e-18 of 5 is rounding, 2e-15 is not."""
    lp = maximum([1.0, 0.0], [[1.0, 0.0], [0.0, 1.0]], [0.0, 5.0])
    for speck, is_ok in ((1e-18, True), (2e-15, False)):
        found = solution_of([-speck, 5.0], -speck, [1.0, 0.0], reduced=[0.0, 0.0])
        assert ("bounds" not in failed(lp, found)) == is_ok
        assert certify_linear(lp, found).ok == is_ok


def test_rows_are_measured_against_what_could_come_to_them():
    """y <= x, where x could be 1 and is 0: 5e-13 too many are rounding, 5e-12 are not."""
    lp = minimum([1.0, 0.0], [[-1.0, 1.0]], [0.0], upper=[1.0, np.inf])
    for much, is_ok in ((5e-13, True), (5e-12, False)):
        found = solution_of([0.0, much], 0.0, [0.0], reduced=[1.0, 0.0])
        assert ("rows-ub" not in failed(lp, found)) == is_ok


def test_what_could_come_counts_three_rows_far():
    """Ten rows, each at most the one before: far from the only limit there is no size."""
    n = 10
    rows = np.eye(n, k=1)[: n - 1] - np.eye(n)[: n - 1]
    upper = np.r_[1.0, np.full(n - 1, np.inf)]
    lp = minimum(np.eye(n)[0], rows, np.zeros(n - 1), upper=upper)
    for at, is_ok in ((1, True), (n - 1, False)):
        found = solution_of(5e-13 * np.eye(n)[at], 0.0, np.zeros(n - 1), reduced=np.eye(n)[0])
        assert ("rows-ub" not in failed(lp, found)) == is_ok


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("kind", ["ub", "eq", "bound"])
def test_what_a_row_is_off_counts_as_what_it_is_worth(kind, size):
    """1 less 0.999999: where the answer is what remains, a billionth of a row is too much."""
    sides, eye = np.array([1.0, -0.999999]) * size, np.diag([1.0, -1.0])
    words = {"lower": [0.0, 0.0], "upper": [np.inf, np.inf]}
    ub = (eye, sides) if kind == "ub" else (None, None)
    eq = (eye, sides) if kind == "eq" else (None, None)
    if kind == "bound":
        words = {"lower": [0.0, 0.999999 * size], "upper": [size, np.inf]}
    lp = LinearProgram([1.0, -1.0], *ub, *eq, **words, maximize=True)
    x, ones = np.abs(sides), np.ones(2)
    duals = {} if kind == "bound" else {f"dual_{kind}": ones}
    reduced = [1.0, -1.0] if kind == "bound" else np.zeros(2)
    best = solution_of(x, float(lp.c @ x), **duals, reduced=reduced)
    assert failed(lp, best) == set()
    for which, worth in ((0, 1.0), (1, -1.0)):
        off = x.copy()
        off[which] += worth * 1e-9 * size
        assert "worth-of-rows" in failed(lp, replace(best, x=off, objective=float(lp.c @ off)))


@pytest.mark.parametrize("kind", ["ub", "eq"])
def test_what_sums_round_off_is_no_fault_of_duals_and_rows(kind):
    """0.1, 0.2 and -0.3 of 2e9 / 3 leave 3e-8 in floats: a free variable is paid for."""
    rows = np.array(
        [[0.1, -1.0, 0.0, 0.0, 0.0], [0.2, 0.0, -1.0, 0.0, 0.0], [-0.3, 0.0, 0.0, 1.0, 0.0]]
    )
    lower, upper = np.r_[-np.inf, 8.0, 16.0, 24.0, 1.0], np.r_[np.inf, 8.0, 16.0, 24.0, np.inf]
    y = np.full(3, -2e9 / 3)
    left = -float(rows[:, 0] @ y)
    assert 1e-9 < abs(left) < 1e-7
    given = [rows, np.zeros(3), None, None] if kind == "ub" else [None, None, rows, np.zeros(3)]
    duals = {"dual_ub" if kind == "ub" else "dual_eq": y}
    lp = LinearProgram([0.0, 0.0, 0.0, 0.0, 1.0], *given, lower, upper)
    paid = np.r_[0.0, y[0], y[1], -y[2], 1.0]
    found = solution_of([80.0, 8.0, 16.0, 24.0, 1.0], 1.0, **duals, reduced=paid)
    assert failed(lp, found) == set()


@pytest.mark.parametrize("price", [1.0, 1e-4])
def test_rounding_excuses_no_reduced_cost_of_what_would_serve_for_nothing(price):
    """One unit of what costs, or twenty million of what is free: also where costs are small."""
    lp = minimum([price, 0.0], [[-1.0, -5e-8]], [-1.0])
    found = solution_of([1.0, 0.0], price, dual_ub=[-price], reduced=[0.0, -price * 5e-8])
    assert "dual-rows" in failed(lp, found)
