"""Markers say stage and status by shape, share where plants lie close, and never hide another."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from supplynet.draw.answer import Segment
from supplynet.draw.grouping import Bundle
from supplynet.draw.maps.markers import NATION, Disc, cluster, make_room, marker
from supplynet.draw.maps.projection import Window
from supplynet.draw.maps.sites import Site, Traffic
from supplynet.draw.style import thin
from tests.draw.maps.scenes import (
    scene,
    shapes,
)

WINDOW = Window(0.0, 0.0, 400.0, 300.0)
number = st.floats(0, 400, allow_nan=False)
discs = st.lists(st.builds(Disc, number, number, st.floats(2, 8)), max_size=25)


def site(key: str, flow: float, *, stage: str = "mine", country: str = "AUS") -> Site:
    found = Site(key, key.title(), country, stage, "running", (0.0, 0.0), True, flow=flow)
    found.members[key] = flow
    return found


def way(tail: str, head: str, tonnes: float, kind: str = "sure") -> Bundle:
    found = Bundle(tail, head, kind, "", tonnes)
    found.parts[Segment(tail, head, "observed", "ore", "", "", ())] = tonnes
    return found


def test_every_stage_has_a_shape_of_its_own() -> None:
    shapes = [marker(place, 0, 0, 5) for place in (*range(7), NATION)]
    assert len(set(shapes)) == 8
    assert marker(7, 0, 0, 5) == marker(0, 0, 0, 5)


def test_close_plants_of_a_stage_and_country_share_a_marker() -> None:
    sites = {key: site(key, flow) for key, flow in (("a", 30.0), ("b", 10.0), ("c", 5.0))}
    sites["x"] = site("x", 45.0, stage="plant")
    traffic = Traffic(sites, (way("a", "x", 30), way("b", "x", 10), way("c", "x", 5)))
    points = {"a": (0.0, 0.0), "b": (4.0, 0.0), "c": (50.0, 0.0), "x": (1.0, 1.0)}
    found, where = cluster(traffic, points, 5.0, {"mine": "Mines", "plant": "Plants"})
    assert sorted(found.sites) == ["a", "c", "x"]
    assert found.sites["a"].title == "2 mines"
    assert found.sites["a"].flow == 40
    assert dict(found.sites["a"].members) == {"a": 30, "b": 10}
    assert where["a"] == (1.0, 0.0)  # three quarters of the tonnes are at a
    assert {(one.tail, one.head): one.tonnes for one in found.ways} == {
        ("a", "x"): 40,
        ("c", "x"): 5,
    }
    assert len(next(one for one in found.ways if one.tail == "a").parts) == 2


def test_what_differs_in_country_or_status_keeps_its_own_marker() -> None:
    other = site("c", 1.0)
    other.status = "building"
    sites = {"a": site("a", 1.0), "b": site("b", 1.0, country="NZL"), "c": other}
    points = dict.fromkeys(sites, (0.0, 0.0))
    found, _ = cluster(Traffic(sites, ()), points, 5.0, {"mine": "Mines"})
    assert sorted(found.sites) == ["a", "b", "c"]


@given(discs)
def test_markers_make_room(markers: list[Disc]) -> None:
    moved = make_room(markers, WINDOW)
    assert [disc.radius for disc in moved] == [disc.radius for disc in markers]
    for disc in moved:
        assert disc.radius - 1e-6 <= disc.x <= 400 - disc.radius + 1e-6
        assert disc.radius - 1e-6 <= disc.y <= 300 - disc.radius + 1e-6
    pairs = [(a, b) for n, a in enumerate(moved) for b in moved[n + 1 :]]
    deepest = max((a.radius + b.radius - math.dist((a.x, a.y), (b.x, b.y)) for a, b in pairs),
                  default=0.0)  # fmt: skip
    assert deepest < 0.5
    assert make_room(markers, WINDOW) == moved


def test_what_is_pinned_stays_and_others_make_room() -> None:
    markers = [Disc(50, 50, 4), Disc(51, 50, 4), Disc(50, 52, 4)]
    moved = make_room(markers, WINDOW, pinned=[0])
    assert moved[0] == markers[0]
    assert not any(moved[0].overlaps(disc) for disc in moved[1:])
    assert not moved[1].overlaps(moved[2])
    both = make_room(markers[:2], WINDOW, pinned=[0, 1])
    assert not both[0].overlaps(both[1])


def test_hover_tells_plant_standing_tonnes_and_sources() -> None:
    found = scene()
    text = {shape.id: shape.hover for shape in shapes(found, "facility")}
    lynas = next(lines for lines in text.values() if lines[0].startswith("Lynas Malaysia"))
    assert "Malaysia" in lynas[1]
    assert any("t Nd2O3/yr pass it" in line for line in lynas)
    assert any(line.startswith("Source: ") for line in lynas)
    surest = shapes(scene(to="JPN", year=2024, links="contracted"), "arc")
    arc = next(shape for shape in surest if shape.stroke == thin("sure"))
    assert " to " in arc.hover[0]
    assert "t Nd2O3/yr" in arc.hover[0]
    assert "observed" in arc.hover[1] or "contracted" in arc.hover[1]
