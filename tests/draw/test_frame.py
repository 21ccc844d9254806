"""Title, legend and sources on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.answer import answer_of
from supplynet.draw.frame import words
from supplynet.draw.layered import layer_scene
from supplynet.draw.place import extent
from supplynet.draw.sheet import frame
from supplynet.draw.style import SIZES, find_size

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


@pytest.mark.parametrize("name", SIZES)
def test_words_leave_most_of_the_canvas_to_the_flow(korea: BypassResult, name: str) -> None:
    size = find_size(name)
    around = frame(words(answer_of(korea, "Dy")), size, n_legend=1)
    assert around.bottom - around.top > 0.55 * size.height
    for label in around.labels:
        left, upper, right, lower = extent(label)
        assert left >= 0 and upper >= 0 and right <= size.width and lower <= size.height


def test_the_legend_explains_only_what_is_there(
    demo: SupplyNetwork, demo_bypass: BypassResult
) -> None:
    def legend(result: BypassResult | sn.FlowResult) -> set[str]:
        scene = layer_scene(demo, result, is_single=True)
        return {label.text for label in scene.labels if label.role == "legend"}

    assert "non-binding" not in " ".join(legend(demo_bypass))
    (limits,) = (text for text in legend(demo_bypass) if text.startswith("at its limit"))
    assert limits.startswith("at its limit: ")
    countries = {node.country for node in demo.node_rows} - {"MLT"}
    nothing = sn.flow(demo, to="MLT", avoid=",".join(sorted(countries)), element="graphite")
    assert not any(text.startswith("at its limit") for text in legend(nothing))
