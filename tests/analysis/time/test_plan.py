"""Programs of a horizon that are refused: closer from where they ended, then anew."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.analysis.time import plan
from supplynet.errors import CertificateError, InterruptedSolveError
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram


class _Refusing:
    """A solver that refuses whatever is solved as quickly as can be."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def again(self, name: str, engine: LinearEngine, *, is_quick: bool = False) -> Any:
        if is_quick:
            raise self.error
        return engine.solve()


def _engine() -> LinearEngine:
    return LinearEngine(
        LinearProgram([1.0], [[2.0]], [6.0], None, None, [0.0], [4.0], maximize=True)
    )


def test_what_is_refused_is_solved_closer() -> None:
    engine = _engine()
    solution = plan._again(_Refusing(CertificateError("off")), "fair", engine)  # type: ignore[arg-type]
    assert solution.objective == pytest.approx(3.0)
    assert engine.__getstate__()["words"]["tolerance"] == 1e-10


def test_what_is_withdrawn_is_not_solved_again() -> None:
    with pytest.raises(InterruptedSolveError):
        plan._again(_Refusing(InterruptedSolveError("late")), "fair", _engine())  # type: ignore[arg-type]
