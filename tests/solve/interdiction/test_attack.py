"""The worst attack: against trying every attack, and the laws that any worst case obeys."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from supplynet.errors import UnboundedError
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction import attack as module
from supplynet.solve.interdiction import tree
from supplynet.solve.interdiction.arena import arena, attack_on_arcs
from supplynet.solve.interdiction.attack import GAP, WorstSets, interdict, worst_sets
from supplynet.solve.interdiction.certificate import certify_attack
from supplynet.solve.interdiction.tree import grow
from tests.solve.interdiction.cases import KINDS, bounded_cases
from tests.solve.interdiction.test_anchors import three_ways
from tests.sweeps import sweep


def equals_brute_force(seed: int, n: int, kind: str | None = None) -> None:
    for case in bounded_cases(seed, n, kind):
        least, needed = case.worst()
        found = interdict(case.problem, n_sets=10_000)
        assert found.status == "optimal"
        assert found.value == pytest.approx(least, rel=1e-9, abs=1e-12)
        assert found.gap <= GAP
        assert found.is_complete
        assert list(found.sets) == needed
        assert found.removed in found.sets
        certificate = certify_attack(case.problem, found)
        assert certificate.ok, certificate


@pytest.mark.parametrize("kind", KINDS)
def test_equals_brute_force(kind: str) -> None:
    equals_brute_force(KINDS.index(kind), 40, kind)


def test_a_part_that_the_best_comes_near_after_it_was_opened() -> None:
    """Three tenths are no short decimal: leading bits alone would leave such a part open."""
    equals_brute_force(106, 101)


@pytest.mark.slow
@pytest.mark.parametrize("seed", sweep(range(100, 110), [100, 103, 106, 109]))
def test_equals_brute_force_on_two_thousand_networks(seed: int) -> None:
    equals_brute_force(seed, 200)


def chain(*capacities: float) -> FlowProblem:
    n = len(capacities)
    return FlowProblem(list(range(n)), list(range(1, n + 1)), list(capacities), n + 1, 0, n)


def test_no_budget_and_nothing_that_can_go() -> None:
    for problem in (
        attack_on_arcs(chain(3.0, 2.0), budget=0),
        attack_on_arcs(chain(3.0, 2.0), budget=5, cost=[np.inf, np.inf]),
        attack_on_arcs(chain(3.0, 2.0), budget=1, cost=[2.0, 2.0]),
    ):
        found = interdict(problem, n_sets=5)
        assert (found.removed, found.value, found.bound) == ((), 2.0, 2.0)
        assert found.is_complete
        assert certify_attack(problem, found).ok


def test_an_endless_flow_is_refused() -> None:
    with pytest.raises(UnboundedError):
        interdict(attack_on_arcs(chain(np.inf), budget=1))


def test_arcs_of_any_size_side_by_side() -> None:
    """Capacities over 24 orders of magnitude: the largest go first, and the rest is reported."""
    capacity = 10.0 ** np.arange(-12, 12)
    n = capacity.size
    flow = FlowProblem(np.zeros(n, int), np.ones(n, int), capacity, 2, 0, 1)
    problem = attack_on_arcs(flow, budget=4)
    found = interdict(problem)
    assert found.removed == tuple(range(n - 4, n))
    assert found.value == pytest.approx(capacity[:-4].sum(), rel=1e-9)
    assert found.gap <= GAP
    assert certify_attack(problem, found).ok


def test_known_attacks_are_a_start() -> None:
    flow = FlowProblem([0, 0, 1, 2], [1, 2, 3, 3], [4.0, 5.0, 6.0, 3.0], 4, source=0, sink=3)
    problem = attack_on_arcs(flow, budget=1)
    assert interdict(problem, known=[(1,), (0,)]).value == 3.0


def hard_problem():
    """A grid whose relaxation does not settle the answer."""
    rng = np.random.default_rng(2)
    size = 8
    tail, head = [], []
    for row in range(size):
        for column in range(size):
            here = 1 + row * size + column
            tail += [here] * 2
            head += [1 + row * size + (column + 1) % size, 1 + (row + 1) % size * size + column]
    tail += [0] * size
    head += [1 + row * size for row in range(size)]
    tail += [size * row + size for row in range(size)]
    head += [size * size + 1] * size
    capacity = rng.integers(1, 50, len(tail)).astype(float)
    flow = FlowProblem(tail, head, capacity, size * size + 2, 0, size * size + 1)
    return attack_on_arcs(flow, budget=7, cost=rng.integers(1, 6, len(tail)))


def test_a_time_limit_leaves_a_proved_bound() -> None:
    problem = hard_problem()
    whole = interdict(problem)
    assert whole.n_nodes > 3
    cut = interdict(problem, time_limit=0.0)
    assert cut.status == "time limit"
    assert cut.n_nodes == 1  # only the whole was looked at
    assert cut.bound <= whole.value <= cut.value
    assert not cut.is_complete
    assert certify_attack(problem, cut).ok


@pytest.mark.parametrize("after", [0, 1, 2, 3, 6, 1000])
def test_an_interruption_leaves_a_proved_bound(monkeypatch, after: int) -> None:
    """Ctrl-C may come before anything, between parts, or between the two pieces of a part."""
    problem = hard_problem()
    whole = interdict(problem)
    calls = iter(range(999))
    real = tree.bound_at

    def stopping(*args, **words):
        if next(calls) == after:
            raise KeyboardInterrupt
        return real(*args, **words)

    monkeypatch.setattr(tree, "bound_at", stopping)
    cut = interdict(problem, n_sets=5)
    if whole.n_nodes <= after:
        assert cut.status == "optimal"
    else:
        assert cut.status == "interrupted"
        assert cut.bound <= whole.value <= cut.value
    assert certify_attack(problem, cut).ok


# -- All worst attacks: those that brute force finds are tested beside the engine; limits here --


def six_equal_arcs():
    flow = FlowProblem(np.zeros(6, int), np.ones(6, int), np.full(6, 2.0), 2, 0, 1)
    place = arena(attack_on_arcs(flow, budget=2))
    return place, grow(place).value


def test_one_set_is_listed_where_no_more_are_asked_for() -> None:
    assert len(interdict(attack_on_arcs(chain(1.0, 1.0, 1.0), budget=1)).sets) == 1


def test_a_limit_of_sets_is_told() -> None:
    place, least = six_equal_arcs()
    found = worst_sets(place, least, limit=4)
    assert (len(found.sets), found.is_complete) == (4, False)
    assert worst_sets(place, least, limit=15).is_complete


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
    monkeypatch.setattr(module, "BOUNDS_A_SET", 4)
    place, n_along = rows_of_equal_arcs(4, 5, 2)
    found = worst_sets(place, grow(place).value, limit=24)
    along = np.arange(n_along).reshape(4, 4)
    expected = [pair for column in along.T for pair in itertools.combinations(column.tolist(), 2)]
    assert found == WorstSets(tuple(sorted(expected)), True)


def test_ever_more_bounds_are_not_taken(monkeypatch) -> None:
    monkeypatch.setattr(module, "BOUNDS_A_SET", 0)
    place, _ = rows_of_equal_arcs(4, 5, 2)
    assert not worst_sets(place, grow(place).value, limit=100).is_complete


@pytest.mark.parametrize("few", [0, 100])
def test_the_way_to_choose_does_not_change_the_list(monkeypatch, few: int) -> None:
    """By bounds alone and by what flows tell alone."""
    monkeypatch.setattr(module, "FEW", few)
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


def test_a_time_limit_is_told_where_one_more_element_is_enough() -> None:
    place = arena(attack_on_arcs(chain(1.0, 1.0, 1.0), budget=1))
    assert worst_sets(place, 0, limit=100).sets == ((0,), (1,), (2,))
    assert not worst_sets(place, 0, limit=100, time_limit=-1.0).is_complete


def test_an_interruption_is_told(monkeypatch) -> None:
    place, least = six_equal_arcs()

    def stopping(*args, **words):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "bound_at", stopping)
    assert worst_sets(place, least, limit=100) == WorstSets((), False)


def listed_below(problem, left: int, limit: int = 9) -> WorstSets:
    """List the minimal attacks that leave less than so many units."""
    place = arena(problem)
    return worst_sets(place, left - place.slack - 1, limit=limit)


@pytest.mark.parametrize("budget", [1, 2])
def test_what_leaves_exactly_the_goal_is_no_attack(budget: float) -> None:
    """Nothing removed leaves exactly the goal, and each arc alone less: each is needed."""
    problem = attack_on_arcs(chain(1.0, 1.0, 1.0), budget=budget)
    assert listed_below(problem, arena(problem).whole) == WorstSets(((0,), (1,), (2,)), True)


def test_an_arc_without_which_the_goal_still_flows_is_no_attack() -> None:
    """Two arcs side by side each carry all: only those behind them are attacks."""
    flow = FlowProblem([0, 0, 1, 1], [1, 1, 2, 2], [4.0, 6.0, 3.0, 1.0], 3, 0, 2)
    problem = attack_on_arcs(flow, budget=1)
    assert listed_below(problem, arena(problem).whole) == WorstSets(((2,), (3,)), True)


def test_an_arc_that_takes_all_but_the_goal_is_no_attack() -> None:
    flow = FlowProblem([0, 0], [1, 1], [5.0, 3.0], 2, 0, 1)
    problem = attack_on_arcs(flow, budget=1)
    goal = arena(problem).whole // 8 * 5
    assert listed_below(problem, goal) == WorstSets(((0,),), True)


def test_a_full_arc_whose_flow_has_another_way_is_asked_about() -> None:
    """Of three units one can go around it: two steps are lost, just enough."""
    flow = FlowProblem([0, 0, 1, 2], [2, 1, 2, 3], [3.0, 1.0, 1.0, 3.0], 4, 0, 3)
    problem = attack_on_arcs(flow, budget=1, cost=[1.0, 1.0, 1.0, np.inf])
    unit = arena(problem).whole // 3
    assert listed_below(problem, unit + 1) == WorstSets(((0,),), True)


def test_nothing_is_listed_below_what_the_worst_leaves() -> None:
    place, least = six_equal_arcs()
    assert worst_sets(place, least - place.slack - 1, limit=99) == WorstSets((), True)


def test_one_set_of_many_elements_is_listed_in_full(monkeypatch) -> None:
    """A bound is taken even where a single set is asked for."""
    monkeypatch.setattr(module, "FEW", 0)
    assert worst_sets(three_ways(2.0), 0, limit=1) == WorstSets(((3,),), True)


def test_a_list_that_is_not_asked_for_is_not_complete() -> None:
    found = interdict(attack_on_arcs(chain(1.0, 2.0), budget=1, cost=[1.0, np.inf]), n_sets=1)
    assert (found.sets, found.is_complete) == (((0,),), False)


def test_a_part_that_ends_with_one_more_element_counts_as_a_bound() -> None:
    place = arena(attack_on_arcs(chain(1.0, 1.0, 1.0), budget=1))
    listing = module._Listing(place, 1, 9, None)
    listing.run()
    assert (listing.found, listing.n_bounds) == ([(0,), (1,), (2,)], 1)


def test_where_a_bound_wants_nothing_one_that_must_be_hit_is_taken(monkeypatch) -> None:
    real = module.bound_at

    def without_wishes(*given, **named):
        bound = real(*given, **named)
        return replace(bound, wanted=bound.wanted[:0])

    monkeypatch.setattr(module, "bound_at", without_wishes)
    place, _ = rows_of_equal_arcs(4, 5, 2)
    found = worst_sets(place, grow(place).value, limit=24)
    assert (len(found.sets), found.is_complete) == (24, True)
