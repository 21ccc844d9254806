"""What is asked beside a plan: others, its curve, its chance, and what sets and nations bear."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from supplynet.analysis.decisions.alternatives import (
    WITHIN,
    KeptPlans,
    Nearby,
    least_costs,
    sorted_out,
)
from supplynet.analysis.decisions.case import BESIDE, PlanCase, Solution, case_of, solved
from supplynet.analysis.decisions.chance import (
    additions,
    drawn,
    reached,
    regrets_of,
    shortfall_at_risk,
)
from supplynet.analysis.decisions.offers import chain
from supplynet.analysis.decisions.planner import REACHED, Bound
from supplynet.analysis.decisions.rows import (
    Alternative,
    CurvePoint,
    NationCost,
    OptionRange,
    SetWorth,
    Surer,
)
from supplynet.analysis.flow.bypass import contributions
from supplynet.errors import InfeasibleError, OptionError
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.analysis.decisions.choice import Vector
    from supplynet.analysis.decisions.offers import Offer
    from supplynet.analysis.decisions.planner import Plan, Planner
    from supplynet.analysis.provenance import Provenance
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Option
    from supplynet.solve.check import Certificate


def worths_of(case: PlanCase, plan: Plan) -> tuple[tuple[SetWorth, ...], list[Certificate]]:
    """Return what the plan would cost more without each set of options, and what proves it.

    The next best plan reaches the same target in the same years and takes none of the set. An
    option of a set that is included whatever it costs is an OptionError.
    """
    rows, checks, offered = [], [], case.planner.choices.offered
    for name in case.query.worth:
        ids = tuple(offer.id for offer in named(case.question.net, offered, name))
        needed = [one for one in ids if case.fixed.get(one) == 1]
        if needed:
            raise OptionError(f"{needed[0]} is included, so that nothing goes without it")
        cost, bound = _without(case, {**case.fixed, **dict.fromkeys(ids, 0)})
        checks.append(bound.certificate)
        rows.append(SetWorth(name, cost, bound.value, max(0.0, cost - plan.cost), ids))
    return tuple(rows), checks


def _without(case: PlanCase, fixed: Mapping[str, int]) -> tuple[float, Bound]:
    """Return the least cost with some options left out, infinite for none, and what proves it."""
    planner = case.planner
    try:
        plan = planner.least(fixed=fixed, time_limit=case.query.time_limit)
    except InfeasibleError:
        # a tree in which no branch holds anything proves a bound beyond the cost of everything
        rows = planner.rows(planner.wanted())
        program = planner.choices.program(planner.choices.cost, rows, fixed=fixed)
        beyond = planner.proved(program, float(np.abs(planner.choices.cost).sum()) + 1.0)
        return np.inf, Bound(np.inf, beyond.n_programs, beyond.certificate)
    return plan.cost, planner.proved(plan.program, plan.cost)


def named(net: SupplyNetwork, offered: Sequence[Offer], name: str) -> tuple[Offer, ...]:
    """Return the options of a set: those of the ids, else those of which a plant is selected."""
    ids = [text.strip() for text in name.split(",")]
    known = cast("tuple[Option, ...]", net.rows("options"))
    if set(ids) <= {row.id for row in known}:
        chosen = tuple(offer for offer in offered if offer.id in ids)
    else:
        nodes = select(net, name).surely
        chosen = tuple(
            offer for offer in offered if offer.row.nodes and nodes & set(chain(net, offer.row))
        )
    if not chosen:
        raise OptionError(f"no option that can be chosen is of {name}")
    return chosen


def nations_of(
    nations: Sequence[str], cost: float, solve: Callable[[frozenset[str]], Solution]
) -> tuple[tuple[NationCost, ...], list[Certificate]]:
    """Return the fair part of each nation in the cost of a plan that they make together.

    `cost` is that of the plan of all; `solve` gives the cheapest plan of some of them and is asked
    once for every team but all and none. Certificates are of the plan of every team.

    Notes
    -----
    Shapley (1953), doi:10.1515/9781400881970-018.
    """
    teams: dict[frozenset[str], float] = {frozenset(): 0.0, frozenset(nations): cost}
    checks: list[Certificate] = []

    def worth(team: frozenset[str]) -> float:
        if team not in teams:
            solution = solve(team)
            teams[team] = solution.plan.cost
            checks.append(solution.bound.certificate)
        return teams[team]

    parts = contributions(nations, worth)
    rows = tuple(
        NationCost(nation, part.alone, part.marginal, part.shapley, part.alone - part.shapley)
        for nation, part in parts.items()
    )
    return rows, checks


#: draws by which it is decided what to add: so few that what nothing is cheaper than is proved
_ADDING = 40


def further_of(case: PlanCase, solution: Solution, source: Provenance) -> dict[str, Any]:
    """Return what was asked for beside a plan, by field of its result, and its certificates.

    Plans that are kept are of `source`.
    """
    planner, plan, query = case.planner, solution.plan, case.query
    further: dict[str, Any] = {"certificates": []}
    if query.alternatives:
        kept = None
        if query.keep is not None:
            # other plans are not of how many of them, nor of what is asked beside them
            told = source.to_dict()
            own = {name: word for name, word in told["options"].items() if name not in BESIDE}
            kept = KeptPlans(Path(query.keep), {**told, "options": own})
        further |= others_of(planner, plan, case.fixed, query.alternatives, kept)
    if query.curve is not None:
        further["curve"] = points_of(planner, case.fixed, query.curve)
    if query.draws:
        further |= chance_of(case, plan)
    if query.worth:
        further["worths"], checks = worths_of(case, plan)
        further["certificates"] += checks
    if query.split:
        horizon = case.horizon
        every = replace(query, target=case.parts, begin=horizon.begin, until=horizon.until)

        def alone(team: frozenset[str]) -> Solution:
            return solved(case_of(case.net, replace(every, to=sorted(team))))

        nations = sorted({aim.nation for aim in case.aims})
        further["nations"], checks = nations_of(nations, plan.cost, alone)
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
    planner, query = case.planner, case.query
    fresh = drawn(planner, query.draws, seed=query.seed)
    every, first = reached(planner, plan.x, fresh)
    (low, high), at_risk = regrets_of(planner, plan, fresh, case.fixed), None
    if query.risk is not None:
        at_risk = shortfall_at_risk(planner, plan.x, fresh, query.risk)
    told = {
        "n_draws": query.draws,
        "chance_share": float(first.mean()),
        "chance_all_share": float(every.mean()),
        "n_exact": int((high - low <= 2.0 * REACHED).sum()),
        "regret_share": float(low.mean()),
        "regret_high_share": float(high.mean()),
        "risk_share": at_risk,
        "chance_asked_share": query.chance,
    }
    return told if first.mean() >= query.chance else {**told, **surer_of(case, plan, fresh)}


def surer_of(case: PlanCase, plan: Plan, fresh: Vector) -> dict[str, Any]:
    """Return what to add until the first target is reached as often as is asked."""
    planner, query, choices = case.planner, case.query, case.planner.choices
    deciding = drawn(planner, min(query.draws, _ADDING), seed=query.seed + 1)
    # Others agree that it is enough, and others again tell the chance: those that have a say are
    # met more often than what is to come.
    agreeing = drawn(planner, query.draws, seed=query.seed + 2)
    words: dict[str, Any] = {"fixed": case.fixed, "time_limit": query.time_limit}
    found = additions(planner, plan.x, deciding, agreeing, query.chance, **words)
    if found is None:
        return {}
    (with_all, bound), only, rows = found, planner.only(min(planner.supplies)), list[Surer]()
    costs = {
        name: float(choices.cost[choices.column(name, year)])
        for name, year in choices.portfolio(with_all).starts.items()
        if name not in plan.portfolio.ids
    }
    ids = set(plan.portfolio.ids)
    for name in sorted(costs, key=lambda name: (costs[name], name)):
        ids.add(name)
        share = float(reached(only, choices.only(with_all, ids), fresh)[1].mean())
        rows.append(Surer(name, choices.offer(name).row.name, costs[name], share))
    return {
        "surer": tuple(rows),
        "surer_cost": float(choices.cost @ with_all) - plan.cost,
        "surer_bound": max(0.0, bound.value - plan.cost),
        "n_deciding": len(deciding),
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
