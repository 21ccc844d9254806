"""Outlines of ribbons and paths of shapes."""

from __future__ import annotations

from supplynet.draw.scene import Point, Ribbon


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
