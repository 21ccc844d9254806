"""A plan, drawn: bars of its years, the curve with its ends, and options against plans."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import supplynet as sn
from supplynet.draw.charts.plans import plan_scene
from supplynet.draw.mpl import figure_of
from supplynet.draw.scene import Shape
from supplynet.draw.style import find_size, print_size
from supplynet.terms import PLAN_PICTURES
from tests.analysis.decisions.networks import option, usual, with_options
from tests.draw.structure import require_good

ASKED: dict[str, Any] = {"to": "MLT", "avoid": "ISL", "by": 2026, "tier": "committed"}


@pytest.fixture(scope="module")
def told() -> sn.PlanResult:
    return sn.plan(usual(), target=0.35, alternatives=5, curve=0.0, **ASKED)


def _shapes(result: sn.PlanResult, what: str) -> dict[str, Shape]:
    return {shape.id: shape for shape in plan_scene(result, what=what).shapes}


def _width(shape: Shape) -> float:
    across = [x for _, points in shape.path for x, _ in points]
    return max(across) - min(across)


@pytest.mark.parametrize("what", PLAN_PICTURES)
@pytest.mark.parametrize("size", ["slide", "column", "page"])
def test_each_is_read_in_every_size(told: sn.PlanResult, what: str, size: str) -> None:
    picture = sn.draw.plan(told, what=what, size=size)
    require_good(picture)
    assert "million USD" in picture.scene.title or what == "matrix"


def test_a_bar_is_as_long_as_its_years(told: sn.PlanResult) -> None:
    shapes = _shapes(told, "gantt")
    year = {}
    for place, row in enumerate(told.chosen):
        year[row.option] = _width(shapes[f"tonnes-{place}"]) / (told.until + 1 - row.start)
        assert (f"money-{place}" in shapes) == (row.decided < row.start)
    assert max(year.values()) == pytest.approx(min(year.values()))


def test_a_step_of_the_curve_has_the_ends_of_its_costs(told: sn.PlanResult) -> None:
    shapes = _shapes(told, "curve")
    assert all(row.cost_low <= row.cost <= row.cost_high for row in told.curve)
    assert sum(name.startswith("band-") for name in shapes) == len(told.curve)
    corners = [points[-1] for _, points in shapes["curve"].path]
    assert [x for x, _ in corners] == sorted(x for x, _ in corners)
    dear = option("dear", "substitute", target="MLT", product="goods", capacity=100)
    dear |= {"unit": "t goods", "capex": 5e6, "capex_low": 2e6, "capex_high": 8e6}
    wide = sn.plan(with_options(dear), target=0.3, curve=0.0, **ASKED)
    assert wide.curve[-1].cost_low == pytest.approx(wide.curve[-1].cost * 2 / 5)
    assert wide.curve[-1].cost_high == pytest.approx(wide.curve[-1].cost * 8 / 5)
    assert _width(_shapes(wide, "curve")[f"band-{len(wide.curve) - 1}"]) > 0.0


def test_a_square_stands_for_an_option_in_a_plan(told: sn.PlanResult) -> None:
    shapes = _shapes(told, "matrix")
    n_in = sum(len(row.options) for row in told.alternatives)
    assert sum(name.startswith("in-") for name in shapes) == n_in
    drawn = [shape for name, shape in shapes.items() if name.startswith("in-")]
    n_must = sum(row.within_10 == "in all" for row in told.options)
    assert sum(shape.opacity > 0.9 for shape in drawn) == n_must * len(told.alternatives)


def test_what_each_option_adds_leads_from_nothing_to_the_plan(told: sn.PlanResult) -> None:
    shapes = _shapes(told, "waterfall")
    last = next(row for row in told.years if row.year == told.until)
    assert [row.option for row in told.added] == [row.option for row in told.chosen]
    assert told.added[-1].coverage == pytest.approx(last.coverage)
    assert last.before + sum(row.added for row in told.added) == pytest.approx(last.coverage)
    whole = _width(shapes["adds-0"]) / last.before
    for place, row in enumerate(told.added, start=1):
        assert _width(shapes[f"adds-{place}"]) == pytest.approx(whole * row.added, abs=1e-3)


@pytest.mark.parametrize("what", ["gantt", "waterfall", "matrix"])
@pytest.mark.parametrize("size", ["slide", "89mm"])
def test_options_without_room_are_counted_and_no_name_is_cut(
    told: sn.PlanResult, what: str, size: str
) -> None:
    name = "Metal of toll makers in two countries to the magnet makers of a third, first 400 t"
    many = replace(
        told,
        chosen=tuple(replace(row, name=name) for row in told.chosen) * 8,
        added=told.added * 8,
        options=tuple(replace(row, name=name) for row in told.options),
    )
    paper = print_size(size) if size.endswith("mm") else find_size(size)
    scene = plan_scene(many, what=what, size=paper)
    assert not any("…" in one.text for one in scene.labels if one.role != "footer")
    require_good(figure_of(scene))
    if what == "gantt":
        n_drawn = sum(shape.id.startswith("tonnes-") for shape in scene.shapes)
        words = " ".join(one.text for one in scene.labels if one.role == "subtitle")
        assert n_drawn < len(many.chosen)
        assert f"the first {n_drawn} of {len(many.chosen)} options are drawn" in words
