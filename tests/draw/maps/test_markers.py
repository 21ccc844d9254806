"""Markers say stage and status by shape, share where plants lie close, and never hide another."""

from __future__ import annotations

from supplynet.draw.answer import Bundle, Segment
from supplynet.draw.maps.markers import Site, Traffic, cluster
from supplynet.draw.style import thin
from tests.draw.maps.scenes import (
    scene,
    shapes,
)


def site(key: str, flow: float, *, stage: str = "mine", country: str = "AUS") -> Site:
    found = Site(key, key.title(), country, stage, "running", (0.0, 0.0), True, flow=flow)
    found.members[key] = flow
    return found


def way(tail: str, head: str, tonnes: float, kind: str = "sure") -> Bundle:
    found = Bundle(tail, head, kind, "", tonnes)
    found.parts[Segment(tail, head, "observed", "ore", "", "", ())] = tonnes
    return found


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
