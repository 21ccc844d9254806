"""Which programs answer a balance: the words of an objective, and what is solved for it."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplynet.analysis.balance import objectives
from supplynet.analysis.balance.objectives import Reached
from supplynet.analysis.balance.scope import scope
from supplynet.errors import OptionError, UnknownNameError
from supplynet.network.demand import is_asked
from supplynet.network.selector import select_some
from supplynet.terms import TRACED, LevelName

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.solve import Run
    from supplynet.analysis.question import Question
    from supplynet.network.network import SupplyNetwork
    from supplynet.solve.lp.starts import Starts
    from supplynet.terms import LevelName


@dataclass(frozen=True, slots=True)
class Words:
    """What a balance is asked beside the words that every question has."""

    objective: str
    elements: tuple[str, ...]  #: followed
    basis: str
    priority: tuple[str, ...]  #: selectors of nations, in order
    exposed_to: str
    weights: Mapping[str, float]  #: by product
    time_limit: float | None  #: seconds for each program
    is_firm: bool = True  #: whether firm deliveries are served before anything else
    #: Nations whose levels are enough where the objective raises one after the other. Default all.
    told: frozenset[str] | None = None


def run_of(
    question: Question,
    words: Words,
    level: LevelName = "central",
    *,
    need: LevelName | None = None,
    starts: Starts | None = None,
) -> tuple[Run, Reached]:
    """Solve the programs of a balance, all capacities and yields at one end of their figures.

    What is asked for is at the other end, or at that of `need`. Where owners are not known, the
    high end leaves their plants open. `starts` is where the same programs ended in other figures:
    levels come quicker, and which of the flows that are as good comes may be another.
    """
    if TRACED[words.objective].is_measured:
        run = _module(words.objective).run_of_year(question, words)
        return run, Reached()
    from supplynet.analysis.balance.firm import serve_firm
    from supplynet.analysis.balance.solve import Run

    run = Run(model_of(question, words, level, need), words.time_limit, starts)
    if words.is_firm:
        run = serve_firm(run)
    return run, _solve(run, question, words)


def model_of(
    question: Question, words: Words, level: LevelName = "central", need: LevelName | None = None
) -> Model:
    """Return the variables and constraints of a balance, as :func:`run_of` solves them."""
    from supplynet.analysis.balance.model import model

    shut = question.closed(level)
    given = scope(
        _counted(question, words.objective),
        year=question.year,
        links=question.links,
        plants=question.plants,
        closed=shut | out_of_play(question),
        elements=words.elements,
        basis=words.basis,
        level=level,
        need=need,
    )
    if level == "central" and not given.demand:
        _require_demand(question, given.frame.nodes.keys() & frozenset(question.net.nation_ids))
    return model(given)


def _require_demand(question: Question, nations: Collection[str]) -> None:
    """Refuse a year in which those that draw are known to ask for nothing.

    Where nothing is known of their demand, they take what comes; taken for that, a demand of 0
    would be served without an end.
    """
    if is_asked(question.net, nations, question.year) is False:
        raise OptionError(
            f"nobody who draws asks for anything in {question.year}: all demand that "
            f"{question.net.name} knows of them is 0 then",
            hint="ask for another year; flow and coverage tell what could come all the same",
        )


def out_of_play(question: Question) -> frozenset[str]:
    """Return the nations that are avoided by name and do not draw; an OptionError if all are."""
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
    """Return the network to be solved: in money, corridors are told apart as charges do."""
    if not TRACED[objective].is_money:
        return question.net
    from supplynet.analysis.arrays.splitting import split_by_charges
    from supplynet.network.demand import charges_in_force

    _module(objective).require(question.net)
    return split_by_charges(question.net, charges_in_force(question.net, question.year))


def _solve(run: Run, question: Question, words: Words) -> Reached:
    """Solve the programs of an objective."""
    reached: Reached = _module(words.objective).solve(run, question, words)
    return reached


def _module(objective: str) -> Any:
    """Return the module that solves an objective; there is one of each name."""
    return importlib.import_module(f"{objectives.__name__}.{TRACED[objective].name}")
