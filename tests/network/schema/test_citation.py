"""Tables of documents and of what was left out: which cells are refused."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.network.schema import citation
from tests.network.schema.records import require_every_table, require_refusal

#: one bad cell a line: table, column, value
BAD: list[tuple[str, str, Any]] = [
    ("sources", "is_verified", "maybe"),
    ("sources", "title", ""),
    ("exclusions", "what", "country"),
    ("exclusions", "why", ""),
    ("accepted", "check", "two words"),
    ("accepted", "value", " "),
    ("accepted", "reason", ""),
]


@pytest.mark.parametrize(("table", "column", "value"), BAD)
def test_a_bad_cell_is_refused_at_its_place(table: str, column: str, value: Any) -> None:
    require_refusal(table, column, value)


def test_every_table_has_bad_cells_tested() -> None:
    require_every_table(citation.__name__, BAD)
