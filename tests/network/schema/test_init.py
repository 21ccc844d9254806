"""All tables: which columns they need, and that each is described."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from supplynet.network.schema import TABLES
from tests.network.schema.records import GOOD


@pytest.mark.parametrize("table", TABLES)
def test_a_row_with_the_needed_columns_is_taken(table: str) -> None:
    """Every other column has a default, so that a small graph stays small."""
    row = TABLES[table].model_validate(GOOD[table])
    assert row.model_dump(exclude_defaults=True, mode="json") == GOOD[table]


@pytest.mark.parametrize("table", TABLES)
def test_a_needed_column_that_is_missing_is_refused(table: str) -> None:
    for column in GOOD[table]:
        record = {key: value for key, value in GOOD[table].items() if key != column}
        with pytest.raises(ValidationError) as caught:
            TABLES[table].model_validate(record)
        assert [item["loc"] for item in caught.value.errors()] == [(column,)]


def test_every_column_is_described() -> None:
    """The format page and the Data Package schema are written from these descriptions."""
    for name, model in TABLES.items():
        for column, info in model.model_fields.items():
            assert info.description, f"{name}.{column}"
