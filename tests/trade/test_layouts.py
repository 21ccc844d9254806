"""Which column of a file holds what: every layout by its own names, and errors that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplynet.errors import DataError, OptionError
from supplynet.trade.layouts import reading_of

PATH = Path("x.csv")


@pytest.mark.parametrize(
    ("header", "layout", "dollars", "tonnes"),
    [
        ("t,i,j,k,v,q", "baci", 1000.0, 1.0),
        ("i,j,cmd,value", "baci", 1.0, 1.0),
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
        ("t,iso_i,iso_j,hs6,v,q", "baci", 1000.0, 1.0),
        ("t,k,i,i_iso3,j,j_iso3,v,q", "baci", 1000.0, 1.0),
        ("year,exporter,importer,hs17,value_kusd,net_weight_t", "plain", 1000.0, 1.0),
        ("year,origin,destination,hs6,value_musd,weight_kt", "plain", 1e6, 1000.0),
        ("year,origin,destination,hs6,Trade Value (1000 USD),quantity_kg", "plain", 1e3, 0.001),
        ("yr,exporter,importer,product,value,quantity", "plain", 1.0, 1.0),
        (
            "Reporter (M49),Partner (M49),Flow,Commodity Code,Year,Weight (kg),Value (US$)",
            "comtrade",
            1.0,
            0.001,
        ),
        (
            "ReporterISO3,ProductCode,PartnerISO3,Year,TradeFlow,TradeValue in 1000 USD,Quantity",
            "comtrade",
            1000.0,
            1.0,
        ),
    ],
)
def test_the_columns_tell_the_layout(
    header: str, layout: str, dollars: float, tonnes: float
) -> None:
    found = reading_of(header.split(","), None, PATH)
    assert (found.layout, found.dollars, found.tonnes) == (layout, dollars, tonnes)


def test_a_missing_column_is_named_with_a_near_one() -> None:
    with pytest.raises(DataError, match="no column holds the exporter") as error:
        reading_of(["exportr", "importer", "hs6", "value_usd"], "plain", PATH)
    assert "did you mean 'exportr'" in error.value.hint
    with pytest.raises(DataError, match="the importer and the code and the value") as error:
        reading_of(["i"], "baci", PATH)
    assert "the columns are i" in error.value.hint


def test_a_user_may_name_columns() -> None:
    names = ["year", "from", "to", "hs6", "amount", "mass of it"]
    chosen = {"exporter": "from", "importer": "TO", "value_1000usd": "amount", "kg": "mass of it"}
    found = reading_of(names, None, PATH, chosen)
    assert (found.layout, found.dollars, found.tonnes) == ("plain", 1000.0, 0.001)
    assert (found.name("exporter"), found.name("weight")) == ("from", "mass of it")
    with pytest.raises(OptionError, match="no part 'mass'"):
        reading_of(names, None, PATH, {"mass": "mass of it"})
    with pytest.raises(OptionError, match="there is no column 'kilos'"):
        reading_of(names, None, PATH, {"kg": "kilos"})


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("exporter,importer,hs6,export_value,import_value", "several columns may hold the value"),
        ("exporter,importer,hs6,value_usd,weight_kg,weight_t", "several columns may hold the we"),
        ("DECLARANT,PARTNER,PRODUCT,FLOW,PERIOD,VALUE_IN_EUROS", "not in US dollars"),
    ],
)
def test_what_could_be_meant_in_two_ways_is_refused(names: str, words: str) -> None:
    with pytest.raises(DataError, match=words) as error:
        reading_of(names.split(","), None, PATH)
    assert "--columns" in error.value.hint
