"""Dependence year by year: months of crossing by hand, slips, and what a scenario brings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.time.progress import late_by, progress, reached
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.reports.results import document_of
from supplynet.reports.results_progress import progress_answer
from tests.analysis.time.networks import NEED, chains, with_scenarios
from tests.network.networks import added, changed

ASKED: dict[str, Any] = {"to": "KOR", "avoid": "AUS", "slip": (0, 1), "tier": "announced"}


def late_maker(start: int = 2025) -> SupplyNetwork:
    """The chains, of which the maker in VNM is being built, and a need of three years."""
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


def test_what_binds_is_named_where_anything_comes(half: sn.ProgressResult) -> None:
    first, second, _ = half.rows[:3]
    assert (first.served, first.worth) == (0.0, 0.0)
    assert second.served == pytest.approx(6 * NEED)
    assert second.step and second.worth > 0.0


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
    assert {"crossings", "years", "months"} == tables


def test_it_is_told_in_words(half: sn.ProgressResult) -> None:
    answer = progress_answer(half)
    assert "South Korea comes below a dependence of 60% in 2024-11 for goods (announced)." in answer
    assert "below 60% from 2024-11 on" in half.summary()
    row = half.crossings[0]
    first = replace(row, month="2024-01", earliest="2024-01", latest=None)
    together = replace(half, crossings=(first, replace(first, tier="building"), row))
    assert progress_answer(together).startswith(
        "South Korea is below a dependence of 60% from 2024-01 on (2024-01 to not by then) for "
        "goods (announced, building). South Korea comes below"
    )
    never = progress(late_maker(), **{**ASKED, "slip": 0}, year=(2024, 2025), below=0.4)
    assert "does not come below a dependence of 40% by 2025, with 50% left" in progress_answer(
        never
    )
    assert "not below 40%" in never.summary()


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


def test_dated_capacities_come_late_with_their_plant() -> None:
    step = {"node_id": "maker-vnm", "year": 2025, "capacity": 600.0, "unit": "t goods"}
    net = late_by(added(late_maker(), "capacities", step), 2)
    assert net.node("maker-vnm").start_year == 2027
    assert [row.year for row in net.rows("capacities")] == [2027]
    assert net.node("maker-aus") == chains().node("maker-aus")


@pytest.mark.parametrize(
    "words",
    [{"below": 1.0}, {"below": 0.0}, {"slip": -1}, {"slip": 11}, {"year": ()}, {"tier": ()}],
    ids=str,
)
def test_wrong_questions_are_refused(words: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        progress(late_maker(), **{**ASKED, **words})


def test_who_needs_nothing_depends_on_nothing() -> None:
    with pytest.raises(OptionError, match="knows no need of South Korea in these years"):
        progress(late_maker().replace(demand=[]), **ASKED, year=2024)
    with pytest.raises(OptionError, match="in these years for hardware"):
        progress(late_maker(), **ASKED, year=2024, form="hardware")


def test_no_flow_is_chosen_where_none_is_told(
    tutorial: SupplyNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is served of each form, and what holds it down, no choice among flows changes."""

    def refused(*_: object) -> None:
        raise AssertionError("a flow was chosen")

    asked = {"to": "MLT", "avoid": "ISL", "year": [2024, 2026], "slip": 0, "tier": "announced"}
    with monkeypatch.context() as patched:
        patched.setattr("supplynet.analysis.potential.programs.settle", refused)
        result = sn.progress(tutorial, **asked)
    answer = sn.potential(tutorial, to="MLT", avoid="ISL", year=2026, tier="announced")
    row = result.rows[-1]
    assert row.served == pytest.approx(answer.forms[0].served)
    assert row.dependence_low == pytest.approx(1.0 - answer.forms[0].coverage_high)
    assert row.step == max(answer.binding, key=lambda limit: limit.worth).name


def test_what_binds_most_is_a_limit_that_brings_more_by_itself(tutorial: SupplyNetwork) -> None:
    """Without Fiji mine and refinery both let 200 t pass, and no more of one of them helps."""
    result = sn.progress(tutorial, to="MLT", avoid="FJI", year=2026, slip=0, tier="building")
    assert (result.rows[0].step, result.rows[0].worth) == ("", 0.0)


def test_where_all_comes_at_first_no_half_is_to_be_made_good(tutorial: SupplyNetwork) -> None:
    for avoid, told in (("FJI", "all comes at first"), ("ISL", "not by then")):
        result = sn.progress(
            tutorial, to="MLT", avoid=avoid, year=[2024, 2026], slip=0, tier="building"
        )
        tables = {table.name: table.rows for table in document_of(result).tables()}
        assert [row["halves"] for row in tables["crossings"]] == [told]
        if avoid == "FJI":
            steps = [row["step"] for row in tables["years"]]
            assert steps == ["nothing", "no single limit"]
