"""Tables of time: which cells are refused."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.network.schema import time
from tests.network.schema.records import require_every_table, require_refusal

#: one bad cell a line: table, column, value
BAD: list[tuple[str, str, Any]] = [
    ("stocks", "id", ""),
    ("stocks", "name", ""),
    ("stocks", "kind", "target"),
    ("stocks", "holders", ""),
    ("stocks", "form", "two words"),
    ("stocks", "element", "N d"),
    ("stocks", "quantity", -1),
    ("stocks", "quantity", None),
    ("stocks", "quantity_low", "few"),
    ("stocks", "unit", ""),
    ("stocks", "release", 1.1),
    ("stocks", "refill", -0.1),
    ("stocks", "loss", 2),
    ("stocks", "start_year", 1799),
    ("replays", "measure", "price"),
    ("replays", "place", ""),
    ("replays", "begin", "2025-13"),
    ("replays", "value", "much"),
    ("lead_times", "kind", "sea"),
    ("lead_times", "source", ""),
    ("lead_times", "days", -1),
    ("lead_times", "days_high", "few"),
    ("seasons", "target", ""),
    ("seasons", "month", 13),
    ("seasons", "month", 0),
    ("seasons", "share", 1.2),
    ("outages", "days", -1),
    ("outages", "days", None),
    ("outages", "days_low", "few"),
    ("outages", "days_high", float("inf")),
    ("shocks", "id", "two words"),
    ("shocks", "name", ""),
    ("shocks", "scenario", ""),
    ("shocks", "begin", "2025-13"),
    ("shocks", "begin", "2025"),
    ("shocks", "end", "2025-00"),
    ("shocks", "end", "April 2025"),
]


@pytest.mark.parametrize(("table", "column", "value"), BAD)
def test_a_bad_cell_is_refused_at_its_place(table: str, column: str, value: Any) -> None:
    require_refusal(table, column, value)


def test_every_table_has_bad_cells_tested() -> None:
    require_every_table(time.__name__, BAD)
