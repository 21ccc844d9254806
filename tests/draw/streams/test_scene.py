"""Sankey diagrams as scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.draw.scene import Scene
from supplynet.draw.streams.scene import sankey_scene
from supplynet.draw.style import print_size
from supplynet.errors import OptionError
from supplynet.text import share, tonnes
from tests.draw.networks import network
from tests.draw.structure import require_good, require_words_off_ways

if TYPE_CHECKING:
    from supplynet.analysis.balance.result import BalanceResult
    from supplynet.network.network import SupplyNetwork


@pytest.fixture(scope="module")
def base(rare_earths: SupplyNetwork) -> BalanceResult:
    return sn.balance(rare_earths, year=2030, tier="conceivable")


@pytest.fixture(scope="module")
def ban(rare_earths: SupplyNetwork) -> BalanceResult:
    return sn.balance(rare_earths, year=2030, avoid="CHN", objective="fair", tier="conceivable")


def tops(scene: Scene, panel: str = "0:") -> dict[str, list[str]]:
    """Titles from top to bottom by stage."""
    found: dict[str, list[str]] = {}
    for box in sorted(scene.boxes, key=lambda one: one.y):
        if box.id.startswith(panel):
            found.setdefault(box.stage, []).append(box.title)
    return found


def test_both_panels_have_one_scale_and_one_order(base: BalanceResult, ban: BalanceResult) -> None:
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


def test_streams_are_as_wide_as_their_tonnes(base: BalanceResult) -> None:
    scene = sankey_scene(base, element="Nd")
    sums: dict[str, float] = {}
    for stream in (one for one in scene.shapes if one.role == "stream"):
        (_, ((_, upper),)), (_, points) = stream.path[0], stream.path[-2]
        tail = stream.id.split(">")[0]
        sums[tail] = sums.get(tail, 0.0) + points[-1][1] - upper
    for box in scene.boxes:
        if box.stage != "Nations" and box.height > 5:
            assert sums[box.id] == pytest.approx(box.height, rel=1e-6)


def test_the_largest_country_of_a_stage_has_its_share_above_it(base: BalanceResult) -> None:
    scene = sankey_scene(base, element="Nd", size="page")
    refiners = {box.title: box.flow for box in scene.boxes if box.stage == "Refiners"}
    part = refiners["China"] / sum(refiners.values())
    (told,) = [one for one in scene.labels if one.text == f"China {share(part)}"]
    (name,) = [one for one in scene.labels if one.text == "Refiners"]
    assert told.x == name.x and told.y > name.y


def test_scrap_goes_back_below_all_boxes(base: BalanceResult) -> None:
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


def test_names_without_room_are_left_out_and_counted() -> None:
    """Letters on a slide are 14 points: of seven stages not every box has a name."""
    net = sn.load("cobalt")
    before = sn.balance(net, year=2030)
    after = sn.balance(net, avoid="CHN", year=2030, near=before)
    for shown in ({}, {"against": before}):
        scene = sankey_scene(after, **shown)  # type: ignore[arg-type]
        words = [label for label in scene.labels if label.role == "box"]
        assert min(label.size for label in words) >= 14.0
        assert not any("…" in label.text for label in words)
        n_named = sum(label.is_bold for label in words)
        n_grey = sum(label.text.split(" ")[0] in ("surplus", "lost") for label in words)
        residual = [shape for shape in scene.shapes if shape.role == "residual"]
        left_out = len(scene.boxes) + len(residual) - n_named - n_grey
        assert left_out
        legend = [label.text for label in scene.labels if label.role == "legend"]
        assert f"no room for the names of {left_out} boxes" in legend
    whole = sankey_scene(after, size="page")
    assert not any("no room" in label.text for label in whole.labels)


def test_thin_streams_are_no_thinner_than_a_hairline(base: BalanceResult) -> None:
    for shape in sankey_scene(base, element="Nd").shapes:
        if shape.role == "stream" and shape.ends and shape.ends[0] != shape.ends[1]:
            high = shape.path[-2][1][-1][1] - shape.path[0][1][0][1]
            assert high + shape.width >= 0.5 - 1e-9


def test_largest_first_by_name_or_as_asked(base: BalanceResult) -> None:
    size = tops(sankey_scene(base, element="Nd"))["Refiners"]
    flows = {
        box.title: box.flow
        for box in sankey_scene(base, element="Nd").boxes
        if box.stage == "Refiners"
    }
    single = [title for title in size if not title.endswith("more")]
    assert [flows[one] for one in single] == sorted((flows[one] for one in single), reverse=True)
    by_name = tops(sankey_scene(base, element="Nd", order="name"))["Refiners"]
    single = [title for title in by_name if not title.endswith("more")]
    assert single == sorted(single)
    asked = tops(sankey_scene(base, element="Nd", order=["USA", "MYS"]))["Refiners"]
    assert asked[:2] == ["United States", "Malaysia"]
    assert asked == tops(sankey_scene(base, element="Nd", order="USA,MYS"))["Refiners"]


def test_few_crossings_are_another_order_and_as_good_a_picture(base: BalanceResult) -> None:
    scene = sankey_scene(base, element="Nd", order="crossings")
    assert tops(scene) != tops(sankey_scene(base, element="Nd"))


def test_what_is_lost_left_over_and_not_served_is_drawn(
    tutorial: SupplyNetwork, ban: BalanceResult
) -> None:
    told = " ".join(label.text for label in sankey_scene(sn.balance(tutorial)).labels)
    assert "surplus" in told
    scene = sankey_scene(ban, element="Nd")
    roles = {shape.role for shape in scene.shapes}
    assert {"unmet", "residual", "stream"} <= roles
    legend = [label.text for label in scene.labels if label.role == "legend"]
    assert "needed and not served" in legend
    assert any("lost or new scrap" in one for one in legend)


def test_the_legend_tells_only_what_is_there(tutorial: SupplyNetwork) -> None:
    flow = sn.max_flow(tutorial, to="MLT", element="Nd")
    legend = [one.text for one in sankey_scene(flow).labels if one.role == "legend"]
    assert "needed and not served" not in legend
    assert not any("scrap" in one or "lost" in one for one in legend)


@pytest.mark.parametrize("words", [{}, {"to": "KOR"}, {"element": ["Nd", "Dy"]}, {"top": 2}])
def test_the_real_network_keeps_its_words_apart(
    base: BalanceResult, ban: BalanceResult, words: dict[str, Any]
) -> None:
    for size in ("slide", "column"):
        require_good(sn.draw.sankey(ban, against=base, size=size, **words))


def test_nothing_left_is_still_a_picture(tutorial: SupplyNetwork) -> None:
    scene = sankey_scene(
        sn.balance(tutorial, avoid="ISL", year=2024, tier="conceivable"),
        against=sn.balance(tutorial, year=2024, tier="conceivable"),
    )
    assert "after: 0 of 100 t (0%)" in scene.title


def test_wrong_options_are_refused(tutorial: SupplyNetwork) -> None:
    found = sn.balance(tutorial)
    flow = sn.max_flow(tutorial, to="MLT", element="Nd")
    cases: list[tuple[Any, dict[str, Any], str]] = [
        (found, {"against": flow}, "do not stand side by side"),
        (found, {"order": "sze"}, "order must be one of size, name, crossings"),
        (found, {"order": "MLT,XXX"}, "codes of countries"),
        (found, {"top": 0}, "whole number from 1 on"),
        (found, {"size": "poster"}, "size must be one of"),
        (flow, {"element": "Dy"}, "speaks of Nd"),
        ("x", {}, "needs the result of balance, potential or max_flow"),
        (flow, {"against": sn.max_flow(tutorial, to="MLT", element="Dy")}, "different units"),
    ]
    for result, words, message in cases:
        with pytest.raises(OptionError, match=message):
            sankey_scene(result, **words)


def test_whiskers_reach_from_the_least_to_the_greatest(tutorial: SupplyNetwork) -> None:
    found = sn.balance(tutorial, objective="max_supply")
    scene = sankey_scene(found, element="Nd")
    boxes = {box.id: box for box in scene.boxes}
    whiskers = {one.id.removesuffix(":span"): one for one in scene.shapes if one.role == "range"}
    assert {boxes[key].title for key in whiskers} == {"Iceland", "Malta"}
    for key, whisker in whiskers.items():
        (nation,) = boxes[key].members
        span = found.range_of("element", nation, "Nd")
        heights = [y for _, points in whisker.path for _, y in points]
        assert min(heights) == pytest.approx(boxes[key].y + span.low * scene.scale)
        assert max(heights) == pytest.approx(boxes[key].y + span.high * scene.scale)
    assert any("least to greatest" in label.text for label in scene.labels)


def test_spans_are_solved_for_boxes_that_are_drawn_alone(rare_earths: SupplyNetwork) -> None:
    found = sn.balance(rare_earths, avoid="CHN", year=2030)
    before = sn.balance(rare_earths, year=2030)
    scene = sankey_scene(found, against=before, element="Nd")
    whiskers = [one.id for one in scene.shapes if one.role == "range"]
    assert whiskers
    assert len(found.known_ranges) + len(before.known_ranges) == len(whiskers)


def test_what_is_not_decided_is_no_message(tutorial: SupplyNetwork) -> None:
    found = sn.balance(tutorial, objective="max_supply", year=2024, tier="conceivable")
    span = found.range_of("element", "MLT", "Nd")
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


def test_sums_of_elements_and_potentials_have_no_whiskers(tutorial: SupplyNetwork) -> None:
    for scene in (
        sankey_scene(sn.balance(tutorial), element=["Nd", "Dy"]),
        sankey_scene(sn.potential(tutorial, to="MLT", element="Nd")),
    ):
        assert not [one for one in scene.shapes if one.role == "range"]


def test_who_takes_all_that_there_is_does_not_hide_what_flows() -> None:
    scene = sankey_scene(sn.balance(network()))
    assert scene.scale > 0
    assert max(box.height for box in scene.boxes) > 0.3 * scene.height
    assert not any("no limit" in label.text for label in scene.labels)


@pytest.mark.slow
def test_streams_turn_where_no_words_stand(
    base: BalanceResult, ban: BalanceResult, tutorial: SupplyNetwork
) -> None:
    for scene in (
        sankey_scene(base, element="Nd"),
        sankey_scene(ban, against=base, element="Nd"),
        sankey_scene(sn.balance(tutorial, year=2024, tier="conceivable"), element="Nd"),
    ):
        require_words_off_ways(scene)


def test_two_panels_are_stacked_in_letters_that_can_be_read(
    base: BalanceResult, ban: BalanceResult
) -> None:
    scene = sankey_scene(ban, against=base, element="Nd")
    ends = {
        panel: [box.y + box.height for box in scene.boxes if box.id.startswith(panel)]
        for panel in ("0:", "1:")
    }
    assert max(ends["0:"]) < min(ends["1:"])
    assert min(label.size for label in scene.labels if label.role == "box") >= 10.0
    # what is needed by whom is shut counts in one of them alone, which is said
    told = " ".join(label.text for label in scene.labels if label.role == "subtitle")
    assert "the need of China" in told
    assert "counts before only" in told


def test_a_column_of_a_journal_has_stages_as_rows(tutorial: SupplyNetwork) -> None:
    before, after = sn.balance(tutorial), sn.balance(tutorial, avoid="FJI")
    for words in ({}, {"against": before}):
        picture = sn.draw.sankey(after, element="Nd", size=print_size("89mm"), **words)
        require_good(picture)
        rows = {box.stage: box.y for box in picture.scene.boxes if box.id.startswith("0:")}
        assert len(set(rows.values())) == len(rows)
    kept = sankey_scene(after, element="Nd", against=before, size=print_size("89mm", "120mm"))
    assert kept.height == pytest.approx(120 * 72 / 25.4)


def test_a_nation_that_is_served_nothing_or_more_than_its_need_has_a_picture() -> None:
    """Russia asks for no gallium; more germanium comes than it asks for, and is left over."""
    found = sn.balance(sn.load("gallium-germanium"), avoid="CHN", year=2031, tier="firm")
    for size in ("slide", "column"):
        scene = sankey_scene(found, element="Ga", to="RUS", size=size)
        assert scene.title.endswith("0 t served") and scene.boxes == ()
    title = sankey_scene(found, element="Ge", to="RUS").title
    assert title.endswith("4.7 of the 4.7 t needed are served (100%)")


def test_a_sum_is_called_by_the_largest_of_its_own_panel() -> None:
    """Of what a shut country was a part of before, nothing is called by it after."""
    net = sn.load("cobalt")
    asked = sn.potential(net, to="EU", avoid="CHN", year=2026, tier="firm")
    scene = sn.draw.layer_scene(net, asked)
    before, after = ({one.title for one in scene.boxes if one.id.startswith(n)} for n in "01")
    assert any("China" in title for title in before)
    assert not any("China" in title for title in after)
