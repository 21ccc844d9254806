"""Figures of tables and published figures, as linear expressions of a balance's variables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from supplynet.analysis.arrays.feeds import Feed
from supplynet.analysis.arrays.restrict import are_alike
from supplynet.analysis.arrays.skeleton import link_label
from supplynet.analysis.balance.limits import Measure, handled, measure, on_links
from supplynet.analysis.balance.recipes import contents_of
from supplynet.analysis.balance.tables import describe
from supplynet.analysis.calibrate.rows import FitRow, Observation
from supplynet.analysis.proofs import Sum
from supplynet.errors import TableError
from supplynet.network.demand import find_value, value_rows
from supplynet.network.schema import Edge, Production, Rule, Target
from supplynet.network.selector import select
from supplynet.network.units import elements_of, find_unit
from supplynet.sums import added
from supplynet.terms import CONFIDENCES

if TYPE_CHECKING:
    from supplynet.analysis.balance.model import Model
    from supplynet.analysis.balance.scope import Scope
    from supplynet.arrays import Floats
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Node, UnitValue


class Crossing(NamedTuple):
    """An arc on which it is known who sends to whom, each by a node that is like the others."""

    place: int
    sender: str
    receiver: str


class TargetLines(NamedTuple):
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
    net, used = read.model.scope.net, dict[int, Any]()

    def counted(target: Target, source: str, receivers: str) -> Sum:
        makers = select(net, source).surely
        if not target.target:
            return _output(read, target, makers)
        return _moved(read, target, makers, select(net, receivers).surely, used)

    of_part = target.source, target.target
    portion, total, by_weight = counted(target, *of_part), Sum({}, 1.0), None
    if target.kind == "share":
        of_whole = target.of_source, target.of_target or target.target
        total = Sum(counted(target, *of_whole).terms, target.of_more)
        if target.target and target.values is not None:
            plain = target.model_copy(update={"values": None})
            by_weight = counted(plain, *of_part), counted(plain, *of_whole)
    return TargetLines(portion, total, by_weight, tuple(used.values()))


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
    scope = read.model.scope
    terms, constant = dict[int, float](), 0.0
    for label in sorted(makers & scope.frame.nodes.keys()):
        if scope.is_nation(label):
            continue
        scale = _scale(scope, target, scope.frame.nodes[label].product)
        if scope.is_origin(label) and target.form is None:
            sent = sent_by(read.model, label, scale.of_mined(label))
            terms |= sent.terms
            constant += sent.constant
            continue
        for index in scope.frame.arcs_out.get(label, ()):
            arc = scope.frame.arcs[index]
            if not arc.is_scrap and target.form in (None, arc.form):
                terms |= dict(on_arc(read, index, label, target))
        for element in scope.elements if target.form is None else ():
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
    scope, terms = model.scope, dict[tuple[str, str], dict[int, float]]()
    for column, key in model.columns.of("lost"):
        label, feed = cast("tuple[str, Feed]", key)
        for element in scope.net.commodity.headline:
            terms.setdefault((label, element), {})[column] = scope.share(feed, element)
    for column, key in model.columns.of("surplus"):
        label, element = cast("tuple[str, str]", key)
        if element in scope.net.commodity.headline:
            terms.setdefault((label, element), {})[column] = 1.0
    return {key: Sum(line) for key, line in terms.items()}


def on_arc(read: Reader, position: int, sender: str, target: Target) -> Iterator[tuple[int, float]]:
    """Yield column and weight of what an arc carries, in a target's unit."""
    scope = read.model.scope
    node = scope.frame.nodes.get(sender)
    scale = _scale(scope, target, node.product if node else None, scope.frame.arcs[position].form)
    counted: dict[str, Callable[[Any], float]] = {
        "feed": scale.of_feed,
        "element": scale.of_element,
        "product": scale.of_product,
    }
    for column, kind, code in read.by_arc[position]:
        if weight := counted[kind](code):
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
        bounds = [frame.arcs[index].head for index in frame.arcs_out.get(hub, ())]
        if tails and bounds:
            reads_head = are_alike(tails, senders)
            heads[hub] = (tails[0] if reads_head else bounds[0], reads_head)
    for index, arc in enumerate(frame.arcs):
        if arc.tail in frame.nodes and arc.head in frame.nodes:
            yield Crossing(index, arc.tail, arc.head)
        elif arc.tail in heads and heads[arc.tail][1]:
            yield Crossing(index, heads[arc.tail][0], arc.head)
        elif arc.head in heads and not heads[arc.head][1]:
            yield Crossing(index, arc.tail, heads[arc.head][0])


