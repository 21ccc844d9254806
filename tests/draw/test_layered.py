"""Whole scenes: what is where, and that nothing lies on anything else."""

from __future__ import annotations

import dataclasses
import itertools
from typing import TYPE_CHECKING, Any

import pytest

import supplynet as sn
from supplynet.draw.layered import layer_scene
from supplynet.draw.mpl import figure_of
from supplynet.draw.scene import Box, Scene, Shape
from supplynet.draw.style import CUT, find_size
from tests.draw.networks import EDGES, NODES, link, network, node
from tests.draw.structure import require_good

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork

LEVELS = ["country", "facility"]


def single(*asked: Any, **words: Any) -> Scene:
    """What is left alone, also by country."""
    return layer_scene(*asked, is_single=True, **words)


def streams(scene: Scene) -> list[Shape]:
    return [shape for shape in scene.shapes if shape.role == "stream"]


def ends(stream: Shape) -> tuple[tuple[float, float], tuple[float, float]]:
    """Upper and lower end of a stream where it begins."""
    return stream.path[0][1][0], stream.path[-2][1][-1]


@pytest.mark.parametrize("level", LEVELS)
def test_widths_are_to_scale(korea: BypassResult, level: str) -> None:
    scene = single(korea.question.net, korea, element="Dy", level=level)
    assert scene.scale > 0
    for stream in streams(scene):
        (_, upper), (_, lower) = ends(stream)
        assert lower - upper == pytest.approx(stream.tonnes[0] * scene.scale)
    for box in scene.boxes:
        assert box.height == pytest.approx(max(1.2, box.flow * scene.scale) if box.flow else 0)


@pytest.mark.parametrize("level", LEVELS)
def test_streams_leave_their_boxes(korea: BypassResult, level: str) -> None:
    scene = single(korea.question.net, korea, element="Nd", level=level)
    boxes = {box.id: box for box in scene.boxes}
    for stream in streams(scene):
        box, ((x, upper), (_, lower)) = boxes[stream.ends[0]], ends(stream)
        if box.column == boxes[stream.ends[1]].column:
            continue  # turns within a stage, and begins at the upper of both
        assert x in (box.x, box.x + box.width)
        assert box.y - 0.01 <= upper and lower <= box.y + box.height + 0.01


def test_members_of_the_cut_are_red_and_lie_above_the_rest(tutorial: SupplyNetwork) -> None:
    result = sn.bypass(tutorial, to="MLT", avoid="ISL", element="Nd", year=2026, tier="possible")
    assert {member.kind for member in result.elements[0].flow.cut} == {"link"}
    shown = streams(single(tutorial, result, level="facility"))
    cut = [stream for stream in shown if stream.stroke == CUT]
    tonnes = [stream.tonnes[0] for stream in cut]
    assert sum(tonnes) == pytest.approx(result.elements[0].flow.value)
    assert shown[-len(cut) :] == cut
    assert sorted(map(round, tonnes)) == [10, 30]


def test_the_cut_of_nodes_adds_up_to_the_flow(korea: BypassResult) -> None:
    for element in ("Nd", "Dy"):
        scene = single(korea.question.net, korea, element=element)
        boxes = sum(box.cut for box in scene.boxes)
        red = sum(stream.tonnes[0] for stream in streams(scene) if stream.stroke == CUT)
        assert boxes + red == pytest.approx(korea[element].flow.value)
        for box in scene.boxes:
            assert bool(box.cut) == bool(box.cut_height)
            assert box.cut_height <= box.height


def test_where_something_is_shut_it_is_drawn_before_and_after_on_one_scale(
    demo: SupplyNetwork, demo_bypass: BypassResult
) -> None:
    """What is left of a flow is seen beside what it was, and not as lines on empty paper."""
    scene = layer_scene(demo, demo_bypass)
    shown = [one.text for one in scene.labels if one.text.startswith(("Before: ", "After: "))]
    assert shown == ["Before: with everything open", "After: without Iceland"]
    assert scene.scale > 0
    for before, box in itertools.product("01", scene.boxes):
        if box.id.startswith(before):
            assert box.height == pytest.approx(scene.scale * box.flow)
    titles = [{one.title for one in scene.boxes if one.id.startswith(n)} for n in "01"]
    assert "Iceland" in titles[0] and "Iceland" not in titles[1]


def _is_korea(box: Box) -> bool:
    return box.title == "South Korea" and box.stage == "Nations" and box.flow > 0


def test_the_need_is_a_bar_to_scale(korea: BypassResult) -> None:
    scene = single(korea.question.net, korea, element="Nd")
    (bar,) = [shape for shape in scene.shapes if shape.role == "need"]
    (_, ((left, top),)), *_, (_, ((_, bottom),)), _ = bar.path
    need = korea["Nd"].demand.value
    assert bottom - top == pytest.approx(need * scene.scale)
    (box,) = [box for box in scene.boxes if _is_korea(box)]
    assert (left, top) == (pytest.approx(box.x + box.width, abs=5), box.y)


