"""A potential by element: in what is served, alone, beyond the need, and the bound on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.flow.flow import solve_question
from supplynet.analysis.potential.programs import Plan
from supplynet.analysis.potential.rows import BasketPotential, ElementPotential
from supplynet.network.demand import demand
from supplynet.network.units import flow_unit

if TYPE_CHECKING:
    from supplynet.analysis.question import Question

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
    ends: Mapping[str, Plan],
    served: Mapping[str, float],
) -> tuple[ElementPotential, ...]:
    """Return the potential of each element.

    Parameters
    ----------
    question : Question
    elements : iterable of str
    plan : Plan
        Solved with the central figures.
    ends : mapping of str to Plan
        Solved with every figure at its low and its high end.
    served : mapping of str to float
        Tonnes of each element in what the potential serves.

    Raises
    ------
    CertificateError
        If the independent check refuses a solution.
    """
    rows = []
    for element in elements:
        figure = demand(question.net, question.targets, element, question.year)
        need = None if figure.how == "none" else figure.value
        most = float("inf") if need is None else need
        within, *others = (
            min(most, plan_at_end.most_of(element)) for plan_at_end in (plan, *ends.values())
        )
        free = plan.most_beyond(element)
        # The maximum flow knows neither recipes nor shared plants: it must not lie below the
        # balance, and where it lies above, the reasons are told.
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
    ends: Mapping[str, Plan],
    served: Mapping[str, float],
) -> tuple[BasketPotential, ...]:
    """Return the potential of several elements as one; a basket that nobody needs has no row.

    Parameters
    ----------
    question : Question
    baskets : mapping of str to iterable of str
        Elements by the word that stands for them.
    plan, ends, served
        As in :func:`element_rows`.

    Raises
    ------
    CertificateError
        If the independent check refuses a solution.
    """
    net, rows = question.net, []
    for basket, members in baskets.items():
        needs = {
            element: demand(net, question.targets, element, question.year) for element in members
        }
        known = {element: figure.value for element, figure in needs.items() if figure.value}
        if not known:
            continue
        need = sum(known.values())
        within, *others = (
            min(need, plan_at_end.most_together(known)) for plan_at_end in (plan, *ends.values())
        )
        rows.append(
            BasketPotential(
                basket=basket,
                members=", ".join(known),
                unit="t oxide/yr" if net.commodity.basis == "oxide" else "t/yr",
                need=need,
                served=sum(min(tonnes, served.get(name, 0.0)) for name, tonnes in known.items()),
                within=within,
                low=min(within, *others),
                high=max(within, *others),
                bound=sum(solve_question(question, element).value for element in known),
            )
        )
    return tuple(rows)


def _reasons(plan: Plan) -> tuple[str, ...]:
    """Return what of the network a maximum flow does not know, and a balance does."""
    given, codes = plan.model.scope, plan.model.columns.codes
    holds = (codes.content > 0.0).sum(axis=1)
    reasons = {
        SHARED: len(given.net.commodity.elements) > 1,
        YIELDS: bool((codes.recovery != 1.0).any()),
        CONTENTS: bool((holds > 1).any()),
        SCRAP: bool(given.scrap),
    }
    return tuple(name for name, is_there in reasons.items() if is_there)
