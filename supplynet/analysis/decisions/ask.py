"""The question of a plan, checked and solved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
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
from supplynet.analysis.decisions.case import (
    BESIDE,
    Asked,
    PlanCase,
    Solution,
    case_of,
    require_told,
    solved,
)
from supplynet.analysis.decisions.chance import (
    Draws,
    additions,
    drawn,
    reached,
    regrets_of,
    shortfall_at_risk,
)
from supplynet.analysis.decisions.offers import chain
from supplynet.analysis.decisions.planner import REACHED, Bound
from supplynet.analysis.decisions.result import (
    Alternative,
    CurvePoint,
    NationCost,
    NotOffered,
    OptionRange,
    PlanResult,
    SetWorth,
    Surer,
)
from supplynet.analysis.decisions.told import Told, plan_proof
from supplynet.analysis.flow.bypass import contributions
from supplynet.analysis.provenance import provenance
from supplynet.analysis.words import takes
from supplynet.errors import InfeasibleError, OptionError
from supplynet.network.scenario.scenario import scenario_list
from supplynet.network.selector import select
from supplynet.solve.check import worst
from supplynet.solve.together import tell, within

if TYPE_CHECKING:
    from supplynet.analysis.decisions.offers import Offer
    from supplynet.analysis.decisions.planner import Plan, Planner
    from supplynet.analysis.provenance import Provenance
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import ScenarioLike
    from supplynet.network.schema import Option
    from supplynet.solve.check import Certificate


def worths_of(
    net: SupplyNetwork,
    planner: Planner,
    plan: Plan,
    fixed: Mapping[str, int],
    names: Iterable[str],
    time_limit: float | None,
) -> tuple[tuple[SetWorth, ...], list[Certificate]]:
    """Return what the plan would cost more without each set of options, and what proves it.

    The next best plan reaches the same target in the same years and takes none of the set. An
    option of a set that is included whatever it costs is an OptionError.
    """
    rows, checks = [], []
    for name in names:
        ids = tuple(offer.id for offer in named(net, planner.choices.offered, name))
        needed = [one for one in ids if fixed.get(one) == 1]
        if needed:
            raise OptionError(f"{needed[0]} is included, so that nothing goes without it")
        cost, bound = _without(planner, {**fixed, **dict.fromkeys(ids, 0)}, time_limit)
        checks.append(bound.certificate)
        rows.append(SetWorth(name, cost, bound.value, max(0.0, cost - plan.cost), ids))
    return tuple(rows), checks


def _without(
    planner: Planner, fixed: Mapping[str, int], time_limit: float | None
) -> tuple[float, Bound]:
    """Return the least cost with some options left out, infinite for none, and what proves it."""
    try:
        plan = planner.least(fixed=fixed, time_limit=time_limit)
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
    >>> import supplynet as sn  # points of a plan are reported by ``sn.plan(..., curve=0.1)``
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


#: parts of the work after which every year is built, and the plan chosen
_BUILT, _CHOSEN = 0.3, 0.6


@takes()
def plan(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    by: int,
    target: str | float | Mapping[str, float] | None = None,
    budget: float | Mapping[int, float] | None = None,
    avoid: str | Iterable[str] | None = None,
    until: int | None = None,
    begin: int | None = None,
    discount: float = 0.05,
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    alternatives: int = 0,
    keep: str | Path | None = None,
    curve: float | None = None,
    draws: int = 0,
    chance: float = 0.8,
    seed: int = 0,
    worth: Iterable[str] = (),
    split: bool = False,
    regret: ScenarioLike | Iterable[ScenarioLike] | None = None,
    risk: float | None = None,
    ranges: bool = True,
    reasons: bool = True,
    steps: bool = True,
    links: str | None = None,
    plants: str | None = None,
    tier: str | None = None,
    lens: str = "location",
    scenario: ScenarioLike | Iterable[ScenarioLike] | None = None,
    time_limit: float | None = None,
) -> PlanResult:
    """What should be done to reach a target, from when, and what does it cost?

    Options are rows of the table options. The plan takes each as a whole, from a year on, so that
    whoever plans covers the target in every year from `by` to `until` with exclusive access, at the
    least cost; without a target it covers the most that a budget allows. What a choice brings is
    worked out by the balance of each year, so that metal without oxide brings nothing. Links and
    plants are those that come by themselves; scenarios are the shock that the target holds under.

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str
        Selector of the nation or bloc that plans; of a bloc each member reaches the target.
    by : int
        First year of the target.
    target : str, float or mapping of str to float, optional
        ``"coverage=0.5"``, ``"coverage:FORM=0.5"``, a number, or parts by form or product.
    budget : float or mapping of int to float, optional
        USD that may be spent in all, in dollars of the first year; or by year, in dollars of the
        year.
    avoid : str or iterable of str, optional
        Selector of what is shut in all years.
    until : int, optional
        Last year of the target; default: the last that the graph knows a demand of.
    begin : int, optional
        First year in which money is spent; default: the first in which any option can take it, and
        next year at the earliest.
    discount : float
        Rate per year at which later money counts less.
    include, exclude : iterable of str, optional
        Ids of options that are chosen, or not, whatever they cost.
    alternatives : int
        Other plans to look for that cost at most a tenth more; with any, each option is sorted
        out exactly: in all, some or none of the plans that cost at most 1, 5 and 10 % more.
    keep : path, optional
        File in which each other plan is stored as it is found; a search that was stopped goes on
        from there, and ends as if it had not been.
    curve : float, optional
        Coverage that a point of the cost of resilience adds to the one before it at least; 0 for
        every point that there is.
    draws : int
        Draws of delays and failures of options.
    chance : float
        Of the first year's target: what is added until a plan that fails too often reaches it.
    seed : int
        Of the draws.
    worth : iterable of str
        Sets of options: ids with commas, or a selector of plants that options name, such as
        ``"VNM"``. What each saves against the cheapest plan without it.
    split : bool
        Whether the cost of a plan of several nations is split fairly, and what each pays alone.
    regret : scenario or iterable of scenarios, optional
        Scenarios that the plan is to stand beside the graph as it is asked for. With a budget the
        plan of least regret: what the best plan for a scenario covers more, at its worst; with a
        target the cheapest that reaches it in all.
    risk : float, optional
        With a target and a budget: the plan whose worst draws miss least of the target in its
        first year. The part of the draws that are not among the worst, such as 0.8; `draws` says
        how many tell it, and up to 50 of others decide.
    ranges : bool
        Whether every year is reported with all figures at their low and their high end, and not the
        first year of the target alone.
    reasons : bool
        Whether it is reported what is lost without each option that is chosen, and why it is there.
    steps : bool
        Whether it is reported what each option adds to those before it.
    time_limit : float, optional
        Seconds for each integer program.

    Returns
    -------
    PlanResult
        What is chosen with dates, costs and reasons, year by year, and the certificate.

    Raises
    ------
    UnknownNameError
        If a selector, form, product, scenario or option names nothing.
    OptionError
        If neither target nor budget is given, years are not in order, nothing can be chosen, or
        no demand is known.
    DataError
        If `keep` holds plans of something else.
    InfeasibleError
        If no choice reaches the target; the message says which limits forbid it.
    InterruptedSolveError
        If the time limit was reached before there was a plan.
    CertificateError
        If the independent check refuses what a choice brings.

    Notes
    -----
    Benders decomposition (Benders, 1962, doi:10.1007/BF01386316): an integer program of the
    choices, and for each year a linear program whose certified duals bound what every choice
    brings. The optimum is proved by a tree of bounds that plain arithmetic checks, see
    :func:`supplynet.solve.lp.integer.proved_bound`.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.network.schema import Option
    >>> net = sn.load("tutorial")
    >>> thrift = Option(
    ...     id="thrift", name="Goods that are done without", kind="substitute", target="MLT",
    ...     product="goods", capacity=100, unit="t goods", capex=5e6, earliest_year=2025, lead=1,
    ...     confidence="estimated", note="Made up",
    ... )
    >>> net, asked = net.replace(options=[thrift]), {"avoid": "ISL", "tier": "committed"}
    >>> found = plan(net, to="MLT", by=2026, target=0.3, **asked)
    >>> [row.option for row in found.chosen], found.certificate.ok
    (['thrift'], True)
    """
    include, exclude, worth = tuple(include), tuple(exclude), tuple(worth)
    scenario, regret = tuple(scenario_list(scenario)), tuple(scenario_list(regret))
    asked = Asked(**locals())
    with within(0.0, _BUILT):
        case = case_of(asked)
    require_told(case)
    tell("Choosing", _BUILT)
    solution = solved(case)
    with within(_CHOSEN, 1.0):
        return _result(case, solution)


def _result(case: PlanCase, solution: Solution) -> PlanResult:
    """Return a plan in rows, with what was asked for beside it."""
    plan, bound, horizon, asked = solution.plan, solution.bound, case.horizon, case.asked
    told, source = Told(case, plan), provenance(case.question, **case.words())
    with within(0.0, 0.5):
        years = told.years(ranges=asked.ranges)
    with within(0.5, 1.0):
        chosen = told.chosen(reasons=asked.reasons)
    added = told.added(chosen) if asked.steps else ()
    limits, carried_by = told.limits(), told.carried_by()
    further = further_of(case, solution, source)
    ends = (case.planner.choices.cost_ends @ plan.x).tolist()
    checks = [bound.certificate, *told.certificates, *further.pop("certificates")]
    options = cast("tuple[Option, ...]", case.question.net.rows("options"))
    return PlanResult(
        question=case.question,
        objective=solution.objective,
        parts=tuple(case.parts.items()),
        cost=plan.cost,
        cost_low=min(ends),
        cost_high=max(ends),
        bound=bound.value,
        discount=horizon.discount,
        begin=horizon.begin,
        by=horizon.by,
        until=horizon.until,
        n_offered=len(case.planner.choices.offered),
        n_programs=bound.n_programs,
        assumed_share=told.assumed_share(),
        others=tuple(
            NotOffered(row.id, row.name, case.left[row.id])
            for row in options
            if row.id in case.left
        ),
        certificate=worst(checks),
        evidence=partial(plan_proof, case, plan, told.proved),
        provenance=source,
        outcomes=solution.outcomes,
        risk_decided_share=solution.at_risk,
        chosen=chosen,
        years=years,
        added=added,
        limits=limits,
        carried_by=carried_by,
        **further,
    )
