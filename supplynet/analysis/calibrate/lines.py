"""Published figures as linear expressions of a balance's variables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, cast

from supplynet.analysis.arrays.feeds import Feed
from supplynet.analysis.arrays.restrict import are_alike
from supplynet.analysis.balance.counted import Measure, measure
from supplynet.analysis.balance.recipes import contents_of
from supplynet.analysis.composed import Sum
from supplynet.network.demand import find_value, value_rows
from supplynet.network.selector import select
from supplynet.network.units import elements_of

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.scope import Scope
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Production, Target, UnitValue


class Crossing(NamedTuple):
    """An arc on which it is known who sends to whom, each by a node that is like the others."""

    place: int
    sender: str
    receiver: str


@dataclass(frozen=True, slots=True)
class TargetLines:
    """A target as expressions: of a share the part and the whole, else the quantity and 1."""

    #: part, whole: in the target's unit, or in US dollars where it is a value
    part: Sum
    whole: Sum
    #: part and whole by weight, of a value; what the whole holds beside is not in it
    by_weight: tuple[Sum, Sum] | None = None
    used: tuple[UnitValue, ...] = ()  #: rows that turned weight to value


@dataclass(frozen=True)
class Reader:
    """A model with its variables by the arc that they move on."""

    model: Model
    #: column, kind and thing
    by_arc: tuple[list[tuple[int, str, str | Feed]], ...] = field(repr=False)


def reader(model: Model) -> Reader:
    """Return the reader of a model."""
    by_arc: list[list[tuple[int, str, str | Feed]]] = [[] for _ in model.scope.frame.arcs]
    for column, (kind, key) in enumerate(model.columns.keys):
        if kind in ("feed", "element", "product"):
            by_arc[cast("int", key[0])].append((column, kind, cast("str | Feed", key[1])))
    return Reader(model, tuple(by_arc))


def sets_of(
    net: SupplyNetwork, target: Target
) -> tuple[list[frozenset[str]], list[frozenset[str]]]:
    """Return the sets of senders and of receivers that a target with receivers distinguishes."""
    rows = value_rows(net, target.values or "")
    senders = [target.source, target.of_source or target.source, *(row.source for row in rows)]
    receivers = [target.target, target.of_target or target.target, *(row.target for row in rows)]
    return (
        [select(net, text).surely for text in dict.fromkeys(senders)],
        [select(net, text).surely for text in dict.fromkeys(receivers)],
    )


def target_lines(read: Reader, target: Target) -> TargetLines:
    """Return a target as expressions of the variables of a model."""
    net = read.model.scope.net
    source = select(net, target.source).surely
    if not target.target:
        part = _output(read, target, source)
        if target.kind == "quantity":
            return TargetLines(part, Sum({}, 1.0))
        whole = _output(read, target, select(net, target.of_source).surely)
        return TargetLines(part, Sum(whole.terms, target.of_more))
    receivers = select(net, target.target).surely
    used: dict[int, UnitValue] = {}
    part = _moved(read, target, source, receivers, used)
    if target.kind == "quantity":
        return TargetLines(part, Sum({}, 1.0), None, tuple(used.values()))
    senders = select(net, target.of_source).surely
    others = select(net, target.of_target or target.target).surely
    whole = _moved(read, target, senders, others, used)
    by_weight = None
    if target.values is not None:
        plain = target.model_copy(update={"values": None})
        by_weight = (
            _moved(read, plain, source, receivers, {}),
            _moved(read, plain, senders, others, {}),
        )
    return TargetLines(part, Sum(whole.terms, target.of_more), by_weight, tuple(used.values()))


def _moved(
    read: Reader,
    target: Target,
    senders: frozenset[str],
    receivers: frozenset[str],
    used: dict[int, UnitValue],
) -> Sum:
    """What goes from some nodes to others."""
    net = read.model.scope.net
    terms: dict[int, float] = {}
    for crossing in crossings(read, sets_of(net, target)[0]):
        if crossing.sender not in senders or crossing.receiver not in receivers:
            continue
        arc = read.model.scope.frame.arcs[crossing.place]
        if arc.is_scrap or target.form not in (None, arc.form):
            continue
        worth = 1.0
        if target.values is not None:
            row = find_value(net, target, crossing.sender, crossing.receiver)
            used[id(row)] = row
            worth = row.worth
        for column, weight in on_arc(read, crossing.place, crossing.sender, target):
            terms[column] = terms.get(column, 0.0) + worth * weight
    return Sum(terms)


def _output(read: Reader, target: Target, makers: frozenset[str]) -> Sum:
    """What origins send on or stock, or what leaves plants and what they have left over.

    New scrap is no output.
    """
    given = read.model.scope
    terms, constant = dict[int, float](), 0.0
    for label in sorted(makers & given.frame.nodes.keys()):
        if given.is_nation(label):
            continue
        scale = _Scale(given, target, given.frame.nodes[label].product)
        if given.is_origin(label) and target.form is None:
            sent = sent_by(read.model, label, scale.of_mined(label))
            terms |= sent.terms
            constant += sent.constant
            continue
        for index in given.frame.arcs_out.get(label, ()):
            arc = given.frame.arcs[index]
            if not arc.is_scrap and target.form in (None, arc.form):
                terms |= dict(on_arc(read, index, label, target))
        for element in given.elements if target.form is None else ():
            place_left = read.model.columns.get("surplus", label, element)
            if place_left is not None and scale.of_element(element):
                terms[place_left] = scale.of_element(element)
    return Sum(terms, constant)


def sent_by(model: Model, origin: str, weight: float) -> Sum:
    """What an origin sends on of what it brings up, and what a row says that it stocked.

    `weight` is what a tonne of its basket counts. Ore that no link takes away was not seen to be
    dug: it counts as nothing.
    """
    lost = model.columns.get("lost", origin, Feed(origin))
    terms = {model.columns.at("mined", origin): weight} | ({} if lost is None else {lost: -weight})
    rows = cast("tuple[Production, ...]", model.scope.net.rows("production"))
    own = [row for row in rows if (row.node_id, row.year) == (origin, model.scope.year)]
    stocked = sum(
        row.stocked / measure(model.scope, row.unit, None, None).of_mined(origin)
        for row in own
        if row.stocked
    )
    return Sum(terms, stocked * weight)


def unplaced_lines(model: Model) -> dict[tuple[str, str], Sum]:
    """What each plant takes in or makes of the headline elements and sends nowhere."""
    given, terms = model.scope, dict[tuple[str, str], dict[int, float]]()
    for column, key in model.columns.of("lost"):
        label, feed = cast("tuple[str, Feed]", key)
        for element in given.net.commodity.headline:
            terms.setdefault((label, element), {})[column] = given.share(feed, element)
    for column, key in model.columns.of("surplus"):
        label, element = cast("tuple[str, str]", key)
        if element in given.net.commodity.headline:
            terms.setdefault((label, element), {})[column] = 1.0
    return {key: Sum(line) for key, line in terms.items()}


def on_arc(read: Reader, place: int, sender: str, target: Target) -> Iterator[tuple[int, float]]:
    """Yield column and weight of what an arc carries, in a target's unit."""
    given = read.model.scope
    node = given.frame.nodes.get(sender)
    scale = _Scale(given, target, node.product if node else None, given.frame.arcs[place].form)
    for column, kind, code in read.by_arc[place]:
        weight = scale.of(kind, code)
        if weight:
            yield column, weight


