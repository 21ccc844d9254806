"""Plan: what to do to reach a target, from when, at what cost."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, cast

from supplynet.analysis.decisions.rows import (
    Added,
    Alternative,
    Chosen,
    CurvePoint,
    NationCost,
    NotOffered,
    OptionRange,
    Outcome,
    PlanLimit,
    PlanYear,
    Query,
    SetWorth,
    Surer,
)
from supplynet.analysis.flow.rows import CARRIED_BY, Carrier
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.query import sentence
from supplynet.contract.row import MillionUSD, Share, answered, col, rows
from supplynet.questions.declared import question
from supplynet.text import listing, million_usd, share_range
from supplynet.text import share as percent

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.model.case import Case
    from supplynet.network.schema import Option

#: parts of the work after which every year is built, and the plan chosen
_BUILT, _CHOSEN = 0.3, 0.6
#: arithmetic of a count of draws that is known where there are none
_OF_DRAWS = "None if asked.draws > 0 else 0"
#: arithmetic of the cost of options whose costs are estimates
_TARGET = "max(asked.target) if sum(asked.target) > 0 else 0"
_ESTIMATED = "sum(chosen.cost * (cell('options', 'confidence', chosen.option) != 'sourced'))"


class PlanResult(
    Answer,
    name="plan",
    title="What to do: the options that reach a target at least cost",
    headline=(Lead("cost", "cost", "cost_low", "cost_high", year="by"),),
    also=("meaning", "target", "coverage", "notes"),
    by={
        "coverage": "min(years.coverage, year >= by)",
        "n_offered": "rows('options') - count(others)",
        "assumed_share": f"{_ESTIMATED} / sum(chosen.cost) if sum(chosen.cost) > 0 else 0",
        "chosen.capacity": answered("capacity", "chosen", "option"),
        "chosen.decided": "start - cell('options', 'lead', option)",
        "years.target": f"({_TARGET}) if year >= by else 0",
        "carried_by.coverage": "tonnes / sum(years.need, year == until)",
    },
    document="supplynet.reports.results_plan.of_plan",
):
    """The options that reach a target at least cost, or cover most for a budget, with proof."""

    objective: str = col(
        "What the plan was found by: cost, coverage for a budget, regret over scenarios, or risk: "
        "what the worst draws miss."
    )
    parts: tuple[tuple[str, float], ...]  #: what is to be covered, by form or product
    cost: MillionUSD = col("Present value of all that is spent.")
    cost_low: MillionUSD = col("At the low end of all costs.")
    cost_high: MillionUSD = col("At the high end of all costs.")
    bound: MillionUSD = col("What no plan costs less than, as proved.", by=answered("bound"))
    discount: float = col("Rate at which later money counts less.", "share a year", by="asked")
    begin: int = col("First year in which money is spent.", by="asked")
    by: int = col("First year of the target.", by="asked.year")
    until: int = col("Last year of the target.", by="asked")
    n_offered: int = col("Options that could be chosen.")
    n_programs: int = col("Linear programs of the tree that proves the bound.", by="names")
    assumed_share: Share = col("Part of the cost of options whose costs are estimates.")
    n_draws: int = col(
        "Draws of delays and failures; 0 where none was asked for.", default=0, by="asked.draws"
    )
    chance_share: Share | None = col(
        "Of draws that reach the target in its first year.", default=None
    )
    chance_all_share: Share | None = col("Of draws that reach it in every year.", default=None)
    regret_share: Share | None = col(
        "Coverage that the best plan for as much money has more, knowing the draw: mean of all "
        "draws, at least.",
        default=None,
    )
    regret_high_share: Share | None = col(
        "The same, at most: linear relaxations bound draws whose best plan is not known.",
        default=None,
    )
    n_exact: int = col("Draws whose regret is exact.", default=0, by=_OF_DRAWS)
    chance_asked_share: Share | None = col("Of draws that are to reach the target.", default=None)
    surer_cost: MillionUSD | None = col("Of all that is added for it.", default=None)
    surer_bound: MillionUSD | None = col(
        "What nothing is cheaper than that does as well on the draws that decided, as proved.",
        default=None,
    )
    n_deciding: int = col("Draws that decided what to add.", default=0, by=_OF_DRAWS)
    risk_share: Share | None = col(
        "Mean of what the worst draws miss of the target in its first year.", default=None
    )
    risk_decided_share: Share | None = col("The same on the draws that decided.", default=None)
    chosen: tuple[Chosen, ...] = rows("What is chosen, the first first")
    years: tuple[PlanYear, ...] = rows("Year by year")
    carried_by: tuple[Carrier, ...] = rows(CARRIED_BY)
    limits: tuple[PlanLimit, ...] = rows("What holds the plan down in the first year of the target")
    options: tuple[OptionRange, ...] = rows(
        "What each option is among the plans that cost little more", default=()
    )
    alternatives: tuple[Alternative, ...] = rows("Plans that cost little more", default=())
    curve: tuple[CurvePoint, ...] = rows("The cost of resilience, point by point", default=())
    surer: tuple[Surer, ...] = rows("What to add so that it fails less often", default=())
    worths: tuple[SetWorth, ...] = rows(
        "What sets of options are worth against the next best plan", default=()
    )
    nations: tuple[NationCost, ...] = rows(
        "Together or alone: a fair part of the cost for each nation", default=()
    )
    outcomes: tuple[Outcome, ...] = rows("The plan of least regret in each scenario", default=())
    added: tuple[Added, ...] = rows("What each option of the plan adds", default=())
    others: tuple[NotOffered, ...] = rows("Options that could not be chosen")
    hint: str = ""  #: which year was taken where none was said; empty where one was

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return (
            "potential: who plans draws alone, with what runs by itself and what is chosen; money "
            "is what is spent on options, in dollars of the first year"
        )

    @property
    def target(self) -> str:
        """What is to be covered, in words."""
        return " and ".join(f"{percent(share)} of {name}" for name, share in self.parts)

    @property
    def coverage(self) -> Share:
        """Least coverage of all years of the target."""
        return min(row.coverage for row in self.years if row.year >= self.by)

    @property
    def first(self) -> PlanYear:
        """The first year of the target."""
        return next(row for row in self.years if row.year == self.by)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know."""
        net = self.question.net
        texts = list(self.question.notes)
        if self.until > net.commodity.last_year:
            texts.append(
                f"Years behind {net.commodity.last_year}, the last of the graph, have its links "
                "and plants, and the demand of their own year where the graph knows it."
            )
        texts.append(
            "Plants that are chosen buy and sell on links of any standing; others on "
            f"{self.question.counted}."
        )
        if self.stocks:
            texts.append(self.stocks)
        return tuple(texts)

    @property
    def stocks(self) -> str:
        """Where on the curve a stock is cheaper than a plant, in words; empty without either."""
        if not self.curve:
            return ""
        from supplynet.analysis.decisions.offers import stocks_on_curve

        steps = [(point.coverage, point.entering, point.leaving) for point in self.curve]
        left = {row.option for row in self.others}
        rows = cast("tuple[Option, ...]", self.question.net.rows("options"))
        return stocks_on_curve(steps, [row for row in rows if row.id not in left])

    def to_frame(self, table: str | None = None) -> pd.DataFrame:
        """Return what is chosen with what all of it costs; or a table by name."""
        frame = super().to_frame(table)
        return frame if table else frame.assign(cost_all=self.cost)


