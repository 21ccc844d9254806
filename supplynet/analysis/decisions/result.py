"""What a plan tells: what is chosen and why, year by year, and the proof."""

from __future__ import annotations

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
from supplynet.analysis.flow.rows import Carrier
from supplynet.analysis.losses import CARRIED_BY
from supplynet.contract.answer import Answer
from supplynet.contract.headline import Lead
from supplynet.contract.row import MillionUSD, Share, col, rows
from supplynet.text import million_usd
from supplynet.text import share as percent

if TYPE_CHECKING:
    from supplynet.network.schema import Option


class PlanResult(
    Answer,
    name="plan",
    title="What to do: the options that reach a target at least cost",
    headline=(Lead("cost", "cost", "cost_low", "cost_high", year="by"),),
    also=("meaning", "target", "coverage", "notes"),
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
    bound: MillionUSD = col("What no plan costs less than, as proved.")
    discount: float = col("Rate at which later money counts less.", "share a year")
    begin: int = col("First year in which money is spent.")
    by: int = col("First year of the target.")
    until: int = col("Last year of the target.")
    n_offered: int = col("Options that could be chosen.")
    n_programs: int = col("Linear programs of the tree that proves the bound.")
    assumed_share: Share = col("Part of the cost of options whose costs are estimates.")
    n_draws: int = col("Draws of delays and failures; 0 where none was asked for.", default=0)
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
    n_exact: int = col("Draws whose regret is exact.", default=0)
    chance_asked_share: Share | None = col("Of draws that are to reach the target.", default=None)
    surer_cost: MillionUSD | None = col("Of all that is added for it.", default=None)
    surer_bound: MillionUSD | None = col(
        "What nothing is cheaper than that does as well on the draws that decided, as proved.",
        default=None,
    )
    n_deciding: int = col("Draws that decided what to add.", default=0)
    risk_share: Share | None = col(
        "Mean of what the worst draws miss of the target in its first year.", default=None
    )
    risk_decided_share: Share | None = col("The same on the draws that decided.", default=None)
    chosen: tuple[Chosen, ...] = rows("What is chosen, the first first")
    years: tuple[PlanYear, ...] = rows("Year by year")
    carried_by: tuple[Carrier, ...] = rows(CARRIED_BY.title)
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
        from supplynet.analysis.decisions.offers import stocks_on_curve

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
