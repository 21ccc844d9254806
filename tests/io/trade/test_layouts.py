"""Which column of a file holds what: every layout by its own names, and errors that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplynet.errors import DataError
from supplynet.io.trade.layouts import reading_of

PATH = Path("x.csv")


@pytest.mark.parametrize(
    ("header", "layout", "dollars", "tonnes"),
    [
        ("t,i,j,k,v,q", "baci", 1000.0, 1.0),
        ("i,j,cmd,value", "baci", 1.0, 0.001),
        ("t,exporter,importer,k,v,q", "plain", 1000.0, 1.0),
        ("exporter,importer,hs6,year,value_usd,tonnes", "plain", 1.0, 1.0),
        ("year,reporter,partner,cmd,flow,value,netwgt,qty,qtyunit", "comtrade", 1.0, 0.001),
        (
            "refYear,reporterCode,partnerCode,flowCode,cmdCode,primaryValue,netWgt",
            "comtrade",
            1,
            0.001,
        ),
        (
            "Year,Trade Flow,Reporter Code,Reporter,Partner Code,Commodity Code,Netweight (kg),"
            "Trade Value (US$)",
            "comtrade",
            1.0,
            0.001,
        ),
        ("yr,rgCode,rtCode,ptCode,cmdCode,NetWeight,TradeValue", "comtrade", 1.0, 0.001),
    ],
)
def test_the_columns_tell_the_layout(
    header: str, layout: str, dollars: float, tonnes: float
) -> None:
    found = reading_of(header.split(","), None, PATH)
    assert (found.layout, found.dollars, found.tonnes) == (layout, dollars, tonnes)


def test_codes_go_before_names() -> None:
    names = ["Reporter", "Reporter ISO", "Reporter Code", "partner", "flow", "cmd", "value"]
    found = reading_of(names, "comtrade", PATH)
    assert found.name("reporter") == "Reporter Code"
    assert found.name("partner") == "partner"


def test_a_missing_column_is_named_with_a_near_one() -> None:
    with pytest.raises(DataError, match="no column holds the exporter") as error:
        reading_of(["exportr", "importer", "hs6", "value_usd"], "plain", PATH)
    assert "did you mean 'exportr'" in error.value.hint
    with pytest.raises(DataError, match="the importer and the code and the value") as error:
        reading_of(["i"], "baci", PATH)
    assert "the columns are i" in error.value.hint


def test_columns_of_no_layout_are_refused() -> None:
    with pytest.raises(DataError, match="of no layout"):
        reading_of(["a", "b"], None, PATH)