def _scale(
    scope: Scope, target: Target, product: str | None, form: str | None = None
) -> Measure | _OfItems:
    """Return what a tonne of each thing counts in a target's unit, of its items or of all."""
    total = measure(scope, target.unit, product, form or target.form)
    return _OfItems(total, elements_of(scope.net, list(target.item))) if target.item else total


class _OfItems(NamedTuple):
    """What a tonne of each thing counts, by some elements in it."""

    whole: Measure
    items: list[str]

    def of_element(self, element: str) -> float:
        return self.whole.of_element(element) if element in self.items else 0.0

    def of_product(self, product: str) -> float:
        table = contents_of(self.whole.scope.net)
        texts = (element for element in self.whole.scope.elements if (product, element) in table)
        return sum(table[product, element] * self.of_element(element) for element in texts)

    def of_feed(self, feed: Feed) -> float:
        scope = self.whole.scope
        return sum(scope.share(feed, name) * self.of_element(name) for name in self.items)

    def of_mined(self, origin: str) -> float:
        scope, feed = self.whole.scope, Feed(origin)
        members = [name for name in self.items if scope.share(feed, name) > 0.0]
        return sum(
            scope.share(feed, text) / scope.recovery(origin, text) * self.of_element(text)
            for text in members
        )


#: a figure, what adds up with it, and what its unit is in the measure that they share
_Seen = tuple[Observation, tuple[object, ...], float]


def observations(model: Model) -> tuple[Observation, ...]:
    """Return every figure that the flows of a model are fitted to."""
    seen = [*_links(model), *_outputs(model), *_demands(model)]
    sums = added((key, factor * observation.observed) for observation, key, factor in seen)
    return tuple(replace(entry, whole=sums[key] / factor) for entry, key, factor in seen)


def seen_of(link: Edge | Rule) -> float:
    """What went on a link or corridor; 0 where it is not known."""
    return link.observed or 0.0


def _links(model: Model) -> Iterator[_Seen]:
    """Links and corridors of which it is known what went, with all that went to such countries."""
    scope, frame = model.scope, model.scope.frame
    seen: list[tuple[Any, tuple[str, ...], Sequence[int], Sequence[int], dict[str, Any]]] = [
        (arc.link, link_label(arc), (n,), (n,), {"source": arc.tail, "target": arc.head})
        for n, arc in enumerate(frame.arcs)
        if arc.is_bound_here and seen_of(arc.link)
    ]
    seen += [
        (
            rule,
            ("rule", rule.id),
            frame.arcs_in.get(hub, ()),
            frame.arcs_out[hub],
            {"rule": rule.id},
        )
        for hub, rule in frame.hubs.items()
        if seen_of(rule) and frame.arcs_out.get(hub)
    ]
    links = [(link, into) for link, _, into, _, _ in seen]
    carried = on_links(model.columns, links, partial(measure, scope)).terms(len(seen))
    for (link, label, _, out, bounds), terms in zip(seen, carried, strict=True):
        if terms:
            what = "corridor" if "rule" in bounds else "link"
            stated = seen_of(link), link.unit, link.confidence, link.note
            name = describe(scope, label).name
            countries = frozenset(frame.nodes[frame.arcs[n].head].country for n in out)
            unit = find_unit(scope.net, link.unit)
            key = ("moved", link.form, countries, unit.measures, unit.product)
            observation = Observation(what, name, Sum(terms), *stated, form=link.form, **bounds)
            yield observation, key, unit.factor


