"""Documents of trade records: every figure with its unit and its doubt, untrusted names as text."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplynet.reports.data_writers import to_json, to_markdown
from supplynet.reports.results_trade import of_import
from supplynet.trade.concordance import concordance
from supplynet.trade.network import to_network
from supplynet.trade.read import read_trade
from supplynet.trade.table import TradeTable

EXTRACTS = Path(__file__).parents[1] / "trade" / "extracts"
MEANING = concordance("850511")


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
