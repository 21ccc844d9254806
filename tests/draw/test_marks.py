from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from supplynet.draw.layered import layer_scene
from supplynet.draw.scene import Scene, Shape, rectangle
from supplynet.draw.style import LAND
from supplynet.draw.svg import Mark, marks_of

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


def marks(scene: Scene) -> list[Mark]:
    return list(marks_of(scene))


@pytest.fixture(scope="module")
def layers(demo: SupplyNetwork, demo_bypass: BypassResult) -> Scene:
    return layer_scene(demo, demo_bypass, is_single=True)


def test_every_part_of_a_scene_is_drawn(layers: Scene) -> None:
    found = marks(layers)
    texts = [mark.text for mark in found if mark.kind == "text"]
    assert texts == [label.text for label in layers.labels]
    said = {mark.hover for mark in found} - {()}
    assert said == {part.hover for part in (*layers.boxes, *layers.shapes)} - {()}
    streams = [mark for mark in found if mark.paint.role == "stream"]
    assert streams and all(len(mark.ends) == 2 for mark in streams)


def test_land_is_one_mark_and_what_has_a_color_lies_on_it() -> None:
    square = [rectangle(10 * n, 0, 10, 10) for n in range(3)]
    shapes = (
        Shape("water", rectangle(0, 0, 50, 50), "water", fill="water"),
        *(Shape(f"l{n}", path, "land", fill=LAND) for n, path in enumerate(square[:2])),
        Shape("l2", square[2], "land", fill="#aa0000", hover=("third",)),
        Shape("dot", square[0], "facility", fill="ink", layer="above"),
    )
    found = marks(Scene(50, 50, "t", "d", shapes=shapes))
    assert [mark.paint.role for mark in found] == ["water", "land", "land", "facility"]
    assert sum(letter == "M" for letter, _ in found[1].steps) == 3
    assert found[2].hover == ("third",)
    # another color of a country leaves the ground as it is
    other = (shapes[0], replace(shapes[1], fill="#00aa00"), *shapes[2:])
    assert marks(Scene(50, 50, "t", "d", shapes=other))[1] == found[1]
