"""Dead ends: plants that can be supplied in a tier and year, and that nobody is named to buy from.

What such a plant makes is in no figure of the tier. A graph that knows of no buyer can offer it to
the open market by a rule of standing ``planned``: an offer is no contract, and plants that are
further from running than a tier counts stay out of it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from supplynet.network.rules import corridors
from supplynet.network.tiers import Floors, counts
from supplynet.network.timeline import holds, runs
from supplynet.terms import STANDINGS, STATUSES

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def without_outlet(
    net: SupplyNetwork, year: int, counted: Floors, closed: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Return the plants that can be supplied and have no outlet, in the order of the table nodes.

    An outlet is a link, or a corridor with somebody at its other end, that holds in the year,
    counts on the floors and carries what the plant makes: of one that turns out elements in
    separated form, a form of separated elements. Scrap does not count.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.network.tiers import TIERS
    >>> without_outlet(sn.load("tutorial"), 2024, TIERS["building"])
    ()
    """
    floor = STANDINGS.rank(counted.links)
    is_open = {
        node.id
        for node in net.node_rows
        if node.id not in closed
        and counts(node.status, counted.plants)
        and runs(node, year)
        and STANDINGS.rank(STATUSES[node.status].standing) <= floor
    }
    goes: dict[str, set[str]] = defaultdict(set)
    sells: set[str] = set()

    def join(source: str, target: str, form: str) -> None:
        if source in is_open and target in is_open and not net.form_by_name[form].is_scrap:
            goes[source].add(target)
            if net.form_by_name[form].is_separated or not net.node(source).makes:
                sells.add(source)

    for edge in net.edge_rows:
        if holds(edge, year) and STANDINGS.rank(edge.standing) <= floor:
            join(edge.source, edge.target, edge.form)
    for corridor in corridors(net):
        rule = corridor.rule
        if holds(rule, year) and STANDINGS.rank(rule.standing) <= floor:
            for source, target, form in corridor.links():
                join(source, target, form)
    unsold = _fed(net, goes, is_open) - sells - frozenset(net.nation_ids)
    return tuple(node.id for node in net.node_rows if node.id in unsold)


def _fed(net: SupplyNetwork, goes: dict[str, set[str]], is_open: set[str]) -> set[str]:
    """Return the open nodes that material from the ground can reach."""
    waiting = [
        node.id
        for node in net.node_rows
        if node.id in is_open and net.stage_by_name[node.stage].is_origin
    ]
    fed = set(waiting)
    while waiting:
        for target in goes[waiting.pop()] - fed:
            fed.add(target)
            waiting.append(target)
    return fed
