"""The proof of an attack on a linear program, checked by arithmetic that the search does not share.

That the attack leaves what is claimed is proved by a solution and its duals. That no attack leaves
less is proved by the witnesses: each is feasible and reaches the bound, and every attack within the
budget misses all that one of them uses, so that this one stays possible.
"""

from __future__ import annotations

import numpy as np

from supplynet.solve.check import Certificate, exact, within
from supplynet.solve.interdiction.hitting import can_be_hit
from supplynet.solve.interdiction.program import CLOSE, ProgramAttack, ProgramAttackSolution
from supplynet.solve.lp.certificate import LINEAR_TOLERANCE, certify_linear
from supplynet.solve.lp.program import LinearProgram

__all__ = ["certify_program_attack"]


def certify_program_attack(problem: ProgramAttack, found: ProgramAttackSolution) -> Certificate:
    """Check what an attack leaves, and that none leaves less than the bound.

    Parameters
    ----------
    problem : ProgramAttack
    found : ProgramAttackSolution
        What the search claims.

    Returns
    -------
    Certificate
        The checks of the program without the removed elements, then those of the attack.

    Examples
    --------
    >>> from supplynet.solve.interdiction.program import interdict_program
    >>> lp = LinearProgram([1.0], None, None, None, None, [0.0], [3.0], maximize=True)
    >>> problem = ProgramAttack(lp, [[0]], [1.0], budget=1)
    >>> certify_program_attack(problem, interdict_program(problem)).ok
    True
    """
    legal = certify_linear(problem.without(found.removed), found.solution)
    margin = CLOSE * max(1.0, abs(found.whole))
    reaching = [one for one in found.witnesses if one.value >= found.bound - margin]
    used = [problem.used(one.x) for one in reaching]
    spent = float(problem.cost[list(found.removed)].sum())
    off = max((_violation(problem.lp, one.x) for one in reaching), default=np.inf)
    short = max((found.bound - float(problem.lp.c @ one.x) for one in reaching), default=np.inf)
    checks = [
        within("attack-cost", spent, problem.budget * (1 + CLOSE)),
        within("attack-value", abs(found.value - found.solution.objective), margin),
        within("witnesses-are-legal", off, LINEAR_TOLERANCE),
        within("witnesses-reach-bound", short, 2 * margin),
        exact("every-attack-misses-one", can_be_hit(used, problem.cost, problem.budget)),
    ]
    if found.status == "optimal":
        checks.append(within("attack-gap", abs(found.gap), CLOSE))
    return Certificate((*legal.checks, *checks))


def _violation(lp: LinearProgram, x: np.ndarray) -> float:
    """Return how far a solution is from the rows and bounds, relative to the numbers there."""
    pairs = [
        (lp.a_ub @ x - lp.b_ub, abs(lp.a_ub) @ np.abs(x)),
        (np.abs(lp.a_eq @ x - lp.b_eq), abs(lp.a_eq) @ np.abs(x)),
        (np.maximum(lp.lower - x, x - lp.upper), np.abs(x)),
    ]
    return max(float((off / np.maximum(size, 1.0)).max(initial=0.0)) for off, size in pairs)
