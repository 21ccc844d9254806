"""The constraint families that hold capacities, in their own units, and what a tonne takes of one.

A graph names under ``surplus_limits`` the element groups of which plants leave over no more than
a part of what they part, such as alumina where gallium is wanted; a plant may have a part of its
own (``surplus_limit``). What is sent to a nation must
then find its use there, too. Nothing of this is held where some nations draw alone: what is left
over there is what the others would take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from supplynet.analysis.arrays.feeds import Feed
from supplynet.analysis.arrays.skeleton import link_label
from supplynet.analysis.balance.columns import Columns
from supplynet.analysis.balance.recipes import contents_of, metal_of
from supplynet.analysis.balance.rows import Label, Rows, Sum, ints, joined, upper_limits
from supplynet.analysis.balance.scope import Scope, capacity_of
from supplynet.arrays import Bools, Floats, Ints
from supplynet.errors import TableError
from supplynet.network.schema import Unit
from supplynet.network.timeline import circuits_in_force, members
from supplynet.network.units import find_unit, tonnage

if TYPE_CHECKING:
    from supplynet.network.schema import Circuit, Edge, Node, Rule


@dataclass(frozen=True)
class Gauge:
    """Weighs tonnes on the graph's basis in a unit of the graph."""

    scope: Scope
    unit: Unit
    #: product of the node, for units that measure a product and do not name one
    product: str | None

    @property
    def is_by_element(self) -> bool:
        """Whether separate elements are bound one by one: units that measure a product."""
        return self.unit.measures == "product"

    def of_element(self, element: str) -> float:
        """Return what a tonne of a separated element takes; inf where the unit holds none."""
        if self.unit.measures == "metal":
            return metal_of(self.scope.net, element) / self.unit.factor
        if self.unit.measures != "product":
            return 1.0 / self.unit.factor
        product = self.unit.product or self.product
        if product is None:
            raise TableError(
                f"a capacity in {self.unit.name!r} needs the product that it measures",
                hint="fill the column product, or give the capacity in another unit",
            )
        share = contents_of(self.scope.net).get((product, element), 0.0)
        return 1.0 / (self.unit.factor * share) if share else float("inf")

    def of_feed(self, feed: Feed) -> float:
        """Return what a tonne of a feed takes."""
        if self.unit.measures == "basket":
            return 1.0 / self.unit.factor
        return sum(
            self.scope.share(feed, limit) * self.of_element(limit)
            for limit in self.scope.limits
            if self.scope.share(feed, limit) > 0.0
        )

    def of_mined(self, origin: str) -> float:
        """Return what a tonne of an origin's basket takes before its ore type loses any."""
        if self.unit.measures == "basket":
            return 1.0 / self.unit.factor
        feed = Feed(origin)
        return sum(
            self.scope.share(feed, limit)
            / self.scope.recovery(origin, limit)
            * self.of_element(limit)
            for limit in self.scope.limits
            if self.scope.share(feed, limit) > 0.0
        )

    def of_product(self, product: str) -> float:
        """Return what a tonne of a finished product takes."""
        if self.unit.measures == "product":
            return 1.0 / self.unit.factor
        table = contents_of(self.scope.net)
        return sum(
            table[product, limit] * self.of_element(limit)
            for limit in self.scope.limits
            if (product, limit) in table
        )


def gauge(scope: Scope, unit: str, product: str | None) -> Gauge:
    """Return the gauge of a unit of the graph."""
    return Gauge(scope, find_unit(scope.net, unit), product)


