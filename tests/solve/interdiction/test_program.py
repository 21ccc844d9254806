"""The worst removals from a linear program are those that trying all of them finds."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

import supplynet.solve.interdiction.program as program
from supplynet.errors import (
    InfeasibleError,
    InterruptedSolveError,
    SolverError,
    SolverInputError,
)
from supplynet.solve.interdiction.program import (
    ProgramAttack,
    Witness,
    certify_program_attack,
    interdict_program,
)
from supplynet.solve.lp.program import LinearProgram
from supplynet.solve.lp.solve import solve_linear
from tests.solve.lp.programs import maximum


def random_attack(rng):
    """Capacities and balances over a few variables; elements may share some, costs may tie."""
    n, m = int(rng.integers(3, 12)), int(rng.integers(1, 6))
    limits = np.round(rng.uniform(0, 3, (m, n)) * (rng.random((m, n)) < 0.5), 1)
    balances = np.round(rng.uniform(-2, 2, (2, n)) * (rng.random((2, n)) < 0.4), 1)
    lp = maximum(
        rng.integers(0, 5, n).astype(float),
        np.vstack([limits, balances]),
        [*rng.integers(1, 10, m).astype(float), 0.0, 0.0],
        upper=rng.integers(1, 6, n).astype(float),
    )
    k = int(rng.integers(1, 7))
    sets = [rng.choice(n, int(rng.integers(1, 3)), replace=False) for _ in range(k)]
    costs = rng.choice([1.0, 2.0, 3.0, 0.5, np.inf], k) if rng.random() < 0.5 else np.ones(k)
    return ProgramAttack(lp, sets, costs, float(rng.integers(0, 4)))


def every_attack(problem):
    """What each attack within the budget leaves."""
    return {
        attack: solve_linear(problem.without(attack)).objective
        for size in range(len(problem.sets) + 1)
        for attack in itertools.combinations(range(len(problem.sets)), size)
        if problem.cost[list(attack)].sum() <= problem.budget
    }


@pytest.mark.parametrize("seed", range(3))
def test_it_is_what_trying_every_attack_finds(seed):
    rng = np.random.default_rng(seed)
    for _ in range(20):
        problem = random_attack(rng)
        found = interdict_program(problem, n_sets=60)
        assert certify_program_attack(problem, found).ok
        left = every_attack(problem)
        least = min(left.values())
        worst = [set(one) for one, value in left.items() if value <= least + 1e-7]
        minimal = {tuple(sorted(one)) for one in worst if not any(two < one for two in worst)}
        assert (found.status, found.is_complete) == ("optimal", True)
        assert found.value == pytest.approx(least, abs=1e-6)
        assert found.bound == found.value
        assert found.sets == tuple(sorted(minimal, key=problem.order))
        assert found.removed == found.sets[0]
        # of more than are listed the first, whichever the search met first
        few = interdict_program(problem, n_sets=2)
        assert certify_program_attack(problem, few).ok
        assert few.sets == found.sets[:2]
        assert few.is_complete == (len(minimal) <= 2)


def chains(n=6):
    """Pairs in a row that make one unit each, of which the k-th is worth k + 1."""
    lp = maximum(np.arange(1.0, n + 1), upper=np.ones(n))
    return ProgramAttack(lp, [[k] for k in range(n)], np.ones(n), 2.0)


def test_what_is_known_helps_and_changes_nothing():
    problem = chains()
    first = interdict_program(problem)
    assert (first.removed, first.value, first.gap) == ((4, 5), 10.0, 0.0)
    again = interdict_program(problem, known=[(5, 4)], witnesses=first.witnesses)
    assert (again.removed, again.value) == ((4, 5), 10.0)
    n_known = len(first.witnesses)
    assert len(again.witnesses) - n_known < n_known


def test_as_many_sets_as_asked_for():
    lp = maximum(np.ones(5), upper=np.ones(5))
    problem = ProgramAttack(lp, [[k] for k in range(5)], np.ones(5), 1.0)
    some = interdict_program(problem, n_sets=2)
    assert (len(some.sets), some.is_complete) == (2, False)
    every = interdict_program(problem, n_sets=5)
    assert (len(every.sets), every.is_complete) == (5, True)


class Clock:
    """Time that passes by the look."""

    def __init__(self, step):
        self.step, self.now = step, 0.0

    def monotonic(self):
        self.now += self.step
        return self.now


@pytest.fixture(scope="module")
def crowded():
    rng = np.random.default_rng(3)
    lp = maximum(
        rng.integers(3, 9, 30).astype(float),
        (rng.random((8, 30)) < 0.2).astype(float),
        np.full(8, 2.0),
        upper=2.0,
    )
    problem = ProgramAttack(lp, [[k, (k + 7) % 30] for k in range(30)], np.ones(30), 3.0)
    return problem, interdict_program(problem).value


@pytest.mark.parametrize("looks", [8, 12, 24, 60])
def test_the_time_limit_leaves_the_best_and_a_proved_bound(looks, crowded, monkeypatch):
    problem, best = crowded
    monkeypatch.setattr(program, "time", Clock(1.0))
    found = interdict_program(problem, time_limit=float(looks))
    assert found.bound <= best + 1e-6 <= found.value + 2e-6
    assert certify_program_attack(problem, found).ok
    assert found.status in ("time limit", "optimal")
    assert (found.status == "optimal") == (found.gap == 0)


def test_a_program_that_was_solved_once_is_an_answer(monkeypatch):
    """Nothing was attacked yet, and nothing served is all that is proved."""
    search = program._Search

    def over(search, attack):
        raise InterruptedSolveError("the time is over")

    monkeypatch.setattr(search, "try_attack", over)
    problem = chains()
    found = interdict_program(problem, known=[(0, 5)])
    assert (found.status, found.removed) == ("time limit", ())
    assert found.value == pytest.approx(found.whole)
    assert found.bound == pytest.approx(0.0)
    assert certify_program_attack(problem, found).ok


def test_where_nothing_is_proved_there_is_no_answer(monkeypatch):
    """The whole was solved, but what no attack can take was not, and nothing is no solution."""

    def over(search):
        raise InterruptedSolveError("the time is over")

    monkeypatch.setattr(program._Search, "keep_what_stays", over)
    lp = maximum([1.0, 0.0], lower=[0, 1], upper=[3, 1])
    with pytest.raises(InterruptedSolveError, match="before it had an answer") as caught:
        interdict_program(ProgramAttack(lp, [[0]], [1.0], budget=1))
    assert caught.value.hint == "give it more time"


def test_without_time_there_is_no_answer(monkeypatch):
    monkeypatch.setattr(program, "time", Clock(1.0))
    with pytest.raises(InterruptedSolveError, match="limit"):
        interdict_program(chains(), time_limit=0.5)


@pytest.mark.parametrize("nth", range(4, 12))
def test_an_interrupt_leaves_the_best_and_a_proved_bound(nth, monkeypatch):
    problem = chains(8)
    solve, calls = program.LinearEngine.solve, []

    def interrupted(engine):
        calls.append(1)
        if len(calls) == nth:
            raise KeyboardInterrupt
        return solve(engine)

    monkeypatch.setattr(program.LinearEngine, "solve", interrupted)
    found = interdict_program(problem)
    assert found.bound <= 21.0 <= found.value
    assert found.status == ("optimal" if found.gap == 0 else "interrupted")
    assert certify_program_attack(problem, found).ok


def test_lower_values_are_proved_where_the_time_is_short(monkeypatch):
    prove = program._Search.prove

    def short(search, share):
        if share == 1.0:
            raise InterruptedSolveError("half of the time is over")
        prove(search, share)

    monkeypatch.setattr(program._Search, "prove", short)
    problem = chains()
    found = interdict_program(problem, known=[(0, 5)])
    assert (found.status, found.value) == ("time limit", 10.0)
    assert 8.0 <= found.bound < 10.0
    assert found.gap == pytest.approx((10.0 - found.bound) / 21.0)
    assert certify_program_attack(problem, found).ok


def test_the_bound_is_the_largest_that_is_proved(monkeypatch):
    search = program._Search(chains(), [], None)
    search.witnesses = [Witness(np.zeros(6), float(value)) for value in range(21)]
    search.value = 20.0
    monkeypatch.setattr(search, "hit_all", lambda floor: None if floor <= 13.0 else (0,))
    search.find_bound()
    assert search.bound == pytest.approx(13.0)


def test_the_solver_s_own_limit_ends_the_search(monkeypatch):
    solve = program.LinearEngine.solve

    def failing(engine):
        if not engine.lp.maximize:
            raise InterruptedSolveError("no time")
        return solve(engine)

    monkeypatch.setattr(program.LinearEngine, "solve", failing)
    found = interdict_program(chains(), known=[(0, 1)])
    assert found.status == "time limit"
    assert found.bound <= 10.0 <= found.value


def test_a_sparing_solution_is_done_without_where_there_is_none(monkeypatch):
    """Rounding can put the goal out of reach of the second program."""
    solve = program.LinearEngine.solve

    def failing(engine):
        if not engine.lp.maximize:
            raise InfeasibleError("rounded away")
        return solve(engine)

    monkeypatch.setattr(program.LinearEngine, "solve", failing)
    found = interdict_program(chains())
    assert (found.value, found.status) == (10.0, "optimal")


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"maximize": False}, "maximized"),
        ({"cost": [1.0]}, "cost"),
        ({"cost": [0.0, 1.0]}, "cost"),
        ({"budget": -1.0}, "budget"),
        ({"budget": math.inf}, "budget"),
        ({"sets": [[0], [7]]}, "between 0"),
        ({"lower": [1.0, 0.0]}, "must not be 0"),
    ],
)
def test_what_is_no_attack_is_refused(change, match):
    given = {"maximize": True, "cost": [1.0, 1.0], "budget": 1.0, "sets": [[0], [1]]}
    given |= {"lower": [0.0, 0.0], **change}
    lp = LinearProgram(
        [1.0, 1.0], None, None, None, None, given["lower"], [2.0, 2.0], given["maximize"]
    )
    with pytest.raises(SolverInputError, match=match):
        ProgramAttack(lp, given["sets"], given["cost"], given["budget"])


def test_what_can_only_be_0_can_be_removed_and_leaves_no_gap():
    lp = maximum([1.0], upper=[0.0])
    found = interdict_program(ProgramAttack(lp, [[0]], [1.0], budget=1))
    assert found.whole == pytest.approx(0.0)
    assert found.gap == pytest.approx(0.0)


def test_what_the_time_does_not_suffice_to_sharpen_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    lp = maximum([1.0], upper=[3.0])
    problem = ProgramAttack(lp, [[0]], [1.0], budget=1)
    expected = interdict_program(problem)

    def interrupted(*args: object, **options: object) -> None:
        assert options == {"time_limit": 60.0}
        raise InterruptedSolveError("no time")

    monkeypatch.setattr("supplynet.solve.interdiction.program.proved", interrupted)
    found = interdict_program(problem, time_limit=60.0)
    assert (found.removed, found.value) == (expected.removed, expected.value)


def test_a_witness_holds_by_what_can_be_reached_or_is_refused(monkeypatch):
    """A solver that is off by all there is keeps its basis if that is better, else there is none.

    Of the largest amount, 1e12, what is off is rounding; of what can be reached, 2, it is all.
    """
    lp = maximum([1.0, 0.0], a_eq=[[1.0, 1.0]], b_eq=[3.0], upper=[2.0, 1e15])
    solved, certificate = program.proved_again(program.LinearEngine(lp))
    right = replace(solved, x=np.array([2.0, 1.0]))
    off = replace(solved, x=np.array([2.0, 1e12]))
    problem = ProgramAttack(lp, [[0]], [1.0], 0.0)
    monkeypatch.setattr(program, "proved_again", lambda *_, **__: (off, certificate))
    monkeypatch.setattr(program.LinearEngine, "refined", lambda *_: right)
    assert interdict_program(problem).value == 2.0
    monkeypatch.setattr(program.LinearEngine, "refined", lambda _, given: given)
    with pytest.raises(SolverError, match=r"1e\+12 stand beside 2 .* distinguished"):
        interdict_program(problem)
