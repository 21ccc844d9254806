"""The search closes only what holds nothing better, and says what is left open."""

from __future__ import annotations

import numpy as np

from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction.arena import arena
from supplynet.solve.interdiction.problem import attack_on_arcs
from supplynet.solve.interdiction.tree import Leaf, Tree, grow, place_of
from tests.solve.interdiction.cases import bounded_cases


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
        assert found.n_nodes >= len(found.leaves)


def test_parts_are_counted() -> None:
    """Nothing can be removed without a budget: the whole is the only part."""
    flow = FlowProblem([0], [1], [3.0], 2, 0, 1)
    assert grow(arena(attack_on_arcs(flow, budget=0))).n_nodes == 1
