"""The question of a plan as programs: who reaches what by when, by which options, and beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from supplynet.analysis.decisions.alternatives import KeptPlans, others_of
from supplynet.analysis.decisions.chance import chance_of, drawn, least_at_risk, least_regret
from supplynet.analysis.decisions.choice import Choices
from supplynet.analysis.decisions.offers import Horizon, Offer, chain, offers
from supplynet.analysis.decisions.planner import Bound, Planner, points_of
from supplynet.analysis.decisions.rows import NationCost, SetWorth
from supplynet.analysis.decisions.supply import Aim, supplies_of
from supplynet.analysis.flow.bypass import contributions
from supplynet.analysis.potential.ask import require_drawing
from supplynet.analysis.question import Question, ask
from supplynet.errors import InfeasibleError, OptionError, UnknownNameError
from supplynet.network.scenario.scenario import scenario_list
from supplynet.network.scenario.years import present_and_later, this_year
from supplynet.network.selector import select
from supplynet.terms import did_you_mean
from supplynet.text import listing, share

if TYPE_CHECKING:
    from supplynet.analysis.decisions.planner import Plan
    from supplynet.analysis.decisions.rows import Outcome, Query
    from supplynet.analysis.provenance import Provenance
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario
    from supplynet.network.schema import Option
    from supplynet.solve.check import Certificate


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
    values = needed(question)
    for name, fraction in parts.items():
        if name not in values:
            raise UnknownNameError(
                f"{question.to_name} needs nothing called {name!r}; it needs {', '.join(values)}",
                hint=did_you_mean(name, values),
            )
        if not 0.0 < fraction <= 1.0:
            raise OptionError(
                f"a coverage of {fraction:g} cannot be a target",
                hint="give a part of 1, such as 0.5",
            )
    return parts


def _part(question: Question, text: str) -> tuple[str, float]:
    name, is_told, value = text.partition("=")
    figure, _, of = name.strip().partition(":")
    try:
        fraction = float(value)
    except ValueError:
        fraction = float("nan")
    if figure != COVERAGE or not is_told or fraction != fraction:
        raise OptionError(f"{text!r} is no target", hint=_HINT)
    return of.strip() or usual_form(question), fraction


def needed(question: Question) -> dict[str, frozenset[str]]:
    """Return the products that each form and product stands for, of what is asked for."""
    net, products = question.net, {}
    for row in net.demand_rows:
        if row.nation in question.targets and row.role == "final":
            products[row.product] = net.product_by_id[row.product].form
    forms = {
        form.name: frozenset(name for name, of in products.items() if of == form.name)
        for form in net.commodity.forms
        if form.name in products.values()
    }
    return {
        **forms,
        **{product: frozenset({product}) for product in products if product not in forms},
    }


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
        Aim(nation, products[name], fraction)
        for nation in sorted(question.targets & asking)
        for name, fraction in parts.items()
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
    most, year = min((portion, year) for year, portion in parts.items())
    supply = planner.supplies[year]
    fraction = max(aim.part for aim in supply.aims)
    limits = _limits(planner.choices, fixed)

    def can(selection: frozenset[str]) -> bool:
        choices, still = planner.choices, dict(fixed)
        for name, lift in limits.items():
            if name not in selection:
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
        sets = (group for size in sizes for group in combinations(limits, size))
        clash = next(rows for rows in sets if not can(frozenset(rows)))
        together = " together" if len(clash) > 1 else ""
        blame = f"{listing(clash)}{together} forbid{'' if together else 's'} it"
        return InfeasibleError(
            f"no choice covers {share(fraction)} in every year from {min(planner.supplies)} to "
            f"{max(planner.supplies)}: {blame}",
            hint=f"lift one of them, or ask for less; every option at its earliest covers "
            f"{share(most)} in {year}",
        )
    full = supply.value(np.ones(len(supply.given))).tonnes / supply.need
    return InfeasibleError(
        f"no choice covers {share(fraction)} in {year}: with every option at full capacity it is "
        f"{share(full)}, and the plants and links of the graph forbid more",
        hint="ask for less, or give the graph more options",
    )


Lift = Callable[[Choices, dict[str, int]], tuple[Choices, dict[str, int]]]


def _limits(choices: Choices, fixed: Mapping[str, int]) -> dict[str, Lift]:
    """Return what can be lifted, by name; what holds nothing is left out."""
    limits: dict[str, Lift] = {}
    if choices.budget is not None:
        limits["the budget"] = lambda options, still: (replace(options, budget=None), still)

    def without(group: Mapping[Any, Any], name: object) -> dict[Any, Any]:
        return {key: value for key, value in group.items() if key != name}

    for year in choices.budgets:
        limits[f"the budget of {year}"] = lambda inputs, still, year=year: (  # type: ignore[misc]
            replace(inputs, budgets=without(inputs.budgets, year)),
            still,
        )
    for name, value in fixed.items():
        limits[f"that {name} is {'' if value else 'not '}chosen"] = (
            lambda values, still, name=name: (values, without(still, name))  # type: ignore[misc]
        )

    def each(change: Callable[[Offer], Offer]) -> Lift:
        return lambda setting, still: (
            replace(setting, offered=tuple(change(offer) for offer in setting.offered)),
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


def _settled(net: SupplyNetwork, query: Query) -> Query:
    """Return a query of which nothing is left open: lists in full, a budget in USD, its year."""
    return replace(
        query,
        by=present_and_later(net)[1] if query.by is None else query.by,
        budget=_budget(query.budget),
        include=tuple(query.include),
        exclude=tuple(query.exclude),
        worth=(query.worth,) if isinstance(query.worth, str) else tuple(query.worth),
        regret=scenario_list(query.regret),
        scenario=scenario_list(query.scenario),
    )


def _budget(
    budget: str | float | Mapping[int, float] | Iterable[str] | None,
) -> float | Mapping[int, float] | None:
    """Return what may be spent in USD, in all or by year."""
    if budget is None or isinstance(budget, int | float | Mapping):
        return budget
    texts = (budget,) if isinstance(budget, str) else tuple(budget)
    if len(texts) == 1 and "=" not in texts[0]:
        return _money(texts[0])
    pairs = [piece.partition("=") for text in texts for piece in text.split(",")]
    if not all(year.strip().isdecimal() for year, _, _ in pairs):
        raise _no_budget(" ".join(texts))
    return {int(year): _money(money) for year, _, money in pairs}


#: what an amount of money is counted in
_UNITS = {
    **dict.fromkeys(("", "usd"), 1.0),
    "k": 1e3,
    **dict.fromkeys(("m", "million"), 1e6),
    **dict.fromkeys(("bn", "b", "billion"), 1e9),
}
_MONEY = re.compile(r"(?P<number>\d[\d_]*\.?\d*(?:e\+?\d+)?) ?(?P<unit>[a-z]*)(?: ?usd)?")
#: an amount below this without a unit may have been meant in millions
_LEAST = 1e5


def _money(text: str) -> float:
    """Return USD; an amount whose unit could be another is refused."""
    read = _MONEY.fullmatch(text.strip().lower())
    if read is None or read["unit"] not in _UNITS:
        raise _no_budget(text)
    amount = float(read["number"]) * _UNITS[read["unit"]]
    if not math.isfinite(amount):
        raise _no_budget(text)
    if not read["unit"] and 0.0 < amount < _LEAST:
        raise OptionError(
            f'budget="{text}" is ambiguous: write {text}M for millions of USD, or {text}USD'
        )
    return amount


def _no_budget(text: str) -> OptionError:
    return OptionError(
        f'budget="{text}" is no budget; write 500M, 0.5bn or 500e6, or 2027=100M,2028=200M'
    )


def _question(net: SupplyNetwork, query: Query, *more: str | Scenario) -> Question:
    """Return what is asked of the year of the target, under more scenarios."""
    first, last = net.commodity.first_year, net.commodity.last_year
    scenario = [*scenario_list(query.scenario), *more] or None
    year = min(max(cast(int, query.by), first), last)
    return ask(net, **{**query.asked(), "year": year, "scenario": scenario})


#: words of a plan that are asked beside it
BESIDE = ("alternatives", "curve", "draws", "seed", "worth", "split", "regret", "risk")


@dataclass(frozen=True, repr=False, eq=False)
class PlanCase:
    """The programs of a plan."""

    net: SupplyNetwork  #: before scenarios
    query: Query
    question: Question  #: of the first year of the target, before anything is chosen
    planner: Planner
    horizon: Horizon
    aims: tuple[Aim, ...]
    parts: Mapping[str, float]  #: that are to be covered; all for the most of a budget
    fixed: Mapping[str, int]
    left: Mapping[str, str]  #: why options cannot be chosen

    @property
    def part(self) -> float | None:
        """The greatest part that is to be covered; None for the most of a budget."""
        return None if self.query.target is None else max(aim.part for aim in self.aims)

    def words(self) -> dict[str, Any]:
        """Return what makes the answer another one, in plain types."""
        query, choices, horizon = self.query, self.planner.choices, self.horizon
        return {
            "target": None if query.target is None else dict(self.parts),
            "budget": dict(choices.budgets) or choices.budget,
            "begin": horizon.begin,
            "until": horizon.until,
            "discount": horizon.discount,
            "include": sorted(query.include),
            "exclude": sorted(query.exclude),
            **{name: getattr(query, name) for name in BESIDE},
            "regret": [_name(scenario) for scenario in scenario_list(query.regret)],
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


def case_of(net: SupplyNetwork, options: Query) -> PlanCase:
    """Return the programs of a plan."""
    query = _settled(net, options)
    question = _question(net, query)
    require_drawing(question)
    if query.target is None and query.budget is None:
        raise OptionError(
            "neither a target nor a budget is given",
            hint="write target='coverage=0.5', or budget='500M' for the most that it covers",
        )
    parts = parts_of(question, 1.0 if query.target is None else query.target)
    horizon = _horizon(net, query)
    offered, left = offers(question, horizon)
    fixed = _fixed(net, query, offered)
    aims = aims_of(question, parts)
    question = replace(question, year=horizon.by)
    choices = _choices(offered, horizon, query.budget)
    # Without budgets by year an earlier start never helps but by what it serves: starts that cost
    # more and serve nothing more are left out.
    if not choices.budgets:
        choices = replace(choices, offered=tuple(offer.worthwhile(horizon) for offer in offered))
    supplies = supplies_of(question, choices.offered, aims, horizon.target_years)
    unknown = [str(year) for year, supply in supplies.items() if supply.need <= 0.0]
    if unknown:
        raise OptionError(
            f"{net.name} knows no demand in {', '.join(unknown)} of what the target is about",
            hint="demand.csv says what is asked for, contents.csv what products hold",
        )
    planner = Planner(choices, supplies)
    return PlanCase(net, query, question, planner, horizon, aims, parts, fixed, left)


def require_told(case: PlanCase) -> None:
    """Refuse, before anything is solved, what a plan has no answer to.

    A target or budget that is missing, two objectives, or the cost of one nation to be split.
    """
    query = case.query
    has_target, is_robust = query.target is not None, bool(query.regret) or query.risk is not None
    if not has_target and (query.worth or query.split):
        raise OptionError("what is saved is reported of a plan with a target", hint="give a target")
    if not has_target and (query.draws or query.alternatives):
        raise OptionError("chance and alternatives are those of a target", hint="give a target")
    if query.split and len({aim.nation for aim in case.aims}) < 2:
        raise OptionError(
            "the cost of a plan of one nation cannot be split",
            hint="name several in to, or leave split out",
        )
    if query.keep is not None and not query.alternatives:
        raise OptionError("only other plans are kept", hint="ask for them: alternatives=20")
    if query.regret and (query.risk is not None or (has_target and query.budget is not None)):
        raise OptionError(
            "least regret is that of a target or of a budget",
            hint="give one of them, and no risk",
        )
    if query.risk is not None:
        if query.risk == 1.0:
            raise OptionError(f"a risk of {query.risk:g}", hint="write 0.8 for the worst fifth")
        if not has_target or query.budget is None or not query.draws:
            raise OptionError(
                "what is missed at risk needs a target, a budget and draws",
                hint="give target='coverage=0.5', budget=200e6 and draws=200",
            )
    if is_robust and (query.alternatives or query.worth or query.split):
        raise OptionError(
            "other plans and what they save are reported of the cheapest plan",
            hint="leave regret and risk out",
        )


def solved(case: PlanCase) -> Solution:
    """Return the plan of a case by its objective, and what proves it.

    An InfeasibleError says which limits forbid the target.
    """
    planner, query, limit = case.planner, case.query, case.query.time_limit
    if query.regret:
        return Solution("regret", *_of_least_regret(case))
    try:
        if query.risk is not None:
            # Decided on other draws than those that the outcome is reported of: a plan looks better
            # on the futures that it was chosen for.
            draws = drawn(planner, min(query.draws, DECIDING), seed=query.seed + 1)
            plan, bound, missed = least_at_risk(
                planner, draws, case.fixed, level=query.risk, time_limit=limit
            )
            return Solution("risk", plan, bound, at_risk=missed)
        if query.target is None:
            return Solution("coverage", *planner.widest(fixed=case.fixed, time_limit=limit))
        return Solution("cost", *planner.cheapest(fixed=case.fixed, time_limit=limit))
    except InfeasibleError as error:
        raise reason(planner, case.fixed) from error


def _name(scenario: str | Scenario) -> str:
    return scenario if isinstance(scenario, str) else scenario.name


def _of_least_regret(case: PlanCase) -> tuple[Plan, Bound, tuple[Outcome, ...]]:
    """Return the plan of least regret; of a target that cannot be reached, where it cannot."""
    planner, query, years = case.planner, case.query, case.horizon.target_years
    offered = planner.choices.offered
    worlds = {"as asked": planner.supplies}
    # the years of the target with the same options
    for scenario in scenario_list(query.regret):
        question = _question(case.net, query, scenario)
        worlds[_name(scenario)] = supplies_of(question, offered, case.aims, years)
    try:
        options: dict[str, Any] = {"part": case.part, "time_limit": query.time_limit}
        return least_regret(planner, worlds, case.fixed, **options)
    except InfeasibleError:
        for name, supplies in worlds.items():
            alone = Planner(planner.choices, supplies)
            try:
                alone.least(fixed=case.fixed)
            except InfeasibleError:
                error = reason(alone, case.fixed)
                raise InfeasibleError(f"{name}: {error.message}", hint=error.hint) from None
        raise InfeasibleError(
            f"no choice reaches the target in {', '.join(worlds)} together, though in each alone",
            hint="ask for less, or leave a scenario out",
        ) from None


def _horizon(net: SupplyNetwork, query: Query) -> Horizon:
    """Return the years of a plan, checked."""
    by, begin = cast(int, query.by), query.begin
    rows = cast("tuple[Option, ...]", net.rows("options"))
    if begin is None:
        first = min((row.earliest_year - row.lead for row in rows), default=net.commodity.base_year)
        # this year's money is spent; a target that lies behind is asked of the past as it was
        begin = min(max(first, this_year() + 1) if by > this_year() else first, by)
    last = max((net.commodity.last_year, *(row.year for row in net.demand_rows)))
    until = max(last, by) if query.until is None else query.until
    if not begin <= by <= until <= last:
        raise OptionError(
            f"the years {begin}, {by} and {until} do not follow each other up to {last}",
            hint="begin <= by <= until, and the graph must know what is needed until then",
        )
    return Horizon(begin, by, until, query.discount)


def _fixed(net: SupplyNetwork, query: Query, offered: tuple[Offer, ...]) -> dict[str, int]:
    """Return which options are chosen or left whatever they cost."""
    fixed: dict[str, int] = {}
    allowed = [row.id for row in cast("tuple[Option, ...]", net.rows("options"))]
    open_ids = {offer.id for offer in offered}
    for value, names in ((1, query.include), (0, query.exclude)):
        for name in names:
            if name not in allowed:
                raise UnknownNameError(
                    f"{net.name} has no option {name!r}", hint=did_you_mean(name, allowed)
                )
            if fixed.get(name, value) != value:
                raise OptionError(f"{name} is included and excluded at once")
            if value == 1 and name not in open_ids:
                raise OptionError(f"{name} cannot be chosen in these years, or comes by itself")
            if name in open_ids:
                fixed[name] = value
    return fixed


def _choices(offered: tuple[Offer, ...], horizon: Horizon, budget: Any) -> Choices:
    """Return the choices with what may be spent, by year or in all."""
    by_year, total = (budget, None) if isinstance(budget, Mapping) else ({}, budget)
    if strange := sorted(set(by_year) - set(horizon.years)):
        raise OptionError(
            f"the budget speaks of {strange[0]}, and the plan of {horizon.begin} to {horizon.until}"
        )
    if min((total or 0.0, *by_year.values())) < 0.0:
        raise OptionError("a budget cannot be negative")
    return Choices(offered, horizon, dict(by_year), total)


def worths_of(case: PlanCase, plan: Plan) -> tuple[tuple[SetWorth, ...], list[Certificate]]:
    """Return what the plan would cost more without each set of options, and what proves it.

    The next best plan reaches the same target in the same years and takes none of the set. An
    option of a set that is included whatever it costs is an OptionError.
    """
    rows, checks, offered = [], [], case.planner.choices.offered
    for name in case.query.worth:
        ids = tuple(offer.id for offer in _of_set(case.question.net, offered, name))
        needed = [text for text in ids if case.fixed.get(text) == 1]
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


def _of_set(net: SupplyNetwork, offered: Sequence[Offer], name: str) -> tuple[Offer, ...]:
    """Return the options of a set: those of the ids, else those of which a plant is selected."""
    ids = [text.strip() for text in name.split(",")]
    options = cast("tuple[Option, ...]", net.rows("options"))
    if set(ids) <= {row.id for row in options}:
        selection = tuple(offer for offer in offered if offer.id in ids)
    else:
        nodes = select(net, name).surely
        selection = tuple(
            offer for offer in offered if offer.row.nodes and nodes & set(chain(net, offer.row))
        )
    if not selection:
        raise OptionError(f"no option that can be chosen is of {name}")
    return selection


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
        NationCost(
            nation,
            contribution.alone,
            contribution.marginal,
            contribution.shapley,
            contribution.alone - contribution.shapley,
        )
        for nation, contribution in parts.items()
    )
    return rows, checks


def further_of(case: PlanCase, solution: Solution, source: Provenance) -> dict[str, Any]:
    """Return what was asked for beside a plan, by field of its result, and its certificates.

    Plans that are kept are of `source`.
    """
    planner, plan, query = case.planner, solution.plan, case.query
    further: dict[str, Any] = {"certificates": []}
    if query.alternatives:
        plans = None
        if query.keep is not None:
            # other plans are not of how many of them, nor of what is asked beside them
            record = source.to_dict()
            own = {name: word for name, word in record["options"].items() if name not in BESIDE}
            plans = KeptPlans(Path(query.keep), {**record, "options": own})
        further |= others_of(planner, plan, case.fixed, query.alternatives, plans)
    if query.curve is not None:
        further["curve"] = points_of(planner, case.fixed, query.curve)
    if query.draws:
        further |= chance_of(planner, query, case.fixed, plan)
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
