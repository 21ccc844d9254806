"""Plans: what is chosen is the cheapest, each choice has its reason, and wrong words are given."""

from __future__ import annotations

import json
from typing import Any

import pytest

import supplynet as sn
from supplynet.analysis.decisions.offers import COMES_ANYWAY
from supplynet.errors import InfeasibleError
from supplynet.network.network import SupplyNetwork
from supplynet.network.schema import Capacity, Ramp
from supplynet.reports.build import report
from supplynet.reports.data_writers import to_json, to_markdown
from supplynet.reports.results_plan import of_plan
from supplynet.text import million_usd
from supplynet.verify import verify
from tests.analysis.decisions.networks import (
    MAKER,
    OXIDE,
    OXIDE_LINK,
    REFINERY,
    STOCK,
    THRIFT,
    option,
    usual,
    with_options,
)
from tests.network.networks import GUESS, added

ASKED: dict[str, Any] = {"to": "MLT", "avoid": "ISL", "by": 2026, "tier": "committed"}


@pytest.fixture(scope="module")
def least() -> sn.PlanResult:
    return sn.plan(usual(), target=0.35, **ASKED)


def test_costs_add_up(least: sn.PlanResult) -> None:
    assert sum(row.cost for row in least.chosen) == pytest.approx(least.cost)
    worth = sum(row.spent * 1.05 ** (least.begin - row.year) for row in least.years)
    assert worth == pytest.approx(least.cost)


def test_each_choice_is_explained(least: sn.PlanResult) -> None:
    for row in least.chosen:
        assert row.lost > 0.0
        assert f"{row.name}" not in row.reason
        assert row.reason.startswith("Without it 2026 covers")
    assert "option" in least.summary() and "2026" in least.summary()


def test_years_before_the_target_are_worked_out() -> None:
    """As the choice would bring them: with what stands by then, and proved as the others are."""
    early = {**MAKER, "earliest_year": 2025, "lead": 0}
    asked = {**ASKED, "until": 2026, "target": 0.3, "begin": 2024}
    told = sn.plan(with_options(early, OXIDE_LINK), **asked)
    years = {row.year: row for row in told.years}
    assert sorted(years) == [2024, 2025, 2026]
    for year in (2024, 2025):
        alone = sn.coverage(sn.load("tutorial"), to="MLT", avoid="ISL", year=year, tier="committed")
        row = years[year]
        assert row.before == pytest.approx(alone.forms[0].coverage, abs=1e-6), year
        assert row.need == pytest.approx({2024: 1000.0, 2025: 1100.0}[year])
        assert row.coverage == pytest.approx(row.served / row.need)
        assert row.coverage >= row.before - 1e-9
        assert row.coverage_low <= row.coverage <= row.coverage_high
        assert row.target == 0.0
    assert told.coverage == years[2026].coverage
    held = {word for word, _ in verify(json.loads(to_json(report(told).document)))}
    assert {"holds"} <= held <= {"holds", "not checked", "certified"}


@pytest.mark.parametrize(
    ("today", "by", "begin"),
    [(2023, 2026, 2024), (2024, 2026, 2025), (2025, 2026, 2026), (2026, 2026, 2023)],
)
def test_money_begins_next_year_at_the_earliest(
    monkeypatch: pytest.MonkeyPatch, today: int, by: int, begin: int
) -> None:
    """What this year brings is settled; a target that lies behind is asked of the past."""
    monkeypatch.setattr("supplynet.analysis.decisions.case.this_year", lambda: today)
    old = {**THRIFT, "earliest_year": 2023, "lead": 0}
    told = sn.plan(with_options(old), **{**ASKED, "by": by}, until=2026, target=0.3)
    assert told.begin == begin
    assert all(row.decided >= begin for row in told.chosen)


