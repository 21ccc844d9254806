"""Pairs of dots by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.charts.dependence import dependence_scene
from supplynet.draw.mpl import figure_of
from tests.draw.structure import require_good

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


#: where much is possible, much is not decided
LOOSE = {"objective": "max_supply", "tier": "possible", "year": 2024}


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


def test_before_and_after(rare_earths: SupplyNetwork) -> None:
    asked = {
        "to": "KOR",
        "exposed_to": "CHN",
        "element": "Nd,Dy",
        "objective": "fair",
        "year": 2024,
    }
    before = sn.trace(rare_earths, **asked)
    after = sn.trace(rare_earths, avoid="CHN", **asked)
    scene = dependence_scene(after, against=before)
    words = [label.text for label in scene.labels]
    assert "after: nothing arrives" in words  # no Dy is left
    assert "Before: with everything open; After: without China" in scene.description
    assert "Dy from 100% to no supply" in scene.title
    require_good(figure_of(scene))


def test_what_is_not_decided_is_drawn_as_a_span(tutorial: SupplyNetwork) -> None:
    found = sn.trace(tutorial, to="MLT", exposed_to="FJI", element="Nd", **LOOSE)
    scene = dependence_scene(found)
    assert [shape.id for shape in scene.shapes if shape.role == "range"] == [
        "Nd-came last from there-span",
        "Nd-passed there at some step-span",
    ]
    assert "Nd not decided: 0% to 59%" in scene.title
    assert not [shape for shape in scene.shapes if shape.role == "dot"]
