"""What all, some or none of the plans of little more cost take: exact, option by option.

Whether any plan within a level takes an option, and whether any goes without it, are questions
that known plans answer with yes. Those that are left are asked together, a level at a time: some
plan that answers any of them with yes is looked for, until there is none, which proves no for all
of them. A question whose linear relaxation costs more than the level is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from supplynet.analysis.decisions.alternatives import WITHIN, rounded
from supplynet.errors import InfeasibleError
from supplynet.solve.lp.solve import solve_linear

if TYPE_CHECKING:
    from supplynet.analysis.decisions.alternatives import Nearby

Vector = NDArray[np.float64]


class Asked(NamedTuple):
    """A question: whether some plan takes an option (1), or goes without it (0)."""

    option: str
    value: int  #: one of 0, 1


def least_costs(nearby: Nearby) -> dict[Asked, float]:
    """Return the cost of the cheapest plan that is known with, and without, each option.

    It lies between the same two levels as the cheapest that there is; infinite where that costs
    more than the last level. Plans that are found on the way are known from then on.
    """
    offered = nearby.planner.choices.offered
    questions = [Asked(offer.id, value) for offer in offered for value in (1, 0)]
    questions = [
        asked for asked in questions if nearby.fixed.get(asked.option, asked.value) == asked.value
    ]
    at_least = _relaxed(nearby, questions)
    for part in WITHIN:
        level = rounded(nearby.best.cost * (1.0 + part))
        while True:
            known = _known(nearby)
            left = [
                asked for asked in questions if known.get(asked, np.inf) > level >= at_least[asked]
            ]
            if not left or not _found(nearby, left, level):
                break
    known = _known(nearby)
    every = [Asked(offer.id, value) for offer in offered for value in (1, 0)]
    return {asked: known.get(asked, np.inf) for asked in every}


def _known(nearby: Nearby) -> dict[Asked, float]:
    """Return the least cost of the plans that are known, by the question that they answer."""
    known: dict[Asked, float] = {}
    for plan in nearby.plans:
        for offer in nearby.planner.choices.offered:
            asked = Asked(offer.id, int(offer.id in plan.portfolio.ids))
            known[asked] = min(known.get(asked, np.inf), plan.cost)
    return known


def _relaxed(nearby: Nearby, questions: list[Asked]) -> dict[Asked, float]:
    """Return what the answer to each question costs at least, with parts of options."""
    planner, costs = nearby.planner, dict[Asked, float]()
    rows = planner.rows(planner.wanted())
    for asked in questions:
        fixed = {**nearby.fixed, asked.option: asked.value}
        try:
            program = planner.choices.program(planner.choices.cost, rows, fixed=fixed)
            costs[asked] = solve_linear(program).objective
        except InfeasibleError:
            costs[asked] = np.inf
    return costs


def _found(nearby: Nearby, left: list[Asked], level: float) -> bool:
    """Look for a plan within a level that answers some of the questions with yes."""
    planner = nearby.planner
    choices = planner.choices
    hits = np.zeros(choices.n)  # how many it answers, less a constant
    for asked in left:
        hits[choices.place[asked.option]] += 1.0 if asked.value else -1.0
    without = sum(not asked.value for asked in left)
    rows = [(choices.cost, level), (-hits, without - 1.0)]
    try:
        # towards as many as may be, and content with the first that answers one
        plan = planner.least(objective=-hits, rows=rows, fixed=nearby.fixed, any_will_do=True)
    except InfeasibleError:
        return False
    nearby.plans.append(plan)
    return True


def sorted_out(cost_with: float, cost_without: float, best: float, part: float) -> str:
    """Return what an option is among the plans that cost at most a part more.

    Examples
    --------
    >>> sorted_out(100.0, float("inf"), 100.0, 0.05)
    'in all'
    >>> sorted_out(120.0, 100.0, 100.0, 0.05), sorted_out(103.0, 100.0, 100.0, 0.05)
    ('in none', 'in some')
    """
    limit = rounded(best * (1.0 + part))
    if cost_without > limit:
        return "in all"
    return "in none" if cost_with > limit else "in some"
