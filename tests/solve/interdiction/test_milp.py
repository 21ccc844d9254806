"""The mixed-integer program finds what the search finds."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.solve.interdiction.attack import interdict
from supplynet.solve.interdiction.certificate import certify_attack
from tests.solve.interdiction.cases import KINDS, bounded_cases, grid_both_ways
from tests.solve.interdiction.milp import interdict_by_program


@pytest.mark.parametrize("kind", KINDS)
def test_equals_the_search(kind: str) -> None:
    for case in bounded_cases(20 + KINDS.index(kind), 15, kind):
        found = interdict_by_program(case.problem)
        worst = interdict(case.problem).value
        assert found.value == pytest.approx(worst, rel=1e-7, abs=1e-7)
        assert found.claimed == pytest.approx(worst, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("budget", range(1, 9))
def test_equals_the_search_on_grids(budget: int) -> None:
    """Links both ways that cost 1 to 3, as in the networks that others publish."""
    for seed, rows in ((budget, 5), (20 + budget, 8)):
        rng = np.random.default_rng(seed)
        grid = grid_both_ways(rows, 10, range(1, 31), rng, prices=(1, 2, 2, 3))
        problem = grid.replace(budget=budget)
        found = interdict(problem)
        assert found.value == found.bound == interdict_by_program(problem).value
        assert certify_attack(problem, found).ok


def test_without_all_equally_bad_sets_more_is_left() -> None:
    n_listed = 0
    for case in bounded_cases(77, 40):
        found = interdict(case.problem, n_sets=100)
        if found.is_complete and all(found.sets):
            left = interdict_by_program(case.problem, without=found.sets).value
            assert left > found.value + 1e-9 * found.whole
            n_listed += len(found.sets)
    assert n_listed > 5
