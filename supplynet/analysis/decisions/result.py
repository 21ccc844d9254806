"""What a plan tells: what is chosen and why, year by year, and the proof."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from supplynet.analysis.decisions.stocks import stocks_on_curve
from supplynet.analysis.declared import Layout, Table, count, number, share, text, texts
from supplynet.analysis.result import Result
from supplynet.text import share as percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from supplynet.analysis.proofs import Proof
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.network.schema import Option
    from supplynet.solve.check import Certificate

_USD = "million USD"


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
    lost : float
        Coverage of that year that is lost without it, all else as planned.
    reason : str
        Why it is there, in a sentence.
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
    lost: float
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
    coverage, coverage_low, coverage_high : float
        What is served of the need, with the ends of all figures of the graph.
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
    coverage_low: float
    coverage_high: float
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


PLAN_LAYOUT = Layout(
    name="plan",
    title="What to do: the options that reach a target at least cost",
    figures=(
        text("meaning", "What the figures count."),
        text(
            "objective",
            "What the plan was found by: cost, coverage for a budget, regret over scenarios, or "
            "risk: what the worst draws miss.",
        ),
        text("target", "What is to be covered, in words."),
        share("coverage", "Least coverage of all years of the target."),
        number("cost", _USD, "Present value of all that is spent."),
        number("cost_low", _USD, "At the low end of all costs."),
        number("cost_high", _USD, "At the high end of all costs."),
        number("bound", _USD, "What no plan costs less than, as proved."),
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
        number("surer_cost", _USD, "Of all that is added for it.", optional=True),
        number(
            "surer_bound",
            _USD,
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
                **dict.fromkeys(("cost", "cost_low", "cost_high"), _USD),
                "capacity": "unit",
                "lost": "share, 0 to 1",
            },
        ),
        Table(
            "years",
            "Year by year",
            PlanYear,
            units={
                "spent": _USD,
                "need": "t of product/yr",
                "served": "t of product/yr",
                "target": "share, 0 to 1",
                "before": "share, 0 to 1",
            },
        ),
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
            units=dict.fromkeys(("cost_with", "cost_without"), _USD),
        ),
        Table("alternatives", "Plans that cost little more", Alternative, units={"cost": _USD}),
        Table(
            "curve",
            "The cost of resilience, point by point",
            CurvePoint,
            units=dict.fromkeys(("cost", "cost_low", "cost_high"), _USD),
        ),
        Table("surer", "What to add so that it fails less often", Surer, units={"cost": _USD}),
        Table(
            "worths",
            "What sets of options are worth against the next best plan",
            SetWorth,
            units=dict.fromkeys(("cost_without", "bound", "worth"), _USD),
        ),
        Table(
            "nations",
            "Together or alone: a fair part of the cost for each nation",
            NationCost,
            units=dict.fromkeys(("cost_alone", "cost_joining", "cost_fair", "gain"), _USD),
        ),
        Table(
            "outcomes",
            "The plan of least regret in each scenario",
            Outcome,
            units=dict.fromkeys(("cost_best", "regret_cost"), _USD),
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
        proof = (
            "no plan costs less"
            if self.certificate.ok
            else (f"no plan costs less than {self.bound:,.0f} million")
        )
        return (
            f"{asked.to_name} covers {percent(first.coverage)} "
            f"({percent(first.coverage_low)} to {percent(first.coverage_high)}) in {self.by}"
            f"{without} with {options} for {self.cost:,.0f} million USD ({self.cost_low:,.0f} to "
            f"{self.cost_high:,.0f}); {percent(first.before)} with none. It takes {names}. "
            f"Proved: {proof}."
        )
