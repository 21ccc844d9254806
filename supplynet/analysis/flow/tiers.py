"""Tiers: potential on the links and plants of each tier, with and without what is avoided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from supplynet.analysis.arrays.flowgraph import FlowGraph
from supplynet.analysis.arrays.solving import solve_ahead
from supplynet.analysis.flow.flow import graph_of, solve_question
from supplynet.analysis.flow.rows import Tier
from supplynet.analysis.question import Question
from supplynet.network.demand import demand
from supplynet.network.tiers import Floors, tiers_up_to
from supplynet.terms import ENDS, LEVELS


def floors_of(question: Question) -> dict[str, Floors]:
    """Return the tiers that lead up to the asked one, which is always the last."""
    return tiers_up_to(Floors(question.links, question.plants))


def tiers_of(
    question: Question, element: str, need: float, *, has_ends: bool = True
) -> tuple[Tier, ...]:
    """Return the tiers of one element; ``need`` is its demand in t/yr.

    `has_ends` says whether what is covered at the ends of the data is wanted: two further flows.
    """
    tiers = []
    needs = [
        demand(question.net, question.targets, element, question.year, need=end).value
        for end in (LEVELS[end].opposite for end in ENDS)
    ]
    for name, tier_floors in floors_of(question).items():
        with_all, without, low, high, *ends = (
            solve_question(
                question, element, links=tier_floors.links, plants=tier_floors.plants, **words
            ).value
            for words in _variants(question, has_ends=has_ends)
        )
        covered: list[float | None] = [None, None, None]
        if need:
            pairs = zip((without, *ends), (need, *needs), strict=False)
            covered[: 1 + len(ends)] = [
                min(1.0, got / asked) if asked else None for got, asked in pairs
            ]
        figures = with_all, without, low, high
        tiers.append(Tier(name, tier_floors.links, tier_floors.plants, *figures, *covered))
    return tuple(tiers)


def _variants(question: Question, *, has_ends: bool) -> tuple[dict[str, object], ...]:
    """With everything open, without what is avoided, and the low and high ends of that.

    With `has_ends` at last the ends against the opposite ends of the demand.
    """
    surely = question.shut.surely
    ends: tuple[dict[str, object], ...] = (
        {"level": "low", "need": "high"},
        {"level": "high", "need": "low", "closed": surely},
    )
    return (
        {"closed": frozenset()},
        {},
        {"level": "low"},
        {"level": "high", "closed": surely},
        *(ends if has_ends else ()),
    )


def solve_tiers_ahead(
    question: Question, elements: Iterable[str], *, has_ends: bool = True
) -> None:
    """Solve all that the tiers and the potentials of some elements need, in one go."""
    graphs = _graphs(question, elements, has_ends=has_ends)
    solve_ahead((graph, frozenset()) for graph in graphs)


def _graphs(question: Question, elements: Iterable[str], *, has_ends: bool) -> Iterator[FlowGraph]:
    for element in elements:
        for tier in floors_of(question).values():
            for words in _variants(question, has_ends=has_ends):
                yield graph_of(question, element, links=tier.links, plants=tier.plants, **words)  # type: ignore[arg-type]
