"""A document as a workbook: numbers are numbers, text is text, nothing is lost or run."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.io.sheets import parse_sheets, read_sheets
from supplynet.present.document import Bullets, Column, Document, Paragraph, Section, Table
from supplynet.reports.data_writers import to_xlsx


def rows(content: bytes, sheet: str) -> list[tuple[Any, ...]]:
    return next(
        [cells for _, cells in one.rows] for one in parse_sheets(content, "x") if one.name == sheet
    )


TABLE = Table(
    (
        Column("who", "Who"),
        Column("much", "How much", kind="tonnes", unit="t/yr"),
        Column("part", "Part", kind="share"),
    ),
    (
        {"who": "=1+1", "much": (1.0, 2.5), "part": 0.25},
        {"who": ("a", "b"), "much": 1 / 3, "part": None},
        {"who": True, "much": math.inf, "part": math.nan},
    ),
    "Who gets what",
    "deliveries",
)
DOCUMENT = Document(
    "Title",
    (
        Section("One", (Paragraph("Text"), Bullets(("first",)), TABLE), "one"),
        Section("Two", (TABLE,), "two"),
        Section("", (Table((Column("a", "A"),), ({"a": "x"},), name="a/b:c" * 9),), ""),
    ),
    {"notes": ("Beware",), "provenance": {"graph": "g", "digest": None}},
)


def test_every_table_has_a_sheet_with_units_in_its_head() -> None:
    content = to_xlsx(DOCUMENT, [{"id": "s1", "title": "Report"}])
    names = [sheet.name for sheet in parse_sheets(content, "x")]
    assert names == ["answer", "deliveries", "deliveries 2", "a b c" + "a b c" * 5 + "a", "sources"]
    head, first, second, third = rows(content, "deliveries")
    assert head == (
        "Who", "How much [t/yr], low", "How much [t/yr], high", "Part [share, 0 to 1]"
    )  # fmt: skip
    assert first == ("=1+1", 1.0, 2.5, 0.25)
    assert second == ("a; b", 0.333333333333333, 0.333333333333333, "")
    assert third == (True, "no limit", "no limit", "")
    assert rows(content, "sources") == [("id", "title"), ("s1", "Report")]


def test_the_first_sheet_tells_the_answer() -> None:
    told = [cells[0] for cells in rows(to_xlsx(DOCUMENT), "answer")]
    assert told[:5] == ["Title", "One", "Text", "- first", "Note: Beware"]
    assert "Who gets what (sheet deliveries)" in told
    assert told[-2:] == ["Worked out with", "graph: g"]


def test_a_report_is_written_as_a_workbook(tmp_path: Path) -> None:
    result = sn.flow(sn.load("tutorial"), to="MLT", element="Nd")
    path = sn.report.of(result).write(tmp_path / "flow.xlsx")
    assert read_sheets(path)[0].name == "answer"
    with pytest.raises(OptionError, match=".xlsx"):
        sn.report.of(result).write(tmp_path / "flow.doc")
