"""What a plant makes of a feed: the elements that it parts, and the rest that it sends on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from supplynet.analysis.arrays.feeds import Feed, composition, feed_after, gone_of, recovery_of
from supplynet.network.cache import cache_of
from supplynet.network.schema import Node
from supplynet.network.units import BASKET, group_of
from supplynet.terms import LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def making_stages(net: SupplyNetwork) -> frozenset[str]:
    """Return the stages where at least one node says which groups it makes."""
    if "making" not in cache_of(net):
        cache_of(net)["making"] = frozenset(node.stage for node in net.node_rows if node.makes)
    making: frozenset[str] = cache_of(net)["making"]
    return making


def separable(net: SupplyNetwork, node: Node) -> frozenset[str]:
    """Return the elements that a node can turn out in separated form."""
    if node.stage not in making_stages(net):
        return frozenset(net.commodity.elements)
    groups = ((element, group_of(net, element)) for element in net.commodity.elements)
    return frozenset(element for element, group in groups if group is None or group in node.makes)


def rest_of(net: SupplyNetwork, node: Node, feed: Feed, level: LevelName) -> tuple[Feed, float]:
    """Return what a feed leaves a node as, unseparated, and the tonnes of it per tonne.

    Where its elements are recovered unevenly the rest is all that is recovered of them. Else, and
    where the feed passed the node before, it keeps its composition, and the element of it that is
    recovered worst holds it.

    Parameters
    ----------
    net : SupplyNetwork
    node : Node
    feed : Feed
    level : {"low", "central", "high"}
        Which end of recoveries counts.
    """
    left = feed_after(net, node, feed)
    gone = gone_of(net, left.removed)
    held = composition(net, feed, level)
    kept = {
        element: share for element, share in held.items() if element not in gone and share > 0.0
    }
    if not kept:
        return left, 0.0
    recovered = dict.fromkeys(kept, 1.0)
    if feed != Feed(node.id):
        recovered = {element: recovery_of(net, node.id, element, level) for element in kept}
    if left.passed != feed.passed:
        return left, sum(share * recovered[element] for element, share in kept.items())
    return left, min(recovered.values()) * (sum(kept.values()) if node.makes else 1.0)


def largest_part(
    net: SupplyNetwork,
    node: Node,
    feed: Feed,
    element: str,
    level: LevelName,
    aside: frozenset[str] = frozenset(),
) -> float:
    """Return the largest part of an element in all that leaves a node made of a feed.

    Parameters
    ----------
    net : SupplyNetwork
    node : Node
        No origin.
    feed : Feed
    element : str
        An element of the graph, or ``"basket"``.
    level : {"low", "central", "high"}
        Which end of recoveries counts.
    aside : frozenset of str
        Elements that do not count in the whole: those of circuits. What is told of one of them,
        or of the basket, may be above 1, and inf where nothing else leaves.
    """
    if element == BASKET and not aside:
        return 1.0
    held = composition(net, feed, level)
    out = {
        element: share * recovery_of(net, node.id, element, level)
        for element, share in held.items()
    }
    made = gone_of(net, frozenset(node.makes))
    rest, size = rest_of(net, node, feed, level)
    largest = 0.0
    for parted, more in ((made, size), (separable(net, node), 0.0)):
        tonnes = {element: out[element] for element in out if element in parted}
        whole = sum(amount for element, amount in tonnes.items() if element not in aside) + more
        part = tonnes.get(element, 0.0)
        if element == BASKET:
            part = sum(tonnes.values()) + more
        elif element not in parted:
            part = more * composition(net, rest, level).get(element, 0.0)
        if part > 0.0:
            largest = max(largest, part / whole if whole > 0.0 else math.inf)
    return largest
