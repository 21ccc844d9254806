"""Words beside boxes."""

from __future__ import annotations

import pytest

from supplynet.draw.labels import (
    box_labels,
    extent,
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
