"""The interdiction frontier."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.charts.worst import worst_scene
from supplynet.draw.mpl import figure_of
from supplynet.text import share
from tests.draw.structure import require_good

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.interdict import InterdictionResult


@pytest.fixture(scope="module")
def found(rare_earths: SupplyNetwork) -> InterdictionResult:
    return sn.chokepoints.interdict(
        rare_earths, to="KOR", element="Nd", avoid="CHN", year=2030, k=3
    )


def test_a_dot_a_budget_with_who_is_lost(found: InterdictionResult) -> None:
    scene = worst_scene(found)
    dots = [shape for shape in scene.shapes if shape.id.startswith("step-")]
    assert len(dots) == len(found.frontier) == 4
    listed = " ".join(label.text for label in scene.labels if label.role == "list")
    for target in found.removed:
        assert target.name.split(" (")[0] in listed
    assert "with proof" in scene.description
    require_good(figure_of(scene))


def test_the_message_is_the_last_dot(found: InterdictionResult) -> None:
    need = 2.0 * found.whole
    halved = replace(found, demand=replace(found.demand, value=need))
    scene = worst_scene(halved)
    ends = share(found.whole / need), share(found.frontier[-1].value / need)
    assert scene.title.endswith(f"plants to lose cut coverage from {ends[0]} to {ends[1]}")
    dots = [one for one in scene.shapes if one.id.startswith("step-")]
    heights = [one.path[0][1][0][1] for one in dots]
    (curve,) = [one.path for one in scene.shapes if one.id == "frontier"]
    assert [curve[2 * n][1][0][1] for n in range(len(dots))] == pytest.approx(heights)
    assert all(a[1][0][0] == b[1][0][0] or a[1][0][1] == b[1][0][1] for a, b in pairwise(curve))
    assert {*ends} <= {label.text for label in scene.labels}


def test_what_is_not_proved_is_a_range(found: InterdictionResult) -> None:
    last = found.frontier[-1]
    open_end = replace(last, bound=last.value * 0.5, is_proved=False)
    scene = worst_scene(replace(found, frontier=(*found.frontier[:-1], open_end)))
    assert any(shape.role == "range" for shape in scene.shapes)
    legend = [label.text for label in scene.labels if label.role == "legend"]
    assert "down to what no losses can go below" in legend
    assert "best found so far" in scene.description
