"""Outlines of ribbons."""

from __future__ import annotations

import pytest

from supplynet.draw.scene import Point, Ribbon, ribbon_path


def ribbon(*points: Point, is_loop: bool = False) -> Ribbon:
    return Ribbon("r", "a", "b", 1.0, "sure", False, 10.0, points, is_loop, ())


def test_a_level_ribbon_is_a_rectangle_of_its_width() -> None:
    steps = ribbon_path(ribbon((0, 50), (100, 50)))
    assert steps == (
        ("M", ((0, 45),)),
        ("L", ((100, 45),)),
        ("L", ((100, 55),)),
        ("L", ((0, 55),)),
        ("Z", ()),
    )


def test_a_ribbon_leaves_and_enters_level() -> None:
    steps = ribbon_path(ribbon((0, 50), (100, 90)))
    assert steps[1] == ("C", ((50, 45), (50, 85), (100, 85)))


def test_a_ribbon_passes_the_gaps_kept_for_it() -> None:
    steps = ribbon_path(ribbon((0, 50), (100, 90), (110, 90), (200, 20)))
    ends = [points[-1] for letter, points in steps if letter in "LC"]
    assert {(100, 85), (110, 85), (200, 15), (110, 95), (100, 95)} <= set(ends)


@pytest.mark.parametrize("turn", [False, True])
def test_a_loop_bulges_to_the_right_and_keeps_its_width(turn: bool) -> None:
    ends = ((100, 20), (100, 80))
    steps = ribbon_path(ribbon(*(ends[::-1] if turn else ends), is_loop=True))
    points = [point for _, some in steps for point in some]
    assert min(x for x, _ in points) == 100
    assert max(x for x, _ in points) > 110
    assert {(100, 15), (100, 85), (100, 75), (100, 25)} <= set(points)
