"""Trade tables: countries by any code, and no quantity that was not said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supplynet.errors import DataError, TableError
from supplynet.questions.indices.of_tables import COLUMNS, codes_of, read_flows

PLAIN = "importer,exporter,hs6,year,value_usd,tonnes\nUSA,PER,010121,2022,500,5\n"
BACI = "t,i,j,k,v,q\n2022,604,842,10121,0.5,5\n2022,490,842,10121,1,NA\n"
METHOD = (
    "Year,Exporting Country,Importing Country,Resource HSCODE,Trade Value (1000 USD),"
    "Quantity (mTonnes),WGI\n2022,604,842,250410;250490,0.5,5,0.4\n"
)


def read(tmp_path: Path, text: str, **options: dict[str, str]) -> pd.DataFrame:
    path = tmp_path / "trade.csv"
    path.write_text(text, encoding="utf-8")
    return read_flows(path, **options)


@pytest.mark.parametrize(
    ("text", "hs", "risk"),
    [(PLAIN, "010121", None), (BACI, "010121", None), (METHOD, "250410;250490", 0.4)],
)
def test_layouts(tmp_path, text: str, hs: str, risk: float | None) -> None:
    frame = read(tmp_path, text)
    assert list(frame.columns) == list(COLUMNS)
    row = frame.iloc[0]
    assert (row["importer"], row["exporter"], row["hs6"], row["year"]) == ("USA", "PER", hs, 2022)
    assert (row["tonnes"], row["row"]) == (5.0, 2)
    assert row["governance_risk"] == risk if risk else pd.isna(row["governance_risk"])


def test_a_missing_weight_stays_missing(tmp_path) -> None:
    frame = read(tmp_path, BACI)
    assert frame["exporter"][1] == "TWN"
    assert pd.isna(frame["tonnes"][1])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("PER", "", "row 2, column exporter: a country is needed"),
        ("010121", "copper", r"row 2, column hs6: not an HS code .*'copper'"),
        ("2022", "22", r"row 2, column year: not a year \(found '22'\)"),
        ("500,5", "500,-5", r"row 2, column tonnes: must not be negative \(found '-5'\)"),
        ("500,5", "500,x", r"row 2, column tonnes: not a number \(found 'x'\)"),
        ("exporter", "to", "names the columns"),
    ],
)
def test_faults_are_named_with_row_column_and_value(tmp_path, old, new, message) -> None:
    with pytest.raises(TableError, match=message):
        read(tmp_path, PLAIN.replace(old, new))


def test_codes_are_six_digits() -> None:
    assert codes_of(" 260400,250410 ") == ("260400", "250410")
    for text in ("2604", "", "copper"):
        with pytest.raises(TableError, match="six digits"):
            codes_of(text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.text(max_size=8), max_size=12))
def test_any_cells_are_read_or_refused_by_our_errors(tmp_path, cells) -> None:
    path = tmp_path / "any.csv"
    text = PLAIN + ",".join(cells)
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    try:
        read_flows(path)
    except DataError:
        return


# -- customs records ----------------------------------------------------------------------

RECORDS = """refYear,reporterISO,flowCode,partnerISO,cmdCode,netWgt,primaryValue
2022,USA,M,CAN,260400,5000,90
2022,CAN,X,USA,260400,4000,80
2022,USA,M,BRA,260400,,70
2022,USA,M,W00,260400,6000,160
2022,USA,M,CAN,111111,9000,10
"""


def test_customs_records_are_cleaned_on_the_way(tmp_path: Path) -> None:
    """The importer's report counts, totals do not, and a weight that is not known stays so."""
    path = tmp_path / "records.csv"
    path.write_text(RECORDS)
    found = read_flows(path, codes=["260400"])
    assert list(found.columns) == list(COLUMNS)
    assert dict(zip(found["exporter"], found["tonnes"], strict=True))["CAN"] == 5.0
    assert found["tonnes"].isna().tolist() == [True, False]
    assert len(read_flows(path)) == 3


def test_records_that_lose_much_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text(RECORDS.replace("BRA", "_X"))
    with pytest.raises(DataError, match="of the value would be left out"):
        read_flows(path)
    assert len(read_flows(path, max_unmapped=0.6)) == 2


def test_trade_as_the_geopolrisk_method_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "period,reporterCode,reporterISO,partnerCode,partnerISO,cmdCode,qty,cifvalue,partnerWGI\n"
        "2022,842,USA,124,CAN,260400,5,90,0.3\n"
    )
    row = read_flows(path).iloc[0]
    assert (row["importer"], row["exporter"], row["tonnes"]) == ("USA", "CAN", 5.0)
    assert row["governance_risk"] == 0.3
