"""The question of a potential, checked and solved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from supplynet.analysis.balance.solve import Run, supply
from supplynet.analysis.potential.network import model_of
from supplynet.analysis.potential.programs import Plan
from supplynet.analysis.potential.result import PotentialResult
from supplynet.analysis.question import Question, ask
from supplynet.analysis.words import QuestionWords, known_words, takes
from supplynet.errors import OptionError
from supplynet.network.tiers import TIERS, Floors, floors
from supplynet.network.units import BASKET, baskets_in, elements_of
from supplynet.solve.lp.starts import Starts

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


@takes(QuestionWords)
def potential(
    net: SupplyNetwork,
    *,
    to: str | Iterable[str],
    element: str | Iterable[str] | None = None,
    time_limit: float | None = None,
    **words: Unpack[QuestionWords],
) -> PotentialResult:
    """What could a nation or bloc get if it alone drew on the network?

    The balance with one target drawing: of all elements together, with every loss, shared
    capacity and what is cut off. It serves the most tonnes of product in all, then the products
    as evenly as can be. Others buy only where what they buy leaves scrap that comes to the target,
    so that no balance in which all draw brings it more.

    Parameters
    ----------
    net : SupplyNetwork
    to : str or iterable of str
        Selector of the nation or bloc that draws.
    element : str or iterable of str, optional
        Elements that are told apart; default: the graph's headline elements. One word for
        several, such as a basket that is sold as one, is told as one, too.
    time_limit : float, optional
        Seconds after which to give up each program.

    Returns
    -------
    PotentialResult
        Coverage by product and form with ranges, tonnes by element, limits and certificate.

    Raises
    ------
    UnknownNameError
        If a selector, element or scenario names nothing.
    OptionError
        If an option's value is not allowed, or the target asks for nothing in this graph.
    UnboundedError
        If nothing limits what a nation without a known demand could take.
    InterruptedSolveError
        If the time limit was reached.
    CertificateError
        If the independent check refuses a solution.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = potential(sn.load("tutorial"), to="MLT")
    >>> [(row.product, round(row.need), round(row.served)) for row in found.products]
    [('goods', 1200, 1091)]
    >>> found.certificate.ok
    True
    """
    known_words(words, potential)
    question = ask(net, to=to, **words)
    names = element if element is None or isinstance(element, str) else list(element)
    return potential_of(question, element=names, time_limit=time_limit)


def potential_of(
    question: Question,
    *,
    element: str | list[str] | None = None,
    time_limit: float | None = None,
    starts: Starts | None = None,
    is_settled: bool = True,
    is_by_form: bool = False,
) -> PotentialResult:
    """Return the answer of :func:`potential` to a checked question.

    `starts` is where the same programs ended in other figures: an answer comes quicker, and may be
    another by rounding. Without `is_settled`, whether flows are wanted, the solution is any that
    serves as much, as evenly. With `is_by_form` what is served of each form is enough: of products
    nothing is decided where that is quicker. An OptionError if the target is no nation, or asks for
    nothing; an UnboundedError if nothing limits what is taken.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = potential_of(ask(sn.load("tutorial"), to="MLT", avoid="ISL"))
    >>> found.coverage <= 1.0
    True
    """
    require_drawing(question)
    elements = elements_of(question.net, element)
    if BASKET in elements:
        raise OptionError(
            "a potential follows elements, and the basket is all of them",
            hint="leave element out for the headline elements, or write all",
        )
    plan = Plan(model_of(question), time_limit, starts or Starts())
    plan.solve(is_by_form=is_by_form)
    return PotentialResult(
        question=question,
        asked_elements=tuple(elements),
        asked_baskets=baskets_in(question.net, element),
        plan=plan,
        x=plan.shown() if is_settled else plan.x,
        is_by_form=is_by_form,
    )


def by_tier(
    question: Question,
    tiers: Iterable[str] = tuple(TIERS),
    *,
    element: str | list[str] | None = None,
) -> dict[str, PotentialResult]:
    """Return the potentials of a question on the links and plants of each tier.

    Links and plants of the question itself do not count.

    Examples
    --------
    >>> import supplynet as sn
    >>> found = by_tier(ask(sn.load("tutorial"), to="MLT", avoid="ISL", year=2026))
    >>> [f"{one.coverage:.2f}" for one in found.values()]
    ['0.00', '0.25', '0.25', '0.25']
    """
    return {
        tier: potential_of(on_floors(question, floors(tier=tier)), element=element)
        for tier in tiers
    }


def on_floors(question: Question, found: Floors) -> Question:
    """Return a question on other links and plants.

    Examples
    --------
    >>> import supplynet as sn
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
