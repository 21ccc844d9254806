"""Published indices, to the published digits.

GeoPolRisk: USA 2022, nickel (HS 260400), HHI 0.26749007657640966, import risk
0.0012076833631026191 and score 0.00032304331527637555, from geopolrisk-py (Koyamparambath et al.,
Journal of Open Source Software, 2025). Its import table is written out here by hand. Its production
table and the tables of the United States Geological Survey (Mineral Commodity Summaries 2025 and
2026, rare earths) are read where SUPPLYNET_CASES names the folder that holds them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from supplynet.analysis.editions import diff_tables
from supplynet.analysis.indices.concentration import concentration
from supplynet.analysis.indices.risk import Parameters, geopolrisk
from supplynet.analysis.indices.rows import Index
from supplynet.analysis.indices.supply import imports_of, supply_of
from supplynet.io.production import read_production
from supplynet.questions.indices.of_tables import read_flows

HHI, IMPORT_RISK, SCORE = 0.26749007657640966, 0.0012076833631026191, 0.00032304331527637555
# Imports of the USA, 2022, HS 260400: origin, t, (2.5 - political stability) / 5
NICKEL_IMPORTS = [
    ("BRA", 0.116, 0.566293179988861),
    ("CAN", 0.005, 0.34543719291687),
    ("CHN", 31.769, 0.588214725255966),
    ("FIN", 0.002, 0.321701657772064),
    ("FRA", 5.544, 0.433095175027847),
    ("ITA", 0.005, 0.417298924922943),
    ("NLD", 0.015, 0.356539034843444),
    ("ARE", 0.001, 0.359842932224273),
    ("GBR", 0.03, 0.399212181568145),
    ("ZMB", 0.008, 0.479537287354469),
]
DOMESTIC_NICKEL = 17_500.0

# Mine production of rare earths, 2024, t of rare-earth oxide: USGS, editions 2025 and 2026.
MCS2025 = {
    "USA": 45000,
    "AUS": 13000,
    "BRA": 20,
    "MMR": 31000,
    "CHN": 270000,
    "IND": 2900,
    "MDG": 2000,
    "MYS": 130,
    "NGA": 13000,
    "RUS": 2500,
    "THA": 13000,
    "VNM": 300,
    "Other countries": 1100,
    "World total (rounded)": 390000,
}
MCS2026 = {
    "USA": 45500,
    "AUS": 29000,
    "BRA": 560,
    "MMR": 27000,
    "CHN": 270000,
    "IND": 2900,
    "MDG": 1400,
    "MYS": 140,
    "NGA": 1500,
    "RUS": 2600,
    "THA": 2100,
    "VNM": 300,
    "Other countries": 1000,
    "World total": 380000,
}


def table(tonnes: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame({"country": list(tonnes), "year": 2024, "tonnes": list(tonnes.values())})


@pytest.fixture(scope="module")
def cases() -> Path:
    """The folder of the published tables."""
    root = os.environ.get("SUPPLYNET_CASES")
    if not root:
        pytest.skip("SUPPLYNET_CASES does not name the folder that holds cases/indices")
    folder = Path(root) / "cases" / "indices"
    if not folder.is_dir():
        pytest.skip(f"SUPPLYNET_CASES: there is no folder {folder}")
    return folder


def of_usa(world: pd.DataFrame, trade: pd.DataFrame) -> Index:
    """The score of the USA in 2022, of nickel."""
    words = {"year": 2022, "hs": ["260400"], "name": "USA"}
    bought = imports_of(trade, frozenset({"USA"}), **words)  # type: ignore[arg-type]
    return geopolrisk(supply_of(world, year=2022), bought, Parameters(), importer="USA")


def test_the_import_risk_of_nickel() -> None:
    frame = pd.DataFrame(
        [
            {
                "importer": "USA",
                "exporter": origin,
                "hs6": "260400",
                "year": 2022,
                "tonnes": tonnes,
                "governance_risk": risk,
            }
            for origin, tonnes, risk in NICKEL_IMPORTS
        ]
    )
    world = pd.DataFrame({"country": ["USA"], "year": [2022], "tonnes": [DOMESTIC_NICKEL]})
    found = of_usa(world, frame)
    assert found.input("import risk").value == IMPORT_RISK


def test_nickel_from_the_published_tables(cases: Path) -> None:
    found = of_usa(
        read_production(cases / "geopolrisk_production_nickel.csv"),
        read_flows(cases / "geopolrisk_trade_usa_2022.csv"),
    )
    assert found.input("HHI").value == HHI
    assert found.input("import risk").value == IMPORT_RISK
    assert found.value == SCORE
    assert found.low == found.value == found.high


@pytest.mark.parametrize(("edition", "published"), [(MCS2025, 4923.6), (MCS2026, 5192.4)])
def test_the_concentration_of_rare_earth_mining(
    edition: dict[str, float], published: float
) -> None:
    """All rows but the rounded world total, which is no denominator."""
    found = concentration(supply_of(table(edition)))
    assert found.value == pytest.approx(published, abs=0.05)
    assert any("not used as a denominator" in flag for flag in found.flags)


def test_the_revision_of_2024_between_editions() -> None:
    found = diff_tables(table(MCS2025), table(MCS2026))
    by_code = {one.country: (one.before, one.after) for one in found.changed}
    assert by_code["AUS"] == (13_000, 29_000)
    assert by_code["NGA"] == (13_000, 1_500)
    assert by_code["THA"] == (13_000, 2_100)


def test_the_same_from_the_published_tables(cases: Path) -> None:
    before, after = (
        read_production(cases / f"usgs_mcs{year}_rare_earths.csv") for year in (2025, 2026)
    )
    found = diff_tables(before, after)
    by_hand = diff_tables(table(MCS2025), table(MCS2026))
    assert {one.country: (one.before, one.after) for one in found.changed if one.change} == {
        one.country: (one.before, one.after) for one in by_hand.changed
    }
    hhi = next(one for one in found.headlines if one.name == "HHI")
    assert (round(hhi.before or 0, 1), round(hhi.after or 0, 1)) == (4923.6, 5192.4)
