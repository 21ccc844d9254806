"""Cells of customs records: directions, quantities, separators, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplynet.errors import TableError
from supplynet.trade.read import read_trade
from supplynet.trade.table import TradeTable

NEW = "refYear,reporterISO,flowCode,partnerISO,cmdCode,qtyUnitCode,qty,netWgt,primaryValue"


def read(tmp_path: Path, text: str) -> TradeTable:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return read_trade(path, codes="850511")


@pytest.mark.parametrize(
    ("word", "reporter"),
    [
        ("M", "importer"),
        ("Import", "importer"),
        ("Gross Imp.", "importer"),
        ("1", "importer"),
        ("X", "exporter"),
        ("Gross Exp.", "exporter"),
        ("2", "exporter"),
    ],
)
def test_directions(word: str, reporter: str, tmp_path: Path) -> None:
    table = read(tmp_path, f"{NEW}\n2022,KOR,{word},CHN,850511,8,1,1,5\n")
    assert table.reports["reporter"].tolist() == [reporter]


def test_partial_directions_are_passed_over_and_unknown_ones_refused(tmp_path: Path) -> None:
    row = "2022,KOR,{},CHN,850511,8,1,1,5\n"
    kept = "".join(row.format(word) for word in ("M", "RX", "RM", "DX", "Re-Export"))
    table = read(tmp_path, f"{NEW}\n{kept}")
    assert table.frame["value_usd"].tolist() == [5.0]
    assert next(one.n_rows for one in table.ledger if one.reason == "other-flow") == 4
    with pytest.raises(TableError, match=r"row 2, column flowCode: must be a direction of trade"):
        read(tmp_path, f"{NEW}\n{row.format('Importaciones')}")


@pytest.mark.parametrize(
    ("unit", "tonnes", "how"), [("8", 2.0, "reported"), ("kg", 2.0, "reported")]
)
def test_a_quantity_that_is_a_weight_stands_in(
    unit: str, tonnes: float, how: str, tmp_path: Path
) -> None:
    table = read(tmp_path, f"{NEW}\n2022,KOR,M,CHN,850511,{unit},2000,,5\n")
    assert table.frame[["tonnes", "tonnes_how"]].values.tolist() == [[tonnes, how]]


def test_a_reported_weight_goes_before_a_quantity(tmp_path: Path) -> None:
    table = read(tmp_path, f"{NEW}\n2022,KOR,M,CHN,850511,8,2000,1000,5\n")
    assert table.frame["tonnes"].tolist() == [1.0]


@pytest.mark.parametrize("code", ["8505.11", "'850511", "850511.0", "HS 8505 11", "85 05 11"])
def test_codes_in_other_spellings(code: str, tmp_path: Path) -> None:
    text = f"exporter,importer,hs6,year,value_usd\nCHN,KOR,{code},2022.0,5\n"
    assert read(tmp_path, text).frame["hs6"].tolist() == ["850511"]


@pytest.mark.parametrize(
    "months", [("202201", "202203"), ("2022M01", "2022-M03"), ("2022-01-01", "2022-03-01 00:00:00")]
)
def test_months_are_added_up_to_the_year(months: tuple[str, ...], tmp_path: Path) -> None:
    rows = "".join(f"CHN,KOR,850511,{month},5\n" for month in (*months, "3/2022"))
    table = read(tmp_path, f"exporter,importer,hs6,period,value_usd\n{rows}")
    assert table.frame[["year", "value_usd"]].values.tolist() == [[2022, 10.0]]
    titles = {row.reason: row.title for row in table.ledger}
    assert "there are 2 of 2022" in titles["months-added"]
    assert "same-row" in titles
    with pytest.raises(TableError, match="must be a year of four digits"):
        read(tmp_path, "exporter,importer,hs6,date,value_usd\nCHN,KOR,850511,2022-03-17,5\n")
