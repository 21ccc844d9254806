"""A linear program under attack: what may be removed, what a search states, and the proof of it.

The search is :mod:`supplynet.solve.interdiction.program`; the certificate shares no arithmetic with
it. That the attack leaves what is claimed is proved by a solution and its duals. That no attack
leaves less is proved by the witnesses: each is feasible and reaches the bound, and every attack
within the budget misses all that one of them uses, so that this one stays possible.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np

from supplynet.arrays import Floats, Ints32
from supplynet.errors import SolverInputError
from supplynet.solve.check import Certificate, Check, exact, within
from supplynet.solve.interdiction.certificate import are_elements, can_be_hit, is_number
from supplynet.solve.interdiction.tree import Status
from supplynet.solve.lp.certificate import LINEAR_TOLERANCE, certify_linear
from supplynet.solve.lp.engine import places_of
from supplynet.solve.lp.program import LinearProgram, LinearSolution

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
