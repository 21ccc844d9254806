"""How sure an answer is: fan, chances, tornado and ranks."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import supplynet as sn
from supplynet.terms import STUDY_PICTURES
from tests.analysis.uncertainty.networks import CAUSE, PROJECT, STOPS, with_ranges
from tests.draw.structure import parts_of, require_good, words_of

ASKS: dict[str, Any] = {"to": "MLT", "tier": "committed", "draws": 256, "until": None}


@cache
def study(*years: int) -> sn.Study:
    net = with_ranges(CAUSE, STOPS, PROJECT)
    shut = sn.Scenario.from_dict({"change": [{"verb": "close", "nodes": "ref-new"}]}, name="shut")
    return sn.uncertainty(net, **ASKS, year=list(years), scenario={"base": None, "shut": shut})


@cache
def ranked() -> sn.Study:
    patch = pytest.MonkeyPatch()
    with patch.context() as few:
        few.setattr("supplynet.analysis.uncertainty.shapes.BATCH", 8)
        asks = {**ASKS, "year": 2024, "draws": 8, "options": {"element": "Nd"}}
        return sn.uncertainty(with_ranges(STOPS), of="chokepoints", **asks)


@pytest.mark.parametrize("what", STUDY_PICTURES)
def test_each_says_how_many_draws_there_are_and_what_they_assume(what: str) -> None:
    years = (2024, 2026) if what == "fan" else (2026,)  # the others show one year
    drawn = ranked() if what == "stability" else study(*years)
    picture = sn.draw.sure(drawn, what=what)
    require_good(picture)
    told = " ".join(label.text for label in words_of(picture))
    assert f"{drawn.n_draws:,} draws" in told
    assert "Drawn as the graph says" in told


def test_bands_hold_the_middle_and_chances_fall() -> None:
    fan = sn.draw.sure(study(2024, 2026), what="fan").shown
    assert {"fan-0.95", "fan-0.9", "fan-0.75", "fan-middle", "fan-central"} <= fan.keys()
    chance = parts_of(sn.draw.sure(study(2026)), "chance-")
    heights = [*chance["chance-0"].get_ydata()]
    assert heights == sorted(heights, reverse=True)
    assert "chance-1" in chance  # the scenario beside it
