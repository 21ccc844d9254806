"""Trade tables: countries by any code, and no quantity that was not said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from supplynet.errors import DataError, TableError
from supplynet.io.flows import COLUMNS, codes_of, read_flows

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
    assert (row["tonnes"], row["value_usd"], row["row"]) == (5.0, 500.0, 2)
    assert row["governance_risk"] == risk if risk else pd.isna(row["governance_risk"])


def test_a_missing_weight_stays_missing(tmp_path) -> None:
    frame = read(tmp_path, BACI)
    assert frame["exporter"][1] == "TWN"
    assert pd.isna(frame["tonnes"][1])


def test_columns_can_be_named_and_rows_chosen(tmp_path) -> None:
    text = "buyer,origin,hs6,year,net weight (kg),kind\nUSA,Atlantis,260400,2022,500,a\n"
    named = {"importer": "buyer", "exporter": "origin"}
    frame = read(tmp_path, text, columns=named, where={"kind": "a"})
    assert (frame["exporter"][0], frame["tonnes"][0]) == ("Atlantis", 0.5)


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


def test_codes_with_a_point(tmp_path) -> None:
    assert read(tmp_path, PLAIN.replace("010121", "2604.00"))["hs6"][0] == "260400"


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