@dataclass(frozen=True)
class Measure(Gauge):
    """A gauge that counts the elements of a product together.

    A capacity in tonnes of product binds elements one by one; a cost or a link's tonnage counts
    them together, by all that a tonne of the product holds.
    """

    #: form in which elements travel; states the products where no plant names one
    form: str | None = None

    def of_element(self, element: str) -> float:
        """Return what a tonne of a separated element takes.

        In a unit of a product, elements count as the tonnes of product that hold as much. Where
        neither the unit nor the plant names a product, the mean of the products of the form
        that are demanded stands for it.
        """
        if self.unit.measures != "product":
            return super().of_element(element)
        product = self.unit.product or self.product
        table = contents_of(self.scope.net)
        by_id = self.scope.net.product_by_id
        names = {
            product for _, product in self.scope.demand if self.form in (None, by_id[product].form)
        }
        holders = [
            sum(table.get((product, piece), 0.0) for piece in self.scope.elements)
            for product in sorted(names if product is None else {product})
        ]
        if not any(holders):
            raise TableError(
                f"{self.unit.name!r} measures a product, and nothing says what it holds of the "
                f"elements that travel as {self.form or 'it'}",
                hint="give the contents of the product, or figures in another unit",
            )
        return len(holders) / (self.unit.factor * sum(holders))


def measure(scope: Scope, unit: str, product: str | None, form: str | None) -> Measure:
    """Return the measure of a unit of the graph."""
    return Measure(scope, find_unit(scope.net, unit), product, form)


class Counted(NamedTuple):
    """Variables that count, and what a tonne of each takes."""

    #: of, place: shape (n,); which of the plants or arcs that were asked for, and column
    of: Ints
    place: Ints
    weight: Floats  #: shape (n,); inf where the unit holds nothing of it
    element: Ints  #: shape (n,); element that counts by itself; -1 for what counts with all

    def only(self, which: Bools) -> Counted:
        """Return some of them."""
        return Counted(self.of[which], self.place[which], self.weight[which], self.element[which])

    def terms(self, n: int) -> list[dict[int, float]]:
        """Return, for each of the first `n`, columns and what a tonne of each takes.

        What the unit holds nothing of is left out.
        """
        terms: list[dict[int, float]] = [{} for _ in range(n)]
        finite = self.only(np.isfinite(self.weight))
        for of, column, weight in zip(
            finite.of.tolist(), finite.place.tolist(), finite.weight.tolist(), strict=True
        ):
            terms[of][column] = terms[of].get(column, 0.0) + weight
        return terms


def handled(names: Columns, nodes: Sequence[Node], measures: Sequence[Gauge]) -> Counted:
    """Return what plants handle, each by its measure.

    A plant counts at its input or output, as its stage says; where products are counted, by what
    it makes of them. Scrap is no output.
    """
    codes = names.codes
    vertex = ints([codes.vertex_of[node.id] for node in nodes])
    stages = codes.scope.net.stage_by_name
    at_input = np.array([stages[node.stage].capacity_at == "input" for node in nodes], dtype=bool)
    by_product = _by_element(measures) & np.isin(vertex, names.made.vertex)
    return together(
        _passing(names, np.where(at_input & by_product, -1, vertex), at_input, measures),
        _made(names, np.where(at_input & ~by_product, -1, vertex), measures),
    )


