"""Names on a map lie neither on each other nor on markers, and stay on the map."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from supplynet.draw.maps.labels import Wish, place_labels
from supplynet.draw.maps.markers import Disc, make_room
from supplynet.draw.maps.projection import Window
from supplynet.draw.place import extent, overlap

WINDOW = Window(0.0, 0.0, 300.0, 200.0)
place = st.tuples(st.floats(0, 300), st.floats(0, 200))
places = st.lists(place, min_size=1, max_size=30)


def square(disc: Disc) -> tuple[float, float, float, float]:
    return disc.x - disc.radius, disc.y - disc.radius, disc.x + disc.radius, disc.y + disc.radius


@given(places)
def test_labels_keep_clear_of_each_other_of_markers_and_of_the_edge(
    points: list[tuple[float, float]],
) -> None:
    discs = make_room([Disc(x, y, 4.0) for x, y in points], WINDOW)
    wishes = [Wish(f"Place number {n}", disc) for n, disc in enumerate(discs)]
    found = place_labels(wishes, discs, WINDOW, size=8.0)
    boxes = [extent(label) for label in found.labels]
    assert len(boxes) + found.n_left_out == len(points)
    for number, box in enumerate(boxes):
        assert box[0] >= 0
        assert box[1] >= 0
        assert box[2] <= 300
        assert box[3] <= 200
        assert not any(overlap(box, other) for other in boxes[number + 1 :])
        assert not any(overlap(box, square(disc)) for disc in discs)


def test_a_label_that_moves_away_has_a_line_to_its_marker() -> None:
    disc = Disc(150, 100, 4)
    ring = [Disc(150 + 20 * x, 100 + 12 * y, 4) for x in (-1, 1) for y in (-1, 0, 1)]
    found = place_labels([Wish("A longer name", disc)], [disc, *ring], WINDOW, size=8.0)
    assert len(found.labels) == len(found.lines) == 1
    assert abs(found.lines[0].path[0][1][0][0] - 150) < 1e-9