def crossings(read: Reader, senders: list[frozenset[str]]) -> Iterator[Crossing]:
    """Yield every link once, on the arc where both of its ends are known as far as sets go.

    A corridor is read where it arrives if its senders are alike to the sets, else where it is
    fed; a corridor where neither are alike was split before.
    """
    frame = read.model.scope.frame
    heads: dict[str, tuple[str, bool]] = {}
    for hub in frame.hubs:
        tails = [frame.arcs[index].tail for index in frame.arcs_in.get(hub, ())]
        ends = [frame.arcs[index].head for index in frame.arcs_out.get(hub, ())]
        if tails and ends:
            reads_head = are_alike(tails, senders)
            heads[hub] = (tails[0] if reads_head else ends[0], reads_head)
    for index, arc in enumerate(frame.arcs):
        if arc.tail in frame.nodes and arc.head in frame.nodes:
            yield Crossing(index, arc.tail, arc.head)
        elif arc.tail in heads and heads[arc.tail][1]:
            yield Crossing(index, heads[arc.tail][0], arc.head)
        elif arc.head in heads and not heads[arc.head][1]:
            yield Crossing(index, arc.tail, heads[arc.head][0])


class _Scale:
    """What a tonne of each thing counts in a target's unit, of its items or of all elements."""

    def __init__(
        self, given: Scope, target: Target, product: str | None, form: str | None = None
    ) -> None:
        self.given = given
        self.items = frozenset(elements_of(given.net, list(target.item))) if target.item else None
        self.measure: Measure = measure(given, target.unit, product, form or target.form)

    def of(self, kind: str, thing: str | Feed) -> float:
        """Weight of a variable on an arc."""
        if not isinstance(thing, str):
            return self.of_feed(thing)
        return self.of_element(thing) if kind == "element" else self.of_product(thing)

    def of_element(self, element: str) -> float:
        if self.items is not None and element not in self.items:
            return 0.0
        return self.measure.of_element(element)

    def of_product(self, product: str) -> float:
        if self.items is None:
            return self.measure.of_product(product)
        table = contents_of(self.given.net)
        held = (element for element in self.given.elements if (product, element) in table)
        return sum(table[product, element] * self.of_element(element) for element in held)

    def of_feed(self, feed: Feed) -> float:
        if self.items is None:
            return self.measure.of_feed(feed)
        return sum(
            self.given.share(feed, item_name) * self.of_element(item_name)
            for item_name in self.items
        )

    def of_mined(self, origin: str) -> float:
        if self.items is None:
            return self.measure.of_mined(origin)
        feed = Feed(origin)
        return sum(
            self.given.share(feed, item_name)
            / self.given.recovery(origin, item_name)
            * self.of_element(item_name)
            for item_name in self.items
            if self.given.share(feed, item_name) > 0.0
        )
