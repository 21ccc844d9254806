"""What a cell may hold, and that rows do not change."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from supplynet.errors import OptionError
from supplynet.limits import MAX_AMOUNT
from supplynet.network.schema import TABLES
from tests.network.schema.records import GOOD


def test_a_row_with_other_cells_is_the_copy_that_the_model_makes() -> None:
    row = TABLES["nodes"].model_validate(GOOD["nodes"])
    told = row.with_cells(capacity=3.0)
    assert told == row.model_copy(update={"capacity": 3.0}) != row
    assert told.model_dump_json() == row.model_copy(update={"capacity": 3.0}).model_dump_json()


def test_a_list_in_a_cell_is_split_and_stripped() -> None:
    row: Any = TABLES["nodes"].model_validate({**GOOD["nodes"], "makes": " light ;heavy;; "})
    assert row.makes == ("light", "heavy")
    empty: Any = TABLES["nodes"].model_validate({**GOOD["nodes"], "makes": None})
    assert empty.makes == ()
    listed: Any = TABLES["nodes"].model_validate({**GOOD["nodes"], "makes": ["light"]})
    assert listed.makes == ("light",)


@pytest.mark.parametrize("column", ["capacity", "start_year", "lat", "lon", "product"])
def test_a_blank_cell_is_a_missing_value(column: str) -> None:
    """Empty is unknown; it must never become zero."""
    row = TABLES["nodes"].model_validate({**GOOD["nodes"], column: "  "})
    assert getattr(row, column) is None


NUMBERS = [
    (table, column)
    for table, model in TABLES.items()
    for column, field in model.model_fields.items()
    if "float" in str(field.annotation)
]


@pytest.mark.parametrize(("table", "column"), NUMBERS)
def test_no_number_of_a_table_is_larger_than_any_figure_of_a_year(table: str, column: str) -> None:
    """Sums and products of what is let in stay far from what a number can hold."""
    for size in (1.1 * MAX_AMOUNT, 1e308, float("inf"), float("nan")):
        with pytest.raises(ValidationError) as caught:
            TABLES[table].model_validate({**GOOD[table], column: size})
        assert column in {fault["loc"][0] for fault in caught.value.errors()}


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("nodes", "owner_country", "nobody"),
        ("nodes", "lat", 90.5),
        ("nodes", "unheard_of", 1),
        ("capacities", "year", None),
        ("owners", "country", "unknown"),
        ("production", "year", "2025-01"),
        ("recoveries", "recovery", 1.01),
        ("assays", "share", None),
        ("products", "confidence", "sourced"),
        ("prices", "price", None),
        ("restrictions", "withheld", None),
        ("shocks", "begin", "2025-13"),
        ("seasons", "month", 13),
    ],
)
def test_what_bounds_say_is_meant(table: str, column: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        TABLES[table].model_validate({**GOOD[table], column: value})
    assert {item["loc"][0] for item in caught.value.errors()} == {column}


def test_figures_of_a_row_are_multiplied() -> None:
    row: Any = TABLES["nodes"].model_validate({**GOOD["nodes"], "capacity": 4, "lat": 10})
    told = row.multiplied(2.5, ("capacity", "capacity_low", "quantity"))
    assert (told.capacity, told.capacity_low, told.lat) == (10.0, None, 10.0)
    with pytest.raises(OptionError, match=r"capacity times 1e\+18 is 4e\+18, more than") as caught:
        row.multiplied(1e18, ("capacity",))
    assert row.id in caught.value.message and "leave a limit empty" in caught.value.hint
