"""A scope in numbers: vertices, arcs, feeds, elements and products by their places in lists.

Coefficients of the constraints are tables over these codes. Vertices are the nodes, then the
hubs of corridors; elements stand in the order of the graph, products by name.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from supplynet.analysis.arrays.feeds import Feed, gone_of, separable
from supplynet.analysis.balance.recipes import Grades, Groups, contents_of, grades, groups, metal_of
from supplynet.analysis.balance.rows import ints, joined
from supplynet.analysis.balance.scope import Scope
from supplynet.arrays import Bools, Floats, Ints
from supplynet.network.cache import cache_of
from supplynet.network.timeline import beside, lossy

if TYPE_CHECKING:
    from supplynet.analysis.arrays.limits import Limits
    from supplynet.analysis.balance.rows import Label

# what is reported of a scope by its figures
_OF_FIGURES = ("recovery", "share", "scrap", "in_scrap", "demand")


class Demands(NamedTuple):
    """What nations ask for, in the order of the table."""

    vertex: Ints
    product: Ints
    tonnes: Floats  #: tonnes of product per year


@dataclass(frozen=True, repr=False, eq=False)
class Codes:
    """A scope in numbers.

    The names are what the codes stand for.
    """

    scope: Scope
    vertices: tuple[str, ...]
    elements: tuple[str, ...]
    feeds: tuple[Feed, ...]
    products: tuple[str, ...]
    tail: Ints
    head: Ints
    form: Ints
    is_separated: Bools
    is_scrap: Bools
    is_plant: Bools
    is_nation: Bools
    is_origin: Bools
    is_hub: Bools

    # -- codes -----------------------------------------------------------------------------

    @cached_property
    def vertex_of(self) -> Mapping[str, int]:
        """Codes of the vertices."""
        return {label: code for code, label in enumerate(self.vertices)}

    @cached_property
    def element_of(self) -> Mapping[str, int]:
        """Codes of the elements."""
        return {element: code for code, element in enumerate(self.elements)}

    @cached_property
    def feed_of(self) -> Mapping[Feed, int]:
        """Codes of the feeds."""
        return {feed: code for code, feed in enumerate(self.feeds)}

    @cached_property
    def product_of(self) -> Mapping[str, int]:
        """Codes of the products."""
        return {product: code for code, product in enumerate(self.products)}

    @cached_property
    def form_of(self) -> Mapping[str, int]:
        """Codes of the forms, in the order of the graph."""
        return {form.name: code for code, form in enumerate(self.scope.net.commodity.forms)}

    @cached_property
    def followed(self) -> Ints:
        """Codes of the elements that are followed."""
        return np.flatnonzero(self.is_followed)

    @cached_property
    def is_followed(self) -> Bools:
        """Whether each element is followed."""
        return np.isin(self.elements, self.scope.elements)

    @cached_property
    def by_name(self) -> Ints:
        """Place of each element where they are sorted by name."""
        return np.argsort(np.argsort(np.array(self.elements)))

    # -- labels ----------------------------------------------------------------------------

    @cached_property
    def vertex_words(self) -> list[Label]:
        """What labels of rows say for each vertex."""
        texts: list[Label] = []
        for label, is_nation in zip(self.vertices, self.is_nation.tolist(), strict=True):
            if label in self.scope.frame.hubs:
                texts.append(("rule", label.removeprefix("rule:")))
            else:
                texts.append(("nation" if is_nation else "node", label))
        return texts

    @cached_property
    def element_words(self) -> list[Label]:
        """What labels of rows say for each element."""
        return [(element,) for element in self.elements]

    @cached_property
    def feed_words(self) -> list[Label]:
        """What labels say for each feed: where it comes from, and what happened to it."""
        return [feed.words for feed in self.feeds]

    @cached_property
    def product_words(self) -> list[Label]:
        """What labels of rows say for each product."""
        return [(product,) for product in self.products]

    @cached_property
    def form_words(self) -> list[Label]:
        """What labels of rows say for each form."""
        return [(form,) for form in self.form_of]

    @cached_property
    def grade_words(self) -> list[Label]:
        """What labels of rows say for each grade at its maker."""
        return [("node", maker, grade) for maker, grade in self.scope.recipes]

    @cached_property
    def demand_words(self) -> list[Label]:
        """What labels of rows say for each demand."""
        return [("nation", nation, product) for nation, product in self.scope.demand]

    # -- tables of coefficients ------------------------------------------------------------

    @cached_property
    def recovery(self) -> Floats:
        """Share of an element that leaves a vertex, out over in: r[vertex, element]."""
        net = self.scope.net
        stated, values = lossy(net), self._known("recoveries by element")
        shares = np.ones((len(self.vertices), len(self.elements)))
        for vertex, label in enumerate(self.vertices):
            if label in stated:
                if label not in values:
                    values[label] = [limit.recovery(label) for limit in self._limits]
                shares[vertex] = values[label]
        return shares

    @cached_property
    def share(self) -> Floats:
        """Tonnes of an element in a tonne of a feed: s[feed, element]."""
        values = self._known("shares by element")
        for feed in self.feeds:
            if feed not in values:
                values[feed] = [limit.share(feed) for limit in self._limits]
        shares = np.array([values[feed] for feed in self.feeds])
        return shares.reshape(len(self.feeds), len(self.elements))

    @property
    def _limits(self) -> list[Limits]:
        return [self.scope.limits[element] for element in self.elements]

    def _known(self, what: str) -> dict[Hashable, list[float]]:
        """Return rows of a table that are the same in every year, tier and program of an end."""
        values: dict[Hashable, list[float]]
        values = cache_of(self.scope.net).setdefault((what, self.scope.level), {})
        return values

    @cached_property
    def content(self) -> Floats:
        """Tonnes of an element in a tonne of a product: c[product, element]."""
        contents = np.zeros((len(self.products), len(self.elements)))
        for (product, element), share in contents_of(self.scope.net).items():
            if product in self.product_of:
                contents[self.product_of[product], self.element_of[element]] = share
        return contents

    @cached_property
    def removed(self) -> Bools:
        """Whether an element was taken out of a feed with its group: [feed, element]."""
        gone = [gone_of(self.scope.net, feed.removed) for feed in self.feeds]
        return _members(gone, self.elements)

    @cached_property
    def metal(self) -> Floats:
        """Tonnes of contained metal in a tonne of each element on the graph's basis."""
        return np.array([metal_of(self.scope.net, element) for element in self.elements])

    @cached_property
    def scrap(self) -> Floats:
        """Tonnes of new scrap for a tonne of what leaves a vertex finished."""
        return np.array([self.scope.scrap.get(label, 0.0) for label in self.vertices])

    def kept(self, vertex: Ints, product: Ints) -> Floats:
        """Share of a product that passes a vertex: the worst recovery of what it holds."""
        # The worst recovery of what a product holds: a product loses as a whole, and counting each
        # element by its own would change its composition on the way.
        # Each holds something that is followed: no other is demanded.
        amounts = self.is_followed & (self.content[product] > 0.0)
        worst: Floats = np.where(amounts, self.recovery[vertex], np.inf).min(axis=1)
        return worst

    # -- arcs at vertices ------------------------------------------------------------------

    @cached_property
    def _by_head(self) -> Ints:
        # Sorted once, so that the arcs of a vertex are a slice; stable, so that their order is that
        # of the file on every machine.
        return np.argsort(self.head, kind="stable")

    @cached_property
    def _by_tail(self) -> Ints:
        return np.argsort(self.tail, kind="stable")

    def arcs_in(self, vertex: Ints) -> tuple[Ints, Ints]:
        """Return the arcs that enter vertices: which of these, and arc, vertex by vertex."""
        of, at = joined(vertex, self.head[self._by_head])
        return of, self._by_head[at]

    def arcs_out(self, vertex: Ints) -> tuple[Ints, Ints]:
        """Return the arcs that leave vertices: which of these, and arc, vertex by vertex."""
        of, at = joined(vertex, self.tail[self._by_tail])
        return of, self._by_tail[at]

    # -- what is where ---------------------------------------------------------------------

    @cached_property
    def carries(self) -> Bools:
        """Whether an element can come along an arc and is wanted on it: [arc, element]."""
        return _members([elements for elements, _ in self.scope.carried], self.elements)

    @cached_property
    def ships(self) -> Bools:
        """Whether a product can come along an arc and is wanted on it: [arc, product]."""
        return _members([products for _, products in self.scope.carried], self.products)

    @cached_property
    def pools(self) -> Bools:
        """Whether a vertex can hold an element separated: [vertex, element]."""
        none: frozenset[str] = frozenset()
        return _members(
            [self.scope.pools.get(vertex, none) for vertex in self.vertices], self.elements
        )

    @cached_property
    def made(self) -> Bools:
        """Whether an element is in a group that a vertex makes: [vertex, element]."""
        groups, nodes = self.scope.net.commodity.groups, self.scope.frame.nodes
        makes = [nodes[vertex].makes if vertex in nodes else () for vertex in self.vertices]
        inside = {
            groups_made: frozenset(e for group in groups_made for e in groups[group])
            for groups_made in makes
        }
        return _members([inside[groups_made] for groups_made in makes], self.elements)

    @cached_property
    def parted(self) -> Bools:
        """Whether a node can turn out an element in separated form: [vertex, element]."""
        net, frame = self.scope.net, self.scope.frame
        can = [separable(net, node) for node in frame.nodes.values()]
        return _members([*can, *(frozenset() for _ in frame.hubs)], self.elements)

    @cached_property
    def beside(self) -> Bools:
        """Whether a circuit counts an element beside the plant's own output: [vertex, element]."""
        net, year, nodes = self.scope.net, self.scope.year, self.scope.frame.nodes
        none: frozenset[str] = frozenset()
        beside_each = [
            beside(net, vertex, year) if vertex in nodes else none for vertex in self.vertices
        ]
        return _members(beside_each, self.elements)

    @cached_property
    def used(self) -> Bools:
        """Whether an element is in a grade that a node makes: [vertex, element]."""
        is_used = np.zeros((len(self.vertices), len(self.elements)), dtype=bool)
        is_used[self.grades.vertex[self.grades.of], self.grades.element] = True
        return is_used

    @cached_property
    def makes(self) -> Bools:
        """Whether a node can make a product: [vertex, product]."""
        is_made = np.zeros((len(self.vertices), len(self.products)), dtype=bool)
        is_made[self.grades.vertex, self.grades.product] = True
        return is_made

    @cached_property
    def in_scrap(self) -> Bools:
        """Whether the scrap of a node may hold an element: of its grades, or sent on separated."""
        arises = self.used.copy()
        arc, element = np.nonzero(self.carries)
        arises[self.tail[arc], element] = True
        return arises & (self.scrap > 0.0)[:, None]

    @cached_property
    def own(self) -> Ints:
        """Feed that an origin brings to the surface, by vertex; -1 for all others."""
        return ints([self.feed_of.get(Feed(vertex), -1) for vertex in self.vertices])

    @cached_property
    def grades(self) -> Grades:
        """Grades that makers can make."""
        return grades(self.scope.recipes, self.vertex_of, self.product_of, self.element_of)

    @cached_property
    def sums(self) -> Groups:
        """Elements of grades that replace each other, and what they add up to."""
        return groups(self.element_of, [recipe.sums for recipe in self.scope.recipes.values()])

    @cached_property
    def caps(self) -> Groups:
        """Elements of grades that may be absent, and the most that they add up to."""
        return groups(self.element_of, [recipe.caps for recipe in self.scope.recipes.values()])

    @cached_property
    def demand(self) -> Demands:
        """Return what nations ask for."""
        demand = self.scope.demand
        return Demands(
            vertex=ints([self.vertex_of[nation] for nation, _ in demand]),
            product=ints([self.product_of[product] for _, product in demand]),
            tonnes=np.array(list(demand.values()), dtype=np.float64),
        )

    @cached_property
    def demand_of(self) -> Ints:
        """Place of the demand of a nation for a product, -1 for none: [vertex, product]."""
        row_of = np.full((len(self.vertices), len(self.products)), -1)
        row_of[self.demand.vertex, self.demand.product] = np.arange(self.demand.vertex.size)
        return row_of

    @cached_property
    def tolls(self) -> list[str]:
        """Ids of the tolls, in the order of the arcs."""
        return list(dict.fromkeys(arc.toll for arc in self.scope.frame.arcs if arc.toll))

    @cached_property
    def toll(self) -> Ints:
        """Place of the toll that each arc is a part of; -1 for none."""
        positions = {toll: index for index, toll in enumerate(self.tolls)}
        return ints([positions.get(arc.toll, -1) for arc in self.scope.frame.arcs])

    @cached_property
    def product_form(self) -> Ints:
        """Form of each product."""
        net = self.scope.net
        return ints([self.form_of[net.product_by_id[product].form] for product in self.products])


