from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.present.document import Column, Document, Section, Table
from supplynet.reports.data_writers import jsonable, to_csv, to_json
from supplynet.text import is_hidden, one_line
from tests.reports.hostile import document, texts


@given(texts)
def test_text_comes_back_and_nothing_hidden_is_raw(text: str) -> None:
    written = to_json(document(text))
    assert json.loads(written) == {"text": text, "list": [text]}
    assert not any(is_hidden(char) for char in written if char != "\n")


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | texts, st.lists))
def test_always_json(value: object) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    written = to_json(Document("T", (), {"value": value}))
    json.loads(written, parse_constant=refuse)


def test_kinds_of_values() -> None:
    @dataclass(frozen=True)
    class Pair:
        one: float
        other: tuple[int, ...]

    assert jsonable(Pair(math.inf, (1, 2))) == {"one": None, "other": [1, 2]}
    assert jsonable({"b": {3, 1, 2}}) == {"b": [1, 2, 3]}
    assert jsonable(np.float64(1.5)) == 1.5
    assert jsonable(np.int64(3)) == 3
    assert jsonable(PurePosixPath("a/b")) == "a/b"
    assert str(jsonable(-0.0)) == "0.0"
    assert jsonable(True) is True


def test_a_document_without_data_gives_its_tables() -> None:
    table = Table((), ({"a": 1},), name="named")
    unnamed = Table((), ({"a": 2},))
    what = Document("T", (Section("", (table, unnamed)),))
    assert json.loads(to_json(what)) == {
        "title": "T",
        "tables": {"named": [{"a": 1}], "2": [{"a": 2}]},
    }


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


def test_a_figure_with_its_range_is_three_columns_of_numbers() -> None:
    """A figure without a range beside others has none: its ends are not itself."""
    table = Table((Column("a", "A"), Column("b", "B", kind="share")), (
        {"a": "x", "b": (0.3, 0.1, 0.4)}, {"a": "y", "b": 0.98}, {"a": "z", "b": None},
    ))  # fmt: skip
    assert read(table) == [
        ["a", "b", "b_low", "b_high"],
        ["x", "0.3", "0.1", "0.4"],
        ["y", "0.98", "", ""],
        ["z", "", "", ""],
    ]
