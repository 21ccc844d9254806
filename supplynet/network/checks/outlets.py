"""Check of dead ends: plants that can be supplied in a tier and year and have no outlet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supplynet.network.checks.links import rules
from supplynet.network.checks.rows import file_of, numbered, unknown_names
from supplynet.network.outlets import without_outlet
from supplynet.network.problems import Problem
from supplynet.network.tiers import TIERS

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def outlets(net: SupplyNetwork) -> Iterator[Problem]:
    """Plants that nobody is named to buy from, with the tiers and years in which that is so."""
    if any(unknown_names(net)) or any(rules(net)):
        return  # reported by their own checks
    span = range(net.commodity.first_year, net.commodity.last_year + 1)
    unsold: dict[str, dict[str, list[int]]] = {}
    for tier, counted in TIERS.items():
        for year in span:
            for node_id in without_outlet(net, year, counted):
                unsold.setdefault(node_id, {}).setdefault(tier, []).append(year)
    for number, node in numbered(net, "nodes"):
        if node.id in unsold:
            told = "; ".join(
                f"{tier} {_years_in_words(years)}" for tier, years in unsold[node.id].items()
            )
            yield Problem(
                "no-outlet",
                f"nobody is named to take what it makes: {told}",
                file_of("nodes"),
                number,
                "id",
                node.id,
                "name a buyer, offer it by a planned rule, or accept it with a reason",
            )


def _years_in_words(years: list[int]) -> str:
    """Return years as spans: ``2024, 2026 to 2032``."""
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return ", ".join(
        str(span[0]) if len(span) == 1 else f"{span[0]} to {span[-1]}" for span in spans
    )
