"""Colors of countries are shares that the results hold, of the same question."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.analysis.flow.bypass import BypassResult
from supplynet.draw.answer import answer_of
from supplynet.draw.maps.fill import NO_FILL, STEPS, Fill, fill_of, land_shapes
from supplynet.draw.maps.projection import Window
from supplynet.draw.maps.regions import REGIONS, Region, chart
from supplynet.draw.style import RAMP, THEMES
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


def test_the_color_grows_with_the_share() -> None:
    fill = Fill("", {"A": 0.0, **{f"S{n}": step + 0.01 for n, step in enumerate(STEPS)}}, {})
    assert fill.color("A") == fill.color("B") == ""
    assert [fill.color(f"S{n}") for n in range(len(STEPS))] == list(RAMP)


@pytest.mark.parametrize("theme", list(THEMES))
def test_the_ramp_gets_farther_from_the_paper(theme: str) -> None:
    def light(color: str) -> float:
        red, green, blue = (int(color[n : n + 2], 16) / 255 for n in (1, 3, 5))
        return 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2

    colors = THEMES[theme]
    paper = light(colors.color("paper"))
    away = [abs(light(colors.color(name)) - paper) for name in RAMP]
    assert away == sorted(away)
    assert min(b - a for a, b in zip(away, away[1:], strict=False)) > 0.01


def test_a_small_place_is_a_dot_where_it_has_a_color() -> None:
    window = Window(0.0, 0.0, 900.0, 400.0)
    found = chart(REGIONS["asia"], window)
    net = shipped()
    colored = Fill("", {"SGP": 0.6}, {"SGP": "60% of it"})
    (dot,) = (one for one in land_shapes(found, colored, frozenset(), net) if one.id == "land-SGP")
    assert dot.fill == "ramp-4"
    assert dot.hover == ("Singapore", "60% of it")
    assert not any(one.id == "land-SGP" for one in land_shapes(found, NO_FILL, frozenset(), net))
    europe = chart(Region(0, 40, 20, 50), window)
    assert not any(one.id == "land-SGP" for one in land_shapes(europe, colored, frozenset(), net))


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
