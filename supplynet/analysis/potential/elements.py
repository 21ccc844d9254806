"""A potential by product, form and element: in what is served, alone, beyond demand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.flow.rows import PRODUCT_UNIT
from supplynet.contract.row import ITS_UNIT, Row, Share, col

if TYPE_CHECKING:
    from supplynet.analysis.potential.programs import Plan
    from supplynet.analysis.question import Question


class Covered(Row):
    """What a nation or bloc needs and could get, t of product per year, with the data range."""

    need: float = col("What is asked for.", PRODUCT_UNIT, head="Demand")
    served: float = col("What of it is served.", PRODUCT_UNIT, head="Could come")
    low: float = col(
        "``served`` with all figures at their low end.", PRODUCT_UNIT, head="Data range"
    )
    high: float = col("``served`` with every figure at its high end.", PRODUCT_UNIT)
    coverage: Share = col("Share of demand that is served.", head="Covered")
    coverage_low: Share = col(
        "The same at the low end; demand has ends of its own.", head="Data range"
    )
    coverage_high: Share = col("The same at the high end.")


class OfProduct(Row):
    """A product."""

    product: str = col("Id of the product.")
    name: str = col("As a reader knows it.", head="Product")
    form: str = col("Form in which it travels.")


class ProductPotential(Covered, OfProduct):
    """What a nation or bloc needs of a product and could get of it."""

    form_coverage: Share = col(
        "Share of demand in its form that is served.", by="sum(forms.coverage, form)"
    )


class OfForm(Row):
    """A form of products."""

    form: str = col("Form in which it travels.")
    title: str = col("As a reader knows it.", head="Form")


class FormPotential(Covered, OfForm):
    """What a nation or bloc needs in a form and could get in it."""

    alone: float = col("The most that could come in this form if no other counted.", PRODUCT_UNIT)


class ElementPotential(Row, also=("coverage", "most")):
    """What a nation or bloc needs of an element and could get of it, t/yr on the graph's basis."""

    element: str = col("Id of the element.", head="Element, unit")
    unit: str = col("Unit of the figures beside it.")
    need: float | None = col(
        "In the products that are asked for, by their central contents; None where no demand is "
        "known.",
        ITS_UNIT,
        head="Demand",
    )
    served: float = col(
        "In the products that the potential serves, as their makers mixed them; at most demand.",
        ITS_UNIT,
        head="In what is covered",
    )
    within: float = col(
        "The most if this element alone counted, within demand.",
        ITS_UNIT,
        head="If it alone counted",
    )
    low: float = col("``within`` with every figure at its low end.", ITS_UNIT, head="Data range")
    high: float = col("``within`` with every figure at its high end.", ITS_UNIT)
    beyond: float = col(
        "What more could come than is needed, if this element alone counted and products in a "
        "final form were taken without end; inf where nothing limits it.",
        ITS_UNIT,
        head="Beyond that",
    )
    bound: float = col(
        "Maximum flow of the element: the most by every plan, not held to demand.",
        ITS_UNIT,
        head="Maximum flow",
    )
    reasons: tuple[str, ...] = col(
        "Why ``within`` and ``beyond`` together stay below the bound; empty where they do not."
    )

    @property
    def coverage(self) -> Share | None:
        """Share of demand that could come if this element alone counted."""
        return self.within / self.need if self.need else None

    @property
    def most(self) -> float:
        """The most that could come, whatever is needed."""
        return self.within + self.beyond


class BasketPotential(Row):
    """What a nation or bloc needs of several elements as one, and could get, t/yr."""

    basket: str = col("The word that was asked for.", head="As one, unit")
    members: str = col("The elements that count: those of which a demand is known.")
    unit: str = col("Unit of the figures beside it.")
    need: float = col(
        "Of all of them, in the products that are asked for.", ITS_UNIT, head="Demand"
    )
    served: float = col(
        "In the products that the potential serves; at most demand.",
        ITS_UNIT,
        head="In what is covered",
    )
    within: float = col(
        "The most of all of them together if nothing else counted, within demand.",
        ITS_UNIT,
        head="If nothing else counted",
    )
    low: float = col("``within`` with every figure at its low end.", ITS_UNIT, head="Data range")
    high: float = col("``within`` with every figure at its high end.", ITS_UNIT)
    coverage: Share = col(
        "Share of demand that could come if these elements alone counted.", head="Covered"
    )
    bound: float = col(
        "Sum of the maximum flows of each: no plan brings more.", ITS_UNIT, head="Maximum flows"
    )


