"""The removals within a budget after which a linear program can reach the least, proved.

A solution that does without some elements stays possible when these are lost. So whatever takes
more than this from the program must hit what the solution uses: every solution found is a
*witness* that all attacks missing it leave at least its objective. The attacks that hit all
witnesses are tried until none within the budget is left (lazily, as the supervalid inequalities of
Israeli and Wood, 2002, doi:10.1002/net.10039). Nothing has to be known of the program but that
its removable variables may be 0.

Of attacks that leave as little, to within :data:`CLOSE`, the cheapest is reported, and of those the
first in order of their members: which of them the search met first hangs on what the solver came
to.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

import numpy as np

from supplynet.arrays import Floats
from supplynet.errors import InterruptedSolveError, SolverError
from supplynet.solve.interdiction.program_problem import (
    CLOSE,
    ProgramAttack,
    ProgramAttackSolution,
    Witness,
)
from supplynet.solve.interdiction.tree import Status
from supplynet.solve.lp.engine import LinearEngine
from supplynet.solve.lp.integer import hitting_set
from supplynet.solve.lp.program import LinearProgram, LinearSolution, widened
from supplynet.solve.lp.solve import proved, proved_again

# a part of the attacks: what they must hit, at which costs, and their budget
_Part = tuple[Iterable[frozenset[int]], Floats, float]

# what is smaller than this part of the whole is the solver's rounding
_NOTHING = 1e-10
# shares of the least that are proved one after the other where the time is short
LEVELS = (0.25, 0.5, 0.7, 0.85)
# what rows and bounds may be off by in a witness, of the amounts that meet or of the whole
_ROUNDING = 1e-8
# how much an element counts at least when a witness is made to use few
_FEWEST = 1e-3


def interdict_program(
    problem: ProgramAttack,
    *,
    n_sets: int = 1,
    known: Iterable[tuple[int, ...]] = (),
    witnesses: Iterable[Witness] = (),
    time_limit: float | None = None,
) -> ProgramAttackSolution:
    """Find the removals within a budget after which the least can be reached.

    Of the attacks that are equally bad the first `n_sets` are listed, the cheapest and those with
    the first members before others; the first of them is the one that is reported, as far as there
    was time. The search begins with `known` attacks within the budget and `witnesses`, solutions of
    the program at hand, for example with a smaller budget. Where the time limit (seconds) or Ctrl-C
    ends it, the best attack so far is returned and what is proved of it, to be checked by
    ``certify_program_attack``; an InterruptedSolveError if the program was not solved once.

    Examples
    --------
    >>> lp = LinearProgram(
    ...     [1.0, 1.0, 1.0], [[1.0, 1.0, 0.0]], [4.0], None, None, [0.0] * 3, [3.0, 3.0, 2.0],
    ...     maximize=True,
    ... )
    >>> found = interdict_program(ProgramAttack(lp, [[0], [1], [2]], [1.0, 1.0, 1.0], budget=1))
    >>> found.removed, found.value, found.gap
    ((2,), 4.0, 0.0)
    """
    search = _Search(problem, witnesses, time_limit)
    status: Status = "optimal"
    sets: dict[tuple[int, ...], LinearSolution] = {}
    is_complete = False
    try:
        for attack in known:
            search.try_attack(tuple(sorted(attack)))
        search.keep_what_stays()
        search.prove_best()
        is_complete = search.list_sets(sets, n_sets)
    except InterruptedSolveError:
        status = "time limit"
    except KeyboardInterrupt:
        status = "interrupted"
    if search.bound == search.value:
        status = "optimal"
    else:
        search.find_bound()
    sets = sets or {search.removed: search.solution}
    sets = {
        members: _sharpened(problem, members, sets[members], time_limit)
        for members in sorted(sets, key=problem.order)[:n_sets]
    }
    unattacked = _sharpened(problem, (), search.unattacked, time_limit)
    removed, solution = next(iter(sets.items()))
    value = solution.objective
    return ProgramAttackSolution(
        removed=removed,
        value=value,
        bound=value if status == "optimal" else min(search.bound, value),
        whole=unattacked.objective,
        status=status,
        sets=tuple(sets),
        is_complete=is_complete,
        solution=solution,
        unattacked=unattacked,
        set_solutions=tuple(sets.values()),
        witnesses=tuple(search.witnesses),
    )


def _no_answer() -> InterruptedSolveError:
    return InterruptedSolveError(
        "the search reached its limit before it had an answer", hint="give it more time"
    )


def _sharpened(
    problem: ProgramAttack,
    attack: Iterable[int],
    solution: LinearSolution,
    time_limit: float | None,
) -> LinearSolution:
    """Return a solution that its certificate accepts, solved anew where a warm start was not."""
    try:
        return proved(problem.without(attack), solution, time_limit=time_limit)[0]
    except InterruptedSolveError:
        return solution


class _Search:
    """The witnesses and the best attack so far."""

    def __init__(
        self, problem: ProgramAttack, witnesses: Iterable[Witness], time_limit: float | None
    ) -> None:
        self.problem = problem
        self.end = time.monotonic() + (math.inf if time_limit is None else time_limit)
        self.time_limit = time_limit
        self.engine = LinearEngine(problem.lp, time_limit=time_limit)
        self.whole = 0.0
        self.witnesses = list(witnesses)
        self.used = [problem.used(witness.x) for witness in self.witnesses]
        self.removed: tuple[int, ...] = ()
        self.solution = self.unattacked = self.solve(())
        self.whole = self.value = self.solution.objective
        self.bound = -math.inf
        self.margin = CLOSE * (abs(self.whole) or 1.0)
        self.sparing = _sparing(problem.lp, time_limit)
        # Where it is allowed, a witness that no attack hits: something is proved at any time.
        nothing = np.zeros(problem.lp.c.size)
        if _broken(problem.lp, nothing, 1.0) <= 0.0:
            self.witnesses.append(Witness(nothing, 0.0))
            self.used.append(problem.used(nothing))

    def solve(self, attack: Iterable[int]) -> LinearSolution:
        """Solve without some elements; the solution is a witness."""
        if time.monotonic() > self.end:
            raise _no_answer()
        places = self.problem.places(attack)
        self.engine.bound(places, 0.0, 0.0)
        try:
            solution, _ = proved_again(self.engine, time_limit=self.time_limit)
            self._keep(solution, self.engine)
        finally:
            self.engine.restore()
        return solution

    def keep_what_stays(self) -> None:
        """Find what no attack can take.

        What stays when all that could be removed is gone is beyond every attack: its solution is a
        witness that none hits, and the first bound.
        """
        price, budget = self.problem.cost, self.problem.budget
        self.solve([k for k in range(price.size) if price[k] <= budget])

    def _keep(self, solution: LinearSolution, engine: LinearEngine) -> None:
        """Keep a solution as a witness, to the digits that what is served needs.

        A solver rounds by the largest amount that it meets, a witness must hold by the whole.
        Where one is far above the other the basis is solved anew, and if that does not help, no
        double holds both.
        """
        lp, x = self.problem.lp, solution.x
        size = abs(self.whole) or abs(float(lp.c @ x)) or float(np.abs(x).max(initial=0.0)) or 1.0
        clean = np.where(np.abs(x) > _NOTHING * size, x, 0.0)
        if _broken(lp, clean, size) > _ROUNDING:
            x = engine.refined(solution).x
            clean = np.where(np.abs(x) > _NOTHING * size, x, 0.0)
            if _broken(lp, clean, size) > _ROUNDING:
                raise SolverError(
                    f"amounts of up to {np.abs(x).max():.0e} stand beside {size:g} that can be "
                    "reached: they cannot be distinguished",
                    hint="lower capacities and demands that nothing reaches, or leave them out",
                )
        self.witnesses.append(Witness(clean, float(lp.c @ clean)))
        self.used.append(self.problem.used(clean))

    def add(self, found: LinearSolution, goal: float, attack: Iterable[int] = ()) -> None:
        """Add a witness that reaches a goal with as few elements as can be, from one that does."""
        if time.monotonic() > self.end:
            raise _no_answer()
        x, lp = found.x, self.sparing
        usage = np.array([np.abs(x[places]).sum() for places in self.problem.sets])
        # Weighted by one over what is used now, the least sum of amounts is near the least number
        # of elements (reweighted l1, after Candès, Wakin and Boyd, 2008): the fewer a witness uses,
        # the more attacks miss it.
        worth = 1.0 / (usage + _FEWEST * usage.max(initial=1.0))
        c = np.zeros(self.problem.lp.c.size)
        for element, places in enumerate(self.problem.sets):
            c[places] += worth[element]
        lp.objective(c)
        lp.right_side(b_ub=np.append(self.problem.lp.b_ub, -goal))
        lp.bound(self.problem.places(attack), 0.0, 0.0)
        try:
            sparing, _ = proved_again(lp, time_limit=self.time_limit)
            self._keep(sparing, lp)
        except InterruptedSolveError:
            raise
        except SolverError:  # the goal is as high as the program reaches, up to rounding
            pass
        finally:
            lp.restore()

    def try_attack(self, attack: tuple[int, ...]) -> LinearSolution:
        """Find what an attack leaves, and keep it if it is the worst so far."""
        solution = self.solve(attack)
        if solution.objective < self.value - self.margin / 2:
            self.removed, self.value, self.solution = attack, solution.objective, solution
        return solution

    def hit_all(self, floor: float) -> tuple[int, ...] | None:
        """Return an attack that hits every witness of at least a value; None if there is none."""
        # The witnesses of at least the floor must all be hit, for one that is missed leaves that
        # much. No hitting set within the budget is the proof that no attack leaves less.
        sets = [
            used
            for witness, used in zip(self.witnesses, self.used, strict=True)
            if witness.value >= floor
        ]
        return hitting_set(sets, self.problem.cost, self.problem.budget)

    def prove_best(self) -> None:
        """Try attacks until none is left that could be worse.

        If half of the time does not suffice for it, lower values are proved, one after the other.
        """
        end, now = self.end, time.monotonic()
        # Half of the time is for the proof of the whole value; if that does not do, the other half
        # proves parts of it one after the other, so that an interrupted search ends with a bound.
        self.end = now + (end - now) / 2
        try:
            # The attack in hand leaves this much without touching a sparing witness of it: a first
            # one at the very value to be proved.
            self.add(self.solution, goal=self.value)
            self.prove(1.0)
        except InterruptedSolveError:
            self.end = end
            for share in LEVELS:
                self.prove(share)
            raise
        self.bound, self.end = self.value, end
        most = self.value + self.margin
        # A hitting set may hold members that only one witness asked for.
        self.removed, self.solution = self._needed(self.removed, self.solution, most)
        self.value = self.bound = self.solution.objective

    def prove(self, share: float) -> None:
        """Try attacks until none is left that could leave less than a share of the least."""
        while True:
            goal = share * self.value - self.margin
            attack = self.hit_all(goal)
            if attack is None:
                return
            solution = self.try_attack(attack)
            # The attack leaves too much: a sparing solution that it misses keeps it, and all that
            # hit no more, from coming again.
            if solution.objective >= goal:
                self.add(solution, goal=min(share * self.value, solution.objective), attack=attack)

    def list_sets(self, sets: dict[tuple[int, ...], LinearSolution], limit: int) -> bool:
        """Fill in the first of the attacks that are equally bad; tell whether these are all."""
        most = self.value + self.margin
        if self.whole <= most:
            sets[()] = self.unattacked
            return True
        while (attack := self.unlisted(sets, limit, most)) is not None:
            attacked = self.solve(attack)
            if attacked.objective > most:
                higher = min(attacked.objective, most + self.margin)
                self.add(attacked, goal=higher, attack=attack)
                continue
            members, solution = self._needed(attack, attacked, most)
            sets[members] = solution
        return len(sets) <= limit

    def unlisted(
        self, sets: Collection[tuple[int, ...]], limit: int, most: float
    ) -> tuple[int, ...] | None:
        """Return an attack that may leave no more than `most` and holds none of the listed.

        Where more than `limit` are listed, only one before the last that counts.
        """
        used = [
            used
            for witness, used in zip(self.witnesses, self.used, strict=True)
            if witness.value > most
        ]
        parts: Iterable[_Part] = [((), self.problem.cost, self.problem.budget)]
        if len(sets) > limit:
            parts = self._before(sorted(sets, key=self.problem.order)[limit - 1])
        for hit, cost, budget in parts:
            attack = hitting_set([*used, *hit], cost, budget, without=sets)
            if attack is not None:
                return attack
        return None

    def _before(self, last: tuple[int, ...]) -> Iterator[_Part]:
        """Split the attacks that come before one: what to hit, at which costs and budget."""
        spent, _ = self.problem.order(last)
        yield (), self.problem.cost, spent * (1.0 - CLOSE)
        for index, member in enumerate(last):
            # the same members up to a place, and there one between those two
            start = last[index - 1] + 1 if index else 0
            cost = self.problem.cost.copy()
            cost[:start] = np.inf
            cost[list(last[:index])] = self.problem.cost[list(last[:index])]
            same = (frozenset({other}) for other in last[:index])
            yield [*same, frozenset(range(start, member))], cost, spent

    def _needed(
        self, attack: tuple[int, ...], solution: LinearSolution, most: float
    ) -> tuple[tuple[int, ...], LinearSolution]:
        """Leave out members of an attack without which it is as bad."""
        for member in attack:
            less = tuple(element for element in attack if element != member)
            without = self.solve(less)
            if without.objective <= most:
                attack, solution = less, without
        return attack, solution

    def find_bound(self) -> None:
        """Find the largest value that the witnesses prove for every attack.

        An InterruptedSolveError if they prove none: what no attack can take was not found yet.
        """
        if self.hit_all(-math.inf) is not None:
            raise _no_answer()
        values = sorted({min(witness.value, self.value) for witness in self.witnesses})
        # The higher the floor, the fewer witnesses must be hit: whether one is proved is monotone,
        # so that halving finds the largest.
        low, high = 0, len(values) - 1  # the lowest is proved: one of all is missed
        while low < high:
            middle = (low + high + 1) // 2
            if self.hit_all(values[middle]) is None:
                low = middle
            else:
                high = middle - 1
        self.bound = values[low]


def _broken(lp: LinearProgram, x: Floats, size: float) -> float:
    """Return how far rows and bounds are off, of the amounts that meet or of a size."""
    over, unequal = lp.a_ub @ x - lp.b_ub, np.abs(lp.a_eq @ x - lp.b_eq)
    outside = np.maximum(lp.lower - x, x - lp.upper)
    meets = (abs(lp.a_ub) @ np.abs(x), abs(lp.a_eq) @ np.abs(x), np.abs(x))
    return max(
        float((off / np.maximum(amounts, size)).max(initial=0.0))
        for off, amounts in zip((over, unequal, outside), meets, strict=True)
    )


def _sparing(lp: LinearProgram, time_limit: float | None) -> LinearEngine:
    """Return the program that reaches a value, its last row, with as little use as can be."""
    wide = replace(widened(lp, a_ub=-lp.c[None, :]), maximize=False)
    return LinearEngine(wide, time_limit=time_limit)
