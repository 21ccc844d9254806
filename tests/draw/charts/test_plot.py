"""The field of a chart."""

from __future__ import annotations

import pytest

from supplynet.draw.charts.plot import (
    ticks,
)


@pytest.mark.parametrize("high", [0.0031, 0.9, 1, 7, 99, 1000, 1001, 87_400, 3e9])
def test_ticks_are_round_few_and_reach_the_top(high: float) -> None:
    found = ticks(high)
    step = found[1] - found[0]
    assert found[0] == 0 and found[-1] >= high * (1 - 1e-9)
    assert found[-1] - step < high
    assert 2 <= len(found) <= 6
    assert f"{step:.6e}"[:4] in ("1.00", "2.00", "2.50", "5.00")
