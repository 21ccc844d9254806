"""Title, legend and sources on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from supplynet.draw.answer import answer_of
from supplynet.draw.frame import frame, scale_bar
from supplynet.draw.labels import extent
from supplynet.draw.layered import layer_scene
from supplynet.draw.style import SIZES, find_size

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


@pytest.mark.parametrize("scale", [1e-4, 0.003, 0.17, 1.0, 5.0, 48.0])
def test_the_scale_bar_is_round_and_of_a_handy_height(scale: float) -> None:
    unit, height = scale_bar(scale)
    assert f"{unit:e}"[0] in "125"
    assert float(f"{unit:.0e}") == pytest.approx(unit)
    assert 6 <= height <= 16
    assert height == pytest.approx(unit * scale)
    # in a legend of small letters it keeps to its line: taller ones touched the lines around
    _, small = scale_bar(scale, 10.0)
    assert 0.39 * 9 <= small <= 9


@pytest.mark.parametrize("name", SIZES)
def test_words_leave_most_of_the_canvas_to_the_flow(korea: BypassResult, name: str) -> None:
    size = find_size(name)
    around = frame(answer_of(korea, "Dy"), size)
    assert around.bottom - around.top > 0.55 * size.height
    for label in around.labels:
        left, upper, right, lower = extent(label)
        assert left >= 0 and upper >= 0 and right <= size.width and lower <= size.height


def test_the_legend_explains_only_what_is_there(
    demo: SupplyNetwork, demo_bypass: BypassResult
) -> None:
    def kinds(highlight: str) -> set[str]:
        scene = layer_scene(demo, demo_bypass, highlight=highlight, is_single=True)
        return {one.id.split("-")[1] for one in scene.shapes if one.role == "patch"}

    shown = {one.kind for one in layer_scene(demo, demo_bypass, is_single=True).ribbons}
    assert {"sure", "planned"} <= shown and "shut" not in shown  # that is reported in a line
    assert kinds("cut") == {*shown, "scale", "cut"}
    assert kinds("none") == {*shown, "scale"}
