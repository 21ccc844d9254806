"""Words beside boxes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from supplynet.draw.labels import (
    box_labels,
    extent,
    need_labels,
    overlap,
    plant_rows,
)
from supplynet.draw.scene import Box, Label

BOX = Box(
    id="1|country|USA",
    title="United States",
    short="USA",
    code="",
    stage="plant",
    column=1,
    x=100,
    y=50,
    width=13,
    height=40,
    cut_height=0,
    flow=714.0,
    cut=0.0,
    fill="#000000",
    members=(),
    hover=(),
)


def texts(labels: tuple[Label, ...]) -> list[str]:
    return [label.text for label in labels]


def test_a_box_has_its_name_and_tonnes_beside_it() -> None:
    labels = box_labels(BOX, size=10, room=200, side="right")
    assert texts(labels) == ["United States", "714 t"]
    assert all(label.y == 70 for label in labels)
    assert extent(labels[0])[0] > 113
    assert not overlap(extent(labels[0]), extent(labels[1]))


@pytest.mark.parametrize(
    ("room", "found"),
    [
        (140, ["United States", "714 t"]),
        (90, ["United States", "714 t"]),
        (70, ["USA", "714 t"]),
        (40, ["USA", "714 t"]),
    ],
)
def test_a_narrow_room_gets_the_short_name(room: float, found: list[str]) -> None:
    labels = box_labels(BOX, size=10, room=room, side="right")
    assert texts(labels) == found
    assert extent(labels[-1])[2] <= 113 + room


@pytest.mark.parametrize("bar", [0.0, 3.0, 30.0, 45.0, 90.0])
@pytest.mark.parametrize("height", [40, 2, 14])
def test_what_is_needed_never_lies_on_the_name(bar: float, height: float) -> None:
    box = replace(BOX, height=height)
    own = box_labels(box, size=10, room=200, side="right")
    labels = need_labels(box, 55.0, bar, own, size=10, room=200)
    assert texts(labels)[-1] == "55 t needed"
    for label in labels[:-1]:
        assert not overlap(extent(label), extent(labels[-1]))


@pytest.mark.parametrize(
    ("title", "room", "expected"),
    [
        ("JS Link Yesan", 200, [["JS Link Yesan", "31.8 t"]]),
        ("JS Link Yesan", 84, [["JS Link Yesan"], ["31.8 t"]]),
        (
            "Korean Metals Plant (ASM), Ochang",
            120,
            [["Korean Metals Plant"], ["(ASM), Ochang", "31.8 t"]],
        ),
        ("Oxides Metallurgical", 82, [["Oxides"], ["Metallurgical"], ["31.8 t"]]),
    ],
)
def test_the_name_of_a_plant_takes_the_lines_that_leave_it_whole(
    title: str, room: float, expected: list[list[str]]
) -> None:
    rows = plant_rows(title, "31.8 t", size=10, room=room)
    assert [[run.text for run in runs] for runs in rows] == expected
