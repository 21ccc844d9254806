"""The document of an exposure: what it says, and that it says nothing that was not solved."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.errors import OptionError
from supplynet.network.network import SupplyNetwork
from supplynet.questions.exposure import exposure_of
from supplynet.reports.results_exposure import of_exposure
from tests.reports.reading import said, table


def test_ranges_are_shown_as_far_as_they_are_asked_for(tutorial: SupplyNetwork) -> None:
    balance = sn.allocate(tutorial, objective="max_supply", year=2024, tier="possible")
    none, stages = (
        of_exposure(exposure_of(balance, to="MLT", exposed_to="FJI", ranges=ranges))
        for ranges in ("none", "stages")
    )
    assert none.data["ranges"] == []
    assert "least 0%" not in said(none, "answer")
    assert "--full or --ranges total adds them" in said(none, "answer")
    assert [one.key for one in table(none, "stages").columns][-1] == "traced"
    assert "not decided by these figures: 0% to 59%" in said(stages, "answer")
    filled = [row["element"] for row in table(stages, "stages").rows if row["least"]]
    assert filled == ["Nd"] * 4 + ["Dy"] * 4
    with pytest.raises(OptionError, match="none, total, stages"):
        exposure_of(balance, to="MLT", exposed_to="FJI", ranges="all")
