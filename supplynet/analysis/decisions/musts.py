"""What all, some or none of the plans of little more cost take: exact, option by option.

Whether any plan within a level takes an option, and whether any goes without it, are questions
that known plans answer with yes. Those that are left are asked together, a level at a time: some
plan that answers any of them with yes is looked for, until there is none, which proves no for all
of them. A question whose linear relaxation costs more than the level is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from supplynet.analysis.decisions.alternatives import WITHIN, rounded
from supplynet.errors import InfeasibleError
from supplynet.solve.lp.solve import solve_linear

if TYPE_CHECKING:
    from supplynet.analysis.decisions.alternatives import Nearby

#: whether some plan takes an option (1), or goes without it (0)
Asked: TypeAlias = tuple[str, int]


def least_costs(nearby: Nearby) -> dict[Asked, float]:
    """Return the cost of the cheapest plan that is known with, and without, each option.

    It lies between the same two levels as the cheapest that there is; nothing where that costs more
    than the last level. Plans that are found on the way are known from then on.
    """
    planner, questions = nearby.planner, list[Asked]()
    rows, at_least = planner.rows(planner.wanted()), dict[Asked, float]()
    for offer in planner.choices.offered:
        questions += [(offer.id, one) for one in (1, 0) if nearby.fixed.get(offer.id, one) == one]
    for name, value in questions:  # what the answer costs at least, with parts of options
        fixed = {**nearby.fixed, name: value}
        try:
            program = planner.choices.program(planner.choices.cost, rows, fixed=fixed)
            at_least[name, value] = solve_linear(program).objective
        except InfeasibleError:
            at_least[name, value] = np.inf
    for part in WITHIN:
        level = rounded(nearby.best.cost * (1.0 + part))
        while True:
            known = _known(nearby)
            left = [
                asked for asked in questions if known.get(asked, np.inf) > level >= at_least[asked]
            ]
            if not left or not _answers_some(nearby, left, level):
                break
    return _known(nearby)


def _known(nearby: Nearby) -> dict[Asked, float]:
    """Return the least cost of the plans that are known, by the question that they answer."""
    known: dict[Asked, float] = {}
    for plan in nearby.plans:
        for offer in nearby.planner.choices.offered:
            asked = offer.id, int(offer.id in plan.portfolio.ids)
            known[asked] = min(known.get(asked, np.inf), plan.cost)
    return known


def _answers_some(nearby: Nearby, left: list[Asked], level: float) -> bool:
    """Look for a plan within a level that answers some of the questions with yes."""
    choices = nearby.planner.choices
    hits = np.zeros(choices.n)  # how many it answers, less a constant
    for name, value in left:
        hits[choices.place[name]] += 1.0 if value else -1.0
    rows = [(choices.cost, level), (-hits, sum(not value for _, value in left) - 1.0)]
    words: dict[str, Any] = {"rows": rows, "fixed": nearby.fixed, "any_will_do": True}
    try:
        # towards as many as may be, and content with the first that answers one
        nearby.plans.append(nearby.planner.least(objective=-hits, **words))
    except InfeasibleError:
        return False
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
