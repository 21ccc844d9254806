"""Sankey diagrams as scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.scene import Scene
from supplynet.draw.streams.scene import sankey_scene
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.questions.contested import AllocateResult


@pytest.fixture(scope="module")
def base(rare_earths: SupplyNetwork) -> AllocateResult:
    return sn.allocate(rare_earths, year=2030, tier="announced")


@pytest.fixture(scope="module")
def ban(rare_earths: SupplyNetwork) -> AllocateResult:
    return sn.allocate(rare_earths, year=2030, avoid="CHN", objective="fair", tier="announced")


def tops(scene: Scene, panel: str = "0:") -> dict[str, list[str]]:
    """Titles from top to bottom by stage."""
    found: dict[str, list[str]] = {}
    for box in sorted(scene.boxes, key=lambda one: one.y):
        if box.id.startswith(panel):
            found.setdefault(box.stage, []).append(box.title)
    return found


def test_both_panels_have_one_scale_and_one_order(
    base: AllocateResult, ban: AllocateResult
) -> None:
    scene = sankey_scene(ban, against=base, element="Nd")
    for box in scene.boxes:
        if box.height > 5:
            assert box.height == pytest.approx(box.flow * scene.scale)
    before, after = tops(scene, "0:"), tops(scene, "1:")
    for stage, titles in after.items():
        assert [one for one in before[stage] if one in titles] == [
            one for one in titles if one in before[stage]
        ]
    fills = {(box.title, box.fill) for box in scene.boxes}
    assert len(fills) == len({title for title, _ in fills})


def test_streams_are_as_wide_as_their_tonnes(base: AllocateResult) -> None:
    scene = sankey_scene(base, element="Nd")
    sums: dict[str, float] = {}
    for stream in (one for one in scene.shapes if one.role == "stream"):
        (_, ((_, upper),)), (_, points) = stream.path[0], stream.path[-2]
        tail = stream.id.split(">")[0]
        sums[tail] = sums.get(tail, 0.0) + points[-1][1] - upper
    for box in scene.boxes:
        if box.stage != "Nations" and box.height > 5:
            assert sums[box.id] == pytest.approx(box.height, rel=1e-6)


def test_the_largest_country_of_a_stage_has_its_share_above_it(base: AllocateResult) -> None:
    scene = sankey_scene(base, element="Nd", size="page")
    refiners = {box.title: box.flow for box in scene.boxes if box.stage == "Refiners"}
    part = refiners["China"] / sum(refiners.values())
    (told,) = [one for one in scene.labels if one.text == f"China {share(part)}"]
    (name,) = [one for one in scene.labels if one.text == "Refiners"]
    assert told.x == name.x and told.y > name.y


def test_scrap_goes_back_below_all_boxes(base: AllocateResult) -> None:
    scene = sankey_scene(base, element="Nd")
    loops = [one for one in scene.shapes if "~8~new scrap:" in one.id]
    assert loops
    for loop in loops:
        heights = [y for _, points in loop.path for _, y in points]
        level = [points[0][1] for letter, points in loop.path if letter == "L"]
        assert max(heights) - sorted(level)[-2] <= loop.tonnes[0] * scene.scale + 1e-6
        assert max(heights) > max(box.y + box.height for box in scene.boxes)
    whole = sum(loop.tonnes[0] for loop in loops)
    assert f"new scrap {tonnes(whole)} t" in {label.text for label in scene.labels}


def test_thin_streams_are_no_thinner_than_a_hairline(base: AllocateResult) -> None:
    for shape in sankey_scene(base, element="Nd").shapes:
        if shape.role == "stream" and shape.ends and shape.ends[0] != shape.ends[1]:
            high = shape.path[-2][1][-1][1] - shape.path[0][1][0][1]
            assert high + shape.width >= 0.5 - 1e-9


def test_what_is_lost_left_over_and_not_served_is_drawn(
    tutorial: SupplyNetwork, ban: AllocateResult
) -> None:
    told = " ".join(label.text for label in sankey_scene(sn.allocate(tutorial)).labels)
    assert "surplus" in told
    scene = sankey_scene(ban, element="Nd")
    roles = {shape.role for shape in scene.shapes}
    assert {"unmet", "residual", "stream"} <= roles
    legend = [label.text for label in scene.labels if label.role == "legend"]
    assert "needed and not served" in legend
    assert any("lost or new scrap" in one for one in legend)


def test_whiskers_reach_from_the_least_to_the_greatest(tutorial: SupplyNetwork) -> None:
    found = sn.allocate(tutorial, objective="max_supply")
    scene = sankey_scene(found, element="Nd")
    boxes = {box.id: box for box in scene.boxes}
    whiskers = {one.id.removesuffix(":span"): one for one in scene.shapes if one.role == "range"}
    assert {boxes[key].title for key in whiskers} == {"Iceland", "Malta"}
    for key, whisker in whiskers.items():
        (nation,) = boxes[key].members
        span = found.solved.range_of("element", nation, "Nd")
        heights = [y for _, points in whisker.path for _, y in points]
        assert min(heights) == pytest.approx(boxes[key].y + span.low * scene.scale)
        assert max(heights) == pytest.approx(boxes[key].y + span.high * scene.scale)
    assert any("least to greatest" in label.text for label in scene.labels)


def test_spans_are_solved_for_boxes_that_are_drawn_alone(rare_earths: SupplyNetwork) -> None:
    found = sn.allocate(rare_earths, avoid="CHN", year=2030)
    before = sn.allocate(rare_earths, year=2030)
    n_before = sum(len(one.solved.spans.known) for one in (found, before))
    scene = sankey_scene(found, against=before, element="Nd")
    whiskers = [one.id for one in scene.shapes if one.role == "range"]
    assert whiskers
    n_known = sum(len(one.solved.spans.known) for one in (found, before))
    assert n_known - n_before == len(whiskers)


def test_what_is_not_decided_is_no_message(tutorial: SupplyNetwork) -> None:
    found = sn.allocate(tutorial, objective="max_supply", year=2024, tier="possible")
    span = found.solved.range_of("element", "MLT", "Nd")
    scene = sankey_scene(found, element="Nd", to="MLT")
    assert span.high - span.low > 0.1 * 100.0
    assert scene.title.endswith("not decided by these figures: 85% to 100% of the 100 t needed")
    assert any(label.text.startswith("85 to 100") for label in scene.labels)
    both = sankey_scene(found, against=found, element="Nd", to="MLT")
    assert both.title.endswith(
        "served before: 85% to 100% of the 100 t needed, after: 85% to 100%; not decided by these "
        "figures"
    )
    assert any(label.text.endswith("two figures: not decided") for label in scene.labels)