def test_tiers_are_stacked_up_to_the_need(korea: BypassResult) -> None:
    scene = single(korea.question.net, korea, element="Dy")
    tiers = [shape for shape in scene.shapes if shape.role == "tier"]
    bounds = [(shape.path[0][1][0][1], shape.path[2][1][0][1]) for shape in tiers]
    (box,) = [box for box in scene.boxes if _is_korea(box)]
    most, need = box.y, korea["Dy"].demand.value
    for tier, (top, bottom) in zip(tiers, bounds, strict=True):
        assert top == pytest.approx(most)
        most = bottom
        value = {one.name: one.without for one in korea["Dy"].tiers}[tier.id.split(":")[-1]]
        assert bottom == pytest.approx(box.y + min(value, need) * scene.scale)
    assert len({(shape.fill, shape.opacity) for shape in tiers}) == len(tiers) > 1


@pytest.mark.parametrize("level", LEVELS)
def test_an_empty_flow_says_so_and_tells_what_is_lost(
    rare_earths: SupplyNetwork, level: str
) -> None:
    result = sn.bypass(
        rare_earths, to="KOR", avoid="CHN", element="Dy", year=2024, links="observed"
    )
    assert result.elements[0].flow.value == 0
    scene = single(rare_earths, result, level=level)
    notes = [label.text for label in scene.labels if label.role == "note"]
    assert " ".join(notes).startswith("Nothing arrives: no open way brings Dy to South Korea")
    assert streams(scene) == []
    legend = [label.text for label in scene.labels if label.role == "legend"]
    assert any("would pass China if all were open" in text for text in legend)
    require_good(figure_of(scene))


def test_a_way_back_is_drawn() -> None:
    edges = [one for one in EDGES if one["source"] not in ("p-fji", "m-nzl", "p-nzl")]
    edges += [link("p-fji", "k-fji"), link("k-fji", "p-nzl"), link("p-nzl", "MLT")]
    edges = [one for one in edges if (one["source"], one["target"]) != ("k-fji", "MLT")]
    net = network(NODES, edges)
    scene = single(net, sn.flow(net, to="MLT", avoid="ISL", element="graphite"))
    (back,) = [one for one in streams(scene) if one.ends[0][2] > one.ends[1][2]]
    assert back.path[0][1][0][0] > min(points[-1][0] for _, points in back.path[:-1])
    require_good(figure_of(scene))


HOSTILE = [
    "$\\frac{1}{0}$ <script>alert(1)</script>",
    "Mine\n\x1b[31mred\x00 \u202eflipped",
    "&lt; ]]> -- \\N{BULLET} %s {0}",
    "名前の長い鉱山" * 12,
    "x" * 400,
    "\U0001f4a3 e\u0301 \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_plain_text_and_fit(name: str) -> None:
    nodes = [node("m", "mine", "FJI", name=name, capacity=9, unit="t"), *NODES]
    net = network(nodes, [*EDGES, link("m", "p-nzl")])
    metadata = net.metadata.model_copy(update={"title": name, "attribution": name})
    net = net.replace(metadata=metadata)
    result = sn.bypass(net, to="MLT", avoid="ISL", element="graphite")
    scene = single(net, result, level="facility")
    require_good(figure_of(scene))
    texts = [label.text for label in scene.labels]
    texts += [line for box in scene.boxes for line in box.hover]
    for text in texts:
        assert not any(char in text for char in "\n\x1b\x00\u202e")


@pytest.mark.parametrize("name", ["W" * 400, "long name " * 60])
def test_one_name_without_end_costs_no_other_plant_its_box(name: str) -> None:
    """It is cut off: where it had to be whole, all plants of its stage were put together."""
    mines = [node(f"m{n}", "mine", "AUS", capacity=1.0 + n, unit="t") for n in range(1, 12)]
    mines.append(node("m0", "mine", "AUS", name=name, capacity=5.0, unit="t"))
    others = [node("p", "plant", "JPN"), node("k", "maker", "JPN"), node("MLT", "nation", "MLT")]
    ends = [link(f"m{n}", "p") for n in range(12)] + [link("p", "k"), link("k", "MLT")]
    net = network([*mines, *others], ends)
    flow = sn.flow(net, to="MLT", element="graphite")
    paper = dataclasses.replace(find_size("slide"), height=1500.0)
    scene = layer_scene(net, flow, level="facility", top=12, size=paper)
    assert [box.members for box in scene.boxes if len(box.members) > 1] == []
    require_good(figure_of(scene))
