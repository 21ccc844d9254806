"""The question of a plan, checked and solved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from supplynet.analysis.balance.tables import capacity_rows, describe
from supplynet.analysis.decisions.choice import Choices, Vector
from supplynet.analysis.decisions.forbids import reason
from supplynet.analysis.decisions.further import chance_of, others_of, points_of
from supplynet.analysis.decisions.offers import Horizon, Offer, offers
from supplynet.analysis.decisions.planner import Bound, Plan, Planner
from supplynet.analysis.decisions.result import (
    Chosen,
    NotOffered,
    PlanLimit,
    PlanResult,
    PlanYear,
)
from supplynet.analysis.decisions.supply import Aim, Supply, Value, in_year
from supplynet.analysis.decisions.target import aims_of, parts_of
from supplynet.analysis.decisions.together import nations_of, worths_of
from supplynet.analysis.decisions.widened import rule_of, widened
from supplynet.analysis.potential.ask import require_drawing
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import Question, ask
from supplynet.errors import InfeasibleError, OptionError, UnknownNameError
from supplynet.network.problems import did_you_mean
from supplynet.network.schema import Option
from supplynet.network.tiers import floors
from supplynet.solve.check import Certificate, worst
from supplynet.terms import ENDS, LevelName
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.file import ScenarioLike

#: links and plants that come by themselves where nothing is said
TIER = "building"
#: part of the largest worth below which a limit does not hold
_HOLDS = 1e-6


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
    curve: float | None = None,
    draws: int = 0,
    chance: float = 0.8,
    seed: int = 0,
    worth: Iterable[str] = (),
    split: bool = False,
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
    worked out by the balance of each year, so that metal without oxide brings nothing.

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
        First year in which money is spent; default: the first in which any option can take it.
    discount : float
        Rate per year at which later money counts less.
    include, exclude : iterable of str, optional
        Ids of options that are chosen, or not, whatever they cost.
    alternatives : int
        Other plans to look for that cost at most a tenth more; with any, each option is sorted
        out exactly: in all, some or none of the plans that cost at most 1, 5 and 10 % more.
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
    links, plants, tier : str, optional
        What comes by itself, as in :func:`supplynet.potential`; default the tier building.
    lens, scenario
        As in :func:`supplynet.potential`; scenarios are the shock that the target holds under.
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
        If neither target nor budget is given, years are not in order, or nothing can be chosen.
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
    >>> found = plan(net.replace(options=[thrift]), to="MLT", avoid="ISL", by=2026, target=0.3)
    >>> [row.option for row in found.chosen], found.certificate.ok
    (['thrift'], True)
    """
    words = {"to": to, "avoid": avoid, "lens": lens, "scenario": scenario}
    floor = floors(links, plants, tier or (None if links or plants else TIER))
    year = min(max(by, net.commodity.first_year), net.commodity.last_year)
    asked = ask(net, year=year, links=floor.links, plants=floor.plants, **words)  # type: ignore[arg-type]
    require_drawing(asked)
    wanted = _wanted(asked, target, budget)
    parts = parts_of(asked, 1.0) if wanted is None else wanted
    horizon = _horizon(net, by, until, begin, discount)
    offered, left = offers(asked, horizon)
    fixed = _fixed(net, offered, include, exclude)
    question = replace(asked, year=by)
    wide = _wide(question, offered)
    aims = aims_of(asked, parts)
    _require_told(
        wanted is not None,
        aims,
        worth=bool(worth),
        split=split,
        draws=draws,
        alternatives=alternatives,
    )
    planner = _planner(wide, offered, horizon, budget, aims)
    found, bound = _solved(planner, fixed, target is None, time_limit)
    told = _Told(question, wide, planner, found, horizon, aims, wanted)
    ends = (planner.choices.cost_ends @ found.x).tolist()
    further: dict[str, Any] = {}
    if alternatives:
        further |= others_of(planner, found, fixed, alternatives)
    if curve is not None:
        further["curve"] = points_of(planner, fixed, curve)
    if draws:
        further |= chance_of(planner, found, draws, chance, seed)
    if worth:
        further["worths"] = worths_of(net, planner, found, fixed, worth, time_limit)
    if split:
        further["nations"] = nations_of(
            sorted({aim.nation for aim in aims}),
            found.cost,
            lambda team: (
                plan(
                    net,
                    to=sorted(team),
                    by=by,
                    target=parts,
                    budget=budget,
                    avoid=avoid,
                    until=horizon.until,
                    begin=horizon.begin,
                    discount=discount,
                    include=include,
                    exclude=exclude,
                    links=links,
                    plants=plants,
                    tier=tier,
                    lens=lens,
                    scenario=scenario,
                    time_limit=time_limit,
                ).cost
            ),
        )
    return PlanResult(
        question=question,
        objective="coverage" if target is None else "cost",
        parts=tuple(parts.items()),
        cost=found.cost,
        cost_low=min(ends),
        cost_high=max(ends),
        bound=bound.value,
        discount=discount,
        begin=horizon.begin,
        by=by,
        until=horizon.until,
        n_offered=len(offered),
        n_programs=bound.n_programs,
        assumed_share=told.assumed_share(),
        chosen=told.chosen(),
        years=told.years(),
        limits=told.limits(),
        others=_not_offered(net, left),
        certificate=worst([bound.certificate, *told.certificates]),
        provenance=provenance(
            question,
            target=wanted,
            budget=dict(budget) if isinstance(budget, Mapping) else budget,
            begin=horizon.begin,
            until=horizon.until,
            discount=discount,
            include=sorted(include),
            exclude=sorted(exclude),
            alternatives=alternatives,
            curve=curve,
            draws=draws,
            seed=seed,
            worth=list(worth),
            split=split,
        ),
        **further,
    )


