"""Marks: frames around the boxes of marked plants alone, a line that names them, refusals."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.draw.layered import Marks, layer_scene, marked, marks_of
from supplynet.draw.words import text_width

ASKED = {"to": "MLT", "element": "Nd"}


@pytest.fixture(scope="module")
def net():
    return sn.load("tutorial")


@pytest.fixture(scope="module")
def scene(net):
    return layer_scene(net, sn.flow(net, **ASKED), level="facility")


def framed(scene):
    return {one.id.removeprefix("mark-") for one in scene.shapes if one.role == "mark"}


def test_boxes_with_marked_plants_are_framed_and_no_others(net, scene):
    marks = marks_of(sn.chokepoints.interdict(net, k=1, frontier=False, **ASKED))
    found = marked(scene, marks)
    boxes = {box.id for box in scene.boxes if marks.nodes & set(box.members)}
    assert boxes
    assert framed(found) == boxes | {"legend"}
    assert framed(scene) == set()
    assert marks.text in found.description


def test_the_line_about_it_does_not_run_into_the_sources(net, scene):
    found = marked(
        scene, Marks(marks_of(sn.chokepoints.interdict(net, k=1, **ASKED)).nodes, "Word " * 80)
    )
    told = found.labels[-1]
    footer, *more = [one for one in found.labels if one.role == "footer"]
    assert told.x + text_width(told.text, told.size) <= found.width
    assert told.y + told.size < footer.y
    before = [one.text for one in scene.labels if one.role == "footer"]
    assert [one.text for one in (footer, *more)] == before  # the sources stay whole
