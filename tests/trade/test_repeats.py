"""Months, national codes and editions: a flow counts once, and every row is reported."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplynet.errors import DataError
from supplynet.trade.read import read_trade
from supplynet.trade.table import TradeTable

HEADER = (
    "refYear,refMonth,period,reporterCode,flowCode,partnerCode,classificationCode,cmdCode,"
    "netWgt,primaryValue\n"
)


def read(tmp_path: Path, *rows: str, header: str = HEADER, **options: object) -> TradeTable:
    path = tmp_path / "a.csv"
    path.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return read_trade(path, codes="850511", max_unmapped=1.0, **options)  # type: ignore[arg-type]


def month(number: int, value: float, code: str = "850511", edition: str = "H6") -> str:
    return f"2022,{number},2022{number:02},470,M,242,{edition},{code},1000,{value}"


YEAR = "2022,52,2022,470,M,242,H6,850511,9000,900"


def told(table: TradeTable) -> dict[str, tuple[str, int]]:
    return {row.reason: (row.effect, row.n_rows) for row in table.ledger}


def test_months_are_added_up_and_never_taken_for_parts_of_the_largest(tmp_path: Path) -> None:
    table = read(tmp_path, month(1, 100), month(2, 100), month(3, 200))
    assert table.frame["value_usd"].tolist() == [400.0]
    assert table.frame["tonnes"].tolist() == [3.0]
    assert told(table)["months-added"] == ("kept", 3)
    title = next(row.title for row in table.ledger if row.reason == "months-added")
    assert "not whole: there are 3 of 2022" in title


def test_national_codes_are_added_up_where_no_row_of_six_digits_is_there(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        month(1, 10, "85051110"),
        month(1, 20, "85051190"),
        month(1, 7, "8505119010"),
        month(2, 50, "850511"),
        month(2, 49, "85051110"),
    )
    assert table.frame["value_usd"].tolist() == [80.0]
    assert told(table)["finer-code"] == ("merged", 2)
    assert told(table)["finer-added"] == ("kept", 2)


def test_one_flow_by_two_editions_is_refused(tmp_path: Path) -> None:
    other = YEAR.replace("H6", "H5")
    with pytest.raises(DataError, match="several editions of the Harmonized System: H5, H6"):
        read(tmp_path, YEAR, other)
    table = read(tmp_path, YEAR, other, where={"classificationCode": "H6"})
    assert table.frame["value_usd"].tolist() == [900.0]


# -- groups of countries ------------------------------------------------------------------

PLAIN = "reporter,partner,flow,hs6,year,value_usd\n"


def test_a_bloc_beside_its_members_is_merged(tmp_path: Path) -> None:
    rows = ["DEU,CHN,M,850511,2022,10", "97,CHN,M,850511,2022,99", "MLT,FJI,M,850511,2022,1"]
    table = read(tmp_path, *rows, header=PLAIN)
    assert told(table)["group"] == ("merged", 1)
    assert table.lost_share == 0.0
    assert sorted(table.frame["value_usd"]) == [1.0, 10.0]


def test_a_country_under_two_codes_is_told(tmp_path: Path) -> None:
    rows = ["KOR,CHN,M,850511,2022,2", "410,156,M,850511,2022,3"]
    table = read(tmp_path, *rows, header=PLAIN)
    assert table.frame["value_usd"].tolist() == [5.0]
    assert told(table)["one-country"] == ("kept", 2)