def _wanted(
    asked: Question,
    target: str | float | Mapping[str, float] | None,
    budget: float | Mapping[int, float] | None,
) -> dict[str, float] | None:
    """Return the parts of the needs that are to be covered; None for the most of a budget."""
    if target is None and budget is None:
        raise OptionError(
            "neither a target nor a budget is given",
            hint="write target='coverage=0.5', or budget=1e9 for the most that it covers",
        )
    return None if target is None else dict(parts_of(asked, target))


def _planner(
    wide: Question,
    offered: tuple[Offer, ...],
    horizon: Horizon,
    budget: float | Mapping[int, float] | None,
    aims: tuple[Aim, ...],
) -> Planner:
    """Return the program of the choices, with the balance of each year of the target."""
    if not isinstance(budget, Mapping):
        offered = tuple(offer.worthwhile(horizon) for offer in offered)
    return Planner(
        _choices(offered, horizon, budget),
        {year: Supply(in_year(wide, year), offered, aims) for year in horizon.target_years},
    )


def _solved(
    planner: Planner, fixed: Mapping[str, int], is_widest: bool, time_limit: float | None
) -> tuple[Plan, Bound]:
    """Return the plan that covers most, or costs least, and what proves it."""
    solve = planner.widest if is_widest else planner.cheapest
    try:
        return solve(fixed=fixed, time_limit=time_limit)
    except InfeasibleError as error:
        raise reason(planner, fixed) from error


def _not_offered(net: SupplyNetwork, reasons: Mapping[str, str]) -> tuple[NotOffered, ...]:
    """Return the options that could not be chosen, and why."""
    rows = cast("tuple[Option, ...]", net.rows("options"))
    return tuple(NotOffered(row.id, row.name, reasons[row.id]) for row in rows if row.id in reasons)


def _horizon(
    net: SupplyNetwork, by: int, until: int | None, begin: int | None, discount: float
) -> Horizon:
    """Return the years of a plan, checked."""
    rows = cast("tuple[Option, ...]", net.rows("options"))
    first = min((row.earliest_year - row.lead for row in rows), default=net.commodity.base_year)
    begin = min(first, by) if begin is None else begin
    demand = max((row.year for row in net.demand_rows), default=net.commodity.last_year)
    last = max(net.commodity.last_year, demand)
    until = max(last, by) if until is None else until
    if not begin <= by <= until <= last:
        raise OptionError(
            f"the years {begin}, {by} and {until} do not follow each other up to {last}",
            hint="begin <= by <= until, and the graph must know what is needed until then",
        )
    if not -0.5 < discount <= 1.0:
        raise OptionError(f"a discount of {discount:g} a year", hint="write 0.05 for 5 %")
    return Horizon(begin, by, until, discount)


