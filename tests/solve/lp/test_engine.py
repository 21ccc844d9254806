"""The kept program finds what a fresh solve finds, whatever was changed before, or says why not."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import highspy
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from supplynet.errors import (
    InfeasibleError,
    InterruptedSolveError,
    SolverError,
    SolverInputError,
    UnboundedError,
)
from supplynet.solve.check import Certificate
from supplynet.solve.lp import engine as module
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import maximum, minimum

Status = highspy.HighsModelStatus


def wide(
    rng: np.random.Generator, n: int, n_rows: int, limit: float | None = None
) -> LinearProgram:
    """Rows that share out what brings one to two; their limits are drawn unless told."""
    worth, rows = rng.uniform(1, 2, n), rng.uniform(0, 1, (n_rows, n))
    most = rng.uniform(40, 60, n_rows) if limit is None else np.full(n_rows, limit)
    return maximum(worth, rows, most)


def random_program(seed: int) -> LinearProgram:
    """A program of small whole numbers, degenerate as a rule; most have an optimum."""
    rng = np.random.default_rng(seed)
    n, n_ub, n_eq = int(rng.integers(1, 9)), int(rng.integers(0, 7)), int(rng.integers(0, 3))
    inside = rng.integers(-3, 4, n).astype(float)
    a_ub, a_eq = rng.integers(-2, 3, (n_ub, n)), rng.integers(-2, 3, (n_eq, n))
    slack = rng.integers(-1 if rng.random() < 0.2 else 0, 3, n_ub)
    lower = np.where(rng.random(n) < 0.2, -np.inf, inside - rng.integers(0, 3, n))
    upper = np.where(rng.random(n) < 0.2, np.inf, inside + rng.integers(0, 3, n))
    return LinearProgram(
        rng.integers(-3, 4, n).astype(float), a_ub, a_ub @ inside + slack, a_eq, a_eq @ inside,
        lower, upper, maximize=bool(rng.integers(2)),
    )  # fmt: skip


def outcome(solve: Any, lp: LinearProgram) -> float | str:
    """The certified optimum, or the name of the error."""
    try:
        solution = solve()
    except SolverError as error:
        return type(error).__name__
    certificate = certify_linear(lp, solution)
    assert certificate.ok, str(certificate)
    return float(solution.objective)


def same(one: float | str, other: float | str) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return abs(one - other) <= 1e-7 * max(1.0, abs(one))


def scipys(lp: LinearProgram) -> float | str:
    """The optimum of another build of the solver, or the name of the error."""
    sign = -1.0 if lp.maximize else 1.0
    parts = {"A_ub": lp.a_ub, "b_ub": lp.b_ub, "A_eq": lp.a_eq, "b_eq": lp.b_eq}
    solved = linprog(sign * lp.c, **parts, bounds=np.stack([lp.lower, lp.upper], axis=1))
    if solved.status == 0:
        return sign * float(solved.fun)
    feasible = linprog(0.0 * lp.c, **parts, bounds=np.stack([lp.lower, lp.upper], axis=1))
    return (InfeasibleError if feasible.status else UnboundedError).__name__


@given(st.integers(0, 2**32), st.sampled_from(["ipm", "simplex"]), st.booleans())
def test_the_engine_finds_what_scipy_finds(seed: int, first: str, is_scaled: bool) -> None:
    lp = random_program(seed)
    engine = LinearEngine(lp, first=first, is_scaled=is_scaled)
    assert same(outcome(engine.solve, lp), scipys(lp))


@given(st.integers(0, 2**32), st.data())
def test_from_a_basis_it_finds_what_a_fresh_solve_finds(seed: int, data: st.DataObject) -> None:
    """Bounds, right sides and costs are changed one after the other, then all are restored."""
    lp = random_program(seed)
    engine = LinearEngine(lp)
    before = outcome(engine.solve, lp)
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    for _ in range(data.draw(st.integers(1, 4))):
        kind = data.draw(st.sampled_from(["bound", "ub", "eq", "cost"]))
        if kind == "bound":
            columns = rng.choice(lp.c.size, int(rng.integers(1, lp.c.size + 1)), replace=False)
            value = rng.integers(-2, 3, columns.size).astype(float)
            engine.bound(columns, value, value + rng.integers(0, 2))
        elif kind == "ub":
            engine.right_side(b_ub=lp.b_ub + rng.integers(-1, 3, lp.b_ub.size))
        elif kind == "eq":
            engine.right_side(b_eq=lp.b_eq + rng.integers(-1, 2, lp.b_eq.size))
        else:
            engine.objective(rng.integers(-3, 4, lp.c.size).astype(float))
        changed = engine.lp
        assert same(outcome(engine.solve, changed), outcome(lambda: solve_linear(changed), changed))  # noqa: B023
    engine.restore()
    assert engine.lp is lp
    assert same(outcome(engine.solve, lp), before)


@pytest.mark.parametrize("seed", range(20))
def test_going_on_from_the_last_basis_finds_what_a_fresh_solve_finds(seed: int) -> None:
    lp = random_program(seed)
    engine = LinearEngine(lp)
    engine.go_on()  # nothing was solved yet
    for column in range(lp.c.size):
        outcome(engine.solve, engine.lp)
        engine.bound([column], 0.0, 1.0)
        engine.go_on()
        fresh = outcome(lambda lp=engine.lp: solve_linear(lp), engine.lp)
        assert same(outcome(engine.solve, engine.lp), fresh)


def test_restoring_restores_the_very_solution() -> None:
    """The same basis to start from, and one thread: no trace of what came between."""
    lp = wide(np.random.default_rng(3), 40, 30, 10.0)
    engine = LinearEngine(lp)
    first = engine.solve()
    engine.bound([0], 0.0, 0.0)
    engine.restore()
    warm = engine.solve()
    assert warm.x == pytest.approx(first.x)
    engine.bound(np.flatnonzero(warm.x > 0), 0.0, 0.0)
    engine.right_side(b_ub=lp.b_ub * 2.0)
    engine.objective(-lp.c)
    assert engine.solve().objective != pytest.approx(warm.objective)
    engine.restore()
    again = engine.solve()
    assert again.x.tolist() == warm.x.tolist()
    assert again.dual_ub.tolist() == warm.dual_ub.tolist()


@pytest.mark.parametrize("again", ["dual", "primal"])
def test_it_goes_on_from_the_last_basis_by_either_method_once_told_to(again: str) -> None:
    rng = np.random.default_rng(7)
    lp = wide(rng, 40, 30, 10.0)
    engine = LinearEngine(lp, again=again)
    engine.solve()
    other = replace(lp, c=lp.c[::-1].copy(), b_ub=rng.uniform(1, 10, 30))
    with pytest.raises(SolverInputError, match="again must be one of dual, primal"):
        LinearEngine(lp, again="sideways")
    engine.figures(other)
    far = engine.solve()
    assert far.n_iterations > 0
    assert far.objective == pytest.approx(solve_linear(other).objective)
    engine.go_on()
    engine.figures(other)
    near = engine.solve()
    assert (near.n_iterations, near.objective) == (0, pytest.approx(far.objective))


def test_it_starts_at_a_basis_and_at_its_first_again() -> None:
    lp = wide(np.random.default_rng(7), 200, 150)
    engine = LinearEngine(lp, first="simplex")
    first = engine.solve()
    engine.figures(replace(lp, b_ub=lp.b_ub * np.linspace(0.8, 1.2, lp.b_ub.size)))
    far = engine.solve()
    engine.start_at(engine.basis)
    assert engine.solve().n_iterations == 0 < far.n_iterations
    engine.figures(lp)
    engine.start_at(None)
    again = engine.solve()
    assert (again.n_iterations, again.objective) == (0, pytest.approx(first.objective))


def test_a_small_change_takes_few_steps_from_the_basis() -> None:
    lp = wide(np.random.default_rng(5), 200, 150)
    engine = LinearEngine(lp, first="simplex")
    base = engine.solve()
    n_cold = base.n_iterations
    engine.bound(np.argmax(base.x), 0.0, 0.0)
    warm = engine.solve()
    assert 0 < warm.n_iterations < n_cold / 3
    assert certify_linear(engine.lp, warm).ok


BOX = minimum([1.0, 1.0], [[1.0, 2.0]], [4.0], [[1.0, -1.0]], [1.0], upper=9.0)


@pytest.mark.parametrize("row", [0, 1, 2])
def test_a_right_side_is_that_of_its_own_equality(row: int) -> None:
    """Behind the inequalities, which limit another variable, each in its place."""
    limits = [[0.0, 0.0, 0.0, 1.0]] * 2
    lp = minimum(np.ones(4), limits, [8.0, 9.0], np.eye(3, 4), [1.0, 2.0, 3.0], upper=9.0)
    engine = LinearEngine(lp)
    engine.solve()
    sides = np.array(lp.b_eq)
    sides[row] = 7.0
    engine.right_side(b_eq=sides)
    assert engine.solve().x == pytest.approx([*sides, 0.0])


def test_a_basis_tells_which_rows_hold_with_equality() -> None:
    """Of two rows the first does: the vertex comes from it, whatever the figures were."""
    lp = maximum([1.0, 0.0], [[3.0, 1.0], [1.0, 1.0]], [1.0, 5.0], upper=9.0)
    engine = LinearEngine(lp)
    rough = replace(engine.solve(), x=np.array([0.3, 0.1]))
    assert engine.refined(rough).x == pytest.approx([1.0 / 3.0, 0.0], rel=1e-15)


def test_what_is_not_there_cannot_be_changed() -> None:
    engine = LinearEngine(BOX)
    for columns in ([2], [-1]):
        with pytest.raises(SolverInputError, match="variables lie between 0 and 1"):
            engine.bound(columns, 0.0, 0.0)
    with pytest.raises(SolverInputError, match="its right side"):
        engine.right_side(b_ub=np.zeros(2))
    with pytest.raises(SolverInputError, match="first must be one of simplex, ipm"):
        LinearEngine(BOX, first="pdlp")
    engine.bound([], [], [])
    assert engine.solve().objective == pytest.approx(1.0)


def test_arrays_that_highs_refuses() -> None:
    with pytest.raises(SolverInputError, match="HiGHS refuses"):
        LinearEngine(replace(BOX, lower=[np.inf, 0.0]))  # type: ignore[arg-type]


def test_a_time_limit_of_nothing_interrupts() -> None:
    lp = wide(np.random.default_rng(0), 300, 300, 50.0)
    with pytest.raises(InterruptedSolveError, match="limit"):
        LinearEngine(lp, time_limit=1e-9).solve()


def test_a_time_limit_is_that_of_each_solve() -> None:
    """HiGHS counts all runs of a model together."""
    engine = LinearEngine(BOX, time_limit=5.0)
    limits = []
    for _ in range(3):
        engine.solve()
        limits.append(engine._highs.getOptionValue("time_limit")[1] - engine._highs.getRunTime())
    assert all(4.0 < limit <= 5.0 for limit in limits)


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        (Status.kTimeLimit, None, InterruptedSolveError),
        (Status.kUnknown, Status.kTimeLimit, InterruptedSolveError),
        (Status.kInfeasible, Status.kUnbounded, SolverError),  # its variables have an end
        (Status.kSolveError, Status.kUnknown, SolverError),
    ],
)
def test_every_way_to_fail_has_its_error(
    monkeypatch: pytest.MonkeyPatch, first: Any, second: Any, error: type[Exception]
) -> None:
    """A first failure is tried again from nothing, then in the figures as they are."""
    codes = iter([first, second])
    monkeypatch.setattr(LinearEngine, "_run", lambda *_, **__: next(codes, second))
    with pytest.raises(error) as caught:
        LinearEngine(BOX).solve()
    assert caught.type is error


@pytest.mark.parametrize("first", ["ipm", "simplex"])
@pytest.mark.parametrize("told", [Status.kInfeasible, Status.kUnbounded])
def test_what_presolve_misjudges_is_solved_without(
    monkeypatch: pytest.MonkeyPatch, first: str, told: Any
) -> None:
    run = LinearEngine._run

    def misled(self: LinearEngine, *words: Any, presolve: str = "choose") -> Any:
        status = run(self, *words, presolve=presolve)
        return status if presolve == "off" else told

    expected = LinearEngine(BOX).solve().objective
    monkeypatch.setattr(LinearEngine, "_run", misled)
    assert LinearEngine(BOX, first=first).solve().objective == pytest.approx(expected)


def test_what_is_called_unbounded_once_scaled_is_solved_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And kept only with its certificate: in figures of any size it may be the other way about."""
    run, expected = LinearEngine._run, LinearEngine(BOX).solve()

    def misled(self: LinearEngine, *words: Any, **options: Any) -> Any:
        status = run(self, *words, **options)
        return Status.kUnbounded if self._is_scaled else status

    monkeypatch.setattr(LinearEngine, "_run", misled)
    engine = LinearEngine(BOX)
    solution = engine.solve()
    assert solution.objective == pytest.approx(expected.objective)
    assert solution.dual_ub == pytest.approx(expected.dual_ub)
    assert engine.refined(solution) is solution
    monkeypatch.setattr(module, "certify_linear", lambda *_: Certificate(()))
    with pytest.raises(SolverError, match="Unbounded, which nothing proves") as caught:
        engine.solve()
    assert caught.type is SolverError


