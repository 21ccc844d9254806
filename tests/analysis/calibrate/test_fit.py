"""Calibration: answers worked out by hand, held-out figures left alone, clashes refused."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

import supplynet as sn
from supplynet.errors import InfeasibleError, TableError
from supplynet.network.network import SupplyNetwork
from supplynet.questions.calibrate import CalibrationResult
from supplynet.reports.results import document_of
from tests.analysis.calibrate.networks import MINED, SHARE, rule, simple


def _model(result: CalibrationResult, name: str) -> float | None:
    return next(one.model for one in result.targets if one.id == name)


def _residual(result: CalibrationResult, what: str) -> list[tuple[float, float]]:
    return [(one.observed, one.flow) for one in result.residuals if one.what == what]


def test_without_targets_the_tables_alone_are_fitted_to() -> None:
    """Both nations can have all that they ask for."""
    result = sn.graph.calibrate(simple())
    assert list(result.years) == [2024]
    assert _residual(result, "demand") == [(60.0, pytest.approx(60.0)), (60.0, pytest.approx(60.0))]
    assert result.deviation["2024"] == pytest.approx(0.0)
    assert result.targets == ()
    assert result.certificate.ok


def test_a_share_and_a_quantity_come_out() -> None:
    """Korea buys three quarters from China; 120 t are mined, as much as is asked for.

    10 t of a demand of 60 t, which is estimated, are 10/12 of a tolerance and 10/3 of a twentieth
    of what the nation asks for; 10 t of what is mined are one tolerance. Of a target that weighs
    five times as much it would be the other way round.
    """
    result = sn.graph.calibrate(simple(SHARE, MINED))
    assert _model(result, "kor-chn") == pytest.approx(0.75)
    assert _model(result, "mined") == pytest.approx(120.0)
    assert result.deviation["2024"] == pytest.approx(1.0)
    heavy = sn.graph.calibrate(simple(SHARE, {**MINED, "weight": 5.0}))
    assert _model(heavy, "mined") == pytest.approx(110.0)
    assert heavy.deviation["2024"] == pytest.approx(10.0 / 12.0 + 10.0 / 3.0)


def test_the_median_of_contradictory_figures_is_taken() -> None:
    """Least absolute deviations: of 20, 30 and 90 t for one flow, 30 t."""
    outputs = [
        {"node_id": "mine-a", "year": 2024, "production": 30, "unit": "t ore"},
        {"node_id": "plant-a", "year": 2024, "production": 90, "unit": "t"},
    ]
    net = simple(
        production=outputs,
        demand=[
            {
                "nation": "KOR",
                "use": "all",
                "product": "goods",
                "year": 2024,
                "quantity": 90,
                "unit": "t",
            }
        ],
        rules=[rule("goods", "node:plant-a", "nation", capacity=20, observed=20, unit="t")],
    )
    # a corridor's tonnage is its limit as well, and nothing is thrown away
    result = sn.graph.calibrate(net)
    assert _residual(result, "corridor") == [(20.0, pytest.approx(20.0))]
    assert _residual(result, "output")[0] == (30.0, pytest.approx(30.0, rel=1e-5))


def made(**stocked: float) -> list[dict[str, Any]]:
    """What the mines brought up: 90 t each, for 120 t of goods that are asked for."""
    rows = [{"node_id": f"mine-{one}", "year": 2024, "unit": "t ore"} for one in "ac"]
    return [
        {**row, "production": 90, "stocked": stocked.get(row["node_id"][-1], 0)} for row in rows
    ]


def leaving(result: CalibrationResult) -> dict[str, float]:
    """Tonnes of ore that leave each mine."""
    return {
        row.source: row.flow for row in result.baseline if row.what == "flow" and row.form == "ore"
    }  # type: ignore[misc]


def test_what_is_mined_leaves_its_mine() -> None:
    """180 t are mined for 120: all goes to plants, which send 60 t nowhere, and that is said."""
    result = sn.graph.calibrate(simple(production=made()))
    assert leaving(result) == pytest.approx({"mine-a": 90.0, "mine-c": 90.0})
    told = {str(row.source): row.flow for row in result.baseline if row.what == "unplaced"}
    assert sum(told.values()) == pytest.approx(60.0)
    assert told.keys() <= {"plant-a", "plant-c"}
    text = str(document_of(result).sections)
    assert "of what is mined or collected 60 t of 180 t (33%)" in text
    assert result.certificate.ok


def test_a_target_of_mines_is_judged_by_what_leaves_them() -> None:
    """150 t at the least, of which plants use 120: the mines send all of it on."""
    mined = {**MINED, "value": 160.0, "value_low": 150.0, "value_high": 170.0}
    result = sn.graph.calibrate(simple(mined))
    (fit,) = result.targets
    assert fit.model == pytest.approx(sum(leaving(result).values()))
    assert fit.is_within


def test_held_out_figures_change_nothing() -> None:
    """The same flows to the last bit, whatever a check says."""
    fitted = sn.graph.calibrate(simple(SHARE))
    check = {**MINED, "used_for": "check", "value": 5.0, "value_low": 4.0, "value_high": 6.0}
    both = sn.graph.calibrate(simple(SHARE, check))
    assert both.baseline == fitted.baseline
    assert [one.id for one in both.held_out] == ["mined"]
    assert both.held_out[0].is_within is False
    assert both.held_out[0].difference == pytest.approx(115.0)


def test_a_share_by_value_is_converted() -> None:
    """45 t at 2 dollars and 15 t at 6: half of the value, three quarters of the weight."""
    value = {
        **SHARE,
        "id": "by-value",
        "values": "trade",
        "used_for": "check",
        "value": 0.5,
        "value_low": 0.4,
        "value_high": 0.6,
    }
    worth = [
        {"series": "trade", "source": "CHN", "year": 2024, "worth": 2, "unit": "t"},
        {"series": "trade", "source": "all", "year": 2024, "worth": 6, "unit": "t"},
    ]
    result = sn.graph.calibrate(simple(SHARE, value, unit_values=worth))
    found = result.held_out[0]
    assert found.model == pytest.approx(0.5)
    assert found.by_weight == pytest.approx(0.75)
    assert [row.worth for row in result.unit_values] == [2.0, 6.0]


def test_what_the_graph_leaves_out_is_part_of_the_whole() -> None:
    """45 of 60 t, and 15 t of other things: three fifths."""
    more = {**SHARE, "of_more": 15.0, "value": 0.6, "value_low": 0.55, "value_high": 0.65}
    result = sn.graph.calibrate(simple(more))
    assert _model(result, "kor-chn") == pytest.approx(0.6)
    flows = {
        (row.source, row.target): row.flow
        for row in result.baseline
        if row.what == "flow" and row.form == "goods"
    }
    assert flows[None, "KOR"] + flows.get((None, "JPN"), 0.0) == pytest.approx(120.0)


def test_what_was_observed_between_two_sides_is_all(tutorial: SupplyNetwork) -> None:
    """An assumed corridor beside an observed one carries nothing between the same sides."""
    net = simple(
        rules=[
            rule("seen", "CHN:maker", "node:KOR", capacity=10, observed=10, unit="t"),
            rule("more", "maker", "nation", standing="possible"),
        ]
    )
    result = sn.graph.calibrate(net)
    flows = [row for row in result.baseline if row.what == "flow" and row.form == "goods"]
    assert sum(row.flow for row in flows if row.target == "KOR") == pytest.approx(60.0)
    from_china = sum(row.flow for row in flows if row.source == "plant-c" and row.rule == "seen")
    assert from_china == pytest.approx(10.0)
    # what Korea gets beside comes from Australia: plant-c may send the rest to Japan alone
    assert sum(row.flow for row in flows if row.source == "plant-a") >= 50.0 - 1e-6


def test_surer_links_are_used_first() -> None:
    net = simple(
        rules=[
            rule("seen", "node:plant-c", "node:KOR"),
            rule("guess", "node:plant-a", "nation", standing="possible"),
            rule("plan", "node:plant-c", "node:JPN", standing="planned"),
        ]
    )
    flows = {
        row.rule: row.flow for row in sn.graph.calibrate(net).baseline if row.rule and row.source
    }
    # plant-c has 100 t: 60 for Korea, 40 for Japan as planned; the guess carries what is left
    assert flows == {
        "seen": pytest.approx(60.0),
        "plan": pytest.approx(40.0),
        "guess": pytest.approx(20.0),
    }


# -- years -----------------------------------------------------------------------------------


def test_years_are_those_that_stand_for_targets_and_the_base_year() -> None:
    later = {**SHARE, "id": "later", "year": 2026, "model_year": 2026}
    result = sn.graph.calibrate(simple(SHARE, later))
    assert list(result.years) == [2024, 2026]
    assert [one.id for one in result.targets] == ["kor-chn", "later"]
    assert sn.graph.calibrate(simple(), year=[2026, 2025]).years == (2025, 2026)
    only = sn.graph.calibrate(simple(SHARE, later), year=2026)
    assert only.years == (2026,)
    assert [one.id for one in only.targets] == ["later"]


def test_a_figure_before_the_graph_begins_is_read_off_the_table() -> None:
    early = {**MINED, "year": 2023, "model_year": None, "used_for": "check"}
    share = {
        **early,
        "id": "share",
        "kind": "share",
        "source": "CHN:mine",
        "of_source": "mine",
        "value": 0.5,
        "value_low": 0.4,
        "value_high": 0.6,
        "of_more": 20.0,
    }
    made = [
        {"node_id": "mine-a", "year": 2023, "production": 70, "unit": "t ore"},
        {"node_id": "mine-c", "year": 2023, "production": 30, "unit": "t ore"},
        {"node_id": "mine-c", "year": 2024, "production": 99, "unit": "t ore"},
    ]
    result = sn.graph.calibrate(simple(early, share, production=made))
    assert _model(result, "mined") == 100.0
    assert _model(result, "share") == pytest.approx(30 / 120)
    none = sn.graph.calibrate(simple({**share, "of_more": 0.0}))
    assert none.targets[0].model is None
    assert none.targets[0].is_within is False
    other = [{**made[0], "unit": "t C"}]
    with pytest.raises(TableError, match="which measures something else") as caught:
        _ = sn.graph.calibrate(simple(early, production=other)).targets
    assert caught.value.hint


# -- clashes ---------------------------------------------------------------------------------


def test_a_target_that_the_graph_cannot_meet_is_refused_with_the_nearest() -> None:
    with pytest.raises(InfeasibleError) as caught:
        sn.graph.calibrate(
            simple({**MINED, "value": 300.0, "value_low": 250.0, "value_high": 350.0})
        )
    assert caught.value.message == (
        "target mined (Mined) must be 250 to 350 t ore, and within capacities, recoveries and "
        "links of 2024 it cannot; the nearest is 200 t ore"
    )
    assert caught.value.hint
    assert caught.value.exit_code == 4


def test_no_smaller_set_clashes_than_the_one_named() -> None:
    """Against brute force: every set of four targets is tried on its own."""

    def mined(name: str, source: str, low: float, high: float) -> dict[str, Any]:
        return {
            **MINED,
            "id": name,
            "source": source,
            "value": (low + high) / 2,
            "value_low": low,
            "value_high": high,
        }

    everything = [
        mined("all", "mine", 0, 50),
        mined("of-a", "AUS:mine", 30, 40),
        mined("of-c", "CHN:mine", 25, 90),
        mined("c-again", "CHN:mine", 20, 60),
    ]
    bad = [
        {one["id"] for one in some}
        for size in range(1, 5)
        for some in combinations(everything, size)
        if _clashes(list(some))
    ]
    least = min(map(len, bad))
    with pytest.raises(InfeasibleError) as caught:
        sn.graph.calibrate(simple(*everything))
    named = {one["id"] for one in everything if f"{one['id']} (" in caught.value.message}
    assert named in [one for one in bad if len(one) == least]
    assert least == 3


def _clashes(targets: list[dict[str, Any]]) -> bool:
    try:
        sn.graph.calibrate(simple(*targets))
    except InfeasibleError:
        return True
    return False


# -- wrong questions -------------------------------------------------------------------------


def test_the_base_year_may_be_fitted_alone() -> None:
    """Figures of the other years are then told of the base year's flows or not at all."""
    net = sn.load("gallium-germanium")
    base = sn.graph.calibrate(net, every=False)
    assert base.years == (net.commodity.base_year,) == (2024,)
    assert {row.model_year for row in base.targets} <= {2024, None}
    again = sn.graph.calibrate(net, year=2024)
    assert base.deviation == {"2024": pytest.approx(again.deviation["2024"])}
    assert sn.graph.calibrate(net, year=2025, every=False).years == (2025,)