def _require_told(
    has_target: bool,
    aims: tuple[Aim, ...],
    *,
    worth: bool,
    split: bool,
    draws: int,
    alternatives: int,
) -> None:
    """Refuse, before anything is solved, what a plan has no answer to.

    Raises
    ------
    OptionError
        If a target is needed and not given, or the cost of one nation is to be split.
    """
    if not has_target and (worth or split):
        raise OptionError("what is saved is told of a plan with a target", hint="give a target")
    if not has_target and (draws or alternatives):
        raise OptionError("chance and alternatives are those of a target", hint="give a target")
    if split and len({aim.nation for aim in aims}) < 2:
        raise OptionError(
            "the cost of a plan of one nation cannot be split",
            hint="name several in to, or leave split out",
        )


def _fixed(
    net: SupplyNetwork,
    offered: tuple[Offer, ...],
    include: Iterable[str],
    exclude: Iterable[str],
) -> dict[str, int]:
    """Return which options are chosen or left whatever they cost."""
    fixed: dict[str, int] = {}
    known = [row.id for row in cast("tuple[Option, ...]", net.rows("options"))]
    open_ids = {offer.id for offer in offered}
    for value, names in ((1, include), (0, exclude)):
        for name in names:
            if name not in known:
                raise UnknownNameError(
                    f"{net.name} has no option {name!r}", hint=did_you_mean(name, known)
                )
            if fixed.get(name, value) != value:
                raise OptionError(f"{name} is included and excluded at once")
            if value == 1 and name not in open_ids:
                raise OptionError(f"{name} cannot be chosen in these years, or comes by itself")
            if name in open_ids:
                fixed[name] = value
    return fixed


def _wide(question: Question, offered: tuple[Offer, ...]) -> Question:
    """Return the question on the network in which every option is taken."""
    net = widened(question.net, offered, question.links)
    return replace(question, net=net)


def _choices(
    offered: tuple[Offer, ...], horizon: Horizon, budget: float | Mapping[int, float] | None
) -> Choices:
    if isinstance(budget, Mapping):
        strange = sorted(set(budget) - set(horizon.years))
        if strange:
            raise OptionError(
                f"the budget speaks of {strange[0]}, and the plan of {horizon.begin} to "
                f"{horizon.until}"
            )
        amounts: Iterable[float] = budget.values()
        choices = Choices(offered, horizon, dict(budget))
    else:
        amounts = () if budget is None else (budget,)
        choices = Choices(offered, horizon, {}, budget)
    if any(amount < 0.0 for amount in amounts):
        raise OptionError("a budget cannot be negative")
    return choices


