"""The legend explains what is on the map, and nothing else."""

from __future__ import annotations

import pytest

from supplynet.draw.maps.legend import dash
from supplynet.draw.maps.painter import map_scene
from supplynet.draw.style import SIZES, print_size
from tests.draw.maps.scenes import (
    flow,
    scene,
    shapes,
    shipped,
)
from tests.sweeps import sweep


def test_the_shut_country_is_grey_and_the_ramp_is_explained() -> None:
    found = scene()
    fills = {shape.id: shape.fill for shape in shapes(found, "land")}
    assert fills["land-CHN"] == "shut"
    assert fills["land-KOR"] == "land"  # the target does not depend on itself
    assert fills["land-USA"].startswith("ramp-")
    words = [label.text for label in found.labels if label.role == "legend"]
    (told,) = [one for one in words if one.startswith("up to ")]
    steps = [one for one in shapes(found, "legend") if one.fill.startswith("ramp-")]
    assert len(steps) == told.count(",") + 1
    assert "countries by the share of the flow that passes plants there" in " ".join(
        label.text for label in found.labels if label.role == "note"
    )


def test_dashes_grow_with_the_way_and_sure_ways_have_none() -> None:
    assert dash("sure", 5.0) == ()
    assert dash("planned", 1.0) == (6.0, 2.5)
    assert dash("planned", 10.0) == (15.0, 5.0)


WIDTHS = {**SIZES, **{width: print_size(width) for width in ("183mm", "120mm", "89mm")}}


@pytest.mark.parametrize("width", sweep([*WIDTHS], ["slide", "89mm"]))
def test_it_has_two_lines_at_the_most(width: str) -> None:
    """What few words leave out is in the notes."""
    found = map_scene(shipped(), flow("KOR", 2030), size=WIDTHS[width])
    words = [label for label in found.labels if label.role == "legend"]
    assert words and len({label.y for label in words}) <= 2
    told = " ".join(label.text for label in found.labels if label.role in ("legend", "note"))
    assert "weakest link" in told and "share of the flow that passes plants there" in told
    assert "borders take no side" in told
