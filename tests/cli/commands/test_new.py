"""A graph of one's own in one command, as a folder or a workbook; results as workbooks."""

from __future__ import annotations

from pathlib import Path

import supplynet as sn
from supplynet.io.sheets import read_sheets
from tests.cli.conftest import Invoke


def test_new_writes_a_folder_that_answers(invoke: Invoke) -> None:
    ran = invoke("graph new", "tungsten")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "Written: tungsten\nNext: supplynet graph check tungsten\n"
    assert invoke("graph check", "tungsten", "--strict", "all").code == 0
    again = invoke("graph new", "tungsten")
    assert again.code == 6
    assert "is there already" in again.err


def test_new_writes_a_workbook_like_another_graph(invoke: Invoke) -> None:
    assert invoke("graph new", "mine", "--like", "tutorial", "--excel", "-q").err == ""
    assert [sheet.name for sheet in read_sheets(Path("mine.xlsx"))][:2] == ["_read me", "graph"]
    assert [stage.name for stage in sn.load("mine.xlsx").stages][0] == "mine"
    assert invoke("graph check", "mine.xlsx", "--strict", "all").code == 0
    assert invoke("graph convert", "mine.xlsx", "folder").code == 0
    assert sn.load("folder") == sn.load("mine.xlsx")


def test_a_name_that_no_graph_can_have_is_refused(invoke: Invoke) -> None:
    ran = invoke("graph new", "my graph")
    assert ran.code == 2
    assert "letters, digits and . _ -" in ran.err


def test_results_are_workbooks_with_a_sheet_a_table(invoke: Invoke) -> None:
    assert invoke("flow", "tutorial", "--to", "MLT", "-o", "flow.xlsx").code == 0
    sheets = {sheet.name: sheet.rows for sheet in read_sheets(Path("flow.xlsx"))}
    assert "answer" in sheets
    assert len(sheets) > 1
    assert invoke("graph list", "-o", "list.xlsx").code == 0
    assert invoke("coverage outlook", "cobalt", "--to", "JPN", "--avoid", "CHN", "--year", "2024",
                  "-o", "cobalt.xlsx").code == 0  # fmt: skip
    cobalt = {sheet.name: sheet.rows for sheet in read_sheets(Path("cobalt.xlsx"))}
    assert "id" in cobalt["sources"][0][1]
    assert any("share, 0 to 1" in str(cell) for cell in cobalt["outlook"][0][1])


def test_a_check_of_a_workbook_names_its_sheets(invoke: Invoke) -> None:
    assert invoke("graph new", "mine", "--excel", "-q").code == 0
    net = sn.load("mine.xlsx")
    edges = [row.model_copy(update={"target": "nowhere"}) for row in net.edge_rows]
    sn.save(net.replace(edges=edges), "mine.xlsx")
    ran = invoke("graph check", "mine.xlsx", "--format", "csv")
    assert ran.code == 3
    assert '"mine.xlsx, sheet edges",2,target,nowhere' in ran.out
