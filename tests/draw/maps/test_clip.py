"""Nothing of what is clipped lies outside, and nothing that lies inside is lost."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from supplynet.draw.maps.projection import Point, Window, clip_line, clip_meridian, clip_ring

WINDOW = Window(0.0, 0.0, 10.0, 6.0)
number = st.floats(-20, 30, allow_nan=False).map(lambda value: round(value, 3))
points = st.lists(st.tuples(number, number), min_size=2, max_size=12)


def area(ring: list[Point]) -> float:
    pairs = zip(ring, [*ring[1:], *ring[:1]], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs) / 2


def near(point: Point) -> bool:
    return -1e-6 <= point[0] <= 10 + 1e-6 and -1e-6 <= point[1] <= 6 + 1e-6


@given(points)
def test_rings_end_up_inside(ring: list[Point]) -> None:
    assert all(near(point) for point in clip_ring(ring, WINDOW))


@given(number, number, st.floats(0.1, 30), st.floats(0.1, 30))
def test_the_area_of_a_rectangle_is_that_of_the_overlap(
    x: float, y: float, wide: float, tall: float
) -> None:
    ring = [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall)]
    width = max(0.0, min(x + wide, 10) - max(x, 0))
    height = max(0.0, min(y + tall, 6) - max(y, 0))
    assert math.isclose(area(clip_ring(ring, WINDOW)), width * height, abs_tol=1e-6)


@given(points)
def test_lines_end_up_inside_and_keep_their_length_there(line: list[Point]) -> None:
    pieces = clip_line(line, WINDOW)
    assert all(near(point) for piece in pieces for point in piece)
    found = sum(math.dist(a, b) for p in pieces for a, b in zip(p, p[1:], strict=False))
    steps = 400
    expected = 0.0
    for (x0, y0), (x1, y1) in zip(line, line[1:], strict=False):
        length = math.dist((x0, y0), (x1, y1))
        at = [(n + 0.5) / steps for n in range(steps)]
        inside = sum(WINDOW.holds((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t)) for t in at)
        expected += length * inside / steps
    assert (
        abs(found - expected)
        <= 0.01 * sum(math.dist(a, b) for a, b in zip(line, line[1:], strict=False)) + 1e-9
    )


def test_a_ring_is_cut_along_a_meridian() -> None:
    ring = [(170.0, 0.0), (190.0, 0.0), (190.0, 5.0), (170.0, 5.0), (170.0, 0.0)]
    west, east = clip_meridian(ring, 180.0)
    assert max(x for x, _ in west) == min(x for x, _ in east) == 180
    assert area(west) == area(east) == 50
