from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from supplynet.reports.data_writers import jsonable, to_json
from supplynet.reports.document import Document, Section, Table
from supplynet.text import is_hidden
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