def _outputs(model: Model) -> Iterator[_Seen]:
    """What the table production says of plants in the year, with all that their stage made."""
    scope = model.scope
    for row in cast("tuple[Production, ...]", scope.net.rows("production")):
        node = scope.frame.nodes.get(row.node_id)
        if row.year != scope.year or node is None:
            continue
        line, unit = _made(model, node, row.unit), find_unit(scope.net, row.unit)
        if line.terms:
            stated = row.production, row.unit, row.confidence, row.note
            key = ("output", node.stage, unit.measures, unit.product)
            yield Observation("output", node.name, line, *stated, source=node.id), key, unit.factor


def _made(model: Model, node: Node, unit: str) -> Sum:
    """What a plant makes, counted where its capacity is; of an origin what it sends or stocks."""
    scope = model.scope
    weights = measure(scope, unit, node.product, None)
    if scope.is_origin(node.id):
        return sent_by(model, node.id, weights.of_mined(node.id))
    return Sum(handled(model.columns, [node], [weights]).terms(1)[0])


def _demands(model: Model) -> Iterator[_Seen]:
    """What nations ask for by form, in tonnes of product; as sure as its least sure row."""
    scope = model.scope
    net, products = scope.net, {product for _, product in scope.demand}
    sums: dict[tuple[str, str], tuple[dict[int, float], list[float]]] = {}
    for (nation, product), needed in scope.demand.items():
        terms, amounts = sums.setdefault((nation, net.product_by_id[product].form), ({}, []))
        terms[model.columns.at("served", nation, product)] = 1.0
        amounts.append(needed)
    for (nation, form), (terms, amounts) in sums.items():
        name = f"{net.node(nation).name} ({net.form_by_name[form].title})"
        marks = (
            row.confidence
            for row in net.demand_rows
            if row.nation == nation and row.role == "final" and row.product in products
        )
        stated = Sum(terms), sum(amounts), "", max(marks, key=CONFIDENCES.rank)
        yield Observation("demand", name, *stated, target=nation, form=form), (nation, form), 1.0


#: how far a figure may lie outside its tolerance and still be within it, in tolerances
_EDGE = 1e-6


#: columns that a target has, too
_OF_TARGET = [column.name for column in FitRow.COLUMNS if column.name in Target.model_fields]


def fit_row(target: Target, model: float | None, by_weight: float | None = None) -> FitRow:
    """Return a published figure beside what the model says."""
    low, high = target.value_low, target.value_high
    edge = _EDGE * max(high - low, 1e-6 * max(1.0, high))
    return FitRow(
        **{name: getattr(target, name) for name in _OF_TARGET},
        reading="weight" if target.values is None else "value",
        published=target.value,
        low=low,
        high=high,
        model=model,
        by_weight=by_weight,
        difference=None if model is None else model - target.value,
        is_within=model is not None and low - edge <= model <= high + edge,
    )


def target_fit(target: Target, lines: TargetLines, x: Floats) -> FitRow:
    """Return a target against the flows of a year."""
    pairs = (lines.part, lines.whole), lines.by_weight
    return fit_row(target, *(pair and _ratio(pair[0].at(x), pair[1].at(x)) for pair in pairs))


def _ratio(share: float, total: float) -> float | None:
    return share / total if total > 0.0 else None


def production_fit(net: SupplyNetwork, target: Target) -> FitRow:
    """Return a target against the table production of its own year."""
    share = _produced(net, target, target.source)
    if target.kind == "quantity":
        return fit_row(target, share)
    return fit_row(target, _ratio(share, _produced(net, target, target.of_source) + target.of_more))


def _produced(net: SupplyNetwork, target: Target, makers: str) -> float:
    """Tonnes that the table says some plants made, in a target's unit."""
    names, unit = select(net, makers).surely, find_unit(net, target.unit)
    total = 0.0
    for row in cast("tuple[Production, ...]", net.rows("production")):
        if row.node_id not in names or row.year != target.year:
            continue
        own = find_unit(net, row.unit)
        if (own.measures, own.product) != (unit.measures, unit.product):
            raise TableError(
                f"target {target.id} counts {unit.name!r}, and the production of {row.node_id} in "
                f"{row.year} is given in {own.name!r}, which measures something else",
                hint="narrow the target's selector to one stage, or use units of one kind",
            )
        total += row.production * own.factor / unit.factor
    return total
