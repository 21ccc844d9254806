"""Bypass: tiers, ways and who carries them, by hand and by law."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplynet as sn
from supplynet.analysis.flow.bypass import BypassResult
from supplynet.network.network import SupplyNetwork
from supplynet.network.tiers import TIERS
from tests.network.networks import small_networks


def tiers(result: BypassResult, element: str, figure: str = "without") -> list[float]:
    return [getattr(tier, figure) for tier in result[element].tiers]


def test_the_tutorial_by_hand(tutorial: SupplyNetwork) -> None:
    """Without Iceland 30 t on contracts, 30 t with what is planned, 40 t at most."""
    result = sn.bypass(tutorial, to="MLT", avoid="ISL", year=2024, tier="possible")
    assert [tier.name for tier in result["Nd"].tiers] == list(TIERS)
    assert tiers(result, "Nd") == pytest.approx([30, 30, 30, 40])
    assert tiers(result, "Nd", "with_all") == pytest.approx([150, 150, 150, 160])
    assert tiers(result, "Nd", "coverage") == pytest.approx([0.3, 0.3, 0.3, 0.4], rel=1e-5)
    assert tiers(result, "Dy") == [0, 0, 0, 0]
    assert tiers(result, "Dy", "with_all") == pytest.approx([15, 15, 15, 15])
    assert result.is_certified
    later = sn.bypass(tutorial, to="MLT", avoid="ISL", year=2026, element="Dy", tier="possible")
    assert tiers(later, "Dy") == pytest.approx([0, 15, 15, 15])


def test_who_owns_it_is_a_range(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(
        tutorial, to="MLT", avoid="ISL", lens="control", element="Nd", year=2024, tier="possible"
    )
    widest = result["Nd"].tiers[-1]
    assert (widest.low, widest.without, widest.high) == pytest.approx((10, 10, 40))
    assert result["Nd"].flow.value_if_unknown_open == pytest.approx(40)


def test_year_by_year(tutorial: SupplyNetwork) -> None:
    rows = sn.bypass(tutorial, to="MLT", avoid="ISL", element="Dy", year=2024, tier="possible")[
        "Dy"
    ].years
    assert [row["year"] for row in rows] == [2024, 2025, 2026]
    assert [row["committed"] for row in rows] == pytest.approx([0, 0, 15])
    assert [row["operating"] for row in rows] == [0, 0, 0]
    assert [row["demand"] for row in rows] == pytest.approx([10, 11, 12], rel=1e-4)
    assert rows[1]["demand_how"] == "interpolated between 2024 and 2026"


def test_countries_on_the_way(tutorial: SupplyNetwork) -> None:
    """Fiji carries all of it; Malta's own plant is no country on the way."""
    result = sn.bypass(tutorial, to="MLT", avoid="ISL", element="Nd", year=2024, tier="possible")
    assert result.via == ("FJI",)
    (share,) = result["Nd"].via_shares
    assert (share.via, share.through) == ("FJI", pytest.approx(40))
    assert share.alone == share.marginal == pytest.approx(40)
    assert result["Nd"].via_together.value == pytest.approx(40)


def test_named_countries_on_the_way(tutorial: SupplyNetwork) -> None:
    """Fiji's plants and Malta's maker: 30 t need Fiji alone, 10 t both."""
    result = sn.bypass(
        tutorial,
        to="MLT",
        avoid="ISL",
        element="Nd",
        via=["FJI", "MLT"],
        year=2024,
        tier="possible",
    )
    shares = {share.via: share for share in result["Nd"].via_shares}
    assert [share.via for share in result["Nd"].via_shares] == ["FJI", "MLT"]
    assert shares["MLT"].through == pytest.approx(10)
    assert shares["MLT"].alone == 0  # nothing reaches Malta's maker without Fiji
    assert shares["MLT"].marginal == pytest.approx(10)
    assert shares["FJI"].alone == pytest.approx(30)
    assert shares["FJI"].shapley == pytest.approx(35)
    assert shares["MLT"].shapley == pytest.approx(5)
    assert sn.bypass(
        tutorial, to="MLT", avoid="ISL", via="FJI,MLT", year=2024, tier="possible"
    ).via == ("FJI", "MLT")
    none = sn.bypass(
        tutorial, to="MLT", avoid="ISL", element="Nd", via=[], year=2024, tier="possible"
    )
    assert none["Nd"].via_shares == ()
    assert none["Nd"].to_dict()["via_together"] == 0.0


def test_a_lower_floor_leaves_tiers_out(tutorial: SupplyNetwork) -> None:
    for links, expected in {
        "possible": ["operating", "committed", "announced", "possible"],
        "planned": ["operating", "committed"],
        "contracted": ["operating"],
        "observed": ["observed"],
    }.items():
        result = sn.bypass(tutorial, to="MLT", avoid="ISL", links=links)
        assert [tier.name for tier in result["Nd"].tiers] == expected
        assert result["Nd"].flow.value == pytest.approx(result["Nd"].tiers[-1].without)


@given(small_networks(), st.sampled_from(["location", "control"]))
@settings(max_examples=15)
def test_law_tiers_and_shares(net: SupplyNetwork, lens: str) -> None:
    """Wider tiers carry no less; to avoid costs; shares add up to what the countries add."""
    countries = sorted({row.country for row in net.node_rows if row.stage != "nation"})
    result = sn.bypass(net, to="KOR", avoid="node:mine0", lens=lens, via=countries)
    for one in result.elements:
        without = [tier.without for tier in one.tiers]
        assert without == sorted(without)
        for tier in one.tiers:
            assert tier.without <= tier.with_all + 1e-9
            assert tier.low <= tier.without + 1e-9
            assert tier.without <= tier.high + 1e-9
        assert one.via_together.value <= one.flow.value + 1e-7
        for share in one.via_shares:
            assert share.through <= one.flow.value + 1e-7
            assert share.marginal <= share.through + 1e-7
            assert share.alone <= share.through + 1e-7
        if lens == "location":  # every plant is of one of the countries: without all, nothing
            total = sum(share.shapley for share in one.via_shares)
            assert total == pytest.approx(one.flow.value, abs=1e-7)


def test_ranges_by_year_hold_the_figures_and_agree_with_the_tiers(
    rare_earths: SupplyNetwork,
) -> None:
    result = sn.bypass(rare_earths, to="KOR", avoid="CHN", element="Dy", year=2030)
    one = result.elements[0]
    assert len(one.year_ranges) == len(one.years)
    for row, ranges in zip(one.years, one.year_ranges, strict=True):
        for tier in one.tiers:
            low, high = ranges[tier.name]
            assert low <= row[tier.name] * (1 + 1e-9) <= high * (1 + 1e-9) ** 2
            if row["year"] == 2030:
                assert (low, high) == pytest.approx((tier.low, tier.high))
