"""What a plant is fed with, and what of it it leaves: baskets on their way, and new scrap.

A basket that travels whole is known by three things: its origin, the element groups that were
taken out of it, and the plants it passed that keep some of its elements better than others, such
as a smelter that keeps 95 % of the nickel and 50 % of the cobalt in its matte. Its composition
follows from these: each share of the origin's basket times the recoveries of the plants passed.

A plant that is passed a second time, in a cycle, is not counted again: the basket then keeps
its composition, and the element that is recovered worst holds it. So there are finitely many
feeds, and none of them holds more than could be had.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

from supplynet.network.cache import Cache, cache_of, kept
from supplynet.network.schema import Node
from supplynet.network.selector import select
from supplynet.network.timeline import lossy, recoveries
from supplynet.network.units import BASKET, group_of, pick
from supplynet.terms import LEVEL_NAMES, LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Recovery, Scrap


class Feed(NamedTuple):
    """A basket that a plant may be fed with."""

    origin: str  #: node that brings it to the surface
    removed: frozenset[str] = frozenset()  #: element groups that were taken out of it
    #: plants that it passed and that recover its elements unevenly
    passed: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        """Whether it still has the composition that its origin gave it."""
        return not self.removed and not self.passed

    @property
    def words(self) -> tuple[str, ...]:
        """Where it comes from, what it passed and what was taken out, each in words.

        Examples
        --------
        >>> Feed("pit", frozenset({"light"}), frozenset({"smelter"})).words
        ('pit', 'after smelter', 'without light')
        """
        return (
            self.origin,
            *(f"after {plant}" for plant in sorted(self.passed)),
            *(f"without {group}" for group in sorted(self.removed)),
        )

    @property
    def order(self) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        """What feeds are sorted by: the same in every run, unlike the text of a set."""
        return self.origin, tuple(sorted(self.removed)), tuple(sorted(self.passed))

    def name(self) -> str:
        """Return it as one phrase.

        Examples
        --------
        >>> Feed("pit", frozenset({"light", "heavy"}), frozenset({"smelter"})).name()
        'pit after smelter without heavy and light'
        """
        text = self.origin
        if self.passed:
            text += f" after {' and '.join(sorted(self.passed))}"
        if self.removed:
            text += f" without {' and '.join(sorted(self.removed))}"
        return text


@kept("assays")
def assays(net: SupplyNetwork) -> Mapping[str, Mapping[str, float]]:
    """Return the shares of the elements in the basket of each origin that has an assay."""
    table: dict[str, dict[str, float]] = {}
    for row in net.assay_rows:
        table.setdefault(row.node_id, {})[row.element] = row.share
    return table


def recovery_of(net: SupplyNetwork, label: str, element: str, level: LevelName) -> float:
    """Return the share of an element that leaves a plant, out over in; 1 where nothing says.

    The most specific row counts: of the element, of its group, of all.
    """
    row = _recovery_rows(net, element).get(label)
    return 1.0 if row is None else pick(row, "recovery", level) or 0.0


@kept("recovery rows")
def _recovery_rows(net: SupplyNetwork, element: str) -> Mapping[str, Recovery]:
    """Return, by node id, the row of the table recoveries that counts for an element."""
    by_node: dict[str, Recovery] = {}
    for name in ("all", group_of(net, element), element):  # the most specific last
        by_node |= {label: row for (label, of), row in recoveries(net).items() if of == name}
    return by_node


@kept("gone")
def gone_of(net: SupplyNetwork, removed: frozenset[str]) -> frozenset[str]:
    """Return the elements that went with the groups that were taken out."""
    return frozenset(member for group in removed for member in net.commodity.groups[group])


def recoverable(net: SupplyNetwork, origin: str, level: LevelName) -> Mapping[str, float]:
    """Return the shares of the elements in an origin's basket that its ore type lets through."""
    values: dict[tuple[str, LevelName], Mapping[str, float]]
    values = cache_of(net).setdefault("recoverable", {})
    key = origin, level
    if key not in values:
        assay = assays(net).get(origin)
        if assay is None:  # a single commodity needs no assay
            elements = net.commodity.elements
            assay = {elements[0]: 1.0} if len(elements) == 1 else {}
        values[key] = {
            element: share * recovery_of(net, origin, element, level)
            for element, share in assay.items()
        }
    return values[key]


def composition(net: SupplyNetwork, feed: Feed, level: LevelName) -> Mapping[str, float]:
    """Return the shares of the elements that can be had of a feed.

    They add up to 1 once something was taken out or lost unevenly; before, what an assay leaves
    out or an ore type keeps back is missing.
    """
    # a cache of their own: there can be tens of thousands, which must push nothing else out
    if "compositions" not in cache_of(net):
        cache_of(net)["compositions"] = Cache()
    cache: Cache = cache_of(net)["compositions"]
    key = feed, level
    if key not in cache:
        cache[key] = _composition(net, feed, level)
    shares: Mapping[str, float] = cache[key]
    return shares


def _composition(net: SupplyNetwork, feed: Feed, level: LevelName) -> Mapping[str, float]:
    basket = recoverable(net, feed.origin, level)
    if feed.is_whole:
        return basket
    gone = gone_of(net, feed.removed)
    left = {element: share for element, share in basket.items() if element not in gone}
    for plant in sorted(feed.passed):
        left = {
            element: share * recovery_of(net, plant, element, level)
            for element, share in left.items()
        }
    total = sum(left.values())
    return {element: share / total for element, share in left.items()} if total else left


