"""Bounds are never above what brute force finds, wherever they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.solve.flow.generate import generate_problem
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction.arena import Arena, arena, attack_on_arcs, attack_on_nodes
from supplynet.solve.interdiction.tree import Place, _Prices, bound_at, dearest, most_promising
from tests.solve.interdiction.cases import KINDS, bounded_cases


@pytest.mark.parametrize("kind", KINDS)
def test_a_bound_holds_everywhere(kind: str) -> None:
    rng = np.random.default_rng(KINDS.index(kind))
    for case in bounded_cases(50 + KINDS.index(kind), 60, kind):
        where = arena(case.problem)
        attacks = list(case.attacks())
        useful = [one for one in attacks if np.isfinite(where.cost[list(one)]).all()]
        removed = useful[rng.integers(len(useful))]
        rest = [one for one in range(case.problem.n_elements) if one not in removed]
        spared = tuple(one for one in rest if rng.random() < 0.3)
        place = Place(tuple(sorted(removed)), spared)
        least = min(
            case.left_by(attack) * case.unit
            for attack in attacks
            if set(removed) <= set(attack) and not set(spared) & set(attack)
        )
        for all_bits in (False, True):
            found = bound_at(where, place, goal=np.inf, all_bits=all_bits)
            assert where.to_float(found.value) <= least * (1 + 1e-12) + 1e-12
            for attack, most in found.attacks:
                left = where.left_by(attack)
                assert left <= most or not most
                assert set(removed) <= set(attack)
                assert case.problem.cost[list(attack)].sum() <= where.budget * (1 + 1e-9)


def test_the_most_promising_element_is_that_whose_sparing_lets_most_through() -> None:
    n_choices = 0
    for seed in range(4):
        flow = generate_problem("layered", 200, seed=seed)
        for budget in (1, 2, 3, 5):
            where = arena(attack_on_nodes(flow, budget=budget))
            bound = bound_at(where, Place(), goal=np.inf)
            prices = _Prices(where, Place(), where.budget)
            flows = [prices.if_spared(element, bound.price) for element in bound.wanted.tolist()]
            n_choices += min(flows) < max(flows)
            assert most_promising(where, Place(), bound) == bound.wanted[np.argmax(flows)]
    assert n_choices > 1  # they differ now and then


def ways(*capacities: float):
    n = len(capacities)
    flow = FlowProblem(np.zeros(n, int), np.ones(n, int), list(capacities), 2, 0, 1)
    return arena(attack_on_arcs(flow, budget=1.0))


@pytest.mark.parametrize("dear", [1.0, 4.0, 9.0])
def test_a_bound_is_that_of_the_flow_that_spreads_itself_by_cost(dear: float) -> None:
    """10 go by a way of cost 1 and a dearer one: each carries as much for its cost.

    A budget that is enough for the dearer one takes that part from this flow, and more from others.
    """
    flow = FlowProblem([0, 0, 1], [1, 1, 2], [10.0, 10.0, 10.0], 3, source=0, sink=2)
    where = arena(attack_on_arcs(flow, cost=[1.0, dear, np.inf], budget=dear))
    bound = bound_at(where, Place(), goal=np.inf)
    assert where.to_float(bound.value) == pytest.approx(10.0 / (1.0 + dear), rel=1e-5)


def test_a_bound_just_below_the_goal_is_found_with_all_bits() -> None:
    where = ways(1 / 3, 2 / 7, 1.0)
    leading, whole = (bound_at(where, Place(), goal=np.inf, all_bits=x) for x in (False, True))
    assert leading.value < whole.value
    assert bound_at(where, Place(), goal=whole.value).value == whole.value


def test_no_price_is_tried_once_an_attack_leaves_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    flow = FlowProblem([0, 0, 1, 2], [1, 2, 3, 3], [1e6, 3.0, 1e6, 3.0], 4, source=0, sink=3)
    where = arena(attack_on_arcs(flow, budget=2.0))
    sent = []
    send = Arena.send
    monkeypatch.setattr(Arena, "send", lambda *args, **kw: sent.append(1) or send(*args, **kw))
    found = bound_at(where, Place(), goal=np.inf, all_bits=True)
    assert found.value == 0
    assert 0 in [left for attack, left in found.attacks if attack]
    assert len(sent) <= 4  # every price down to a millionth would be a flow each


def test_the_dearest_within_a_budget() -> None:
    carried, cost = np.array([6, 5, 4]), np.array([2.0, 1.0, 4.0])
    assert [dearest(carried, cost, one) for one in (0.0, 1.0, 3.0, 5.0, 7.0, 99.0)] == [
        0,
        5,
        11,
        13,
        15,
        15,
    ]
    assert dearest(np.array([], dtype=int), np.array([]), 3.0) == 0
