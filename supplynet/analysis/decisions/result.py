"""What a plan tells: what is chosen and why, year by year, and the proof."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    SetWorth,
    Surer,
)
from supplynet.analysis.decisions.stocks import stocks_on_curve
from supplynet.analysis.losses import CARRIED_BY
from supplynet.contract.declared import Layout, Table, count, number, share, text, texts
from supplynet.contract.headline import Lead
from supplynet.contract.result import Result
from supplynet.text import MILLION_USD, million_usd
from supplynet.text import share as percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from supplynet.analysis.flow.rows import Carrier
    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.network.schema import Option
    from supplynet.solve.check import Certificate


PLAN_LAYOUT = Layout(
    name="plan",
    title="What to do: the options that reach a target at least cost",
    headline=(Lead("cost", "cost", "cost_low", "cost_high", year="by"),),
    document="supplynet.reports.results_plan.of_plan",
    figures=(
        text("meaning", "What the figures count."),
        text(
            "objective",
            "What the plan was found by: cost, coverage for a budget, regret over scenarios, or "
            "risk: what the worst draws miss.",
        ),
        text("target", "What is to be covered, in words."),
        share("coverage", "Least coverage of all years of the target."),
        number("cost", MILLION_USD, "Present value of all that is spent."),
        number("cost_low", MILLION_USD, "At the low end of all costs."),
        number("cost_high", MILLION_USD, "At the high end of all costs."),
        number("bound", MILLION_USD, "What no plan costs less than, as proved."),
        number("discount", "share a year", "Rate at which later money counts less."),
        count("begin", "First year in which money is spent."),
        count("by", "First year of the target."),
        count("until", "Last year of the target."),
        count("n_offered", "Options that could be chosen."),
        count("n_programs", "Linear programs of the tree that proves the bound."),
        share("assumed_share", "Part of the cost of options whose costs are estimates."),
        count("n_draws", "Draws of delays and failures; 0 where none was asked for."),
        share("chance_share", "Of draws that reach the target in its first year.", optional=True),
        share("chance_all_share", "Of draws that reach it in every year.", optional=True),
        share(
            "regret_share",
            "Coverage that the best plan for as much money has more, knowing the draw: mean of all "
            "draws, at least.",
            optional=True,
        ),
        share(
            "regret_high_share",
            "The same, at most: linear relaxations bound draws whose best plan is not known.",
            optional=True,
        ),
        count("n_exact", "Draws whose regret is exact."),
        share("chance_asked_share", "Of draws that are to reach the target.", optional=True),
        number("surer_cost", MILLION_USD, "Of all that is added for it.", optional=True),
        number(
            "surer_bound",
            MILLION_USD,
            "What nothing is cheaper than that does as well on the draws that decided, as proved.",
            optional=True,
        ),
        count("n_deciding", "Draws that decided what to add."),
        share(
            "risk_share",
            "Mean of what the worst draws miss of the target in its first year.",
            optional=True,
        ),
        share("risk_decided_share", "The same on the draws that decided.", optional=True),
        texts("notes", "What a reader must know."),
    ),
    tables=(
        Table(
            "chosen",
            "What is chosen, the first first",
            Chosen,
            units={
                **dict.fromkeys(("cost", "cost_low", "cost_high"), MILLION_USD),
                "capacity": "unit",
                "lost": "share, 0 to 1",
            },
        ),
        Table(
            "years",
            "Year by year",
            PlanYear,
            units={
                "spent": MILLION_USD,
                "need": "t of product/yr",
                "served": "t of product/yr",
                "target": "share, 0 to 1",
                "before": "share, 0 to 1",
            },
        ),
        CARRIED_BY,
        Table(
            "limits",
            "What holds the plan down in the first year of the target",
            PlanLimit,
            units={"capacity": "unit", "worth": "t of product per tonne"},
        ),
        Table(
            "options",
            "What each option is among the plans that cost little more",
            OptionRange,
            units=dict.fromkeys(("cost_with", "cost_without"), MILLION_USD),
        ),
        Table(
            "alternatives", "Plans that cost little more", Alternative, units={"cost": MILLION_USD}
        ),
        Table(
            "curve",
            "The cost of resilience, point by point",
            CurvePoint,
            units=dict.fromkeys(("cost", "cost_low", "cost_high"), MILLION_USD),
        ),
        Table(
            "surer", "What to add so that it fails less often", Surer, units={"cost": MILLION_USD}
        ),
        Table(
            "worths",
            "What sets of options are worth against the next best plan",
            SetWorth,
            units=dict.fromkeys(("cost_without", "bound", "worth"), MILLION_USD),
        ),
        Table(
            "nations",
            "Together or alone: a fair part of the cost for each nation",
            NationCost,
            units=dict.fromkeys(("cost_alone", "cost_joining", "cost_fair", "gain"), MILLION_USD),
        ),
        Table(
            "outcomes",
            "The plan of least regret in each scenario",
            Outcome,
            units=dict.fromkeys(("cost_best", "regret_cost"), MILLION_USD),
        ),
        Table(
            "added",
            "What each option of the plan adds",
            Added,
            units={"added": "share, 0 to 1"},
        ),
        Table("others", "Options that could not be chosen", NotOffered),
    ),
)


@dataclass(frozen=True, eq=False)
class PlanResult(Result):
    """The options that reach a target at least cost, or cover most for a budget, with proof.

    Parameters
    ----------
    question : Question
        Of the first year of the target, before anything is chosen.
    objective : {"cost", "coverage", "regret", "risk"}
    parts : mapping of str to float
        What is to be covered, by form or product.
    cost, cost_low, cost_high, bound : float
        Millions of USD of the first year.
    discount : float
    begin, by, until : int
    n_offered, n_programs : int
    assumed_share : float
    chosen : tuple of Chosen
    years : tuple of PlanYear
    limits : tuple of PlanLimit
    carried_by : tuple of Carrier
        The three rows and options without which the coverage of the last year falls most.
    others : tuple of NotOffered
    options : tuple of OptionRange
    alternatives : tuple of Alternative
    curve : tuple of CurvePoint
    surer : tuple of Surer
    worths : tuple of SetWorth
    nations : tuple of NationCost
    outcomes : tuple of Outcome
        Empty where they were not asked for.
    added : tuple of Added
    n_draws, n_exact, n_deciding : int
    chance_share, chance_all_share, chance_asked_share : float or None
    regret_share, regret_high_share, risk_share, risk_decided_share : float or None
    surer_cost, surer_bound : float or None
    certificate : Certificate
    provenance : Provenance
    evidence : callable or None
        Makes what others need to check it.
    """

    LAYOUT = PLAN_LAYOUT

    question: Question
    objective: str
    parts: tuple[tuple[str, float], ...]
    cost: float
    cost_low: float
    cost_high: float
    bound: float
    discount: float
    begin: int
    by: int
    until: int
    n_offered: int
    n_programs: int
    assumed_share: float
    chosen: tuple[Chosen, ...]
    years: tuple[PlanYear, ...]
    limits: tuple[PlanLimit, ...] = field(repr=False)
    carried_by: tuple[Carrier, ...] = field(repr=False)
    others: tuple[NotOffered, ...] = field(repr=False)
    certificate: Certificate = field(repr=False)
    provenance: Provenance = field(repr=False)
    evidence: Callable[[], Proof] | None = field(default=None, repr=False)
    options: tuple[OptionRange, ...] = field(default=(), repr=False)
    alternatives: tuple[Alternative, ...] = field(default=(), repr=False)
    curve: tuple[CurvePoint, ...] = field(default=(), repr=False)
    surer: tuple[Surer, ...] = field(default=(), repr=False)
    worths: tuple[SetWorth, ...] = field(default=(), repr=False)
    nations: tuple[NationCost, ...] = field(default=(), repr=False)
    outcomes: tuple[Outcome, ...] = field(default=(), repr=False)
    added: tuple[Added, ...] = field(default=(), repr=False)
    n_draws: int = 0
    n_exact: int = 0
    n_deciding: int = 0
    chance_share: float | None = None
    chance_all_share: float | None = None
    chance_asked_share: float | None = None
    surer_cost: float | None = None
    surer_bound: float | None = None
    regret_share: float | None = None
    regret_high_share: float | None = None
    risk_share: float | None = None
    risk_decided_share: float | None = None

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
        return " and ".join(f"{percent(part)} of {name}" for name, part in self.parts)

    @property
    def coverage(self) -> float:
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
        told = list(self.question.notes)
        if self.until > net.commodity.last_year:
            told.append(
                f"Years behind {net.commodity.last_year}, the last of the graph, have its links "
                "and plants, and the demand of their own year where the graph knows it."
            )
        told.append(
            "Plants that are chosen buy and sell on links of any standing; others on "
            f"{self.question.counted}."
        )
        if self.stocks:
            told.append(self.stocks)
        return tuple(told)

    @property
    def stocks(self) -> str:
        """Where on the curve a stock is cheaper than a plant, in words; empty without either."""
        if not self.curve:
            return ""
        steps = [(point.coverage, point.entering, point.leaving) for point in self.curve]
        left = {row.option for row in self.others}
        rows = cast("tuple[Option, ...]", self.question.net.rows("options"))
        return stocks_on_curve(steps, [row for row in rows if row.id not in left])

    def summary(self) -> str:
        """Return the answer in a few sentences: coverage, cost, what is chosen, and the proof."""
        first, asked = self.first, self.question
        without = f" without {asked.avoid_name}" if asked.avoid else ""
        names = ", ".join(f"{row.name} ({row.start})" for row in self.chosen) or "nothing"
        options = f"{len(self.chosen)} of {self.n_offered} options"
        proof = "" if self.certificate.ok else f" than {self.bound:,.0f} million"
        return (
            f"{asked.to_name} could cover {percent(first.coverage)} "
            f"({percent(first.coverage_low)} to {percent(first.coverage_high)}) in {self.by}"
            f"{without}, with exclusive access, with {options} for {million_usd(self.cost)} "
            f"({self.cost_low:,.0f} to {self.cost_high:,.0f}); {percent(first.before)} with none. "
            f"It takes {names}. "
            f"No plan of these options costs less{proof}."
        )
