"""The fewest limits to be lifted, against every set tried one by one."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from supplynet.errors import CertificateError, InfeasibleError, SolverError
from supplynet.solve.check import Certificate, exact
from supplynet.solve.lp import relief
from supplynet.solve.lp import solve as proved
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.relief import smallest_relief
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import minimum

NOTHING = 1e-7


def drawn(seed: int) -> tuple[LinearProgram, list[list[int]]]:
    """A small flow that must bring more than its limits allow, some limits in two rows each."""
    draw = random.Random(seed)
    n, n_rows = draw.randint(2, 4), draw.randint(3, 8)
    matrix = [[float(draw.random() < 0.5) for _ in range(n)] for _ in range(n_rows)]
    b_ub = [float(draw.randint(0, 4)) for _ in range(n_rows)]
    equal = [[1.0 if draw.random() < 0.8 else 0.5 for _ in range(n)]]
    lp = minimum(np.zeros(n), matrix, b_ub, equal, [float(draw.randint(3, 12))], upper=9.0)
    rows = list(range(n_rows))
    draw.shuffle(rows)
    limits = [sorted(rows[:2]), *([one] for one in rows[2 : draw.randint(3, n_rows)])]
    return lp, limits


def is_enough(lp: LinearProgram, limits: list[list[int]], lifted: tuple[int, ...]) -> bool:
    """Whether a program without some limits is feasible, asked of another function."""
    gone = [row for one in lifted for row in limits[one]]
    kept = [row for row in range(lp.b_ub.size) if row not in gone]
    try:
        solve_linear(replace(lp, a_ub=lp.a_ub[kept], b_ub=lp.b_ub[kept]))
    except InfeasibleError:
        return False
    return True


@pytest.mark.parametrize("seed", range(40))
def test_no_smaller_set_does(seed: int) -> None:
    lp, limits = drawn(seed)
    everything = range(len(limits))
    sets = [
        {some for some in itertools.combinations(everything, n) if is_enough(lp, limits, some)}
        for n in range(len(limits) + 1)
    ]
    smallest = next((one for one in sets if one), None)
    if smallest is None:
        with pytest.raises(InfeasibleError):
            smallest_relief(lp, limits, nothing=NOTHING)
        return
    found = smallest_relief(lp, limits, nothing=NOTHING, n_others=99)
    assert len(found.limits) == found.least and found.is_all and found.certificate.ok
    assert {found.limits, *found.others} == smallest
    assert len(found.others) == len(smallest) - 1
    first = smallest_relief(lp, limits, nothing=NOTHING)
    assert first.limits in smallest and not first.others and not first.is_all


def test_seeds_of_the_test_above_need_none_one_and_several() -> None:
    """What is drawn holds the cases that matter."""
    sizes = set()
    for seed in range(40):
        try:
            sizes.add(len(smallest_relief(*drawn(seed), nothing=NOTHING).limits))
        except InfeasibleError:
            sizes.add(-1)
    assert {-1, 0, 1, 2, 3} <= sizes


def ladder(n: int) -> tuple[LinearProgram, list[list[int]]]:
    """2n variables that must be 1, each pair of neighbors on a ring below 1: half must go."""
    rows = np.zeros((2 * n, 2 * n))
    for place in range(2 * n):
        rows[place, [place, (place + 1) % (2 * n)]] = 1.0
    # a limit is a variable here, and stands in the rows of both its neighbors
    lp = minimum(np.zeros(2 * n), rows, np.ones(2 * n), lower=np.ones(2 * n), upper=2.0)
    return lp, [[place, (place - 1) % (2 * n)] for place in range(2 * n)]


def test_a_search_that_is_cut_short_tells_how_far_it_came() -> None:
    lp, limits = ladder(5)
    found = smallest_relief(lp, limits, nothing=NOTHING, most_programs=1)
    assert len(found.limits) >= 5
    assert 0 <= found.least <= 5


def test_no_more_programs_are_begun_than_were_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that make the first set smaller are always solved, and every one is counted."""
    n_asked = 0
    again = relief.proved_again

    def counted(*words: Any, **options: Any) -> Any:
        nonlocal n_asked
        n_asked += 1
        return again(*words, **options)

    monkeypatch.setattr(relief, "proved_again", counted)
    lp, limits = ladder(5)
    first = smallest_relief(lp, limits, nothing=NOTHING, most_programs=1)
    assert 1 < first.n_solved == n_asked
    n_first = n_asked
    n_asked = 0
    same = smallest_relief(lp, limits, nothing=NOTHING, most_programs=n_first)
    assert same.n_solved == n_asked == n_first
    assert same.least == 0
    n_asked = 0
    further = smallest_relief(lp, limits, nothing=NOTHING, most_programs=n_first + 1)
    assert further.n_solved == n_asked > n_first
    assert further.least > 0


def test_a_solution_that_is_too_rough_is_sought_again_and_closer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lp, limits = ladder(2)
    right = proved.certify_linear
    n_asked = 0

    def refused(program: LinearProgram, solution: Any, **options: Any) -> Certificate:
        nonlocal n_asked
        n_asked += 1
        is_refused = n_asked % 2 and n_asked < 9
        no = Certificate((exact("no", 1),))
        return no if is_refused else right(program, solution, **options)

    monkeypatch.setattr(proved, "certify_linear", refused)
    assert smallest_relief(lp, limits, nothing=NOTHING).limits in {(0, 2), (1, 3)}
    assert n_asked > 8
    monkeypatch.setattr(proved, "certify_linear", lambda *_, **__: Certificate((exact("no", 1),)))
    with pytest.raises(CertificateError):
        smallest_relief(lp, limits, nothing=NOTHING)


def test_a_failure_of_the_whole_number_solver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def failed(*_: Any, **__: Any) -> None:
        raise SolverError("the solver failed: numbers")

    monkeypatch.setattr(relief, "hitting_set", failed)
    with pytest.raises(SolverError, match="the solver failed: numbers"):
        smallest_relief(*ladder(2), nothing=NOTHING)
