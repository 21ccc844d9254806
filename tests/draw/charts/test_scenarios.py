"""Scenarios as bars: lengths by share, words that fit, the two pictures apart."""

from __future__ import annotations

from typing import Any

import pytest

import supplynet as sn
from supplynet.draw.charts.scenarios import scenarios_scene
from supplynet.draw.labels import extent
from tests.network.networks import without
from tests.questions.compare.compared import HALF, SHUT


@pytest.fixture(scope="module")
def found() -> Any:
    return sn.compare(
        sn.load("tutorial"), "base", HALF, (HALF, SHUT), to="MLT", tier="possible", year=2024
    )


@pytest.mark.parametrize("size", ["slide", "page", "column"])
def test_nothing_leaves_the_canvas_and_no_words_overlap(found: Any, size: str) -> None:
    scene = scenarios_scene(found, size=size)
    boxes = [extent(label) for label in scene.labels]
    for left, top, right, bottom in boxes:
        assert left >= 0 and top >= 0 and right <= scene.width and bottom <= scene.height
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            apart = (
                one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
            )
            assert apart, (scene.labels[place].text, other)


def test_the_two_pictures_are_named_and_described(found: Any) -> None:
    scene = scenarios_scene(found)
    texts = [label.text for label in scene.labels]
    assert "Contested: all buy at once" in texts
    digest = sn.load("tutorial").digest[:12]
    assert any("Data: " in text for text in texts)
    assert any(f"network {digest}" in text for text in texts)
    assert "Potential: with exclusive access" in texts
    assert scene.title == "Malta, 2024: scenarios compared"
    assert "Contested, Goods: as it is " in scene.description
    assert "Potential, Dy: as it is " in scene.description


def test_without_a_demand_there_are_no_bars() -> None:
    net = without(sn.load("tutorial"), "demand", lambda row: True)
    found = sn.compare(net, "base", to="MLT", objective="max_supply")
    assert not [shape for shape in scenarios_scene(found).shapes if shape.role == "bar"]
