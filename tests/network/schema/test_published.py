"""Tables of what was published: which cells are refused."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.network.schema import published
from tests.network.schema.records import require_every_table, require_refusal

#: one bad cell a line: table, column, value
BAD: list[tuple[str, str, Any]] = [
    ("targets", "id", ""),
    ("targets", "title", " "),
    ("targets", "kind", "guess"),
    ("targets", "source", ""),
    ("targets", "unit", ""),
    ("targets", "of_more", -1),
    ("targets", "year", 24),
    ("targets", "model_year", "soon"),
    ("targets", "value", None),
    ("targets", "value_low", -0.1),
    ("targets", "value_high", float("inf")),
    ("targets", "weight", -1),
    ("targets", "used_for", "tuning"),
    ("baseline", "what", "stock"),
    ("baseline", "flow", -1),
    ("baseline", "residual", float("inf")),
    ("parameters", "indicator", ""),
    ("parameters", "value", None),
    ("parameters", "value", float("nan")),
    ("parameters", "value_low", float("inf")),
    ("parameters", "year", 1),
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
    require_every_table(published.__name__, BAD)
