"""Equal Earth keeps areas; great circles are shortest ways; lines are cut where the map is."""

from __future__ import annotations

import math
from importlib import resources

import numpy as np
import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.draw.maps.projection import (
    equal_earth,
    great_circle,
    outlines,
    route,
    split_line,
)
from supplynet.network.network import SupplyNetwork

lon = st.floats(-180, 180, allow_nan=False)
lat = st.floats(-90, 90, allow_nan=False)


def arc_length(points: np.ndarray) -> float:
    """Degrees of arc along a line, by the haversine formula."""
    east, north = np.radians(points).T
    half = (
        np.sin(np.diff(north) / 2) ** 2
        + np.cos(north[:-1]) * np.cos(north[1:]) * np.sin(np.diff(east) / 2) ** 2
    )
    return float(np.degrees(2 * np.arcsin(np.sqrt(np.clip(half, 0, 1)))).sum())


def test_equal_earth_keeps_areas() -> None:
    """The area of every cell of a grid is that on the sphere."""
    south = np.arange(-89.0, 89.0, 2.0)
    for west in (-150.0, -10.0, 90.0):
        for low in south[::7]:
            edge = np.linspace(0.0, 1.0, 60)
            east = np.concatenate([edge, edge * 0 + 1, 1 - edge, edge * 0]) + west
            north = np.concatenate([edge * 0, edge, edge * 0 + 1, 1 - edge]) + low
            x, y = equal_earth(east, north).T
            area = abs(np.sum(x[:-1] * np.diff(y) - y[:-1] * np.diff(x))) / 2
            true = math.radians(1) * (math.sin(math.radians(low + 1)) - math.sin(math.radians(low)))
            assert area == pytest.approx(true, rel=2e-4)


def test_equal_earth_as_published() -> None:
    """Width, height and length of the pole line of the map, Šavrič et al. (2018)."""
    width = 2 * equal_earth([180], [0])[0, 0]
    height = 2 * equal_earth([0], [90])[0, 1]
    pole = 2 * equal_earth([180], [90])[0, 0]
    assert width / height == pytest.approx(2.05458, abs=1e-4)
    assert pole / width == pytest.approx(0.5925, abs=2e-4)


@given(lon, lat, lon, lat)
def test_great_circles_are_shortest_ways(a: float, b: float, c: float, d: float) -> None:
    points = great_circle((a, b), (c, d))
    direct = arc_length(np.array([(a, b), (c, d)]))
    assert points[0].tolist() == [a, b]
    assert points[-1].tolist() == [c, d]
    assert arc_length(points) == pytest.approx(direct, abs=1e-4)
    assert arc_length(points) <= 180.001


@given(lon, st.floats(-85, 85), lon, st.floats(-85, 85), st.floats(-180, 180))
def test_a_line_is_cut_only_where_the_map_is(
    a: float, b: float, c: float, d: float, center: float
) -> None:
    points = great_circle((a, b), (c, d))
    pieces = split_line(points, center=center)
    assert len(pieces) <= 2 or max(abs(points[:, 1])) > 80
    for piece in pieces:
        assert np.abs(np.diff(piece[:, 0])).max(initial=0) <= 180
    for before, after in zip(pieces, pieces[1:], strict=False):
        assert before[-1, 0] == -after[0, 0]
        assert abs(before[-1, 0]) == 180
        assert before[-1, 1] == after[0, 1]
    if len(pieces) == 1:
        assert len(pieces[0]) == len(points)


def test_a_way_over_the_pacific_is_cut_at_the_date_line_and_not_around_the_world() -> None:
    way = great_circle((140, 36), (-118, 34))
    left, right = split_line(way)
    assert (left[0, 0], left[-1, 0], right[0, 0], right[-1, 0]) == (140, 180, -180, -118)
    (whole,) = split_line(way, center=180)
    assert whole[0, 0] == -40


def inside(point: tuple[float, float], rings: tuple[tuple[tuple[float, float], ...], ...]) -> bool:
    """Whether a ray to the east crosses the rings an odd number of times."""
    x, y = point
    crossed = 0
    for ring in rings:
        for (x0, y0), (x1, y1) in zip(ring, ring[1:], strict=False):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
                crossed += 1
    return crossed % 2 == 1


def test_codes_are_those_of_iso_3166_but_for_kosovo() -> None:
    known = {country.alpha_3 for country in pycountry.countries}
    assert set(outlines()) - known == {"XKX"}
    assert len(outlines()) == 204


def test_plants_of_the_shipped_graph_stand_in_or_near_their_country(
    rare_earths: SupplyNetwork,
) -> None:
    """A coordinate with a wrong sign, or latitude and longitude swapped, shows at once."""
    world = outlines()
    for node in rare_earths.node_rows:
        if node.lat is None or node.lon is None or node.country not in world:
            continue
        place = (node.lon, node.lat)
        outline = world[node.country]
        points = [point for ring in outline.rings for point in ring] or [outline.label]
        near = min(max(abs(x - place[0]), abs(y - place[1])) for x, y in points)
        assert inside(place, outline.rings) or near < 1.0, node.id


def test_the_data_is_small_and_has_its_notice() -> None:
    folder = resources.files("supplynet.draw.maps") / "data"
    assert len((folder / "outlines.json.gz").read_bytes()) < 64_000
    notice = (folder / "NOTICE.txt").read_text(encoding="utf-8")
    assert "Natural Earth is in the public domain" in notice
    assert f"- {sum(one.is_point for one in outlines().values())} places" in notice


@given(lon, st.floats(-85, 85), lon, st.floats(-85, 85), st.floats(-180, 180))
def test_a_way_stays_in_one_piece(a: float, b: float, c: float, d: float, center: float) -> None:
    """Whatever the map is cut along, and from one end to the other."""
    points = route((a, b), (c, d), center=center)
    assert len(split_line(points, center=center)) == 1
    assert np.abs(points[:, 1]).max() <= 90.0
    turned = (points[[0, -1], 0] - [a, c]) % 360
    assert np.minimum(turned, 360 - turned).max() < 1e-6
