"""The question of a plan, checked and solved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from supplynet.analysis.decisions.case import (
    Asked,
    PlanCase,
    Solution,
    case_of,
    require_told,
    solved,
)
from supplynet.analysis.decisions.further import further_of
from supplynet.analysis.decisions.result import PlanResult
from supplynet.analysis.decisions.rows import NotOffered
from supplynet.analysis.decisions.told import Told, plan_proof
from supplynet.analysis.provenance import provenance
from supplynet.analysis.words import takes
from supplynet.network.scenario.file import scenario_list
from supplynet.solve.check import worst
from supplynet.solve.together import tell, within

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.file import ScenarioLike
    from supplynet.network.schema import Option

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
    whoever plans covers the target in every year from `by` to `until` if it alone draws, at the
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
        Whether every year is told with all figures at their low and their high end, and not the
        first year of the target alone.
    reasons : bool
        Whether it is told what is lost without each option that is chosen, and why it is there.
    steps : bool
        Whether it is told what each option adds to those before it.
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
        no need is known.
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
    >>> net, asked = net.replace(options=[thrift]), {"avoid": "ISL", "tier": "building"}
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
