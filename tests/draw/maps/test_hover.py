"""What a reader sees on pointing at a place or a way."""

from __future__ import annotations

import supplynet as sn
from supplynet.draw.maps.figure import map_scene
from tests.draw.maps.scenes import (
    scene,
    shapes,
)
from tests.draw.networks import EDGES, NODES, network


def test_hover_tells_plant_standing_tonnes_and_sources() -> None:
    found = scene()
    text = {shape.id: shape.hover for shape in shapes(found, "facility")}
    lynas = next(lines for lines in text.values() if lines[0].startswith("Lynas Malaysia"))
    assert "Malaysia" in lynas[1]
    assert any("t Nd2O3/yr pass it" in line for line in lynas)
    assert any(line.startswith("Source: ") for line in lynas)
    surest = shapes(scene(to="JPN", year=2024, links="contracted"), "arc")
    arc = next(shape for shape in surest if shape.stroke == "sure")
    assert " to " in arc.hover[0]
    assert "t Nd2O3/yr" in arc.hover[0]
    assert "observed" in arc.hover[1] or "contracted" in arc.hover[1]


def test_a_place_that_is_none_says_so() -> None:
    found = scene(level="country")
    lines = [line for shape in shapes(found, "facility") for line in shape.hover]
    assert any("middle of the country" in line for line in lines)


def test_a_plant_without_coordinates_says_so() -> None:
    nodes = [
        {**row, "lat": 10.0 + n, "lon": 20.0 + 3 * n} if row["id"] != "k-fji" else row
        for n, row in enumerate(NODES)
    ]
    net = network(nodes, EDGES)
    found = map_scene(
        net, sn.max_flow(net, to="MLT", element="graphite", avoid="ISL"), level="facility"
    )
    hover = {shape.id: shape.hover for shape in shapes(found, "facility")}
    assert any("no coordinates" in line for line in hover["place-node-k-fji"])
    assert not any("no coordinates" in line for line in hover["place-node-m-fji"])
    notes = " ".join(label.text for label in found.labels if label.role == "note")
    assert "1 plant stands in the middle of the country for want of coordinates." in notes
