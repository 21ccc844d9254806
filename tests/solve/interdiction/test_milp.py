"""The mixed-integer program finds what the search finds."""

from __future__ import annotations

import numpy as np
import pytest

from supplynet.solve.interdiction.attack import interdict
from supplynet.solve.interdiction.certificate import certify_attack
from tests.solve.interdiction.cases import grid_both_ways
from tests.solve.interdiction.milp import interdict_by_program


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
