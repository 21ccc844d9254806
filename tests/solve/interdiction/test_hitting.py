"""Both ways to hit sets within a budget agree, and with trying everything."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from supplynet.errors import SolverError
from supplynet.solve.interdiction import hitting
from supplynet.solve.interdiction.hitting import can_be_hit, hitting_set


@pytest.mark.parametrize("seed", range(3))
def test_it_is_found_where_there_is_one(seed):
    rng = np.random.default_rng(seed)
    for _ in range(60):
        n = int(rng.integers(1, 8))
        cost = rng.choice([1.0, 2.0, 0.1, np.inf], n)
        budget = float(rng.choice([0.0, 0.3, 1.0, 2.0, 4.0]))
        sets = [
            frozenset(np.flatnonzero(rng.random(n) < 0.4).tolist())
            for _ in range(int(rng.integers(0, 6)))
        ]
        possible = [
            set(chosen)
            for size in range(n + 1)
            for chosen in itertools.combinations(range(n), size)
            if cost[list(chosen)].sum() <= budget * (1 + 1e-9)
            and all(one & set(chosen) for one in sets)
        ]
        found = hitting_set(sets, cost, budget)
        assert can_be_hit(sets, cost, budget) == bool(possible)
        assert (found is not None) == bool(possible)
        if found is not None:
            assert set(found) in possible
            others = [one for one in possible if not set(found) <= one]
            other = hitting_set(sets, cost, budget, without=[found])
            assert (other is not None and set(other) in others) if others else other is None


def test_elements_in_many_sets_come_first():
    sets = [frozenset({0, 1}), frozenset({1, 2}), frozenset({0, 3})]
    assert hitting_set(sets, np.ones(4), 2.0) == (0, 1)


def test_a_solver_that_fails_is_told_of(monkeypatch):
    def failed(*_):
        raise SolverError("numerical difficulties")

    monkeypatch.setattr(hitting, "solve_integer", failed)
    with pytest.raises(SolverError, match="numerical difficulties"):
        hitting_set([frozenset({0})], np.ones(1), 1.0)
