"""What rests on a row of a graph, worked out by hand."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.work_list import carried, measured

NET = sn.load("tutorial")
ROWS = {(row.table, row.number): row for row in carried(NET, measured(NET))}


def test_the_widest_row_comes_first_and_nothing_rests_on_nothing() -> None:
    tonnes = [row.tonnes for row in ROWS.values()]
    assert tonnes == sorted(tonnes, reverse=True)
    assert next(iter(ROWS.values())).tonnes == pytest.approx(200.0)  # all that the refinery takes


def test_a_row_about_an_element_carries_its_tonnes_alone() -> None:
    """Big Mine's ore is nine tenths Nd; what passes the refinery is split by its two recoveries."""
    whole, nd, dy = ROWS["nodes", 2], ROWS["assays", 2], ROWS["assays", 3]
    assert nd.tonnes == pytest.approx(9 * dy.tonnes)
    assert nd.tonnes + dy.tonnes == pytest.approx(whole.tonnes)
    light, heavy = ROWS["recoveries", 2], ROWS["recoveries", 3]
    assert light.tonnes + heavy.tonnes == pytest.approx(ROWS["nodes", 4].tonnes)


def test_on_what_is_no_figure_of_the_year_nothing_rests() -> None:
    assert ROWS["nodes", 10].tonnes == 0.0  # a nation has no capacity
    assert ROWS["nodes", 6].tonnes == 0.0  # not built yet
    assert ROWS["demand", 2].what == "MLT, goods, 2024"
    assert ROWS["demand", 3].tonnes == 0.0  # of another year
    assert ROWS["rules", 2].what == "goods-to-malta"
    assert ROWS["edges", 2].what == "mine-big to ref-big, ore"
