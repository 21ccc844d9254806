"""Checks of owners: shares that fit together, and who is said to control a plant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.owners import MAJORITY
from supplynet.network.problems import Problem
from supplynet.network.schema import UNKNOWN

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

# shares that were rounded may add up to this much more than the whole
_ROUNDING = 1e-6


def owners(net: SupplyNetwork) -> Iterator[Problem]:
    """Shares of more than the whole plant, and majorities that a node's row contradicts."""
    totals: dict[str, float] = {}
    nations = frozenset(net.nation_ids)
    for number, row in numbered(net, "owners"):
        before = totals.get(row.node_id, 0.0)
        totals[row.node_id] = before + row.share
        if before <= 1.0 + _ROUNDING < totals[row.node_id]:
            yield _problem(
                number,
                "share",
                f"{totals[row.node_id]:g}",
                f"the shares of {row.node_id} add up to more than 1",
                "correct them; what has no known holder is left out",
            )
        node = net.node_by_id.get(row.node_id)
        if row.node_id in nations:
            message = "a nation belongs to its own country"
            yield _problem(number, "node_id", row.node_id, message, "take the row out")
        elif node is not None and node.owner_country not in (row.country, UNKNOWN):
            if row.share <= MAJORITY:
                continue
            message = f"nodes.csv says that {node.owner_country} controls {node.id}"
            hint = "name the holder of the majority there, or leave owner_country out"
            yield _problem(number, "country", row.country, message, hint)


def _problem(number: int, column: str, value: str, message: str, hint: str) -> Problem:
    return Problem("owner", message, file_of("owners"), number, column, value, hint)
