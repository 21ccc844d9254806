"""What is shown on pointing at a part."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from supplynet.draw.layered import layer_scene
from supplynet.draw.maps.figure import map_scene
from supplynet.draw.streams.scene import sankey_scene

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


def test_a_box_names_its_plants_tonnes_and_limits(
    demo: SupplyNetwork, demo_bypass: BypassResult
) -> None:
    boxes = {box.id: box for box in layer_scene(demo, demo_bypass, is_single=True).boxes}
    hover = boxes["2|country|FJI"].hover
    assert hover[0] == "Fiji, makers"
    assert "70 t graphite/yr could arrive through it" in hover
    assert "K-Fji: 70 t (at its limit)" in hover


def test_a_ribbon_names_forms_standing_and_plants(
    demo: SupplyNetwork, demo_bypass: BypassResult
) -> None:
    ribbons = {
        (one.tail, one.head, one.kind): one
        for one in layer_scene(demo, demo_bypass, is_single=True).ribbons
    }
    hover = ribbons["1|country|FJI", "2|country|FJI", "sure"].hover
    assert hover[0] == "Fiji to Fiji: 70 t graphite/yr"
    assert hover[1] == "material; contracted"
    assert "P-Fji to K-Fji: 70 t" in hover


def test_no_tip_has_more_than_six_lines(korea: BypassResult) -> None:
    net = korea.question.net
    for scene in (
        layer_scene(net, korea, element="Nd", is_single=True),
        map_scene(net, korea, element="Nd", level="country"),
        sankey_scene(korea.elements[0].flow),
    ):
        tips = [one.hover for one in (*scene.boxes, *scene.ribbons, *scene.shapes) if one.hover]
        assert tips
        assert max(map(len, tips)) <= 6


def test_sources_and_rules_are_named(korea: BypassResult) -> None:
    scene = layer_scene(korea.question.net, korea, element="Nd", level="facility")
    titles = {source.title for source in korea.question.net.source_by_id.values()}
    lines = [line for box in scene.boxes for line in box.hover if line.startswith("Source: ")]
    assert lines
    told = {line.removeprefix("Source: ") for line in lines}
    assert {re.sub(r" and \d+ more$", "", line) for line in told} <= titles
    assert any("assumed by the rule" in line for one in scene.ribbons for line in one.hover)
