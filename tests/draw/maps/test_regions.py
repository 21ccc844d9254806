"""A chart shows all of its region, undistorted, and nothing outside its window."""

from __future__ import annotations

import math

import numpy as np
import pytest

from supplynet.draw.maps.projection import Window, outlines
from supplynet.draw.maps.regions import REGIONS, Region, chart, find_region
from supplynet.errors import OptionError

WINDOW = Window(24.0, 100.0, 936.0, 450.0)


@pytest.mark.parametrize("name", list(REGIONS))
def test_all_of_a_region_is_seen(name: str) -> None:
    region = REGIONS[name]
    found = chart(region, WINDOW)
    inner = Window(WINDOW.left - 1e-6, WINDOW.top - 1e-6, WINDOW.right + 1e-6, WINDOW.bottom + 1e-6)
    # a hair inside, as the edge of the world lies on both sides of the map
    for longitude in np.linspace(region.west + 0.01, region.east - 0.01, 40):
        for latitude in np.linspace(region.south, region.north, 20):
            point = ((longitude + 180) % 360 - 180, latitude)
            assert inner.holds(found.place(point)), point


@pytest.mark.parametrize("name", list(REGIONS))
def test_land_stays_in_the_window_and_keeps_its_area(name: str) -> None:
    found = chart(REGIONS[name], WINDOW)
    for outline in outlines().values():
        for ring in outline.rings:
            for part in found.ring(ring):
                assert all(
                    WINDOW.left - 1e-6 <= x <= WINDOW.right + 1e-6
                    and WINDOW.top - 1e-6 <= y <= WINDOW.bottom + 1e-6
                    for x, y in part
                )


@pytest.mark.parametrize("center", [0.0, 11.0, 150.0, -95.0])
def test_wherever_the_world_is_cut_its_land_is_as_large(center: float) -> None:
    window = Window(0, 0, 2000, 1000)
    found = chart(Region(center - 180, -90, center + 180, 90), window)
    total = 0.0
    for outline in outlines().values():
        for ring in outline.rings:
            for part in found.ring(ring):
                pairs = zip(part, [*part[1:], part[0]], strict=True)
                total += sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2
    # 29 % of the sphere is land; edges that are straight on the chart cost a little
    assert abs(total) / found.scale**2 / (4 * math.pi) == pytest.approx(0.286, abs=0.004)


def test_an_unknown_region_is_told_with_a_near_one() -> None:
    with pytest.raises(OptionError, match="region must be one of") as caught:
        find_region("aisa", [])
    assert "asia" in str(caught.value)
