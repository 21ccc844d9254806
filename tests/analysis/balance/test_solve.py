"""How programs are solved: what the check refuses is worked out closer."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.analysis.balance.programs import Run
from supplynet.analysis.balance.ranges import NEAREST
from supplynet.network.network import SupplyNetwork
from supplynet.solve.lp import solve as proved
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.program import LinearProgram, LinearSolution
from tests.analysis.balance.rules import most_served as balance
from tests.analysis.balance.test_ask import shared
from tests.solve.lp.test_refine import off


def rivals() -> SupplyNetwork:
    """A network of its own for each test, as answers of the same one are solved once."""
    return shared([100.0], {"KOR": 60.0, "JPN": 70.0}, {(0, "KOR"): None, (0, "JPN"): None})


def test_what_is_off_by_a_hair_is_worked_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver that is off by a millionth twice, as it may be on wide figures, is no error."""
    plain = proved.solve_linear
    tries: list[float | None] = []

    def hairy(lp: LinearProgram, **words: Any) -> LinearSolution:
        tries.append(words.get("tolerance"))
        return off(plain(lp, **words), 1e-6)

    monkeypatch.setattr(proved, "solve_linear", hairy)
    result = balance(rivals())
    assert sum(row.served for row in result.deliveries) == pytest.approx(100, abs=1e-7)
    assert result.certificate.ok
    assert set(result.certificates) == {"max_supply", NEAREST}
    assert [one is None for one in tries] == [True, False]


def test_an_engine_that_is_off_by_a_hair_is_put_right(monkeypatch: pytest.MonkeyPatch) -> None:
    result = balance(rivals())
    engine_solve = LinearEngine.solve
    monkeypatch.setattr(LinearEngine, "solve", lambda self: off(engine_solve(self), 1e-6))

    def never(self: Run, name: str, lp: LinearProgram) -> LinearSolution:
        raise AssertionError(name)

    monkeypatch.setattr(Run, "solve", never)
    found = result.range_of("product", "KOR", "battery")
    assert (found.low, found.high) == pytest.approx((30, 60), rel=1e-9)
