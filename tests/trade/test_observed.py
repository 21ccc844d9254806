"""Dependence by a network of customs records: both ends, as the records themselves say."""

from __future__ import annotations

from pathlib import Path

import pytest

from supplynet.errors import DataError, OptionError
from supplynet.questions.dependence import dependence, dependence_of
from supplynet.trade.concordance import concordance
from supplynet.trade.network import to_network
from supplynet.trade.read import read_trade

EXTRACTS = Path(__file__).parents[1] / "trade" / "extracts"


@pytest.fixture(scope="module")
def table():
    return read_trade(EXTRACTS / "plain.csv", codes="850511")


@pytest.fixture(scope="module")
def net(table):
    return to_network(table, concordance("850511:magnet"), name="mine", goods="magnets")


def test_the_network_says_what_its_records_say(table, net) -> None:
    of_records = dependence(table.frame, on="CHN", importers="JPN,KOR")
    wanted = {
        (row.importer, row.year): (row.total, row.direct, row.low, row.high)
        for row in of_records.rows
        if row.measure == "weight"
    }
    for year in (2023, 2024):
        found = dependence_of(net, on="CHN", importers="JPN,KOR", year=year)
        assert {row.measure for row in found.rows} == {"weight"}
        for row in found.rows:
            ends = (row.total, row.direct, row.low, row.high)
            assert ends == pytest.approx(wanted[row.importer, year])
    assert any("makes or mines itself is in no record" in note for note in found.notes)


def test_what_is_not_there_is_told(net, tutorial) -> None:
    with pytest.raises(OptionError, match="no 'ore' crosses borders"):
        dependence_of(net, on="CHN", importers="JPN", form="ore")
    with pytest.raises(OptionError, match="year 1999 lies outside"):
        dependence_of(net, on="CHN", importers="JPN", year=1999)
    with pytest.raises(DataError, match="observed no link between countries"):
        dependence_of(tutorial.replace(edges=()), on="FJI", importers="MLT")
