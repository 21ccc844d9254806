"""Tables of the chain: which cells are refused, and what holds where nothing is written."""

from __future__ import annotations

from typing import Any

import pytest

from supplynet.network.schema import TABLES, chain
from tests.network.schema.records import GOOD, require_every_table, require_refusal

#: one bad cell a line: table, column, value
BAD: list[tuple[str, str, Any]] = [
    ("nodes", "confidence", "certain"),
    ("nodes", "id", ""),
    ("nodes", "id", "-starts-with-a-dash"),
    ("nodes", "id", "has space"),
    ("nodes", "id", "a" * 81),
    ("nodes", "id", "ä"),
    ("nodes", "name", ""),
    ("nodes", "name", "   "),
    ("nodes", "stage", "a:b"),
    ("nodes", "country", "au"),
    ("nodes", "country", "AUST"),
    ("nodes", "country", "unknown"),
    ("nodes", "owner_country", "nobody"),
    ("nodes", "owner_country", "au"),
    ("nodes", "lat", 90.5),
    ("nodes", "lat", "north"),
    ("nodes", "lat", float("nan")),
    ("nodes", "lon", -180.5),
    ("nodes", "lon", float("inf")),
    ("nodes", "status", "open"),
    ("nodes", "start_year", 20244),
    ("nodes", "start_year", 1799),
    ("nodes", "start_year", 2024.5),
    ("nodes", "end_year", "soon"),
    ("nodes", "capacity", -1),
    ("nodes", "capacity", float("inf")),
    ("nodes", "capacity", float("nan")),
    ("nodes", "capacity", "1,000"),
    ("nodes", "capacity_low", -0.1),
    ("nodes", "capacity_high", "many"),
    ("nodes", "product", "two words"),
    ("nodes", "unheard_of", 1),
    ("ramps", "stage", ""),
    ("ramps", "year", -1),
    ("ramps", "share", 1.1),
    ("ramps", "share_low", -0.1),
    ("capacities", "year", None),
    ("capacities", "capacity", -5),
    ("capacities", "node_id", ""),
    ("circuits", "capacity", -1),
    ("circuits", "group", ""),
    ("circuits", "year", "soon"),
    ("owners", "country", "unknown"),
    ("owners", "share", 1.01),
    ("production", "production", float("nan")),
    ("production", "year", "2025-01"),
    ("recoveries", "recovery", 1.01),
    ("recoveries", "recovery", -0.01),
    ("recoveries", "recovery_low", 2),
    ("recoveries", "recovery_high", float("nan")),
    ("recoveries", "group", ""),
    ("scrap", "nodes", " "),
    ("scrap", "ratio", -0.1),
    ("scrap", "ratio", float("inf")),
    ("scrap", "ratio_high", "much"),
    ("assays", "share", 1.5),
    ("assays", "share", None),
    ("assays", "element", "N d"),
    ("products", "id", ""),
    ("products", "form", ""),
    ("products", "confidence", "sourced"),
    ("contents", "share", -0.2),
    ("contents", "share_high", 1.2),
    ("edges", "source", ""),
    ("edges", "target", "b c"),
    ("edges", "capacity", -1),
    ("edges", "standing", "likely"),
    ("edges", "standing", ""),
    ("edges", "start_year", 999),
    ("rules", "source", ""),
    ("rules", "target", "  "),
    ("rules", "reason", ""),
    ("rules", "standing", "observe"),
    ("demand", "quantity", -1),
    ("demand", "role", "other"),
    ("demand", "use", ""),
    ("demand", "year", 0),
]


@pytest.mark.parametrize(("table", "column", "value"), BAD)
def test_a_bad_cell_is_refused_at_its_place(table: str, column: str, value: Any) -> None:
    require_refusal(table, column, value)


def test_every_table_has_bad_cells_tested() -> None:
    require_every_table(chain.__name__, BAD)


def test_an_owner_is_unknown_unless_named() -> None:
    row: Any = TABLES["nodes"].model_validate(GOOD["nodes"])
    assert row.owner_country == "unknown"
