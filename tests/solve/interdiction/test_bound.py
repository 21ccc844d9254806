"""Bounds are never above what brute force finds, wherever they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.solve.interdiction.arena import arena
from supplynet.solve.interdiction.bound import Place, bound_at, dearest
from tests.solve.interdiction.cases import KINDS, bounded_cases


@pytest.mark.parametrize("kind", KINDS)
def test_a_bound_holds_everywhere(kind: str) -> None:
    rng = np.random.default_rng(KINDS.index(kind))
    for case in bounded_cases(50 + KINDS.index(kind), 60, kind):
        where = arena(case.problem)
        attacks = list(case.attacks())
        useful = [one for one in attacks if np.isfinite(where.cost[list(one)]).all()]
        removed = useful[rng.integers(len(useful))]
        rest = [one for one in range(case.problem.n_elements) if one not in removed]
        spared = tuple(one for one in rest if rng.random() < 0.3)
        place = Place(tuple(sorted(removed)), spared)
        least = min(
            case.left_by(attack) * case.unit
            for attack in attacks
            if set(removed) <= set(attack) and not set(spared) & set(attack)
        )
        for all_bits in (False, True):
            found = bound_at(where, place, goal=np.inf, all_bits=all_bits)
            assert where.to_float(found.value) <= least * (1 + 1e-12) + 1e-12
            for attack, most in found.attacks:
                left = where.left_by(attack)
                assert left <= most or not most
                assert set(removed) <= set(attack)
                assert case.problem.cost[list(attack)].sum() <= where.budget * (1 + 1e-9)


def test_the_dearest_within_a_budget() -> None:
    carried, cost = np.array([6, 5, 4]), np.array([2.0, 1.0, 4.0])
    assert [dearest(carried, cost, one) for one in (0.0, 1.0, 3.0, 5.0, 7.0, 99.0)] == [
        0,
        5,
        11,
        13,
        15,
        15,
    ]
    assert dearest(np.array([], dtype=int), np.array([]), 3.0) == 0
