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


def test_lines_tell_the_figures_of_the_result(korea: BypassResult) -> None:
    scene = years_scene(korea)
    curves = {shape.id: shape for shape in scene.shapes if shape.role == "curve"}
    for one in korea.elements:
        for tier in one.tiers:
            hover = curves[f"{one.element}-{tier.name}"].hover
            assert len(hover) == 1 + len(one.years)
    dy = next(one for one in korea.elements if one.element == "Dy")
    row = next(row for row in dy.years if row["year"] == 2030)
    part = share(min(1.0, row["building"] / row["demand"]))
    told = f"2030: {tonnes(row['building'])} t Dy2O3/yr, {part} of the need"
    assert told in curves["Dy-building"].hover
    last = dy.years[-1]
    assert f"Dy {share(last['firm'] / last['demand'])}" in scene.title


def test_a_band_holds_its_line(korea: BypassResult) -> None:
    scene = years_scene(korea)
    shapes = {shape.id: shape for shape in scene.shapes}
    for name, shape in shapes.items():
        if shape.role != "curve":
            continue
        n = len(shape.path)
        points = [points[0] for _, points in shapes[f"{name}-band"].path[:-1]]
        upper, lower = points[:n], points[n:][::-1]
        for (_, ((_, y),)), (_, top), (_, bottom) in zip(shape.path, upper, lower, strict=True):
            assert top - 1e-6 <= y <= bottom + 1e-6


def test_many_elements_still_fit(rare_earths: SupplyNetwork) -> None:
    result = sn.bypass(rare_earths, to="KOR", avoid="CHN", element="La,Ce,Nd,Pr,Sm,Dy,Tb")
    require_good(sn.draw.years(result))


def test_lines_that_end_at_nothing_leave_the_last_year_readable(
    rare_earths: SupplyNetwork,
) -> None:
    scene = years_scene(sn.bypass(rare_earths, to="KOR", avoid="CHN", element="Dy"))
    boxes = {label.text: extent(label) for label in scene.labels}
    ends = [box for text, box in boxes.items() if text.endswith(("% firm", "% building"))]
    assert len(ends) == 2
    last = max((text for text in boxes if text.isdigit()), key=int)
    assert max(end[3] for end in ends) > boxes["0%"][1]  # as low as the foot of the field
    assert not any(overlap(boxes[last], end) for end in ends)


def test_without_a_need_tonnes_are_drawn(demo: SupplyNetwork, demo_bypass: BypassResult) -> None:
    scene = years_scene(demo_bypass)
    words = [label.text for label in scene.labels]
    assert any(text.endswith("t conceivable") for text in words)
    assert not any("needed in" in text for text in words)
    require_good(sn.draw.years(demo_bypass))


def test_without_a_need_the_title_tells_tonnes(tutorial: SupplyNetwork) -> None:
    net = tutorial.replace(demand=())
    scene = years_scene(sn.bypass(net, to="MLT", avoid="ISL", element="Nd"))
    assert "what could arrive to 2026: Nd 30 t, firm" in scene.title
    assert "its need is not known" in scene.description


def test_another_result_is_refused(demo: SupplyNetwork) -> None:
    with pytest.raises(OptionError, match="needs the result of bypass"):
        years_scene(demo)  # type: ignore[arg-type]
