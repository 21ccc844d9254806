"""Tiers: potential on links up to each standing, with and without what is avoided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from supplynet.analysis.flow import graph_of, solve_question
from supplynet.analysis.flowgraph import FlowGraph
from supplynet.analysis.question import Question
from supplynet.analysis.solving import solve_ahead
from supplynet.model.schema import STANDINGS

#: link floors of the three tiers, and how a reader calls them
TIERS = {
    "contracted": "observed and contracted",
    "planned": "plus planned",
    "plausible": "plus plausible",
}


@dataclass(frozen=True, slots=True)
class Tier:
    """Potential on the links up to a standing.

    Parameters
    ----------
    links : str
        Weakest standing that is used.
    with_all : float
        t/yr with the avoided jurisdiction open.
    without : float
        t/yr with it shut, plants of unknown owners included.
    low, high : float
        ``without`` at the low and high ends of the data; ``high`` leaves plants of unknown
        owners open.
    coverage : float or None
        Share of the demand that ``without`` could cover.
    """

    links: str
    with_all: float
    without: float
    low: float
    high: float
    coverage: float | None


def floors_of(question: Question) -> list[str]:
    """Return the link floors of the tiers up to the asked one, which is always among them."""
    floor = STANDINGS.index(question.links)
    names = [name for name in TIERS if STANDINGS.index(name) <= floor]
    return names or [question.links]


def tiers_of(question: Question, element: str, need: float) -> tuple[Tier, ...]:
    """Return the tiers of one element; ``need`` is its demand in t/yr."""
    found = []
    for links in floors_of(question):
        with_all, without, low, high = (
            solve_question(question, element, links=links, **words).value
            for words in _variants(question)
        )
        coverage = min(1.0, without / need) if need else None
        found.append(Tier(links, with_all, without, low, high, coverage))
    return tuple(found)


def _variants(question: Question) -> tuple[dict[str, object], ...]:
    """With everything open, without what is avoided, and the low and high ends of that."""
    return (
        {"closed": frozenset()},
        {},
        {"level": "low"},
        {"level": "high", "closed": question.shut.surely},
    )


def solve_tiers_ahead(question: Question, elements: Iterable[str]) -> None:
    """Solve all that the tiers and the potentials of some elements need, in one go."""
    solve_ahead((graph, frozenset()) for graph in _graphs(question, elements))


def _graphs(question: Question, elements: Iterable[str]) -> Iterator[FlowGraph]:
    floors = dict.fromkeys([*floors_of(question), question.links])
    for element in elements:
        for links in floors:
            for words in _variants(question):
                yield graph_of(question, element, links=links, **words)  # type: ignore[arg-type]
