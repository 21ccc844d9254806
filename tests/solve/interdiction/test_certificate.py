"""The certificate refuses every claim that is not true."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction.attack import interdict
from supplynet.solve.interdiction.certificate import certify_attack
from supplynet.solve.interdiction.problem import attack_on_arcs, attack_on_nodes
from supplynet.solve.interdiction.tree import Leaf
from tests.solve.interdiction.cases import bounded_cases
from tests.solve.interdiction.test_attack import hard_problem

FLOW = FlowProblem([0, 0, 1, 2, 2], [1, 2, 3, 3, 1], [4.0, 5.0, 6.0, 3.0, 1.0], 4, 0, 3)
PROBLEM = attack_on_arcs(FLOW, budget=1)


def refused(problem, found) -> set[str]:
    return {check.name for check in certify_attack(problem, found).checks if not check.is_ok}


def claims(problem, found, removed):
    """The same proof for another attack, its own flow told honestly."""
    solution = max_flow(problem.without(removed))
    return dataclasses.replace(found, removed=removed, value=solution.value, solution=solution)


def test_a_worse_attack_leaves_a_gap() -> None:
    found = interdict(PROBLEM)
    assert refused(PROBLEM, found) == set()
    assert refused(PROBLEM, claims(PROBLEM, found, (4,))) == {"attack-gap"}


def test_an_attack_above_the_budget() -> None:
    found = claims(PROBLEM, interdict(PROBLEM), (0, 1))
    assert "attack-cost" in refused(PROBLEM, found)


def test_a_value_that_is_not_the_flow() -> None:
    found = dataclasses.replace(interdict(PROBLEM), value=2.0)
    assert "attack-value" in refused(PROBLEM, found)


def test_a_bound_above_the_truth() -> None:
    for case in bounded_cases(31, 40):
        found = interdict(case.problem)
        if found.whole > 0:
            step = found.step or 0.01 * found.whole
            higher = dataclasses.replace(found, bound=found.value + step)
            assert "part-bounds" in refused(case.problem, higher)


def test_parts_that_are_missing_or_mixed_up() -> None:
    problem = hard_problem()
    found = interdict(problem)
    leaves = found.leaves
    assert len(leaves) > 2
    for some in (leaves[1:], leaves[:-1], (), (*leaves, leaves[0])):
        assert "parts-are-all" in refused(problem, dataclasses.replace(found, leaves=some))
    (element, is_removed), *rest = leaves[0].decisions
    other = dataclasses.replace(leaves[0], decisions=((element + 1, is_removed), *rest))
    mixed = dataclasses.replace(found, leaves=(other, *leaves[1:]))
    assert "parts-are-all" in refused(problem, mixed)


def test_what_the_budget_forbids_may_be_left_out() -> None:
    problem = attack_on_arcs(FLOW, budget=1)
    found = interdict(problem)
    (root,) = found.leaves
    flow = (root.arcs, root.units)
    both = (
        Leaf(((0, True), (1, False)), root.bound, *flow),
        Leaf(((0, False),), root.bound, *flow),
    )
    names = refused(problem, dataclasses.replace(found, leaves=both))
    assert "parts-are-all" not in names


def test_a_flow_that_is_not_legal() -> None:
    found = interdict(PROBLEM)
    (root,) = found.leaves
    lopsided = root.units.copy()
    lopsided[0] //= 2
    for units in (root.units * 2, lopsided, -root.units):
        bad = dataclasses.replace(found, leaves=(dataclasses.replace(root, units=units),))
        assert "part-bounds" in refused(PROBLEM, bad)


def test_a_flow_above_the_capacity_of_a_node() -> None:
    limited = FlowProblem([0, 1], [1, 2], [4.0, 4.0], 3, 0, 2, [np.inf, 3.0, np.inf])
    problem = attack_on_nodes(limited, budget=0)
    found = interdict(problem)
    (root,) = found.leaves
    more = dataclasses.replace(root, units=root.units // 3 * 4)
    assert refused(problem, found) == set()
    assert "part-bounds" in refused(problem, dataclasses.replace(found, leaves=(more,)))


@pytest.mark.parametrize("step", [2.0, 0.7])
def test_a_step_that_capacities_do_not_keep(step: float) -> None:
    assert "steps" in refused(PROBLEM, dataclasses.replace(interdict(PROBLEM), step=step))


def test_a_part_whose_flow_names_an_arc_that_is_not() -> None:
    """One beyond the last, or one before the first: refused, and told as a claim of no form."""
    found = interdict(PROBLEM)
    for arc in (FLOW.n_arcs, -1):
        leaf = dataclasses.replace(found.leaves[0], arcs=np.array([arc]), units=np.array([1]))
        wrong = dataclasses.replace(found, leaves=(leaf, *found.leaves[1:]))
        assert refused(PROBLEM, wrong) == {"attack-form"}
