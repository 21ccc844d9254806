"""What describes an attack problem, and what is refused with which words."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.errors import SolverInputError
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction.arena import (
    AttackProblem,
    attack_on_arcs,
    attack_on_nodes,
    spendable,
)

FLOW = FlowProblem([0, 1, 0], [1, 2, 2], [3.0, 2.0, 1.0], 3, 0, 2, [np.inf, 5.0, np.inf])
NONE = [-1, -1, -1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"cost": [0.0]}, "one number above 0"),
        ({"cost": [[1.0]]}, "one number above 0"),
        ({"cost": [np.nan]}, "one number above 0"),
        ({"arc_element": [0, 0]}, "arc_element must hold 3 whole numbers"),
        ({"arc_element": [0.0, 0.0, 0.0]}, "arc_element must hold 3 whole numbers"),
        ({"arc_element": [0, 1, 0]}, "arc_element must hold numbers from -1 to 0"),
        ({"node_element": [-2, 0, -1]}, "node_element must hold numbers from -1 to 0"),
        ({"node_element": [0, -1, -1]}, "source and sink cannot be removed"),
        ({"budget": -1.0}, "budget must be a number from 0 on, not -1.0"),
        ({"budget": np.inf}, "budget must be a number from 0 on, not inf"),
        ({"budget": np.nan}, "budget must be a number from 0 on, not nan"),
    ],
)
def test_what_is_no_problem_is_refused(words, message: str) -> None:
    given = {"arc_element": [0, 0, -1], "node_element": NONE, "cost": [1.0], "budget": 1.0}
    with pytest.raises(SolverInputError, match=message):
        AttackProblem(FLOW, **{**given, **words})


def test_arrays_are_copied_and_read_only() -> None:
    cost = np.ones(3)
    problem = attack_on_arcs(FLOW, budget=1, cost=cost)
    cost[0] = 9.0
    assert problem.cost[0] == 1.0
    for array in (problem.cost, problem.arc_element, problem.node_element):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_nothing_may_be_spent() -> None:
    assert attack_on_arcs(FLOW, budget=0).budget == 0.0


def test_replace() -> None:
    problem = attack_on_arcs(FLOW, budget=1)
    assert problem.replace(budget=2).budget == 2.0
    assert problem.replace(cost=[1.0, 2.0, 3.0]).cost.tolist() == [1.0, 2.0, 3.0]
    assert problem.replace().cost is not problem.cost


def test_what_is_removed_carries_nothing() -> None:
    assert attack_on_arcs(FLOW, budget=1).without((1,)).capacity.tolist() == [3.0, 0.0, 1.0]
    assert attack_on_arcs(FLOW, budget=1).without(()) is FLOW
    gone = attack_on_nodes(FLOW, budget=1).without((1,))
    assert gone.node_capacity.tolist() == [np.inf, 0.0, np.inf]
    free = FlowProblem([0, 1], [1, 2], [3.0, 2.0], 3, 0, 2)
    gone = attack_on_nodes(free, budget=1).without((1,))
    assert gone.node_capacity.tolist() == [np.inf, 0.0, np.inf]


def test_what_can_be_spent() -> None:
    """Costs are decimals: three at 0.1 are within 0.3, and whole costs spend whole budgets."""
    tenths = attack_on_arcs(FLOW, budget=0.3, cost=[0.1, 0.1, 0.1])
    assert spendable(tenths) >= sum([0.1, 0.1, 0.1])
    assert spendable(attack_on_arcs(FLOW, budget=2.9)) == 2.0
    assert spendable(attack_on_arcs(FLOW, budget=2.9, cost=[np.inf] * 3)) == 2.0