def alike(codes: Codes, scope: Scope) -> Codes:
    """Return the codes of a scope that differs in figures alone, with all that these do not touch.

    Skeleton, recipes, demands, and elements and products on the arcs must be the same.
    """
    other = replace(codes, scope=scope)
    values = {name: value for name, value in vars(codes).items() if name not in _OF_FIGURES}
    vars(other).update({name: value for name, value in values.items() if name not in vars(other)})
    return other


def coded(scope: Scope) -> Codes:
    """Return a scope in numbers."""
    frame = scope.frame
    vertices = (*frame.nodes, *frame.hubs)
    vertex_of = {vertex: code for code, vertex in enumerate(vertices)}
    form_of = {form.name: code for code, form in enumerate(scope.net.commodity.forms)}
    # All baskets that anything names: those of mines, those that come in and those that leave;
    # sorted, so that the columns stand in the same order whatever the hash seed.
    feeds = {Feed(label) for label in frame.nodes if scope.is_origin(label)}
    feeds = feeds.union(*frame.feeds.values(), *frame.leaving.values())
    products = {product for _, product in (*scope.recipes, *scope.demand)}
    products = products.union(*(products for _, products in scope.carried))
    is_nation = np.array([scope.is_nation(vertex) for vertex in vertices], dtype=bool)
    is_hub = np.array([vertex in frame.hubs for vertex in vertices], dtype=bool)
    return Codes(
        scope=scope,
        vertices=vertices,
        elements=scope.net.commodity.elements,
        feeds=tuple(sorted(feeds, key=lambda feed: feed.order)),
        products=tuple(sorted(products)),
        tail=ints([vertex_of[arc.tail] for arc in frame.arcs]),
        head=ints([vertex_of[arc.head] for arc in frame.arcs]),
        form=ints([form_of[arc.form] for arc in frame.arcs]),
        is_separated=np.array([arc.is_separated for arc in frame.arcs], dtype=bool),
        is_scrap=np.array([arc.is_scrap for arc in frame.arcs], dtype=bool),
        is_plant=~is_nation & ~is_hub,
        is_nation=is_nation,
        is_origin=np.array([scope.is_origin(vertex) for vertex in vertices], dtype=bool),
        is_hub=is_hub,
    )


def _members(sets: Sequence[frozenset[str]], names: Sequence[str]) -> Bools:
    """Return which names are in each of some sets; many of the sets are the same."""
    # Thousands of arcs share a few dozens of sets: membership is worked out once for each set and
    # then spread by its number.
    which: dict[frozenset[str], int] = {}
    codes = ints([which.setdefault(members, len(which)) for members in sets])
    table = np.array([[name in members for name in names] for members in which], dtype=bool)
    return table.reshape(len(which), len(names))[codes]
