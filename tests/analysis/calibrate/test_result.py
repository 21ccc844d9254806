"""What a calibration states: frames, records, the table baseline, and words."""

from __future__ import annotations

import pytest

from supplynet.analysis.calibrate import calibrate
from tests.analysis.calibrate.networks import SHARE, rule, simple


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
