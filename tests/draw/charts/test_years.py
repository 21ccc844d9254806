"""Coverage by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.charts.years import years_scene
from supplynet.draw.labels import extent, overlap
from supplynet.errors import OptionError
from supplynet.text import share, tonnes
from tests.draw.structure import require_good

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


def test_bars_tell_the_figures_of_the_result(korea: BypassResult) -> None:
    scene = years_scene(korea)
    bars = {shape.id: shape for shape in scene.shapes if shape.role == "bar"}
    dy = next(one for one in korea.elements if one.element == "Dy")
    row = next(row for row in dy.years if row["year"] == 2030)
    part = share(min(1.0, row["building"] / row["demand"]))
    told = f"Dy, 2030, building: {tonnes(row['building'])} t Dy2O3/yr, {part} of the need"
    assert bars["Dy-building-2030"].hover == (told,)
    first = korea.elements[0]
    last = first.years[-1]
    told = f"at most {first.element} {share(last['firm'] / last['demand'])}, firm"
    assert told in scene.title
    # each element has its panel: the message has a figure or two
    assert scene.title.count("%") <= 2 and "Dy" not in scene.title
    assert "conceivable" not in " ".join(bars)


def test_tiers_stand_on_each_other(korea: BypassResult) -> None:
    bars = {shape.id: shape for shape in years_scene(korea).shapes if shape.role == "bar"}

    def ends(name: str) -> tuple[float, float]:
        heights = [y for _, points in bars[name].path for _, y in points]
        return min(heights), max(heights)

    for one in korea.elements:
        for row in one.years:
            names = [f"{one.element}-{t}-{row['year']}" for t in ("firm", "building", "announced")]
            places = [ends(name) for name in names]
            assert places[0][0] == pytest.approx(places[1][1])
            assert places[1][0] == pytest.approx(places[2][1])


def test_the_plant_that_makes_a_step_is_named(korea: BypassResult) -> None:
    named = [label.text for label in years_scene(korea).labels if label.role == "project"]
    assert any(text.startswith("2028: ") for text in named)
    names = {node.name.split(" (")[0] for node in korea.question.net.node_rows}
    assert {text.split(": ")[1] for text in named} <= names


def test_what_is_beyond_the_need_is_a_hatched_stub(tutorial: SupplyNetwork) -> None:
    asks = {"to": "MLT", "avoid": "ISL", "element": "Nd"}
    halved = [
        row.model_copy(update={"quantity": 0.2 * row.quantity}) for row in tutorial.demand_rows
    ]
    scene = years_scene(sn.bypass(tutorial.replace(demand=halved), **asks))  # type: ignore[arg-type]
    stubs = [shape for shape in scene.shapes if shape.role == "surplus"]
    (need,) = [shape for shape in scene.shapes if shape.role == "need"]
    assert stubs
    assert all("beyond the need" in shape.hover[0] for shape in stubs)
    level = need.path[0][1][0][1]
    assert all(y <= level + 1e-6 for one in stubs for _, points in one.path for _, y in points)
    assert any(label.text == "hatched: beyond the need" for label in scene.labels)


def test_names_lie_on_no_other_words(korea: BypassResult) -> None:
    boxes = [extent(one) for one in years_scene(korea).labels]
    pairs = ((a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :])
    assert not any(overlap(a, b) for a, b in pairs)


@pytest.mark.slow
def test_many_elements_still_fit(rare_earths: SupplyNetwork) -> None:
    result = sn.bypass(
        rare_earths,
        to="KOR",
        avoid="CHN",
        element="La,Ce,Nd,Pr,Sm,Dy,Tb",
        year=2024,
        tier="conceivable",
    )
    require_good(sn.draw.years(result))


def test_without_a_need_tonnes_are_drawn(demo: SupplyNetwork, demo_bypass: BypassResult) -> None:
    scene = years_scene(demo_bypass)
    words = [label.text for label in scene.labels]
    assert not any("share of the need" in text for text in words)
    assert not any(shape.role in ("need", "surplus") for shape in scene.shapes)
    require_good(sn.draw.years(demo_bypass))


def test_without_a_need_the_title_tells_tonnes(tutorial: SupplyNetwork) -> None:
    net = tutorial.replace(demand=())
    scene = years_scene(sn.bypass(net, to="MLT", avoid="ISL", element="Nd"))
    assert "2026: at most Nd 30 t, firm" in scene.title
    assert "its need is not known" in scene.description


def test_another_result_is_refused(demo: SupplyNetwork) -> None:
    with pytest.raises(OptionError, match="needs the result of bypass"):
        years_scene(demo)  # type: ignore[arg-type]
