"""What is tried where the check refuses a solution, and in which order."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.errors import InfeasibleError, InterruptedSolveError, SolverError, UnboundedError
from supplynet.solve.lp import solve as module
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.solve.lp.solve import CLOSE, proved, proved_again, solve_linear
from tests.solve.lp.programs import maximum, minimum
from tests.solve.lp.test_refine import off

BOX = maximum([3.0, 2.0], [[1.0, 1.0]], [4.0], upper=[3.0, 9.0])
BEST = 11.0


class Recorded:
    """Stands for the solver: its answers are off by a part, each by its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, parts: list[float | Exception]) -> None:
        self.parts = iter(parts)
        self.asked: list[dict[str, Any]] = []
        monkeypatch.setattr(module, "solve_linear", self)

    def __call__(self, lp: LinearProgram, **options: Any) -> LinearSolution:
        self.asked.append({key: value for key, value in options.items() if value is not None})
        part = next(self.parts)
        if isinstance(part, Exception):
            raise part
        return off(solve_linear(lp, **options), part)


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ([None], SolverError),  # it has a solution, which nobody came to the end of
        ([SolverError("no end"), None], SolverError),
        ([SolverError("no end"), InfeasibleError("none")], InfeasibleError),
        ([InfeasibleError("none")], InfeasibleError),
        ([SolverError("no end"), SolverError("no end")], SolverError),
    ],
)
def test_what_nobody_comes_to_an_end_of_may_have_no_solution(
    monkeypatch: pytest.MonkeyPatch, told: list[Exception | None], error: type[Exception]
) -> None:
    """It is asked without an objective, closer where that comes to no end either."""
    answers, solve = iter(told), LinearEngine.solve

    def without_aim(engine: LinearEngine) -> LinearSolution:
        if engine.lp.c.any():
            raise SolverError("no end")
        answer = next(answers)
        if answer is not None:
            raise answer
        return solve(engine)

    Recorded(monkeypatch, [SolverError("no end")] * 9)
    monkeypatch.setattr(LinearEngine, "solve", without_aim)
    with pytest.raises(error) as caught:
        proved(BOX)
    assert caught.type is error
    assert next(answers, "none left") == "none left"


def test_one_that_passes_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    solver = Recorded(monkeypatch, [0.0])
    solution, certificate = proved(BOX)
    assert (solution.objective, certificate.ok) == (BEST, True)
    assert solver.asked == [{"method": "simplex"}]
    assert proved(BOX, solution)[0] is solution
    assert len(solver.asked) == 1


def test_one_that_is_refused_is_solved_closer_and_then_to_all_digits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    solver = Recorded(monkeypatch, [1e-3, 0.0])
    assert proved(BOX, method="ipm", time_limit=9.0)[1].ok
    assert [asked.get("tolerance") for asked in solver.asked] == [None, CLOSE]
    assert all(asked["method"] == "ipm" for asked in solver.asked)
    solver = Recorded(monkeypatch, [1e-3, 1e-3])
    solution, certificate = proved(BOX)
    assert certificate.ok
    assert solution.objective == pytest.approx(BEST, rel=1e-12)


def test_one_at_hand_that_is_refused_is_solved_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    rough = off(proved(BOX)[0], 1e-3)
    solver = Recorded(monkeypatch, [0.0])
    assert proved(BOX, rough)[1].ok
    assert [asked.get("tolerance") for asked in solver.asked] == [CLOSE]


def test_a_close_solve_that_finds_no_room_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    Recorded(monkeypatch, [1e-3, InfeasibleError("no room")])
    assert proved(BOX)[1].ok
    Recorded(monkeypatch, [1e-3, InterruptedSolveError("no time")])
    with pytest.raises(InterruptedSolveError):
        proved(BOX)


