"""Least regret and least shortfall at risk, against all choices tried one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.decisions.chance import (
    additions,
    least_at_risk,
    least_regret,
    regrets_of,
    shortfall_at_risk,
    tail_mean,
)
from supplynet.analysis.decisions.choice import Choices, Portfolio
from supplynet.analysis.decisions.planner import Planner
from supplynet.analysis.decisions.supply import Aim
from supplynet.arrays import Floats
from supplynet.errors import InfeasibleError
from supplynet.reports.data_writers import to_markdown
from supplynet.reports.results_plan import of_plan
from tests.analysis.decisions.networks import MAKER, OXIDE_LINK, THRIFT, with_options
from tests.analysis.decisions.test_brute import YEARS, Made, allowed, made

ASKED: dict[str, Any] = {"to": "MLT", "avoid": "ISL", "by": 2026, "tier": "committed"}


def every(choices: Choices, budget: float = np.inf) -> Iterator[Floats]:
    """The columns of all choices that are allowed and cost no more than a budget."""
    for chosen in allowed(choices):
        x = choices.vector(Portfolio(chosen))
        if float(choices.cost @ x) <= budget + 1e-6:
            yield x


def covered(choices: Choices, years: dict[int, Made], x: Floats) -> float:
    """The coverage of the worst year, at most all."""
    values = [years[year].value(choices.by_year[year] @ x).tonnes for year in years]
    return min(1.0, *(tonnes / 100.0 for tonnes in values))


def short(seed: int) -> tuple[Planner, dict[str, dict[int, Made]], float]:
    """Made-up choices of a budget, and made-up years in two worlds."""
    planner, other = (made(np.random.default_rng(one)) for one in (seed, seed + 1000))
    budget = float(planner.choices.cost.max())
    choices = Choices(planner.choices.offered, YEARS, {}, budget * 1e6)
    worlds: Any = {"here": planner.supplies, "there": other.supplies}
    return Planner(choices, planner.supplies), worlds, budget


@pytest.mark.parametrize("seed", range(12))
def test_no_choice_regrets_less_at_its_worst(seed: int) -> None:
    planner, worlds, budget = short(seed)
    choices = planner.choices
    told = [
        [covered(choices, years, x) for years in worlds.values()] for x in every(choices, budget)
    ]
    least = float((np.max(told, axis=0) - np.array(told)).max(axis=1).min())
    plan, bound, outcomes = least_regret(planner, worlds, {}, part=None)  # type: ignore[arg-type]
    assert bound.certificate.ok
    assert max(row.regret_share for row in outcomes) == pytest.approx(least, abs=1e-5)
    assert [row.coverage_best for row in outcomes] == pytest.approx(
        np.max(told, axis=0).tolist(), abs=1e-5
    )
    assert plan.cost <= budget + 1e-6 and bound.value <= plan.cost + 1e-6


@pytest.mark.parametrize("seed", range(12))
def test_none_that_reaches_the_target_everywhere_is_cheaper(seed: int) -> None:
    planner, worlds, _ = short(seed)
    free = Planner(Choices(planner.choices.offered, YEARS), planner.supplies)
    part = 0.4
    costs = [
        float(free.choices.cost @ x)
        for x in every(free.choices)
        if all(covered(free.choices, years, x) >= part - 1e-9 for years in worlds.values())
    ]
    words: dict[str, Any] = {"part": part}
    if not costs:
        with pytest.raises(InfeasibleError):
            least_regret(free, worlds, {}, **words)  # type: ignore[arg-type]
        return
    plan, bound, outcomes = least_regret(free, worlds, {}, **words)  # type: ignore[arg-type]
    assert plan.cost == pytest.approx(min(costs), abs=1e-5) and bound.certificate.ok
    assert all(row.coverage >= part - 1e-5 for row in outcomes)
    assert all(row.regret_cost == pytest.approx(plan.cost - row.cost_best) for row in outcomes)


def late(planner: Planner, seed: int) -> Floats:
    """Nine draws in which each option comes, comes late or never."""
    rng = np.random.default_rng(seed)
    return rng.choice([0.0, 0.5, 1.0, np.inf], size=(9, len(planner.choices.offered)))


def missed(planner: Planner, x: Floats, draws: Floats, part: float) -> Floats:
    """What each draw misses of the target in the first year."""
    year = min(planner.supplies)
    supply: Any = planner.supplies[year]
    tonnes = [supply.value(planner.choices.gives(year, late) @ x).tonnes for late in draws]
    return np.maximum(0.0, part - np.array(tonnes) / 100.0)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("level", [0.0, 0.7])
def test_no_choice_misses_less_in_its_worst_draws(seed: int, level: float) -> None:
    planner, _, budget = short(seed)
    part, draws = 0.6, late(planner, seed)
    for supply in planner.supplies.values():
        supply.aims = (Aim("X", frozenset(), part),)  # type: ignore[misc]
    least = min(
        tail_mean(missed(planner, x, draws, part), level) for x in every(planner.choices, budget)
    )
    plan, bound, best = least_at_risk(planner, draws, {}, level=level)
    assert bound.certificate.ok
    assert best == pytest.approx(least, abs=1e-5)
    assert tail_mean(missed(planner, plan.x, draws, part), level) == pytest.approx(least, abs=1e-5)
    assert shortfall_at_risk(planner, plan.x, draws, level) == pytest.approx(least, abs=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_the_regret_of_a_draw_is_what_the_best_choice_has_more(seed: int) -> None:
    planner, _, _ = short(seed)
    part, draws = 0.6, late(planner, seed)
    for supply in planner.supplies.values():
        supply.aims = (Aim("X", frozenset(), part),)  # type: ignore[misc]
        supply.wanted = part * 100.0  # type: ignore[misc]
    plan, _, _ = least_at_risk(planner, draws, {}, level=0.5)
    every_missed = [missed(planner, x, draws, part) for x in every(planner.choices, plan.cost)]
    least = missed(planner, plan.x, draws, part) - np.min(every_missed, axis=0)
    low, high = regrets_of(planner, plan, draws, {})
    assert (high - low <= 2e-6).all()
    assert low == pytest.approx(least, abs=1e-5)
    low, high = regrets_of(planner, plan, draws, {}, most=0)  # no program of its own for any draw
    assert (low <= least + 1e-5).all() and (high >= least - 1e-5).all()


@pytest.mark.parametrize("seed", range(8))
def test_nothing_cheaper_makes_as_many_draws_reach_the_target(seed: int) -> None:
    planner = made(np.random.default_rng(seed))
    part, draws, chance = 0.5, late(planner, seed), 0.6
    for supply in planner.supplies.values():
        supply.aims = (Aim("X", frozenset(), part),)  # type: ignore[misc]
        supply.wanted = part * 100.0  # type: ignore[misc]
    first = min(planner.supplies)

    def often(x: Floats) -> float:
        at_first = Planner(planner.choices, {first: planner.supplies[first]})
        return float((missed(at_first, x, draws, part) <= 1e-5).mean())

    plan = next(every(planner.choices))  # nothing is chosen
    enough = [x for x in every(planner.choices) if often(x) >= chance]
    told = additions(planner, plan, draws, draws, chance, fixed={})
    if not enough:
        assert told is None
        return
    assert told is not None
    x, bound = told
    assert bound.certificate.ok and often(x) >= chance
    least = min(float(planner.choices.cost @ x) for x in enough)
    assert planner.choices.cost @ x == pytest.approx(least) == pytest.approx(bound.value)


# -- of a network ------------------------------------------------------------------------------

SHUT = {"verb": "close", "nodes": "maker-free", "reason": "what-if"}
NO_MAKER = sn.Scenario.from_dict({"title": "No free maker", "change": [SHUT]}, name="no-maker")


def test_a_plan_that_stands_a_scenario_takes_what_the_scenario_leaves() -> None:
    net = with_options({**THRIFT, "capex": 60e6, "capacity": 300}, MAKER, OXIDE_LINK)
    usual_plan = sn.plan(net, target=0.08, until=2026, **ASKED)
    sure = sn.plan(net, target=0.08, until=2026, regret=NO_MAKER, **ASKED)
    assert sure.certificate.ok and sure.objective == "regret"
    rows = {row.scenario: row for row in sure.outcomes}
    assert set(rows) == {"as asked", "no-maker"}
    assert rows["as asked"].regret_cost == pytest.approx(sure.cost - usual_plan.cost)
    assert rows["as asked"].cost_best == pytest.approx(usual_plan.cost)
    assert all(row.coverage >= 0.08 - 1e-6 for row in sure.outcomes)
    assert "cheapest that reaches the target in every scenario" in to_markdown(of_plan(sure))
    spent = sn.plan(net, budget=sure.cost * 1e6, until=2026, regret=[NO_MAKER], **ASKED)
    assert spent.certificate.ok and max(row.regret_share for row in spent.outcomes) < 1.0
    assert "no plan regrets less at its worst" in to_markdown(of_plan(spent)) or not any(
        row.regret_share for row in spent.outcomes
    )


def test_a_target_that_a_scenario_forbids_says_in_which() -> None:
    net = with_options(MAKER, OXIDE_LINK)
    with pytest.raises(InfeasibleError, match=r"^no-maker: no choice covers 30%"):
        sn.plan(net, target=0.3, until=2026, regret=NO_MAKER, **ASKED)


def test_what_is_at_risk_is_told_of_fresh_draws() -> None:
    net = with_options({**THRIFT, "chance": 0.5}, {**OXIDE_LINK, "premium": 1e5}, MAKER)
    words = {"target": 0.3, "budget": 40e6, "draws": 200, "until": 2026}
    told = sn.plan(net, risk=0.8, **words, **ASKED)
    cheap = sn.plan(net, **words, **ASKED)
    assert told.certificate.ok and told.objective == "risk"
    assert told.risk_share is not None and told.risk_decided_share is not None
    assert told.chance_share is not None and cheap.chance_share is not None
    assert told.chance_share >= cheap.chance_share
    assert "misses less of" in to_markdown(of_plan(told))
