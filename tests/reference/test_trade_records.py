"""Published records: what they say of permanent magnets is what the package reads out of them.

The records are those of third parties and do not come with the package. The environment variable
SUPPLYNET_CASES names the folder that holds them, in ``data/trade`` and ``data/demand``.

BACI 2022 (CEPII, V202601), UN Comtrade 2022 and the table of trade 2019-2024. Published shares:
China's part of imports of HS 850511 by value in 2022 is 27.8 % for Japan, 77.9 % for the USA and
89.8 % for the EU; for South Korea in 2024 it is 87.4 % by value and 90.1 % by weight; of HS 280530
in 2023 it is 91.7 % for South Korea by BACI, 95.1 % by KIEP.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import supplynet as sn
from supplynet.questions.dependence import dependence
from supplynet.trade.clean import AreaTable, read_country_table
from supplynet.trade.concordance import concordance
from supplynet.trade.exposure import Dependence
from supplynet.trade.network import to_network
from supplynet.trade.read import read_trade
from tests.trade.made import as_made

POINT = 0.0011  # a figure printed with one digit after the point, in percent


def records(name: str) -> Path:
    folder = os.environ.get("SUPPLYNET_CASES")
    if not folder:
        pytest.skip("SUPPLYNET_CASES names no folder with the records of third parties")
    path = Path(folder) / "data" / name
    if not path.exists():
        pytest.skip(f"the folder of SUPPLYNET_CASES has no data/{name}")
    return path


def rows(path: Path, importers: str, **options: object) -> dict[tuple[str, str], Dependence]:
    table = read_trade(path, **options)  # type: ignore[arg-type]
    found = dependence(table.frame, on="CHN", importers=importers, unlisted=table.unlisted)
    return {(row.importer, row.measure): row for row in found.rows}


def test_shares_of_magnets_by_baci_2022() -> None:
    found = rows(
        records("trade/baci_hs17_2022_30codes.csv"), "JPN,USA,KOR", codes="850511", year=2022
    )
    assert found["JPN", "value"].direct_share == pytest.approx(0.278, abs=POINT)
    assert found["USA", "value"].direct_share == pytest.approx(0.779, abs=POINT)
    assert found["KOR", "value"].direct_share == pytest.approx(0.8727, abs=POINT)
    assert ("JPN", "weight") not in found, "the extract has no weights"


@pytest.mark.slow
def test_shares_of_magnets_by_comtrade_2022() -> None:
    found = rows(records("trade/comtrade_2022_31codes.csv.gz"), "EU,KOR,JPN", codes="850511")
    assert found["EU", "value"].direct_share == pytest.approx(0.898, abs=POINT)
    low, high = found["JPN", "value"].low, found["JPN", "value"].high
    assert low < 0.3 < 0.8 < high, "Japan buys from those who buy in China"


def test_korea_by_the_table_of_trade() -> None:
    path = records("demand/trade.csv")
    chosen = {"where": {"basis": "baci_fob"}, "max_unmapped": 1.0}
    magnets = rows(path, "KOR", codes="850511", year=2024, **chosen)
    assert magnets["KOR", "value"].direct_share == pytest.approx(0.874, abs=POINT)
    assert magnets["KOR", "weight"].direct_share == pytest.approx(0.901, abs=POINT)
    metal = rows(path, "KOR", codes="280530", year=2023, **chosen)["KOR", "value"]
    assert metal.direct_share == pytest.approx(0.917, abs=POINT)
    assert metal.low <= 0.951 <= metal.high, "what KIEP says lies in the range"


@pytest.mark.slow
def test_totals_of_comtrade_are_the_sums_of_their_partners() -> None:
    """Of four rows in five that part a total again, none is counted: to twelve digits."""
    table = read_trade(records("trade/comtrade_2022_31codes.csv.gz"), max_unmapped=1)
    assert table.options["world_gaps"]["value"] < 1e-9
    assert table.files[0].n_rows == 166_616
    counts = {row.reason: row.n_rows for row in table.ledger}
    assert counts["part-of-total"] > 120_000
    assert "added-up" not in counts
    assert "unmapped" not in counts
    gone = ("part-of-total", "same-row", "world-total", "nes", "self-trade", "zero", "flow")
    assert sum(counts.get(name, 0) for name in gone) == 166_616


def test_the_country_table_of_baci_agrees_with_ours() -> None:
    further = read_country_table(records("trade/baci_country_codes_V202601.csv"))
    plain, told = AreaTable(), AreaTable(further)
    codes = [code for code in further if code.isdigit()]
    assert {code: plain[code] for code in codes} == {code: told[code] for code in codes}
    assert not [code for code in codes if plain[code].kind == "unmapped"]
    assert plain["Plurinational State of Bolivia"].iso3 == "BOL"
    assert told["Bolivia (Plurinational State of)"].iso3 == "BOL"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("baci_hs17_2022_30codes.csv", "850511"),
        ("comtrade_2022_31codes.csv.gz", "280429:gas,850511"),
    ],
)
def test_published_records_are_valid_networks(name: str, codes: str) -> None:
    meaning = concordance(codes)
    table = read_trade(
        records(f"trade/{name}"), codes=[one.code for one in meaning.codes], year=2022
    )
    net = to_network(table, meaning, name="published")
    assert net.check(strict="all").ok
    bought = table.frame[table.frame["importer"] == "KOR"]["tonnes"].sum()
    flow = sn.flow(as_made(net), to="KOR", element="goods")
    assert flow.certificate.ok
    assert 0 < flow.value <= bought + table.frame[table.frame["exporter"] == "KOR"]["tonnes"].sum()
