"""Integer programs: against all whole numbers tried, and bounds that arithmetic proves."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from supplynet.errors import (
    InfeasibleError,
    InterruptedSolveError,
    SolverError,
    SolverInputError,
)
from supplynet.solve.interdiction.certificate import can_be_hit
from supplynet.solve.lp import integer
from supplynet.solve.lp.integer import hitting_set, proved_bound, solve_integer
from supplynet.solve.lp.program import LinearProgram
from tests.solve.lp.programs import minimum


def cover(seed: int, n: int = 6, rows: int = 3) -> LinearProgram:
    """Rows that must be covered by whole numbers, at least cost."""
    rng = np.random.default_rng(seed)
    a = rng.integers(0, 9, (rows, n)).astype(float)
    need = np.round(0.5 * a.sum(axis=1))
    sets = np.zeros((1, n))
    sets[0, :2] = 1.0
    return minimum(
        rng.integers(1, 30, n).astype(float),
        np.vstack([-a, sets]),
        np.append(-need, 1.0),
        [[0.0] * (n - 1) + [1.0]],
        [1.0],
        upper=np.ones(n),
    )


#: a whole number of at most 0.4 and at least 0.6
NOTHING = minimum([1.0], [[1.0], [-1.0]], [0.4, -0.6], upper=[1.0])


def tried(lp: LinearProgram) -> float:
    """The least cost of all whole numbers."""
    least = np.inf
    for x in product((0.0, 1.0), repeat=lp.c.size):
        if (lp.a_ub @ x <= lp.b_ub + 1e-9).all() and np.allclose(lp.a_eq @ x, lp.b_eq):
            least = min(least, float(lp.c @ np.array(x)))
    return least


@pytest.mark.parametrize("seed", range(25))
def test_it_is_the_best_of_all_whole_numbers(seed: int) -> None:
    lp, every = cover(seed), np.ones(6, dtype=bool)
    least = tried(lp)
    if least == np.inf:
        with pytest.raises(InfeasibleError):
            solve_integer(lp, every)
        return
    solution = solve_integer(lp, every)
    assert solution.objective == pytest.approx(least) == pytest.approx(solution.bound)
    first = solve_integer(lp, every, any_will_do=True).x
    assert (lp.a_ub @ first <= lp.b_ub + 1e-9).all() and np.allclose(lp.a_eq @ first, lp.b_eq)
    proof = proved_bound(lp, every, least, sets=[(0, 1)])
    assert proof.bound == pytest.approx(least) and proof.certificate.ok


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("more", [0.0, 4.0])
def test_no_solution_that_is_as_good_leaves_the_bounds_that_all_keep_to(
    seed: int, more: float
) -> None:
    lp, every = cover(seed), np.ones(6, dtype=bool)
    least = tried(lp)
    if least == np.inf:
        return
    proof = proved_bound(lp, every, least, sets=[(0, 1)], alike=more)
    lower, upper = proof.lower, proof.upper
    assert proof.bound == pytest.approx(least) and proof.certificate.ok
    assert (lower >= lp.lower).all() and (upper <= lp.upper).all()
    for x in map(np.array, product((0.0, 1.0), repeat=lp.c.size)):
        if (lp.a_ub @ x <= lp.b_ub + 1e-9).all() and np.allclose(lp.a_eq @ x, lp.b_eq):
            is_as_good = lp.c @ x <= least + more
            assert not is_as_good or ((x >= lower) & (x <= upper)).all()
    closer = solve_integer(replace(lp, lower=lower, upper=upper), every, starts_anew=False)
    assert closer.objective == pytest.approx(least)


def test_a_search_that_is_cut_short_holds_nothing_that_it_left_open() -> None:
    lp, every = cover(4, n=14, rows=5), np.ones(14, dtype=bool)
    least = solve_integer(lp, every)
    for most in range(5):
        proof = proved_bound(lp, every, least.objective, most=most)
        assert ((least.x >= proof.lower) & (least.x <= proof.upper)).all()


def test_what_costs_more_than_is_left_is_held_where_it_is() -> None:
    """A tonne by the second way costs 26 more, and the last column only gains."""
    lp = minimum(
        [1.0, 27.0, -9.0], [[-1.0, -1.0, 0.0]], [-2.0], upper=[3.0, 2.0, 1.0]
    )  # with room for a third tonne by the first way, which makes the price of a tonne 1
    # there is room for a third tonne by the first way, which makes the price of a tonne 1
    proof = proved_bound(lp, np.array([True, True, True]), -7.0, alike=0.5)
    assert (proof.lower.tolist(), proof.upper.tolist()) == ([0.0, 0.0, 1.0], [3.0, 0.0, 1.0])


def test_where_nothing_is_as_good_the_bounds_stay_as_they_were() -> None:
    proof = proved_bound(NOTHING, np.array([True]), 1.0)
    assert (proof.lower.tolist(), proof.upper.tolist()) == ([0.0], [1.0])


def test_a_value_that_is_not_the_best_is_refuted() -> None:
    lp, every = cover(3), np.ones(6, dtype=bool)
    least = tried(lp)
    bound, _, certificate, *_ = proved_bound(lp, every, least + 3.0)
    assert not certificate.ok
    assert bound <= least + 1e-9


def test_a_value_that_is_not_the_best_is_refuted_where_all_of_them_are_negative() -> None:
    """One of two can be chosen: the first brings 5, and 3 are reported."""
    lp = minimum([-5.0, -3.0], [[1.0, 1.0]], [1.5], upper=1.0)
    proof = proved_bound(lp, np.ones(2, dtype=bool), -3.0)
    assert not proof.certificate.ok
    residuals = {check.name: check.residual for check in proof.certificate.checks}
    assert residuals["better"] == pytest.approx(2.0)
    assert proof.bound <= -5.0 + 1e-9


def test_a_search_that_is_cut_short_says_what_it_proved() -> None:
    lp, every = cover(4, n=14, rows=5), np.ones(14, dtype=bool)
    least = solve_integer(lp, every).objective
    bound, n_programs, certificate, *_ = proved_bound(lp, every, least, most=2)
    assert n_programs == 2 and not certificate.ok
    assert bound < least


def test_whole_and_other_numbers_mix() -> None:
    lp = minimum([1.0, 1.0], [[-2.0, -1.0]], [-2.5], upper=9)
    solution = solve_integer(lp, np.array([True, False]))
    assert solution.x.tolist() == pytest.approx([1.0, 0.5])


def test_a_set_that_is_parted_where_it_balances() -> None:
    """Columns of which exactly one is 1, each worth a half of demand: the relaxation mixes."""
    lp = minimum(
        [1.0, 2.0, 4.0], [[-1.0, -2.0, -3.0]], [-2.5], [[1.0, 1.0, 1.0]], [1.0], upper=np.ones(3)
    )
    proof = proved_bound(lp, np.ones(3, dtype=bool), 4.0, sets=[(0, 1, 2)])
    assert proof.bound == pytest.approx(4.0) and proof.certificate.ok and proof.n_programs > 1


def test_only_a_set_that_is_chosen_and_holds_the_column_is_parted() -> None:
    """Its columns before and after the middle; any other column is rounded down or up."""
    lp = minimum(np.ones(4), upper=np.ones(4))
    tree = integer._Tree(lp, np.ones(4, dtype=bool), 1.0, [np.array([0, 1, 2])], 1)

    def ends(column: int, x: list[float]) -> list[list[float]]:
        return [high.tolist() for _, high in tree._parted(column, np.array(x), lp.lower, lp.upper)]

    chosen = [0.25, 0.25, 0.5, 0.75]
    assert ends(0, chosen) == [[0.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 1.0]]
    assert ends(3, chosen) == [[1.0, 1.0, 1.0, 0.0], [1.0, 1.0, 1.0, 1.0]]
    # the last of what is chosen stands alone where the middle lies on it, with years behind it
    late = [0.25, 0.75, 0.0, 0.75]
    assert ends(0, late) == [[0.0, 1.0, 1.0, 1.0], [1.0, 0.0, 0.0, 1.0]]
    not_chosen = [0.25, 0.0, 0.25, 0.0]
    assert ends(0, not_chosen) == [[1.0, 1.0, 1.0, 1.0], [0.0, 1.0, 1.0, 1.0]]


@pytest.mark.parametrize("change", [{"maximize": True}, {"upper": [np.inf]}])
def test_what_cannot_be_bounded_is_refused(change: dict[str, Any]) -> None:
    words = {"lower": [0.0], "upper": [1.0], **change}
    lp = LinearProgram([1.0], None, None, None, None, **words)
    with pytest.raises(SolverInputError):
        proved_bound(lp, np.array([True]), 1.0)


def test_time_that_is_too_short_ends_it() -> None:
    lp = cover(5, n=60, rows=40)
    with pytest.raises((InterruptedSolveError, InfeasibleError)):
        solve_integer(lp, np.ones(60, dtype=bool), time_limit=1e-9)


def test_a_failure_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import highspy

    class Broken:
        def __getattr__(self, name: str) -> Any:
            if name == "getModelStatus":
                return lambda: highspy.HighsModelStatus.kSolveError
            if name == "modelStatusToString":
                return lambda status: "broken"
            return lambda *words: None

    monkeypatch.setattr(integer, "loaded", lambda lp: Broken())
    with pytest.raises(SolverError, match="broken"):
        solve_integer(cover(0), np.ones(6, dtype=bool))


def test_a_program_called_infeasible_without_proof_is_no_leaf(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert proved_bound(NOTHING, np.array([True]), 1.0)[0] == 1.0
    monkeypatch.setattr(integer._Tree, "_is_impossible", lambda *words: False)
    with pytest.raises(SolverError, match="does not prove"):
        proved_bound(NOTHING, np.array([True]), 1.0)


def test_a_proof_that_is_missing_is_asked_for_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, refusals = integer._Tree._is_impossible, iter([False])

    def proves(tree: integer._Tree, low: Any, high: Any) -> bool:
        return next(refusals, True) and plain(tree, low, high)

    monkeypatch.setattr(integer._Tree, "_is_impossible", proves)
    assert proved_bound(NOTHING, np.array([True]), 1.0)[0] == 1.0


def test_without_a_ray_nothing_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    class Rayless:
        def __init__(self, highs: Any) -> None:
            self.highs = highs

        def __getattr__(self, name: str) -> Any:
            if name == "getDualRay":
                return lambda: (None, False, [])
            return getattr(self.highs, name)

    plain = integer.loaded
    monkeypatch.setattr(integer, "loaded", lambda lp: Rayless(plain(lp)))
    with pytest.raises(SolverError, match="does not prove"):
        proved_bound(NOTHING, np.array([True]), 1.0)


def test_a_part_that_is_bounded_by_the_value_is_not_searched_further() -> None:
    """Three variables of which any two must make up 1: halves are the best, and prove it."""
    lp = minimum(np.ones(3), -(1.0 - np.eye(3)), -np.ones(3), upper=np.ones(3))
    proof = proved_bound(lp, np.ones(3, dtype=bool), 1.5)
    assert (proof.bound, proof.n_programs, proof.certificate.ok) == (1.5, 1, True)


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize(("broken", "is_proved"), [(5e-8, False), (2e-7, True)])
def test_a_ray_proves_what_is_broken_by_more_than_rounding(
    monkeypatch: pytest.MonkeyPatch, sign: float, broken: float, is_proved: bool
) -> None:
    """At most a half, and at least so much more: whichever way round the ray is reported."""

    class Told:
        def getDualRay(self) -> tuple[None, bool, list[float]]:  # noqa: N802  as HiGHS calls it
            return None, True, [sign, sign]

    lp = minimum([1.0], [[1.0], [-1.0]], [0.5, -0.5 - broken], upper=[1.0])
    tree = integer._Tree(lp, np.array([True]), 1.0, [], 1)
    monkeypatch.setattr(tree, "highs", Told())
    assert tree._is_impossible(lp.lower, lp.upper) == is_proved


@pytest.mark.parametrize("seed", range(3))
def test_a_hitting_set_is_found_where_there_is_one(seed: int) -> None:
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
            for chosen in combinations(range(n), size)
            if cost[list(chosen)].sum() <= budget * (1 + 1e-9)
            and all(one & set(chosen) for one in sets)
        ]
        found = hitting_set(sets, cost, budget)
        assert can_be_hit(sets, cost, budget) == bool(possible)
        assert (found is not None) == bool(possible)
        able = np.isfinite(cost)
        few = hitting_set(sets, np.where(able, 1.0, np.inf), 2.0, is_fewest=True)
        assert (few is not None) == can_be_hit(sets, np.where(able, 1.0, np.inf), 2.0)
        if few:
            assert not can_be_hit(sets, np.where(able, 1.0, np.inf), len(few) - 1.0)
        if found is not None:
            assert set(found) in possible
            others = [one for one in possible if not set(found) <= one]
            other = hitting_set(sets, cost, budget, without=[found])
            assert (other is not None and set(other) in others) if others else other is None


def test_elements_in_many_sets_come_first() -> None:
    sets = [frozenset({0, 1}), frozenset({1, 2}), frozenset({0, 3})]
    assert hitting_set(sets, np.ones(4), 2.0) == (0, 1)


def test_as_few_as_can_be_hit_every_set() -> None:
    sets = [frozenset(members) for members in ((1, 2), (2, 3), (4,))]
    few = partial(hitting_set, is_fewest=True)
    assert few(sets, np.ones(9), 9.0) == (2, 4)
    assert few([*sets, frozenset({0, 6})], np.ones(9), 9.0) == (0, 2, 4)
    assert few(sets, np.ones(9), 1.0) is None
    assert few(sets, np.where(np.arange(9) < 4, 1.0, np.inf), 2.0) is None
    assert few([frozenset()], np.ones(9), 3.0) is None
    assert few([], np.ones(9), 3.0) == ()
    assert few(sets, np.ones(9), 2.0, without=[(2, 4)]) is None
