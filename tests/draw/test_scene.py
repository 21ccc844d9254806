"""Outlines of ribbons and paths of shapes."""

from __future__ import annotations

import math

import pytest

from supplynet.draw.scene import Point, Ribbon, circle, polyline, rectangle


def ribbon(*points: Point, is_loop: bool = False) -> Ribbon:
    return Ribbon("r", "a", "b", 1.0, "sure", False, 10.0, points, is_loop, ())


def test_a_level_ribbon_is_a_rectangle_of_its_width() -> None:
    steps = ribbon((0, 50), (100, 50)).path
    assert steps == (
        ("M", ((0, 45),)),
        ("L", ((100, 45),)),
        ("L", ((100, 55),)),
        ("L", ((0, 55),)),
        ("Z", ()),
    )


def test_a_ribbon_leaves_and_enters_level() -> None:
    steps = ribbon((0, 50), (100, 90)).path
    assert steps[1] == ("C", ((50, 45), (50, 85), (100, 85)))


def test_a_ribbon_passes_the_gaps_kept_for_it() -> None:
    steps = ribbon((0, 50), (100, 90), (110, 90), (200, 20)).path
    ends = [points[-1] for letter, points in steps if letter in "LC"]
    assert {(100, 85), (110, 85), (200, 15), (110, 95), (100, 95)} <= set(ends)


@pytest.mark.parametrize("turn", [False, True])
def test_a_loop_bulges_to_the_right_and_keeps_its_width(turn: bool) -> None:
    ends = ((100, 20), (100, 80))
    steps = ribbon(*(ends[::-1] if turn else ends), is_loop=True).path
    points = [point for _, some in steps for point in some]
    assert min(x for x, _ in points) == 100
    assert max(x for x, _ in points) > 110
    assert {(100, 15), (100, 85), (100, 75), (100, 25)} <= set(points)


def test_a_polyline_goes_from_point_to_point_and_back_if_closed() -> None:
    points = [(0, 0), (5, 0), (5, 5)]
    assert [letter for letter, _ in polyline(points)] == ["M", "L", "L"]
    assert polyline(points, is_closed=True)[-1] == ("Z", ())
    assert rectangle(1, 2, 3, 4)[2] == ("L", ((4, 6),))


def test_a_circle_is_round() -> None:
    start = (13.0, 7.0)
    for _, points in circle(10, 7, 3)[1:-1]:
        bezier = (start, *points)
        for t in (0.0, 0.2, 0.5, 0.8):
            weights = [math.comb(3, n) * t**n * (1 - t) ** (3 - n) for n in range(4)]
            x, y = (
                sum(w * p[axis] for w, p in zip(weights, bezier, strict=True)) for axis in (0, 1)
            )
            assert math.dist((x, y), (10, 7)) == pytest.approx(3, rel=3e-4)
        start = points[-1]
    assert start == (13.0, 7.0)
