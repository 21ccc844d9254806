"""The worst attack: against trying every attack, and the laws that any worst case obeys."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.errors import UnboundedError
from supplynet.solve.flow.maxflow import max_flow
from supplynet.solve.flow.problem import FlowProblem
from supplynet.solve.interdiction import tree
from supplynet.solve.interdiction.attack import GAP, interdict
from supplynet.solve.interdiction.certificate import certify_attack
from supplynet.solve.interdiction.problem import attack_on_arcs, attack_on_nodes
from tests.solve.interdiction.cases import KINDS, bounded_cases
from tests.solve.networks import layered_problem


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
@pytest.mark.parametrize("seed", range(100, 110))
def test_equals_brute_force_on_two_thousand_networks(seed: int) -> None:
    equals_brute_force(seed, 200)


def chain(*capacities: float) -> FlowProblem:
    n = len(capacities)
    return FlowProblem(list(range(n)), list(range(1, n + 1)), list(capacities), n + 1, 0, n)


def test_nothing_flows() -> None:
    found = interdict(attack_on_arcs(chain(0.0), budget=3), n_sets=5)
    assert (found.value, found.bound, found.gap, found.sets) == (0.0, 0.0, 0.0, ((),))
    assert certify_attack(attack_on_arcs(chain(0.0), budget=3), found).ok


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


def test_a_budget_between_whole_costs_spends_the_lower_one() -> None:
    flow = FlowProblem([0, 0, 0], [1, 1, 1], [4.0, 5.0, 3.0], 2, 0, 1)
    problem = attack_on_arcs(flow, budget=1.9)
    found = interdict(problem)
    assert (found.value, found.bound) == (7.0, 7.0)
    assert certify_attack(problem, found).ok


def test_an_endless_flow_is_refused() -> None:
    with pytest.raises(UnboundedError):
        interdict(attack_on_arcs(chain(np.inf), budget=1))


def test_arcs_of_any_size_side_by_side() -> None:
    """Capacities over 24 orders of magnitude: the largest go first, and the rest is told."""
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


@pytest.mark.parametrize("seed", range(3))
def test_laws(seed: int) -> None:
    """A larger budget leaves no more, protection of all loses nothing, capacity never hurts."""
    flow = layered_problem(seed, n_layers=4, width=12, n_arcs=150, decimals=1)
    cost = np.where(np.isin(flow.tail, [0]) | np.isin(flow.head, [1]), np.inf, 1.0)
    before = np.inf
    for budget in range(5):
        found = interdict(attack_on_arcs(flow, budget=budget, cost=cost))
        assert found.value <= before
        before = found.value
        wider = flow.replace(capacity=flow.capacity * np.random.default_rng(seed).uniform(1, 2))
        assert interdict(attack_on_arcs(wider, budget=budget, cost=cost)).value >= found.value
    safe = attack_on_arcs(flow, budget=4, cost=np.full(flow.n_arcs, np.inf))
    assert interdict(safe).value == max_flow(flow).value
    nodes = attack_on_nodes(flow, budget=2)
    assert interdict(nodes).value <= interdict(nodes.replace(budget=1)).value


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
