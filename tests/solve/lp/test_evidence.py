"""What others check of an optimum: kept where it holds by its own amounts, or solved closer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from supplynet import verify
from supplynet.analysis.proofs import Programs, packed
from supplynet.errors import InterruptedSolveError, SolverError
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.evidence import as_solved, evidence
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import maximum

INF = float("inf")


def routes() -> LinearProgram:
    """Two ways to a customer who takes 9 t: 5 t by the first plant, and what the second brings."""
    return maximum(
        [0.0, 0.0, 1.0],
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        [5.0, 3.0],
        [[1.0, 1.0, -1.0]],
        [0.0],
        upper=[INF, INF, 9.0],
    )


def faults(lp: LinearProgram, x: np.ndarray, duals: np.ndarray) -> list[str]:
    """What the stand-alone check says of a point and duals."""
    programs = Programs()
    programs.add("most", lp, (), x=x)
    told = programs.proof(())
    program = told["programs"][0] | {"is_largest": lp.maximize, "duals": packed(duals)}
    return verify.Program(told, program, {}).faults()


def off(lp: LinearProgram, x: float, dual: float) -> LinearSolution:
    """The optimum with its first variable and its first dual off by parts of them."""
    best = solve_linear(lp)
    point, duals = best.x.copy(), best.dual_ub.copy()
    point[0] *= 1.0 + x
    duals[0] *= 1.0 + dual
    return replace(best, x=point, dual_ub=duals)


def test_what_holds_is_kept() -> None:
    lp = routes()
    best = solve_linear(lp)
    shown = evidence(lp, best)
    assert shown.x is best.x
    assert shown.duals.tolist() == as_solved(lp, best).duals.tolist() == [1.0, 1.0, -1.0]


@pytest.mark.parametrize(("x", "dual"), [(1e-6, 0.0), (0.0, 1e-5), (1e-6, 1e-5)])
def test_what_is_off_is_solved_closer(x: float, dual: float) -> None:
    """Of a point that holds only the duals are exchanged."""
    lp = routes()
    solution = off(lp, x, dual)
    assert faults(lp, *as_solved(lp, solution)) != []
    shown = evidence(lp, solution)
    assert faults(lp, *shown) == []
    assert (shown.x is solution.x) == (x == 0.0)
    assert shown.x == pytest.approx([5.0, 3.0, 8.0])
    assert shown.duals == pytest.approx([1.0, 1.0, -1.0])


def test_where_steps_from_vertex_to_vertex_fail_inner_points_are_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A balance of the firm network ended as unknown by steps, and at once by inner points."""
    solve = LinearEngine.solve

    def without_steps(engine: LinearEngine) -> LinearSolution:
        if engine._first == "simplex":
            raise SolverError("it ended as Unknown, which nothing proves")
        return solve(engine)

    lp = routes()
    solution = off(lp, 1e-6, 1e-5)
    monkeypatch.setattr(LinearEngine, "solve", without_steps)
    assert faults(lp, *evidence(lp, solution)) == []


def test_what_cannot_be_solved_closer_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(engine: LinearEngine) -> LinearSolution:
        raise InterruptedSolveError("time is up")

    lp = routes()
    solution = off(lp, 0.0, 1e-5)
    monkeypatch.setattr(LinearEngine, "solve", interrupted)
    shown = evidence(lp, solution)
    assert (shown.x is solution.x, shown.duals.tolist()) == (
        True, as_solved(lp, solution).duals.tolist()
    )  # fmt: skip


def test_what_is_solved_closer_in_vain_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    lp = routes()
    solution = off(lp, 0.0, 1e-5)
    worse = off(lp, 0.0, 1e-4)
    monkeypatch.setattr(LinearEngine, "solve", lambda engine: worse)
    monkeypatch.setattr(LinearEngine, "refined", lambda engine, given: given)
    assert evidence(lp, solution).duals.tolist() == as_solved(lp, solution).duals.tolist()


def by_hand(c: list[float], x: list[float], duals: list[float], **rows: Any) -> Any:
    """A program of the largest objective, and what is reported of it."""
    given: dict[str, Any] = {"a_ub": None, "b_ub": None, "a_eq": None, "b_eq": None}
    given |= {"lower": [0.0] * len(c), "upper": [INF] * len(c)}
    lp = LinearProgram(c, **(given | rows), maximize=True)
    told, n = np.array(duals), lp.b_ub.size
    objective = float(lp.c @ np.array(x))
    return lp, LinearSolution(np.array(x), objective, told[:n], told[n:], lp.c, 0)


