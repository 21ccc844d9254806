"""A way on a map: as wide as told, red in the cut, with a head where there is room for one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from supplynet.draw.grouping import Bundle
from supplynet.draw.maps.labels import arc
from supplynet.draw.maps.projection import Point
from supplynet.draw.scene import Shape
from supplynet.draw.style import OPACITY_OF_THIN, RIBBONS, thin
from tests.draw.maps.scenes import points

LONG = ((0.0, 0.0), (100.0, 0.0), (200.0, 0.0))


def drawn(*pieces: Sequence[Point], kind: str = "sure", cut: str = "") -> list[Shape]:
    way = Bundle("a", "b", kind, cut, 5.0)
    return arc("arc-0", way, pieces, width=2.0, factor=1.0, hover=("a to b",))


def test_the_head_points_along_the_way() -> None:
    line, head = drawn(LONG)
    assert (line.id, head.id) == ("arc-0", "arc-0-head")
    assert line.width == 2.0
    assert line.hover == head.hover == ("a to b",)
    tip, *back = points(head)
    assert 100 < tip[0] < 130  # a little behind the middle
    assert all(x < tip[0] for x, _ in back)
    tip, *back = points(drawn(LONG[::-1])[1])
    assert all(x > tip[0] for x, _ in back)


def test_a_short_piece_has_no_room_for_a_head() -> None:
    assert [shape.id for shape in drawn(((0.0, 0.0), (20.0, 0.0)))] == ["arc-0"]


def test_the_head_is_on_the_longest_piece() -> None:
    head = drawn(((0.0, 50.0), (30.0, 50.0)), LONG)[1]
    assert all(abs(y) < 5 for _, y in points(head))


@pytest.mark.parametrize("kind", ["sure", "planned", "memorandum", "possible", "shut"])
def test_color_dashes_and_opacity_tell_the_kind(kind: str) -> None:
    line, head = drawn(LONG, kind=kind)
    assert line.stroke == head.fill == thin(RIBBONS[kind].fill)
    assert line.stroke_opacity == OPACITY_OF_THIN[kind]
    assert bool(line.dash) == (kind in ("planned", "memorandum", "possible"))
