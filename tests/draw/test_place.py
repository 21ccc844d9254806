"""Order and places of boxes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplynet.draw.grouping import Bundle
from supplynet.draw.place import (
    AT_THE_FOOT,
    ON_THE_WAY,
    Item,
    Layout,
    Link,
    Place,
    Way,
    arrange,
    isotonic,
    ports,
)

NUMBERS = st.lists(st.tuples(st.floats(-50, 50), st.floats(0.1, 9)), min_size=1, max_size=6)


@given(NUMBERS)
def test_isotonic_numbers_do_not_fall_and_keep_the_weighted_sum(
    pairs: list[tuple[float, float]],
) -> None:
    wishes, weights = [w for w, _ in pairs], [m for _, m in pairs]
    found = isotonic(wishes, weights)
    assert all(a <= b for a, b in itertools.pairwise(found))
    total = sum(a * w for a, w in zip(wishes, weights, strict=True))
    assert sum(a * w for a, w in zip(found, weights, strict=True)) == pytest.approx(total, abs=1e-6)


def item(key: str, column: int, flow: float, group: int = ON_THE_WAY, **more: float) -> Item:
    return Item(key, column, group, flow, 12.0, **more)  # type: ignore[arg-type]


def test_sweeps_undo_crossings() -> None:
    items = [item("a", 0, 5), item("b", 0, 4), item("x", 1, 4.1), item("y", 1, 4.9)]
    links = [Link("a", "x", 4.1), Link("b", "y", 4.0), Link("a", "y", 0.9)]
    layout = arrange(items, links, top=0, bottom=200, gap=4, largest=100)
    assert layout.columns[0] == ("a", "b")
    assert layout.columns[1] == ("x", "y")


def test_places_stay_in_bounds_keep_their_order_and_are_to_scale() -> None:
    items = [item(f"i{n}", 0, 1.0 + n) for n in range(8)] + [item("end", 1, 36.0, reach=50.0)]
    links = [Link(f"i{n}", "end", 1.0 + n) for n in range(8)]
    layout = arrange(items, links, top=10, bottom=250, gap=3, largest=100)
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


def test_what_reaches_nobody_lies_at_the_foot() -> None:
    items = [item("open", 0, 3.0), item("lost", 0, 30.0, AT_THE_FOOT)]
    layout = arrange(items, [], top=0, bottom=100, gap=4, largest=2)
    assert layout.columns == (("open", "lost"),)
    place = layout.places["lost"]
    assert place.top + place.height == pytest.approx(100)


def test_order_does_not_depend_on_the_order_of_the_input() -> None:
    items = [item(f"{c}{n}", c, 1.0 + (n * 7 + c) % 5) for c in range(3) for n in range(5)]
    links = [Link(f"{c}{n}", f"{c + 1}{(n * 3 + c) % 5}", 1.0) for c in range(2) for n in range(5)]
    one = arrange(items, links, top=0, bottom=300, gap=4, largest=9)
    other = arrange(items[::-1], links, top=0, bottom=300, gap=4, largest=9)
    assert one == other


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
