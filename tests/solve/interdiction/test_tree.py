"""The search closes only what holds nothing better, and says what is left open."""

from __future__ import annotations

from supplynet.solve.interdiction.arena import arena
from supplynet.solve.interdiction.tree import Tree, grow, place_of
from tests.solve.interdiction.cases import bounded_cases


def test_decisions_lead_to_a_place() -> None:
    place = place_of(((3, True), (1, False), (2, True)))
    assert (place.removed, place.spared) == ((2, 3), (1,))


def test_the_bound_is_that_of_the_weakest_part() -> None:
    assert Tree((), 5).bound == 0
    for case in bounded_cases(77, 40):
        place = arena(case.problem)
        found = grow(place)
        assert found.status == "optimal"
        assert found.bound == min(leaf.bound for leaf in found.leaves)
        assert place.goal(found.value) <= found.bound
        assert found.n_nodes >= len(found.leaves)
