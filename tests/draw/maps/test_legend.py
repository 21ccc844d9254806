"""The legend explains what is on the map, and nothing else."""

from __future__ import annotations

import pytest

from supplynet.draw.maps.figure import map_scene
from supplynet.draw.maps.legend import dash
from supplynet.draw.style import RIBBONS, SIZES, print_size
from tests.draw.maps.scenes import (
    flow,
    of_many_stages,
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


def test_few_words_tell_all_ways_at_once_and_leave_nations_to_their_names() -> None:
    found = map_scene(shipped(), flow("JPN", 2024), level="facility", size=WIDTHS["89mm"])
    words = [label.text for label in found.labels if label.role == "legend"]
    ways = [one for one in shapes(found, "legend") if one.id.removeprefix("legend-") in RIBBONS]
    live = [one for one in ways if one.id != "legend-shut"]
    assert len(live) > 1 and len({one.path for one in live}) == len(live)
    assert words[0].count(",") == len(live) - 1
    assert "Nation" not in words and "Mine" in words


@pytest.mark.parametrize("width", sweep([*WIDTHS], ["slide", "89mm"]))
def test_plants_of_seven_stages_have_two_lines_where_there_is_room(width: str) -> None:
    alone = of_many_stages()
    found = map_scene(alone.question.net, alone, level="facility", size=WIDTHS[width])
    words = [label for label in found.labels if label.role == "legend"]
    assert len({label.y for label in words}) <= (3 if width == "89mm" else 2)
    told = " ".join(label.text for label in found.labels if label.role in ("legend", "note"))
    for stage in ("Mine", "Scrap yard", "Leaching plant", "Precursor maker", "Cathode maker"):
        assert stage in told
    assert "observed or contracted" in told and "shut" in told
    assert "\u2026" not in told
    assert "no room" in told  # the first of the notes, which none of the others pushes out
