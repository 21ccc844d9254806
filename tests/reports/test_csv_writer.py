from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import given

from supplynet.reports.data_writers import to_csv
from supplynet.reports.document import Column, Table
from supplynet.text import one_line
from tests.reports.hostile import texts


def read(table: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(to_csv(table), newline="")))


@given(texts)
def test_no_text_is_a_formula_and_no_text_is_lost(text: str) -> None:
    rows = read(Table((Column("a", "A"), Column("b", "B")), ({"a": text, "b": "x"},)))
    cell = rows[1][0]
    assert not cell.startswith(tuple("=+-@\t\r"))
    assert cell.removeprefix("'") == one_line(text) or cell == one_line(text)
    assert rows[1][1] == "x"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"])
def test_formulas_are_text(text: str) -> None:
    assert read(Table((Column("a", "A"),), ({"a": text},)))[1][0].startswith("'")


def test_numbers_stay_numbers() -> None:
    columns = (
        Column("value", "V", kind="tonnes", unit="t/yr"),
        Column("change", "C", kind="tonnes"),
        Column("range", "R", kind="tonnes"),
        Column("year", "Y", kind="year"),
        Column("flag", "F"),
        Column("names", "N"),
    )
    rows = (
        {"value": 1234.5678, "change": -1.5, "range": (1.0, 2.0), "year": 2030, "flag": True},
        {"value": None, "change": -0.0, "range": 3.0, "names": ("a", "b"), "flag": False},
        {"value": math.inf, "change": math.nan},
    )
    assert read(Table(columns, rows)) == [
        ["value [t/yr]", "change", "range_low", "range_high", "year", "flag", "names"],
        ["1234.5678", "-1.5", "1.0", "2.0", "2030", "yes", ""],
        ["", "0.0", "3.0", "3.0", "", "no", "a; b"],
        ["no limit", "", "", "", "", "", ""],
    ]