def test_what_is_not_judged_takes_no_further_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has another program to ask waits for the two tries alone, also once it travelled."""
    tries: list[str] = []

    def misled(_: LinearEngine, method: str, *_words: Any, **_options: Any) -> Any:
        tries.append(method)
        return Status.kInfeasible

    monkeypatch.setattr(LinearEngine, "_run", misled)
    engine = copy.copy(LinearEngine(BOX, is_judged=False))
    with pytest.raises(InfeasibleError):
        engine.solve()
    assert tries == ["simplex", "simplex"]


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(("gain", "is_gain"), [(5e-7, False), (2e-6, True)])
def test_a_gain_is_more_than_a_millionth_of_the_largest_cost(
    sign: float, gain: float, is_gain: bool
) -> None:
    """Of a variable without an end, and one that must be 0, the larger cost."""
    costs, ends = [sign * gain, -sign], [np.inf, 0.0]
    lp = LinearProgram(costs, None, None, None, None, [0.0, 0.0], ends, maximize=sign > 0.0)
    assert LinearEngine(lp, is_scaled=False)._has_no_end() == is_gain


@pytest.mark.parametrize("told", [Status.kUnboundedOrInfeasible, Status.kInfeasible])
@pytest.mark.parametrize(
    ("row", "most", "error"),
    [
        ([1.0, -2.0], 4.0, UnboundedError),
        ([1.0, 2.0], -9.0, InfeasibleError),
        ([1.0, 2.0], 4.0, SolverError),  # it is neither
    ],
)
def test_unbounded_or_infeasible_is_told_apart(
    monkeypatch: pytest.MonkeyPatch,
    told: Any,
    row: list[float],
    most: float,
    error: type[Exception],
) -> None:
    """HiGHS may say that it is one of the two, or the wrong one.

    A free objective states whether there is a solution, and a direction whether one has no end.
    """
    run = LinearEngine._run

    def misled(self: LinearEngine, *words: Any, **options: Any) -> Any:
        return told if self.lp.c.any() and self.lp.b_ub.any() else run(self, *words, **options)

    monkeypatch.setattr(LinearEngine, "_run", misled)
    lp = maximum([1.0, 1.0], [row], [most], [[1.0, -1.0]], [1.0])
    with pytest.raises(error) as caught:
        LinearEngine(lp).solve()
    assert caught.type is error


def test_nothing_is_printed_and_nothing_loaded_before_it_is_needed() -> None:
    """A banner on standard output would spoil what a program prints."""
    code = (
        "import sys, supplynet.solve.lp.engine as e, supplynet.solve.lp.solve as l\n"
        "assert 'highspy' not in sys.modules\n"
        "lp = l.LinearProgram([1.0], None, None, None, None, [0.0], [2.0], maximize=True)\n"
        "assert e.LinearEngine(lp).solve().objective == 2.0\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize("again", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_an_engine_travels_with_its_changes(again: Callable[[LinearEngine], LinearEngine]) -> None:
    lp = maximum([3.0, 2.0], [[1.0, 1.0]], [4.0], upper=[3.0, 9.0])
    engine = LinearEngine(lp, first="simplex", tolerance=1e-9)
    engine.bound([0], 0.0, 1.0)
    engine.right_side(b_ub=np.array([5.0]))
    engine.objective(np.array([4.0, 2.0]))
    assert engine.solve().objective == pytest.approx(12.0)
    there = again(engine)
    assert certify_linear(there.lp, engine.solve()).ok
    assert there.solve().objective == pytest.approx(12.0)
    there.restore()
    assert there.solve().objective == pytest.approx(11.0)
    assert engine.solve().objective == pytest.approx(12.0)


def test_going_on_from_the_last_basis_ends_at_the_same_best() -> None:
    lp = maximum([3.0, 2.0], [[1.0, 1.0]], [4.0], upper=[3.0, 9.0])
    engine = LinearEngine(lp)
    engine.solve()
    for most in (2.0, 7.0, 1.0, 4.0):
        engine.right_side(b_ub=np.array([most]))
        first = engine.solve()
        engine.right_side(b_ub=np.array([most + 0.5]))
        engine.go_on(once=True)
        engine.solve()
        engine.right_side(b_ub=np.array([most]))
        engine.go_on(once=True)
        assert engine.solve().objective == first.objective


def test_one_who_does_without_takes_the_first_word_that_there_is_no_solution() -> None:
    """Presolve alone states most of them; a solve that doubts it may take a minute."""
    runs = []
    for is_tried in (False, True):
        lp = minimum([1.0], [[1.0], [-1.0]], [1.0, -2.0], upper=[9.0])
        engine = LinearEngine(lp, is_judged=False)
        engine.is_tried = is_tried
        own, n_runs = engine._run, []
        engine._run = lambda *way, own=own, n_runs=n_runs, **words: (  # type: ignore[method-assign]
            n_runs.append(way) or own(*way, **words)
        )
        with pytest.raises(InfeasibleError):
            engine.solve()
        runs.append(len(n_runs))
    assert runs == [2, 1]
