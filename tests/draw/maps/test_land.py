"""Land under a map: one shape a country, small places as dots, no border where data is cut."""

from __future__ import annotations

from supplynet.draw.maps.clip import Window
from supplynet.draw.maps.fill import NO_FILL, Fill
from supplynet.draw.maps.land import land_shapes
from supplynet.draw.maps.regions import REGIONS, Region, chart
from tests.draw.maps.scenes import (
    shipped,
)


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


def test_countries_that_are_shut_are_grey() -> None:
    found = chart(REGIONS["world"], Window(0.0, 0.0, 900.0, 400.0))
    land = {one.id: one for one in land_shapes(found, NO_FILL, frozenset({"NZL"}), shipped())}
    assert land["land-NZL"].fill == "shut"
    assert land["land-NZL"].hover == ("New Zealand", "shut")
    assert land["land-AUS"].fill == "land"
