"""The most of one element that plants, links and corridors let through, as a balance would.

Where a balance counts several things together, each limit here is what is left when all else is
as little as can be: so a maximum flow never lies below what any balance brings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays import contents as held
from supplynet.analysis.arrays.feeds import scrap_ratios
from supplynet.arrays import Floats, Ints
from supplynet.network.cache import Same, cache_of
from supplynet.network.timeline import beside, circuits_in_force, members
from supplynet.network.units import BASKET, find_unit, tonnage, tonnages
from supplynet.terms import LEVELS

if TYPE_CHECKING:
    from supplynet.analysis.arrays.feeds import Feed
    from supplynet.analysis.arrays.limits import Limits
    from supplynet.analysis.arrays.skeleton import Arc
    from supplynet.analysis.arrays.towards import Towards
    from supplynet.network.schema import Capacity, Node


class Most:
    """Limits of one element on a skeleton, each as wide as a balance may make it."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.net, self.frame = limits, limits.net, limits.frame
        self.element, self.level = limits.element, limits.level
        #: whether something that all elements share was counted as if this one had it alone
        self.is_shared = False
        self._scrap: dict[str, float] = {}
        # no figure of a plant or link changes these, nor another end of the data
        key = ("most", Same(self.frame), self.element, limits.year)
        names = cache_of(self.net).setdefault(key, ({}, {}, {}))
        self._finished_tonnes: dict[tuple[str, str], float] = names[0]
        self._senders: dict[str, tuple[str, ...]] = names[1]
        self._per_unit: dict[tuple[str, str], float | None] = names[2]

    # -- plants ----------------------------------------------------------------------------

    def of_node(self, node: Node) -> float:
        """Most of the element that a node lets through where its capacity is measured, t/yr."""
        row: Node | Capacity = self.limits.steps.get(node.id, node)
        capacity = tonnage(self.net, row, "capacity", self.level)
        if self.element == BASKET:
            return self.limits.node_limit(node)
        if capacity is None or math.isinf(capacity):
            return math.inf if self.limits.is_origin(node.id) else self._of_circuits(node)
        # Zero times an infinite content would be no number. A maker that stands still may pass on.
        if not capacity and not (self.counts_made(node) and self.passes_more(node)):
            return 0.0
        if self.limits.is_origin(node.id):
            return capacity * held.mined(self.net, row.unit, self.element, node, self.level)
        # All elements share the plant, and this flow has it alone: true as a bound, and told as
        # one.
        self.is_shared |= len(self.net.commodity.elements) > 1
        # A circuit is a part of a plant with a capacity of its own for some elements: both hold.
        return min(self._own(row, node, capacity), self._of_circuits(node))

    def _own(self, row: Node | Capacity, node: Node, capacity: float) -> float:
        """Most of the element that a plant's own capacity lets through, its circuits left out."""
        key = node.id, row.unit
        if key not in self._per_unit:
            self._per_unit[key] = self._in_unit(row, node)
        most = self._per_unit[key]
        if most is not None:
            return most if math.isinf(most) else capacity * most
        # A capacity for baskets may be used in two ways, for the mix as it comes or for finished
        # goods that hold more of the element; a balance may take the better one.
        aside = beside(self.net, node.id, self.limits.year)
        tonnes = capacity * find_unit(self.net, row.unit).factor
        return max(capacity * self._finished(row, node), self._of_baskets(node, tonnes, aside))

    def _in_unit(self, row: Node | Capacity, node: Node) -> float | None:
        """Most of the element in a tonne of a plant's own unit; None of one that counts baskets."""
        if self.counts_made(node) and self.passes_more(node):
            return math.inf
        if find_unit(self.net, row.unit).measures == "basket":
            return None
        # Counted by a circuit beside the plant's own output, so that the plant itself does not hold
        # it.
        if self.element in beside(self.net, node.id, self.limits.year):
            return math.inf
        passing = held.of_element(self.net, row.unit, self.element, node.product)
        return max(self._finished(row, node), passing)

    def _of_circuits(self, node: Node) -> float:
        """Most of the element that a plant's circuits let through, where its capacity counts."""
        most = math.inf
        for row in circuits_in_force(self.net, self.limits.year).get(node.id, ()):
            if self.element in members(self.net, row.group):
                capacity = tonnage(self.net, row, "capacity", self.level) or 0.0
                tonnes = held.of_element(self.net, row.unit, self.element, node.product)
                most = min(most, capacity * tonnes)
        if most < math.inf and not self.counts_finished(node):
            # Circuits count what they make; where the plant's own place is at its input, that is
            # more by what is lost in it.
            recovery = self.limits.recovery(node.id)
            return most / recovery if recovery else 0.0
        return most

    def _of_baskets(self, node: Node, tonnes: float, aside: frozenset[str]) -> float:
        """Most of the element that a capacity for baskets lets through: scrap first, then feeds."""
        share = self.limits.counted_share(node, aside)
        if share >= 1.0:
            return tonnes * share
        # A tonne of scrap holds nothing but elements in use, so that scrap fills the plant with
        # more of the element than a tonne of ore: first as much as there is.
        scrap = min(tonnes, self._scrap_into(node.id))
        return tonnes * share + scrap * (1.0 - share)

    def _scrap_into(self, label: str) -> float:
        """Most of the element that comes to a vertex in new scrap, t/yr."""
        total = 0.0
        for index in self.frame.arcs_in.get(label, ()):
            arc = self.frame.arcs[index]
            if arc.is_scrap:
                is_hub = arc.tail in self.frame.hubs
                total += self._scrap_into(arc.tail) if is_hub else self.of_scrap(arc.tail)
        return total

    def _finished(self, row: Node | Capacity, node: Node) -> float:
        """Most of the element in a tonne of a node's unit of finished products."""
        key = node.id, row.unit
        if key not in self._finished_tonnes:
            self._finished_tonnes[key] = self._best_product(row.unit, node)
        return self._finished_tonnes[key]

    def _best_product(self, unit: str, node: Node) -> float:
        forms = (
            form
            for form in self.frame.forms_out.get(node.id, ())
            if self.net.form_by_name[form].is_final
        )
        return max((self._products(unit, node.id, form) for form in forms), default=0.0)

    def counts_made(self, node: Node) -> bool:
        """Whether a plant that counts at its input counts by the products that it makes."""
        row: Node | Capacity = self.limits.steps.get(node.id, node)
        return (
            self.net.stage_by_name[node.stage].capacity_at == "input"
            and self.makes(node.id) is not None
            and bool(row.unit)
            and find_unit(self.net, row.unit).measures == "product"
        )

    def passes_more(self, node: Node) -> bool:
        """Whether a maker also sends on what it does not make, but for scrap."""
        own = self.makes(node.id)
        out = (self.frame.arcs[index] for index in self.frame.arcs_out.get(node.id, ()))
        return node.id in self._passing_products or any(
            arc.form != own and not arc.is_scrap for arc in out
        )

    def makes(self, label: str) -> str | None:
        """Return the form of what a plant makes, None for one that makes no finished product."""
        node = self.frame.nodes.get(label)
        product = self.net.product_by_id.get(node.product or "") if node else None
        if product is None or not self.net.form_by_name[product.form].is_final:
            return None
        return product.form

    @cached_property
    def _passing_products(self) -> frozenset[str]:
        """Vertices at which finished products may arrive."""
        into, forms = self.frame.heads_by_form, self.net.form_by_name
        return frozenset().union(*(into[form] for form in into if forms[form].is_final))

    def counts_finished(self, node: Node) -> bool:
        """Whether a plant's capacity counts what leaves it finished."""
        return self.net.stage_by_name[node.stage].capacity_at == "output" or self.counts_made(node)

    def yield_after(self, node: Node, best: float) -> float:
        """Best yield from the place where a node's capacity is measured to the target."""
        if self.limits.is_origin(node.id) or self.counts_finished(node):
            return best
        return best * self.limits.recovery(node.id)

    # -- scrap -----------------------------------------------------------------------------

    @cached_property
    def _ratios(self) -> Mapping[str, float]:
        return scrap_ratios(self.net, LEVELS[self.level].opposite)

    @cached_property
    def returning(self) -> Mapping[str, float]:
        """Scrap per tonne finished of the plants whose scrap has somewhere to go."""
        arcs = self.frame.arcs
        tails = {arcs[at].tail for at in np.flatnonzero(arcs.column("is_scrap")).tolist()}
        return {element: ratio for element, ratio in self._ratios.items() if element in tails}

    def is_cut_off(self, label: str) -> bool:
        """Whether a plant leaves new scrap."""
        return label in self._ratios

    def of_scrap(self, label: str) -> float:
        """Most of the element that a plant can cut off and send back, t/yr where it leaves."""
        if label not in self._scrap:
            # Scrap may go in a circle through its own plant: while it is being worked out it counts
            # as unlimited, which leaves the plant's capacity as the limit.
            self._scrap[label] = math.inf  # of a plant that lives on its own scrap alone
            self._scrap[label] = self._of_scrap(label)
        return self._scrap[label]

    def _of_scrap(self, label: str) -> float:
        node, ratio = self.frame.nodes.get(label), self.returning.get(label, 0.0)
        if node is None:  # a corridor: what enters it is counted there
            return math.inf
        limit = self.of_node(node) if ratio else 0.0
        if not limit:
            return 0.0
        if self.counts_finished(node):
            return limit * ratio
        # Of what comes out, ratio parts in 1 + ratio are cut off.
        return limit * self.limits.recovery(label) * ratio / (1.0 + ratio)

    # -- links and corridors ---------------------------------------------------------------

    def of_hub(self, hub: str) -> float:
        """Most of the element that a whole corridor lets through, t/yr."""
        rule = self.frame.hubs[hub]
        capacity = tonnage(self.net, rule, "capacity", self.level)
        if capacity is None:
            return math.inf
        if hub not in self._senders:
            tails = dict.fromkeys(
                self.frame.arcs[index].tail for index in self.frame.arcs_in.get(hub, ())
            )
            # A corridor has hundreds of senders of few kinds, and what a tonne holds depends on the
            # kind alone.
            kinds = {self._kind(tail, rule.form): tail for tail in tails}
            self._senders[hub] = tuple(kinds.values())
        sent = (self._sent(rule.unit, rule.form, tail) for tail in self._senders[hub])
        return capacity * max(sent, default=0.0)

    def _kind(self, tail: str, form: str) -> tuple[object, ...]:
        """What a tonne that a vertex sends in a form depends on."""
        node = self.frame.nodes.get(tail)
        feeds: frozenset[Feed] = frozenset()
        if not self.net.form_by_name[form].is_separated:
            feeds = self.frame.leaving.get(tail, frozenset())
        return node.product if node else None, tail in self._passing_products, feeds

    def of_arcs(self, towards: Towards, at: Ints, arriving: Floats) -> Floats:
        """Return the most of the element that arcs let through, in tonnes that arrive.

        `at` are places of arcs, shape (n,), and `arriving` the best yield from each, shape (n,).
        """
        limit, own = np.full(at.size, np.inf), self._link_capacities(towards)[at]
        limited = np.flatnonzero(np.isfinite(own))
        kinds, kind = np.unique(towards.kind[at[limited]], return_inverse=True)
        sent = np.array([self._sent(*towards.kinds[n]) for n in kinds.tolist()])
        limit[limited] = own[limited] * sent[kind]
        for n in np.flatnonzero(towards.is_scrap[at]).tolist():
            limit[n] = min(limit[n], self.of_scrap(towards.arcs[at[n]].tail))
        mixed = np.flatnonzero(~towards.is_separated[at])
        bounds = towards.tail[at[mixed]], towards.head[at[mixed]]
        tails, heads = (np.unique(several, return_inverse=True) for several in bounds)
        share = np.array([self.limits.leaving_share(towards.labels[n]) for n in tails[0]])[tails[1]]
        basket, entering = (
            np.array([of(towards.labels[n]) for n in heads[0]])[heads[1]]
            for of in (self.limits.basket_capacity, self.limits.entering_share)
        )
        # Nothing is said of the feeds that are richest in the element: for them the plant's own
        # capacity is the limit, and a cut then names the plant.
        is_held = np.isfinite(basket) & (share < entering)
        held_at = mixed[is_held]
        limit[held_at] = np.minimum(limit[held_at], basket[is_held] * share[is_held])
        most = np.zeros(at.size)
        np.multiply(limit, arriving, out=most, where=arriving > 0.0)
        return most

    def _link_capacities(self, towards: Towards) -> Floats:
        """Return what links of their own may carry at an end of the data, inf without a limit."""
        names = cache_of(self.net).setdefault(("link capacities", Same(towards)), {})
        if self.level not in names:
            capacity, link = np.full(len(towards.arcs), np.inf), towards.arcs.column("link")
            own = tonnages(self.net, towards.arcs.whole.edges, "capacity", self.level)
            own = own[link[link >= 0]]
            capacity[link >= 0] = np.where(np.isnan(own), np.inf, own)
            names[self.level] = capacity
        capacities: Floats = names[self.level]
        return capacities

    def of_held(self, arc: Arc, amount: float, unit: str) -> float:
        """Most of the element in an amount of a unit on an arc, t/yr as it leaves the tail."""
        tails = [arc.tail]
        if arc.tail in self.frame.hubs:
            tails = [self.frame.arcs[index].tail for index in self.frame.arcs_in.get(arc.tail, ())]
        sent = (self._sent(unit, arc.form, tail) for tail in tails)
        return amount * max(sent, default=0.0)

    def _sent(self, unit: str, form: str, tail: str) -> float:
        """Most of the element in a tonne of a unit that a vertex sends in a form."""
        node = self.frame.nodes.get(tail)
        product = node.product if node else None
        kind = self.net.form_by_name[form]
        if self.element == BASKET:
            share = 0.0 if kind.is_separated else self.limits.leaving_share(tail)
            return self.limits.tonnes(unit, tail, product, share)
        if not kind.is_separated:
            feeds = self.frame.leaving.get(tail, frozenset())
            return held.of_feeds(self.net, unit, self.element, product, feeds, self.level)
        sent = held.of_element(self.net, unit, self.element, product)
        return max(sent, self._products(unit, tail, form)) if kind.is_final else sent

    def _products(self, unit: str, tail: str, form: str) -> float:
        node = self.frame.nodes.get(tail)
        product = node.product if node else None
        is_maker, is_passed = self.makes(tail) == form, tail in self._passing_products
        if not is_maker and not is_passed:
            return 0.0
        is_own = is_maker and not is_passed
        maker = product or "" if is_own else ""
        return held.of_products(self.net, unit, self.element, product, form, maker)

    # -- restrictions ------------------------------------------------------------------------

    def through_gate(self, form: str, arcs: Iterable[Arc], *, is_nation: bool) -> float:
        """Return what may pass a restriction over what a receiver could take of the element.

        A balance holds back the element where it comes separated, and each product by itself: the
        element may then be in it up to its highest content. `arcs` lead through it; nations take of
        each product what they need of it, plants what they can handle.
        """
        if self.element == BASKET or not self.net.form_by_name[form].is_final:
            return 1.0
        ratios = held.over_central(self.net, form, self.element)
        # A nation takes up to its demand of each grade, so that the grade richest in the element
        # bounds it. A plant passes grades on beside each other, each up to what it could handle:
        # there they add up.
        total = max(ratios, default=0.0) if is_nation else sum(ratios)
        tails = {
            tail
            for arc in arcs
            for tail in (
                [self.frame.arcs[index].tail for index in self.frame.arcs_in.get(arc.tail, ())]
                if arc.tail in self.frame.hubs
                else [arc.tail]
            )
        }
        return total + any(self.makes(tail) != form for tail in tails)
