"""The question of a plan as programs: who reaches what by when, and by which options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.decisions.chance import drawn
from supplynet.analysis.decisions.choice import Choices
from supplynet.analysis.decisions.forbids import reason
from supplynet.analysis.decisions.offers import Horizon, Offer, offers
from supplynet.analysis.decisions.planner import Planner
from supplynet.analysis.decisions.regret import least_regret
from supplynet.analysis.decisions.risk import least_at_risk
from supplynet.analysis.decisions.rows import NotOffered
from supplynet.analysis.decisions.supply import Aim, Supply, supplies_of
from supplynet.analysis.decisions.target import aims_of, parts_of
from supplynet.analysis.potential.ask import require_drawing
from supplynet.analysis.question import Question, ask
from supplynet.errors import InfeasibleError, OptionError, UnknownNameError
from supplynet.network.problems import did_you_mean
from supplynet.network.scenario.years import this_year
from supplynet.network.schema import Option

if TYPE_CHECKING:
    from pathlib import Path

    from supplynet.analysis.decisions.planner import Bound, Plan
    from supplynet.analysis.decisions.regret import Worlds
    from supplynet.analysis.decisions.rows import Outcome
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario
    from supplynet.network.tiers import Floors

#: draws by which it is decided what to choose; what comes of it is told of others
DECIDING = 50


@dataclass(frozen=True)
class Beside:
    """What is asked beside the plan itself; parameters are those of :func:`supplynet.plan`."""

    alternatives: int = 0
    keep: Path | None = None
    curve: float | None = None
    draws: int = 0
    chance: float = 0.8
    seed: int = 0
    worth: tuple[str, ...] = ()
    split: bool = False
    regret: tuple[str | Scenario, ...] = ()
    risk: float | None = None

    def words(self) -> dict[str, Any]:
        """Return what makes the answer another one, in plain types."""
        return {
            "alternatives": self.alternatives,
            "curve": self.curve,
            "draws": self.draws,
            "seed": self.seed,
            "worth": list(self.worth),
            "split": self.split,
            "regret": [_name(scenario) for scenario in self.regret],
            "risk": self.risk,
        }


@dataclass(frozen=True, eq=False)
class PlanCase:
    """The programs of a plan."""

    net: SupplyNetwork = field(repr=False)  #: as it was given, before its scenarios
    question: Question  #: of the first year of the target, before anything is chosen
    planner: Planner = field(repr=False)
    horizon: Horizon
    aims: tuple[Aim, ...]
    #: parts that are to be covered; None for the most of a budget
    wanted: Mapping[str, float] | None
    parts: tuple[tuple[str, float], ...]
    budget: float | Mapping[int, float] | None
    fixed: Mapping[str, int]
    left: Mapping[str, str] = field(repr=False)  #: why options cannot be chosen
    #: words of the question that a scenario asks again
    asked: Mapping[str, Any] = field(repr=False)
    scenario: tuple[str | Scenario, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    time_limit: float | None = None

    @property
    def part(self) -> float | None:
        """The greatest part that is to be covered; None for the most of a budget."""
        return None if self.wanted is None else max(aim.part for aim in self.aims)

    def words(self) -> dict[str, Any]:
        """Return what makes the answer another one, in plain types."""
        budget = self.budget
        return {
            "target": None if self.wanted is None else dict(self.wanted),
            "budget": dict(budget) if isinstance(budget, Mapping) else budget,
            "begin": self.horizon.begin,
            "until": self.horizon.until,
            "discount": self.horizon.discount,
            "include": sorted(self.include),
            "exclude": sorted(self.exclude),
        }

    def not_offered(self) -> tuple[NotOffered, ...]:
        """Return the options that could not be chosen, and why."""
        rows = cast("tuple[Option, ...]", self.question.net.rows("options"))
        return tuple(
            NotOffered(row.id, row.name, self.left[row.id]) for row in rows if row.id in self.left
        )

    def under(self, scenario: str | Scenario) -> Mapping[int, Supply]:
        """Return the years of the target under one more scenario, with the same options."""
        question = ask(self.net, **{**self.asked, "scenario": [*self.scenario, scenario]})
        return supplies_of(
            question, self.planner.choices.offered, self.aims, self.horizon.target_years
        )


@dataclass(frozen=True, eq=False)
class Solution:
    """The plan of a case, and what proves it."""

    objective: str  #: one of "cost", "coverage", "regret", "risk"
    plan: Plan
    bound: Bound
    outcomes: tuple[Outcome, ...] = ()  #: in each scenario, of a plan of least regret
    #: shortfall at risk on the draws that decided, of a plan of least risk
    at_risk: float | None = None


def case_of(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    by: int,
    target: str | float | Mapping[str, float] | None,
    budget: float | Mapping[int, float] | None,
    avoid: str | Iterable[str] | None,
    until: int | None,
    begin: int | None,
    discount: float,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    floor: Floors,
    lens: str,
    scenario: tuple[str | Scenario, ...],
    time_limit: float | None,
) -> PlanCase:
    """Return the programs of a plan; parameters are those of :func:`supplynet.plan`."""
    year = min(max(by, net.commodity.first_year), net.commodity.last_year)
    words: dict[str, Any] = {"to": to, "avoid": avoid, "year": year, "lens": lens}
    words |= {"links": floor.links, "plants": floor.plants}
    asked = ask(net, scenario=scenario or None, **words)
    require_drawing(asked)
    wanted = _wanted(asked, target, budget)
    parts = parts_of(asked, 1.0) if wanted is None else wanted
    horizon = _horizon(net, by, until, begin, discount)
    offered, left = offers(asked, horizon)
    fixed = _fixed(net, offered, include, exclude)
    question = replace(asked, year=by)
    aims = aims_of(asked, parts)
    # Without budgets by year an earlier start never helps but by what it serves: starts that cost
    # more and serve nothing more are left out.
    if not isinstance(budget, Mapping):
        offered = tuple(offer.worthwhile(horizon) for offer in offered)
    supplies = supplies_of(question, offered, aims, horizon.target_years)
    unknown = [str(year) for year, supply in supplies.items() if supply.need <= 0.0]
    if unknown:
        raise OptionError(
            f"{net.name} knows no need in {', '.join(unknown)} of what the target is about",
            hint="demand.csv says what is asked for, contents.csv what products hold",
        )
    return PlanCase(
        net=net,
        question=question,
        planner=Planner(_choices(offered, horizon, budget), supplies),
        horizon=horizon,
        aims=aims,
        wanted=wanted,
        parts=tuple(parts.items()),
        budget=budget,
        fixed=fixed,
        left=left,
        asked=words,
        scenario=scenario,
        include=include,
        exclude=exclude,
        time_limit=time_limit,
    )


def require_told(case: PlanCase, beside: Beside) -> None:
    """Refuse, before anything is solved, what a plan has no answer to.

    A target or budget that is missing, two objectives, or the cost of one nation to be split.
    """
    has_target, is_robust = case.wanted is not None, bool(beside.regret) or beside.risk is not None
    if not has_target and (beside.worth or beside.split):
        raise OptionError("what is saved is told of a plan with a target", hint="give a target")
    if not has_target and (beside.draws or beside.alternatives):
        raise OptionError("chance and alternatives are those of a target", hint="give a target")
    if beside.split and len({aim.nation for aim in case.aims}) < 2:
        raise OptionError(
            "the cost of a plan of one nation cannot be split",
            hint="name several in to, or leave split out",
        )
    if beside.keep is not None and not beside.alternatives:
        raise OptionError("only other plans are kept", hint="ask for them: alternatives=20")
    if beside.regret and (beside.risk is not None or (has_target and case.budget is not None)):
        raise OptionError(
            "least regret is that of a target or of a budget",
            hint="give one of them, and no risk",
        )
    if beside.risk is not None:
        if not 0.0 <= beside.risk < 1.0:
            raise OptionError(f"a risk of {beside.risk:g}", hint="write 0.8 for the worst fifth")
        if not has_target or case.budget is None or not beside.draws:
            raise OptionError(
                "what is missed at risk needs a target, a budget and draws",
                hint="give target='coverage=0.5', budget=200e6 and draws=200",
            )
    if is_robust and (beside.alternatives or beside.worth or beside.split):
        raise OptionError(
            "other plans and what they save are told of the cheapest plan",
            hint="leave regret and risk out",
        )


def solved(case: PlanCase, beside: Beside) -> Solution:
    """Return the plan of a case by its objective, and what proves it.

    An InfeasibleError says which limits forbid the target.
    """
    planner, words = case.planner, {"fixed": case.fixed, "time_limit": case.time_limit}
    if beside.regret:
        worlds = {"as asked": planner.supplies}
        worlds |= {_name(scenario): case.under(scenario) for scenario in beside.regret}
        return Solution("regret", *_of_least_regret(case, worlds))
    try:
        if beside.risk is not None:
            # Decided on other draws than those that the outcome is told of: a plan looks better on
            # the futures that it was chosen for.
            draws = drawn(planner, min(beside.draws, DECIDING), seed=beside.seed + 1)
            plan, bound, missed = least_at_risk(
                planner, draws, case.fixed, level=beside.risk, time_limit=case.time_limit
            )
            return Solution("risk", plan, bound, at_risk=missed)
        if case.wanted is None:
            return Solution("coverage", *planner.widest(**words))
        return Solution("cost", *planner.cheapest(**words))
    except InfeasibleError as error:
        raise reason(planner, case.fixed) from error


def _name(scenario: str | Scenario) -> str:
    return scenario if isinstance(scenario, str) else scenario.name


def _of_least_regret(case: PlanCase, worlds: Worlds) -> tuple[Plan, Bound, tuple[Outcome, ...]]:
    """Return the plan of least regret; of a target that cannot be reached, where it cannot."""
    planner, words = case.planner, {"part": case.part, "time_limit": case.time_limit}
    try:
        return least_regret(planner, worlds, case.fixed, **words)
    except InfeasibleError:
        for name, years in worlds.items():
            alone = Planner(planner.choices, years)
            try:
                alone.least(fixed=case.fixed)
            except InfeasibleError:
                told = reason(alone, case.fixed)
                raise InfeasibleError(f"{name}: {told.message}", hint=told.hint) from None
        raise InfeasibleError(
            f"no choice reaches the target in {', '.join(worlds)} together, though in each alone",
            hint="ask for less, or leave a scenario out",
        ) from None


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


def _horizon(
    net: SupplyNetwork, by: int, until: int | None, begin: int | None, discount: float
) -> Horizon:
    """Return the years of a plan, checked."""
    rows = cast("tuple[Option, ...]", net.rows("options"))
    first = min((row.earliest_year - row.lead for row in rows), default=net.commodity.base_year)
    if begin is None:
        # this year's money is spent; a target that lies behind is asked of the past as it was
        begin = min(max(first, this_year() + 1) if by > this_year() else first, by)
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
