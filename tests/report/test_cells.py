"""Cells of tables as text."""

from __future__ import annotations

import math

import pytest

from supplynet.report.cells import cell
from supplynet.report.document import Column


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
