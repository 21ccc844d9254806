"""What flows that are known tell of attacks: by hand, and against trying every attack."""

from __future__ import annotations

import itertools

import numpy as np

from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction import tree as anchors
from supplynet.solve.interdiction.arena import arena, attack_on_arcs
from supplynet.solve.interdiction.tree import Anchors, Place, Rest, bound_at
from tests.solve.interdiction.cases import bounded_cases, grid_both_ways


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


def test_those_that_carry_too_little_are_in_no_attack() -> None:
    """To leave less than 5 of 9, one arc must take 5 of them."""
    place = three_ways()
    known = Anchors(place, goal(place, 5))
    known.add(*flow_of(place, [5, 2, 2, 9]))
    assert asked(known, (), 1.0) == ([3, 0], [0, 3])


def test_what_is_removed_counts() -> None:
    """To leave less than 2, arc 0 is not enough; with it, arcs 1 and 3 are not distinguished."""
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


def test_a_flow_just_below_the_goal_is_not_kept() -> None:
    """All of it may be left by an attack, which need not touch it."""
    place = three_ways()
    known = Anchors(place, place.whole + 1)
    known.add(*flow_of(place, [5, 2, 2, 9]))
    assert known._known == []


def test_sums_decide_beyond_their_rounding_and_not_far_beyond() -> None:
    place = three_ways()
    rounding = np.finfo(float).eps * place.whole
    assert rounding < Anchors(place, 1).margin < 3e-12 * place.whole + 1e-9


def rest_of(place, removed=(), budget: float = 1.0) -> Rest:
    """All that may go beside what is removed already."""
    return Rest(removed, place.cost <= budget, budget).but(removed)


def test_a_flow_rules_out_what_carries_too_little() -> None:
    """To leave less than 5 of 9 within a budget of 1, one arc must take 5: arcs 1 and 2 do not."""
    place = three_ways()
    known = Anchors(place, goal(place, 5))
    told = known.add(*flow_of(place, [5, 2, 2, 9]))
    assert known.ruled_out(rest_of(place)) == (None, {1: told, 2: told})
    # a flow that can be taken whole rules out nothing
    assert known.ruled_out(rest_of(place, (3,))) == (None, {})
    # less than 1 is left by no arc but the last
    known.goal = goal(place, 1)
    assert known.ruled_out(rest_of(place).but([3])) == (told, {})
    assert place.to_float(known.left(told, rest_of(place).but([3]))) == 4.0
    assert place.to_float(known.left(told, rest_of(place, (0,)).but([3]))) == 2.0


def test_of_what_is_out_only_what_a_flow_needs_is_named() -> None:
    place = three_ways()
    known = Anchors(place, goal(place, 4))
    told = known.add(*flow_of(place, [5, 2, 2, 9]))
    # without the arc behind all, 4 are left beside the widest; that others are out adds nothing
    assert known.needed(told, rest_of(place), [3, 1]) == [3]
    assert known.needed(told, rest_of(place), [1, 2]) == []
    # 7 would be left without both, which is more than the goal asks for
    known.goal = goal(place, 7)
    assert known.needed(told, rest_of(place), [0, 3, 2]) == [3, 0]


def test_what_is_ruled_out_is_in_no_attack_that_leaves_less() -> None:
    """On small grids, by brute force, whatever the goal; so is what a flow leaves."""
    rng, n_out, n_closed, n_needed = np.random.default_rng(5), 0, 0, 0
    for _ in range(30):
        problem = grid_both_ways(2, 3, range(1, 6), rng, prices=(1, 2, 3)).replace(budget=4)
        place = arena(problem)
        left = every_attack(place)
        some = list(left)[rng.integers(len(left))][:1]
        spared = [n for n in np.flatnonzero(np.isfinite(place.cost)) if rng.random() < 0.2]
        known = Anchors(place, place.goal(rng.choice(sorted(set(left.values()))[:4])))
        for spare in ((), (0,), (0, 1)):
            bound = bound_at(place, Place((), spare), goal=float(place.whole))
            told = known.add(bound.arcs, bound.units)
        budget = place.budget - float(place.cost[list(some)].sum())
        rest = rest_of(place, some, budget).but(set(spared) - set(some))
        closing, out = known.ruled_out(rest)
        free = {*some, *np.flatnonzero(rest.is_free).tolist()}
        for attack in (each for each in left if set(some) <= set(each) <= free):
            assert left[attack] >= known.left(told, rest)
            if left[attack] < known.goal:
                assert closing is None
                assert not set(attack) & set(out)
        without = Place(tuple(some), tuple(np.flatnonzero(~rest.but(out).is_free).tolist()))
        bound = bound_at(place, without, goal=known.goal)
        told = known.add(bound.arcs, bound.units)
        needed = known.needed(told, rest, out)
        enough = min(known.goal, known.left(told, rest.but(out)))
        assert known.left(told, rest.but(needed)) >= enough
        assert not needed or known.left(told, rest.but(needed[:-1])) < enough
        n_out, n_closed = n_out + len(out), n_closed + (closing is not None)
        n_needed += len(needed)
    assert min(n_out, n_closed, n_needed) > 0


def every_attack(place) -> dict[tuple[int, ...], int]:
    """What every attack within the budget leaves, in units."""
    able = np.flatnonzero(np.isfinite(place.cost)).tolist()
    return {
        attack: round(max_flow(place.problem.without(attack)).value * place.scale)
        for size in range(int(place.budget) + 1)
        for attack in itertools.combinations(able, size)
        if place.cost[list(attack)].sum() <= place.budget
    }
