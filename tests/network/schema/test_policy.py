"""Tables of policy: which cells are refused."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.network.schema import policy
from tests.network.schema.records import require_every_table, require_refusal

#: one bad cell a line: table, column, value
BAD: list[tuple[str, str, Any]] = [
    ("restrictions", "id", ""),
    ("restrictions", "source", ""),
    ("restrictions", "target", None),
    ("restrictions", "form", "two words"),
    ("restrictions", "withheld", 1.1),
    ("restrictions", "withheld", -0.1),
    ("restrictions", "withheld", None),
    ("restrictions", "start_year", 1799),
    ("restrictions", "reason", ""),
    ("intensities", "burden", "two words"),
    ("intensities", "nodes", ""),
    ("intensities", "amount", -1),
    ("intensities", "amount_low", "few"),
    ("intensities", "amount_high", float("inf")),
    ("intensities", "unit", ""),
    ("caps", "burden", ""),
    ("caps", "nodes", ""),
    ("caps", "amount", -1),
    ("caps", "amount", None),
    ("caps", "level", "middle"),
    ("caps", "end_year", 2024.5),
    ("caps", "reason", ""),
]


@pytest.mark.parametrize(("table", "column", "value"), BAD)
def test_a_bad_cell_is_refused_at_its_place(table: str, column: str, value: Any) -> None:
    require_refusal(table, column, value)


def test_every_table_has_bad_cells_tested() -> None:
    require_every_table(policy.__name__, BAD)
