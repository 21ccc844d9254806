"""A map is whole: labels clear of each other, all on the canvas, widths and words as the flow."""

from __future__ import annotations

import math
from typing import Any

import pytest

import supplynet as sn
from supplynet.draw.maps.painter import map_scene
from supplynet.draw.mpl import figure_of
from supplynet.draw.place import extent, overlap
from supplynet.draw.style import print_size
from tests.draw.maps.scenes import (
    CASES,
    NAMES,
    drawn,
    flow,
    points,
    scene,
    shapes,
    shipped,
)
from tests.draw.structure import require_good

cases = pytest.mark.parametrize("case", CASES, ids=NAMES)


@cases
def test_the_map_keeps_clear_of_title_and_legend(case: dict[str, Any]) -> None:
    found = drawn(case)
    (frame,) = shapes(found, "frame")
    xs, ys = zip(*points(frame), strict=True)
    for shape in found.shapes:
        if shape.role in ("water", "grid", "land", "border", "arc", "facility"):
            for x, y in points(shape):
                assert min(xs) - 3 <= x <= max(xs) + 3, shape.id
                # a marker at the upper edge, such as of Greenland, reaches half of itself beyond
                assert min(ys) - 4 <= y <= max(ys) + 3, shape.id
    for label in found.labels:
        _, upper, _, lower = extent(label)
        if label.role in ("title", "subtitle"):
            assert lower <= min(ys) + 1e-6
        if label.role in ("legend", "footer"):
            assert upper >= max(ys) - 1e-6


@cases
def test_names_keep_clear_of_markers(case: dict[str, Any]) -> None:
    found = drawn(case)
    names = [label for label in found.labels if label.role == "place"]
    assert names
    for shape in shapes(found, "facility"):
        xs, ys = zip(*points(shape), strict=True)
        # the tips of stars and triangles may reach a little into the halo of a name
        middle = (sum((min(xs), max(xs))) / 2, sum((min(ys), max(ys))) / 2)
        half = 0.35 * (max(xs) - min(xs))
        box = (middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half)
        for label in names:
            assert not overlap(extent(label), box), (label.text, shape.id)


@cases
def test_markers_do_not_hide_each_other(case: dict[str, Any]) -> None:
    found = drawn(case)
    discs = []
    for shape in shapes(found, "facility"):
        xs, ys = zip(*points(shape), strict=True)
        # a third of the extent is within the smallest shape, the triangle
        discs.append(((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2, (max(xs) - min(xs)) / 3))
    for number, (x, y, r) in enumerate(discs):
        for u, v, s in discs[number + 1 :]:
            # where a country is too small for its markers they overlap, but stay on its land
            assert math.dist((x, y), (u, v)) > 0.4 * (r + s)


def test_the_width_of_a_way_is_its_tonnes() -> None:
    found = scene()
    widths = {}
    for shape in shapes(found, "arc"):
        if shape.stroke and "shut" not in shape.stroke:
            figure = shape.hover[0].split(": ")[1].split(" t")[0].replace(",", "")
            # "< 0.001" is a way as thin as ways are drawn
            widths[float(figure.removeprefix("< "))] = shape.width
    thin = min(widths.values())
    for tonnes, width in widths.items():
        if width > thin:
            assert width == pytest.approx(found.scale * tonnes, rel=0.01)


def test_planned_and_plausible_ways_are_dashed_and_sure_ones_are_not() -> None:
    by_color: dict[str, set[bool]] = {}
    found = [scene(), scene(links="planned"), scene(to="JPN", year=2024, links="contracted")]
    for shape in (one for picture in found for one in shapes(picture, "arc")):
        if shape.stroke:
            by_color.setdefault(shape.stroke.removesuffix("-thin"), set()).add(bool(shape.dash))
    assert by_color["sure"] == {False}
    assert by_color["planned"] == by_color["possible"] == {True}


def test_all_that_is_at_its_limit_is_red_and_lies_on_top() -> None:
    arcs = [shape for shape in shapes(scene(), "arc") if shape.stroke]
    colors = [shape.stroke.removesuffix("-thin") for shape in arcs]
    assert "cut" in colors
    assert colors.index("shut") == 0
    strokes = [color for color in colors if color not in ("cut", "shut")]
    order = ["possible", "planned", "sure"]
    assert [c for c in strokes if c in order] == sorted(strokes, key=order.index) or "cut" in colors


def test_plants_stand_on_the_land_of_their_country() -> None:
    """As it is drawn: a coast at 1:110 million leaves out harbors, and markers make room."""
    net = sn.load("rare-earths")
    result = sn.flow(net, to="KOR", element="Nd", year=2030, tier="committed")
    found = map_scene(net, result, level="facility", region="asia")
    plants = {node.name: node.country for node in net.node_rows}
    tried = 0
    for marker in shapes(found, "facility"):
        country = plants.get(marker.hover[0])
        land = next((one for one in found.shapes if one.id.endswith(f"land-{country}")), None)
        if land is None or marker.hover[0].startswith("South Korea"):
            continue
        xs, ys = zip(*points(marker), strict=True)
        middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
        spots = [point for _, some in land.path for point in some]
        left, right = min(x for x, _ in spots), max(x for x, _ in spots)
        top, bottom = min(y for _, y in spots), max(y for _, y in spots)
        assert left - 1 <= middle[0] <= right + 1, marker.hover[0]
        assert top - 1 <= middle[1] <= bottom + 1, marker.hover[0]
        tried += 1
    assert tried >= 5


@pytest.mark.parametrize("is_bare", [False, True])
@pytest.mark.parametrize("width", ["89mm", "120mm", "183mm"])
def test_every_width_has_an_inset(width: str, is_bare: bool) -> None:
    size = print_size(width, is_bare=is_bare)
    found = map_scene(shipped(), flow("KOR", 2030), level="country", size=size)
    (edge, place) = shapes(found, "inset")
    inner, shown = points(edge), points(place)
    assert min(x for x, _ in inner) > max(x for x, _ in shown) or (
        min(y for _, y in inner) > max(y for _, y in shown)
    )
    wide = [max(x for x, _ in one) - min(x for x, _ in one) for one in (inner, shown)]
    assert wide[0] > 1.5 * wide[1]
    require_good(figure_of(found))
    assert all(extent(one)[3] <= size.height for one in found.labels if one.role == "note")