def feed_after(net: SupplyNetwork, node: Node, feed: Feed) -> Feed:
    """Return what a plant sends on unseparated of a feed.

    Of an origin's own basket what its ore type keeps back is taken off already.
    """
    removed = feed.removed.union(node.makes) if node.makes else feed.removed
    passed = feed.passed
    if is_uneven(net, node.id, feed.origin, removed):
        passed = passed | {node.id}
    return Feed(feed.origin, removed, passed)


def is_uneven(net: SupplyNetwork, label: str, origin: str, removed: frozenset[str]) -> bool:
    """Whether a plant keeps some elements of what is left of a basket better than others."""
    if label == origin or label not in lossy(net):
        return False
    # Many mines bring the same elements. What is known is one entry of the cache: one for each
    # plant and mine would push all others out of it where there are thousands.
    values: dict[tuple[str, frozenset[str], frozenset[str]], bool]
    values = cache_of(net).setdefault("uneven", {})
    key = label, _elements_of(net, origin), removed
    if key not in values:
        gone = gone_of(net, removed)
        stated = {
            tuple(recovery_of(net, label, element, level) for level in LEVEL_NAMES)
            for element in key[1]
            if element not in gone
        }
        values[key] = len(stated) > 1
    return values[key]


def _elements_of(net: SupplyNetwork, origin: str) -> frozenset[str]:
    """Return the elements in the basket of an origin."""
    values: dict[str, frozenset[str]] = cache_of(net).setdefault("elements of origins", {})
    if origin not in values:
        values[origin] = frozenset(recoverable(net, origin, "high"))
    return values[origin]


@kept("making")
def making_stages(net: SupplyNetwork) -> frozenset[str]:
    """Return the stages where at least one node says which groups it makes."""
    return frozenset(node.stage for node in net.node_rows if node.makes)


def separable(net: SupplyNetwork, node: Node) -> frozenset[str]:
    """Return the elements that a node can turn out in separated form."""
    # asked at every plant for every question, and the same for all plants that make the same
    values: dict[tuple[str, object], frozenset[str]] = cache_of(net).setdefault("separable", {})
    key = node.stage, node.makes
    if key not in values:
        values[key] = _separable(net, node)
    return values[key]


def _separable(net: SupplyNetwork, node: Node) -> frozenset[str]:
    if node.stage not in making_stages(net):
        return frozenset(net.commodity.elements)
    groups = ((element, group_of(net, element)) for element in net.commodity.elements)
    return frozenset(element for element, group in groups if group is None or group in node.makes)


def rest_of(net: SupplyNetwork, node: Node, feed: Feed, level: LevelName) -> tuple[Feed, float]:
    """Return what a feed leaves a node as, unseparated, and the tonnes of it per tonne.

    Where its elements are recovered unevenly the rest is all that is recovered of them. Else, and
    where the feed passed the node before, it keeps its composition, and the element of it that is
    recovered worst holds it.
    """
    left = feed_after(net, node, feed)
    gone = gone_of(net, left.removed)
    contents = composition(net, feed, level)
    values = {
        element: share for element, share in contents.items() if element not in gone and share > 0.0
    }
    if not values:
        return left, 0.0
    recovered = dict.fromkeys(values, 1.0)
    if feed != Feed(node.id):
        recovered = {element: recovery_of(net, node.id, element, level) for element in values}
    if left.passed != feed.passed:
        return left, sum(share * recovered[element] for element, share in values.items())
    return left, min(recovered.values()) * (sum(values.values()) if node.makes else 1.0)


def largest_part(
    net: SupplyNetwork,
    node: Node,
    feed: Feed,
    element: str,
    level: LevelName,
    aside: frozenset[str] = frozenset(),
) -> float:
    """Return the largest part of an element in all that leaves a node made of a feed.

    The node is no origin. Elements `aside`, those of circuits, do not count in the whole; what is
    told of one of them, or of the basket, may be above 1, and inf where nothing else leaves.
    """
    if element == BASKET and not aside:
        return 1.0
    contents = composition(net, feed, level)
    out = {
        element: share * recovery_of(net, node.id, element, level)
        for element, share in contents.items()
    }
    made = gone_of(net, frozenset(node.makes))
    others, size = rest_of(net, node, feed, level)
    largest = 0.0
    for parted, more in ((made, size), (separable(net, node), 0.0)):
        tonnes = {element: out[element] for element in out if element in parted}
        total = sum(amount for element, amount in tonnes.items() if element not in aside) + more
        fraction = tonnes.get(element, 0.0)
        if element == BASKET:
            fraction = sum(tonnes.values()) + more
        elif element not in parted:
            fraction = more * composition(net, others, level).get(element, 0.0)
        if fraction > 0.0:
            largest = max(largest, fraction / total if total > 0.0 else math.inf)
    return largest


@kept("scrap")
def scrap_rows(net: SupplyNetwork) -> Mapping[str, Scrap]:
    """Return the row of the table that speaks of each node, by node id."""
    by_node: dict[str, Scrap] = {}
    for row in cast("tuple[Scrap, ...]", net.rows("scrap")):
        for node_id in sorted(select(net, row.nodes).surely):
            by_node.setdefault(node_id, row)
    return by_node


def scrap_ratios(net: SupplyNetwork, level: LevelName = "central") -> Mapping[str, float]:
    """Return, by node id, the tonnes in new scrap per tonne in what leaves the node finished.

    Plants that leave no scrap are not among them.
    """
    ratios = {node_id: pick(row, "ratio", level) for node_id, row in scrap_rows(net).items()}
    return {node_id: ratio for node_id, ratio in ratios.items() if ratio}
