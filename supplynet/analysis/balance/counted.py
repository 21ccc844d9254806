"""What plants handle and arcs carry, in the units of capacities, charges and figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from supplynet.analysis.balance.columns import Columns
from supplynet.analysis.balance.rows import ints, joined
from supplynet.analysis.balance.units import Gauge
from supplynet.network.timeline import circuits_in_force, members

if TYPE_CHECKING:
    from supplynet.analysis.balance.rows import Bools, Floats, Ints
    from supplynet.network.schema import Circuit, Edge, Node, Rule

_Thing = TypeVar("_Thing")


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
    alone = _by_element(measures)
    of, at = joined(vertex, surplus.vertex)
    weight = _weights(
        measures, of, codes.elements, surplus.thing[at], lambda measure: measure.of_element
    )
    held = Counted(of, surplus.place[at], weight, np.where(alone[of], surplus.thing[at], -1))
    yields = parted(names)
    comes = np.zeros_like(codes.pools)
    np.logical_or.at(comes, processed.vertex, yields > 0.0)
    counts = comes & ~codes.beside
    held = held.only(counts[surplus.vertex[at], surplus.thing[at]])
    of, at = joined(vertex, lost.vertex)
    weight = _weights(measures, of, codes.feeds, lost.thing[at], lambda measure: measure.of_feed)
    thrown = Counted(of, lost.place[at], weight, _none(of))
    of, at = joined(vertex, processed.vertex)
    has_place = codes.pools | codes.used | codes.beside
    is_gone = (yields[at] > 0.0) & ~has_place[processed.vertex[at]]
    which, element = np.nonzero(is_gone)
    of, at = of[which], at[which]
    weight = _weights(measures, of, codes.elements, element, lambda measure: measure.of_element)
    weight = weight * yields[at, element]
    gone = Counted(of, processed.place[at], weight, np.where(alone[of], element, -1))
    left = together(held, thrown, gone)
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
    kinds = [
        (element.place, element.tail, element.thing, ~codes.is_scrap[element.arc]),
        (mix.place, mix.vertex, mix.element, np.ones(mix.place.size, dtype=bool)),
    ]
    parts = []
    for columns, at, code, counts in kinds:
        of, which = _met(vertex, np.where(counts, at, -1))
        kept = holds[of, code[which]]
        of, which = of[kept], which[kept]
        weight = _weights(
            measures, of, codes.elements, code[which], lambda measure: measure.of_element
        )
        alone = np.where(_by_element(measures)[of], code[which], -1)
        parts.append(Counted(of, columns[which], weight, alone))
    is_whole = ~codes.grades.is_mixed
    of, which = _met(vertex, np.where(is_whole, made.vertex, -1))
    held = codes.content[made.thing[which]] * holds[of]
    row, code = np.nonzero(held)
    of, which = of[row], which[row]
    weight = _weights(measures, of, codes.elements, code, lambda measure: measure.of_element)
    alone = np.where(_by_element(measures)[of], code, -1)
    parts.append(Counted(of, made.place[which], weight * held[row, code], alone))
    return together(*parts)


def on_arcs(names: Columns, arcs: Iterable[int], measures: Sequence[Gauge]) -> Counted:
    """Return what arcs carry, each by its measure."""
    codes, feed, element, product = names.codes, names.feed_by_arc, names.element, names.product
    wanted = ints(list(arcs))
    of, at = joined(wanted, feed.arc)
    weight = _weights(measures, of, codes.feeds, feed.thing[at], lambda measure: measure.of_feed)
    feeds = Counted(of, feed.place[at], weight, _none(of))
    of, at = joined(wanted, element.arc)
    weight = _weights(
        measures, of, codes.elements, element.thing[at], lambda measure: measure.of_element
    )
    alone = np.where(_by_element(measures)[of], element.thing[at], -1)
    elements = Counted(of, element.place[at], weight, alone)
    of, at = joined(wanted, product.arc)
    weight = _weights(
        measures, of, codes.products, product.thing[at], lambda measure: measure.of_product
    )
    return together(feeds, elements, Counted(of, product.place[at], weight, _none(of)))


def on_links(
    names: Columns,
    links: Sequence[tuple[Edge | Rule, Sequence[int]]],
    weigh: Callable[[str, str | None, str], Gauge],
) -> Counted:
    """Return what links and corridors, each with its arcs, carry; `weigh` measures a unit."""
    frame, weigh = names.codes.scope.frame, cache(weigh)
    of, arcs, measures = [], [], []
    for number, (link, places) in enumerate(links):
        for index in places:
            sender = frame.nodes.get(frame.arcs[index].tail)
            of.append(number)
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
    counted = on_arcs(names, arcs.tolist(), [measures[number] for number in which.tolist()])
    counted = counted._replace(of=which[counted.of])
    own = product.place[codes.makes[product.tail, product.thing]]
    return counted.only(at_input[counted.of] | ~np.isin(counted.place, own))


def _made(names: Columns, vertex: Ints, measures: Sequence[Gauge]) -> Counted:
    """Return what plants make: as it is mixed, unless products are counted."""
    codes, made, mix = names.codes, names.made, names.mix
    of, grade = joined(vertex, made.vertex)
    is_whole = _by_element(measures)[of] | ~codes.grades.is_mixed[grade]
    rows, whole = of[is_whole], grade[is_whole]
    weight = _weights(
        measures, rows, codes.products, made.thing[whole], lambda measure: measure.of_product
    )
    products = Counted(rows, made.place[whole], weight, _none(rows))
    which, at = joined(grade[~is_whole], mix.grade)
    rows = of[~is_whole][which]
    weight = _weights(
        measures, rows, codes.elements, mix.element[at], lambda measure: measure.of_element
    )
    return together(products, Counted(rows, mix.place[at], weight, _none(rows)))


# -- weights ---------------------------------------------------------------------------------


def _by_element(measures: Sequence[Gauge]) -> Bools:
    """Whether each of some measures binds separate elements one by one."""
    return np.array([measure.is_by_element for measure in measures], dtype=bool)


def _weights(
    measures: Sequence[Gauge],
    of: Ints,
    things: Sequence[_Thing],
    thing: Ints,
    weigh: Callable[[Gauge], Callable[[_Thing], float]],
) -> Floats:
    """Return what a tonne of each thing takes of the measure it counts by, each weighed once."""
    same: dict[int, int] = {}
    first = ints([same.setdefault(id(measure), number) for number, measure in enumerate(measures)])
    pairs, which = np.unique(first[of] * len(things) + thing, return_inverse=True)
    weights = [
        weigh(measures[pair // len(things)])(things[pair % len(things)]) for pair in pairs.tolist()
    ]
    return np.array(weights, dtype=np.float64)[which]


def _none(of: Ints) -> Ints:
    return np.full_like(of, -1)


def together(*parts: Counted) -> Counted:
    """Return several lists of variables that count as one, in their order."""
    of, column, weight, element = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return Counted(of, column, weight, element)
