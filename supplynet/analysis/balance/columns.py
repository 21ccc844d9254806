"""The variables of the balance, each by name: what a column of the linear program stands for."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from supplynet.analysis.balance.recipes import contents_of, separable
from supplynet.analysis.balance.scope import Scope, feed_order
from supplynet.analysis.balance.scrap import in_scrap
from supplynet.analysis.skeleton import Feed

#: kinds of variable, in the order of the columns
KINDS: dict[str, str] = {
    "mined": "node: basket brought to the surface",
    "processed": "node, feed, way: basket that a node takes in; way `part` makes what the node "
    "names and leaves the rest, way `all` makes every element that it can",
    "feed": "arc, feed: basket on an unseparated arc",
    "lost": "node, feed: basket that leaves a node and goes nowhere",
    "element": "arc, element: separated element on an arc",
    "surplus": "node, element: separated element that nobody takes",
    "wasted": "node, element: new scrap that nobody takes",
    "made": "node, product: grade made at a maker",
    "mix": "node, product, element: what a grade takes of an element that others may replace",
    "product": "arc, product: product on an arc",
    "bundle": "nation, product: demand met by separate elements in a form",
    "taken": "nation, element: what a nation takes where the graph knows no demand",
    "served": "nation, product: demand that is met",
    "unmet": "nation, product: demand that is not met",
}

Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class Columns:
    """Keys of all variables and their places; every variable is at least 0, in t/yr."""

    keys: tuple[tuple[str, Key], ...]
    places: dict[tuple[str, Key], int] = field(repr=False)

    def __len__(self) -> int:
        return len(self.keys)

    def get(self, kind: str, *key: Hashable) -> int | None:
        """Return the place of a variable, or None where there is none."""
        return self.places.get((kind, key))

    def at(self, kind: str, *key: Hashable) -> int:
        """Return the place of a variable that is there."""
        return self.places[kind, key]

    def of(self, kind: str) -> Iterator[tuple[int, Key]]:
        """Yield place and key of every variable of a kind."""
        for place, (one, key) in enumerate(self.keys):
            if one == kind:
                yield place, key


def columns(given: Scope) -> Columns:
    """Return the variables of a scope."""
    keys: list[tuple[str, Key]] = []
    keys += [("mined", (one,)) for one in given.frame.nodes if given.is_origin(one)]
    keys += _baskets(given)
    for place, (elements, _) in enumerate(given.carried):
        keys += [("element", (place, one)) for one in given.elements if one in elements]
    for label, pool in given.pools.items():
        if not given.is_nation(label):
            keys += [("surplus", (label, one)) for one in given.elements if one in pool]
    for label in given.scrap:
        keys += [("wasted", (label, one)) for one in in_scrap(given, label)]
    for (maker, grade), recipe in given.recipes.items():
        keys.append(("made", (maker, grade)))
        if recipe.sums:
            keys += [("mix", (maker, grade, one)) for one in recipe.central]
    for place, (_, products) in enumerate(given.carried):
        keys += [("product", (place, one)) for one in sorted(products)]
    for kind in ("bundle", "served", "unmet"):
        keys += [(kind, pair) for pair in given.demand]
    if not given.demand:
        nations = [one for one in given.frame.nodes if given.is_nation(one)]
        keys += [("taken", (one, element)) for one in nations for element in given.elements]
    keys = [key for kind in KINDS for key in keys if key[0] == kind and _is_there(given, key)]
    return Columns(tuple(keys), {key: place for place, key in enumerate(keys)})


def _is_there(given: Scope, key: tuple[str, Key]) -> bool:
    """Whether a variable can be other than 0: bundles need elements in the product's form."""
    if key[0] != "bundle":
        return True
    nation, product = key[1]
    form = given.net.product_by_id[str(product)].form
    for place in given.frame.arcs_in.get(str(nation), ()):
        arc = given.frame.arcs[place]
        if arc.form == form and (not arc.is_separated or given.carried[place][0]):
            return True
    return False


def _baskets(given: Scope) -> list[tuple[str, Key]]:
    """Variables of what is not separated."""
    net, frame = given.net, given.frame
    keys: list[tuple[str, Key]] = []
    for label, node in frame.nodes.items():
        if given.is_nation(label):
            continue
        made = {one for group in node.makes for one in net.commodity.groups[group]}
        may_all = bool(separable(net, frame, label) - made) and _has_use(given, label)
        rests: dict[Feed, None] = {}
        for feed in given.entering(label):
            keys.append(("processed", (label, feed, "part")))
            if may_all:
                keys.append(("processed", (label, feed, "all")))
            rest, size = given.rest_of(label, feed)
            if size > 0.0:
                rests[rest] = None
        keys += [("lost", (label, rest)) for rest in rests]
        for place in frame.arcs_out.get(label, ()):
            if not frame.arcs[place].is_separated:
                keys += [("feed", (place, rest)) for rest in rests]
    for hub in frame.hubs:
        for place in frame.arcs_out.get(hub, ()):
            if not frame.arcs[place].is_separated:
                rests_there = sorted(frame.feeds.get(hub, ()), key=feed_order)
                keys += [("feed", (place, rest)) for rest in rests_there]
    return keys


def _has_use(given: Scope, label: str) -> bool:
    """Whether separated elements of a node go anywhere."""
    if any(maker == label for maker, _ in given.recipes):
        return True
    return any(given.carried[place][0] for place in given.frame.arcs_out.get(label, ()))


def needs_of(given: Scope, nation: str, form: str) -> dict[str, dict[str, float]]:
    """Return, by demanded product of a form, what a tonne of it holds of each element."""
    net = given.net
    table = contents_of(net)
    return {
        product: {one: table[product, one] for one in given.elements if (product, one) in table}
        for land, product in given.demand
        if land == nation and net.product_by_id[product].form == form
    }
