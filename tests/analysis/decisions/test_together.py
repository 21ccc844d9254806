"""What sets of options are worth, and fair parts of the cost of several nations."""

from __future__ import annotations

from itertools import permutations
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import supplynet as sn
from supplynet.analysis.decisions.case import nations_of, worths_of
from supplynet.analysis.decisions.planner import Planner
from supplynet.errors import InfeasibleError
from supplynet.network.network import SupplyNetwork
from supplynet.reports.data_writers import to_markdown
from supplynet.reports.results_plan import of_plan
from supplynet.solve.check import Certificate, exact
from tests.analysis.decisions.networks import THRIFT, option, usual, with_options
from tests.analysis.decisions.test_brute import every_choice, is_enough, made, tried

ASKED: dict[str, Any] = {"to": "MLT", "avoid": "ISL", "by": 2026, "tier": "committed"}
HUB = option("hub", "stock", nodes="MLT", form="goods", product="goods", capacity=1, lead=0)
HUB |= {"unit": "t goods", "capex": 4e6, "earliest_year": 2026}
THEIRS = {**THRIFT, "id": "theirs", "name": "Theirs", "target": "ISL", "requires": "hub"}
BOTH: dict[str, Any] = {
    "to": "MLT,ISL",
    "avoid": "FJI,node:maker-big",
    "by": 2026,
    "until": 2026,
    "begin": 2026,
    "tier": "committed",
}


@pytest.fixture(scope="module")
def shared() -> SupplyNetwork:
    """Malta and Iceland each have a way of their own that needs one thing first."""
    late = {"lead": 0, "earliest_year": 2026, "capacity": 200}
    ours = {**THRIFT, "requires": "hub", **late}
    return with_options(HUB, ours, {**THEIRS, **late})


@pytest.fixture(scope="module")
def together(shared: SupplyNetwork) -> sn.PlanResult:
    return sn.plan(shared, target=0.2, split=True, **BOTH)


def least_without(planner: Planner, left: set[str]) -> float:
    """Of all choices that take none of a set and reach the targets, the least cost."""
    costs = [
        cost
        for chosen, cost, tonnes in every_choice(planner)
        if not left & set(chosen) and is_enough(planner, tonnes)
    ]
    return min(costs, default=np.inf)


@pytest.mark.parametrize("seed", range(10))
def test_a_set_is_worth_what_all_choices_without_it_cost_more(seed: int) -> None:
    planner = made(np.random.default_rng(seed))
    least, _ = tried(planner)
    if least == np.inf:
        return
    net = with_options(*[option(f"o{number}", "build", nodes="all") for number in range(4)])
    query = SimpleNamespace(worth=["o0", "o1,o2"], time_limit=None)
    case: Any = SimpleNamespace(
        planner=planner, query=query, fixed={}, question=SimpleNamespace(net=net)
    )
    told, checks = worths_of(case, planner.least())
    assert all(certificate.ok for certificate in checks) and len(checks) == len(told)
    for row in told:
        assert row.bound == pytest.approx(row.cost_without)
        assert row.cost_without == pytest.approx(least_without(planner, set(row.options)))
        assert row.worth == pytest.approx(row.cost_without - least)


def test_the_order_of_joining_is_averaged() -> None:
    """Against every order of three nations, one by one."""
    rng = np.random.default_rng(5)
    costs: dict[frozenset[str], float] = {}

    def solve(team: frozenset[str]) -> Any:
        assert team not in costs  # each team is asked for once
        costs[team] = float(rng.integers(1, 50))
        proof = SimpleNamespace(certificate=Certificate((exact("sure", 0.0),)))
        return SimpleNamespace(plan=SimpleNamespace(cost=costs[team]), bound=proof)

    told, checks = nations_of(["AAA", "BBB", "CCC"], 60.0, solve)
    assert len(checks) == len(costs)  # those of all teams but the whole
    costs |= {frozenset(): 0.0, frozenset({"AAA", "BBB", "CCC"}): 60.0}
    for row in told:
        steps = []
        for order in permutations(["AAA", "BBB", "CCC"]):
            before = frozenset(order[: order.index(row.nation)])
            steps.append(costs[before | {row.nation}] - costs[before])
        assert row.cost_fair == pytest.approx(float(np.mean(steps)))
        assert row.cost_alone == costs[frozenset({row.nation})]
        assert row.gain == pytest.approx(row.cost_alone - row.cost_fair)
    assert sum(row.cost_fair for row in told) == pytest.approx(60.0)


def test_what_both_need_is_paid_once(shared: SupplyNetwork, together: sn.PlanResult) -> None:
    assert {row.option for row in together.chosen} == {"hub", "thrift", "theirs"}
    parts = {row.nation: row for row in together.nations}
    alone = sn.plan(shared, target=dict(together.parts), **{**BOTH, "to": "MLT"})
    assert parts["MLT"].cost_alone == pytest.approx(alone.cost)
    assert sum(row.cost_fair for row in together.nations) == pytest.approx(together.cost)
    hub = next(row.cost for row in together.chosen if row.option == "hub")
    assert [row.gain for row in together.nations] == pytest.approx([hub / 2, hub / 2])
    text = to_markdown(of_plan(together))
    assert "Together or alone" in text and f"the alliance saves {hub:,.1f}." in text


def test_a_set_is_named_by_ids_or_by_its_plants() -> None:
    told = sn.plan(usual(), target=0.35, worth=["maker,link", "FJI"], **ASKED)
    rows = {row.name: row for row in told.worths}
    assert set(rows["maker,link"].options) == {"maker", "link"}
    assert set(rows["FJI"].options) == {"refinery", "maker", "link"}
    assert rows["FJI"].worth >= rows["maker,link"].worth
    try:
        without = sn.plan(usual(), target=0.35, exclude=["maker", "link"], **ASKED).cost
    except InfeasibleError:
        without = np.inf
    assert rows["maker,link"].cost_without == pytest.approx(without)
    assert "What sets of options are worth" in to_markdown(of_plan(told))
