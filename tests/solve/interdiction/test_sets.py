"""All worst attacks: those that brute force finds are tested beside the engine; limits here."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction import sets
from supplynet.solve.interdiction.arena import arena
from supplynet.solve.interdiction.problem import attack_on_arcs
from supplynet.solve.interdiction.sets import worst_sets
from supplynet.solve.interdiction.tree import grow
from tests.solve.interdiction.cases import bounded_cases


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


def test_a_member_that_is_not_needed_is_left_out() -> None:
    """Even where the search removes an arc first that the worst attack does not need."""
    flow = FlowProblem([0, 0, 1], [1, 1, 2], [1.0, 1.0, 2.0], 3, 0, 2)
    place = arena(attack_on_arcs(flow, budget=3, cost=[1.0, 1.0, 2.0]))
    assert worst_sets(place, 0, limit=9) == sets.WorstSets(((0, 1), (2,)), True)


def rows_of_equal_arcs(n_rows: int, n_columns: int, budget: float):
    """Rows side by side; neighbours are joined both ways in every column."""
    node = 1 + np.arange(n_rows * n_columns).reshape(n_rows, n_columns)
    end = node.size + 1
    pairs = [
        (node[:, :-1], node[:, 1:]),
        (node[:-1], node[1:]),
        (node[1:], node[:-1]),
        (np.zeros(n_rows, int), node[:, 0]),
        (node[:, -1], np.full(n_rows, end)),
    ]
    tail, head = (np.concatenate([np.ravel(one[k]) for one in pairs]) for k in (0, 1))
    is_inside = (tail > 0) & (head < end)
    flow = FlowProblem(tail, head, np.where(is_inside, 2.0, 9.0), end + 1, 0, end)
    cost = np.where(is_inside, 1.0, np.inf)
    return arena(attack_on_arcs(flow, budget=budget, cost=cost)), n_rows * (n_columns - 1)


def test_many_ties_take_few_bounds(monkeypatch) -> None:
    """Two arcs of one column are the worst, whatever the column: 4 x 6 attacks, none twice."""
    monkeypatch.setattr(sets, "BOUNDS_A_SET", 4)
    place, n_along = rows_of_equal_arcs(4, 5, 2)
    found = worst_sets(place, grow(place).value, limit=24)
    along = np.arange(n_along).reshape(4, 4)
    expected = [pair for column in along.T for pair in itertools.combinations(column.tolist(), 2)]
    assert found == sets.WorstSets(tuple(sorted(expected)), True)


def test_ever_more_bounds_are_not_taken(monkeypatch) -> None:
    monkeypatch.setattr(sets, "BOUNDS_A_SET", 0)
    place, _ = rows_of_equal_arcs(4, 5, 2)
    assert not worst_sets(place, grow(place).value, limit=100).is_complete


@pytest.mark.parametrize("few", [0, 100])
def test_the_way_to_choose_does_not_change_the_list(monkeypatch, few: int) -> None:
    """By bounds alone and by what flows tell alone."""
    monkeypatch.setattr(sets, "FEW", few)
    for case in bounded_cases(7 + few, 60):
        place = arena(case.problem)
        least, expected = case.worst()
        tree = grow(place)
        assert place.to_float(tree.value) == pytest.approx(least, rel=1e-9)
        found = worst_sets(place, tree.value, limit=1000)
        assert (list(found.sets), found.is_complete) == (expected, True)


def test_a_time_limit_is_told() -> None:
    place, least = six_equal_arcs()
    assert not worst_sets(place, least, limit=100, time_limit=-1.0).is_complete


def test_an_interruption_is_told(monkeypatch) -> None:
    place, least = six_equal_arcs()

    def stopping(*args, **words):
        raise KeyboardInterrupt

    monkeypatch.setattr(sets, "bound_at", stopping)
    assert worst_sets(place, least, limit=100) == sets.WorstSets((), False)
