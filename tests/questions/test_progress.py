"""Dependence year by year: months of crossing by hand, slips, and what a scenario brings."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.network.network import SupplyNetwork
from supplynet.questions.progress import progress, reached
from supplynet.reports.results import document_of
from tests.analysis.time.networks import NEED, chains, with_scenarios
from tests.network.networks import added, changed

ASKED: dict[str, Any] = {"to": "KOR", "avoid": "AUS", "slip": (0, 1), "tier": "announced"}


def late_maker(start: int = 2025) -> SupplyNetwork:
    """The chains, of which the maker in VNM is being built, and a demand of three years."""
    net = changed(
        chains(),
        "nodes",
        lambda node: node.id == "maker-vnm",
        status="construction",
        start_year=start,
    )
    (row,) = net.rows("demand")
    for year in (2025, 2026):
        net = added(net, "demand", {**row.model_dump(), "year": year})
    return net


@pytest.fixture(scope="module")
def half() -> sn.ProgressResult:
    """Nothing comes before 2025, from then on half."""
    return progress(late_maker(), **ASKED, year=(2024, 2025, 2026), below=0.6)


def test_a_plant_that_comes_late_moves_the_month(half: sn.ProgressResult) -> None:
    """From 1 in January 2024 to 0.5 in January 2025: 0.6 is passed after 9.6 months."""
    assert [row.dependence for row in half.rows] == pytest.approx([1.0, 0.5, 0.5, 1.0, 1.0, 0.5])
    assert [row.month for row in half.crossings] == ["2024-11", "2025-11"]
    assert [row.earliest for row in half.crossings] == ["2024-11", "2025-11"]
    assert [row.halves for row in half.crossings] == [None, None]  # half, and no more
    assert [row.last for row in half.crossings] == pytest.approx([0.5, 0.5])
    assert all(row.dependence_low <= row.dependence <= row.dependence_high for row in half.rows)
    assert half.certificate.ok


def test_a_scenario_is_told_month_by_month() -> None:
    """Without the maker in VNM nothing comes; the scenario opens it from 2025 on."""
    net = changed(late_maker(), "nodes", lambda node: node.id == "maker-vnm", status="closed")
    opened = {
        "change": [{"verb": "open", "nodes": "maker-vnm", "from_year": 2025, "reason": "open"}]
    }
    net = with_scenarios(net, opened=sn.Scenario.from_dict(opened, name="opened"))
    result = progress(net, **{**ASKED, "slip": 0}, year=(2024, 2026), scenario="opened")
    assert [row.before for row in result.rows] == pytest.approx([0.0, 0.0])
    assert len(result.months) == 24
    assert [row.effect for row in result.months[::12]] == pytest.approx([0.0, NEED / 4])
    tables = {table.name for table in document_of(result).tables()}
    assert {"crossings", "rows", "months"} == tables


@pytest.mark.parametrize(
    ("values", "level", "month"),
    [
        ([0.4, 0.3, 0.2], 0.5, "2024-01"),  # from the first on
        ([1.0, 0.4, 0.8], 0.5, None),  # and up again
        ([1.0, 0.75, 0.25], 0.5, "2025-08"),  # half of the way, and below it
    ],
)
def test_a_level_is_reached_when_it_is_kept(
    values: list[float], level: float, month: str | None
) -> None:
    found = reached([2024, 2025, 2026], values, level)
    assert month == (None if found is None else str(found))


def test_what_binds_most_is_a_limit_that_brings_more_by_itself(tutorial: SupplyNetwork) -> None:
    """Without Fiji mine and refinery both let 200 t pass, and no more of one of them helps."""
    result = sn.coverage.progress(
        tutorial, to="MLT", avoid="FJI", year=2026, slip=0, tier="committed"
    )
    assert (result.rows[0].step, result.rows[0].worth) == ("", 0.0)
