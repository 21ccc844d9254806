"""Who owns a plant: by majority, as far as one country controls it, or by shares.

The table ``owners`` gives the parts that the holders of each country have. Where it says nothing
of a plant, the column ``owner_country`` of the node holds it alone; where it does, the column may
name who controls the plant without a majority, and is unknown otherwise.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, cast

from supplynet.network.cache import kept
from supplynet.network.schema import UNKNOWN, Node, Owner

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

#: a share above this is a majority
MAJORITY = 0.5


@kept("owners")
def owners(net: SupplyNetwork) -> Mapping[str, Mapping[str, float]]:
    """Return the shares of each plant that the table owners speaks of, by node and country."""
    by_node: dict[str, dict[str, float]] = {}
    for row in cast("tuple[Owner, ...]", net.rows("owners")):
        of_node = by_node.setdefault(row.node_id, {})
        of_node[row.country] = of_node.get(row.country, 0.0) + row.share
    return by_node


def shares_of(net: SupplyNetwork, node: Node) -> dict[str, float]:
    """Return the shares of a plant by country, what has no known holder under ``"unknown"``.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> shares_of(net, net.node("mine-big"))
    {'ISL': 1.0}
    """
    if node.id not in owners(net):
        return {node.owner_country: 1.0}
    holders = dict(owners(net)[node.id])
    rest = 1.0 - sum(holders.values())
    if rest > 1e-9:
        holders[UNKNOWN] = rest
    return holders


def controller(net: SupplyNetwork, node: Node) -> str:
    """Return the country that controls a plant, ``"unknown"`` where none is known to.

    The one that holds more than half; else the one that the column ``owner_country`` names.
    """
    held = owners(net).get(node.id, {})
    return next((owner for owner, share in held.items() if share > MAJORITY), node.owner_country)


def is_controlled(net: SupplyNetwork, node: Node, codes: Collection[str]) -> tuple[bool, bool]:
    """Return whether some countries control a plant together, surely and possibly.

    Surely where one of them does, or where they hold more than half in all. Possibly where no
    country is known to control it and they may hold more than half, if all that has no known
    holder is theirs.
    """
    owner = controller(net, node)
    held = owners(net).get(node.id, {})
    theirs = sum(share for country, share in held.items() if country in codes)
    surely = owner in codes or theirs > MAJORITY
    if surely or owner != UNKNOWN:
        return surely, surely
    rest = 1.0 - sum(held.values())
    return False, theirs + rest > MAJORITY
