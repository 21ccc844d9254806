"""The constraint families that hold capacities, each in its own unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from supplynet.analysis.arrays.catalog import link_label
from supplynet.analysis.balance.columns import Columns
from supplynet.analysis.balance.counted import (
    Counted,
    handled,
    in_circuits,
    left_over,
    on_links,
    together,
    without_circuits,
)
from supplynet.analysis.balance.joins import joined
from supplynet.analysis.balance.rows import Label, Rows, Sum, upper_limits
from supplynet.analysis.balance.scope import Scope, capacity_of
from supplynet.analysis.balance.units import gauge
from supplynet.network.circuits import circuits_in_force
from supplynet.network.units import tonnage

if TYPE_CHECKING:
    from supplynet.network.schema import Edge, Rule


def origin_capacity(given: Scope, names: Columns) -> Rows:
    """A mine chooses its output of basket, up to its capacity.

    For each origin k, with u(k) the unit's measure of a tonne of its basket::

        u(k) mined[k] <= capacity(k)
    """
    codes, mined = names.codes, names.mined
    held = [_of_origin(given, codes.vertices[vertex]) for vertex in mined.vertex.tolist()]
    weight, capacity = np.array(held, dtype=np.float64).reshape(-1, 2).T
    return upper_limits(
        Sum(mined.place, weight, at=(np.arange(mined.place.size),), where=np.isfinite(capacity)),
        by=([codes.vertex_words[vertex] for vertex in mined.vertex.tolist()],),
        rhs=capacity,
    )


def _of_origin(given: Scope, label: str) -> tuple[float, float]:
    """Return what a tonne of an origin's basket takes of its capacity, and the capacity.

    Nothing is mined where the unit knows nothing of what is.
    """
    node = given.frame.nodes[label]
    capacity, unit, _ = capacity_of(given, node)
    if not capacity:
        return 1.0, float("inf") if capacity is None else 0.0
    weight = gauge(given, unit, node.product).of_mined(label)
    return (1.0, 0.0) if weight == float("inf") else (weight, capacity)


def node_capacity(given: Scope, names: Columns) -> Rows:
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
    gauges = cache(partial(gauge, given))
    for vertex in np.flatnonzero(names.codes.is_plant & ~names.codes.is_origin).tolist():
        node = given.frame.nodes[names.codes.vertices[vertex]]
        capacity, unit, _ = capacity_of(given, node)
        if capacity is not None:
            nodes.append(node)
            measures.append(gauges(unit, node.product))
            capacities.append(capacity)
    own = without_circuits(names, nodes, capacities, handled(names, nodes, measures))
    counted = together(own, left_over(names, nodes, measures))
    return _held_to(capacities, counted, names, [("node", node.id) for node in nodes])


def circuit_capacity(given: Scope, names: Columns) -> Rows:
    """A circuit holds what leaves its plant of the circuit's group, in the circuit's unit.

    For each circuit c of a plant k, over the elements e of its group, with m the mix of a grade::

        sum u(e) element[b, e] + sum u(e) mix[k, g, e] <= capacity(c)

    Scrap does not count. What is parted beyond is left over: it stays in the residue.
    """
    rows = [
        row
        for node_id, rows in circuits_in_force(given.net, given.year).items()
        if node_id in given.frame.nodes
        for row in rows
    ]
    weigh = cache(partial(gauge, given))
    measures = [weigh(row.unit, given.frame.nodes[row.node_id].product) for row in rows]
    capacities = [tonnage(given.net, row, "capacity", given.level) or 0.0 for row in rows]
    labels: list[Label] = [("circuit", row.node_id, row.group) for row in rows]
    return _held_to(capacities, in_circuits(names, rows, measures), names, labels)


def link_capacity(given: Scope, names: Columns) -> Rows:
    """A link or corridor carries all its tonnes together up to its bound, in the bound's unit.

    For each link l, or rule over all of its links::

        sum u(f) feed[a, f] + sum u(e) element[a, e] + sum u(g) product[a, g] <= capacity(l)
    """
    bounds = list(_bounds(given))
    counted = on_links(
        names,
        [(link, arcs) for _, link, _, arcs in bounds],
        lambda unit, product, _: gauge(given, unit, product),
    )
    capacities = [capacity for _, _, capacity, _ in bounds]
    return _held_to(capacities, counted, names, [label for label, _, _, _ in bounds])


def _bounds(given: Scope) -> Iterator[tuple[Label, Edge | Rule, float, tuple[int, ...]]]:
    """Yield label, row, capacity and arcs of every link and corridor that is bound."""
    net, frame = given.net, given.frame
    for index, arc in enumerate(frame.arcs):
        if arc.is_bound_here:
            limit = tonnage(net, arc.link, "capacity", given.level)
            if limit is not None:
                yield link_label(arc), arc.link, limit, (index,)
    for hub, rule in frame.hubs.items():
        limit = tonnage(net, rule, "capacity", given.level)
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
