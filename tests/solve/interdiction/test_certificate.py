"""The certificate refuses every claim that is not true."""

from __future__ import annotations

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction.arena import AttackProblem, attack_on_arcs, attack_on_nodes
from supplynet.solve.interdiction.attack import interdict
from supplynet.solve.interdiction.certificate import certify_attack
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


def split_in_two(flow_on_each: float):
    """Two ways of 4 and 5 of which one may be removed, and a part whose flow uses both alike."""
    problem = attack_on_arcs(FlowProblem([0, 0], [1, 1], [4.0, 5.0], 2, 0, 1), budget=1)
    found = interdict(problem)
    units = np.full(2, round(flow_on_each * 1000))
    leaf = dataclasses.replace(found.leaves[0], arcs=np.arange(2), units=units)
    arena = dataclasses.replace(found.arena, scale=Fraction(1000))
    return problem, dataclasses.replace(found, leaves=(leaf,), arena=arena)


def test_a_part_proves_a_bound_if_it_lies_clearly_above_the_next_lower_value() -> None:
    """Values are whole and the bound is 4, so that no attack leaves 3.01; 3.004 is too near 3."""
    assert refused(*split_in_two(3.01)) == set()
    assert refused(*split_in_two(3.004)) == {"part-bounds"}


def test_a_capacity_as_large_as_all_that_flows_is_held_to_the_step() -> None:
    problem = attack_on_arcs(FlowProblem([0], [1], [5.0], 2, 0, 1), budget=0)
    found = interdict(problem)
    assert refused(problem, found) == set()
    assert "steps" in refused(problem, dataclasses.replace(found, step=2.0))


def test_what_enters_an_element_is_counted_once() -> None:
    """A node with the arc behind it loses 4, not 8, so that 4 are left by removing the other."""
    flow = FlowProblem([0, 1, 0], [1, 2, 2], [4.0, 4.0, 5.0], 3, 0, 2)
    for arcs in ([-1, 0, 1], [0, -1, 1]):
        problem = AttackProblem(flow, arcs, [-1, 0, -1], cost=[1.0, 1.0], budget=1.0)
        found = interdict(problem)
        assert found.value == 4.0
        assert refused(problem, found) == set()


def test_what_stays_within_an_element_is_no_second_loss() -> None:
    flow = FlowProblem([0, 1, 2, 0], [1, 2, 3, 3], [4.0, 4.0, 4.0, 5.0], 4, 0, 3)
    problem = AttackProblem(flow, [-1, -1, -1, 1], [-1, 0, 0, -1], cost=[1.0, 1.0], budget=1.0)
    assert refused(problem, interdict(problem)) == set()


def test_parts_of_which_one_ends_where_others_go_on() -> None:
    found = interdict(PROBLEM)
    (root,) = found.leaves
    further = dataclasses.replace(root, decisions=((0, True),))
    for leaves in ((root, further), (further, root)):
        assert "parts-are-all" in refused(PROBLEM, dataclasses.replace(found, leaves=leaves))


def test_a_removal_that_takes_all_of_the_budget_is_not_left_out() -> None:
    found = interdict(PROBLEM)
    spared = dataclasses.replace(found.leaves[0], decisions=((0, False),))
    assert "parts-are-all" in refused(PROBLEM, dataclasses.replace(found, leaves=(spared,)))


def test_a_capacity_that_is_nearly_a_multiple_of_the_step() -> None:
    """Off by five parts in a million of a step is off; by less than one it is rounding."""
    for off, is_refused in ((5e-6, True), (5e-7, False)):
        flow = FlowProblem([0, 0], [1, 1], [4.0, 5.0 + off], 2, 0, 1)
        problem = attack_on_arcs(flow, budget=1)
        found = dataclasses.replace(interdict(problem), step=1.0)
        assert ("steps" in refused(problem, found)) is is_refused
