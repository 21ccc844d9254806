"""Where ribbons touch their boxes."""

from __future__ import annotations

import pytest

from supplynet.draw.grouping import Bundle
from supplynet.draw.place import Layout, Place
from supplynet.draw.ports import Way, ports


def way(tail: str, head: str, tonnes: float, kind: str = "sure", step: int = 1) -> Way:
    return Way(f"{tail}{head}{kind}", Bundle(tail, head, kind, "", tonnes), (), step)


LAYOUT = Layout(
    places={
        "a": Place(10, 40, 20),
        "b": Place(0, 30, 0),
        "c": Place(100, 10, 20),
        "d": Place(200, 0, 30),
    },
    scale=1.0,
    ghost_scale=0.5,
    columns=(),
)


def test_ribbons_lie_side_by_side_in_the_order_of_their_heads() -> None:
    found = ports([way("a", "c", 10), way("a", "b", 30)], LAYOUT)
    assert found["absure", "tail"] == 10 + 15
    assert found["acsure", "tail"] == 10 + 30 + 5
    assert found["absure", "head"] == 15
    assert found["acsure", "head"] == 105


def test_grey_ribbons_touch_the_grey_part() -> None:
    found = ports([way("a", "c", 40, "shut"), way("a", "b", 40)], LAYOUT)
    assert found["acshut", "tail"] == 10 + 40 + 10
    assert found["acshut", "head"] == 110 + 10


def test_a_loop_lies_at_the_middle_and_takes_no_room_from_the_others() -> None:
    alone = ports([way("a", "c", 40, "shut")], LAYOUT)
    both = ports([way("a", "c", 40, "shut"), way("a", "d", 4, "shut", step=0)], LAYOUT)
    assert both["acshut", "tail"] == alone["acshut", "tail"]
    assert both["adshut", "tail"] == 60
    assert both["adshut", "head"] == 215


def test_a_way_back_leaves_on_the_left_beside_what_enters() -> None:
    ways = [way("b", "a", 30), way("a", "c", 10, step=-1)]
    found = ports(ways, LAYOUT)
    assert found["basure", "head"] == pytest.approx(25)
    assert found["acsure", "tail"] == pytest.approx(45)
