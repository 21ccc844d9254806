"""Country codes, names and blocs."""

from __future__ import annotations

import pytest

from supplynet.network.countries import BLOCS, country_codes, country_name, is_country


def test_every_member_of_a_bloc_is_a_country() -> None:
    """EUU is the European Union as an area of its own, which graphs declare."""
    for name, members in BLOCS.items():
        assert len(set(members)) == len(members), name
        assert all(is_country(code, {"EUU": "European Union"}) for code in members), name


def test_sizes_of_the_blocs() -> None:
    """27 members of the EU and EUU; G7; 10 of BRICS; 11 of ASEAN with Timor-Leste."""
    sizes = {name: len(members) for name, members in BLOCS.items()}
    assert sizes["EU"] == 28
    assert sizes["G7"] == 7
    assert sizes["BRICS"] == 10
    assert sizes["ASEAN"] == 11
    assert "KOR" in BLOCS["MSP"]
    assert "CHN" not in BLOCS["MSP"]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("KOR", "South Korea"),
        ("VNM", "Vietnam"),
        ("AUS", "Australia"),
        ("GBR", "United Kingdom"),
        ("unknown", "unknown"),
        ("XXX", "XXX"),
    ],
)
def test_names_that_readers_use(code: str, name: str) -> None:
    assert country_name(code) == name


def test_a_graph_names_its_own_areas() -> None:
    areas = {"EUU": "European Union", "VNM": "Viet Nam"}
    assert country_name("EUU", areas) == "European Union"
    assert country_name("VNM", areas) == "Viet Nam"
    assert is_country("EUU", areas)
    assert not is_country("EUU")
    assert not is_country("kor")


def test_codes_are_those_of_iso() -> None:
    codes = country_codes()
    assert len(codes) == len(set(codes)) >= 240
    assert {"KOR", "CHN", "NAM"} <= set(codes)
