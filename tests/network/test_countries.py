"""Country codes, names and blocs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.network.countries import (
    BLOCS,
    area,
    country_codes,
    country_name,
    is_country,
)


def test_every_member_of_a_bloc_is_a_country() -> None:
    """EUU is the European Union as an area of its own, which graphs declare."""
    for name, members in BLOCS.items():
        assert len(set(members)) == len(members), name
        assert all(is_country(code, {"EUU": "European Union"}) for code in members), name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("KOR", "South Korea"),
        ("VNM", "Vietnam"),
        ("AUS", "Australia"),
        ("GBR", "United Kingdom"),
        ("unknown", "unknown"),
        ("EUU", "EU"),  # what is left of a bloc, where no graph names it
        ("XXX", "XXX"),
    ],
)
def test_names_that_readers_use(code: str, name: str) -> None:
    assert country_name(code) == name


def test_codes_are_those_of_iso() -> None:
    codes = country_codes()
    assert len(codes) == len(set(codes)) >= 240
    assert {"KOR", "CHN", "NAM"} <= set(codes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Burma", "MMR"),
        ("Russia ", "RUS"),
        ("Cote d'Ivoire", "CIV"),
        ("Côte d'Ivoire", "CIV"),
        ("Congo (Kinshasa)", "COD"),
        ("Congo, D.R.", "COD"),
        ("Congo (Brazzaville)", "COG"),
        ("Korea, Republic of", "KOR"),
        ("Rep. of Korea", "KOR"),
        ("Korea, North", "PRK"),
        ("Dem. People's Rep. of Korea", "PRK"),
        ("Lao People's Dem. Rep.", "LAO"),
        ("Türkiye", "TUR"),
        ("Turkey", "TUR"),
        ("United Rep. of Tanzania", "TZA"),
        ("Solomon Isds", "SLB"),
        ("The Netherlands", "NLD"),
        ("Viet Nam", "VNM"),
        ("Kosovo", "XKX"),
        ("deu", "DEU"),
        ("842", "USA"),
        ("36", "AUS"),
        ("490", "TWN"),
        ("Other Asia, nes", "TWN"),
        ("South Africa", "ZAF"),
        ("American Samoa", "ASM"),
    ],
)
def test_names_and_numbers_of_statistics_are_known(text: str, code: str) -> None:
    assert (area(text).code, area(text).kind) == (code, "country")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("World total (rounded)", "total"),
        ("World total", "total"),
        ("Total", "total"),
        ("Grand total", "total"),
        ("Other countries", "other"),
        ("Other Countries", "other"),
        ("Others", "other"),
        ("Rest of the world", "other"),
        ("European Union", "group"),
        ("EU27", "group"),
        ("Africa", "group"),
        ("Atlantis", "country"),
        ("12345", "country"),
    ],
)
def test_sums_are_told_from_countries(text: str, kind: str) -> None:
    """A total among the suppliers would halve every share."""
    assert area(text).kind == kind
    assert area(text).code == ""


def test_every_country_is_found_by_its_code_and_by_its_own_name() -> None:
    for code in country_codes():
        assert area(code).code == code
        assert area(country_name(code)).code == code


@given(st.text(max_size=30))
def test_any_text_is_something(text: str) -> None:
    found = area(text)
    assert found.kind in ("country", "other", "total", "group")
    assert found.code == "" or found.kind == "country"
