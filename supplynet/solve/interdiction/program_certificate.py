"""The proof of an attack on a linear program, checked by arithmetic that the search does not share.

That the attack leaves what is claimed is proved by a solution and its duals. That no attack leaves
less is proved by the witnesses: each is feasible and reaches the bound, and every attack within the
budget misses all that one of them uses, so that this one stays possible.
"""

from __future__ import annotations

from typing import get_args

import numpy as np
from numpy.typing import NDArray

from supplynet.solve.check import Certificate, Check, exact, within
from supplynet.solve.interdiction.certificate import are_elements, can_be_hit, is_number
from supplynet.solve.interdiction.program_problem import (
    CLOSE,
    ProgramAttack,
    ProgramAttackSolution,
)
from supplynet.solve.interdiction.tree import Status
from supplynet.solve.lp.certificate import LINEAR_TOLERANCE, certify_linear
from supplynet.solve.lp.program import LinearProgram

__all__ = ["certify_program_attack"]


def certify_program_attack(problem: ProgramAttack, found: ProgramAttackSolution) -> Certificate:
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
    form = exact("attack-form", not _is_formed(problem, found))
    if not form.is_ok:
        return Certificate((form,))
    legal = certify_linear(problem.without(found.removed), found.solution)
    unattacked = certify_linear(problem.lp, found.unattacked)
    whole = abs(found.unattacked.objective) or 1.0
    margin = CLOSE * whole
    reaching = [witness for witness in found.witnesses if witness.value >= found.bound - margin]
    used = [problem.used(witness.x) for witness in reaching]
    off = max((_violation(problem.lp, witness.x, whole) for witness in reaching), default=np.inf)
    short = max(
        (found.bound - float(problem.lp.c @ witness.x) for witness in reaching), default=np.inf
    )
    checks = [
        form,
        exact("unattacked-program", not unattacked.ok),
        exact("whole", abs(found.whole - found.unattacked.objective)),
        within("attack-cost", _spent(problem, found.removed), problem.budget * (1 + CLOSE)),
        within("attack-value", abs(found.value - found.solution.objective), margin),
        within("bound-below-value", found.bound - found.value, margin),
        within("witnesses-are-legal", off, LINEAR_TOLERANCE),
        within("witnesses-reach-bound", short, 2 * margin),
        exact("every-attack-misses-one", can_be_hit(used, problem.cost, problem.budget)),
        *_set_checks(problem, found, margin),
    ]
    if found.status == "optimal":
        checks.append(within("attack-gap", (found.value - found.bound) / whole, CLOSE))
    return Certificate((*legal.checks, *checks))


def _spent(problem: ProgramAttack, members: tuple[int, ...]) -> float:
    return float(problem.cost[list(members)].sum())


def _is_formed(problem: ProgramAttack, found: ProgramAttackSolution) -> bool:
    """Whether the parts of a claim are of the types and sizes that the checks work with."""
    sets = [found.removed, *found.sets]
    return (
        all(map(is_number, (found.value, found.bound, found.whole)))
        and found.status in get_args(Status)
        and len(found.sets) == len(found.set_solutions)
        and all(are_elements(problem.cost.size, members) for members in sets)
        and all(is_number(witness.value) for witness in found.witnesses)
        and all(
            witness.x.shape == problem.lp.c.shape and bool(np.isfinite(witness.x).all())
            for witness in found.witnesses
        )
    )


def _set_checks(problem: ProgramAttack, found: ProgramAttackSolution, margin: float) -> list[Check]:
    """Check that every attack that is listed is within the budget and leaves no more."""
    pairs = list(zip(found.sets, found.set_solutions, strict=True))
    n_bad = sum(
        not certify_linear(problem.without(members), solution).ok for members, solution in pairs
    )
    costs = max((_spent(problem, members) for members, _ in pairs), default=0.0)
    above = max((solution.objective - found.value for _, solution in pairs), default=0.0)
    return [
        within("set-costs", costs, problem.budget * (1 + CLOSE)),
        exact("set-programs", n_bad),
        within("set-values", above, 2 * margin),
    ]


def _violation(lp: LinearProgram, x: NDArray[np.float64], whole: float) -> float:
    """Return how far a point is from rows and bounds, relative to what meets there.

    What is less than the whole is measured against it: a witness is told without what is below its
    rounding, which in a row of as little would look large.
    """
    pairs = [
        (lp.a_ub @ x - lp.b_ub, abs(lp.a_ub) @ np.abs(x)),
        (np.abs(lp.a_eq @ x - lp.b_eq), abs(lp.a_eq) @ np.abs(x)),
        (np.maximum(lp.lower - x, x - lp.upper), np.abs(x)),
    ]
    return max(float((off / np.maximum(size, whole)).max(initial=0.0)) for off, size in pairs)
