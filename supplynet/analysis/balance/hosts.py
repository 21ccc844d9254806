"""Host metals: what is not made for nothing, to get at what comes along with it.

A graph names under ``surplus_limits`` the element groups of which plants leave over no more than
a part of what they part, such as alumina where gallium is wanted; a plant may have a part of its
own (``surplus_limit``). What is sent to a nation must
then find its use there, too. Nothing of this is held where some nations draw alone: what is left
over there is what the others would take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.balance.columns import Columns
from supplynet.analysis.balance.counted import parted
from supplynet.analysis.balance.rows import Rows, Sum, upper_limits
from supplynet.analysis.balance.scope import Scope
from supplynet.network.circuits import members

if TYPE_CHECKING:
    from supplynet.analysis.balance.rows import Bools, Floats


def surplus_limit(given: Scope, names: Columns) -> Rows:
    """No more of a host is left over at a plant than a part of what is parted of it there.

    For each plant k and host G, with the part l(k, G), recovery r and s(f, e) tonnes of e in a
    tonne of f::

        sum_e surplus[k, e] <= l(k, G) sum_{f, e} r s(f, e) processed[k, f, way]

    An element that could go nowhere has no variable of its own: all that is parted of it is left
    over.
    """
    codes, surplus, processed = names.codes, names.surplus, names.processed
    limits = _limits(given)
    holds = _holds(given, names)
    most = _most(given, codes.vertices)[:, processed.vertex, None]
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


def host_intake(given: Scope, names: Columns) -> Rows:
    """No more of a host comes to a nation than what is asked for there.

    For each nation n, form and element e of a host, with c(p, e) tonnes of e in a tonne of p::

        sum_a r element[a, e] + sum_a r s(f, e) feed[a, f] <= sum_p c(p, e) bundle[n, p]
    """
    codes, element, feed, bundle = names.codes, names.element, names.feed, names.bundle
    is_host: Bools = np.any(_holds(given, names), axis=0) & bool(given.demand)
    every = np.arange(len(codes.elements))
    held = codes.recovery[feed.head] * codes.share[feed.thing]
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
            held,
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


def host_delivery(given: Scope, names: Columns) -> Rows:
    """What holds a host and is delivered is served.

    For each nation n and product p that holds some of a host::

        bundle[n, p] + sum_a r product[a, p] <= served[n, p]
    """
    codes, served, bundle, product = names.codes, names.served, names.bundle, names.product
    is_host: Bools = np.any(_holds(given, names), axis=0)
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


def _most(given: Scope, vertices: Sequence[str]) -> Floats:
    """Return the part of each host that may be left over at each vertex: [host, vertex]."""
    nodes, limits = given.frame.nodes, _limits(given)
    own = [nodes[vertex].surplus_limit if vertex in nodes else None for vertex in vertices]
    most = [[limit if part is None else part for part in own] for limit in limits.values()]
    return np.array(most, dtype=np.float64).reshape(len(limits), len(vertices))


def _limits(given: Scope) -> Mapping[str, float]:
    """Return the hosts of which all elements are followed, and the part that may be left over."""
    return {
        group: limit
        for group, limit in given.net.commodity.surplus_limits.items()
        if not given.drawing and members(given.net, group) <= frozenset(given.elements)
    }


def _holds(given: Scope, names: Columns) -> Bools:
    """Return whether each element is one of each host: [host, element]."""
    elements, limits = names.codes.elements, _limits(given)
    inside = [members(given.net, group) for group in limits]
    holds = np.array([[element in group for element in elements] for group in inside], dtype=bool)
    return holds.reshape(len(limits), len(elements))
