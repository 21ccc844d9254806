"""The legend explains what is on the map, and nothing else."""

from __future__ import annotations

from supplynet.draw.maps.figure import map_scene
from supplynet.draw.maps.legend import dash
from tests.draw.maps.scenes import (
    flow,
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
