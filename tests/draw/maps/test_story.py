"""Potentials and contested tonnes are distinguished, and nothing is reported as something."""

from __future__ import annotations

from supplynet.draw.maps.fill import STEPS
from supplynet.draw.style import RAMP
from supplynet.text import tonnes as told
from tests.draw.maps.scenes import (
    balanced,
    contested,
    scene,
    shapes,
)


def test_a_balance_is_called_contested_and_fills_what_is_missing() -> None:
    found = contested(level="country")
    assert any(label.text.startswith("Contested, ") for label in found.labels)
    assert "Potential" not in " ".join(label.text for label in found.labels)
    served = {row.nation: row for row in balanced().elements if row.element == "Nd"}
    land = {shape.id: shape for shape in shapes(found, "land")}
    korea = served["KOR"]
    missing = 1 - korea.served / korea.demand
    step = max(n for n, start in enumerate(STEPS) if missing >= start)
    assert land["land-KOR"].fill == RAMP[step]
    assert land["land-KOR"].hover[1].startswith(f"{told(korea.served)} of {told(korea.demand)}")
    assert not any(shape.stroke == "cut" for shape in found.shapes)


def test_only_what_ends_up_with_a_nation_is_drawn_where_asked() -> None:
    found = contested(to="KOR")
    korea = next(row for row in balanced().elements if (row.nation, row.element) == ("KOR", "Nd"))
    texts = [label.text for label in found.labels if label.role == "place"]
    # on the map of the world, and on the inset of its surroundings where there is room
    here = [text for text in texts if text.startswith("South Korea ")]
    assert set(here) == {f"South Korea {told(korea.served)} t"}


def test_under_the_control_lens_a_country_is_shut_only_with_all_its_plants() -> None:
    fills = {one.id: one.fill for one in shapes(scene(lens="control", region="asia"), "land")}
    assert fills["land-CHN"] != "shut"  # foreign plants there stay open
    assert fills["land-MMR"] == "shut"
