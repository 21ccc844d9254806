"""What the graph of gallium and germanium says: by-products, licences and the ways round."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

import supplynet as sn
from supplynet import verify
from supplynet.network.network import SupplyNetwork
from supplynet.network.selector import select
from supplynet.network.timeline import holds
from supplynet.questions.calibrate import CalibrationResult
from supplynet.reports.build import report
from supplynet.reports.data_writers import to_json

README = Path(__file__).parents[1] / "graphs" / "gallium-germanium" / "README.md"


@pytest.fixture(scope="module")
def net() -> SupplyNetwork:
    return sn.load("gallium-germanium")


@pytest.fixture(scope="module")
def calibrated(net: SupplyNetwork) -> CalibrationResult:
    return sn.graph.calibrate(net)


def most(net: SupplyNetwork, to: str, element: str, **words: Any) -> float:
    usual = {} if {"links", "plants", "tier"} & words.keys() else {"tier": "possible"}
    return sn.flow(net, to=to, element=element, **usual, **words).value


def test_what_china_made_adds_up(net: SupplyNetwork) -> None:
    """USGS: 750 of 760 t of primary gallium in 2024."""
    made: dict[str, float] = defaultdict(float)
    for row in net.rows("production"):
        if row.year == 2024 and row.unit == "t Ga":  # type: ignore[attr-defined]
            made[net.node(row.node_id).country] += row.production  # type: ignore[attr-defined]
    assert made["CHN"] == pytest.approx(750, rel=0.01)
    assert sum(made.values()) == pytest.approx(760, rel=0.01)


def test_a_host_that_brings_less_brings_less_of_its_by_product(net: SupplyNetwork) -> None:
    """Red Dog's zinc feeds Trail's germanium: with half of it Trail makes half."""
    words: dict[str, Any] = {"to": "USA", "element": "Ge", "avoid": "CHN", "year": 2026}
    words["plants"] = "operating"
    whole = most(net, **words)
    cut = net.with_scenario("zinc-smelters-cut:left=0.5")
    lost = whole - most(cut, **words)
    assert lost > 4.0
    assert lost < 0.5 * whole


def test_trade_of_two_years_is_observed(net: SupplyNetwork) -> None:
    """Chinese customs: 60.88 and 62.615 t of gallium, 29.389 t of germanium in 2024."""
    totals: dict[tuple[str, int], float] = defaultdict(float)
    exports = [
        rule
        for rule in net.rule_rows
        if rule.id.startswith(("chn-gallium-", "chn-germanium-"))
        and rule.id != "chn-germanium-usa-way"
        and rule.observed is not None
    ]
    for rule in exports:
        element = "Ga" if rule.unit == "t Ga" else "Ge"
        for year in (2024, 2025):
            if holds(rule, year):
                totals[element, year] += rule.observed or 0.0
    assert totals["Ga", 2024] == pytest.approx(60.88)
    assert totals["Ga", 2025] == pytest.approx(62.615)
    assert totals["Ge", 2024] == pytest.approx(29.389)
    assert 6 <= totals["Ge", 2025] <= 18


def test_the_ban_takes_what_went_to_the_united_states_and_ends(net: SupplyNetwork) -> None:
    banned = net.with_scenario("china-ban-usa-2024:reach=0")
    words: dict[str, Any] = {"to": "USA", "links": "observed"}
    for element in ("Ga", "Ge"):
        assert most(banned, element=element, year=2025, **words) < most(
            net, element=element, year=2025, **words
        )
        assert most(banned, element=element, year=2026, **words) == pytest.approx(
            most(net, element=element, year=2026, **words)
        )


def test_published_figures_come_out_or_say_why(calibrated: CalibrationResult) -> None:
    page = " ".join(README.read_text(encoding="utf-8").split())
    assert calibrated.certificate.ok
    assert len(calibrated.held_out) >= len(calibrated.fitted)
    assert all(one.is_within for one in calibrated.fitted)
    assert sum(one.is_within for one in calibrated.held_out) >= 12
    for one in calibrated.targets:
        assert f"`{one.id}`" in page, one.id
        if not one.is_within:
            assert len(one.cause) > 40, one.id


def test_world_totals_are_those_published(calibrated: CalibrationResult) -> None:
    """Primary gallium within a tenth; germanium between its two public counts."""
    found = {one.id: one.model for one in calibrated.targets}
    assert found["ga-world-2024"] == pytest.approx(760, rel=0.1)
    assert found["ga-chn-2024"] == pytest.approx(750, rel=0.1)
    germanium = found["ge-world-2024"]
    assert germanium is not None
    assert 140 <= germanium <= 225


def test_the_baseline_is_what_calibrate_writes(
    net: SupplyNetwork, calibrated: CalibrationResult
) -> None:
    shipped = {
        (row.year, row.what, row.source, row.target, row.rule, row.form, row.item): row.flow  # type: ignore[attr-defined]
        for row in net.rows("baseline")
    }
    assert len(shipped) == len(calibrated.baseline)
    for row in calibrated.baseline:
        key = (row.year, row.what, row.source, row.target, row.rule, row.form, row.item)
        assert shipped[key] == pytest.approx(row.flow, abs=1e-3), key


def test_a_corridor_in_tonnes_of_one_element_has_no_maker_of_the_other(net: SupplyNetwork) -> None:
    """A plant for both would let the other pass on a limit that is not its own."""
    other = {"t Ga": "germanium", "t Ge": "gallium"}
    for rule in net.rule_rows:
        if rule.capacity is not None:
            assert rule.unit is not None
            for source in select(net, rule.source).surely:
                assert other[rule.unit] not in net.node(source).makes, (rule.id, source)


@pytest.mark.parametrize(
    ("objective", "year", "avoid"),
    [
        pytest.param("fair", None, "", id="a figure that is small against what moves"),
        pytest.param("observed", None, "", id="pins that leave no room but a wider one"),
        pytest.param("max_supply", 2030, "CHN", id="figures that are settled but for rounding"),
    ],
)
def test_ranges_of_a_balance_are_what_their_programs_prove(
    net: SupplyNetwork, objective: str, year: int | None, avoid: str
) -> None:
    result = sn.allocate(net, objective=objective, year=year, avoid=avoid or None)
    told = verify.verify(json.loads(to_json(report(result).document)))
    assert [what for word, what in told if word == "FAILS"] == []
    assert [word for word, _ in told].count("holds") == 4
