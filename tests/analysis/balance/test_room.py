"""What is left of an end of a range without the room that its pins had is a best value, too."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.analysis.balance.programs import PIN, Pin
from supplynet.analysis.balance.ranges import bought, with_room_to_buy
from supplynet.solve.lp.certificate import certify_linear
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.solve import solve_linear


@pytest.mark.parametrize("unit", [1.0, 1e6])
@pytest.mark.parametrize("behind", [0, 1])
def test_room_that_is_bought_brings_nothing(unit: float, behind: int) -> None:
    """Of x + y <= 10 an x of 6 was reached, and may fall by a tenth: y is 4.6 with it, 4 without.

    Rows may stand behind the pin, and it may count in another unit.
    """
    room = 0.1
    pin = Pin(np.array([unit, 0.0]), 6.0 * unit, 6.0 * unit)
    rows = [[1.0, 1.0], [-unit, 0.0], *[[0.0, 1.0]] * behind]
    limits = [10.0, -6.0 * unit * (1 - room), *[9.0] * behind]
    ends = np.zeros(2), np.full(2, np.inf)
    objective = np.array([0.0, 1.0])
    same = np.zeros((0, 2)), np.zeros(0)
    lp = LinearProgram(objective, rows, np.array(limits), *same, *ends, maximize=True)
    solution = solve_linear(lp)
    assert solution.objective == pytest.approx(4.6)
    at = slice(1, 2)
    program, told = bought(with_room_to_buy(lp, [pin], at, room), at, objective, solution)
    assert told.objective == pytest.approx(4.0, rel=10 * PIN)
    assert float(program.c @ told.x) == pytest.approx(told.objective)
    assert certify_linear(program, told).ok
    assert solve_linear(program).objective == pytest.approx(told.objective)
    assert told.x[2] == pytest.approx(0.6)
