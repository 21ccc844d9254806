"""The question of a plan as programs: who reaches what by when, and by which options."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from supplynet.analysis.decisions.chance import drawn, least_at_risk, least_regret
from supplynet.analysis.decisions.choice import Choices
from supplynet.analysis.decisions.offers import Horizon, Offer, offers
from supplynet.analysis.decisions.planner import Planner
from supplynet.analysis.decisions.supply import Aim, supplies_of
from supplynet.analysis.potential.ask import require_drawing
from supplynet.analysis.question import Question, ask
from supplynet.errors import InfeasibleError, OptionError, UnknownNameError
from supplynet.network.problems import did_you_mean
from supplynet.network.scenario.years import this_year
from supplynet.network.tiers import floors
from supplynet.text import listing, share

if TYPE_CHECKING:
    from pathlib import Path

    from supplynet.analysis.decisions.planner import Bound, Plan
    from supplynet.analysis.decisions.result import Outcome
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario
    from supplynet.network.schema import Option


#: the figure that targets are of
COVERAGE = "coverage"
_HINT = "write coverage=0.5 or, of one form or product, coverage:NAME=0.5"


def parts_of(question: Question, target: str | float | Mapping[str, float]) -> dict[str, float]:
    """Return the part of demand that is to be covered, by form or product.

    ``"coverage=0.5"`` or a number is of the first final form that is needed;
    ``"coverage:NAME=0.5"``, several with commas, or a mapping are of forms and products. A part
    that does not lie between 0 and 1 is an OptionError, a name of what is not needed an
    UnknownNameError.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> parts_of(ask(sn.load("tutorial"), to="MLT"), "coverage=0.5")
    {'goods': 0.5}
    """
    if isinstance(target, Mapping):
        parts = dict(target)
    elif isinstance(target, str):
        parts = dict(_part(question, text.strip()) for text in target.split(","))
    else:
        parts = {usual_form(question): float(target)}
    known = needed(question)
    for name, part in parts.items():
        if name not in known:
            raise UnknownNameError(
                f"{question.to_name} needs nothing called {name!r}; it needs {', '.join(known)}",
                hint=did_you_mean(name, known),
            )
        if not 0.0 < part <= 1.0:
            raise OptionError(
                f"a coverage of {part:g} cannot be a target", hint="give a part of 1, such as 0.5"
            )
    return parts


def _part(question: Question, text: str) -> tuple[str, float]:
    name, is_told, value = text.partition("=")
    figure, _, of = name.strip().partition(":")
    try:
        part = float(value)
    except ValueError:
        part = float("nan")
    if figure != COVERAGE or not is_told or part != part:
        raise OptionError(f"{text!r} is no target", hint=_HINT)
    return of.strip() or usual_form(question), part


def needed(question: Question) -> dict[str, frozenset[str]]:
    """Return the products that each form and product stands for, of what is asked for."""
    net, products = question.net, {}
    for row in net.demand_rows:
        if row.nation in question.targets and row.role == "final":
            products[row.product] = net.product_by_id[row.product].form
    forms = {
        form.name: frozenset(one for one, of in products.items() if of == form.name)
        for form in net.commodity.forms
        if form.name in products.values()
    }
    return {**forms, **{one: frozenset({one}) for one in products if one not in forms}}


def usual_form(question: Question) -> str:
    """Return the first final form that is needed; the first form where none is final."""
    net, names = question.net, needed(question)
    forms = [form for form in net.commodity.forms if form.name in names]
    if not forms:
        raise OptionError(f"{net.name} knows no demand of {question.to_name}")
    final = [form for form in forms if form.is_final]
    return (final or forms)[0].name


def aims_of(question: Question, parts: Mapping[str, float]) -> tuple[Aim, ...]:
    """Return the aims of a target: each of the nations reaches each part."""
    products = needed(question)
    asking = {row.nation for row in question.net.demand_rows}
    return tuple(
        Aim(nation, products[name], part)
        for nation in sorted(question.targets & asking)
        for name, part in parts.items()
    )


def reason(planner: Planner, fixed: Mapping[str, int]) -> InfeasibleError:
    """Return the error that says which limits forbid a target.

    Limits of the choice are lifted, a few at a time, until it can be reached: money, years of the
    start, ramps, what excludes and what requires each other, what is asked for. What is lifted in
    vain is no part of the reason: the fewest that forbid it together are named (a smallest
    infeasible subset; Chinneck and Dravnieks, 1991, doi:10.1287/ijoc.3.2.157). `fixed` are options
    that are asked for, or ruled out.
    """
    # the year in which everything together covers least, and what it covers
    parts = {year: tonnes / planner.supplies[year].need for year, tonnes in planner.most().items()}
    most, year = min((part, year) for year, part in parts.items())
    supply = planner.supplies[year]
    part = max(aim.part for aim in supply.aims)
    limits = _limits(planner.choices, fixed)

    def can(kept: frozenset[str]) -> bool:
        choices, still = planner.choices, dict(fixed)
        for name, lift in limits.items():
            if name not in kept:
                choices, still = lift(choices, still)
        eased = Planner(choices, planner.supplies)
        try:
            eased.least(fixed=still)
        except InfeasibleError:
            return False
        return True

    # With all limits lifted the target is reached: some of them forbid it together. Otherwise none
    # does, and the graph itself is reported as the reason.
    if can(frozenset()):
        # the fewest that forbid it together, the first of several in order
        sizes = range(1, len(limits) + 1)
        sets = (some for size in sizes for some in combinations(limits, size))
        clash = next(some for some in sets if not can(frozenset(some)))
        together = " together" if len(clash) > 1 else ""
        blame = f"{listing(clash)}{together} forbid{'' if together else 's'} it"
        return InfeasibleError(
            f"no choice covers {share(part)} in every year from {min(planner.supplies)} to "
            f"{max(planner.supplies)}: {blame}",
            hint=f"lift one of them, or ask for less; every option at its earliest covers "
            f"{share(most)} in {year}",
        )
    full = supply.value(np.ones(len(supply.given))).tonnes / supply.need
    return InfeasibleError(
        f"no choice covers {share(part)} in {year}: with every option at full capacity it is "
        f"{share(full)}, and the plants and links of the graph forbid more",
        hint="ask for less, or give the graph more options",
    )


Lift = Callable[[Choices, dict[str, int]], tuple[Choices, dict[str, int]]]


def _limits(choices: Choices, fixed: Mapping[str, int]) -> dict[str, Lift]:
    """Return what can be lifted, by name; what holds nothing is left out."""
    limits: dict[str, Lift] = {}
    if choices.budget is not None:
        limits["the budget"] = lambda given, still: (replace(given, budget=None), still)

    def without(some: Mapping[Any, Any], name: object) -> dict[Any, Any]:
        return {key: value for key, value in some.items() if key != name}

    for year in choices.budgets:
        limits[f"the budget of {year}"] = lambda given, still, year=year: (  # type: ignore[misc]
            replace(given, budgets=without(given.budgets, year)),
            still,
        )
    for name, value in fixed.items():
        limits[f"that {name} is {'' if value else 'not '}chosen"] = (
            lambda given, still, name=name: (given, without(still, name))  # type: ignore[misc]
        )

    def each(change: Callable[[Offer], Offer]) -> Lift:
        return lambda given, still: (
            replace(given, offered=tuple(change(offer) for offer in given.offered)),
            still,
        )

    limits["the years in which options can start"] = each(
        lambda offer: replace(
            offer,
            starts=(choices.horizon.begin, *offer.starts),
            row=offer.row.model_copy(update={"lead": 0}),
        )
    )
    limits["that plants fill slowly"] = each(
        lambda offer: replace(offer, plants=dict.fromkeys(offer.plants, (1.0,)))
    )
    for column in ("excludes", "requires"):
        if any(getattr(offer.row, column) for offer in choices.offered):
            limits[f"what options {column.removesuffix('s')}"] = each(
                lambda offer, column=column: replace(  # type: ignore[misc]
                    offer, row=offer.row.model_copy(update={column: ()})
                )
            )
    return limits


#: draws by which it is decided what to choose; what comes of it is reported of others
DECIDING = 50


@dataclass(frozen=True)
class Asked:
    """What a plan is asked by; parameters are those of :func:`supplynet.plan`."""

    net: SupplyNetwork = field(repr=False)
    to: str | Iterable[str]
    by: int
    target: str | float | Mapping[str, float] | None = None
    budget: float | Mapping[int, float] | None = None
    avoid: str | Iterable[str] | None = None
    until: int | None = None
    begin: int | None = None
    discount: float = 0.05
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    alternatives: int = 0
    keep: str | Path | None = None
    curve: float | None = None
    draws: int = 0
    chance: float = 0.8
    seed: int = 0
    worth: tuple[str, ...] = ()
    split: bool = False
    regret: tuple[str | Scenario, ...] = ()
    risk: float | None = None
    ranges: bool = True
    reasons: bool = True
    steps: bool = True
    links: str | None = None
    plants: str | None = None
    tier: str | None = None
    lens: str = "location"
    scenario: tuple[str | Scenario, ...] = ()
    time_limit: float | None = None

    def question(self, *more: str | Scenario) -> Question:
        """Return what is asked of the year of the target, under more scenarios."""
        net, floor = self.net, floors(self.links, self.plants, self.tier)
        return ask(
            net,
            to=self.to,
            avoid=self.avoid,
            year=min(max(self.by, net.commodity.first_year), net.commodity.last_year),
            lens=self.lens,
            links=floor.links,
            plants=floor.plants,
            scenario=[*self.scenario, *more] or None,
        )


#: words of a plan that are asked beside it
BESIDE = ("alternatives", "curve", "draws", "seed", "worth", "split", "regret", "risk")


@dataclass(frozen=True, eq=False)
class PlanCase:
    """The programs of a plan."""

    asked: Asked = field(repr=False)
    question: Question  #: of the first year of the target, before anything is chosen
    planner: Planner = field(repr=False)
    horizon: Horizon
    aims: tuple[Aim, ...]
    parts: Mapping[str, float]  #: that are to be covered; all for the most of a budget
    fixed: Mapping[str, int]
    left: Mapping[str, str] = field(repr=False)  #: why options cannot be chosen

    @property
    def part(self) -> float | None:
        """The greatest part that is to be covered; None for the most of a budget."""
        return None if self.asked.target is None else max(aim.part for aim in self.aims)

    def words(self) -> dict[str, Any]:
        """Return what makes the answer another one, in plain types."""
        asked, budget = self.asked, self.asked.budget
        return {
            "target": None if asked.target is None else dict(self.parts),
            "budget": dict(budget) if isinstance(budget, Mapping) else budget,
            "begin": self.horizon.begin,
            "until": self.horizon.until,
            "discount": self.horizon.discount,
            "include": sorted(asked.include),
            "exclude": sorted(asked.exclude),
            **{name: getattr(asked, name) for name in BESIDE},
            "worth": list(asked.worth),
            "regret": [_name(scenario) for scenario in asked.regret],
        }


@dataclass(frozen=True, eq=False)
class Solution:
    """The plan of a case, and what proves it."""

    objective: str  #: one of "cost", "coverage", "regret", "risk"
    plan: Plan
    bound: Bound
    outcomes: tuple[Outcome, ...] = ()  #: in each scenario, of a plan of least regret
    #: shortfall at risk on the draws that decided, of a plan of least risk
    at_risk: float | None = None


def case_of(asked: Asked) -> PlanCase:
    """Return the programs of a plan."""
    net, budget, question = asked.net, asked.budget, asked.question()
    require_drawing(question)
    if asked.target is None and budget is None:
        raise OptionError(
            "neither a target nor a budget is given",
            hint="write target='coverage=0.5', or budget=1e9 for the most that it covers",
        )
    parts = parts_of(question, 1.0 if asked.target is None else asked.target)
    horizon = _horizon(asked)
    offered, left = offers(question, horizon)
    fixed = _fixed(asked, offered)
    aims = aims_of(question, parts)
    question = replace(question, year=asked.by)
    # Without budgets by year an earlier start never helps but by what it serves: starts that cost
    # more and serve nothing more are left out.
    if not isinstance(budget, Mapping):
        offered = tuple(offer.worthwhile(horizon) for offer in offered)
    supplies = supplies_of(question, offered, aims, horizon.target_years)
    unknown = [str(year) for year, supply in supplies.items() if supply.need <= 0.0]
    if unknown:
        raise OptionError(
            f"{net.name} knows no demand in {', '.join(unknown)} of what the target is about",
            hint="demand.csv says what is asked for, contents.csv what products hold",
        )
    planner = Planner(_choices(offered, horizon, budget), supplies)
    return PlanCase(asked, question, planner, horizon, aims, parts, fixed, left)


def require_told(case: PlanCase) -> None:
    """Refuse, before anything is solved, what a plan has no answer to.

    A target or budget that is missing, two objectives, or the cost of one nation to be split.
    """
    asked = case.asked
    has_target, is_robust = asked.target is not None, bool(asked.regret) or asked.risk is not None
    if not has_target and (asked.worth or asked.split):
        raise OptionError("what is saved is reported of a plan with a target", hint="give a target")
    if not has_target and (asked.draws or asked.alternatives):
        raise OptionError("chance and alternatives are those of a target", hint="give a target")
    if asked.split and len({aim.nation for aim in case.aims}) < 2:
        raise OptionError(
            "the cost of a plan of one nation cannot be split",
            hint="name several in to, or leave split out",
        )
    if asked.keep is not None and not asked.alternatives:
        raise OptionError("only other plans are kept", hint="ask for them: alternatives=20")
    if asked.regret and (asked.risk is not None or (has_target and asked.budget is not None)):
        raise OptionError(
            "least regret is that of a target or of a budget",
            hint="give one of them, and no risk",
        )
    if asked.risk is not None:
        if not 0.0 <= asked.risk < 1.0:
            raise OptionError(f"a risk of {asked.risk:g}", hint="write 0.8 for the worst fifth")
        if not has_target or asked.budget is None or not asked.draws:
            raise OptionError(
                "what is missed at risk needs a target, a budget and draws",
                hint="give target='coverage=0.5', budget=200e6 and draws=200",
            )
    if is_robust and (asked.alternatives or asked.worth or asked.split):
        raise OptionError(
            "other plans and what they save are reported of the cheapest plan",
            hint="leave regret and risk out",
        )


def solved(case: PlanCase) -> Solution:
    """Return the plan of a case by its objective, and what proves it.

    An InfeasibleError says which limits forbid the target.
    """
    planner, asked, limit = case.planner, case.asked, case.asked.time_limit
    if asked.regret:
        return Solution("regret", *_of_least_regret(case))
    try:
        if asked.risk is not None:
            # Decided on other draws than those that the outcome is reported of: a plan looks better
            # on the futures that it was chosen for.
            draws = drawn(planner, min(asked.draws, DECIDING), seed=asked.seed + 1)
            plan, bound, missed = least_at_risk(
                planner, draws, case.fixed, level=asked.risk, time_limit=limit
            )
            return Solution("risk", plan, bound, at_risk=missed)
        if asked.target is None:
            return Solution("coverage", *planner.widest(fixed=case.fixed, time_limit=limit))
        return Solution("cost", *planner.cheapest(fixed=case.fixed, time_limit=limit))
    except InfeasibleError as error:
        raise reason(planner, case.fixed) from error


def _name(scenario: str | Scenario) -> str:
    return scenario if isinstance(scenario, str) else scenario.name


def _of_least_regret(case: PlanCase) -> tuple[Plan, Bound, tuple[Outcome, ...]]:
    """Return the plan of least regret; of a target that cannot be reached, where it cannot."""
    planner, asked, years = case.planner, case.asked, case.horizon.target_years
    offered = planner.choices.offered
    worlds = {"as asked": planner.supplies}
    for scenario in asked.regret:  # the years of the target with the same options
        question = asked.question(scenario)
        worlds[_name(scenario)] = supplies_of(question, offered, case.aims, years)
    try:
        words: dict[str, Any] = {"part": case.part, "time_limit": asked.time_limit}
        return least_regret(planner, worlds, case.fixed, **words)
    except InfeasibleError:
        for name, supplies in worlds.items():
            alone = Planner(planner.choices, supplies)
            try:
                alone.least(fixed=case.fixed)
            except InfeasibleError:
                told = reason(alone, case.fixed)
                raise InfeasibleError(f"{name}: {told.message}", hint=told.hint) from None
        raise InfeasibleError(
            f"no choice reaches the target in {', '.join(worlds)} together, though in each alone",
            hint="ask for less, or leave a scenario out",
        ) from None


def _horizon(asked: Asked) -> Horizon:
    """Return the years of a plan, checked."""
    net, by, begin, discount = asked.net, asked.by, asked.begin, asked.discount
    rows = cast("tuple[Option, ...]", net.rows("options"))
    if begin is None:
        first = min((row.earliest_year - row.lead for row in rows), default=net.commodity.base_year)
        # this year's money is spent; a target that lies behind is asked of the past as it was
        begin = min(max(first, this_year() + 1) if by > this_year() else first, by)
    last = max((net.commodity.last_year, *(row.year for row in net.demand_rows)))
    until = max(last, by) if asked.until is None else asked.until
    if not begin <= by <= until <= last:
        raise OptionError(
            f"the years {begin}, {by} and {until} do not follow each other up to {last}",
            hint="begin <= by <= until, and the graph must know what is needed until then",
        )
    if not -0.5 < discount <= 1.0:
        raise OptionError(f"a discount of {discount:g} a year", hint="write 0.05 for 5 %")
    return Horizon(begin, by, until, discount)


def _fixed(asked: Asked, offered: tuple[Offer, ...]) -> dict[str, int]:
    """Return which options are chosen or left whatever they cost."""
    fixed: dict[str, int] = {}
    known = [row.id for row in cast("tuple[Option, ...]", asked.net.rows("options"))]
    open_ids = {offer.id for offer in offered}
    for value, names in ((1, asked.include), (0, asked.exclude)):
        for name in names:
            if name not in known:
                raise UnknownNameError(
                    f"{asked.net.name} has no option {name!r}", hint=did_you_mean(name, known)
                )
            if fixed.get(name, value) != value:
                raise OptionError(f"{name} is included and excluded at once")
            if value == 1 and name not in open_ids:
                raise OptionError(f"{name} cannot be chosen in these years, or comes by itself")
            if name in open_ids:
                fixed[name] = value
    return fixed


def _choices(
    offered: tuple[Offer, ...], horizon: Horizon, budget: float | Mapping[int, float] | None
) -> Choices:
    """Return the choices with what may be spent, by year or in all."""
    by_year, whole = (budget, None) if isinstance(budget, Mapping) else ({}, budget)
    if strange := sorted(set(by_year) - set(horizon.years)):
        raise OptionError(
            f"the budget speaks of {strange[0]}, and the plan of {horizon.begin} to {horizon.until}"
        )
    if min((whole or 0.0, *by_year.values())) < 0.0:
        raise OptionError("a budget cannot be negative")
    return Choices(offered, horizon, dict(by_year), whole)
