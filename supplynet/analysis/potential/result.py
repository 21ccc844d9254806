"""What a potential answers: coverage by product, tonnes by element, limits, and the proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from supplynet.analysis.balance.content import element_deliveries
from supplynet.analysis.balance.steps import Step, raised, steps
from supplynet.analysis.balance.tables import (
    BINDING,
    DELIVERIES,
    FLOWS,
    SURPLUS,
    Binding,
    Delivery,
    Moved,
    Surplus,
    Use,
    bindings,
    deliveries,
    moved_of,
    served_by,
    surpluses,
    uses,
)
from supplynet.analysis.conditions import CONDITIONS, LEAST_OF_OWNERS, alternatives
from supplynet.analysis.dead_ends import DEAD_ENDS, dead_end_sentence, dead_ends_of
from supplynet.analysis.flow.rows import Carrier, DeadEnd
from supplynet.analysis.losses import CARRIED_BY
from supplynet.analysis.potential.carriers import carriers_of
from supplynet.analysis.potential.elements import (
    UNIT,
    BasketPotential,
    ElementPotential,
    FormPotential,
    ProductPotential,
    basket_rows,
    element_rows,
)
from supplynet.analysis.potential.network import model_of
from supplynet.analysis.potential.paths import PlanPath, plan_paths
from supplynet.analysis.potential.programs import Plan
from supplynet.analysis.proofs import Proof
from supplynet.analysis.provenance import provenance
from supplynet.contract.declared import ITS_UNIT, Layout, Table, number, text
from supplynet.contract.declared import share as part
from supplynet.contract.headline import COVERAGE, Headline, Lead
from supplynet.contract.result import Result
from supplynet.network.demand import is_asked
from supplynet.solve.check import worst
from supplynet.terms import ENDS, LEVEL_NAMES
from supplynet.text import between, listing, share, tonnes

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.solve.check import Certificate

#: need, served, low, high, and the coverage that each of the last three means
_Figures = tuple[float, float, float, float, float, float, float]
_ALONE = "if it alone drew on the network"
_ROUNDING = 1e-9
#: limits that a summary names
_NAMED = 2


POTENTIAL_LAYOUT = Layout(
    name="potential",
    title="What could reach a nation or bloc if it alone drew",
    headline=(
        replace(COVERAGE, of="{row.form}", table="forms"),
        Lead("supply", "served"),
    ),
    has_conditions=True,
    document="supplynet.reports.results_potential.of_potential",
    figures=(
        text("meaning", "What the figures count."),
        text("unit", "Unit of needs and of what is served."),
        number("need", ITS_UNIT, "What is asked for per year in all; 0 where it is not known."),
        number("served", ITS_UNIT, "What is served per year in all."),
        part("coverage", "Share of all tonnes of product that are asked for.", optional=True),
    ),
    tables=(
        Table("products", "What could come by product, t of product per year", ProductPotential),
        Table("forms", "What could come by form, t of product per year", FormPotential),
        DELIVERIES,
        CARRIED_BY,
        Table("elements", "What could come by element", ElementPotential),
        Table("baskets", "Tonnes of several elements as one", BasketPotential),
        BINDING,
        SURPLUS,
        DEAD_ENDS,
        FLOWS,
    ),
)


@dataclass(frozen=True, eq=False)
class PotentialResult(Result):
    """What could reach a nation or bloc if it alone drew: not what it gets among all."""

    LAYOUT = POTENTIAL_LAYOUT

    question: Question
    asked_elements: tuple[str, ...]  #: that are told apart
    #: words that stood for several of them, which are also told as one
    asked_baskets: Mapping[str, tuple[str, ...]]
    plan: Plan = field(repr=False)  #: the programs, central figures
    x: npt.NDArray[np.float64] = field(repr=False)  #: the solution that is shown
    #: whether only what is served of each form is wanted; of products nothing is decided then
    is_by_form: bool = field(default=False, repr=False)

    @cached_property
    def provenance(self) -> Provenance:
        """Network, options and software behind it; told on first use."""
        return provenance(self.question, elements=list(self.asked_elements))

    @cached_property
    def dead_ends(self) -> tuple[DeadEnd, ...]:
        """Plants that could make something which nobody is named to buy; in no figure here."""
        return dead_ends_of(self.question)

    # -- coverage --------------------------------------------------------------------------

    @cached_property
    def deliveries(self) -> tuple[Delivery, ...]:
        """What is asked for and served by nation and product; of a bloc, nation by nation."""
        return _of_those_that_draw(self.plan, self.x)

    @cached_property
    def need(self) -> float:
        """What is asked for in all, t of product per year; 0 where no demand is known."""
        return sum(self.plan.claims.values())

    @property
    def is_nothing_asked(self) -> bool:
        """Whether the target's demand is known, and 0."""
        return is_asked(self.question.net, self.question.targets, self.question.year) is False

    @property
    def served(self) -> float:
        """What is served in all, t of product per year; of elements where no demand is known."""
        return self.plan.served_most

    @property
    def coverage(self) -> float | None:
        """Share of all tonnes of product that are asked for; None where no demand is known."""
        return self.served / self.need if self.need else None

    @cached_property
    def _ends(self) -> dict[str, Plan]:
        """The programs with every figure at its low and its high end."""
        plans: dict[str, Plan] = {}
        for end in ENDS.values():
            model = model_of(self.question, level=end.name)
            plan = Plan(model, self.plan.time_limit, self.plan.starts)
            plan.solve(is_by_form=self.is_by_form)
            plans[end.name] = plan
        return plans

    def asked_again(self, question: Question) -> PotentialResult | None:
        """Return the answer to a question that asks for the same programs; None for others.

        Parameters
        ----------
        question : Question
            Such as the same on links and plants of a further tier, which adds none of use.
        """
        plans = self.plans
        if any(model_of(question, level=level) is not plans[level].model for level in LEVEL_NAMES):
            return None
        again = replace(self, question=question)
        vars(again)["_ends"] = self._ends
        return again

    def of_elements(self, *elements: str) -> PotentialResult:
        """Return the same answer, of which some of the elements are told."""
        if elements == self.asked_elements:
            return self
        again = replace(self, asked_elements=elements)
        vars(again)["_ends"] = self._ends
        return again

    @property
    def plans(self) -> dict[str, Plan]:
        """The programs by end of the data: central, low and high."""
        return {"central": self.plan, **self._ends}

    @cached_property
    def products(self) -> tuple[ProductPotential, ...]:
        """Coverage by product with its data range, in the order of the demand."""
        names = self.question.net.product_by_id
        return tuple(
            ProductPotential(product, names[product].name, names[product].form, *figures)
            for product, figures in self._by(lambda row: row.product).items()
        )

    @cached_property
    def forms(self) -> tuple[FormPotential, ...]:
        """Coverage by form with its data range, in the order of the demand."""
        net = self.question.net
        rows = []
        for form, figures in self.form_figures.items():
            need, served = figures[:2]
            alone = served
            if served < need:
                alone = self.plan.most(f"form {form}", self.plan.served(form=form))
            title = net.form_by_name[form].title
            rows.append(FormPotential(form, title, *figures, max(served, alone)))
        return tuple(rows)

    @cached_property
    def form_figures(self) -> dict[str, _Figures]:
        """Need, served, ends of it, coverage and ends of it, by form: `forms` without `alone`."""
        return self._by(lambda row: row.form)

    @cached_property
    def central_forms(self) -> tuple[FormPotential, ...]:
        """Coverage by form at the central figures alone: both ends are the central one."""
        net = self.question.net
        sums = served_by(self.deliveries, lambda row: row.form)
        return tuple(
            FormPotential(
                form,
                net.form_by_name[form].title,
                need,
                *(served, served, served),
                *(served / need, served / need, served / need),
                served,
            )
            for form, (need, served) in sums.items()
        )

    def _by(self, key: Callable[[Delivery], str]) -> dict[str, _Figures]:
        """Need, served, ends of it, coverage and ends of it, by what a product belongs to."""
        central = served_by(self.deliveries, key)
        ends = [
            served_by(_of_those_that_draw(plan, plan.run.x), key) for plan in self._ends.values()
        ]
        figures_by_key: dict[str, _Figures] = {}
        for name, (need, served) in central.items():
            # at an end at which nothing is asked for, nothing is served, and nothing is missing
            others = [sums.get(name, (0.0, 0.0)) for sums in ends]
            tonnes = [served, *(end for _, end in others)]
            shares = [served / need, *(end / asked if asked else 1.0 for asked, end in others)]
            tonnage = need, served, min(tonnes), max(tonnes)
            figures_by_key[name] = (*tonnage, served / need, min(shares), max(shares))
        return figures_by_key

    def under(self, condition: str) -> PotentialResult | None:
        """Return the same answer under a condition, by form; None where it would be the same.

        Parameters
        ----------
        condition : str
            One of ``CONDITIONS``; solved on first use.
        """
        if condition not in self._alternatives:
            question = alternatives(self.question).get(condition)
            other = None
            if question is not None:
                plan = Plan(model_of(question), self.plan.time_limit)
                plan.solve(is_by_form=True)
                other = replace(self, question=question, plan=plan, x=plan.x, is_by_form=True)
            self._alternatives[condition] = other
        return self._alternatives[condition]

    @cached_property
    def _alternatives(self) -> dict[str, PotentialResult | None]:
        return {}

    @property
    def conditions(self) -> dict[str, Headline]:
        """The headline under each condition that makes it another, by name."""
        form = next(iter(self.form_figures), None)
        return {} if form is None else self.conditions_of(form, self.headline)

    def conditions_of(self, form: str, headline: Headline) -> dict[str, Headline]:
        """Return a headline of a form under each condition that makes it another, by name.

        By who owns plants only where that moves it by more than a tenth.
        """
        told: dict[str, Headline] = {}
        own = self.form_figures[form][4]
        for name in CONDITIONS:
            other = self.under(name)
            figures = None if other is None else other.form_figures.get(form)
            if figures is not None and (
                name != "control" or abs(figures[4] - own) > LEAST_OF_OWNERS * own
            ):
                value, low, high = figures[4:]
                nowhere = dict.fromkeys(headline.read_off)
                told[name] = replace(headline, value=value, low=low, high=high, read_off=nowhere)
        return told

    @property
    def carried_by(self) -> tuple[Carrier, ...]:
        """The three rows without which the coverage of the first form falls most."""
        return self.carried_by_of(next(iter(self.form_figures))) if self.form_figures else ()

    def carried_by_of(self, form: str) -> tuple[Carrier, ...]:
        """Return the three rows without which the coverage of a form falls most.

        Solved on first use: the program of the form without each row that it uses.
        """
        if form not in self._carriers:
            need = self.form_figures[form][0]
            self._carriers[form] = carriers_of(self.question, self.plan, form, need)
        return self._carriers[form]

    @cached_property
    def _carriers(self) -> dict[str, tuple[Carrier, ...]]:
        return {}

    @cached_property
    def elements(self) -> tuple[ElementPotential, ...]:
        """Tonnes by element: in what is served, alone, beyond the need, and the bound."""
        return element_rows(
            self.question, self.asked_elements, self.plan, self._ends, self._in_products
        )

    @cached_property
    def baskets(self) -> tuple[BasketPotential, ...]:
        """Tonnes of several elements as one, where one word stood for them."""
        if not self.asked_baskets:
            return ()
        return basket_rows(
            self.question, self.asked_baskets, self.plan, self._ends, self._in_products
        )

    @cached_property
    def _in_products(self) -> dict[str, float]:
        """Tonnes of each element in what is served."""
        in_products: dict[str, float] = {}
        for row in element_deliveries(self.plan.model, self.x, self.deliveries):
            in_products[row.element] = in_products.get(row.element, 0.0) + row.served
        return in_products

    def paths(self, element: str) -> tuple[PlanPath, ...]:
        """Return what is served of an element as paths, widest first.

        Parameters
        ----------
        element : str
        """
        if element not in self._paths:
            found = plan_paths(self.plan.model, self.x, element, self.question.targets)
            self._paths[element] = found
        return self._paths[element]

    @cached_property
    def _paths(self) -> dict[str, tuple[PlanPath, ...]]:
        """Paths by element, as far as they were asked for."""
        return {}

    # -- what holds it down ------------------------------------------------------------------

    @cached_property
    def binding(self) -> tuple[Binding, ...]:
        """Limits that hold it down, with the price of one more: the most that it would serve."""
        return bindings(self.plan.run, UNIT)

    def raised(self, n: int = 1) -> tuple[Binding, ...]:
        """Return the `n` limits of which one more brings most by itself, as worth what it brings.

        Solved on first use: a linear program for each. A price of :attr:`binding` says what one
        more brings at most; where two limits hold at once, one more of either may bring nothing.
        """
        if n not in self._raised:
            ranked = sorted(
                self.binding, key=lambda row: (-float(f"{row.worth:.9g}"), len(row.name), row.name)
            )
            self._raised[n] = raised(self.plan.run, ranked, n)
        return self._raised[n]

    @cached_property
    def _raised(self) -> dict[int, tuple[Binding, ...]]:
        return {}

    def steps(self, n: int = 10) -> tuple[Step, ...]:
        """Return what one more and one less of the first `n` binding limits change.

        Solved on first use: two linear programs for each.
        """
        if n not in self._steps:
            self._steps[n] = steps(self.plan.run, self.binding[:n])
        return self._steps[n]

    @cached_property
    def _steps(self) -> dict[int, tuple[Step, ...]]:
        return {}

    @cached_property
    def utilization(self) -> tuple[Use, ...]:
        """Use of every capacity: plants, links and corridors."""
        return uses(self.plan.model, self.x)

    @cached_property
    def surplus(self) -> tuple[Surplus, ...]:
        """What is separated and not taken."""
        return surpluses(self.plan.run, self.x)

    @cached_property
    def flows(self) -> pd.DataFrame:
        """What moves on each link, as in :attr:`BalanceResult.flows`, largest first."""
        return self.to_frame("flows")

    @property
    def moved(self) -> tuple[Moved, ...]:
        """What moves on each link, largest first."""
        return moved_of(self.plan.model, self.x)

    def proof(self) -> list[Proof]:
        """Return the programs of what is served, with their solutions and duals."""
        from supplynet.analysis.potential.evidence import potential_proof

        return [potential_proof(self)]

    @property
    def certificate(self) -> Certificate:
        """Every check at its worst over all programs behind the figures; solved on first use."""
        return self._certificate

    @cached_property
    def _certificate(self) -> Certificate:
        _ = (
            self.forms,
            self.elements,
            self.baskets,
            self.carried_by,
        )  # their programs are among those that are checked
        return self.certificate_so_far

    @property
    def certificate_so_far(self) -> Certificate:
        """Every check at its worst over the programs that were solved up to now."""
        plans = [self.plan, *(self.__dict__.get("_ends") or {}).values()]
        return worst(
            certificate for plan in plans for certificate in plan.run.certificates.values()
        )

    @property
    def meaning(self) -> str:
        """What the figures count."""
        return f"potential: {_ALONE}"

    @property
    def unit(self) -> str:
        """Unit of needs and of what is served."""
        return UNIT

    # -- as words and tables -------------------------------------------------------------------

    def summary(self) -> str:
        """Return the answer in a few sentences, coverage first."""
        return _summary_of(self)


