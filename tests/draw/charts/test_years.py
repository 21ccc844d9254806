"""Coverage by year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import supplynet as sn
from supplynet.draw.charts.years import years_scene
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.network.network import SupplyNetwork


def test_bars_tell_the_figures_of_the_result(korea: BypassResult) -> None:
    scene = years_scene(korea)
    bars = {shape.id: shape for shape in scene.shapes if shape.role == "bar"}
    dy = next(one for one in korea.elements if one.element == "Dy")
    row = next(row for row in dy.years if row["year"] == 2030)
    part = share(min(1.0, row["committed"] / row["demand"]))
    told = f"Dy, 2030, building: {tonnes(row['committed'])} t Dy2O3/yr, {part} of demand"
    assert bars["Dy-building-2030"].hover == (told,)
    first = korea.elements[0]
    last = first.years[-1]
    told = f"at most {first.element} {share(last['operating'] / last['demand'])}, firm"
    assert told in scene.title
    # each element has its panel: the message has a figure or two
    assert scene.title.count("%") <= 2 and "Dy" not in scene.title
    assert "possible" not in " ".join(bars)


def test_tiers_stand_on_each_other(korea: BypassResult) -> None:
    bars = {shape.id: shape for shape in years_scene(korea).shapes if shape.role == "bar"}

    def ends(name: str) -> tuple[float, float]:
        heights = [y for _, points in bars[name].path for _, y in points]
        return min(heights), max(heights)

    for one in korea.elements:
        for row in one.years:
            names = [
                f"{one.element}-{t}-{row['year']}" for t in ("operating", "committed", "announced")
            ]
            places = [ends(name) for name in names]
            assert places[0][0] == pytest.approx(places[1][1])
            assert places[1][0] == pytest.approx(places[2][1])


def test_what_is_beyond_the_need_is_a_hatched_stub(tutorial: SupplyNetwork) -> None:
    asks = {"to": "MLT", "avoid": "ISL", "element": "Nd"}
    halved = [
        row.model_copy(update={"quantity": 0.2 * row.quantity}) for row in tutorial.demand_rows
    ]
    scene = years_scene(sn.bypass(tutorial.replace(demand=halved), **asks))  # type: ignore[arg-type]
    stubs = [shape for shape in scene.shapes if shape.role == "surplus"]
    (need,) = [shape for shape in scene.shapes if shape.role == "need"]
    assert stubs
    assert all("beyond demand" in shape.hover[0] for shape in stubs)
    level = need.path[0][1][0][1]
    assert all(y <= level + 1e-6 for one in stubs for _, points in one.path for _, y in points)
    assert any(label.text == "hatched: beyond demand" for label in scene.labels)
