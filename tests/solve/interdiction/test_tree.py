"""The search closes only what holds nothing better, and says what is left open."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction.arena import AttackProblem, arena, attack_on_arcs
from supplynet.solve.interdiction.attack import interdict
from supplynet.solve.interdiction.certificate import certify_attack
from supplynet.solve.interdiction.tree import Leaf, Tree, grow, place_of
from tests.solve.interdiction.cases import bounded_cases, grid_both_ways
from tests.solve.interdiction.milp import interdict_by_program


def test_decisions_lead_to_a_place() -> None:
    place = place_of(((3, True), (1, False), (2, True)))
    assert (place.removed, place.spared) == ((2, 3), (1,))


def test_the_bound_is_that_of_the_weakest_part() -> None:
    assert Tree((), 5).bound == 0
    nothing = np.empty(0, dtype=np.int64)
    leaves = [Leaf((), bound, nothing, nothing) for bound in (4, 3, 5)]
    assert Tree((), 5, leaves).bound == 3
    for case in bounded_cases(77, 40):
        place = arena(case.problem)
        found = grow(place)
        assert found.status == "optimal"
        assert found.bound == min(leaf.bound for leaf in found.leaves)
        assert place.goal(found.value) <= found.bound


def chains(capacity: list[float], cost: list[float], length: int, budget: float) -> AttackProblem:
    """Chains of arcs side by side; each arc of a chain has its capacity and cost."""
    n = len(capacity)
    inner = 2 + np.arange(n * (length - 1)).reshape(n, length - 1)
    tail = np.hstack([np.zeros((n, 1), dtype=int), inner])
    head = np.hstack([inner, np.ones((n, 1), dtype=int)])
    flow = FlowProblem(
        tail.ravel(), head.ravel(), np.repeat(capacity, length), inner.max() + 1, 0, 1
    )
    return attack_on_arcs(flow, budget=budget, cost=np.repeat(cost, length))


def test_no_attack_in_a_part_leaves_less_than_its_bound() -> None:
    """Nor in parts that known flows close, or that are ruled out: all attacks are tried."""
    problem = chains([19.0, 19.0, 19.0, 6.0], [2.0, 2.0, 2.0, 1.0], length=3, budget=5.0)
    place = arena(problem)
    tried = {
        attack: max_flow(problem.without(attack)).value
        for size in range(6)
        for attack in itertools.combinations(range(problem.n_elements), size)
        if problem.cost[list(attack)].sum() <= problem.budget
    }
    found = grow(place)
    assert place.to_float(found.value) == min(tried.values()) == 19.0
    assert len(found.leaves) > 10
    for leaf in found.leaves:
        removed, spared = set(leaf.place.removed), set(leaf.place.spared)
        inside = [tried[a] for a in tried if removed <= set(a) and not spared & set(a)]
        assert min(inside) >= place.to_float(leaf.bound) - 1e-9


def test_parts_are_counted() -> None:
    """Nothing can be removed without a budget: the whole is the only part."""
    flow = FlowProblem([0], [1], [3.0], 2, 0, 1)
    assert grow(arena(attack_on_arcs(flow, budget=0))).n_nodes == 1


@pytest.mark.parametrize(("seed", "budget"), [(59, 5), (107, 3), (143, 3), (222, 5)])
def test_a_budget_that_does_not_come_out_even_takes_few_parts(seed: int, budget: int) -> None:
    """Links of 2 fill no odd budget: without what flows rule out it took 190 parts and more."""
    rng = np.random.default_rng(seed)
    grid = grid_both_ways(4, 12, range(1, 31), rng, prices=(1, 2, 2, 2, 2, 2, 2, 2, 3, 3))
    problem = grid.replace(budget=budget)
    found = interdict(problem)
    assert found.n_nodes < 40
    assert found.value == found.bound == interdict_by_program(problem).value
    assert certify_attack(problem, found).ok
