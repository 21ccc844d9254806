"""Pairs of dots by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.charts.dependence import dependence_scene

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_dots_stand_at_their_shares(rare_earths: SupplyNetwork) -> None:
    found = sn.trace(rare_earths, to="KOR", exposed_to="CHN", element="Nd", year=2024)
    assert found.is_measured
    row = found.at("Nd")
    scene = dependence_scene(found)
    dots = {shape.id: shape for shape in scene.shapes if shape.role == "dot"}
    grid = [shape.path[0][1][0][0] for shape in scene.shapes if shape.id.startswith("column-")]

    *ticks, title = [label.text for label in scene.labels if label.role == "axis"]
    assert title == "share of what arrives"
    assert ticks[0] == "75%" and ticks[-1] == "100%"  # none of them is less

    def share_of(name: str) -> float:
        xs = [x for _, points in dots[name].path for x, _ in points]
        return 0.75 + 0.25 * ((min(xs) + max(xs)) / 2 - grid[0]) / (grid[-1] - grid[0])

    assert share_of("Nd-came last from there") == pytest.approx(row.direct)
    assert share_of("Nd-passed there at some step") == pytest.approx(row.traced)
    assert f"Nd {row.traced:.0%}" in scene.title
