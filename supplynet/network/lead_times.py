"""How long goods are on the way from plant to plant, and how long a plant works them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from supplynet.network.cache import kept
from supplynet.network.selector import select
from supplynet.terms import LEVELS, LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import LeadTime


@dataclass(frozen=True, slots=True)
class _Row:
    """A row with the nodes that its selectors name; targets are None where all are meant."""

    row: LeadTime
    sources: frozenset[str]
    targets: frozenset[str] | None

    def holds(self, source: str, target: str, form: str) -> bool:
        return (
            source in self.sources
            and (self.targets is None or target in self.targets)
            and self.row.form in (None, form)
        )


def lead_days(
    net: SupplyNetwork, source: str, target: str, form: str, level: LevelName = "central"
) -> float:
    """Return the days from what comes into a plant to what arrives at who buys from it.

    The first row of each kind that fits counts, in the order of the table; where none does, 0. The
    high end is the most favorable, so that it takes the fewest days.

    Examples
    --------
    >>> import supplynet as sn
    >>> lead_days(sn.load("tutorial"), "mine-big", "ref-big", "ore")
    0.0
    """
    end = LEVELS[level].opposite
    days = 0.0
    for rows in _rows(net):
        for each in rows:
            if each.holds(source, target, form):
                own = None if end == "central" else getattr(each.row, f"days_{end}")
                days += each.row.days if own is None else own
                break
    return days


@kept("lead times")
def _rows(net: SupplyNetwork) -> Sequence[Sequence[_Row]]:
    """Return the rows of transport, and those of processing."""
    rows = cast("tuple[LeadTime, ...]", net.rows("lead_times"))
    return tuple(
        tuple(
            _Row(
                row,
                select(net, row.source).surely,
                select(net, row.target).surely if row.target else None,
            )
            for row in rows
            if row.kind == kind
        )
        for kind in ("transport", "processing")
    )
