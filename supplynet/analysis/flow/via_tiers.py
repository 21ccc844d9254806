"""What can come by way of some countries on the links and plants of a tier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from supplynet.analysis.flow.flow import graph_of
from supplynet.analysis.flow.rows import ViaTier
from supplynet.analysis.flow.via import through_flows
from supplynet.analysis.question import Question
from supplynet.network.demand import demand
from supplynet.network.selector import select
from supplynet.network.tiers import floors
from supplynet.terms import DEFAULT_TIER, ENDS, LEVELS

#: tiers that countries on the way are set side by side on: what exists, and what is on paper
VIA_TIERS = (DEFAULT_TIER, "announced")


def via_nodes(question: Question, via: str) -> frozenset[str]:
    """Nodes of a country on the way, nations left out: to arrive is not to pass through."""
    nations = frozenset(question.net.nation_ids)
    return select(question.net, via, lens=question.lens).surely - nations


def via_tier(
    question: Question, element: str, unit: str, via: Sequence[str], tier: str
) -> tuple[ViaTier, ...]:
    """Return what can come by way of each country, and at last of several together."""
    teams = [(word,) for word in via] + ([tuple(via)] if len(via) > 1 else [])
    members = {word: via_nodes(question, word) for word in via}
    sets = [frozenset().union(*(members[word] for word in team)) for team in teams]
    counted = floors(tier=tier)
    words: dict[str, Any] = {"links": counted.links, "plants": counted.plants}
    central = through_flows(graph_of(question, element, **words), sets)
    needs = [
        demand(question.net, question.targets, element, question.year, need=level.opposite).value
        for level in (LEVELS["central"], *ENDS.values())
    ]
    ends = [
        through_flows(graph_of(question, element, level=end.name, need=end.opposite, **words), sets)
        for end in ENDS.values()
    ]
    return tuple(
        ViaTier(
            element,
            unit,
            needs[0],
            tier,
            question.year,
            team,
            flows[0].value,
            *(
                min(1.0, flow.value / need) if need else None
                for flow, need in zip(flows, needs, strict=True)
            ),
        )
        for team, *flows in zip(teams, central, *ends, strict=True)
    )
