"""The constraint families that hold capacities, each in its own unit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from supplynet.analysis.balance.columns import Columns
from supplynet.analysis.balance.rows import Label, Rows, Term
from supplynet.analysis.balance.scope import Scope, capacity_of
from supplynet.analysis.balance.units import Gauge, gauge

if TYPE_CHECKING:
    from supplynet.model.schema import Node


def origin_capacity(given: Scope, names: Columns) -> Rows:
    """A mine chooses its output of basket, up to its capacity.

    For each origin k, with u(k) the unit's measure of a tonne of its basket::

        u(k) mined[k] <= capacity(k)
    """
    rows = Rows(is_equality=False)
    for node in given.frame.nodes.values():
        if not given.is_origin(node.id):
            continue
        capacity, unit, _ = capacity_of(given, node)
        if capacity is None:
            continue
        weight = gauge(given, unit, node.product).of_mined(node.id) if capacity else 1.0
        if weight == float("inf"):  # the unit knows nothing of what is mined
            capacity, weight = 0.0, 1.0
        rows.add(("node", node.id), [(names.at("mined", node.id), weight)], capacity)
    return rows


def node_capacity(given: Scope, names: Columns) -> Rows:
    """A plant's capacity holds all that it handles together, in the capacity's unit.

    For each node k that is no origin, at its input or its output as its stage says, with u the
    unit's measure of a tonne of each thing::

        sum u(f) feed[a, f] + sum u(e) element[a, e] + sum u(g) made[k, g] <= capacity(k)

    Where elements of a grade replace each other and the unit counts oxide or metal, u(e) mix
    stands for u(g) made. A unit that measures a product binds separate elements one by one,
    each by its content.
    """
    rows = Rows(is_equality=False)
    for node in given.frame.nodes.values():
        if given.is_origin(node.id) or given.is_nation(node.id):
            continue
        capacity, unit, _ = capacity_of(given, node)
        if capacity is None:
            continue
        parts = handled(given, names, node, gauge(given, unit, node.product))
        _add(rows, ("node", node.id), parts, capacity)
    return rows


#: what an element takes of a capacity, by element; "" for what belongs to all
_Parts = list[tuple[str, Term]]


def handled(given: Scope, names: Columns, node: Node, measure: Gauge) -> _Parts:
    """Return what a plant's capacity counts."""
    frame = given.frame
    at_input = given.net.stage_by_name[node.stage].capacity_at == "input"
    grades = [grade for maker, grade in given.recipes if maker == node.id]
    makes_by_product = bool(grades) and measure.is_by_element
    arcs = (frame.arcs_in if at_input else frame.arcs_out).get(node.id, ())
    if not at_input:  # scrap is no output
        arcs = tuple(place for place in arcs if not frame.arcs[place].is_scrap)
    parts: _Parts = []
    if not (at_input and makes_by_product):
        parts += on_arcs(given, names, arcs, measure, node.id)
    if makes_by_product or not at_input:
        for grade in grades:
            parts += _made(given, names, node.id, grade, measure)
    return parts


def _made(given: Scope, names: Columns, maker: str, grade: str, measure: Gauge) -> _Parts:
    """Return what a grade takes of its maker's capacity: as mixed, unless products are counted."""
    recipe = given.recipes[maker, grade]
    if not recipe.sums or measure.is_by_element:
        return [("", (names.at("made", maker, grade), measure.of_product(grade)))]
    return [
        ("", (names.at("mix", maker, grade, one), measure.of_element(one)))
        for one in recipe.central
    ]


def on_arcs(
    given: Scope, names: Columns, arcs: Iterable[int], measure: Gauge, maker: str = ""
) -> _Parts:
    """Return what things on some arcs take of a capacity; a maker's grades are counted apart."""
    parts: _Parts = []
    for place in arcs:
        arc = given.frame.arcs[place]
        if not arc.is_separated:
            label = arc.tail if arc.tail in given.frame.nodes else arc.head
            feeds = given.frame.leaving.get(arc.tail, given.frame.feeds.get(label, frozenset()))
            for feed in feeds:
                column = names.get("feed", place, feed)
                if column is not None:
                    parts.append(("", (column, measure.of_feed(feed))))
            continue
        elements, products = given.carried[place]
        for one in sorted(elements):
            by = one if measure.is_by_element else ""
            parts.append((by, (names.at("element", place, one), measure.of_element(one))))
        if arc.tail == maker and given.is_product_arc(arc):
            products = frozenset(one for one in products if (maker, one) not in given.recipes)
        for one in sorted(products):
            column = names.at("product", place, one)
            parts.append(("", (column, measure.of_product(one))))
    return parts


def _add(rows: Rows, label: Label, parts: _Parts, capacity: float) -> None:
    """Add the row of a capacity, or one per element where each is bound alone.

    What the unit holds nothing of cannot pass.
    """
    finite = [(by, term) for by, term in parts if term[1] != float("inf")]
    barred = [(term[0], 1.0) for _, term in parts if term[1] == float("inf")]
    rows.add((*label, "not held by the unit"), barred)
    common = [term for by, term in finite if not by]
    single = sorted({by for by, _ in finite if by})
    for one in single:
        rows.add((*label, one), [*common, *(term for by, term in finite if by == one)], capacity)
    if not single:
        rows.add(label, common, capacity)


def link_capacity(given: Scope, names: Columns) -> Rows:
    """A link or corridor carries all its tonnes together up to its bound, in the bound's unit.

    For each link l, or rule over all of its links::

        sum u(f) feed[a, f] + sum u(e) element[a, e] + sum u(g) product[a, g] <= capacity(l)
    """
    rows = Rows(is_equality=False)
    frame = given.frame
    for place, arc in enumerate(frame.arcs):
        if arc.is_bound_here and arc.link.capacity is not None:
            label = ("link", arc.tail, arc.head, arc.form)
            parts = _measured(given, names, [place], arc.link.unit)
            _add(rows, label, parts, arc.link.capacity)
    for hub, rule in frame.hubs.items():
        if rule.capacity is not None:
            arcs = frame.arcs_in.get(hub, ())
            parts = _measured(given, names, arcs, rule.unit)
            _add(rows, ("rule", rule.id), parts, rule.capacity)
    return rows


def _measured(given: Scope, names: Columns, arcs: Iterable[int], unit: str) -> _Parts:
    """Return what some arcs take of a bound, each by the product of the plant that sends."""
    parts: _Parts = []
    for place in arcs:
        node = given.frame.nodes.get(given.frame.arcs[place].tail)
        measure = gauge(given, unit, node.product if node else None)
        parts += on_arcs(given, names, [place], measure)
    return parts
