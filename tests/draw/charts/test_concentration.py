"""Concentration by stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import supplynet as sn
from supplynet.draw.charts.concentration import concentration_scene
from supplynet.text import quantity

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def test_bars_tell_the_index_and_the_largest(rare_earths: SupplyNetwork) -> None:
    result = sn.indices(rare_earths)
    scene = concentration_scene(result)
    bars = [shape for shape in scene.shapes if shape.role == "bar"]
    assert len(bars) == len(result.of("hhi"))
    words = " ".join(label.text for label in scene.labels)
    for index in result.of("hhi"):
        assert quantity(index.value, index.unit, ends=(index.low, index.high)) in words
    assert "China" in words
    assert scene.digest == rare_earths.digest
