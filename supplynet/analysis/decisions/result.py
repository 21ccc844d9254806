"""What a plan states: what is chosen and why, year by year, and the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from supplynet.analysis.flow.rows import CARRIED_BY, Carrier
from supplynet.contract.answer import Answer
from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.headline import Lead
from supplynet.contract.row import MillionUSD, Row, Share, Year, col, rows
from supplynet.text import million_usd
from supplynet.text import share as percent

if TYPE_CHECKING:
    from supplynet.network.schema import Option


_OPTION = "Id of the row of the table options."
#: what a reader is reported of costs that are not known, or of a plan that there is not
_MORE, _NO_PLAN = "over 10 % more", "no plan"


class Chosen(Row):
    """An option that the plan takes; costs are present values, with their ends."""

    option: str = col(_OPTION)
    name: str = col(head="Option")
    kind: str = col("What sort of option it is, as the table options says.")
    decided: Year = col("Year in which its first money is spent.", head="Money from")
    start: Year = col("Year in which it begins to give tonnes.", head="Tonnes from")
    capacity: float = col(
        "What it can do in a year in full, of a stock once.", ITS_UNIT, head="In full"
    )
    unit: str
    cost: MillionUSD = col("All that is spent on it.", head="Cost, million USD")
    cost_low: MillionUSD
    cost_high: MillionUSD
    is_bought: bool = col(
        "Whether it buys finished products of makers of whom other nations control some."
    )
    lost: Share | None = col(
        "Coverage that is lost without it where most is, all else as planned; null where it was "
        "not asked for.",
        head="Coverage lost without it",
    )
    reason: str = col("Why it is there, in a sentence; empty where it was not asked for.")


class PlanYear(Row):
    """A year of the plan."""

    year: Year = col(head="Year")
    spent: MillionUSD = col(
        "What is spent in it, in dollars of the year.", head="Spent, million USD"
    )
    need: float = col(
        "Of the products of the target; in years before it as the choice would bring them.",
        "t of product/yr",
    )
    served: float = col("What of it comes.", "t of product/yr")
    coverage: Share = col("What is served of demand.", head="Coverage")
    coverage_low: Share | None = col(
        "Null where the ends of the graph were not asked for.", head="Data range"
    )
    coverage_high: Share | None
    target: Share = col("Coverage that is asked for; 0 in years before it.", head="Target")
    before: Share = col("Coverage with nothing chosen.", head="With nothing")


class Added(Row):
    """What an option of the plan adds in the last year of the target, in the order of the plan."""

    option: str = col(_OPTION)
    name: str
    coverage: Share = col("With it and all that stand before it.")
    added: Share = col(
        "What it adds to those before it; of an option that needs a later one, nothing."
    )


class PlanLimit(Row):
    """A limit that holds the plan down in the first year of the target."""

    kind: str = col("What is limited: node, link, rule, or option where the choice is the limit.")
    id: str
    name: str = col(head="Limit")
    capacity: float = col("With the plan.", ITS_UNIT, head="With the plan")
    unit: str
    worth: float = col(
        "What one more tonne of it would serve.",
        "t of product per tonne",
        head="One more tonne serves, t",
    )


class NotOffered(Row):
    """An option that could not be chosen."""

    option: str = col(_OPTION)
    name: str = col(head="Option")
    reason: str = col("Why.", head="Why")


class OptionRange(Row):
    """What an option is among the plans that cost little more than the cheapest.

    Costs are infinite beyond a tenth more than the cheapest plan; no plan is cheaper by a whole
    level (1, 5, 10 %).
    """

    option: str = col(_OPTION)
    name: str = col(head="Option")
    cost_with: MillionUSD = col(
        "What the cheapest plan that is known with it costs.",
        head="Cheapest plan with it",
        none=_MORE,
    )
    cost_without: MillionUSD = col("The same without it.", head="Without it", none=_MORE)
    within_1: str = col(
        "Of all plans that cost at most 1 % more: in all (a must-have), in some, or in none "
        "(dominated).",
        head="Within 1 %",
    )
    within_5: str = col("The same of 5 % more.", head="Within 5 %")
    within_10: str = col("The same of 10 % more.", head="Within 10 %")


class Alternative(Row):
    """A plan that costs little more than the cheapest."""

    number: int = col("The cheapest is 0.")
    cost: MillionUSD = col("Present value of all that is spent.")
    options: tuple[str, ...] = col("Ids of what it takes.")


class CurvePoint(Row):
    """A point of the cost of resilience: no plan covers more for its money."""

    coverage: Share = col("In the worst year of the target.", head="Coverage, worst year")
    cost: MillionUSD = col("Present value of all that is spent.", head="Cost, million USD")
    cost_low: MillionUSD
    cost_high: MillionUSD
    entering: tuple[str, ...] = col(
        "Options that it takes and the point before it does not.", head="Enters"
    )
    leaving: tuple[str, ...] = col(
        "Options that the point before it takes and it does not.", head="Leaves"
    )


class Surer(Row):
    """An option that is added so that the plan fails less often."""

    option: str = col(_OPTION)
    name: str
    cost: MillionUSD = col("Present value of what it adds.")
    chance_share: Share = col(
        "Of draws that it was not chosen by: those in which the target of the first year is "
        "reached with it and all before it."
    )


class SetWorth(Row):
    """What a set of options is worth against the next best plan."""

    name: str = col("The selector or ids that name the set.", head="Set")
    cost_without: MillionUSD = col(
        "Of the cheapest plan that takes none of them; infinite where none reaches the target.",
        head="Cheapest plan without it",
        none=_NO_PLAN,
    )
    bound: MillionUSD = col(
        "What no plan without them costs less than, as proved.",
        head="None costs less than",
        none=_NO_PLAN,
    )
    worth: MillionUSD = col(
        "What they save: the cost without them less that of the plan.",
        head="What it saves",
        none=_NO_PLAN,
    )
    options: tuple[str, ...] = col("Ids of those of the set that could be chosen.", head="Options")


class NationCost(Row):
    """What a nation pays alone, and its fair part of a plan of several."""

    nation: str = col(head="Nation")
    cost_alone: MillionUSD = col(
        "Of its own cheapest plan, with exclusive access to the network.", head="Alone"
    )
    cost_joining: MillionUSD = col(
        "What the plan of all costs more than the cheapest of all the rest.", head="Joining last"
    )
    cost_fair: MillionUSD = col(
        "Its cost at joining, averaged over all orders of joining (Shapley value); those of all "
        "nations add up to the cost of the plan.",
        head="Fair part",
    )
    gain: MillionUSD = col(
        "Cost alone less its fair part; negative where the nations stand in each other's way.",
        head="Gain",
    )


class Outcome(Row):
    """What a plan of least regret does in a scenario.

    The best choice is that for the scenario alone: the most covered for the budget, or the cheapest
    that reaches the target.
    """

    scenario: str = col(
        'Its name; "as asked" for the question without any of them.', head="Scenario"
    )
    coverage: Share = col("In the worst year of the target.", head="Coverage, worst year")
    coverage_best: Share = col("Of the best choice.", head="Of its best plan")
    regret_share: Share = col(
        "Coverage that the best choice has more; 0 with a target.", head="Regret"
    )
    cost_best: MillionUSD = col("Of the best choice.", head="Cost of its best plan")
    regret_cost: MillionUSD = col(
        "What the best choice costs less; 0 for a budget.", head="Costs more by"
    )


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
