"""Whole units: exact where capacities allow it, and never above the capacities."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from supplynet.solve.flow.generate import generate_problem
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction.arena import AttackProblem, arena, attack_on_arcs, attack_on_nodes
from tests.solve.interdiction.cases import bounded_cases


def parallel(*capacities: float) -> FlowProblem:
    n = len(capacities)
    return FlowProblem(np.zeros(n, int), np.ones(n, int), list(capacities), 2, 0, 1)


@pytest.mark.parametrize(
    ("capacities", "step"),
    [((0.2, 0.4, 0.8), 0.2), ((6.0, 9.0), 3.0), ((2.0**70, 2.0**71), 2.0**70), ((0.0,), 0.0)],
)
def test_steps(capacities, step: float) -> None:
    place = arena(attack_on_arcs(parallel(*capacities), budget=1))
    assert place.is_exact
    assert place.to_float(place.step) == step
    assert place.slack == (0 if step else place.whole >> 32)


def test_real_capacities_have_no_step() -> None:
    place = arena(attack_on_arcs(parallel(1 / 3, 2 / 7, 1.0), budget=1))
    assert (place.is_exact, place.step) == (False, 0)
    assert place.goal(100) == max(0, 100 - place.slack)
    assert place.to_float(place.whole) == pytest.approx(1 / 3 + 2 / 7 + 1, rel=1e-14)
    assert place.to_float(place.whole) <= 1 / 3 + 2 / 7 + 1


def test_what_an_attack_leaves_is_that_of_brute_force() -> None:
    for case in bounded_cases(9, 60):
        place = arena(case.problem)
        for attack in list(case.attacks())[:20]:
            left = place.to_float(place.left_by(attack))
            assert left == pytest.approx(case.left_by(attack) * case.unit, rel=1e-9, abs=1e-12)


def test_nodes_without_a_limit_can_be_removed() -> None:
    flow = FlowProblem([0, 0, 1, 2], [1, 2, 3, 3], [4.0, 5.0, 6.0, 3.0], 4, 0, 3)
    place = arena(attack_on_nodes(flow, budget=1))
    assert [place.to_float(place.left_by((one,))) for one in (1, 2)] == [3.0, 4.0]


def test_what_cannot_be_paid_or_carries_nothing_cannot_go() -> None:
    capacities = parallel(1.0, 2.0, 0.0, 4.0)
    problem = attack_on_arcs(capacities, budget=2, cost=[1.0, 3.0, 1.0, 2.0])
    assert arena(problem).cost.tolist() == [1.0, np.inf, np.inf, 2.0]


def test_all_that_flows_passes_one_arc() -> None:
    """Clipped capacities limit nothing, not even by one unit."""
    place = arena(attack_on_arcs(parallel(5.0), budget=1))
    assert place.left_by(()) == place.whole


def test_what_elements_carry_is_told_of_the_first_one_too() -> None:
    place = arena(attack_on_arcs(parallel(3.0, 2.0, 1.0), budget=1))
    assert place.carried(place.units)[place.element].tolist() == place.units.tolist()
    flow = FlowProblem([0, 0, 1, 2], [1, 2, 3, 3], [3.0, 4.0, 3.0, 4.0], 4, 0, 3)
    both = arena(AttackProblem(flow, [-1] * 4, [-1, 0, 0, -1], [1.0], budget=1))
    assert both.carried(both.send(both.units, all_bits=True).flow).tolist() == [both.whole]


def test_elements_of_one_slot_each_are_told_from_one_of_several() -> None:
    """Bounds at a price are for the first alone, which are the sharper ones."""
    assert arena(attack_on_arcs(parallel(3.0, 2.0), budget=1)).is_single
    both = AttackProblem(parallel(3.0, 2.0), [0, 0], [-1, -1], [1.0], budget=1)
    assert not arena(both).is_single


def test_of_two_least_cuts_one_is_near_the_source_and_one_near_the_sink() -> None:
    place = arena(attack_on_arcs(FlowProblem([0, 1], [1, 2], [2.0, 2.0], 3, 0, 2), budget=1))
    sent = place.send(place.units, all_bits=True)
    assert sent.near.tolist() == [True, False]
    assert sent.far.tolist() == [False, True]


def test_a_bound_is_close_by_what_leading_bits_leave_out() -> None:
    small = arena(attack_on_arcs(parallel(1 / 3, 2 / 7, 1.0), budget=1))
    large = replace(small, units=np.zeros(2**16, dtype=np.int64))
    assert large.close >= large.units.size << large.shift
    assert small.close > small.units.size << small.shift


def test_a_pinned_slot_is_missed_by_all_that_it_carries() -> None:
    """A full one that is not pinned is missed by less: a part of its flow finds another way."""
    n_pinned = n_avoided = 0
    for kind, seed in itertools.product(("layered", "cyclic"), range(3)):
        place = arena(attack_on_arcs(generate_problem(kind, 60, seed=seed), budget=1))
        past = place.send_past(())
        assert past.value == place.left_by(())
        assert (past.is_full == (past.flow == place.units)).all()
        for slot in np.flatnonzero((past.flow > 0) & (place.element >= 0)):
            lost = past.value - place.left_by((int(place.element[slot]),))
            if past.is_pinned[slot]:
                assert lost == past.flow[slot]
                n_pinned += 1
            elif past.is_full[slot]:
                assert lost < past.flow[slot]
                n_avoided += 1
    assert min(n_pinned, n_avoided) > 5
