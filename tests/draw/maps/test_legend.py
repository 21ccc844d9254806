"""The legend explains what is on the map, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from supplynet.draw.grouping import Bundle
from supplynet.draw.maps.clip import Point
from supplynet.draw.maps.figure import map_scene
from supplynet.draw.maps.legend import OPACITIES, arc, dash
from supplynet.draw.scene import Shape
from supplynet.draw.style import CUT, RIBBONS
from tests.draw.maps.scenes import (
    flow,
    points,
    scene,
    shapes,
    shipped,
)


def test_the_shut_country_is_grey_and_the_ramp_is_explained() -> None:
    found = scene()
    fills = {shape.id: shape.fill for shape in shapes(found, "land")}
    assert fills["land-CHN"] == "shut"
    assert fills["land-KOR"] == "land"  # the target does not depend on itself
    assert fills["land-USA"].startswith("ramp-")
    words = [label.text for label in found.labels if label.role == "legend"]
    assert "Countries: share of the flow that passes plants there" in words
    assert "shut" in words


def test_without_fill_all_land_is_alike() -> None:
    found = map_scene(shipped(), flow("JPN", 2024), fill="none")
    assert {shape.fill for shape in shapes(found, "land")} == {"land", "shut"}
    assert not any(label.text.startswith("Countries:") for label in found.labels)


def test_kinds_of_ways_that_are_not_there_are_not_explained() -> None:
    words = " ".join(label.text for label in scene(links="contracted").labels)
    assert "weakest link of the way: observed or contracted" in words
    assert "plausible" not in words
    assert "planned" not in words


def test_dashes_grow_with_the_way_and_sure_ways_have_none() -> None:
    assert dash("sure", 5.0) == ()
    assert dash("planned", 1.0) == (6.0, 2.5)
    assert dash("planned", 10.0) == (15.0, 5.0)


LONG = ((0.0, 0.0), (100.0, 0.0), (200.0, 0.0))


def drawn(*pieces: Sequence[Point], kind: str = "sure", cut: str = "") -> list[Shape]:
    way = Bundle("a", "b", kind, cut, 5.0)
    return arc("arc-0", way, pieces, width=2.0, factor=1.0, hover=("a to b",))


def test_a_way_that_lies_off_the_map_is_not_drawn() -> None:
    assert drawn() == []


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


@pytest.mark.parametrize("kind", ["sure", "planned", "plausible", "shut"])
def test_color_dashes_and_opacity_tell_the_kind(kind: str) -> None:
    line, head = drawn(LONG, kind=kind)
    assert line.stroke == head.fill == RIBBONS[kind].fill
    assert line.stroke_opacity == OPACITIES[kind]
    assert bool(line.dash) == (kind in ("planned", "plausible"))


def test_a_way_in_the_minimum_cut_is_red() -> None:
    line, head = drawn(LONG, cut="node")
    assert line.stroke == head.fill == CUT
