"""Marks: frames around the boxes of marked plants alone, a line that names them, refusals."""

from __future__ import annotations

import pytest

import supplynet as sn
from supplynet.draw.layered import layer_scene, marks_of

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
    worst = sn.chokepoints.interdict(net, k=1, frontier=False, **ASKED)
    marks = marks_of(worst)
    found = layer_scene(net, sn.flow(net, **ASKED), level="facility", mark=worst)
    boxes = {box.id for box in scene.boxes if marks.nodes & set(box.members)}
    assert boxes
    assert framed(found) == boxes
    assert framed(scene) == set()
    assert marks.text in found.description
    assert marks.text in {one.text for one in found.labels if one.role == "legend"}
