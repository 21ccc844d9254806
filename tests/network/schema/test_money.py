"""Tables of money and of policy: which cells are refused."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.network.schema import money
from tests.network.schema.records import require_every_table, require_refusal

#: one bad cell a line: table, column, value
BAD: list[tuple[str, str, Any]] = [
    ("prices", "form", ""),
    ("prices", "item", "two words"),
    ("prices", "place", ""),
    ("prices", "year", None),
    ("prices", "year", 20244),
    ("prices", "end_year", "soon"),
    ("prices", "kind", "guess"),
    ("prices", "price", -1),
    ("prices", "price", None),
    ("prices", "price", "1,000"),
    ("prices", "price_low", -1),
    ("prices", "price_high", float("inf")),
    ("unit_values", "series", "two words"),
    ("unit_values", "source", ""),
    ("unit_values", "target", ""),
    ("unit_values", "worth", -1),
    ("unit_values", "worth_high", float("nan")),
    ("unit_values", "unit", ""),
    ("charges", "id", ""),
    ("charges", "kind", "gift"),
    ("charges", "source", ""),
    ("charges", "form", "two words"),
    ("charges", "group", ""),
    ("charges", "amount", -0.1),
    ("charges", "amount", float("nan")),
    ("charges", "amount_low", "few"),
    ("charges", "amount_high", -2),
    ("charges", "unit", ""),
    ("charges", "start_year", 1799),
    ("charges", "end_year", 2024.5),
    ("charges", "reason", ""),
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
    require_every_table(money.__name__, BAD)
