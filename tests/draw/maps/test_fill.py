"""Colors of countries are shares that the results hold, of the same question."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.flow.bypass import BypassResult
from supplynet.draw.answer import answer_of
from supplynet.draw.maps.fill import NO_FILL, fill_of, land_shapes
from supplynet.draw.maps.projection import Window
from supplynet.draw.maps.regions import REGIONS, chart
from supplynet.network.network import SupplyNetwork
from tests.draw.maps.scenes import (
    shipped,
)
from tests.draw.networks import BYPASS


def test_dependence_is_the_share_of_the_flow_that_passes(demo_bypass: BypassResult) -> None:
    fill = fill_of(answer_of(demo_bypass, None), "dependence")
    # of 100 t, 70 pass Fiji and 30 (and maybe some of the 70) New Zealand; Malta is the target
    assert fill.shares["FJI"] == pytest.approx(0.7)
    assert fill.shares["NZL"] == pytest.approx(0.3)
    assert set(fill.shares) == {"FJI", "NZL"}
    assert fill.words["FJI"].startswith("70% of the flow pass plants there (70 t")


def test_loss_is_that_of_the_chokepoints(demo: SupplyNetwork, demo_bypass: BypassResult) -> None:
    lost = sn.chokepoints(
        demo,
        to="MLT",
        avoid="ISL",
        element="graphite",
        by="country",
        tier="possible",
        year=2024,
    )
    fill = fill_of(answer_of(demo_bypass, None), lost)
    assert fill.shares == {row.id: row.loss / BYPASS for row in lost.rows}
    assert "no longer arrive" in fill.words["FJI"]
    assert "all its plants" in fill.title
    owners = sn.chokepoints(
        demo,
        to="MLT",
        avoid="ISL",
        element="graphite",
        by="owner",
        tier="possible",
        year=2024,
    )
    assert "owners" in fill_of(answer_of(demo_bypass, None), owners).title


def test_no_border_runs_along_the_date_line() -> None:
    """The data cuts Chukotka there; on a map that is cut elsewhere it is one piece of land."""
    window = Window(0.0, 0.0, 900.0, 400.0)
    found = chart(REGIONS["pacific"], window)
    (borders,) = (
        one for one in land_shapes(found, NO_FILL, frozenset(), shipped()) if one.id == "borders"
    )
    north, south = found.place((180.0, 68.0)), found.place((180.0, 66.0))
    before = (0.0, 0.0)
    for letter, ends in borders.path:
        if letter == "L":
            middle = ((before[0] + ends[0][0]) / 2, (before[1] + ends[0][1]) / 2)
            is_there = abs(middle[0] - (north[0] + south[0]) / 2) < 0.5
            assert not (is_there and north[1] < middle[1] < south[1])
        before = ends[0]
