"""Files of known publishers: each kind is given by its columns and read in its own units and codes.

The rows are made up; the columns are those that the publishers give their files.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from supplynet.errors import DataError, OptionError
from supplynet.trade.columns import known, publisher_of
from supplynet.trade.layouts import reading_of
from supplynet.trade.read import read_trade
from supplynet.trade.table import TradeTable

COMTRADE_OLD = (
    "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,"
    "Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,"
    "Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,Netweight (kg),Trade Value (US$),Flag"
)
COMTRADE_NEW = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,"
    "flowCode,flowDesc,partnerCode,partnerISO,partnerDesc,partner2Code,classificationCode,cmdCode,"
    "cmdDesc,customsCode,motCode,qtyUnitCode,qty,netWgt,grossWgt,cifvalue,fobvalue,primaryValue"
)
WITS = (
    "Nomenclature,ReporterISO3,ReporterName,PartnerISO3,PartnerName,ProductCode,Year,"
    "TradeFlowName,TradeFlowCode,TradeValue in 1000 USD,Quantity,QtyUnit,NetWeight in KGM"
)
WITS_SHORT = (
    "ReporterISO3,PartnerISO3,ProductCode,Year,TradeFlowName,TradeValue in 1000 USD,"
    "Quantity,QtyToken"
)
OEC = (
    "Year,Exporter Country ID,Exporter Country,Importer Country ID,Importer Country,HS6 ID,HS6,"
    "Trade Value,Quantity"
)
COMEXT_OLD = (
    "DECLARANT,DECLARANT_ISO,PARTNER,PARTNER_ISO,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,"
    "PRODUCT_cpa2002,PRODUCT_cpa2008,PRODUCT_CPA2_1,PRODUCT_BEC,PRODUCT_SECTION,FLOW,STAT_REGIME,"
    "SUPP_UNIT,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG,SUP_QUANTITY"
)
COMEXT = (
    "REPORTER,PARTNER,TRADE_TYPE,PRODUCT_NC,PRODUCT_SITC,PRODUCT_CPA21,PRODUCT_CPA22,PRODUCT_BEC,"
    "PRODUCT_BEC5,PRODUCT_SECTION,FLOW,STAT_PROCEDURE,SUPPL_UNIT,PERIOD,VALUE_EUR,VALUE_NAC,"
    "QUANTITY_KG,QUANTITY_SUPPL_UNIT"
)
ATLAS = (
    "country_id,country_iso3_code,partner_country_id,partner_iso3_code,product_id,"
    "product_hs92_code,year,export_value,import_value,coi,eci"
)


def read(tmp_path: Path, text: str, **options: object) -> TradeTable:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return read_trade(path, codes="850511", **options)  # type: ignore[arg-type]


def flows(table: TradeTable) -> list[list[object]]:
    names = ["exporter", "importer", "year", "value_usd", "tonnes"]
    return table.frame[names].values.tolist()  # type: ignore[no-any-return]


def test_every_kind_of_file_is_told_by_its_own_columns() -> None:
    for one in known():
        names = [*one.columns.values(), one.value, *([one.weight] if one.weight else [])]
        found = publisher_of([*names, "further"])
        assert found is not None
        assert (found.name, found.layout) == (one.name, one.layout)
        assert one.source.startswith("https://")
        reading = reading_of(names, None, Path("x.csv"), None, {one.money: 1.0})
        assert reading.publisher is found
        assert reading.notes[0] == f"Columns as in files of {one.name}."


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (
            COMTRADE_OLD,
            "H5,2022,2022,2022,6,1,1,Import,470,Malta,MLT,242,Fiji,FJI,850511,x,8,kg,2000,2000,"
            "5000,0",
        ),
        (
            COMTRADE_NEW,
            "C,A,20220101,2022,52,2022,470,MLT,Malta,M,Import,242,FJI,Fiji,0,H6,850511,x,C00,0,8,"
            "2000,2000,,5000,,5000",
        ),
        (WITS, "H5,MLT,Malta,FJI,Fiji,850511,2022,Import,5,5,2000,Kg,2000"),
        (WITS_SHORT, "MLT,FJI,850511,2022,Gross Imports,5,2000,8"),
        (OEC, '2022,ocfji,Fiji,eumlt,Malta,16850511,"Magnets, of metal",5000,2'),
        (ATLAS, "1,FJI,2,MLT,3,850511,2022,5000,7,0,0"),
    ],
    ids=["comtrade-bulk", "comtrade-new", "wits", "wits-short", "oec", "atlas"],
)
def test_a_flow_of_five_thousand_dollars(tmp_path: Path, head: str, row: str) -> None:
    table = read(tmp_path, f"{head}\n{row}\n")
    weight = 2.0 if head is not ATLAS else table.frame["tonnes"].iloc[0]
    assert flows(table) == [["FJI", "MLT", 2022, 5000.0, weight]]
    assert "Columns as in files of" in table.notes[0]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (COMEXT_OLD, "046,MT,0815,FJ,E,85051100,1,1,1,1,1,16,{flow},1,NO_SU,{time},{euros},{kg},0"),
        (COMEXT, "MT,FJ,E,85051100,1,1,1,1,1,16,{flow},{how},NO_SU,{time},{euros},9,{kg},0"),
    ],
    ids=["to-2019", "now"],
)
def test_comext_needs_a_rate_and_its_months_are_added(tmp_path: Path, head: str, row: str) -> None:
    """Euros, eight digits and months; procedures part a flow and never hold its total."""
    rows = "".join(
        row.format(flow=1, time=f"2018{month:02d}", euros=100, kg=500 + how, how=how) + "\n"
        for month in (1, 2)
        for how in (1, 4)
    )
    with pytest.raises(DataError, match=r"not in US dollars but in EUR") as error:
        read(tmp_path, f"{head}\n{rows}")
    assert "--rate EUR=DOLLARS" in error.value.hint
    table = read(tmp_path, f"{head}\n{rows}", rates={"EUR": 1.25})
    assert flows(table) == [["FJI", "MLT", 2018, 500.0, pytest.approx(2.010)]]
    ledger = {row.reason: row for row in table.ledger}
    assert ledger["finer-added"].n_rows == 2
    assert "there are 2 of 2018" in ledger["months-added"].title
    assert "part-of-total" not in ledger
    assert "Values in EUR count 1.25 US dollars for each, in every year." in table.notes[-1]
    assert table.options["rates"] == {"EUR": 1.25}


def test_numbers_of_a_publisher_are_nobody_elses(tmp_path: Path) -> None:
    """004 is Germany to Eurostat and Afghanistan to everybody else: only a table may say so."""
    text = "DECLARANT,PARTNER,PRODUCT_NC,FLOW,PERIOD,VALUE_IN_EUROS,QUANTITY_IN_KG\n"
    text += "004,0720,85051100,1,202201,100,5\n"
    with pytest.raises(DataError, match="stands for no country known 100.00%") as error:
        read(tmp_path, text, rates={"EUR": 1.0})
    assert "a country table may name them" in error.value.hint
    table = tmp_path / "geonom.csv"
    table.write_text("code,iso3\n004,DEU\n0720,CHN\n", encoding="utf-8")
    found = read(tmp_path, text, rates={"EUR": 1.0}, countries=table)
    assert flows(found) == [["CHN", "DEU", 2022, 100.0, 0.005]]


def test_values_of_any_currency_may_have_a_rate(tmp_path: Path) -> None:
    head = "exporter,importer,hs6,value_thousand_jpy_2021,value_thousand_jpy_2022\n"
    table = read(tmp_path, f"{head}FJI,MLT,850511,100,200\n", rates={"JPY": 0.01})
    assert table.frame["value_usd"].tolist() == [1000.0, 2000.0]
    assert sum("Values in JPY" in note for note in table.notes) == 1
    with pytest.raises(OptionError, match="rate of JPY must be above 0"):
        read(tmp_path, f"{head}FJI,MLT,850511,100,200\n", rates={"JPY": 0.0})
