"""Sankey diagrams from top to bottom, for a screen held upright."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.scene import Scene
from supplynet.draw.streams.scene import sankey_scene
from supplynet.reports.parts import UPRIGHT, UPRIGHT_PAIR

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


@pytest.fixture(scope="module")
def single(tutorial: SupplyNetwork) -> Scene:
    return sankey_scene(sn.coverage(tutorial, to="MLT", avoid="FJI", element="Nd"), size=UPRIGHT)


@pytest.fixture(scope="module")
def pair(tutorial: SupplyNetwork) -> Scene:
    before, after = (
        sn.coverage(tutorial, to="MLT", avoid=one, element="Nd") for one in (None, "FJI")
    )
    return sankey_scene(after, against=before, size=UPRIGHT_PAIR)


def test_a_stage_is_a_row_and_a_width_is_a_tonnage(single: Scene) -> None:
    boxes = sorted(single.boxes, key=lambda box: box.column)
    rows = {n: {box.y for box in own} for n, own in groupby(boxes, lambda box: box.column)}
    assert len(rows) > 2 and all(len(heights) == 1 for heights in rows.values())
    downwards = [min(heights) for heights in rows.values()]
    assert downwards == sorted(downwards)
    for box in single.boxes:
        if box.width > 5:
            assert box.width == pytest.approx(box.flow * single.scale)
    assert single.description.startswith("Sankey diagram from top to bottom")


def test_two_panels_lie_one_below_the_other_on_one_scale(pair: Scene) -> None:
    ends = {}
    for panel in "01":
        boxes = [box for box in pair.boxes if box.id.startswith(f"{panel}:")]
        ends[panel] = min(box.y for box in boxes), max(box.y for box in boxes)
        for box in boxes:
            if box.width > 5:
                assert box.width == pytest.approx(box.flow * pair.scale)
    assert ends["0"][1] < ends["1"][0]
    told = [label.text for label in pair.labels if label.role == "heading"]
    assert {"Before: with everything open", "After: without Fiji"} <= set(told)


def test_words_stand_below_their_box(single: Scene) -> None:
    (box,) = [one for one in single.boxes if one.column == max(b.column for b in single.boxes)]
    words = [
        label
        for label in single.labels
        if label.role == "box" and abs(label.x - box.x - box.width / 2) < 0.1 and label.y > box.y
    ]
    assert [one.text for one in words][0] == "Malta"
    assert all(one.anchor == "middle" and one.y > box.y + box.height for one in words)