def _of_those_that_draw(plan: Plan, x: npt.NDArray[np.float64]) -> tuple[Delivery, ...]:
    """Return the deliveries of a solution, those to nations that only buy for others left out."""
    drawing = plan.model.scope.drawing
    rows = deliveries(plan.model, x)
    return tuple(row for row in rows if not drawing or row.nation in drawing)


def _summary_of(result: PotentialResult) -> str:
    """Return the answer in a few sentences."""
    return " ".join(
        [
            headline(result),
            *(basket_sentence(row, _whose(result)) for row in result.baskets),
            *(element_sentence(row, _whose(result)) for row in result.elements),
            *_limits(result),
            *filter(None, [dead_end_sentence(result.dead_ends)]),
        ]
    )


def headline(result: PotentialResult) -> str:
    """Return the first sentence: coverage by form with its data range."""
    asked = result.question
    without = f" without {asked.avoid_name}" if asked.avoid else ""
    alone = "if they alone drew on the network" if asked.is_several else _ALONE
    who = listing(asked.to_names)
    condition = f"in {asked.year}{without}, on {asked.counted}, {alone}"
    if not result.forms:
        known = "0" if result.is_nothing_asked else "not known"
        return (
            f"{who} could get {tonnes(result.served)} t/yr {condition}; {_whose(result)} demand is "
            f"{known}."
        )
    need = "they need" if asked.is_several else "it needs"
    parts = " and ".join(_form(row, need) for row in result.forms)
    return f"{who} could cover {parts} {condition}."


