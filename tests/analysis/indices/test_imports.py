"""Imports of a place: rows that cannot be distinguished are refused, those left out are given."""

from __future__ import annotations

import pandas as pd
import pytest

from supplynet.analysis.indices.supply import imports_of
from supplynet.errors import OptionError, TableError
from tests.analysis.indices.tables import trade


def bought(frame: pd.DataFrame, *members: str, hs: tuple[str, ...] = ("260400",), year: int = 2022):
    return imports_of(frame, frozenset(members), year=year, hs=hs, name="Here")


def test_rows_are_added_by_origin_and_the_rest_is_told() -> None:
    frame = trade(
        ("USA", "AUS", 5),
        ("USA", "AUS", 7),
        ("USA", "CAN", 2),
        ("CAN", "AUS", 100),
        ("AUS", "USA", 3),
        ("USA", "USA", 9),
        ("USA", "World", 20),
        ("USA", "PER", None),
    )
    found = bought(frame, "USA")
    assert found.tonnes == {"AUS": 12.0, "CAN": 2.0}
    assert (found.total, found.exported) == (14.0, 3.0)
    assert any("without a weight" in flag and "PER" in flag for flag in found.flags)
    assert any("inside Here" in flag for flag in found.flags)
    assert any("world or of groups" in flag for flag in found.flags)
    both = bought(frame, "USA", "CAN")
    assert both.tonnes == {"AUS": 112.0}


def test_nothing_bought_is_no_zero() -> None:
    frame = trade(("USA", "AUS", 5))
    for members, year, hs, hint in [
        ("CAN", 2022, "260400", "importers are USA"),
        ("USA", 2021, "260400", "rows are of 2022"),
        ("USA", 2022, "260300", "codes are 260400"),
    ]:
        with pytest.raises(OptionError, match="bought nothing") as caught:
            bought(frame, members, year=year, hs=(hs,))
        assert hint in caught.value.hint


def test_risks_of_the_table_are_checked() -> None:
    frame = trade(("USA", "AUS", 5), ("USA", "AUS", 5))
    frame["governance_risk"] = [0.2, 0.2]
    assert bought(frame, "USA").risks == {"AUS": 0.2}
    frame["governance_risk"] = [0.2, 0.3]
    with pytest.raises(TableError, match="two governance risks"):
        bought(frame, "USA")
    frame["governance_risk"] = 1.5
    with pytest.raises(TableError, match="between 0 and 1"):
        bought(frame, "USA")
    with pytest.raises(TableError, match="no column 'tonnes'"):
        bought(frame.drop(columns="tonnes"), "USA")
