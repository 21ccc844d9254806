"""Beside a plan: other plans, the curve of its cost, and how often it fails."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.decisions.alternatives import others_of, sorted_out
from supplynet.analysis.decisions.choice import Choices
from supplynet.analysis.decisions.planner import Planner, curve_of
from supplynet.reports.data_writers import to_markdown
from supplynet.reports.results_plan import of_plan
from tests.analysis.decisions.networks import MAKER, OXIDE_LINK, THRIFT, usual, with_options
from tests.analysis.decisions.test_brute import YEARS, every_choice, is_enough, made, tried

ASKED: dict[str, Any] = {"to": "MLT", "avoid": "ISL", "by": 2026, "tier": "committed"}


@pytest.fixture(scope="module")
def told() -> sn.PlanResult:
    return sn.plan(usual(), target=0.35, alternatives=5, curve=0.0, draws=200, **ASKED)


def test_the_curve_rises_and_says_what_enters(told: sn.PlanResult) -> None:
    costs = [row.cost for row in told.curve]
    covered = [row.coverage for row in told.curve]
    assert costs == sorted(costs) and covered == sorted(covered)
    assert len(set(covered)) == len(covered)
    assert all(row.entering for row in told.curve[1:])
    assert any(row.coverage >= 0.35 and row.cost <= told.cost + 1e-6 for row in told.curve)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_in_all_plans_or_none_is_exact(seed: int) -> None:
    """Against the cheapest of all choices with and without each option, tried one by one."""
    planner = made(np.random.default_rng(seed))
    least, _ = tried(planner)
    if least in (np.inf, 0.0):
        return
    plan = planner.least()
    rows = {row.option: row for row in others_of(planner, plan, {}, 3)["options"]}
    costs: dict[tuple[str, bool], float] = {}
    for chosen, cost, tonnes in every_choice(planner):
        if is_enough(planner, tonnes):
            for name in planner.choices.place:
                key = name, name in chosen
                costs[key] = min(costs.get(key, np.inf), cost)
    for name, row in rows.items():
        ends = (costs.get((name, True), np.inf), costs.get((name, False), np.inf))
        for part, mark in ((0.01, row.within_1), (0.05, row.within_5), (0.1, row.within_10)):
            assert mark == sorted_out(*ends, least, part)


@pytest.mark.parametrize("seed", range(6))
def test_no_choice_beats_a_point_of_the_curve(seed: int) -> None:
    planner = made(np.random.default_rng(seed))
    for coverage, plan in curve_of(planner, step=0.0):
        budget = Choices(planner.choices.offered, YEARS, {}, plan.cost * 1e6)
        _, most = tried(Planner(budget, planner.supplies), plan.cost + 1e-6)
        assert coverage == pytest.approx(most, abs=1e-5)


def test_a_plan_that_may_fail_says_how_often_and_what_to_add() -> None:
    risky = {**THRIFT, "chance": 0.5}
    net = with_options(risky, MAKER, OXIDE_LINK)
    told = sn.plan(net, target=0.3, draws=400, exclude=["link", "maker"], **ASKED)
    assert told.chance_share == pytest.approx(0.5, abs=0.08)
    assert told.surer == () and told.surer_cost is None
    assert "Nothing that could be added makes that 80%" in to_markdown(of_plan(told))
    open_now = sn.plan(
        with_options(risky, {**OXIDE_LINK, "premium": 1e6}), target=0.3, draws=400, **ASKED
    )
    assert [row.option for row in open_now.chosen] == ["thrift"]
    assert [row.option for row in open_now.surer] == ["link"]
    assert open_now.surer[0].chance_share == pytest.approx(1.0)
    assert open_now.surer_cost == pytest.approx(open_now.surer[0].cost)
    assert open_now.surer_bound == pytest.approx(open_now.surer_cost)
    assert open_now.n_exact == open_now.n_draws == 400
    assert open_now.regret_share == pytest.approx(open_now.regret_high_share)
    text = to_markdown(of_plan(open_now))
    assert "To reach it in 80%, add, the cheapest first" in text
    assert "nothing that does as well on those is cheaper" in text


def test_what_comes_late_misses_its_year() -> None:
    late = {**THRIFT, "delay": 1.0, "delay_p90": 2.0, "earliest_year": 2026}
    told = sn.plan(with_options(late), target=0.3, draws=100, **ASKED)
    assert told.chance_share == 0.0
    same = sn.plan(with_options(late), target=0.3, draws=100, **ASKED)
    assert same == told
