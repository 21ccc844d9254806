"""The constraint families that hold capacities, each in its own unit, and those of host metals.

A graph names under ``surplus_limits`` the element groups of which plants leave over no more than
a part of what they part, such as alumina where gallium is wanted; a plant may have a part of its
own (``surplus_limit``). What is sent to a nation must
then find its use there, too. Nothing of this is held where some nations draw alone: what is left
over there is what the others would take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.skeleton import link_label
from supplynet.analysis.balance.columns import Columns
from supplynet.analysis.balance.counted import (
    Counted,
    gauge,
    handled,
    in_circuits,
    left_over,
    on_links,
    parted,
    together,
    without_circuits,
)
from supplynet.analysis.balance.rows import Label, Rows, Sum, joined, upper_limits
from supplynet.analysis.balance.scope import Scope, capacity_of
from supplynet.arrays import Bools, Floats
from supplynet.network.timeline import circuits_in_force, members
from supplynet.network.units import tonnage

if TYPE_CHECKING:
    from supplynet.network.schema import Edge, Rule


def origin_capacity(scope: Scope, names: Columns) -> Rows:
    """A mine chooses its output of basket, up to its capacity.

    For each origin k, with u(k) the unit's measure of a tonne of its basket::

        u(k) mined[k] <= capacity(k)
    """
    codes, mined = names.codes, names.mined
    holders = [_of_origin(scope, codes.vertices[vertex]) for vertex in mined.vertex.tolist()]
    weight, capacity = np.array(holders, dtype=np.float64).reshape(-1, 2).T
    return upper_limits(
        Sum(mined.place, weight, at=(np.arange(mined.place.size),), where=np.isfinite(capacity)),
        by=([codes.vertex_words[vertex] for vertex in mined.vertex.tolist()],),
        rhs=capacity,
    )


def _of_origin(scope: Scope, label: str) -> tuple[float, float]:
    """Return what a tonne of an origin's basket takes of its capacity, and the capacity.

    Nothing is mined where the unit knows nothing of what is.
    """
    node = scope.frame.nodes[label]
    capacity, unit, _ = capacity_of(scope, node)
    if not capacity:
        return 1.0, float("inf") if capacity is None else 0.0
    weight = gauge(scope, unit, node.product).of_mined(label)
    return (1.0, 0.0) if weight == float("inf") else (weight, capacity)


def node_capacity(scope: Scope, names: Columns) -> Rows:
    """A plant's capacity holds all that it handles together, in the capacity's unit.

    For each node k that is no origin, at its input or its output as its stage says, with u the
    unit's measure of a tonne of each thing::

        sum u(f) feed[a, f] + sum u(e) element[a, e] + sum u(g) made[k, g]
            + sum u(e) surplus[k, e] + sum u(f) lost[k, f] <= capacity(k)

    What a circuit counts at the output of its plant does not count here, `circuit_capacity`.
    What is left over counts at the output only: it was parted there. So do elements that leave
    the plant nowhere at all and have no variable of their own, out of what is processed.
    Where elements of a grade replace each other and the unit counts oxide or metal, u(e) mix
    stands for u(g) made. A unit that measures a product binds separate elements one by one,
    each by its content.
    """
    nodes, measures, capacities = [], [], []
    gauges = cache(partial(gauge, scope))
    for vertex in np.flatnonzero(names.codes.is_plant & ~names.codes.is_origin).tolist():
        node = scope.frame.nodes[names.codes.vertices[vertex]]
        capacity, unit, _ = capacity_of(scope, node)
        if capacity is not None:
            nodes.append(node)
            measures.append(gauges(unit, node.product))
            capacities.append(capacity)
    own = without_circuits(names, nodes, capacities, handled(names, nodes, measures))
    counted = together(own, left_over(names, nodes, measures))
    return _held_to(capacities, counted, names, [("node", node.id) for node in nodes])


def circuit_capacity(scope: Scope, names: Columns) -> Rows:
    """A circuit holds what leaves its plant of the circuit's group, in the circuit's unit.

    For each circuit c of a plant k, over the elements e of its group, with m the mix of a grade::

        sum u(e) element[b, e] + sum u(e) mix[k, g, e] <= capacity(c)

    Scrap does not count. What is parted beyond is left over: it stays in the residue.
    """
    rows = [
        row
        for node_id, rows in circuits_in_force(scope.net, scope.year).items()
        if node_id in scope.frame.nodes
        for row in rows
    ]
    weigh = cache(partial(gauge, scope))
    measures = [weigh(row.unit, scope.frame.nodes[row.node_id].product) for row in rows]
    capacities = [tonnage(scope.net, row, "capacity", scope.level) or 0.0 for row in rows]
    labels: list[Label] = [("circuit", row.node_id, row.group) for row in rows]
    return _held_to(capacities, in_circuits(names, rows, measures), names, labels)


def link_capacity(scope: Scope, names: Columns) -> Rows:
    """A link or corridor carries all its tonnes together up to its bound, in the bound's unit.

    For each link l, or rule over all of its links::

        sum u(f) feed[a, f] + sum u(e) element[a, e] + sum u(g) product[a, g] <= capacity(l)
    """
    bounds = list(_bounds(scope))
    counted = on_links(
        names,
        [(link, arcs) for _, link, _, arcs in bounds],
        lambda unit, product, _: gauge(scope, unit, product),
    )
    capacities = [capacity for _, _, capacity, _ in bounds]
    return _held_to(capacities, counted, names, [label for label, _, _, _ in bounds])


def _bounds(scope: Scope) -> Iterator[tuple[Label, Edge | Rule, float, tuple[int, ...]]]:
    """Yield label, row, capacity and arcs of every link and corridor that is bound."""
    net, frame = scope.net, scope.frame
    for index, arc in enumerate(frame.arcs):
        if arc.is_bound_here:
            limit = tonnage(net, arc.link, "capacity", scope.level)
            if limit is not None:
                yield link_label(arc), arc.link, limit, (index,)
    for hub, rule in frame.hubs.items():
        limit = tonnage(net, rule, "capacity", scope.level)
        if limit is not None:
            yield ("rule", rule.id), rule, limit, frame.arcs_in.get(hub, ())


def _held_to(
    capacities: Sequence[float], counted: Counted, names: Columns, labels: list[Label]
) -> Rows:
    """Return one row for each capacity, or one per element where each is bound alone.

    What the unit holds nothing of cannot pass.
    """
    codes, (of, column, weight, element) = names.codes, counted
    is_barred = np.isinf(weight)
    alone, common = ~is_barred & (element >= 0), ~is_barred & (element < 0)
    has_alone = np.isin(of, of[alone])
    by_name = 2 + codes.by_name[element]
    rows = np.unique(np.stack([of[alone], by_name[alone]]), axis=1)
    shared, row = joined(of[common], rows[0])
    parts: list[Label] = [("not held by the unit",), (), *sorted(codes.element_words)]
    return upper_limits(
        Sum(column, 1.0, at=(of, 0), where=is_barred),
        Sum(column, weight, at=(of, 1), where=common & ~has_alone),
        Sum(column, weight, at=(of, by_name), where=alone),
        Sum(column[common][shared], weight[common][shared], at=(rows[0][row], rows[1][row])),
        by=(labels, parts),
        rhs=np.where(np.arange(len(parts)) == 0, 0.0, np.array(capacities)[:, None]),
    )


def surplus_limit(scope: Scope, names: Columns) -> Rows:
    """No more of a host is left over at a plant than a part of what is parted of it there.

    For each plant k and host G, with the part l(k, G), recovery r and s(f, e) tonnes of e in a
    tonne of f::

        sum_e surplus[k, e] <= l(k, G) sum_{f, e} r s(f, e) processed[k, f, way]

    An element that could go nowhere has no variable of its own: all that is parted of it is left
    over.
    """
    codes, surplus, processed = names.codes, names.surplus, names.processed
    limits = _limits(scope)
    holds = _holds(scope, names)
    most = _most(scope, codes.vertices)[:, processed.vertex, None]
    yields: Floats = np.where(holds[:, None, :], parted(names), 0.0)
    is_parted: Bools = np.any(yields > 0.0, axis=2)
    has_place = (codes.pools | codes.used)[processed.vertex]
    weight = np.where(has_place, 0.0, yields).sum(axis=2) - (most * yields).sum(axis=2)
    host = np.arange(len(limits))[:, None]
    return upper_limits(
        Sum(processed.place, weight, at=(processed.vertex, host), where=is_parted),
        Sum(surplus.place, 1.0, at=(surplus.vertex, host), where=holds[:, surplus.thing]),
        by=(codes.vertex_words, [(limit,) for limit in limits]),
    )


def host_intake(scope: Scope, names: Columns) -> Rows:
    """No more of a host comes to a nation than what is asked for there.

    For each nation n, form and element e of a host, with c(p, e) tonnes of e in a tonne of p::

        sum_a r element[a, e] + sum_a r s(f, e) feed[a, f] <= sum_p c(p, e) bundle[n, p]
    """
    codes, element, feed, bundle = names.codes, names.element, names.feed, names.bundle
    is_host: Bools = np.any(_holds(scope, names), axis=0) & bool(scope.demand)
    every = np.arange(len(codes.elements))
    amounts = codes.recovery[feed.head] * codes.share[feed.thing]
    content = codes.content[bundle.product]
    return upper_limits(
        Sum(
            element.place,
            codes.recovery[element.head, element.thing],
            at=(element.head, codes.form[element.arc], element.thing),
            where=codes.is_nation[element.head] & is_host[element.thing],
        ),
        Sum(
            feed.place[:, None],
            amounts,
            at=(feed.head[:, None], codes.form[feed.arc][:, None], every),
            where=codes.is_nation[feed.head][:, None] & is_host,
        ),
        Sum(
            bundle.place[:, None],
            -content,
            at=(bundle.vertex[:, None], codes.product_form[bundle.product][:, None], every),
            where=is_host & np.ones_like(content, dtype=bool),
            opens=False,
        ),
        by=(codes.vertex_words, codes.form_words, codes.element_words),
    )


def host_delivery(scope: Scope, names: Columns) -> Rows:
    """What holds a host and is delivered is served.

    For each nation n and product p that holds some of a host::

        bundle[n, p] + sum_a r product[a, p] <= served[n, p]
    """
    codes, served, bundle, product = names.codes, names.served, names.bundle, names.product
    is_host: Bools = np.any(_holds(scope, names), axis=0)
    holds: Bools = np.any((codes.content > 0.0) & is_host, axis=1)
    row = codes.demand_of[product.head, product.thing]
    return upper_limits(
        Sum(bundle.place, 1.0, at=(bundle.row,), where=holds[bundle.product]),
        Sum(
            product.place,
            codes.kept(product.head, product.thing),
            at=(row,),
            where=(row >= 0) & holds[product.thing],
        ),
        Sum(served.place, -1.0, at=(served.row,), where=holds[served.product], opens=False),
        by=(codes.demand_words,),
    )


def _most(scope: Scope, vertices: Sequence[str]) -> Floats:
    """Return the part of each host that may be left over at each vertex: [host, vertex]."""
    nodes, limits = scope.frame.nodes, _limits(scope)
    own = [nodes[vertex].surplus_limit if vertex in nodes else None for vertex in vertices]
    most = [[limit if share is None else share for share in own] for limit in limits.values()]
    return np.array(most, dtype=np.float64).reshape(len(limits), len(vertices))


def _limits(scope: Scope) -> Mapping[str, float]:
    """Return the hosts of which all elements are followed, and the part that may be left over."""
    return {
        group: limit
        for group, limit in scope.net.commodity.surplus_limits.items()
        if not scope.drawing and members(scope.net, group) <= frozenset(scope.elements)
    }


def _holds(scope: Scope, names: Columns) -> Bools:
    """Return whether each element is one of each host: [host, element]."""
    elements, limits = names.codes.elements, _limits(scope)
    inside = [members(scope.net, group) for group in limits]
    holds = np.array([[element in group for element in elements] for group in inside], dtype=bool)
    return holds.reshape(len(limits), len(elements))
