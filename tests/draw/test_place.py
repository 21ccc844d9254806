"""Order and places of boxes."""

from __future__ import annotations

import pytest

from supplynet.draw.answer import Bundle
from supplynet.draw.place import (
    ON_THE_WAY,
    Item,
    Layout,
    Link,
    Place,
    Way,
    arrange,
    ports,
)


def item(key: str, column: int, flow: float, group: int = ON_THE_WAY, **more: float) -> Item:
    return Item(key, column, group, flow, 12.0, **more)  # type: ignore[arg-type]


def test_places_stay_in_bounds_keep_their_order_and_are_to_scale() -> None:
    items = [item(f"i{n}", 0, 1.0 + n) for n in range(8)] + [item("end", 1, 36.0, reach=50.0)]
    links = [Link(f"i{n}", "end", 1.0 + n) for n in range(8)]
    layout = arrange(
        items,
        links,
        top=10,
        bottom=250,
        gap=3,
        largest=100,
        ranks={one.key: n for n, one in enumerate(items)},
    )
    ends = 10.0
    for key in layout.columns[0]:
        place = layout.places[key]
        assert place.top >= ends - 1e-9
        ends = place.top + place.height
        assert place.height == pytest.approx((1 + int(key[1:])) * layout.scale)
    assert ends <= 250
    last = layout.places["end"]
    assert last.top >= 10
    assert last.top + 50 * layout.scale <= 250 + 1e-6


def way(tail: str, head: str, tonnes: float, kind: str = "sure", step: int = 1) -> Way:
    return Way(f"{tail}{head}{kind}", Bundle(tail, head, kind, "", tonnes), (), step)


LAYOUT = Layout(
    places={
        "a": Place(10, 40),
        "b": Place(0, 30),
        "c": Place(100, 10),
    },
    scale=1.0,
    columns=(),
)


def test_ribbons_lie_side_by_side_in_the_order_of_their_heads() -> None:
    found = ports([way("a", "c", 10), way("a", "b", 30)], LAYOUT)
    assert found["absure", "tail"] == 10 + 15
    assert found["acsure", "tail"] == 10 + 30 + 5
    assert found["absure", "head"] == 15
    assert found["acsure", "head"] == 105
