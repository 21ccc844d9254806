"""What a plan is asked by, and the rows that it states: what is chosen and why, year by year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING
from pathlib import Path
from typing import TYPE_CHECKING

from supplynet.contract.query import Setting, option, shared
from supplynet.contract.row import ITS_UNIT, MillionUSD, Row, Share, Year, col
from supplynet.terms.parameters import PARAMETERS

if TYPE_CHECKING:
    from supplynet.network.scenario.scenario import ScenarioLike

#: last year that a question may name
LAST_YEAR = 2200
_NAMES = "iterable of str"


class Aimed(Setting):
    """Who plans, what is to be reached by when, and what may be spent and chosen for it."""

    to: str | Iterable[str] = option(
        "The nation or bloc that plans; of a bloc each member reaches the target.",
        default=MISSING,
        kind="str or iterable of str",
        said="--to WHO...",
    )
    avoid: str | Iterable[str] | None = option(
        "Selector of what is shut in all years.",
        default=None,
        kind="str or iterable of str",
        said="--avoid WHAT...",
    )
    target: str | float | Mapping[str, float] | None = option(
        "What to cover: coverage=0.5, or coverage:NAME=0.5 of a form or product; several with "
        "commas.",
        default=None,
        kind="str, float or mapping of str to float",
        usual="the most that the budget allows",
        said="--target TARGET",
        example="coverage=0.5",
    )
    by: int | None = option(
        "First year of the target.",
        default=None,
        kind="int",
        usual="the last of the graph that ends in 0 or 5",
        said="--by YEAR",
        most=LAST_YEAR,
    )
    until: int | None = option(
        "Last year of the target.",
        default=None,
        kind="int",
        usual="the last whose demand the graph knows",
        said="--until YEAR",
        most=LAST_YEAR,
    )
    begin: int | None = option(
        "First year in which money is spent.",
        default=None,
        kind="int",
        usual="the first that an option can take, and next year at the earliest",
        said="--begin YEAR",
        most=LAST_YEAR,
    )
    budget: str | float | Mapping[int, float] | Iterable[str] | None = option(
        "USD that may be spent in all, in dollars of the first year, such as 500M, 0.5bn or 500e6; "
        "or YEAR=USD of a year, in dollars of that.",
        default=None,
        kind="float, str or mapping of int to float",
        said="--budget USD...",
        example="500M",
    )
    discount: float = option(
        "Rate per year at which later money counts less.",
        default=0.05,
        kind="float",
        least=-0.5,
        largest=1.0,
        is_open=False,
    )
    include: Iterable[str] = option(
        "Ids of options that are chosen whatever they cost.",
        default=(),
        kind=_NAMES,
        said="--include IDS...",
        example="my-plant",
    )
    exclude: Iterable[str] = option(
        "Ids of options that are not chosen.",
        default=(),
        kind=_NAMES,
        said="--exclude IDS...",
        example="my-plant",
    )
    time_limit: float | None = shared("time_limit", is_open=False)


class Query(Aimed):
    """What is worked out of a plan, and asked beside it."""

    alternatives: int = option(
        "Other plans to look for that cost at most a tenth more; with any, each option is sorted "
        "out exactly: in all, some or none of the plans that cost at most 1, 5 and 10 % more.",
        default=0,
        kind="int",
        said="--alternatives N",
        least=0,
        is_open=False,
    )
    keep: str | Path | None = option(
        "File in which each other plan is stored as it is found; a search that was stopped goes on "
        "from there, and ends as if it had not been.",
        default=None,
        kind="path",
        said="--keep FILE",
        example="plans.jsonl",
        is_open=False,
    )
    curve: float | None = option(
        "Coverage that a point of the cost of resilience adds to the one before it at least; 0 for "
        "every point that there is.",
        default=None,
        kind="float",
        usual="no points",
        said="--curve STEP",
        least=0.0,
        largest=1.0,
        is_open=False,
    )
    draws: int = option(
        "Draws of delays and failures of options: the chance of the plan.",
        default=0,
        kind="int",
        said="--draws N",
        least=0,
        is_open=False,
    )
    chance: float = option(
        "With draws: the chance of the first year's target for which options are added.",
        default=0.8,
        kind="float",
        least=0.0,
        largest=1.0,
        is_open=False,
    )
    seed: int = option("Of the draws.", default=0, kind="int", is_open=False, in_command=False)
    worth: str | Iterable[str] = option(
        "Sets of options, with what each saves against the next best plan: ids with "
        "commas, or a selector of plants that options name, such as VNM.",
        default=(),
        kind="str or iterable of str",
        said="--worth SET...",
        example="VNM",
        is_open=False,
    )
    split: bool = option(
        "Of a plan of several nations: what each pays alone, and its fair part of the cost.",
        default=False,
        kind="bool",
        is_open=False,
    )
    regret: ScenarioLike | Iterable[ScenarioLike] | None = option(
        "Scenarios that the plan is to stand as well: for a budget the plan of least regret, which "
        "is what the best plan for a scenario covers more, at its worst; for a target the cheapest "
        "that reaches it in all.",
        default=None,
        kind=PARAMETERS["scenario"].kind,
        said="--regret SCENARIO...",
        example="late",
        is_open=False,
    )
    risk: float | None = option(
        "With a target, a budget and draws: the plan whose worst draws miss least of the target in "
        "its first year; 0.8 for the worst fifth. Up to 50 draws of others decide.",
        default=None,
        kind="float",
        said="--risk LEVEL",
        least=0.0,
        largest=1.0,
        is_open=False,
    )
    ranges: bool = option(
        "Whether every year is given with all figures at their low and their high end, and not the "
        "first of the target alone.",
        default=True,
        kind="bool",
        usual="of the command with --full, in files and for --fail-on",
        is_open=False,
        first=False,
    )
    reasons: bool = option(
        "Whether it is given what is lost without each option that is chosen, and why it is there.",
        default=True,
        kind="bool",
        is_open=False,
        in_command=False,
    )
    steps: bool = option(
        "Whether it is reported what each option adds to those before it.",
        default=True,
        kind="bool",
        is_open=False,
        in_command=False,
        first=False,
    )


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

    year: Year = col(head="Year", by="names")
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
    cost_alone: MillionUSD = col("Of its own cheapest plan, with exclusive access.", head="Alone")
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
