"""The question of a potential, checked and solved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.analysis.balance.solve import Run, supply
from supplynet.analysis.potential.network import model_of
from supplynet.analysis.potential.programs import Plan
from supplynet.analysis.potential.solved import SolvedPotential
from supplynet.errors import OptionError
from supplynet.network.tiers import Floors
from supplynet.network.units import BASKET, baskets_in, elements_of
from supplynet.solve.lp.starts import Starts

if TYPE_CHECKING:
    from supplynet.analysis.question import Question


def potential_of(
    question: Question,
    *,
    element: str | Iterable[str] | None = None,
    time_limit: float | None = None,
    starts: Starts | None = None,
    is_settled: bool = True,
    is_by_form: bool = False,
) -> SolvedPotential:
    """Serve the target of a checked question the most that it could get if it alone drew.

    `starts` is where the same programs ended in other figures: they are quicker, and may end
    elsewhere by rounding. Without `is_settled`, whether flows are wanted, the solution is any that
    serves as much, as evenly. With `is_by_form` what is served of each form is enough: of products
    nothing is decided where that is quicker. An OptionError if the target is no nation, or asks for
    nothing; an UnboundedError if nothing limits what is taken.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> found = potential_of(ask(sn.load("tutorial"), to="MLT", avoid="ISL"))
    >>> found.coverage <= 1.0
    True
    """
    require_drawing(question)
    words = element if element is None or isinstance(element, str) else list(element)
    elements = elements_of(question.net, words)
    if BASKET in elements:
        raise OptionError(
            "a potential follows elements, and the basket is all of them",
            hint="leave element out for the headline elements, or write all",
        )
    plan = Plan(model_of(question), time_limit, starts or Starts())
    plan.solve(is_by_form=is_by_form)
    return SolvedPotential(
        question=question,
        asked_elements=tuple(elements),
        asked_baskets=baskets_in(question.net, words),
        plan=plan,
        x=plan.shown() if is_settled else plan.x,
        is_by_form=is_by_form,
    )


def on_floors(question: Question, found: Floors) -> Question:
    """Return a question on other links and plants.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> from supplynet.network.tiers import floors
    >>> on_floors(ask(sn.load("tutorial"), to="MLT"), floors(tier="firm")).plants
    'operating'
    """
    return replace(question, links=found.links, plants=found.plants)


def served_of(question: Question, *, closed: frozenset[str] | None = None) -> float:
    """Return the tonnes of product that the target could get in all: one certified program.

    `closed` nodes are shut in place of those that the question avoids.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.analysis.question import ask
    >>> round(served_of(ask(sn.load("tutorial"), to="MLT")))
    1091
    """
    run = Run(model_of(question, closed=closed))
    return run.maximize("max_supply", supply(run.model)).objective


def require_drawing(question: Question) -> None:
    """Refuse a target that does not draw: no nation, or one that asks for nothing."""
    net = question.net
    asking = [
        nation for nation in net.nation_ids if any(row.nation == nation for row in net.demand_rows)
    ]
    if not question.targets <= frozenset(net.nation_ids):
        raise OptionError(
            f"{question.to!r} is no nation, and a potential is of what nations ask for",
            hint="use max_flow for the most that could reach other places",
        )
    if asking and not question.targets & set(asking):
        raise OptionError(
            f"{net.name} knows no demand of {question.to_name}",
            hint=f"it knows that of {', '.join(asking)}",
        )
