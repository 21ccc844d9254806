"""Rows to look up first are those that are estimates and carry the most, worked out by hand."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.work_list import work_list
from supplynet.reports.markdown import to_markdown
from supplynet.reports.results_check import of_check

NET = sn.load("tutorial")
ROWS = {(row.file, row.row): row for row in work_list(NET)}


def test_the_widest_row_comes_first_and_nothing_rests_on_nothing() -> None:
    tonnes = [row.tonnes for row in ROWS.values()]
    assert tonnes == sorted(tonnes, reverse=True)
    assert min(tonnes) > 0
    assert next(iter(ROWS.values())).tonnes == pytest.approx(200.0)  # all that the refinery takes


def test_a_row_about_an_element_carries_its_tonnes_alone() -> None:
    """Big Mine's ore is nine tenths Nd; what passes the refinery is split by its two recoveries."""
    whole, nd, dy = ROWS["nodes.csv", 2], ROWS["assays.csv", 2], ROWS["assays.csv", 3]
    assert nd.tonnes == pytest.approx(9 * dy.tonnes)
    assert nd.tonnes + dy.tonnes == pytest.approx(whole.tonnes)
    light, heavy = ROWS["recoveries.csv", 2], ROWS["recoveries.csv", 3]
    assert light.tonnes + heavy.tonnes == pytest.approx(ROWS["nodes.csv", 4].tonnes)


def test_what_is_no_figure_of_the_year_is_left_out() -> None:
    assert ("nodes.csv", 10) not in ROWS  # a nation has no capacity
    assert ("nodes.csv", 6) not in ROWS  # not built yet
    assert ROWS["demand.csv", 2].what == "MLT, goods, 2024"
    assert ("demand.csv", 3) not in ROWS  # of another year
    assert ROWS["rules.csv", 2].what == "goods-to-malta"
    assert ROWS["edges.csv", 2].what == "mine-big to ref-big, ore"


def test_rows_read_in_a_source_need_no_work() -> None:
    read = {"confidence": "sourced", "source_ids": ("s",)}
    tables = {
        name: [row.model_copy(update=read) for row in NET.rows(name)]
        for name in ("nodes", "edges", "assays", "recoveries", "contents", "demand", "rules")
    }
    net = NET.replace(**tables)
    assert work_list(net) == ()
    text = to_markdown(of_check(NET.check(), work_list(net)))
    assert "was read in a source" in text
