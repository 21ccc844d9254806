"""What each plant, link and corridor lets through of one element, and with what yield."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.arrays.feeds import (
    Feed,
    composition,
    largest_part,
    making_stages,
    recovery_of,
)
from supplynet.analysis.arrays.skeleton import Skeleton
from supplynet.network.cache import cache_of
from supplynet.network.schema import Capacity, Node
from supplynet.network.timeline import beside, capacities_in_force, circuits_in_force, members
from supplynet.network.units import BASKET, element_tonnes, find_unit, group_of, tonnage
from supplynet.terms import LevelName

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


class Limits:
    """Capacities, recoveries and yields of one element on a skeleton.

    `need` is the end of what nations ask for, by default that of the rest: a coverage is low where
    low figures meet a high demand.
    """

    def __init__(
        self,
        net: SupplyNetwork,
        frame: Skeleton,
        element: str,
        year: int,
        level: LevelName,
        need: LevelName | None = None,
    ) -> None:
        self.net, self.frame, self.element, self.level = net, frame, element, level
        self.need: LevelName = level if need is None else need
        self.group = group_of(net, element)
        self.year = year
        self.steps = capacities_in_force(net, year, frame.plants)
        #: whether a plant that also handles other elements was counted as if it did not
        self.is_shared = False
        # Shares and recoveries depend on the network, element and end alone; questions about other
        # years, tiers and losses find them here.
        names = cache_of(net).setdefault(  # of any skeleton and year
            ("limits", element, level), ({}, {}, {}, {}, {})
        )
        self._shares: dict[Feed, float] = names[0]
        self._recoveries: dict[str, float] = names[1]
        self._unit_tonnes: dict[tuple[str, str | None, float], float] = names[2]
        self._sent_tonnes: dict[tuple[str, str, str | None, float], float] = names[3]
        self._best_shares: dict[frozenset[Feed], float] = names[4]
        self._separated: dict[str, bool] = cache_of(net).setdefault(("separates", element), {})
        self._capacities: dict[str, tuple[float, str, bool]] = cache_of(net).setdefault(
            ("capacities of an end", year, frame.plants, level), {}
        )
        self._leaving_shares: dict[str, float] = {}
        self._entering_shares: dict[str, float] = {}
        self._basket_capacities: dict[str, float] = {}

    # -- what a vertex may carry -------------------------------------------------------

    def share(self, feed: Feed) -> float:
        """Share of the element that can be had of a basket, 0 to 1."""
        amount = self._shares.get(feed)
        if amount is None:
            amount = self._shares[feed] = self._share(feed)
        return amount

    def _share(self, feed: Feed) -> float:
        contents = composition(self.net, feed, self.level)
        if self.element == BASKET:
            return sum(contents.values()) if feed.is_whole else 1.0
        return contents.get(self.element, 0.0)

    def best_share(self, feeds: frozenset[Feed]) -> float:
        """Largest share of the element over the feeds that may come."""
        best = self._best_shares.get(feeds)
        if best is None:
            best = self._best_shares[feeds] = max(map(self.share, feeds), default=0.0)
        return best

    def recovery(self, label: str) -> float:
        """Share of the element that leaves a vertex, out over in."""
        if label not in self._recoveries:
            if self.element == BASKET:  # the element that is kept best bounds the mix
                elements = self.net.commodity.elements
                # The whole mix has no one recovery: that of the element that is kept best bounds it
                # from above.
                recovery = max(
                    recovery_of(self.net, label, element, self.level) for element in elements
                )
            else:
                recovery = recovery_of(self.net, label, self.element, self.level)
            self._recoveries[label] = recovery
        return self._recoveries[label]

    def can_leave(self, label: str, is_separated: bool) -> bool:
        """Whether the element can leave a vertex, separated or not."""
        if not is_separated:
            return label not in self.frame.nodes or self.leaving_share(label) > 0.0
        leaves = self._separated.get(label)
        if leaves is None:
            leaves = self._separated[label] = self._can_leave_separated(label)
        return leaves

    def _can_leave_separated(self, label: str) -> bool:
        node = self.frame.nodes.get(label)
        if node is None:
            return True
        if self.group is None and self.element != BASKET:
            return True
        if node.stage not in making_stages(self.net):
            return True
        return bool(node.makes) if self.element == BASKET else self.group in node.makes

    def leaving_share(self, label: str) -> float:
        """Largest share of the element in what leaves a vertex unseparated."""
        if label not in self._leaving_shares:
            self._leaving_shares[label] = self.best_share(
                self.frame.leaving.get(label, frozenset())
            )
        return self._leaving_shares[label]

    def entering_share(self, label: str) -> float:
        """Largest share of the element in what enters a vertex: 1 where it comes separated."""
        if label not in self._entering_shares:
            self._entering_shares[label] = (
                1.0
                if self._comes_separated(label)
                else self.best_share(self.frame.feeds.get(label, frozenset()))
            )
        return self._entering_shares[label]

    # -- capacities --------------------------------------------------------------------

    def node_limit(self, node: Node) -> float:
        """Capacity of a node in t/yr of the element at the place where it is measured.

        Circuits count what leaves the node, and are taken back to that place.
        """
        return min(self._own_limit(node), self._circuit_limit(node))

    def _circuit_limit(self, node: Node) -> float:
        """What the circuits of a node let through of the element, inf where none counts it."""
        most = math.inf
        for row in circuits_in_force(self.net, self.year).get(node.id, ()):
            if self.element in members(self.net, row.group):
                capacity = tonnage(self.net, row, "capacity", self.level) or 0.0
                most = min(most, capacity * self._tonnes_of_unit(row.unit, node.product, 1.0))
        if most < math.inf and self.net.stage_by_name[node.stage].capacity_at == "input":
            recovery = self.recovery(node.id)
            return most / recovery if recovery else 0.0
        return most

    def _own_limit(self, node: Node) -> float:
        """Capacity of a node without its circuits, as above."""
        capacity, unit, is_basket = self._capacity(node)
        if capacity == math.inf or capacity == 0.0:
            return capacity
        is_origin = self.is_origin(node.id)
        if not is_origin and len(self.net.commodity.elements) > 1:
            self.is_shared = True
        aside = beside(self.net, node.id, self.year)
        is_aside = bool(aside) and (self.element in aside or self.element == BASKET)
        if is_aside and not is_basket:
            return math.inf
        share = 0.0  # only a basket's tonnes depend on what comes in
        if is_basket:
            share = self.counted_share(node, aside)
        return capacity * self.tonnes(unit, node.id, node.product, share)

    def counted_share(self, node: Node, aside: frozenset[str]) -> float:
        """Largest share of the element in the basket that a node's capacity counts.

        Above 1 where it comes along with that basket and is counted by a circuit, `aside`.
        """
        entering = self.entering_share(node.id)
        if self.is_origin(node.id):
            return max(self.share(Feed(node.id)), entering)
        if self.net.stage_by_name[node.stage].capacity_at == "input":
            return entering
        if self._comes_separated(node.id):
            return math.inf if aside & {self.element} or (aside and self.element == BASKET) else 1.0
        feeds = self.frame.feeds.get(node.id, frozenset())
        return max(
            (largest_part(self.net, node, feed, self.element, self.level, aside) for feed in feeds),
            default=0.0,
        )

    def _comes_separated(self, label: str) -> bool:
        tails = self.frame.separated_from.get(label, ())
        return any(self.can_leave(tail, True) for tail in tails)

    def _capacity(self, node: Node) -> tuple[float, str, bool]:
        """Capacity of a node in its unit, inf for none, and whether it counts a basket."""
        limit = self._capacities.get(node.id)
        if limit is None:
            row: Node | Capacity = self.steps.get(node.id, node)
            capacity = tonnage(self.net, row, "capacity", self.level)
            is_basket = bool(capacity) and find_unit(self.net, row.unit).measures == "basket"
            limit = (math.inf if capacity is None else capacity), row.unit, is_basket
            self._capacities[node.id] = limit
        return limit

    def tonnes(
        self, unit_name: str, sender: str, product: str | None, basket_share: float
    ) -> float:
        """Tonnes of the element in a tonne of a unit that leaves a vertex.

        What an origin's ore type does not let through is taken off at once: a basket's shares
        are those that can be recovered, and other units are multiplied by the recovery.
        """
        key = unit_name, sender, product, basket_share
        tonnes = self._sent_tonnes.get(key)
        if tonnes is None:
            tonnes = self._tonnes_of_unit(unit_name, product, basket_share)
            if self.is_origin(sender) and find_unit(self.net, unit_name).measures != "basket":
                tonnes *= self.recovery(sender)
            self._sent_tonnes[key] = tonnes
        return tonnes

    def _tonnes_of_unit(self, unit_name: str, product: str | None, basket_share: float) -> float:
        key = unit_name, product, basket_share
        tonnes = self._unit_tonnes.get(key)
        if tonnes is None:
            tonnes = self._unit_tonnes[key] = element_tonnes(
                self.net,
                unit_name,
                self.element,
                product=product,
                basket_share=basket_share,
                level=self.level,
            )
        return tonnes

    def is_origin(self, label: str) -> bool:
        """Whether a vertex brings a basket to the surface."""
        node = self.frame.nodes.get(label)
        return node is not None and self.net.stage_by_name[node.stage].is_origin

    def yield_after(self, node: Node, best: Mapping[str, float]) -> float:
        """Best yield from the place where a node's capacity is measured to the nation."""
        stage = self.net.stage_by_name[node.stage]
        at_input = stage.capacity_at == "input" and not stage.is_origin
        return best[node.id] * (self.recovery(node.id) if at_input else 1.0)

    def basket_capacity(self, label: str) -> float:
        """Tonnes of basket that a plant can take in; inf where its capacity is of other things."""
        capacity = self._basket_capacities.get(label)
        if capacity is None:
            capacity = self._basket_capacities[label] = self._intake_of_basket(label)
        return capacity

    def _intake_of_basket(self, label: str) -> float:
        head = self.frame.nodes.get(label)
        if head is None or self.net.stage_by_name[head.stage].capacity_at != "input":
            return math.inf
        capacity, unit, is_basket = self._capacity(head)
        return capacity * find_unit(self.net, unit).factor if is_basket else math.inf
