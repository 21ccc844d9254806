"""What is asked beside a plan: other plans, the curve of its cost, its chance, its worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from supplynet.analysis.decisions.alternatives import (
    WITHIN,
    KeptPlans,
    Nearby,
    least_costs,
    sorted_out,
)
from supplynet.analysis.decisions.case import BESIDE, case_of, solved
from supplynet.analysis.decisions.chance import (
    Draws,
    additions,
    drawn,
    reached,
    regrets_of,
    shortfall_at_risk,
)
from supplynet.analysis.decisions.planner import REACHED
from supplynet.analysis.decisions.rows import Alternative, CurvePoint, OptionRange, Surer
from supplynet.analysis.decisions.together import nations_of, worths_of
from supplynet.errors import InfeasibleError

if TYPE_CHECKING:
    from supplynet.analysis.decisions.case import PlanCase, Solution
    from supplynet.analysis.decisions.planner import Plan, Planner
    from supplynet.analysis.provenance import Provenance

#: draws by which it is decided what to add: so few that what nothing is cheaper than is proved
_ADDING = 40


def further_of(case: PlanCase, solution: Solution, source: Provenance) -> dict[str, Any]:
    """Return what was asked for beside a plan, by field of its result, and its certificates.

    Plans that are kept are of `source`.
    """
    planner, plan, asked = case.planner, solution.plan, case.asked
    further: dict[str, Any] = {"certificates": []}
    if asked.alternatives:
        kept = None
        if asked.keep is not None:
            # other plans are not of how many of them, nor of what is asked beside them
            told = source.to_dict()
            own = {name: word for name, word in told["options"].items() if name not in BESIDE}
            kept = KeptPlans(Path(asked.keep), {**told, "options": own})
        further |= others_of(planner, plan, case.fixed, asked.alternatives, kept)
    if asked.curve is not None:
        further["curve"] = points_of(planner, case.fixed, asked.curve)
    if asked.draws:
        further |= chance_of(case, plan)
    if asked.worth:
        further["worths"], checks = worths_of(
            case.question.net, planner, plan, case.fixed, asked.worth, asked.time_limit
        )
        further["certificates"] += checks
    if asked.split:
        horizon = case.horizon
        every = replace(asked, target=case.parts, begin=horizon.begin, until=horizon.until)
        nations = sorted({aim.nation for aim in case.aims})
        further["nations"], checks = nations_of(
            nations, plan.cost, lambda team: solved(case_of(replace(every, to=sorted(team))))
        )
        further["certificates"] += checks
    return further


def others_of(
    planner: Planner,
    plan: Plan,
    fixed: Mapping[str, int],
    n: int,
    kept: KeptPlans | None = None,
) -> dict[str, tuple[Any, ...]]:
    """Return other plans of little more cost, and what each option is among all of them."""
    nearby = Nearby(planner, plan, fixed)
    nearby.search(n, kept=kept)
    least, rows = least_costs(nearby), list[OptionRange]()
    for offer in planner.choices.offered:
        costs = least.get((offer.id, 1), np.inf), least.get((offer.id, 0), np.inf)
        marks = [sorted_out(*costs, plan.cost, part) for part in WITHIN]
        rows.append(OptionRange(offer.id, offer.row.name, *costs, *marks))
    unique = {one.portfolio.ids: one for one in reversed(nearby.plans)}
    ranked = sorted(unique.values(), key=lambda one: (one.cost, sorted(one.portfolio.ids)))
    alternatives = tuple(
        Alternative(number, one.cost, tuple(one.portfolio.starts))
        for number, one in enumerate(ranked)
    )
    return {"options": tuple(rows), "alternatives": alternatives}


def points_of(planner: Planner, fixed: Mapping[str, int], step: float) -> tuple[CurvePoint, ...]:
    """Return the points of the cost of resilience, with what enters and leaves at each."""
    points: list[CurvePoint] = []
    before: dict[str, int] = {}
    for coverage, plan in curve_of(planner, step=step, fixed=fixed):
        starts = dict(plan.portfolio.starts)
        entering = tuple(name for name in starts if name not in before)
        leaving = tuple(name for name in before if name not in starts)
        ends = [plan.cost, *(planner.choices.cost_ends @ plan.x).tolist()]
        points.append(CurvePoint(coverage, plan.cost, min(ends), max(ends), entering, leaving))
        before = starts
    return tuple(points)


def chance_of(case: PlanCase, plan: Plan) -> dict[str, Any]:
    """Return how often the plan reaches its target, what is missed, regretted, and what to add."""
    planner, asked = case.planner, case.asked
    fresh = drawn(planner, asked.draws, seed=asked.seed)
    every, first = reached(planner, plan.x, fresh)
    regrets, at_risk = regrets_of(planner, plan, fresh, case.fixed), None
    if asked.risk is not None:
        at_risk = shortfall_at_risk(planner, plan.x, fresh, asked.risk)
    told = {
        "n_draws": asked.draws,
        "chance_share": float(first.mean()),
        "chance_all_share": float(every.mean()),
        "n_exact": regrets.n_exact,
        "regret_share": float(regrets.low.mean()),
        "regret_high_share": float(regrets.high.mean()),
        "risk_share": at_risk,
        "chance_asked_share": asked.chance,
    }
    return told if first.mean() >= asked.chance else {**told, **surer_of(case, plan, fresh)}


def surer_of(case: PlanCase, plan: Plan, fresh: Draws) -> dict[str, Any]:
    """Return what to add until the first target is reached as often as is asked."""
    planner, asked, choices = case.planner, case.asked, case.planner.choices
    deciding = drawn(planner, min(asked.draws, _ADDING), seed=asked.seed + 1)
    # Others agree that it is enough, and others again tell the chance: those that have a say are
    # met more often than what is to come.
    agreeing = drawn(planner, asked.draws, seed=asked.seed + 2)
    words: dict[str, Any] = {"fixed": case.fixed, "time_limit": asked.time_limit}
    added = additions(planner, plan.x, deciding, agreeing, asked.chance, **words)
    if added is None:
        return {}
    only, whole, rows = (
        planner.only(min(planner.supplies)),
        choices.portfolio(added.x),
        list[Surer](),
    )
    costs = {
        name: float(choices.cost[choices.column(choices.place[name], year)])
        for name, year in whole.starts.items()
        if name not in plan.portfolio.ids
    }
    ids = set(choices.portfolio(plan.x).ids)
    for name in sorted(costs, key=lambda name: (costs[name], name)):
        ids.add(name)
        share = float(reached(only, choices.only(added.x, ids), fresh)[1].mean())
        row = choices.offered[choices.place[name]].row
        rows.append(Surer(name, row.name, costs[name], share))
    return {
        "surer": tuple(rows),
        "surer_cost": added.cost,
        "surer_bound": max(0.0, added.bound.value - plan.cost),
        "n_deciding": len(deciding.late),
    }


# rounding of costs, millions of USD
_SAME = 1e-6


def curve_of(
    planner: Planner, *, step: float, fixed: Mapping[str, int] | None = None
) -> Iterator[tuple[float, Plan]]:
    """Yield coverage in the worst year and plan of points of the curve, the cheapest first.

    Every point is one that no plan beats in both: first the least that its coverage costs, then the
    most that can be had for as much (epsilon-constraint method; Haimes, Lasdon, Wismer, 1971,
    doi:10.1109/TSMC.1971.4308298). A point adds at least `step` of coverage to the one before it; 0
    asks for every point.

    Examples
    --------
    >>> import supplynet as sn  # points of a plan are told by ``sn.plan(..., curve=0.1)``
    """
    plan = planner.least(wanted=planner.wanted(0.0), fixed=fixed)
    while True:
        row = (planner.choices.cost, plan.cost + _SAME)
        best, part, _ = planner.most_covered(fixed=fixed, rows=[row], is_proved=False)
        yield part, best
        wanted = part + max(step, 10.0 * REACHED)
        if wanted > 1.0:
            if part >= 1.0 - 20.0 * REACHED:
                return
            wanted = 1.0
        try:
            plan = planner.least(wanted=planner.wanted(wanted), fixed=fixed)
        except InfeasibleError:
            return
