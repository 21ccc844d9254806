"""The solved programs of a nation or bloc that draws alone, and what is read off them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from supplynet.analysis.balance.content import element_deliveries
from supplynet.analysis.balance.spread import raised
from supplynet.analysis.balance.tables import (
    bindings,
    deliveries,
    served_by,
    uses,
)
from supplynet.analysis.flow.rows import (
    PRODUCT_UNIT,
    Binding,
    Carrier,
    Delivery,
    Use,
)
from supplynet.analysis.potential.elements import (
    BasketPotential,
    ElementPotential,
    FormPotential,
    ProductPotential,
    basket_rows,
    element_rows,
)
from supplynet.analysis.potential.losses import carriers_of
from supplynet.analysis.potential.programs import Plan, model_of
from supplynet.analysis.potential.ways import PlanPath, plan_paths
from supplynet.analysis.proofs import Proof
from supplynet.analysis.provenance import provenance
from supplynet.analysis.question import CONDITIONS, Coverages, alternatives
from supplynet.solve.check import worst
from supplynet.terms import ENDS, LEVEL_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from supplynet.analysis.flow.rows import Carrier
    from supplynet.analysis.provenance import Provenance
    from supplynet.analysis.question import Question
    from supplynet.arrays import Floats
    from supplynet.contract.headline import Headline
    from supplynet.solve.check import Certificate

#: need, served, low, high, and the coverage that each of the last three means
_Figures = tuple[float, float, float, float, float, float, float]


class Beside(Protocol):
    """An answer that states what carries it, and what it is under conditions."""

    @property
    def carried_by(self) -> tuple[Carrier, ...]:
        """Rows without which less comes."""

    @property
    def conditions(self) -> Mapping[str, Headline]:
        """The headline under each condition."""


@dataclass(frozen=True, eq=False)
class SolvedPotential:
    """The programs of a nation or bloc that draws alone; what is read off is solved on first use.

    Answers, reports and pictures are made of it.
    """

    question: Question
    asked_elements: tuple[str, ...]  #: that are distinguished
    #: words that stood for several of them, which are also told as one
    asked_baskets: Mapping[str, tuple[str, ...]]
    plan: Plan = field(repr=False)  #: the programs, central figures
    x: Floats = field(repr=False)  #: the solution that is shown
    #: whether only what is served of each form is wanted; of products nothing is decided then
    is_by_form: bool = field(default=False, repr=False)

    @cached_property
    def provenance(self) -> Provenance:
        """Network, options and software behind it; told on first use."""
        return provenance(self.question, elements=list(self.asked_elements))

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

    def asked_again(self, question: Question) -> SolvedPotential | None:
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

    def of_elements(self, *elements: str) -> SolvedPotential:
        """Return the same answer, of which some of the elements are reported."""
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
            ProductPotential(
                *(product, names[product].name, names[product].form),
                *figures,
                form_coverage=self.form_figures[names[product].form][4],
            )
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
        """Demand, served, ends of it, coverage and ends of it, by form: `forms` without `alone`."""
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
        """Demand, served, ends of it, coverage and ends of it, by what a product belongs to."""
        central = served_by(self.deliveries, key)
        bounds = [
            served_by(_of_those_that_draw(plan, plan.run.x), key) for plan in self._ends.values()
        ]
        figures_by_key: dict[str, _Figures] = {}
        for name, (need, served) in central.items():
            # at an end at which nothing is asked for, nothing is served, and nothing is missing
            others = [sums.get(name, (0.0, 0.0)) for sums in bounds]
            tonnes = [served, *(end for _, end in others)]
            shares = [served / need, *(end / query if query else 1.0 for query, end in others)]
            tonnage = need, served, min(tonnes), max(tonnes)
            figures_by_key[name] = (*tonnage, served / need, min(shares), max(shares))
        return figures_by_key

    def under(self, condition: str) -> SolvedPotential | None:
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
    def _alternatives(self) -> dict[str, SolvedPotential | None]:
        return {}

    @cached_property
    def coverages(self) -> Coverages:
        """Coverage by form and its ends under each condition that makes it another, by name."""
        others = {name: self.under(name) for name in CONDITIONS}
        return {
            name: {form: figures[4:] for form, figures in other.form_figures.items()}
            for name, other in others.items()
            if other is not None
        }

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
        """Tonnes by element: in what is served, alone, beyond demand, and the bound."""
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
            results = plan_paths(self.plan.model, self.x, element, self.question.targets)
            self._paths[element] = results
        return self._paths[element]

    @cached_property
    def _paths(self) -> dict[str, tuple[PlanPath, ...]]:
        """Paths by element, as far as they were asked for."""
        return {}

    # -- what binds ------------------------------------------------------------------

    @cached_property
    def binding(self) -> tuple[Binding, ...]:
        """Limits that hold it down, with the price of one more: the most that it would serve."""
        return bindings(self.plan.run, PRODUCT_UNIT)

    def raised(self, n: int = 1) -> tuple[Binding, ...]:
        """Return the `n` limits of which one more brings most by itself, as worth what it brings.

        A linear program is solved for each. A price of :attr:`binding` says what one
        more brings at most; where two limits hold at once, one more of either may bring nothing.
        """
        ranked = sorted(
            self.binding, key=lambda row: (-float(f"{row.worth:.9g}"), len(row.name), row.name)
        )
        return raised(self.plan.run, ranked, n)

    @cached_property
    def utilization(self) -> tuple[Use, ...]:
        """Use of every capacity: plants, links and corridors."""
        return uses(self.plan.model, self.x)

    def proof(self, *, has_elements: bool = True, beside: Beside | None = None) -> list[Proof]:
        """Return the programs of what is served, with their solutions and duals."""
        from supplynet.analysis.potential.evidence import potential_proof

        return [potential_proof(self, has_elements=has_elements, beside=beside)]

    @property
    def certificate_so_far(self) -> Certificate:
        """Every check at its worst over the programs that were solved up to now."""
        plans = [self.plan, *(self.__dict__.get("_ends") or {}).values()]
        return worst(
            certificate for plan in plans for certificate in plan.run.certificates.values()
        )


def _of_those_that_draw(plan: Plan, x: Floats) -> tuple[Delivery, ...]:
    """Return the deliveries of a solution, those to nations that only buy for others left out."""
    drawing = plan.model.scope.drawing
    rows = deliveries(plan.model, x)
    return tuple(row for row in rows if not drawing or row.nation in drawing)
