"""Documents of trade records: every figure with its unit and its doubt, untrusted names as text."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from supplynet.errors import DataError
from supplynet.network.countries import places_named
from supplynet.reports.data_writers import to_json
from supplynet.reports.markdown import to_markdown
from supplynet.reports.results_trade import of_dependence, of_import
from supplynet.trade.concordance import concordance
from supplynet.trade.exposure import dependence
from supplynet.trade.network import to_network
from supplynet.trade.read import read_trade
from supplynet.trade.table import TradeTable

EXTRACTS = Path(__file__).parents[1] / "trade" / "extracts"
MEANING = concordance("850511")
CHAIN = pd.DataFrame(
    [
        ("MLT", "FJI", "850511", 2024, 60.0, 3.0),
        ("MLT", "ISL", "850511", 2024, 40.0, 1.0),
        ("ISL", "FJI", "850511", 2024, 20.0, 1.0),
    ],
    columns=["importer", "exporter", "hs6", "year", "value_usd", "tonnes"],
)


@pytest.fixture(scope="module")
def comtrade() -> TradeTable:
    return read_trade(EXTRACTS / "comtrade_new.csv", codes="850511", year=2022)


def test_an_import_says_what_was_read_and_left_out(comtrade: TradeTable) -> None:
    net = to_network(comtrade, MEANING, name="mine")
    text = to_markdown(of_import(comtrade, MEANING, net))
    for words in (
        "10 rows read from comtrade\\_new.csv",
        "3 flows between countries, worth 0.329 million US dollars",
        "0.2% of the value is left out",
        "The importer's report counts",
        "is estimated from the value",
        "Totals over all partners miss the sum of the partners by 0%",
        "| Areas not elsewhere specified | left out | 1 |",
        "All metal magnets",
        "Two reports of one flow",
        "No country both bought and sold",
        "The network has",
    ):
        assert words in text
    assert to_json(of_import(comtrade, MEANING)).startswith("{")


def test_an_import_of_weights_alone_speaks_of_no_value(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "year,exporter,importer,hs6,tonnes\n2021,FJI,MLT,850511,5\n2021,MLT,ISL,850511,2\n",
        encoding="utf-8",
    )
    table = read_trade(path, codes="850511")
    document = of_import(table, MEANING, to_network(table, MEANING, name="light"))
    text = to_markdown(document)
    assert "2 flows between countries; 0% of the weight is left out" in text
    assert "7 t in all, by weight alone" in text
    assert "The records give no values" in text
    assert "nan" not in text.lower()
    assert '"hubs": []' in to_json(document)
    found = dependence(table.frame, on="FJI", importers="ISL", records=table.provenance)
    assert {row.measure for row in found.rows} == {"weight"}


def test_an_import_names_hubs_and_weights() -> None:
    table = read_trade(EXTRACTS / "plain.csv", codes="850511")
    text = to_markdown(of_import(table, MEANING))
    assert "| 850511 | Philippines |" in text
    assert "all of it weighed by customs" in text
    assert "one figure a flow" in text
    assert "Two reports" not in text


def test_known_entrepots_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "exporter,importer,hs6,year,value_usd\nFJI,HKG,850511,2024,9\nHKG,MLT,850511,2024,9\n"
    )
    table = read_trade(path, codes="850511")
    assert "known place of re-exports" in to_markdown(of_import(table, MEANING))


def flows(**columns: object) -> pd.DataFrame:
    frame = pd.DataFrame(
        [("CHN", "JPN", 60.0, 6.0), ("PHL", "JPN", 40.0, 4.0), ("CHN", "PHL", 20.0, 2.0)],
        columns=["exporter", "importer", "value_usd", "tonnes"],
    )
    return frame.assign(hs6="850511", year=2022).assign(**columns)


def test_a_dependence_shows_both_measures_and_the_range() -> None:
    text = to_markdown(of_dependence(dependence(flows(), on="CHN", importers="JPN,EU")))
    assert "Dependence on China" in text
    assert "## By value" in text and "## By weight" in text
    assert "60% to 80%" in text
    assert "HS 850511, 2022." in text
    assert "| Japan | value | Philippines | 40% | 50% | 100% | 20% |" in text
    assert "| EU | 0 | - | - |" in text


def test_declared_hubs_show_the_low_end_before_and_after() -> None:
    text = to_markdown(of_dependence(dependence(CHAIN, on="FJI", importers="MLT", hubs="ISL")))
    assert "Low end if none passed on" in text
    plain = to_markdown(of_dependence(dependence(CHAIN, on="FJI", importers="MLT")))
    assert "Low end if none passed on" not in plain


def test_a_dependence_names_its_records_and_whose_report_counts() -> None:
    table = read_trade(EXTRACTS / "comtrade_new.csv", codes="850511", year=2022)
    found = dependence(
        table.frame, on="CHN", importers="KOR", records={**table.provenance, "notes": ["So."]}
    )
    text = to_markdown(of_dependence(found))
    assert "Records: comtrade\\_new.csv (SHA-256 " in text
    assert "The importer's report counts" in text
    assert "- So." in text


def test_several_codes_and_years_get_columns() -> None:
    frame = pd.concat([flows(), flows(hs6="280530", year=2023)])
    result = dependence(frame, on="CHN", importers="JPN", hubs="PHL")
    text = to_markdown(of_dependence(result))
    assert "| Importer | HS code | Year |" in text
    assert "Philippines taken to pass on" in text


def test_a_dependence_without_weights_says_so() -> None:
    frame = flows(tonnes=float("nan"))
    text = to_markdown(of_dependence(dependence(frame, on="CHN", importers="JPN")))
    assert "nothing can be said by weight" in text


def test_doubts_of_the_weights_and_of_missing_suppliers_are_told() -> None:
    frame = flows(tonnes=[6.0, float("nan"), 2.0], tonnes_how=["estimated", "missing", "reported"])
    more = pd.DataFrame(
        [("JPN", "850511", 2022, 100.0, 0.0)],
        columns=["importer", "hs6", "year", "value_usd", "tonnes"],
    )
    text = to_markdown(of_dependence(dependence(frame, on="CHN", importers="JPN", unlisted=more)))
    assert "up to 100% of a row's tonnes are estimated" in text
    assert "for as little as 60% of a row's value the weight is known" in text
    assert "up to 50% of a row's imports come from suppliers that are not listed" in text


def test_records_without_a_flow_are_refused() -> None:
    with pytest.raises(DataError, match="hold no flow between two countries"):
        dependence(flows()[:0], on="CHN", importers="JPN")


def test_places_are_named_for_a_reader() -> None:
    assert places_named("CHN,EU, VNM") == "China, EU and Vietnam"