def _met(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Return every pair of places that hold the same code, in whatever order `right` is."""
    order = np.argsort(right, kind="stable")
    of, at = joined(left, right[order])
    return of, order[at]


def without_circuits(
    names: Columns, nodes: Sequence[Node], capacities: Sequence[float], counted: Counted
) -> Counted:
    """Return what plants handle without the elements that their circuits count beside them.

    A plant without any capacity in a year does not run, and its circuits do not either: where
    these are not shut by themselves, what they count is counted here.
    """
    scope = names.codes.scope
    circuits = circuits_in_force(scope.net, scope.year)
    runs = [
        any((row.capacity_high or row.capacity) > 0.0 for row in circuits.get(node.id, ()))
        for node in nodes
    ]
    element = np.full(len(names), -1)
    element[names.element.place] = names.element.thing
    element[names.mix.place] = names.mix.element
    element_code = element[counted.place]
    vertex = ints([names.codes.vertex_of[node.id] for node in nodes])[counted.of]
    is_shut = ((np.array(capacities) == 0.0) & np.array(runs, dtype=np.bool_))[counted.of]
    return counted.only((element_code < 0) | is_shut | ~names.codes.beside[vertex, element_code])


def left_over(names: Columns, nodes: Sequence[Node], measures: Sequence[Gauge]) -> Counted:
    """Return what plants part out of baskets and send nowhere, each by its measure.

    Separated elements that nobody takes, those that nobody ever could take, and baskets that are
    thrown away. Nothing is counted of plants that count at their input, nor of what a measure
    holds nothing of, nor of elements that only come separated: those were not parted here, nor of
    what a circuit counts and does not part.
    """
    codes, surplus, lost, processed = names.codes, names.surplus, names.lost, names.processed
    stages = codes.scope.net.stage_by_name
    at_output = [stages[node.stage].capacity_at == "output" for node in nodes]
    vertex = np.where(at_output, ints([codes.vertex_of[node.id] for node in nodes]), -1)
    yields = parted(names)
    comes = np.zeros_like(codes.pools)
    np.logical_or.at(comes, processed.vertex, yields > 0.0)
    counts = (comes & ~codes.beside)[surplus.vertex, surplus.thing]
    of, at = joined(vertex, surplus.vertex)
    of, at = of[counts[at]], at[counts[at]]
    weigh = partial(_weighed, names, measures)
    holders = weigh("element", of, surplus.place[at], surplus.thing[at], is_alone=True)
    of, at = joined(vertex, lost.vertex)
    thrown = weigh("feed", of, lost.place[at], lost.thing[at])
    of, at = joined(vertex, processed.vertex)
    has_place = codes.pools | codes.used | codes.beside
    which, element = np.nonzero((yields[at] > 0.0) & ~has_place[processed.vertex[at]])
    of, at = of[which], at[which]
    amount = yields[at, element]
    gone = weigh("element", of, processed.place[at], element, times=amount, is_alone=True)
    left = together(holders, thrown, gone)
    return left.only(np.isfinite(left.weight))


def parted(names: Columns) -> Floats:
    """Return the tonnes of each element that are parted of what plants take in.

    By variable of the kind ``processed`` and element.
    """
    codes, processed = names.codes, names.processed
    every = processed.is_all[:, None] & codes.parted[processed.vertex]
    is_parted = every | codes.made[processed.vertex]
    yields: Floats = np.where(is_parted, names.entering.yields[processed.entering], 0.0)
    return yields


def in_circuits(names: Columns, circuits: Sequence[Circuit], measures: Sequence[Gauge]) -> Counted:
    """Return what leaves plants of the group of each circuit, by its measure."""
    codes, element, mix, made = names.codes, names.element, names.mix, names.made
    vertex = ints([codes.vertex_of[circuit.node_id] for circuit in circuits])
    net = codes.scope.net
    groups = [members(net, circuit.group) for circuit in circuits]
    holds = np.array(
        [[element in group for element in codes.elements] for group in groups], dtype=bool
    )
    holds = holds.reshape(len(circuits), len(codes.elements))
    weigh, parts = partial(_weighed, names, measures, "element", is_alone=True), []
    for columns, at, code, counts in (
        (element.place, element.tail, element.thing, ~codes.is_scrap[element.arc]),
        (mix.place, mix.vertex, mix.element, True),
    ):
        of, which = _met(vertex, np.where(counts, at, -1))
        indices = holds[of, code[which]]
        of, which = of[indices], which[indices]
        parts.append(weigh(of, columns[which], code[which]))
    of, which = _met(vertex, np.where(codes.grades.is_mixed, -1, made.vertex))
    holding = codes.content[made.thing[which]] * holds[of]
    row, code = np.nonzero(holding)
    of, which = of[row], which[row]
    return together(*parts, weigh(of, made.place[which], code, times=holding[row, code]))


def on_arcs(names: Columns, arcs: Iterable[int], measures: Sequence[Gauge]) -> Counted:
    """Return what arcs carry, each by its measure."""
    wanted, parts = ints(list(arcs)), []
    for kind, group in (
        ("feed", names.feed_by_arc),
        ("element", names.element),
        ("product", names.product),
    ):
        of, at = joined(wanted, group.arc)
        alone = kind == "element"
        parts.append(
            _weighed(names, measures, kind, of, group.place[at], group.thing[at], is_alone=alone)
        )
    return together(*parts)


def on_links(
    names: Columns,
    links: Sequence[tuple[Edge | Rule, Sequence[int]]],
    weigh: Callable[[str, str | None, str], Gauge],
) -> Counted:
    """Return what links and corridors, each with its arcs, carry; `weigh` measures a unit."""
    frame, weigh = names.codes.scope.frame, cache(weigh)
    of, arcs, measures = [], [], []
    for count, (link, places) in enumerate(links):
        for index in places:
            sender = frame.nodes.get(frame.arcs[index].tail)
            of.append(count)
            arcs.append(index)
            measures.append(weigh(link.unit, sender.product if sender else None, link.form))
    counted = on_arcs(names, arcs, measures)
    return counted._replace(of=ints(of)[counted.of])


def _passing(names: Columns, vertex: Ints, at_input: Bools, measures: Sequence[Gauge]) -> Counted:
    """Return what arrives at plants, or leaves them without being made there."""
    codes, product = names.codes, names.product
    came, in_arcs = codes.arcs_in(np.where(at_input, vertex, -1))
    went, out_arcs = codes.arcs_out(np.where(at_input, -1, vertex))
    which, arcs = np.concatenate([came, went]), np.concatenate([in_arcs, out_arcs])
    counts = at_input[which] | ~codes.is_scrap[arcs]
    which, arcs = which[counts], arcs[counts]
    counted = on_arcs(names, arcs.tolist(), [measures[index] for index in which.tolist()])
    counted = counted._replace(of=which[counted.of])
    own = product.place[codes.makes[product.tail, product.thing]]
    return counted.only(at_input[counted.of] | ~np.isin(counted.place, own))


def _made(names: Columns, vertex: Ints, measures: Sequence[Gauge]) -> Counted:
    """Return what plants make: as it is mixed, unless products are counted."""
    codes, made, mix = names.codes, names.made, names.mix
    of, grade = joined(vertex, made.vertex)
    is_whole = _by_element(measures)[of] | ~codes.grades.is_mixed[grade]
    rows, totals = of[is_whole], grade[is_whole]
    weigh = partial(_weighed, names, measures)
    products = weigh("product", rows, made.place[totals], made.thing[totals])
    which, at = joined(grade[~is_whole], mix.grade)
    rows = of[~is_whole][which]
    return together(products, weigh("element", rows, mix.place[at], mix.element[at]))


# -- weights ---------------------------------------------------------------------------------


def _by_element(measures: Sequence[Gauge]) -> Bools:
    """Whether each of some measures binds separate elements one by one."""
    return np.array([measure.is_by_element for measure in measures], dtype=bool)


def _weighed(
    names: Columns,
    measures: Sequence[Gauge],
    kind: str,
    of: Ints,
    positions: Ints,
    values: Ints,
    *,
    times: float | Floats = 1.0,
    is_alone: bool = False,
) -> Counted:
    """Return variables by what a tonne of each takes of the measure it counts by.

    `kind` says whether things are elements, feeds or products; each is weighed once. `is_alone`
    lets elements count by themselves where the measure binds them one by one.
    """
    things: Sequence[Any] = getattr(names.codes, f"{kind}s")
    same: dict[int, int] = {}
    first = ints([same.setdefault(id(measure), index) for index, measure in enumerate(measures)])
    pairs, which = np.unique(first[of] * len(things) + values, return_inverse=True)
    weights = [
        getattr(measures[pair // len(things)], f"of_{kind}")(things[pair % len(things)])
        for pair in pairs.tolist()
    ]
    alone = _by_element(measures)[of] if is_alone else np.zeros(of.size, dtype=np.bool_)
    weight = np.array(weights, dtype=np.float64)[which] * times
    return Counted(of, positions, weight, np.where(alone, values, -1))


def together(*parts: Counted) -> Counted:
    """Return several lists of variables that count as one, in their order."""
    of, column, weight, element = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Counted(of, column, weight, element)


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