TENTHS = {"a_ub": [[1.0]] * 10, "b_ub": [0.0] * 10}
BESIDE = {"a_ub": [[100.0, 0.001, 0.0]], "b_ub": [0.0], "upper": [1.0, 1.0, 1e6]}
SAME = {"a_ub": [[1.0, -1.0]], "b_ub": [0.0], "upper": [1e6, 1e6]}
SMALL = {"a_ub": [[0.0, 1.0]], "b_ub": [1.0], "upper": [1e6, 9.0]}
FREE = {"a_ub": [[0.0, 1.0]], "b_ub": [1.0], "lower": [0.0, 0.0], "upper": [INF, INF]}


@pytest.mark.parametrize(
    ("words", "is_kept"),
    [
        # duals whose plain sum is not that of the exact one, whatever the size of costs
        (by_hand([1.0], [0.0], [0.1] * 10, **TENTHS), True),
        (by_hand([1000.0], [0.0], [100.0 * (1.0 + 2.0**-52)] * 10, **TENTHS), True),
        # dust beside a million tonnes
        (by_hand([0.0, 0.0, 1.0], [5e-7, 0.0, 1e6], [0.0], **BESIDE), True),
        (by_hand([0.0, 0.0, 1.0], [5e-6, 0.0, 1e6], [0.0], **BESIDE), False),
        # an equality from either side
        (by_hand([1.0], [3.0], [1.0], a_eq=[[1.0]], b_eq=[3.0]), True),
        (by_hand([1.0], [3.0 - 1e-6], [1.0], a_eq=[[1.0]], b_eq=[3.0]), False),
        (by_hand([1.0], [3.0 + 1e-6], [1.0], a_eq=[[1.0]], b_eq=[3.0]), False),
        # large amounts that cancel
        (by_hand([1.0, -1.0], [1e6, 1e6], [1.0 - 1e-10], **SAME), True),
        (by_hand([1.0, -1.0], [1e6, 1e6], [1.0 - 1e-9], **SAME), False),
        # the largest amount, or limit, where costs are next to nothing
        (by_hand([0.0, 0.01], [1e6, 1.0], [0.01 + 1e-8], **SMALL), True),
        (by_hand([0.0, 0.01], [1e6, 1.0], [0.01 + 1e-7], **SMALL), False),
        (by_hand([0.0, 0.01], [0.0, 1.0], [0.01 + 1e-8], **SMALL), True),
        (by_hand([0.0, 0.01], [1e6, 1.0], [0.01 + 1e-8], **FREE), True),
        (by_hand([0.0, 0.01], [0.0, 1.0], [0.01 + 1e-8], **FREE), False),
    ],
)
def test_what_is_kept_is_what_the_stand_alone_check_accepts(
    words: tuple[LinearProgram, LinearSolution], is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lp, solution = words
    asked = []

    def no_end(engine: LinearEngine) -> LinearSolution:
        asked.append(engine)
        raise SolverError("no end")

    monkeypatch.setattr(LinearEngine, "solve", no_end)
    shown = evidence(lp, solution)
    assert (not asked) == is_kept
    assert (faults(lp, *shown) == []) == is_kept


@pytest.mark.parametrize("seed", range(120))
def test_the_stand_alone_check_goes_by_the_same_rule(seed: int) -> None:
    """Any program, point and duals off by 1e-12 to 1e-4: kept if, and only if, the check passes."""
    rng = np.random.default_rng(seed)
    n, m = rng.integers(2, 9, 2)
    rows = rng.uniform(0.1, 3.0, (m, n)) * rng.choice([1.0, 1.0, 1.0, -1.0], (m, n))
    size = 10.0 ** rng.integers(-8, 9)
    lp = LinearProgram(
        c=rng.choice([-1.0, 1.0]) * rng.uniform(0.0, 2.0, n) * 10.0 ** rng.integers(-3, 4),
        a_ub=np.vstack([np.where(rng.random((m, n)) < 0.6, rows, 0.0), np.ones(n)]),
        b_ub=size * np.append(rng.uniform(1.0, 9.0, m), 7.0),
        a_eq=None,
        b_eq=None,
        lower=np.zeros(n),
        upper=np.where(rng.random(n) < 0.5, INF, 2.0 * size),
        maximize=bool(rng.random() < 0.7),
    )
    best = solve_linear(lp)
    part = 10.0 ** rng.uniform(-12.0, -4.0, 2)
    solution = replace(
        best,
        x=best.x * (1.0 + part[0] * rng.normal(size=n)),
        dual_ub=best.dual_ub * (1.0 + part[1] * rng.normal(size=m + 1)),
    )
    known = as_solved(lp, solution)
    shown = evidence(lp, solution)
    is_kept = shown.x is solution.x and shown.duals.tolist() == known.duals.tolist()
    assert is_kept == (faults(lp, *known) == [])
    assert faults(lp, *shown) == []
