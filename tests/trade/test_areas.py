"""Codes of countries: numbers, letters, and the areas that customs use instead of countries."""

from __future__ import annotations

import pytest

from supplynet.network.countries import BLOCS, is_country
from supplynet.trade.clean import AreaTable, shipped_areas


@pytest.mark.parametrize(
    ("code", "kind", "iso3"),
    [
        ("410", "country", "KOR"),
        ("036", "country", "AUS"),
        ("36", "country", "AUS"),
        ("kor", "country", "KOR"),
        ("KR", "country", "KOR"),
        ("Viet Nam", "country", "VNM"),
        ("vietnam", "country", "VNM"),
        ("842", "country", "USA"),
        ("699", "country", "IND"),
        ("490", "renamed", "TWN"),
        ("S19", "renamed", "TWN"),
        ("0", "world", ""),
        ("W00", "world", ""),
        ("899", "nes", ""),
        ("410.0", "country", "KOR"),
        ("Rep. of Korea", "country", "KOR"),
        ("China, Hong Kong SAR", "country", "HKG"),
        ("Burma", "country", "MMR"),
        ("Sudan", "country", "SDN"),
        ("383", "area", "XKX"),
        ("Kosovo", "area", "XKX"),
        ("Other Asia, nes", "renamed", "TWN"),
        ("World", "world", ""),
        ("All countries", "world", ""),
        ("Areas, nes", "nes", ""),
        ("North America and Central America, nes", "nes", ""),
        ("Other countries", "nes", ""),
        ("Bunkers", "nes", ""),
        ("97", "group", "EU"),
        ("European Union", "group", "EU"),
        ("Sub total", "group", ""),
        ("891", "area", "SCG"),
        ("EL", "country", "GRC"),
        ("XS", "country", "SRB"),
        ("XK", "area", "XKX"),
        ("XI", "renamed", "GBR"),
        ("QU", "nes", ""),
        ("QA", "country", "QAT"),
        ("", "unmapped", ""),
        ("Atlantis", "unmapped", ""),
    ],
)
def test_a_code_stands_for(code: str, kind: str, iso3: str) -> None:
    found = AreaTable()[code]
    assert (found.kind, found.iso3) == (kind, iso3)


def test_every_shipped_country_is_one() -> None:
    """A wrong row of the table would send trade to a country that does not exist."""
    for code, area in shipped_areas().items():
        if area.kind in ("country", "renamed"):
            assert is_country(area.iso3), code
        elif area.kind == "group":
            assert area.iso3 in BLOCS, code
        elif area.kind == "area":
            assert len(area.iso3) == 3 and not is_country(area.iso3), code
        else:
            assert area.iso3 == "", code


def test_a_further_table_names_codes_and_leads_to_areas() -> None:
    table = AreaTable({"1001": "FJI", "1002": "R20", "1003": "nowhere"})
    assert table["1001"].iso3 == "FJI"
    assert table["1002"].kind == "nes"
    assert table["1003"].kind == "unmapped"
