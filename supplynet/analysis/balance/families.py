"""The constraint families of the balance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from supplynet.analysis.balance.columns import Columns, needs_of
from supplynet.analysis.balance.limits import link_capacity, node_capacity, origin_capacity
from supplynet.analysis.balance.recipes import contents_of, metal_of
from supplynet.analysis.balance.rows import Rows, Term
from supplynet.analysis.balance.scope import Scope, feed_order
from supplynet.analysis.balance.scrap import finished, in_scrap, scrap_arcs, used_by
from supplynet.analysis.skeleton import Feed

_WAYS = ("part", "all")


def _plants(given: Scope) -> Iterator[str]:
    return (label for label in given.frame.nodes if not given.is_nation(label))


def _in(given: Scope, label: str) -> Iterable[int]:
    return given.frame.arcs_in.get(label, ())


def _out(given: Scope, label: str) -> Iterable[int]:
    return given.frame.arcs_out.get(label, ())


def feed_balance(given: Scope, names: Columns) -> Rows:
    """What enters a node unseparated is processed there.

    For each node k and feed f::

        sum_a feed[a, f] + mined[k] (own basket) = sum_way processed[k, f, way]
    """
    rows = Rows(is_equality=True)
    for label in _plants(given):
        for feed in given.entering(label):
            terms: list[Term] = [(names.get("feed", arc, feed), 1.0) for arc in _in(given, label)]
            if given.is_origin(label) and feed == (label, frozenset()):
                terms.append((names.at("mined", label), 1.0))
            terms += [(names.get("processed", label, feed, way), -1.0) for way in _WAYS]
            rows.add(("node", label, *_feed(feed)), terms)
    return rows


def rest_balance(given: Scope, names: Columns) -> Rows:
    """What a node does not separate goes on with its composition, or is lost.

    For each node k and feed g that leaves it, rest(k, f) being the tonnes of g that a tonne of
    f leaves::

        sum_f rest(k, f) processed[k, f, part] = sum_a feed[a, g] + lost[k, g]
    """
    rows = Rows(is_equality=True)
    for label in _plants(given):
        sums: dict[Feed, list[Term]] = {}
        for feed in given.entering(label):
            rest, size = given.rest_of(label, feed)
            sums.setdefault(rest, []).append((names.at("processed", label, feed, "part"), size))
        for rest, terms in sums.items():
            terms += [(names.get("feed", arc, rest), -1.0) for arc in _out(given, label)]
            terms.append((names.get("lost", label, rest), -1.0))
            rows.add(("node", label, *_feed(rest)), terms)
    return rows


def element_balance(given: Scope, names: Columns) -> Rows:
    """Separated elements at a node: out of its feeds and what arrives, into what it sends.

    For each node k and element e, with recovery r and s(f, e) tonnes of e in a tonne of f::

        sum_f r s(f, e) processed[k, f, way] + sum_a r element[a, e]
            = (1 + q(k)) (sum_b element[b, e] + sum_g mix[k, g, e]) + surplus[k, e]

    where way ``part`` gives the elements of the groups that the node makes, mix is the central
    content times made[k, g] for grades without a range, b runs over arcs of other forms than
    scrap, and q(k) is the scrap that the node leaves per tonne of what it finishes.
    """
    rows = Rows(is_equality=True)
    for label in _plants(given):
        node = given.frame.nodes[label]
        made = {one for group in node.makes for one in given.net.commodity.groups[group]}
        used = used_by(given, label)
        for one in given.elements:
            if one not in used and one not in given.pools.get(label, ()):
                continue
            recovery = given.recovery(label, one)
            terms: list[Term] = []
            for feed in given.entering(label):
                for way in _WAYS if one in made else _WAYS[1:]:
                    place = names.get("processed", label, feed, way)
                    terms.append((place, given.yield_of(label, feed, one)))
            terms += [(names.get("element", arc, one), recovery) for arc in _in(given, label)]
            gross = 1.0 + given.scrap.get(label, 0.0)
            terms += [
                (place, -gross * weight) for place, weight in finished(given, label, one, names.get)
            ]
            terms.append((names.get("surplus", label, one), -1.0))
            rows.add(("node", label, one), terms)
    return rows


def scrap_balance(given: Scope, names: Columns) -> Rows:
    """New scrap goes back to a plant that can use it, or is lost.

    For each node k that leaves scrap, q(k) per tonne of what it finishes, and element e, with s
    over arcs of scrap and b over the others::

        q(k) (sum_b element[b, e] + sum_g mix[k, g, e]) = sum_s element[s, e] + wasted[k, e]

    Each element is free to go another way than the others: the scrap of a plant that makes
    several grades has no composition that a linear program could hold.
    """
    rows = Rows(is_equality=True)
    for label, ratio in given.scrap.items():
        for one in in_scrap(given, label):
            terms: list[Term] = [
                (place, ratio * weight) for place, weight in finished(given, label, one, names.get)
            ]
            terms += [(names.get("element", arc, one), -1.0) for arc in scrap_arcs(given, label)]
            terms.append((names.at("wasted", label, one), -1.0))
            rows.add(("node", label, one), terms)
    return rows


def recipe_mix(given: Scope, names: Columns) -> Rows:
    """Elements of one group replace each other; their contained metal adds up.

    For each maker k, grade g with ranges and element group G, with m(e) t of metal in a tonne
    of e and c(g, G) t of the group's metal in a tonne of the grade (G is the largest group
    together with those that may be absent, and each other group alone)::

        sum_{e in G} m(e) mix[k, g, e] = c(g, G) made[k, g]
    """
    rows = Rows(is_equality=True)
    for (maker, grade), recipe in given.recipes.items():
        for members, total in recipe.sums:
            terms = _metal(given, names, maker, grade, members)
            terms.append((names.at("made", maker, grade), -total))
            rows.add(("node", maker, grade, *members), terms)
    return rows


def _metal(
    given: Scope, names: Columns, maker: str, grade: str, members: tuple[str, ...]
) -> list[Term]:
    """Terms of the metal that some elements of a grade hold."""
    return [(names.at("mix", maker, grade, one), metal_of(given.net, one)) for one in members]


def recipe_range(given: Scope, names: Columns) -> Rows:
    """Each element of a grade stays within its range, and groups that may be absent too.

    For each maker k, grade g with ranges, element e, and group G that may be absent::

        low(g, e) made[k, g] <= mix[k, g, e] <= high(g, e) made[k, g]
        sum_{e in G} m(e) mix[k, g, e] <= c(g, G) made[k, g]
    """
    rows = Rows(is_equality=False)
    for (maker, grade), recipe in given.recipes.items():
        if not recipe.sums:
            continue
        made = names.at("made", maker, grade)
        for one in recipe.central:
            mix = names.at("mix", maker, grade, one)
            label = ("node", maker, grade, one)
            if recipe.low[one] > 0.0:
                rows.add((*label, "low"), [(made, recipe.low[one]), (mix, -1.0)])
            rows.add((*label, "high"), [(made, -recipe.high[one]), (mix, 1.0)])
        for members, most in recipe.caps:
            terms = _metal(given, names, maker, grade, members)
            rows.add(("node", maker, grade, *members, "most"), [*terms, (made, -most)])
    return rows


def product_balance(given: Scope, names: Columns) -> Rows:
    """Products that are made at a node or arrive there go on.

    For each node k and product g; r is the worst recovery of what the product holds::

        made[k, g] + sum_a r product[a, g] = sum_b product[b, g]
    """
    rows = Rows(is_equality=True)
    for label in _plants(given):
        found = {grade for maker, grade in given.recipes if maker == label}
        for arc in (*_in(given, label), *_out(given, label)):
            found |= given.carried[arc][1]
        for product in sorted(found):
            kept = product_recovery(given, label, product)
            terms: list[Term] = [(names.get("made", label, product), 1.0)]
            terms += [(names.get("product", arc, product), kept) for arc in _in(given, label)]
            terms += [(names.get("product", arc, product), -1.0) for arc in _out(given, label)]
            rows.add(("node", label, product), terms)
    return rows


def corridor_balance(given: Scope, names: Columns) -> Rows:
    """What enters the hub of a corridor leaves it: feeds, elements and products alike.

    For each hub h and thing t::

        sum_a t[a] = sum_b t[b]
    """
    rows = Rows(is_equality=True)
    for hub in given.frame.hubs:
        inside: set[tuple[str, str | Feed]] = {
            ("feed", feed) for feed in given.frame.feeds.get(hub, ())
        }
        for arc in (*_in(given, hub), *_out(given, hub)):
            inside |= {("element", one) for one in given.carried[arc][0]}
            inside |= {("product", one) for one in given.carried[arc][1]}
        for kind, thing in sorted(inside, key=_thing_order):
            terms: list[Term] = [(names.get(kind, arc, thing), 1.0) for arc in _in(given, hub)]
            terms += [(names.get(kind, arc, thing), -1.0) for arc in _out(given, hub)]
            what = (thing,) if isinstance(thing, str) else _feed(thing)
            rows.add(("rule", hub.removeprefix("rule:"), *what), terms)
    return rows


def _thing_order(item: tuple[str, str | Feed]) -> tuple[str, str, tuple[str, ...]]:
    kind, thing = item
    return (kind, thing, ()) if isinstance(thing, str) else (kind, *feed_order(thing))


def intake(given: Scope, names: Columns) -> Rows:
    """Demand that is met by separate elements takes no more than arrives in the product's form.

    For each nation n, form and element e, with c(p, e) tonnes of e in a tonne of p::

        sum_p c(p, e) bundle[n, p] <= sum_a r element[a, e] + sum_a r s(f, e) feed[a, f]

    Where the graph knows no demand, taken[n, e] stands on the left side for all forms.
    """
    rows = Rows(is_equality=False)
    for nation in (one for one in given.frame.nodes if given.is_nation(one)):
        for form in [one.name for one in given.net.commodity.forms] if given.demand else [""]:
            arcs = [arc for arc in _in(given, nation) if form in ("", given.frame.arcs[arc].form)]
            needs = needs_of(given, nation, form)
            for one in given.elements:
                terms: list[Term] = [(names.get("taken", nation, one), 1.0)]
                terms += [
                    (names.get("bundle", nation, product), inside.get(one, 0.0))
                    for product, inside in needs.items()
                ]
                if not any(place is not None and value for place, value in terms):
                    continue
                kept = given.recovery(nation, one)
                for arc in arcs:
                    terms.append((names.get("element", arc, one), -kept))
                    for feed in given.frame.feeds.get(nation, ()):
                        share = given.share(feed, one)
                        terms.append((names.get("feed", arc, feed), -kept * share))
                rows.add(("nation", nation, form, one), terms)
    return rows


def delivery(given: Scope, names: Columns) -> Rows:
    """What is served was delivered: as the product, or as its elements.

    For each nation n and product p::

        served[n, p] <= bundle[n, p] + sum_a r product[a, p]
    """
    rows = Rows(is_equality=False)
    for nation, product in given.demand:
        kept = product_recovery(given, nation, product)
        terms: list[Term] = [(names.at("served", nation, product), 1.0)]
        terms.append((names.get("bundle", nation, product), -1.0))
        terms += [(names.get("product", arc, product), -kept) for arc in _in(given, nation)]
        rows.add(("nation", nation, product), terms)
    return rows


def demand(given: Scope, names: Columns) -> Rows:
    """What is not served is unmet.

    For each nation n and product p::

        served[n, p] + unmet[n, p] = demand(n, p)
    """
    rows = Rows(is_equality=True)
    for (nation, product), tonnes in given.demand.items():
        places = names.at("served", nation, product), names.at("unmet", nation, product)
        rows.add(("nation", nation, product), [(place, 1.0) for place in places], tonnes)
    return rows


def product_recovery(given: Scope, label: str, product: str) -> float:
    """Share of a product that passes a vertex: the worst recovery of what it holds."""
    table = contents_of(given.net)
    held = [one for one in given.elements if (product, one) in table]
    return min((given.recovery(label, one) for one in held), default=1.0)


def _feed(feed: Feed) -> tuple[str, ...]:
    """A feed in a label: where it comes from, and what was taken out."""
    return feed[0], *(f"without {group}" for group in sorted(feed[1]))


#: every family, in the order of the rows
FAMILIES: tuple[Callable[[Scope, Columns], Rows], ...] = (
    feed_balance,
    rest_balance,
    element_balance,
    scrap_balance,
    recipe_mix,
    recipe_range,
    product_balance,
    corridor_balance,
    origin_capacity,
    node_capacity,
    link_capacity,
    intake,
    delivery,
    demand,
)
