"""All worst attacks: those that brute force finds are tested beside the engine; limits here."""

from __future__ import annotations

import itertools

import numpy as np

from supplynet.solve.interdiction import sets
from supplynet.solve.interdiction.arena import arena
from supplynet.solve.interdiction.problem import attack_on_arcs
from supplynet.solve.interdiction.sets import worst_sets
from supplynet.solve.interdiction.tree import grow
from supplynet.solve.problem import FlowProblem


def six_equal_arcs():
    flow = FlowProblem(np.zeros(6, int), np.ones(6, int), np.full(6, 2.0), 2, 0, 1)
    place = arena(attack_on_arcs(flow, budget=2))
    return place, grow(place).value


def test_ties_are_all_listed() -> None:
    place, least = six_equal_arcs()
    found = worst_sets(place, least, limit=100)
    assert found.is_complete
    assert list(found.sets) == list(itertools.combinations(range(6), 2))


def test_a_limit_of_sets_is_told() -> None:
    place, least = six_equal_arcs()
    found = worst_sets(place, least, limit=4)
    assert (len(found.sets), found.is_complete) == (4, False)
    assert worst_sets(place, least, limit=15).is_complete


def test_a_member_that_is_not_needed_is_left_out(monkeypatch) -> None:
    """Even where the search removes an arc first that the worst attack does not need."""
    flow = FlowProblem([0, 0, 1], [1, 1, 2], [1.0, 1.0, 2.0], 3, 0, 2)
    place = arena(attack_on_arcs(flow, budget=2))

    def in_order(where, at, found):
        return next(one for one in (0, 1, 2) if one not in at.removed + at.spared)

    monkeypatch.setattr(sets, "most_promising", in_order)
    assert worst_sets(place, 0, limit=9) == sets.WorstSets(((0, 1), (2,)), True)


def test_a_time_limit_is_told() -> None:
    place, least = six_equal_arcs()
    assert not worst_sets(place, least, limit=100, time_limit=-1.0).is_complete


def test_an_interruption_is_told(monkeypatch) -> None:
    place, least = six_equal_arcs()

    def stopping(*args, **words):
        raise KeyboardInterrupt

    monkeypatch.setattr(sets, "bound_at", stopping)
    assert worst_sets(place, least, limit=100) == sets.WorstSets((), False)
