"""The constraint families of the balance.

Every family is the equation of its text, one `Sum` for each of its sums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from supplynet.analysis.balance.columns import Columns, Sent
from supplynet.analysis.balance.limits import (
    circuit_capacity,
    host_delivery,
    host_intake,
    link_capacity,
    node_capacity,
    origin_capacity,
    surplus_limit,
)
from supplynet.analysis.balance.recipes import contents_of
from supplynet.analysis.balance.rows import Rows, Sum, equations, upper_limits
from supplynet.analysis.balance.scope import Scope
from supplynet.arrays import Floats, Ints


def feed_balance(_given: Scope, names: Columns) -> Rows:
    """What enters a node unseparated is processed there.

    For each node k and feed f::

        sum_a feed[a, f] + mined[k] (own basket) = sum_way processed[k, f, way]
    """
    codes, feed, mined, processed = names.codes, names.feed, names.mined, names.processed
    return equations(
        Sum(feed.place, 1.0, at=(feed.head, feed.thing)),
        Sum(mined.place, 1.0, at=(mined.vertex, mined.thing)),
        Sum(processed.place, -1.0, at=(processed.vertex, processed.feed)),
        by=(codes.vertex_words, codes.feed_words),
        only=codes.is_plant[:, None],
    )


def rest_balance(_given: Scope, names: Columns) -> Rows:
    """What a node does not separate goes on with its composition, or is lost.

    For each node k and feed g that leaves it, rest(k, f) being the tonnes of g that a tonne of
    f leaves::

        sum_f rest(k, f) processed[k, f, part] = sum_a feed[a, g] + lost[k, g]
    """
    codes, processed, feed, lost = names.codes, names.processed, names.feed, names.lost
    entering, leaving = names.entering, names.leaving
    # Way `all` parts everything that it can and leaves no basket, so that only way `part` has a
    # rest.
    shares = processed.entering[~processed.is_all]
    places = processed.place[~processed.is_all]
    return equations(
        Sum(places, entering.size[shares], at=(entering.vertex[shares], entering.rest[shares])),
        Sum(feed.place, -1.0, at=(feed.tail, feed.leaving)),
        Sum(lost.place, -1.0, at=(lost.vertex, np.arange(lost.place.size))),
        by=(codes.vertex_words, [codes.feed_words[feed] for feed in leaving.feed.tolist()]),
        only=codes.is_plant[:, None],
    )


def element_balance(_given: Scope, names: Columns) -> Rows:
    """Separated elements at a node: out of its feeds and what arrives, into what it sends.

    For each node k and element e, with recovery r and s(f, e) tonnes of e in a tonne of f::

        sum_f r s(f, e) processed[k, f, way] + sum_a r element[a, e]
            = (1 + q(k)) (sum_b element[b, e] + sum_g mix[k, g, e]) + surplus[k, e]

    where way ``part`` gives the elements of the groups that the node makes, mix is the central
    content times made[k, g] for grades without a range, b runs over arcs of other forms than
    scrap, and q(k) is the scrap that the node leaves per tonne of what it finishes.
    """
    codes, processed, element, surplus = names.codes, names.processed, names.element, names.surplus
    node, every = processed.vertex[:, None], np.arange(len(codes.elements))
    yields = names.entering.yields[processed.entering]
    # Way `part` gives the elements that the plant names, way `all` every element that it can part;
    # what way `part` does not give goes on in the rest.
    is_parted = processed.is_all[:, None] | codes.made[processed.vertex]
    recovery = codes.recovery[element.head, element.thing]
    return equations(
        Sum(processed.place[:, None], yields, at=(node, every), where=is_parted),
        Sum(element.place, recovery, at=(element.head, element.thing)),
        # What becomes new scrap is taken from the pool beside what leaves finished: the ratio
        # counts tonnes of scrap for a tonne finished, not for a tonne put in.
        *_finished(names, -(1.0 + codes.scrap)),
        Sum(surplus.place, -1.0, at=(surplus.vertex, surplus.thing)),
        by=(codes.vertex_words, codes.element_words),
        only=codes.is_plant[:, None] & (codes.used | codes.pools),
    )


def toll_balance(_given: Scope, names: Columns) -> Rows:
    """What a toll brings to a plant leaves it for who receives the toll, and nothing else does.

    For each node k, element e and toll t, a over its arcs to k and b over its arcs from k, with
    recovery r and q(k) the scrap that the node leaves per tonne of what it finishes::

        sum_a r element[a, e] = (1 + q(k)) sum_b element[b, e]

    Both stand in `element_balance`, too: what else the node has is balanced by itself.
    """
    codes, element = names.codes, names.element
    toll = codes.toll[element.arc]
    comes = codes.is_hub[element.tail]
    recovery = codes.recovery[element.head, element.thing]
    at = element.head, element.thing, toll
    left = -(1.0 + codes.scrap[element.tail])
    return equations(
        Sum(element.place, recovery, at=at, where=(toll >= 0) & comes),
        Sum(element.place, left, at=(element.tail, *at[1:]), where=(toll >= 0) & ~comes),
        by=(codes.vertex_words, codes.element_words, [(toll,) for toll in codes.tolls]),
    )


def scrap_balance(_given: Scope, names: Columns) -> Rows:
    """New scrap goes back to a plant that can use it, or is lost.

    For each node k that leaves scrap, q(k) per tonne of what it finishes, and element e, with s
    over arcs of scrap and b over the others::

        q(k) (sum_b element[b, e] + sum_g mix[k, g, e]) = sum_s element[s, e] + wasted[k, e]

    Each element is free to go another way than the others: the scrap of a plant that makes
    several grades has no composition that a linear program could hold.
    """
    codes, element, wasted = names.codes, names.element, names.wasted
    is_scrap = codes.is_scrap[element.arc]
    return equations(
        *_finished(names, codes.scrap),
        Sum(element.place, -1.0, at=(element.tail, element.thing), where=is_scrap),
        Sum(wasted.place, -1.0, at=(wasted.vertex, wasted.thing)),
        by=(codes.vertex_words, codes.element_words),
        only=codes.in_scrap,
    )


def _finished(names: Columns, factor: Floats) -> Iterator[Sum]:
    """Yield what leaves nodes finished, element by element, times a factor of the node.

    In products as the node mixes them, and as the element itself on arcs that carry no scrap.
    """
    codes, element, mix, made = names.codes, names.element, names.mix, names.made
    # Scrap that is sent back is no finished good: counted here it would make scrap of scrap,
    # without end.
    is_sent = ~codes.is_scrap[element.arc]
    yield Sum(element.place, factor[element.tail], at=(element.tail, element.thing), where=is_sent)
    yield Sum(mix.place, factor[mix.vertex], at=(mix.vertex, mix.element))
    node, every = made.vertex[:, None], np.arange(len(codes.elements))
    # A grade of fixed composition needs no variables of its own for its elements: its tonnes say
    # what they are. Mixed grades have been counted by the line above.
    is_fixed = ~codes.grades.is_mixed[:, None]
    amounts = factor[node] * codes.content[made.thing]
    yield Sum(made.place[:, None], amounts, at=(node, every), where=is_fixed)


def recipe_mix(_given: Scope, names: Columns) -> Rows:
    """Elements of one group replace each other; their contained metal adds up.

    For each maker k, grade g with ranges and element group G, with m(e) t of metal in a tonne
    of e and c(g, G) t of the group's metal in a tonne of the grade (G is the largest group
    together with those that may be absent, and each other group alone)::

        sum_{e in G} m(e) mix[k, g, e] = c(g, G) made[k, g]
    """
    codes, groups = names.codes, names.codes.sums
    grade, index = groups.grade, np.arange(groups.grade.size)
    mix = names.mix_of(grade[groups.of], groups.element)
    return equations(
        Sum(mix, codes.metal[groups.element], at=(grade[groups.of], groups.of)),
        Sum(names.made.place[grade], -groups.total, at=(grade, index)),
        by=(codes.grade_words, groups.words),
    )


def recipe_range(_given: Scope, names: Columns) -> Rows:
    """Each element of a grade stays within its range, and groups that may be absent too.

    For each maker k, grade g with ranges, element e, and group G that may be absent::

        low(g, e) made[k, g] <= mix[k, g, e] <= high(g, e) made[k, g]
        sum_{e in G} m(e) mix[k, g, e] <= c(g, G) made[k, g]
    """
    codes, mix, caps = names.codes, names.mix, names.codes.caps
    low, high = codes.grades.low[mix.part], codes.grades.high[mix.part]
    made, line, is_low = names.made.place, np.arange(mix.place.size), low > 0.0
    absent, cap = names.mix_of(caps.grade[caps.of], caps.element), mix.place.size + caps.of
    last = mix.place.size + np.arange(caps.grade.size)
    return upper_limits(
        Sum(made[mix.grade], low, at=(mix.grade, line, 0), where=is_low),
        Sum(mix.place, -1.0, at=(mix.grade, line, 0), where=is_low),
        Sum(made[mix.grade], -high, at=(mix.grade, line, 1)),
        Sum(mix.place, 1.0, at=(mix.grade, line, 1)),
        Sum(absent, codes.metal[caps.element], at=(caps.grade[caps.of], cap, 2)),
        Sum(made[caps.grade], -caps.total, at=(caps.grade, last, 2)),
        by=(
            codes.grade_words,
            [*(codes.element_words[element] for element in mix.element.tolist()), *caps.words],
            [("low",), ("high",), ("most",)],
        ),
    )


def product_balance(_given: Scope, names: Columns) -> Rows:
    """Products that are made at a node or arrive there go on.

    For each node k and product g; r is the worst recovery of what the product holds::

        made[k, g] + sum_a r product[a, g] = sum_b product[b, g]
    """
    codes, made, product = names.codes, names.made, names.product
    recovery = codes.kept(product.head, product.thing)
    return equations(
        Sum(made.place, 1.0, at=(made.vertex, made.thing)),
        Sum(product.place, recovery, at=(product.head, product.thing)),
        Sum(product.place, -1.0, at=(product.tail, product.thing)),
        by=(codes.vertex_words, codes.product_words),
        only=codes.is_plant[:, None],
    )


def corridor_balance(_given: Scope, names: Columns) -> Rows:
    """What enters the hub of a corridor leaves it: feeds, elements and products alike.

    For each hub h and thing t::

        sum_a t[a] = sum_b t[b]
    """
    codes = names.codes
    kinds = (
        # One code space for all that passes a hub: elements first, then baskets, then products, so
        # that one family keeps them apart without three copies of it.
        (names.element, codes.by_name[names.element.thing]),
        (names.feed, len(codes.elements) + names.feed.thing),
        (names.product, len(codes.elements) + len(codes.feeds) + names.product.thing),
    )
    return equations(
        *(Sum(columns.place, 1.0, at=(columns.head, code)) for columns, code in kinds),
        *(Sum(columns.place, -1.0, at=(columns.tail, code)) for columns, code in kinds),
        by=(
            codes.vertex_words,
            [*sorted(codes.element_words), *codes.feed_words, *codes.product_words],
        ),
        only=codes.is_hub[:, None],
    )


def intake(scope: Scope, names: Columns) -> Rows:
    """Demand that is met by separate elements takes no more than arrives in the product's form.

    For each nation n, form and element e, with c(p, e) tonnes of e in a tonne of p::

        sum_p c(p, e) bundle[n, p] <= sum_a r element[a, e] + sum_a r s(f, e) feed[a, f]

    Where the graph knows no demand, taken[n, e] stands on the left side for all forms.
    """
    codes, taken, bundle = names.codes, names.taken, names.bundle
    # A bundle is demand met by elements that arrive separately; it draws on each in the share that
    # the product holds, so that one element alone cannot stand for the whole.
    content, every = codes.content[bundle.product], np.arange(len(codes.elements))
    nation, form = bundle.vertex[:, None], codes.product_form[bundle.product][:, None]
    return upper_limits(
        Sum(taken.place, 1.0, at=(taken.vertex, 0, taken.thing)),
        Sum(bundle.place[:, None], content, at=(nation, form, every), where=codes.is_followed),
        *_arriving(names, codes.form if scope.demand else np.zeros_like(codes.form)),
        by=(
            codes.vertex_words,
            codes.form_words if scope.demand else [("",)],
            codes.element_words,
        ),
    )


def _arriving(names: Columns, form: Ints) -> Iterator[Sum]:
    """Yield what arrives at nations by form and element, times -1; forms are given by arc."""
    codes, element, recovery = names.codes, names.element, names.codes.recovery
    feed = Sent(*(codes_of[codes.is_nation[names.feed.head]] for codes_of in names.feed))
    head, code = element.head, element.thing
    at = head, form[element.arc], code
    # Arrivals only widen a limit that somebody's taking has opened: without `opens=False` every
    # element that arrives and is not asked for would make a row that limits nothing.
    yield Sum(element.place, -recovery[head, code], at=at, opens=False)
    amounts, every = recovery[feed.head] * codes.share[feed.thing], np.arange(len(codes.elements))
    across = feed.head[:, None], form[feed.arc][:, None], every
    yield Sum(feed.place[:, None], -amounts, at=across, opens=False)


def delivery(_given: Scope, names: Columns) -> Rows:
    """What is served was delivered: as the product, or as its elements.

    For each nation n and product p::

        served[n, p] <= bundle[n, p] + sum_a r product[a, p]
    """
    codes, served, bundle, product = names.codes, names.served, names.bundle, names.product
    # A product that passes a nation on its way to no demand of that nation is in no row: -1.
    row = codes.demand_of[product.head, product.thing]
    recovery = codes.kept(product.head, product.thing)
    return upper_limits(
        Sum(served.place, 1.0, at=(served.row,)),
        Sum(bundle.place, -1.0, at=(bundle.row,)),
        Sum(product.place, -recovery, at=(row,), where=row >= 0),
        by=(codes.demand_words,),
    )


def demand(_given: Scope, names: Columns) -> Rows:
    """What is not served is unmet.

    For each nation n and product p::

        served[n, p] + unmet[n, p] = demand(n, p)
    """
    codes, served, unmet = names.codes, names.served, names.unmet
    return equations(
        Sum(served.place, 1.0, at=(served.row,)),
        Sum(unmet.place, 1.0, at=(unmet.row,)),
        by=(codes.demand_words,),
        rhs=codes.demand.tonnes,
    )


def product_recovery(scope: Scope, label: str, product: str) -> float:
    """Share of a product that passes a vertex: the worst recovery of what it holds."""
    table = contents_of(scope.net)
    members = [element for element in scope.elements if (product, element) in table]
    return min(scope.recovery(label, element) for element in members)


#: every family, in the order of the rows
FAMILIES: tuple[Callable[[Scope, Columns], Rows], ...] = (
    feed_balance,
    rest_balance,
    element_balance,
    toll_balance,
    scrap_balance,
    recipe_mix,
    recipe_range,
    product_balance,
    corridor_balance,
    origin_capacity,
    node_capacity,
    circuit_capacity,
    surplus_limit,
    link_capacity,
    intake,
    delivery,
    demand,
    host_intake,
    host_delivery,
)

#: those whose rows hold no figure that has ends: the same at all of them
BARE = frozenset({feed_balance, recipe_mix, recipe_range, corridor_balance})
