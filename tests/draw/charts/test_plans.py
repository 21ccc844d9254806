"""A plan, drawn: bars of its years, the curve with its ends, and options against plans."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import supplynet as sn
from supplynet.draw.style import find_size, print_size
from supplynet.text import share
from tests.analysis.decisions.networks import option, usual, with_options
from tests.draw.structure import parts_of, require_good, require_names_whole, words_of

ASKED: dict[str, Any] = {"to": "MLT", "avoid": "ISL", "by": 2026, "tier": "committed"}


@pytest.fixture(scope="module")
def told() -> sn.PlanResult:
    return sn.plan(usual(), target=0.35, alternatives=5, curve=0.0, **ASKED)


def _parts(result: sn.PlanResult, what: str) -> dict[str, Any]:
    return parts_of(sn.draw.plan(result, what=what))


def test_a_bar_is_as_long_as_its_years(told: sn.PlanResult) -> None:
    parts = _parts(told, "gantt")
    for place, row in enumerate(told.chosen):
        bar = parts[f"tonnes-{place}"]
        assert (bar.get_x(), bar.get_width()) == (row.start, told.until + 1 - row.start)
        assert (f"money-{place}" in parts) == (row.decided < row.start)


def test_a_step_of_the_curve_has_the_ends_of_its_costs(told: sn.PlanResult) -> None:
    parts = _parts(told, "curve")
    assert all(row.cost_low <= row.cost <= row.cost_high for row in told.curve)
    assert sum(name.startswith("range-") for name in parts) == len(told.curve)
    costs = [parts[f"cost-{place}"].get_width() for place in range(len(told.curve))]
    assert costs == pytest.approx([row.cost for row in told.curve])
    (axes,) = sn.draw.plan(told, what="curve").axes
    named = [label.get_text().split(":")[0] for label in axes.get_yticklabels()]
    assert named == [share(row.coverage) for row in told.curve]
    dear = option("dear", "substitute", target="MLT", product="goods", capacity=100)
    dear |= {"unit": "t goods", "capex": 5e6, "capex_low": 2e6, "capex_high": 8e6}
    wide = sn.plan(with_options(dear), target=0.3, curve=0.0, **ASKED)
    last = wide.curve[-1]
    assert (last.cost_low, last.cost_high) == pytest.approx((last.cost * 2 / 5, last.cost * 8 / 5))
    whisker = _parts(wide, "curve")[f"range-{len(wide.curve) - 1}"]
    assert [*whisker.get_xdata()] == pytest.approx([last.cost * 2 / 5, last.cost * 8 / 5])


def test_a_square_stands_for_an_option_in_a_plan(told: sn.PlanResult) -> None:
    parts = _parts(told, "matrix")
    assert len(parts) == sum(len(row.options) for row in told.alternatives)
    n_must = sum(row.within_10 == "in all" for row in told.options)
    dark = [part for part in parts.values() if part.get_facecolor()[3] > 0.9]
    assert len(dark) == n_must * len(told.alternatives)


def test_what_each_option_adds_leads_from_nothing_to_the_plan(told: sn.PlanResult) -> None:
    parts = _parts(told, "waterfall")
    last = next(row for row in told.years if row.year == told.until)
    assert [row.option for row in told.added] == [row.option for row in told.chosen]
    assert told.added[-1].coverage == pytest.approx(last.coverage)
    assert last.before + sum(row.added for row in told.added) == pytest.approx(last.coverage)
    assert parts["adds-0"].get_width() == pytest.approx(last.before)
    for place, row in enumerate(told.added, start=1):
        assert parts[f"adds-{place}"].get_width() == pytest.approx(row.added)


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
    picture = sn.draw.plan(many, what=what, size=paper)
    require_names_whole(picture)
    require_good(picture)
    if what == "gantt":
        n_drawn = len(parts_of(picture, "tonnes-"))
        words = " ".join(one.text for one in words_of(picture) if one.role == "subtitle")
        assert n_drawn < len(many.chosen)
        assert f"the first {n_drawn} of {len(many.chosen)} options are drawn" in words