def test_a_stock_is_drawn_once() -> None:
    net = with_options(STOCK)
    need = 1200.0
    alone = sn.plan(net, target=0.25 + 300.0 / need - 0.001, until=2026, **ASKED)
    assert [row.option for row in alone.chosen] == ["stock"]
    with pytest.raises(InfeasibleError, match=r"in 2026"):
        sn.plan(net, target=0.25 + 310.0 / need, until=2026, **ASKED)


def test_most_coverage_for_a_budget(least: sn.PlanResult) -> None:
    net = usual()
    most = sn.plan(net, budget=least.cost * 1e6, **ASKED)
    assert most.objective == "coverage"
    assert most.coverage >= least.coverage - 1e-6
    assert most.cost <= least.cost + 1e-6
    told = to_markdown(of_plan(most))
    assert f"No choice within a budget of {million_usd(least.cost)} covers more" in told
    few = to_markdown(of_plan(sn.plan(net, budget=500, **ASKED)))
    assert "No choice within a budget of 500 USD covers more" in few
    little = sn.plan(net, budget={2025: 0.0, 2026: 0.0, 2024: 0.0}, **ASKED)
    assert "within the budget of each year covers" in to_markdown(of_plan(little))
    assert little.cost == 0.0 and little.coverage == pytest.approx(little.first.before)


@pytest.mark.parametrize("kind", ["contract", "expand", "build"])
def test_an_option_of_nobody_is_left_out(kind: str) -> None:
    """A graph that was cut down may keep options whose plants are gone."""
    words = {"nodes": "MLT:mine", "form": OXIDE_LINK["form"], "capacity": 5, "unit": "t oxide"}
    nobody = option(
        "nobody", kind, **(words | ({"target": "MLT:maker"} if kind == "contract" else {}))
    )
    left = sn.plan(with_options(nobody, REFINERY, THRIFT), target=0.26, **ASKED)
    assert ("nobody", "who it names is not there") in [(r.option, r.reason) for r in left.others]


def test_plants_fill_by_the_curve_of_their_stage() -> None:
    ramp = Ramp(stage="refiner", year=0, share=0.1, **GUESS)
    net = with_options(REFINERY, MAKER, OXIDE_LINK)
    full = sn.plan(net, budget=1e9, **ASKED)
    slow = sn.plan(net.replace(ramps=[ramp]), budget=1e9, **ASKED)
    assert slow.coverage < full.coverage


def test_a_plant_that_is_planned_runs_only_if_chosen() -> None:
    net = sn.load("tutorial")
    idle = [
        row.model_copy(update={"status": "idle"}) if row.id == "maker-free" else row
        for row in net.node_rows
    ]
    again = option("again", "restart", nodes="node:maker-free", capex=1e6)
    net = added(net.replace(nodes=idle), "options", again)
    told = sn.plan(net, target=0.2, **ASKED)
    assert told.first.before == pytest.approx(0.0)
    assert [row.option for row in told.chosen] == ["again"]
    open_now = added(sn.load("tutorial"), "options", again, THRIFT)
    left = sn.plan(open_now, target=0.26, **ASKED).others
    assert [(row.option, row.reason) for row in left] == [("again", COMES_ANYWAY)]


def under_construction(start: int, dated: dict[int, float]) -> SupplyNetwork:
    """The tutorial whose free maker is being built."""
    net = sn.load("tutorial")
    building = {"status": "construction", "start_year": start}
    rows = [
        row.model_copy(update=building) if row.id == "maker-free" else row for row in net.node_rows
    ]
    steps = [
        Capacity(node_id="maker-free", year=year, capacity=tonnes, unit=OXIDE, **GUESS)
        for year, tonnes in dated.items()
    ]
    return net.replace(nodes=rows, capacities=steps)


