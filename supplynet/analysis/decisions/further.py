"""What is asked of a plan beside itself: other plans, the curve of its cost, and its chance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from supplynet.analysis.decisions.alternatives import WITHIN, Nearby, sorted_out
from supplynet.analysis.decisions.chance import drawn, reached, surer
from supplynet.analysis.decisions.curve import curve_of
from supplynet.analysis.decisions.planner import Plan, Planner
from supplynet.analysis.decisions.result import Alternative, CurvePoint, OptionRange, Surer

#: draws by which it is decided what to add; the chance is told of others
_DECIDING = 100


def others_of(
    planner: Planner, plan: Plan, fixed: Mapping[str, int], n: int
) -> dict[str, tuple[Any, ...]]:
    """Return other plans of little more cost, and what each option is among all of them."""
    nearby = Nearby(planner, plan, fixed)
    nearby.search(n)
    rows = []
    for offer in planner.choices.offered:
        costs = [nearby.cheapest_with(offer.id, value) for value in (1, 0)]
        marks = [sorted_out(costs[0], costs[1], plan.cost, part) for part in WITHIN]
        rows.append(OptionRange(offer.id, offer.row.name, costs[0], costs[1], *marks))
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


def chance_of(planner: Planner, plan: Plan, n: int, chance: float, seed: int) -> dict[str, Any]:
    """Return how often the plan reaches its target, and what to add so that it does more often."""
    fresh = drawn(planner, n, seed=seed)
    every, first = reached(planner, plan.x, fresh)
    rows: list[Surer] = []
    now = np.array(plan.x)
    deciding = drawn(planner, min(n, _DECIDING), seed=seed + 1)
    if float(first.mean()) < chance:
        for name, cost, _ in surer(planner, plan.x, deciding, chance):
            place = planner.choices.place[name]
            start = planner.choices.offered[place].starts[0]
            now[[place, planner.choices.column(place, start)]] = 1.0
            told = float(reached(planner, now, fresh)[1].mean())
            rows.append(Surer(name, planner.choices.offered[place].row.name, cost, told))
    return {
        "n_draws": n,
        "chance_share": float(first.mean()),
        "chance_all_share": float(every.mean()),
        "surer": tuple(rows),
    }
