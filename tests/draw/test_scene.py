"""Outlines of streams."""

from __future__ import annotations

from supplynet.draw.scene import way


def test_a_level_stream_is_a_rectangle_of_its_width() -> None:
    steps = way([(0.0, 50.0), (100.0, 50.0)], 10.0)
    assert steps == (
        ("M", ((0, 45),)),
        ("L", ((100, 45),)),
        ("L", ((100, 55),)),
        ("L", ((0, 55),)),
        ("Z", ()),
    )