@pytest.mark.parametrize(
    ("own_start", "gained_t"),
    [(2027, 20.0), (2026, 20.0)],
    ids=["before its own start", "its second year in place of its first"],
)
def test_what_is_being_built_anyway_comes_sooner_for_money(own_start: int, gained_t: float) -> None:
    """The year is that of a network in which the plant's own dates lie a year earlier."""
    usual, moved = (
        under_construction(start, {start: 20.0, start + 1: 40.0})
        for start in (own_start, own_start - 1)
    )
    money = {"capex": 3e6, "premium": 1e4, "earliest_year": own_start - 1}
    net = added(usual, "options", option("sooner", "speed-up", nodes="node:maker-free", **money))
    asked: dict[str, Any] = {"to": "MLT", "avoid": "ISL"}
    before, after = (
        sn.coverage(of, year=2026, tier="committed", **asked).coverage for of in (usual, moved)
    )
    assert after > before + 0.05
    told = sn.plan(net, target=after - 1e-4, by=2026, begin=2024, tier="committed", **asked)
    assert [(row.option, row.start) for row in told.chosen] == [("sooner", own_start - 1)]
    assert (told.first.before, told.first.coverage) == pytest.approx((before, after), abs=1e-7)
    # the premium is paid on what is gained, and on nothing that comes by itself
    spent = {2026: gained_t * 1e4}
    spent[own_start - 2] = 3e6
    if own_start == 2026:
        spent[2025] = 20.0 * 1e4
    cost = sum(money * 1.05 ** (2024 - year) for year, money in spent.items())
    assert told.cost == pytest.approx(cost / 1e6)
    # nobody pays for it where what comes by itself is enough
    if before:
        assert sn.plan(net, target=before - 1e-4, by=2026, tier="committed", **asked).chosen == ()


def test_a_project_is_sped_up_where_the_target_needs_it() -> None:
    """Its dated capacities move with the start: what it does in its second year, a year earlier."""
    net = sn.load("tutorial")
    later = {"status": "planned", "start_year": 2026}
    rows = [
        row.model_copy(update=later) if row.id == "maker-free" else row for row in net.node_rows
    ]
    dated = [
        Capacity(node_id="maker-free", year=year, capacity=tonnes, unit=OXIDE, **GUESS)
        for year, tonnes in ((2026, 20.0), (2027, 40.0))
    ]
    as_planned = option("usual", "build", nodes="node:maker-free", capex=1e6, excludes="sooner")
    sooner = option("sooner", "build", nodes="node:maker-free", capex=4e6)
    as_planned["earliest_year"], sooner["lead"] = 2026, 2
    net = added(net.replace(nodes=rows, capacities=dated), "options", as_planned, sooner)
    asked = {**ASKED, "begin": 2023, "until": 2026}
    slow = sn.plan(net, target=0.1, **asked)
    assert [(row.option, row.start) for row in slow.chosen] == [("usual", 2026)]
    assert slow.coverage == pytest.approx(20.0 / 0.11 / 1200.0, rel=1e-4)  # t of both oxides
    soon = sn.plan(net, target=0.2, **asked)
    assert [(row.option, row.decided, row.start) for row in soon.chosen] == [("sooner", 2023, 2025)]
    assert soon.coverage == pytest.approx(300.0 / 1200.0)
    assert soon.cost > slow.cost


def test_a_plant_is_protected_from_what_is_shut() -> None:
    guard = option("guard", "protect", nodes="node:ref-small", capex=1e6)
    net = with_options(guard, THRIFT)
    asked = {**ASKED, "avoid": "ISL,node:ref-small"}
    told = sn.plan(net, target=0.2, **asked)
    assert told.first.before == pytest.approx(0.0)
    assert [row.option for row in told.chosen] == ["guard"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"budget": 1e6}, "the budget forbids it"),
        ({"budget": {2024: 0, 2025: 0}}, "the budget of 2024, the budget of 2025 and the years in"),
        ({"exclude": ["maker"]}, "that maker is not chosen forbids it"),
    ],
)
def test_what_forbids_a_target_is_named(words: dict[str, Any], reason: str) -> None:
    net = with_options(OXIDE_LINK, MAKER)
    with pytest.raises(InfeasibleError, match=reason):
        sn.plan(net, target=0.35, begin=2024, **words, **ASKED)