class _Told:
    """A plan in the rows of its result."""

    def __init__(
        self,
        question: Question,
        wide: Question,
        planner: Planner,
        plan: Plan,
        horizon: Horizon,
        aims: tuple[Aim, ...],
        parts: Mapping[str, float] | None,
    ) -> None:
        self.question, self.wide, self.planner, self.plan = question, wide, planner, plan
        self.horizon, self.aims, self.parts = horizon, aims, parts
        self.choices = planner.choices
        self.values = planner.values(plan.x)
        self.part = max(aim.part for aim in aims) if parts is not None else 0.0
        self.certificates: list[Certificate] = [one.certificate for one in self.values.values()]

    def assumed_share(self) -> float:
        """Return the part of the cost that rests on estimates."""
        costs = self._costs(self.choices.cost)
        total = sum(costs.values())
        sure = sum(
            costs[offer.id]
            for offer in self.choices.offered
            if offer.id in costs and offer.row.confidence == "sourced"
        )
        return 1.0 - sure / total if total > 0.0 else 0.0

    def _costs(self, cost: Vector) -> dict[str, float]:
        choices = self.choices
        return {
            name: float(cost[choices.column(choices.place[name], year)])
            for name, year in self.plan.portfolio.starts.items()
        }

    def chosen(self) -> tuple[Chosen, ...]:
        """Return what is chosen, the first first."""
        ends = [self._costs(cost) for cost in self.choices.cost_ends]
        costs = self._costs(self.choices.cost)
        rows = []
        for name, start in self.plan.portfolio.starts.items():
            offer = self.choices.offered[self.choices.place[name]]
            lost, reason = self._without(offer)
            rows.append(
                Chosen(
                    option=name,
                    name=offer.row.name,
                    kind=offer.row.kind,
                    decided=start - offer.row.lead,
                    start=start,
                    cost=costs[name],
                    cost_low=min(end[name] for end in ends),
                    cost_high=max(end[name] for end in ends),
                    capacity=offer.size * offer.part,
                    unit=offer.row.unit or self.question.net.node(offer.last).unit,
                    lost=lost,
                    reason=reason,
                )
            )
        return tuple(sorted(rows, key=lambda row: (row.decided, row.start, row.option)))

    def _without(self, offer: Offer) -> tuple[float, str]:
        """Return what is lost without an option where most is, and a sentence on it."""
        x = np.array(self.plan.x)
        x[self.choices.place[offer.id]] = 0.0
        for start in offer.starts:
            x[self.choices.column(self.choices.place[offer.id], start)] = 0.0
        for place, (number, _) in enumerate(
            self.choices.draws, start=self.choices.n - len(self.choices.draws)
        ):
            if self.choices.offered[number].id == offer.id:
                x[place] = 0.0
        values = self.planner.values(x)
        losses = {
            year: (self.values[year].tonnes - value.tonnes) / self.planner.supplies[year].need
            for year, value in values.items()
        }
        year = max(losses, key=lambda one: (round(losses[one], 9), -one))
        supply, value = self.planner.supplies[year], values[year]
        missing = self.values[year].tonnes - value.tonnes
        if missing <= _HOLDS * supply.need:
            return 0.0, "What else is chosen requires it, or it is asked for."
        text = (
            f"Without it {year} covers {share(value.tonnes / supply.need)} in place of "
            f"{share(self.values[year].tonnes / supply.need)}: {tonnes(missing)} t of product less"
        )
        limits = _limits(supply, value)
        return losses[
            year
        ], f"{text}; then {limits[0].name} holds it down." if limits else f"{text}."

    def years(self) -> tuple[PlanYear, ...]:
        """Return the plan year by year."""
        nothing = self.planner.values(np.zeros(self.choices.n))
        ends = [self._covered(level) for level in (end.name for end in ENDS.values())]
        rows = []
        for year in self.horizon.years:
            spent = float(self.choices.spent(year) @ self.plan.x)
            if year not in self.values:
                rows.append(PlanYear(year, spent, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
                continue
            need, served = self.planner.supplies[year].need, self.values[year].tonnes
            rows.append(
                PlanYear(
                    year=year,
                    spent=spent,
                    need=need,
                    served=served,
                    coverage=served / need,
                    coverage_low=min(served / need, *(end[year] for end in ends)),
                    coverage_high=max(served / need, *(end[year] for end in ends)),
                    target=self.part,
                    before=nothing[year].tonnes / need,
                )
            )
        return tuple(rows)

    def _covered(self, level: LevelName) -> dict[int, float]:
        """Return the coverage of each year at an end of all figures of the graph."""
        covered = {}
        for year in self.values:
            supply = Supply(in_year(self.wide, year), self.choices.offered, self.aims, level)
            value = supply.value(self.choices.by_year[year] @ self.plan.x)
            self.certificates.append(value.certificate)
            covered[year] = value.tonnes / supply.need
        return covered

    def limits(self) -> tuple[PlanLimit, ...]:
        """Return what holds the plan down in the first year of the target."""
        supply = self.planner.supplies[self.horizon.by]
        return _limits(supply, self.values[self.horizon.by])


def _limits(supply: Supply, value: Value) -> tuple[PlanLimit, ...]:
    """Return the limits with a price, by what all of each is worth."""
    scope = supply.model.scope
    contracts = {rule_of(offer.id): offer.row.name for offer in supply.offered}
    most = float(value.duals.max(initial=0.0))
    limits: dict[tuple[str, str], PlanLimit] = {}
    for place, _, label, _ in capacity_rows(supply.model):
        worth = float(value.duals[place])
        if worth <= _HOLDS * most:
            continue
        kind, ident, name, unit, _ = describe(scope, label)
        if ident in contracts:
            kind, name = "option", contracts[ident]
        capacity = float(value.right[place])
        before = limits.get((kind, ident))
        worth += before.worth if before else 0.0
        limits[kind, ident] = PlanLimit(kind, ident, name, capacity, unit, worth)
    there = [row for row in limits.values() if row.capacity > 0.0]
    return tuple(sorted(there, key=lambda row: (-row.worth * row.capacity, row.id)))
