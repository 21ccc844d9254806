"""What commands judge and show by name is what their results declare."""

from __future__ import annotations

import importlib

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.reports.build import declared_table

#: command, result, and the table whose rows are judged
JUDGED = [
    ("customs", "DependenceResult", "rows"),
]


def declared(result: str, table: str) -> set[str]:
    layout = getattr(sn, result).LAYOUT
    return {column.name for column in layout.table(table).columns}


@pytest.mark.parametrize(("command", "result", "table"), JUDGED)
def test_what_is_judged_is_declared(command: str, result: str, table: str) -> None:
    module = importlib.import_module(f"supplynet.cli.commands.{command}")
    assert set(module.DEPENDENCE) <= declared(result, table)


def test_a_table_for_machines_is_the_one_that_the_result_declares() -> None:
    result = sn.coverage.outlook(sn.load("tutorial"), to="MLT", tier="possible", year=2024)
    whole = declared_table(result)
    assert [column.key for column in whole.columns] == list(result.records()[0])
    assert list(whole.rows) == result.records()
    with pytest.raises(OptionError, match="has no table 'row'"):
        declared_table(result, "row")
