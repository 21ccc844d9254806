"""A graph in a workbook comes back as it was; faults have their sheet, row and column."""

from __future__ import annotations

import datetime
import io
import pickle
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings

import supplynet as sn
from supplynet.errors import LimitError, TableError
from supplynet.io.sheets import parse_sheets
from supplynet.io.workbook import SHEETS, Book, network_xlsx, parse_workbook, read_workbook
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Node, Source
from tests.io.strategies import assert_same, metadata, networks, small

Rows = dict[str, list[list[Any]]]


def rows_of(content: bytes) -> Rows:
    """Every sheet as rows of cells, to be changed."""
    return {
        sheet.name: [list(cells) for _, cells in sheet.rows]
        for sheet in parse_sheets(content, "x.xlsx")
    }


def written(sheets: Rows) -> bytes:
    """A workbook as an author's spreadsheet writes it, with dates as dates."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                if isinstance(cell, datetime.date):
                    sheet.write_datetime(number, place, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                else:
                    sheet.write(number, place, cell)
    book.close()
    return stream.getvalue()


SMALL = rows_of(network_xlsx(small()))


def fault(sheets: Rows) -> str:
    with pytest.raises(TableError) as caught:
        parse_workbook(written(sheets), "x.xlsx")
    return str(caught.value)


def changed(sheet: str, row: int, column: str, value: Any) -> Rows:
    """The small graph with one cell changed; rows as a spreadsheet counts them."""
    sheets = {name: [list(cells) for cells in rows] for name, rows in SMALL.items()}
    rows = sheets[sheet]
    rows[row - 1][rows[0].index(column)] = value
    return sheets


@given(networks)
@settings(max_examples=5, deadline=None)
def test_round_trip(net: SupplyNetwork) -> None:
    try:
        content = network_xlsx(net)
    except TableError as error:  # two characters that no XML can hold
        assert "no workbook can hold" in str(error)
        return
    assert_same(parse_workbook(content, "x.xlsx"), net)


def test_head_of_every_kind_comes_back() -> None:
    head = small().metadata.model_dump()
    head["commodity"] |= {
        "oxides": {"C": 1.25, "D": "C2O3", "E": "1.25"},
        "substitutes": {"a.b": ("C",)},
        "surplus_limits": {"all-of-it": 0.25},
        "blocs": {"Two": ("MOZ", "KOR")},
        "areas": {"XKX": "Kosovo"},
        "default_ranges": {"estimated": {"low": 0.7, "high": 1.3}},
    }
    head["commodity"]["stages"][0]["called"] = ("pit", "quarry")
    net = SupplyNetwork.from_rows(metadata(**head), {"nodes": list(small().node_rows)})
    assert parse_workbook(network_xlsx(net, is_whole=True), "x.xlsx") == net


def test_a_list_that_no_cell_can_hold_is_refused() -> None:
    head = metadata(licenses=("a;b",))
    with pytest.raises(TableError, match="one of several names"):
        network_xlsx(SupplyNetwork.from_rows(head, {"nodes": list(small().node_rows)}))
    node = small().node_rows[0].model_copy(update={"makes": ("a;b",)})
    with pytest.raises(TableError, match="hold a semicolon"):
        network_xlsx(SupplyNetwork.from_rows(metadata(), {"nodes": [node]}))


def test_what_no_workbook_can_hold_is_refused() -> None:
    book = Book("t")
    with pytest.raises(TableError, match="sheet a, cell B2: a cell of a workbook has room for"):
        book.add("a", ["x", "y"], [["", "z" * 40_000]])
    with pytest.raises(TableError, match="sheet b, cell A2: holds a character"):
        book.add("b", ["x"], [["\ufffe"]])


def test_a_whole_workbook_has_a_sheet_a_table(tmp_path: Path) -> None:
    path = tmp_path / "whole.xlsx"
    path.write_bytes(network_xlsx(sn.load("tutorial"), is_whole=True))
    names = [sheet.name for sheet in parse_sheets(path.read_bytes(), "x")]
    assert names == ["_read me", *SHEETS]
    assert read_workbook(path) == sn.load("tutorial")


def test_cells_of_a_spreadsheet_are_read_as_they_are_meant() -> None:
    """Numbers stand in columns of text, months are dates, yes is TRUE, names of sheets vary."""
    sheets = {**SMALL, "_my notes": [["anything", 1]]}
    sheets["Nodes"] = [[*cells, ""] for cells in sheets.pop("nodes")]
    sheets["sources"] = [
        ["id", "title", "is_verified", "year", "_seen"],
        ["s1", 2024, "yes", 2020.0, datetime.date(2026, 5, 3)],
    ]
    sheets["shocks"] = [
        ["id", "name", "scenario", "begin", "end", "confidence"],
        ["s", "Stop", "stop", datetime.date(2026, 1, 1), datetime.date(2026, 6, 1), "estimated"],
    ]
    net = parse_workbook(written(sheets), "x.xlsx")
    (source,) = net.rows("sources")
    (shock,) = net.rows("shocks")
    assert isinstance(source, Source)
    assert source.title == "2024"
    assert shock.model_dump()["end"] == "2026-06"


FAULTS: list[tuple[Rows, list[str]]] = [
    ({name: rows for name, rows in SMALL.items() if name != "nodes"}, ["sheet nodes must be"]),
    ({**SMALL, "node": [["id"]]}, ["no such table", "did you mean 'nodes'", "begins with _"]),
    ({**SMALL, "zzz": [["id"]]}, ["'zzz'", "the sheets are graph, stages"]),
    (changed("nodes", 2, "country", "Mozambique"), ["sheet nodes, row 2, column country", "MOZ"]),
    (changed("nodes", 3, "lat", "12,5"), ["sheet nodes, row 3, column lat", "must be a number"]),
    (changed("nodes", 2, "capacity", -1), ["row 2, column capacity", "at least 0"]),
    (changed("nodes", 2, "confidence", ""), ["row 2, column confidence", "a value is needed"]),
    (changed("nodes", 1, "country", "land"), ["sheet nodes, row 1", "no column 'land'"]),
    (changed("nodes", 1, "name", "id"), ["row 1, column id", "the column is there twice"]),
    (changed("nodes", 1, "note", ""), ["row 2, column AA", "the column AA has no name", "clear"]),
    (changed("edges", 2, "start_year", datetime.date(2026, 5, 3)), ["row 2, column start_year"]),
    (changed("stages", 2, "is_origin", "perhaps"), ["sheet stages, row 2, column is_origin"]),
    (changed("graph", 2, "key", "titel"), ["sheet graph, row 2", "did you mean 'title'"]),
    (changed("graph", 2, "key", "title"), ["sheet graph, row 3", "twice"]),
    (changed("graph", 2, "key", "stages"), ["there is no such key"]),
    (changed("graph", 2, "key", "basis.x"), ["this key has no entries"]),
    (
        changed("graph", 2, "key", "groups"),
        ["a row each (found 'groups') - one row an entry: groups.NAME"],
    ),
    (changed("graph", 1, "key", "Schluessel"), ["sheet graph, row 1", "must be key and value"]),
    (
        {**SMALL, "graph": [row for row in SMALL["graph"] if row[0] != "first_year"]},
        ["sheet graph", "a value is needed"],
    ),
    ({**SMALL, "nodes": []}, []),
    ({**SMALL, "nodes": [[], *SMALL["nodes"]]}, ["the first row must name the columns"]),
    ({**SMALL, "scenarios": [["", 'title = "x"']]}, ["sheet scenarios, row 1, column scenario"]),
    ({**SMALL, "scenarios": [["a", "title ="]]}, ["scenario a: not TOML"]),
    ({**SMALL, "scenarios": [["a", 'titel = "x"']]}, ["scenario a", "titel"]),
]


@pytest.mark.parametrize(("sheets", "words"), [one for one in FAULTS if one[1]])
def test_a_fault_has_its_place(sheets: Rows, words: list[str]) -> None:
    text = fault(sheets)
    assert all(word in text for word in words), text


def test_a_blank_row_counts_in_what_check_finds() -> None:
    """Row 4 of the sheet, though it is the second plant: row 3 is blank."""
    nodes = SMALL["nodes"]
    at = nodes[0].index("unit")
    faulty = [*nodes[-1][:at], "stones", *nodes[-1][at + 1 :]]
    faulty[nodes[0].index("id")], faulty[nodes[0].index("capacity")] = "second", 5.0
    net = parse_workbook(written({**SMALL, "nodes": [*nodes[:2], [], faulty]}), "x.xlsx")
    (found,) = [
        one for one in sn.graph.check(net).errors if one.code == "unit" and one.column == "unit"
    ]
    assert (found.file, found.row) == ("x.xlsx, sheet nodes", 4)
    assert [net.row_number("nodes", at) for at in (0, 1)] == [2, 4]
    assert pickle.loads(pickle.dumps(net)).row_number("nodes", 1) == 4  # noqa: S301
    turned = net.replace(nodes=net.node_rows)  # rows that were set anew stand in no file
    assert turned.row_number("nodes", 1) == 3


def test_an_empty_sheet_is_a_table_without_rows() -> None:
    net = parse_workbook(written({**SMALL, "nodes": [], "edges": []}), "x.xlsx")
    assert net.rows("nodes") == ()


def test_a_scenario_too_deep_is_refused() -> None:
    deep = f"x = {'[' * 40}{']' * 40}"
    with pytest.raises(LimitError, match="nest deeper"):
        parse_workbook(written({**SMALL, "scenarios": [["a", deep]]}), "x.xlsx")


def test_heads_offer_what_may_be_chosen() -> None:
    """Yes and no, words of a list without an empty one, and names of other sheets."""
    with zipfile.ZipFile(io.BytesIO(network_xlsx(sn.load("tutorial"), is_whole=True))) as book:
        sheets = [
            book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name
        ]
    offered = set(re.findall("<formula1>(.*?)</formula1>", "".join(sheets)))
    assert {'"TRUE,FALSE"', '"several"', "units!$A$2:$A$5000"} <= offered
    assert all('fitToHeight="0"' in sheet for sheet in sheets)


def test_numbers_keep_every_digit() -> None:
    figure = 0.1 + 0.2
    node = small().node_rows[0].model_copy(update={"capacity": figure})
    net = SupplyNetwork.from_rows(metadata(), {"nodes": [node]})
    (back,) = parse_workbook(network_xlsx(net), "x.xlsx").rows("nodes")
    assert isinstance(back, Node)
    assert back.capacity == figure
