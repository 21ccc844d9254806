"""Bars of capacity beside boxes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import supplynet as sn
from supplynet.draw import capacity
from supplynet.draw.grouping import Group
from supplynet.draw.layered import layer_scene
from supplynet.draw.scene import polyline

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


def group(flow: float, most: float) -> Group:
    return Group("k", 0, 0, "t", "c", flow=flow, capacity=most)


def test_a_bar_is_as_long_as_the_capacity_up_to_an_end() -> None:
    assert capacity.drawn(group(10, 20)) == 20
    assert capacity.drawn(group(10, 1000)) == 25
    assert capacity.drawn(group(10, math.inf)) == 0
    assert capacity.drawn(group(0, 50)) == 0


def test_bars_tell_what_is_used(demo: SupplyNetwork, demo_bypass: BypassResult) -> None:
    scene = layer_scene(demo, demo_bypass)
    shapes = {shape.id: shape for shape in scene.shapes}
    box = next(one for one in scene.boxes if one.members == ("p-fji",))
    # p-fji could take 80 t and passes the 70 t that its maker can take
    whole, used = shapes[f"{box.id}:capacity"], shapes[f"{box.id}:used"]
    length = whole.path[1][1][0][1] - whole.path[0][1][0][1]
    assert math.isclose(length, 80 * scene.scale)
    assert math.isclose(used.path[2][1][0][1] - used.path[0][1][0][1], 70 * scene.scale)
    assert any("88% of its capacity for 80 t, mostly estimated" in line for line in box.hover)
    assert box.is_estimated  # every figure of this network is made up


def test_a_capacity_far_beyond_what_is_used_ends_in_dashes(rare_earths: SupplyNetwork) -> None:
    flow = sn.max_flow(rare_earths, to="KOR", avoid="CHN", element="Nd", year=2030)
    scene = layer_scene(rare_earths, flow)
    more = [shape for shape in scene.shapes if shape.id.endswith(":more")]
    assert more and all(shape.dash for shape in more)
    assert all(shape.path[0][0] == polyline([(0, 0)])[0][0] for shape in more)


def test_a_nation_has_no_bar(demo: SupplyNetwork, demo_bypass: BypassResult) -> None:
    scene = layer_scene(demo, demo_bypass)
    assert not any(shape.id.startswith("3|") for shape in scene.shapes)