def test_what_an_engine_fails_on_the_other_method_solves(monkeypatch: pytest.MonkeyPatch) -> None:
    error = SolverError("numbers")

    class Failing(LinearEngine):
        def refined(self, solution: LinearSolution) -> LinearSolution:
            raise error

    monkeypatch.setattr(module, "LinearEngine", Failing)
    solver = Recorded(monkeypatch, [1e-3, 1e-3, 0.0])
    assert proved(BOX)[1].ok
    assert [asked["method"] for asked in solver.asked] == ["simplex", "simplex", "ipm"]
    error = InterruptedSolveError("no time")
    Recorded(monkeypatch, [1e-3, 1e-3])
    with pytest.raises(InterruptedSolveError):
        proved(BOX)


def test_what_no_try_proves_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    Recorded(monkeypatch, [1e-3] * 8)
    monkeypatch.setattr(LinearEngine, "refined", lambda self, solution: off(solution, 3e-7))
    assert not proved(BOX)[1].ok
    assert proved(BOX, tolerance=1e-5)[1].checks[-1].name == "gap"


def test_a_method_that_fails_leaves_it_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = SolverError("status unknown")
    Recorded(monkeypatch, [failed, failed])
    assert proved(BOX)[0].objective == pytest.approx(BEST)
    Recorded(monkeypatch, [failed] * 4)
    monkeypatch.setattr(LinearEngine, "solve", lambda self: (_ for _ in ()).throw(failed))
    with pytest.raises(SolverError, match="unknown"):
        proved(BOX)


def test_the_first_try_says_what_is_wrong_with_a_program() -> None:
    free = maximum([1.0], upper=[float("inf")])
    with pytest.raises(UnboundedError):
        proved(free)


def test_a_warm_start_is_refined_and_then_solved_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    class Rough(LinearEngine):
        def solve(self) -> LinearSolution:
            return off(super().solve(), 1e-3)

    solver = Recorded(monkeypatch, [0.0])
    solution, certificate = proved_again(Rough(BOX))
    assert (certificate.ok, solver.asked) == (True, [])
    assert solution.objective == pytest.approx(BEST, rel=1e-12)
    monkeypatch.setattr(LinearEngine, "refined", lambda self, solution: solution)
    assert not proved_again(Rough(BOX), is_quick=True)[1].ok
    assert solver.asked == []
    assert proved_again(Rough(BOX))[1].ok
    assert len(solver.asked) == 1


@pytest.mark.parametrize(
    ("error", "is_passed_on"),
    [(InfeasibleError, True), (InterruptedSolveError, True), (SolverError, False)],
)
def test_a_warm_start_that_fails(error: type[SolverError], is_passed_on: bool) -> None:
    class Failing(LinearEngine):
        def solve(self) -> LinearSolution:
            raise error("failed")

    if is_passed_on:
        with pytest.raises(error):
            proved_again(Failing(BOX))
    else:
        assert proved_again(Failing(BOX))[0].objective == BEST
        with pytest.raises(error):
            proved_again(Failing(BOX), is_quick=True)


@pytest.mark.parametrize("demand", [3.0, 3.5])
def test_what_no_way_comes_to_an_end_of_is_infeasible_where_rows_must_be_broken(
    monkeypatch: pytest.MonkeyPatch, demand: float
) -> None:
    """HiGHS ended some as unknown whose rows cannot hold by half a tonne of three."""

    class Lost(LinearEngine):
        def solve(self) -> LinearSolution:
            if self.lp.c.any():
                return super().solve()
            raise SolverError("the solver failed: it ended as Unknown")

    monkeypatch.setattr(module, "LinearEngine", Lost)
    lp = minimum([1.0], [[-1.0]], [-demand], [[1.0]], [3.0], upper=[9.0])
    broken = pytest.approx(demand - 3.0, abs=1e-9)
    assert module._least_broken(lp, None) == broken
    if demand > 3.0:
        with pytest.raises(InfeasibleError):
            module._require_a_solution(lp, None)
    else:
        module._require_a_solution(lp, None)
