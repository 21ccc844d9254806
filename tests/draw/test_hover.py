"""What is shown on pointing at a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.draw.layered import layer_scene

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


def test_a_box_names_its_plants_tonnes_and_limits(
    demo: SupplyNetwork, demo_bypass: BypassResult
) -> None:
    boxes = {box.id: box for box in layer_scene(demo, demo_bypass, is_single=True).boxes}
    hover = boxes["0:2|FJI"].hover
    assert hover[0] == "Fiji, makers: 70 t graphite/yr"
    assert "K-Fji: 70 t (at its limit)" in hover


def test_a_ribbon_names_forms_standing_and_plants(
    demo: SupplyNetwork, demo_bypass: BypassResult
) -> None:
    streams = {
        (*one.ends, one.standing): one
        for one in layer_scene(demo, demo_bypass, is_single=True).shapes
    }
    hover = streams["0:1|FJI", "0:2|FJI", "sure"].hover  # type: ignore[index]
    assert hover[0] == "Fiji to Fiji: 70 t graphite/yr"
    assert hover[1] == "material; contracted"
    assert "P-Fji to K-Fji: 70 t" in hover
