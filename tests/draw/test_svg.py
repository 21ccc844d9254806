from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # noqa: N817
from typing import TYPE_CHECKING

import pytest

from supplynet.draw import svg
from supplynet.draw.layered import layer_scene
from supplynet.draw.scene import Label, Scene, polyline
from supplynet.draw.style import THEMES

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


def test_a_scene_is_well_formed_and_told(demo: SupplyNetwork, demo_bypass: BypassResult) -> None:
    scene = layer_scene(demo, demo_bypass, is_single=True)
    root = ET.fromstring(svg.to_svg(scene, "name"))
    assert root.attrib["viewBox"] == f"0 0 {scene.width:g} {scene.height:g}"
    title, about = root[0], root[1]
    assert (title.attrib["id"], title.text) == ("name-title", scene.title)
    assert (about.attrib["id"], about.text) == ("name-about", scene.description)
    assert root.attrib["aria-labelledby"] == "name-title"
    texts = [one.text for one in root.iter("text")]
    assert texts == [label.text for label in scene.labels]
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", svg.to_svg(scene, "name")))
    assert used
    assert used <= THEMES["light"].colors.keys()


def test_what_is_said_is_escaped() -> None:
    text = "<b>&\"'</b>"
    label = Label(text, 1, 1, 10, "ink")
    made = svg.to_svg(Scene(9, 9, text, text, labels=(label,)), "x")
    root = ET.fromstring(made)
    assert [root[0].text, root[1].text, root[2].text] == [text, text, text]


@pytest.mark.parametrize("points", [[(0, 0), (1.23, -4.56), (1.23, -4.56), (-100, 3)], [(5, 5)]])
def test_a_path_ends_where_it_should(points: list[tuple[float, float]]) -> None:
    """Steps are rounded from where the path really is, so that no error adds up."""
    text = svg.path(polyline(points))
    numbers = [float(one) for one in re.findall(r"-?[\d.]+", text)]
    ends = (sum(numbers[::2]), sum(numbers[1::2]))
    assert ends == pytest.approx(points[-1], abs=0.051)
    closed = svg.path(polyline([(0, 0), (5, 5), (9, 0)], is_closed=True))
    assert closed == "M0 0l5 5l4-5z"
    two = (*polyline([(0, 0), (5, 5)], is_closed=True), *polyline([(1, 1), (2, 2)]))
    assert svg.path(two) == "M0 0l5 5zm1 1l1 1"
