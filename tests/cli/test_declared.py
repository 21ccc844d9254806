"""What commands judge and show by name is what their results declare."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.questions.declared import load
from supplynet.reports.build import declared_table

#: question, result, and the table whose rows are judged
JUDGED = [
    ("dependence", "DependenceResult", "rows"),
]


def declared(result: str, table: str) -> set[str]:
    layout = getattr(sn, result).LAYOUT
    return {column.name for column in layout.table(table).columns}


@pytest.mark.parametrize(("name", "result", "table"), JUDGED)
def test_what_is_judged_is_declared(name: str, result: str, table: str) -> None:
    assert set(load(name).metrics) <= declared(result, table)


def test_a_table_for_machines_is_the_one_that_the_result_declares() -> None:
    result = sn.coverage.outlook(sn.load("tutorial"), to="MLT", tier="possible", year=2024)
    whole = declared_table(result)
    assert [column.key for column in whole.columns] == list(result.records()[0])
    assert list(whole.rows) == result.records()
    with pytest.raises(OptionError, match="has no table 'row'"):
        declared_table(result, "row")
