"""Which programs answer a balance: the words of an objective, and what is solved for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplynet.analysis.balance.scope import scope
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.problems import did_you_mean
from supplynet.network.selector import select_some
from supplynet.terms import MEASURED, TRACED, LevelName

if TYPE_CHECKING:
    from supplynet.analysis.balance.solve import Run
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
    from supplynet.terms import LevelName


@dataclass(frozen=True, slots=True)
class Words:
    """What a balance is asked beside the words that every question has.

    Parameters
    ----------
    objective : str
    elements : tuple of str
        Followed.
    basis : {"capacity", "production"}
    priority : tuple of str
        Selectors of nations, in order.
    exposed_to : str
    weights : mapping of str to float
        By product.
    time_limit : float or None
        Seconds for each program.
    is_firm : bool
        Whether firm deliveries are served before anything else.
    """

    objective: str
    elements: tuple[str, ...]
    basis: str
    priority: tuple[str, ...]
    exposed_to: str
    weights: Mapping[str, float]
    time_limit: float | None
    is_firm: bool = True


def run_of(
    question: Question, words: Words, level: LevelName = "central"
) -> tuple[Run, dict[tuple[str, str], float], dict[str, float]]:
    """Solve the programs of a balance, all capacities and yields at one end of their figures.

    Where owners are not known, the high end leaves their plants open.

    Returns
    -------
    tuple of (Run, dict, dict)
        With levels of coverage for ``fair`` and the best value by level of prices for objectives
        in money; else empty.
    """
    if words.objective == MEASURED:
        from supplynet.analysis.balance.measured import measured

        return measured(question, words), {}, {}
    from supplynet.analysis.balance.firm import serve_firm
    from supplynet.analysis.balance.model import model
    from supplynet.analysis.balance.solve import Run

    shut = question.shut.surely if level == "high" else question.shut.possibly
    given = scope(
        _counted(question, words.objective),
        year=question.year,
        links=question.links,
        plants=question.plants,
        closed=shut | out_of_play(question),
        elements=words.elements,
        basis=words.basis,
        level=level,
    )
    run = Run(model(given), words.time_limit)
    if words.is_firm:
        run = serve_firm(run)
    return run, *_solve(run, question, words)


def out_of_play(question: Question) -> frozenset[str]:
    """Return the nations that are avoided by name and do not draw either.

    Raises
    ------
    OptionError
        If every nation is.
    """
    nations = avoided_nations(question)
    if nations and frozenset(question.net.nation_ids) <= nations:
        raise OptionError("every nation is avoided, so that nobody draws on the network")
    return nations


def avoided_nations(question: Question) -> frozenset[str]:
    """Return the nations that are avoided by name."""
    if not question.avoid:
        return frozenset()
    avoided = select_some(question.net, question.avoid, lens=question.lens, what="avoid").surely
    return avoided & frozenset(question.net.nation_ids)


def groups_of(question: Question, priority: Iterable[str]) -> list[tuple[str, frozenset[str]]]:
    """Return the nations of each selector, in order; none counts twice."""
    groups, seen = [], frozenset(out_of_play(question))
    for word in priority:
        nations = select_some(question.net, word, what="priority").surely
        nations &= frozenset(question.net.nation_ids)
        if not nations:
            raise UnknownNameError(f"priority {word!r} names no nation of {question.net.name}")
        groups.append((word, nations - seen))
        seen |= nations
    return [(word, nations) for word, nations in groups if nations]


def _counted(question: Question, objective: str) -> SupplyNetwork:
    """Return the network to be solved: in money, corridors are told apart as charges do.

    Raises
    ------
    OptionError
        If the graph lacks the prices or charges of an objective in money.
    """
    if not TRACED[objective].is_money:
        return question.net
    from supplynet.analysis.balance.borders import told_apart
    from supplynet.analysis.balance.costs import require_money
    from supplynet.network.money import charges_in_force

    require_money(question.net, objective)
    return told_apart(question.net, charges_in_force(question.net, question.year))


def _solve(
    run: Run, question: Question, words: Words
) -> tuple[dict[tuple[str, str], float], dict[str, float]]:
    """Solve the programs of an objective.

    Returns levels of coverage for ``fair`` and the best value by level of prices for objectives
    in money; else none.
    """
    from supplynet.analysis.balance import costs
    from supplynet.analysis.balance import solve as programs
    from supplynet.analysis.balance.fair import fair
    from supplynet.analysis.balance.observed import observed

    objective, weights = words.objective, words.weights
    unknown = [product for product in weights if product not in question.net.product_by_id]
    if unknown:
        raise UnknownNameError(
            f"{question.net.name} has no product {unknown[0]!r} to weigh",
            hint=did_you_mean(unknown[0], question.net.product_by_id),
        )
    if objective == "fair":
        return fair(run), {}
    if objective == "cost":
        return {}, costs.cost(run, weights)
    if objective == "price":
        return {}, costs.price(run)
    if objective == "priority":
        programs.priority(run, groups_of(question, words.priority))
    elif objective == "least_exposure":
        nodes = select_some(question.net, words.exposed_to, lens=question.lens, what="exposed_to")
        programs.least_exposure(run, nodes.possibly - frozenset(question.net.nation_ids), weights)
    elif objective == "observed":
        observed(run, weights)
    else:
        programs.max_supply(run, weights)
    return {}, {}
