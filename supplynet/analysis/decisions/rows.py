"""The rows of what a plan tells: options, years, limits, points of a curve, outcomes."""

from __future__ import annotations

from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.row import MillionUSD, Row, Share, Year, col

_OPTION = "Id of the row of the table options."
#: what a reader is told of costs that are not known, or of a plan that there is not
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
    coverage: Share = col("What is served of the need.", head="Coverage")
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
        "Of its own cheapest plan, as if it alone drew on the network.", head="Alone"
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