@question(
    "plan",
    title="",
    together="",
    metrics={
        "cost": attrgetter("cost"),
        "coverage": attrgetter("coverage"),
        "options": lambda answer: len(answer.chosen),
    },
)
def plan(case: Case, query: Query) -> PlanResult:
    """What should be done to reach a target, from when, and what does it cost?

    Options are rows of the table options. The plan takes each as a whole, from a year on, so that
    whoever plans covers the target in each of its years with exclusive access, at the least cost:
    no plan of these options costs less. Without a target it covers the most that a budget allows.
    What a choice brings is worked out by the balance of each year, so that metal without oxide
    brings nothing. Links and plants are those that come by themselves; scenarios are the shock that
    the target holds under. Each choice is explained.

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
    >>> answer = plan(net, to="MLT", by=2026, target=0.3, **asked)
    >>> [row.option for row in answer.chosen], answer.certificate.ok
    (['thrift'], True)
    """
    from supplynet.analysis.decisions.case import case_of, further_of, require_told, solved
    from supplynet.analysis.decisions.evidence import plan_proof
    from supplynet.analysis.decisions.told import Told
    from supplynet.analysis.provenance import provenance
    from supplynet.solve.check import worst
    from supplynet.solve.together import tell, within

    with within(0.0, _BUILT):
        programs = case_of(case.net, query)
    require_told(programs)
    tell("Choosing", _BUILT)
    solution = solved(programs)
    with within(_CHOSEN, 1.0):
        explanation = Told(programs, solution.plan)
        tables = explanation.tables(query)
        source = provenance(programs.question, **programs.words())
        further = further_of(programs, solution, source)
    bounds = (programs.planner.choices.cost_ends @ solution.plan.x).tolist()
    horizon, checks = programs.horizon, [solution.bound.certificate, *explanation.certificates]
    note = f"Note: The target holds from {horizon.by} on; --by gives another year."
    return PlanResult(
        question=programs.question,
        objective=solution.objective,
        parts=tuple(programs.parts.items()),
        cost=solution.plan.cost,
        cost_low=min(bounds),
        cost_high=max(bounds),
        bound=solution.bound.value,
        **vars(horizon),
        n_offered=len(programs.planner.choices.offered),
        n_programs=solution.bound.n_programs,
        assumed_share=explanation.assumed_share(),
        certificate=worst([*checks, *further.pop("certificates")]),
        evidence=partial(plan_proof, explanation),
        provenance=source,
        outcomes=solution.outcomes,
        risk_decided_share=solution.at_risk,
        hint="" if query.by else note,
        **tables,
        **further,
    )


