"""Rows to look up first are those that are estimates and carry the most, worked out by hand."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.work_list import evidence
from supplynet.present.document import Table
from supplynet.reports.markdown import to_markdown
from supplynet.reports.results_check import of_check

NET = sn.load("tutorial")
ROWS = {(row.file, row.row): row for row in evidence(NET) if row.is_work}


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
    rows = evidence(net)
    assert not [row for row in rows if row.is_work]
    document = of_check(net.check(), rows)
    assert "was read in a source" in to_markdown(document)


def test_how_well_figures_are_known_is_counted_by_rows_and_by_tonnes() -> None:
    """One sourced row of the refinery's takes all of its tonnes out of what is not known."""
    read = {"confidence": "sourced", "source_ids": ("s",)}
    rows = [row.model_copy(update=read if row.id == "ref-big" else {}) for row in NET.rows("nodes")]  # type: ignore[attr-defined]
    table = of_check(NET.check(), evidence(NET.replace(nodes=rows))).section("evidence").blocks[0]
    assert isinstance(table, Table)
    (nodes,) = [row for row in table.rows if row["table"] == "nodes.csv"]
    assert (nodes["rows"], nodes["sourced"]) == (len(rows), 1)
    through = {row.what: row.tonnes for row in evidence(NET) if row.file == "nodes.csv"}
    assert nodes["of_tonnes"] == pytest.approx(through["ref-big"] / sum(through.values()))
    assert table.rows[-1]["table"] == "all"
