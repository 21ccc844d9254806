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

A linear program under attack: what may be removed, what a search states, and the proof of it.

The search is :mod:`supplynet.solve.interdiction.program`; the certificate shares no arithmetic with
it. That the attack leaves what is claimed is proved by a solution and its duals. That no attack
leaves less is proved by the witnesses: each is feasible and reaches the bound, and every attack
within the budget misses all that one of them uses, so that this one stays possible.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np

from supplynet.arrays import Floats, Ints32
from supplynet.errors import InterruptedSolveError, SolverError, SolverInputError
from supplynet.solve.check import Certificate, Check, exact, within
from supplynet.solve.interdiction.certificate import are_elements, can_be_hit, is_number
from supplynet.solve.interdiction.tree import Status
from supplynet.solve.lp.certificate import LINEAR_TOLERANCE, certify_linear
from supplynet.solve.lp.engine import LinearEngine, places_of
from supplynet.solve.lp.integer import hitting_set
from supplynet.solve.lp.program import LinearProgram, LinearSolution, widened
from supplynet.solve.lp.solve import proved, proved_again

CLOSE = 1e-6
"""Objectives that differ by less than this part of the whole count as the same."""


@dataclass(frozen=True, slots=True, eq=False)
class ProgramAttack:
    """A program to be maximized, and elements of which an attack may remove some.

    Raises
    ------
    SolverInputError
        If the program is to be minimized, or a number or a place is out of range.
    """

    lp: LinearProgram  #: to be maximized
    #: sequence of array_like of int; for every element the variables that are held at 0 without it;
    #: sets may overlap
    sets: Sequence[Any]
    cost: Floats  #: shape (k,); of every element, above 0; ``inf`` for one that cannot be removed
    budget: float  #: what an attack may cost

    def __post_init__(self) -> None:
        cost = np.array(self.cost, dtype=np.float64)
        if not self.lp.maximize:
            raise SolverInputError("an attack is on a program that is to be maximized")
        if cost.shape != (len(self.sets),) or not (cost > 0).all():
            raise SolverInputError("every element needs a cost above 0")
        if not 0 <= self.budget < math.inf:
            raise SolverInputError(f"a budget is a number from 0 on, not {self.budget}")
        places = tuple(places_of(self.lp, members) for members in self.sets)
        every = np.concatenate([np.zeros(0, dtype=np.int32), *places])
        # To remove an element is to hold its variables at 0, which must be allowed by their bounds.
        if ((self.lp.lower[every] > 0.0) | (self.lp.upper[every] < 0.0)).any():
            raise SolverInputError("a variable that must not be 0 cannot be removed")
        object.__setattr__(self, "sets", places)
        object.__setattr__(self, "cost", cost)

    def places(self, attack: Iterable[int]) -> Ints32:
        """Return the variables that an attack holds at 0."""
        selection = [np.asarray(self.sets[index], dtype=np.int32) for index in attack]
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *selection]))

    def without(self, attack: Iterable[int]) -> LinearProgram:
        """Return the program without some elements."""
        lower, upper = np.array(self.lp.lower), np.array(self.lp.upper)
        places = self.places(attack)
        lower[places] = upper[places] = 0.0
        return replace(self.lp, lower=lower, upper=upper)

    def order(self, attack: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        """Return what to sort attacks by: what they cost, then their members."""
        return round(float(self.cost[list(attack)].sum()), 9), attack

    def used(self, x: Floats) -> frozenset[int]:
        """Return the elements, of those that can be removed, that a solution uses."""
        return frozenset(
            element
            for element, places in enumerate(self.sets)
            if self.cost[element] <= self.budget and x[places].any()
        )


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """A solution of the program: attacks that miss all it uses leave at least its objective."""

    x: Floats
    value: float


@dataclass(frozen=True, repr=False, slots=True, eq=False)
class ProgramAttackSolution:
    """The worst attack that was found, and how much worse another could be."""

    removed: tuple[int, ...]  #: the elements of the attack
    value: float  #: the most that the program can reach without them
    bound: float  #: no attack within the budget leaves less
    whole: float  #: with nothing removed
    status: Status
    #: the first of the attacks as bad as this one, in their order, none with a member that it does
    #: not need; all of them where `is_complete`
    sets: tuple[tuple[int, ...], ...]
    is_complete: bool
    solution: LinearSolution  #: of the program without the removed elements
    #: of the program itself: what `whole` is proved by
    unattacked: LinearSolution
    #: of the program without the members of each of `sets`
    set_solutions: tuple[LinearSolution, ...]
    witnesses: tuple[Witness, ...]

    @property
    def gap(self) -> float:
        """Distance of value and bound, as a part of the whole; 0 where that is 0."""
        return (self.value - self.bound) / self.whole if self.whole > 0 else 0.0


def certify_program_attack(problem: ProgramAttack, solution: ProgramAttackSolution) -> Certificate:
    """Check what an attack leaves, and that none leaves less than the bound.

    First are the checks of the program without the removed elements, then those of the attack.

    Examples
    --------
    >>> from supplynet.solve.interdiction.program import interdict_program
    >>> lp = LinearProgram([1.0], None, None, None, None, [0.0], [3.0], maximize=True)
    >>> problem = ProgramAttack(lp, [[0]], [1.0], budget=1)
    >>> certify_program_attack(problem, interdict_program(problem)).ok
    True
    """
    form = exact("attack-form", not _is_formed(problem, solution))
    if not form.is_ok:
        return Certificate((form,))
    legal = certify_linear(problem.without(solution.removed), solution.solution)
    unattacked = certify_linear(problem.lp, solution.unattacked)
    total = abs(solution.unattacked.objective) or 1.0
    margin = CLOSE * total
    least = solution.bound - margin
    reaching = [witness for witness in solution.witnesses if witness.value >= least]
    used = [problem.used(witness.x) for witness in reaching]
    off = max((_violation(problem.lp, witness.x, total) for witness in reaching), default=np.inf)
    short = max(
        (solution.bound - float(problem.lp.c @ witness.x) for witness in reaching), default=np.inf
    )
    checks = [
        form,
        exact("unattacked-program", not unattacked.ok),
        exact("whole", abs(solution.whole - solution.unattacked.objective)),
        within("attack-cost", _spent(problem, solution.removed), problem.budget * (1 + CLOSE)),
        within("attack-value", abs(solution.value - solution.solution.objective), margin),
        within("bound-below-value", solution.bound - solution.value, margin),
        within("witnesses-are-legal", off, LINEAR_TOLERANCE),
        within("witnesses-reach-bound", short, 2 * margin),
        exact("every-attack-misses-one", can_be_hit(used, problem.cost, problem.budget)),
        *_set_checks(problem, solution, margin),
    ]
    if solution.status == "optimal":
        checks.append(within("attack-gap", (solution.value - solution.bound) / total, CLOSE))
    return Certificate((*legal.checks, *checks))


def _spent(problem: ProgramAttack, members: tuple[int, ...]) -> float:
    return float(problem.cost[list(members)].sum())


def _is_formed(problem: ProgramAttack, solution: ProgramAttackSolution) -> bool:
    """Whether the parts of a claim are of the types and sizes that the checks work with."""
    sets = [solution.removed, *solution.sets]
    return (
        all(map(is_number, (solution.value, solution.bound, solution.whole)))
        and solution.status in get_args(Status)
        and len(solution.sets) == len(solution.set_solutions)
        and all(are_elements(problem.cost.size, members) for members in sets)
        and all(is_number(witness.value) for witness in solution.witnesses)
        and all(
            witness.x.shape == problem.lp.c.shape and bool(np.isfinite(witness.x).all())
            for witness in solution.witnesses
        )
    )


def _set_checks(
    problem: ProgramAttack, program_attack_solution: ProgramAttackSolution, margin: float
) -> list[Check]:
    """Check that every attack that is listed is within the budget and leaves no more."""
    pairs = list(
        zip(program_attack_solution.sets, program_attack_solution.set_solutions, strict=True)
    )
    n_bad = sum(
        not certify_linear(problem.without(members), solution).ok for members, solution in pairs
    )
    costs = max((_spent(problem, members) for members, _ in pairs), default=0.0)
    above = max(
        (solution.objective - program_attack_solution.value for _, solution in pairs), default=0.0
    )
    return [
        within("set-costs", costs, problem.budget * (1 + CLOSE)),
        exact("set-programs", n_bad),
        within("set-values", above, 2 * margin),
    ]


def _violation(lp: LinearProgram, x: Floats, total: float) -> float:
    """Return how far a point is from rows and bounds, relative to what meets there.

    What is less than the whole is measured against it: a witness is reported without what is below
    its rounding, which in a row of as little would look large.
    """
    pairs = [
        (lp.a_ub @ x - lp.b_ub, abs(lp.a_ub) @ np.abs(x)),
        (np.abs(lp.a_eq @ x - lp.b_eq), abs(lp.a_eq) @ np.abs(x)),
        (np.maximum(lp.lower - x, x - lp.upper), np.abs(x)),
    ]
    return max(float((off / np.maximum(size, total)).max(initial=0.0)) for off, size in pairs)


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
