"""The rows of what a plan tells: options, years, limits, points of a curve, outcomes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option that the plan takes.

    Parameters
    ----------
    option : str
        Id of the row of the table options.
    name : str
    kind : str
        What sort of option it is, as the table options says.
    decided : int
        Year in which its first money is spent.
    start : int
        Year in which it begins to give tonnes.
    cost, cost_low, cost_high : float
        Present value of all that is spent on it, with its ends.
    capacity : float
        What it can do in a year in full, of a stock once.
    unit : str
    is_bought : bool
        Whether it buys finished products of makers of whom other nations control some.
    lost : float or None
        Coverage that is lost without it where most is, all else as planned; None where it was not
        asked for.
    reason : str
        Why it is there, in a sentence; empty where it was not asked for.
    """

    option: str
    name: str
    kind: str
    decided: int
    start: int
    cost: float
    cost_low: float
    cost_high: float
    capacity: float
    unit: str
    is_bought: bool
    lost: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class PlanYear:
    """A year of the plan.

    Parameters
    ----------
    year : int
    spent : float
        What is spent in it, in dollars of the year.
    need, served : float
        Of the products of the target; in years before it as the choice would bring them.
    coverage : float
        What is served of the need.
    coverage_low, coverage_high : float or None
        With the ends of all figures of the graph; None where they were not asked for.
    target : float
        Coverage that is asked for; 0 in years before it.
    before : float
        Coverage with nothing chosen.
    """

    year: int
    spent: float
    need: float
    served: float
    coverage: float
    coverage_low: float | None
    coverage_high: float | None
    target: float
    before: float


@dataclass(frozen=True, slots=True)
class Added:
    """What an option of the plan adds in the last year of the target, in the order of the plan.

    Parameters
    ----------
    option : str
        Id of the row of the table options.
    name : str
    coverage : float
        With it and all that stand before it.
    added : float
        What it adds to those before it; of an option that needs a later one, nothing.
    """

    option: str
    name: str
    coverage: float
    added: float


@dataclass(frozen=True, slots=True)
class PlanLimit:
    """A limit that holds the plan down in the first year of the target.

    Parameters
    ----------
    kind : str
        What is limited: node, link, rule, or option where the choice is the limit.
    id, name : str
    capacity : float
        With the plan.
    unit : str
    worth : float
        What one more tonne of it would serve, t of product.
    """

    kind: str
    id: str
    name: str
    capacity: float
    unit: str
    worth: float


@dataclass(frozen=True, slots=True)
class NotOffered:
    """An option that could not be chosen.

    Parameters
    ----------
    option : str
        Id of the row of the table options.
    name : str
    reason : str
        Why.
    """

    option: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class OptionRange:
    """What an option is among the plans that cost little more than the cheapest.

    Parameters
    ----------
    option : str
        Id of the row of the table options.
    name : str
    cost_with, cost_without : float
        What the cheapest plan that is known with it, and without it, costs; infinite beyond a
        tenth more than the cheapest plan. None is cheaper by a whole level (1, 5, 10 %).
    within_1, within_5, within_10 : str
        Of all plans that cost at most 1, 5 and 10 % more: in all (a must-have), in some, or in
        none (dominated).
    """

    option: str
    name: str
    cost_with: float
    cost_without: float
    within_1: str
    within_5: str
    within_10: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """A plan that costs little more than the cheapest.

    Parameters
    ----------
    number : int
        The cheapest is 0.
    cost : float
        Present value of all that is spent.
    options : tuple of str
        Ids of what it takes.
    """

    number: int
    cost: float
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A point of the cost of resilience: no plan covers more for its money.

    Parameters
    ----------
    coverage : float
        In the worst year of the target.
    cost, cost_low, cost_high : float
        Present value of all that is spent, with the ends of all costs.
    entering, leaving : tuple of str
        Options that it takes and the point before it does not, and the other way round.
    """

    coverage: float
    cost: float
    cost_low: float
    cost_high: float
    entering: tuple[str, ...]
    leaving: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surer:
    """An option that is added so that the plan fails less often.

    Parameters
    ----------
    option : str
        Id of the row of the table options.
    name : str
    cost : float
        Present value of what it adds.
    chance_share : float
        Of draws in which the target of the first year is reached with it and all before it, on
        draws that it was not chosen by.
    """

    option: str
    name: str
    cost: float
    chance_share: float


@dataclass(frozen=True, slots=True)
class SetWorth:
    """What a set of options is worth against the next best plan.

    Parameters
    ----------
    name : str
        The selector or ids that name the set.
    options : tuple of str
        Ids of those of the set that could be chosen.
    cost_without : float
        Of the cheapest plan that takes none of them; infinite where none reaches the target.
    bound : float
        What no plan without them costs less than, as proved.
    worth : float
        What they save: the cost without them less that of the plan.
    """

    name: str
    options: tuple[str, ...]
    cost_without: float
    bound: float
    worth: float


@dataclass(frozen=True, slots=True)
class NationCost:
    """What a nation pays alone, and its fair part of a plan of several.

    Parameters
    ----------
    nation : str
    cost_alone : float
        Of its own cheapest plan, as if it alone drew on the network.
    cost_joining : float
        What the plan of all costs more than the cheapest of all the rest.
    cost_fair : float
        Its cost at joining, averaged over all orders of joining (Shapley value); those of all
        nations add up to the cost of the plan.
    gain : float
        Cost alone less its fair part; negative where the nations stand in each other's way.
    """

    nation: str
    cost_alone: float
    cost_joining: float
    cost_fair: float
    gain: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan of least regret does in a scenario.

    Parameters
    ----------
    scenario : str
        Its name; "as asked" for the question without any of them.
    coverage : float
        In the worst year of the target.
    coverage_best, cost_best : float
        Of the best choice for that scenario alone: the most covered for the budget, or the
        cheapest that reaches the target.
    regret_share : float
        Coverage that the best choice has more; 0 with a target.
    regret_cost : float
        What the best choice costs less; 0 for a budget.
    """

    scenario: str
    coverage: float
    coverage_best: float
    cost_best: float
    regret_share: float
    regret_cost: float