# part of a figure by which a bound may lie above it and still be the same
_SAME = 1e-6

#: why a maximum flow may lie above what a balance brings, in words
SHARED = "plants are shared with other elements"
YIELDS = "yields differ by route"
CONTENTS = "products need several elements together"
SCRAP = "some is cut off and not all of it comes back"


def element_rows(
    question: Question,
    elements: Iterable[str],
    plan: Plan,
    bounds: Mapping[str, Plan],
    served: Mapping[str, float],
) -> tuple[ElementPotential, ...]:
    """Return the potential of each element.

    `plan` is solved with the central figures, `bounds` with every figure at its low and high end;
    `served` are the tonnes of each element in what the potential serves.
    """
    from supplynet.analysis.flow.flow import solve_question  # of no use to coverage alone
    from supplynet.network.demand import demand
    from supplynet.network.units import flow_unit

    rows = []
    for element in elements:
        figure = demand(question.net, question.targets, element, question.year)
        need = None if figure.how == "none" else figure.value
        most = float("inf") if need is None else need
        within, *others = (
            min(most, plan_at_end.most_of(element)) for plan_at_end in (plan, *bounds.values())
        )
        free = plan.most_beyond(element)
        # The maximum flow knows neither recipes nor shared plants: it must not lie below the
        # balance, and where it lies above, the reasons are reported.
        bound = solve_question(question, element).value
        rows.append(
            ElementPotential(
                element=element,
                unit=flow_unit(question.net, element),
                need=need,
                served=min(most, served.get(element, 0.0)),
                within=within,
                low=min(within, *others),
                high=max(within, *others),
                beyond=max(0.0, free - within),
                bound=bound,
                reasons=_reasons(plan) if bound > free * (1.0 + _SAME) else (),
            )
        )
    return tuple(rows)


def basket_rows(
    question: Question,
    baskets: Mapping[str, Iterable[str]],
    plan: Plan,
    bounds: Mapping[str, Plan],
    served: Mapping[str, float],
) -> tuple[BasketPotential, ...]:
    """Return the potential of several elements as one; a basket that nobody needs has no row.

    Elements come by the word that stands for them; the rest is as in :func:`element_rows`.
    """
    from supplynet.analysis.flow.flow import solve_question
    from supplynet.network.demand import demand

    net, rows = question.net, []
    for basket, members in baskets.items():
        needs = {
            element: demand(net, question.targets, element, question.year) for element in members
        }
        values = {element: figure.value for element, figure in needs.items() if figure.value}
        if not values:
            continue
        need = sum(values.values())
        within, *others = (
            min(need, plan_at_end.most_together(values)) for plan_at_end in (plan, *bounds.values())
        )
        rows.append(
            BasketPotential(
                basket=basket,
                members=", ".join(values),
                unit="t oxide/yr" if net.commodity.basis == "oxide" else "t/yr",
                need=need,
                served=sum(min(tonnes, served.get(name, 0.0)) for name, tonnes in values.items()),
                within=within,
                low=min(within, *others),
                high=max(within, *others),
                coverage=within / need,
                bound=sum(solve_question(question, element).value for element in values),
            )
        )
    return tuple(rows)


def _reasons(plan: Plan) -> tuple[str, ...]:
    """Return what of the network a maximum flow does not know, and a balance does."""
    scope, codes = plan.model.scope, plan.model.columns.codes
    holds = (codes.content > 0.0).sum(axis=1)
    reasons = {
        SHARED: len(scope.net.commodity.elements) > 1,
        YIELDS: bool((codes.recovery != 1.0).any()),
        CONTENTS: bool((holds > 1).any()),
        SCRAP: bool(scope.scrap),
    }
    return tuple(name for name, is_there in reasons.items() if is_there)
