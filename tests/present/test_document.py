""""""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
from typing import Any

import pytest

from supplynet.present.document import Column, Document, Paragraph, Section, Table, cell

TABLE = Table((Column("a", "A"),), ({"a": "x"},), name="t")
DOCUMENT = Document("T", (Section("One", (Paragraph("p"), TABLE), "one"),))


def test_numbers_stand_right_and_text_left_unless_told() -> None:
    assert Column("a", "A", kind="tonnes").is_right
    assert not Column("a", "A").is_right
    assert Column("a", "A", align="right").is_right
    assert not Column("a", "A", kind="share", align="left").is_right
    assert not Column("a", "A", kind="year").is_right


def test_tables_and_sections_are_found() -> None:
    assert list(DOCUMENT.tables()) == [TABLE]
    assert DOCUMENT.section("one").title == "One"
    with pytest.raises(KeyError):
        DOCUMENT.section("two")


@pytest.mark.parametrize("item", [DOCUMENT, TABLE, Column("a", "A"), Paragraph("p")])
def test_nothing_changes(item: Any) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(item, dataclasses.fields(item)[0].name, "other")


def test_the_tree_and_the_writers_load_no_heavy_library() -> None:
    code = (
        "import sys\nfrom supplynet.present import document\n"
        "from supplynet.reports import data_writers, terminal, build\n"
        "heavy = {'pandas', 'numpy', 'matplotlib', 'scipy', 'networkx', 'pydantic', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("tonnes", 1234.5, "1,230"),
        ("tonnes", None, "-"),
        ("tonnes", math.nan, "-"),
        ("tonnes", (1.0, 2.0), "1 to 2"),
        ("tonnes", (1.0, 1.0), "1"),
        ("tonnes", "no limit", "no limit"),
        ("share", 0.5, "50%"),
        ("share", (0.3, 0.1, 0.4), "30% (10 to 40%)"),
        ("share", (0.3, 0.3, 0.3), "30%"),
        ("share", (None, None, None), "-"),
        ("int", 1200, "1,200"),
        ("year", 2030, "2030"),
        ("year", 2030.0, "2030"),
        ("text", True, "yes"),
        ("text", False, "no"),
        ("text", 1234.5, "1,230"),
        ("text", ("a", "b"), "a, b"),
        ("text", "plain", "plain"),
    ],
)
def test_cells(kind: str, value: object, text: str) -> None:
    assert cell(Column("a", "A", kind=kind), value) == text  # type: ignore[arg-type]
