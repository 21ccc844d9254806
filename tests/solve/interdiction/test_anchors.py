"""Flows that attacks must break: no attack as bad as the worst may ever be lost by them."""

from __future__ import annotations

import numpy as np

from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction import anchors
from supplynet.solve.interdiction.anchors import Anchors
from supplynet.solve.interdiction.arena import arena
from supplynet.solve.interdiction.bound import Place, bound_at
from supplynet.solve.interdiction.problem import attack_on_arcs
from tests.solve.interdiction.cases import bounded_cases


def three_ways(budget: float = 1.0):
    """Arcs 0, 1 and 2 beside each other, of capacity 5, 2 and 2; arc 3 behind them all."""
    flow = FlowProblem([0, 0, 0, 1], [1, 1, 1, 2], [5.0, 2.0, 2.0, 9.0], 3, 0, 2)
    return arena(attack_on_arcs(flow, budget=budget))


def flow_of(place, amounts):
    """Arcs that carry and their units."""
    units = np.array([int(one * place.scale) for one in amounts])
    used = np.flatnonzero(units)
    return used, units[used]


def asked(known: Anchors, removed, budget):
    is_free = np.ones(4, dtype=np.bool_)
    is_free[list(removed)] = False
    few = known.must_hit(removed, is_free, budget)
    return (few if few is None else few.tolist()), np.flatnonzero(is_free).tolist()


def goal(place, value):
    return int(value * place.scale)


def test_without_a_flow_nothing_is_known() -> None:
    place = three_ways()
    assert asked(Anchors(place, goal(place, 5)), (), 1.0) == (None, [0, 1, 2, 3])


def test_those_that_carry_too_little_are_in_no_attack() -> None:
    """To leave less than 5 of 9, one arc must take 5 of them."""
    place = three_ways()
    known = Anchors(place, goal(place, 5))
    known.add(*flow_of(place, [5, 2, 2, 9]))
    assert asked(known, (), 1.0) == ([3, 0], [0, 3])


def test_what_is_removed_counts() -> None:
    """To leave less than 2, arc 0 is not enough; with it, arcs 1 and 3 are not told apart."""
    place = three_ways(2.0)
    known = Anchors(place, goal(place, 3))
    known.add(*flow_of(place, [5, 2, 2, 9]))
    assert asked(known, (), 2.0) == ([3, 0], [0, 1, 2, 3])
    assert asked(known, (0,), 1.0) == ([3, 1, 2], [1, 2, 3])
    assert asked(known, (3,), 1.0) == (None, [0, 1, 2])


def test_a_flow_that_the_budget_cannot_break_ends_a_part() -> None:
    place = three_ways()
    known = Anchors(place, goal(place, 2))
    known.add(*flow_of(place, [2, 2, 2, 6]))
    assert asked(known, (), 0.5)[0] == []
    is_free = np.array([True, True, True, False])
    few = known.must_hit((), is_free, 1.0)
    assert few is not None
    assert few.size == 0


def test_a_flow_below_the_goal_is_not_kept() -> None:
    place = three_ways()
    known = Anchors(place, goal(place, 5))
    known.add(*flow_of(place, [2, 0, 2, 4]))
    assert asked(known, (), 1.0)[0] is None


def test_of_many_flows_that_which_decided_last_is_kept(monkeypatch) -> None:
    monkeypatch.setattr(anchors, "MOST_ANCHORS", 2)
    place = three_ways()
    known = Anchors(place, goal(place, 2))
    thin = [2, 2, 2, 6]
    known.add(*flow_of(place, thin))
    known.add(*flow_of(place, [2, 0, 0, 2]))
    without_last = np.array([True, True, True, False])
    for amounts in ([0, 2, 0, 2], [0, 0, 2, 2]):
        few = known.must_hit((), without_last.copy(), 1.0)
        assert few is not None
        assert few.size == 0  # by the thin flow alone: the others end at one arc each
        known.add(*flow_of(place, amounts))
    assert [one.order.tolist() for one in known._known] == [[2, 3], [3, 0, 1, 2]]


def test_no_worst_attack_is_lost() -> None:
    """Flows of any kind on random networks: each worst attack is hit, and all of it stays free."""
    rng = np.random.default_rng(11)
    for case in bounded_cases(17, 150):
        place = arena(case.problem)
        least, attacks = case.worst()
        limit = round(least * place.scale) + place.slack + 1
        known = Anchors(place, limit)
        n = place.cost.size
        for _ in range(4):
            able = np.flatnonzero(np.isfinite(place.cost))
            spared = tuple(sorted(rng.permutation(able)[: rng.integers(0, 3)].tolist()))
            bound = bound_at(place, Place((), spared), goal=float(place.whole))
            known.add(bound.arcs, bound.units)
            for attack in attacks:
                for n_removed in range(len(attack) + 1):
                    removed, rest = attack[:n_removed], set(attack[n_removed:])
                    budget = place.budget - float(place.cost[list(removed)].sum())
                    is_free = np.ones(n, dtype=np.bool_)
                    is_free[list(removed)] = False
                    few = known.must_hit(removed, is_free, budget)
                    assert is_free[list(rest)].all()
                    assert few is None or rest & set(few.tolist())
