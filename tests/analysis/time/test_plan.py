"""Programs of a horizon that are refused: closer from where they ended, then anew."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.analysis.time import plan
from supplynet.errors import CertificateError, InfeasibleError, InterruptedSolveError
from supplynet.solve.lp.engine import LinearEngine
from tests.solve.lp.programs import maximum


class _Refusing:
    """A solver that refuses whatever is solved as quickly as can be."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def again(self, name: str, engine: LinearEngine, *, is_quick: bool = False) -> Any:
        if is_quick:
            raise self.error
        return engine.solve()


def _engine() -> LinearEngine:
    return LinearEngine(maximum([1.0], [[2.0]], [6.0], upper=[4.0]))


def test_what_is_refused_is_solved_closer() -> None:
    engine = _engine()
    solution = plan._again(_Refusing(CertificateError("off")), "fair", engine)  # type: ignore[arg-type]
    assert solution.objective == pytest.approx(3.0)
    assert engine.__getstate__()["words"]["tolerance"] == 1e-10


def test_what_is_withdrawn_is_not_solved_again() -> None:
    with pytest.raises(InterruptedSolveError):
        plan._again(_Refusing(InterruptedSolveError("late")), "fair", _engine())  # type: ignore[arg-type]


class _Counting:
    """A solver that counts how wide the room is at each try."""

    def __init__(self, warm: plan.Warm) -> None:
        self.warm, self.tries = warm, list[float]()

    def again(self, name: str, engine: LinearEngine, *, is_quick: bool = False) -> Any:
        self.tries.append(self.warm.room)
        return engine.solve()


def test_room_widens_where_rounding_leaves_no_inside_and_stays_wide() -> None:
    """What was reached is given up by ten times as much, from where the solve was, not anew."""
    engine, warm = _engine(), plan.Warm()
    solver = _Counting(warm)

    def keep() -> None:
        engine.bound([0], (3.0 + 2e-8) * (1.0 - warm.room), 4.0)

    def solve() -> Any:
        return plan._with_room(warm, solver, "fair", engine, keep)  # type: ignore[arg-type]

    engine.tighten(1e-10)
    keep()
    assert solve().objective == pytest.approx(3.0)
    assert solver.tries == pytest.approx([1e-9, 1e-8])
    keep()
    solve()
    assert solver.tries[2:] == pytest.approx([1e-8]), "what one round needs, the next does"


def test_what_no_room_helps_is_an_error() -> None:
    engine, warm = _engine(), plan.Warm()
    engine.bound([0], 3.5, 4.0)
    with pytest.raises(InfeasibleError):
        plan._with_room(warm, _Counting(warm), "fair", engine, lambda: None)  # type: ignore[arg-type]
    assert warm.room == pytest.approx(1e-7)


def test_what_is_withdrawn_gets_no_more_room() -> None:
    warm, solver = plan.Warm(), _Refusing(InterruptedSolveError("late"))
    with pytest.raises(InterruptedSolveError):
        plan._with_room(warm, solver, "fair", _engine(), lambda: None)  # type: ignore[arg-type]
    assert warm.room == pytest.approx(1e-9)