def _whose(result: PotentialResult) -> str:
    return "their" if result.question.is_several else "its"


def _form(row: FormPotential, need: str) -> str:
    """Coverage of one form, such as "12% (7% to 15%) of the 9,000 t/yr it needs as magnet"."""
    low, high = share(row.coverage_low), share(row.coverage_high)
    spread = f" ({low} to {high})" if low != high else ""
    part = "all" if row.coverage >= 1.0 - _ROUNDING else share(row.coverage)
    part = "none" if row.coverage <= _ROUNDING else part
    return f"{part}{spread} of the {tonnes(row.need)} t/yr that {need} as {row.title.lower()}"


def element_sentence(row: ElementPotential, whose: str = "its") -> str:
    """Return what could come of an element if it alone counted, within the need and beyond.

    `whose` is the need: "its" of one target, "their" of several.
    """
    spread = between(row.low, row.high)
    text = f"Of {row.element}, if it alone counted, {tonnes(row.within)} {row.unit}"
    if spread != tonnes(row.within):
        text += f" ({spread})"
    if row.coverage is not None:
        text += f", {share(row.coverage)} of the {tonnes(row.need)} that {whose} products hold"
    if row.beyond > _ROUNDING * max(1.0, row.within):
        is_full = row.coverage is None or row.coverage >= 1.0 - _ROUNDING
        what = "beyond it" if is_full else "more that these products cannot use"
        text += f", and up to {tonnes(row.beyond)} {what}"
    return f"{text}."


def basket_sentence(row: BasketPotential, whose: str = "its") -> str:
    """Return what could come of several elements as one, within the need.

    `whose` is as for :func:`element_sentence`.
    """
    ends = between(row.low, row.high)
    spread = f" ({ends})" if ends != tonnes(row.within) else ""
    return (
        f"Of the {row.basket} ({row.members}) in {whose} products {share(row.coverage)} could come "
        f"if nothing else counted: {tonnes(row.within)}{spread} of {tonnes(row.need)} {row.unit}."
    )


def _limits(result: PotentialResult) -> list[str]:
    """Where the next tonne is worth most, in a sentence."""
    raised = result.raised(_NAMED)
    if not raised:
        return []
    named = "; ".join(
        f"one more {row.unit} at {row.name} would serve {tonnes(row.worth)} t of product more"
        for row in raised
    )
    return [f"What stops more: {named}."]