@sentence(PlanResult)
def say(result: PlanResult) -> str:
    """Return the answer in sentences: coverage and cost with their ranges, and the proof."""
    from supplynet.present.words import capitalized, count, target, without

    first, query = result.first, result.question
    span = share_range(first.coverage_low, first.coverage_high)
    text = (
        f"{capitalized(target(query))} could cover {percent(first.coverage)} in {result.by}"
        f"{without(query)}, with exclusive access (data range {span}), "
    )
    if result.chosen:
        text += (
            f"for {million_usd(result.cost)} ({result.cost_low:,.0f} to {result.cost_high:,.0f}), "
            f"with {count(len(result.chosen), 'option')} of {result.n_offered}; with none, "
            f"{percent(first.before)}.{_bought(result)}"
        )
    else:
        text += f"with none of the {count(result.n_offered, 'option')}, at no cost."
    if result.objective == "risk":
        text += (
            f" No choice within {_budget(result)} misses less of {result.target} in its worst "
            "draws: "
            f"{percent(result.risk_decided_share or 0.0)} of demand on the draws that decided, "
            f"{percent(result.risk_share or 0.0)} on fresh ones."
        )
    elif result.objective == "regret":
        worst = max(result.outcomes, key=lambda row: (row.regret_share, row.regret_cost))
        text += (
            f" In {worst.scenario} the best plan for it would cover {percent(worst.regret_share)} "
            "of demand more for as much money; no plan regrets less at its worst."
            if worst.regret_share
            else f" In {worst.scenario} the best plan for it would cost {worst.regret_cost:,.1f} "
            "million less; this is the cheapest that reaches the target in every scenario."
        )
    elif result.objective == "cost":
        text += f" The target is {result.target} in every year to {result.until}."
    else:
        text += (
            f" No choice within {_budget(result)} covers more in the worst year to {result.until}."
        )
    if result.certificate.ok:
        text += " No plan of these options costs less."
    else:
        text += f" No plan of these options costs less than {result.bound:,.0f} million."
    if result.assumed_share > 0.0:
        text += f" {percent(result.assumed_share)} of the cost rests on estimates."
    return text


def _bought(result: PlanResult) -> str:
    """Return what of a plan is finished products that others make, in a sentence."""
    tonnes: dict[str, float] = {}
    for row in result.chosen:
        if row.is_bought:
            tonnes[row.unit] = tonnes.get(row.unit, 0.0) + row.capacity
    amounts = listing(f"{amount:,.0f} {unit}" for unit, amount in tonnes.items())
    return f" As much as {amounts} a year is bought from makers of other nations." if tonnes else ""


def _budget(result: PlanResult) -> str:
    """Return what may be spent, in words; small sums in full, which may have been meant larger."""
    budget = result.provenance.options["budget"]
    if not isinstance(budget, int | float):
        return "the budget of each year"
    few = f"{budget:,.0f} USD"
    return f"a budget of {few if budget < 1e6 else million_usd(budget / 1e6)}"
