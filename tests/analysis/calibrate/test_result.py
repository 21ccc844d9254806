"""What a calibration tells: frames, records, the table baseline, and words."""

from __future__ import annotations

import json

import pytest

from supplynet.analysis.calibrate import calibrate
from supplynet.analysis.calibrate.observations import figure, span
from supplynet.analysis.calibrate.result import rounded
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Target
from tests.analysis.calibrate.networks import MINED, SHARE, rule, simple
from tests.network.networks import GUESS


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, 0.0),
        (123456.7, 123457.0),
        (0.00012345678, 0.000123457),
        (-2.00000049, -2.0),
        (float("inf"), 0.0),
    ],
)
def test_figures_are_written_with_six_digits(value: float, written: float) -> None:
    assert rounded(value) == written


def test_figures_in_words() -> None:
    share = Target.model_validate({**GUESS, **SHARE})
    assert (figure(share, 0.7512), span(share)) == ("0.751", "0.700 to 0.800")
    mined = Target.model_validate({**GUESS, **MINED})
    assert (figure(mined, 1234.0), span(mined)) == ("1,230 t ore", "100 to 120 t ore")


def test_the_baseline_holds_what_is_observed_and_every_flow() -> None:
    """What flows into a plant flows out of it, and parts of a rule stand under its id."""
    net = simple(
        SHARE, production=[{"node_id": "mine-a", "year": 2024, "production": 70, "unit": "t ore"}]
    )
    result = calibrate(net)
    rows = result.baseline
    output = next(row for row in rows if row.what == "output")
    assert (output.source, output.observed, output.unit) == ("mine-a", 70.0, "t ore")
    assert output.residual == pytest.approx(output.flow - 70.0)
    flows = [row for row in rows if row.what == "flow"]
    assert {row.rule for row in flows} == {None, "goods"}
    for plant in ("plant-a", "plant-c"):
        came = sum(row.flow for row in flows if row.target == plant)
        assert came == pytest.approx(sum(row.flow for row in flows if row.source == plant))
    assert {row.item for row in flows if row.form == "ore"} == {"mine-a", "mine-c"}
    assert {row.item for row in flows if row.form == "goods"} == {"C"}


def test_pairs_of_an_assumed_corridor_of_ore_name_their_rule() -> None:
    net = simple(
        edges=[],
        rules=[
            rule("goods", "maker", "nation"),
            {**rule("ore", "mine", "maker"), "form": "ore"},
        ],
    )
    flows = [row for row in calibrate(net).baseline if row.what == "flow" and row.form == "ore"]
    assert flows
    assert {row.rule for row in flows} == {"ore"}
    assert all(row.source and row.target for row in flows)


def test_the_baseline_is_a_table_of_the_graph(tutorial: SupplyNetwork) -> None:
    """It is written, checked and read like any other, and changes no answer."""
    first = calibrate(tutorial)
    kept = tutorial.replace(baseline=first.baseline)
    assert kept.check(strict="all").ok
    assert calibrate(kept).baseline == first.baseline


def test_frames_records_and_words(tutorial: SupplyNetwork) -> None:
    result = calibrate(tutorial)
    frame = result.to_frame()
    assert frame["id"].tolist() == [row.id for row in tutorial.rows("targets")]  # type: ignore[attr-defined]
    assert frame["reading"].tolist() == ["weight", "weight", "value", "weight"]
    told = json.loads(json.dumps(result.to_dict()))
    assert told["years"] == [2024]
    assert [one["is_within"] for one in told["targets"]] == frame["is_within"].tolist()
    assert all(one["ok"] for one in told["certificates"].values())
    assert told["provenance"]["options"]["years"] == [2024]
    text = result.summary()
    assert "2 of 2 targets that flows were fitted to lie within what is accepted." in text
    assert "Share of Iceland in goods that Malta buys, by value, 2023: published 0.600" in text
    assert "outputs of plants" in calibrate(simple()).summary()


def test_a_figure_that_is_not_known_is_said_to_be_nothing() -> None:
    check = {**SHARE, "used_for": "check", "form": "ore", "unit": "t ore"}
    assert "model nothing." in calibrate(simple(check)).summary()
