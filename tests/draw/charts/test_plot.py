"""The field of a chart."""

from __future__ import annotations

import pytest

from supplynet.draw.charts.plot import (
    rows_between,
    ticks,
    with_columns,
    with_rows,
)
from supplynet.draw.labels import extent
from supplynet.draw.scene import Plot

PLOT = Plot(100, 10, 300, 110, 0, 4, 0, 50)


@pytest.mark.parametrize("high", [0.0031, 0.9, 1, 7, 99, 1000, 1001, 87_400, 3e9])
def test_ticks_are_round_few_and_reach_the_top(high: float) -> None:
    found = ticks(high)
    step = found[1] - found[0]
    assert found[0] == 0 and found[-1] >= high * (1 - 1e-9)
    assert found[-1] - step < high
    assert 2 <= len(found) <= 6
    assert f"{step:.6e}"[:4] in ("1.00", "2.00", "2.50", "5.00")


def test_figures_stand_in_their_place_and_never_outside() -> None:
    assert (PLOT.x(2), PLOT.y(25)) == (200, 60)
    assert (PLOT.x(9), PLOT.y(-1), PLOT.y(99)) == (300, 110, 10)
    flat = Plot(0, 0, 10, 10, 3, 3, 1, 1)
    assert (flat.x(3), flat.y(1)) == (0, 10)


def test_axes_have_a_line_and_a_figure_for_each_tick() -> None:
    rows = with_rows(PLOT, [0, 25, 50], str, 8).up
    assert [one.role for one in rows.lines] == ["axis", "grid", "grid"]
    assert [one.text for one in rows.labels] == ["0", "25", "50"]
    assert all(extent(label)[2] < PLOT.left for label in rows.labels)
    below = with_columns(PLOT, [0, 4], str, 8).across
    assert below.lines == () and len(below.labels) == 2
    assert len(with_columns(PLOT, [0, 4], str, 8, has_grid=True).across.lines) == 2


def test_rows_fill_the_field_up_to_their_greatest_height() -> None:
    assert rows_between(0, 100, 4, 50) == 25
    assert rows_between(0, 100, 1, 50) == 50
    assert rows_between(0, 100, 0, 500) == 100
