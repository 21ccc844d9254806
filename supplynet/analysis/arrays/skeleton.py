"""Which links are there in a year, and which ores can reach which plant: before any element.

Every arc that a network can ever have is made once, whatever the year, then picked from. The
skeleton depends on the year, the floors of links and plants and the closed nodes only, so that
every element and every end of a range can share it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, cast

from supplynet.analysis.arrays.feeds import Feed, feed_after
from supplynet.network.cache import cache_of, kept
from supplynet.network.rules import Corridor, corridors
from supplynet.network.schema import Edge, Node, Rule
from supplynet.network.tiers import DEFAULT, counts
from supplynet.network.timeline import holds, runs
from supplynet.terms import COUNTED, STANDINGS

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


_FIRST, _LAST = 0, 9999


class Arc(NamedTuple):
    """One arc of the skeleton."""

    #: tail, head: labels of vertices: node ids, or ``rule:<id>`` for the hub of a corridor
    tail: str
    head: str
    form: str
    is_separated: bool  #: whether the form is one of separated elements
    link: Edge | Rule  #: the row that the arc comes from
    rank: int  #: place of its standing in ``STANDINGS``, weakened by plants that are not built yet
    is_bound_here: bool  #: whether the link's own capacity limits this arc
    is_scrap: bool = False  #: whether the form is new scrap on its way back
    #: standing and years, where several rows tell the same link at once; the toll that what leaves
    #: its plants belongs to; else empty
    contract: str = ""
    toll: str = ""  #: id of the toll that it enters or leaves a plant for; else empty


def link_label(arc: Arc) -> tuple[str, ...]:
    """Return what names the named link of an arc: ends, form, and contract where there are more.

    Examples
    --------
    >>> import supplynet as sn
    >>> arc, _, _ = arcs_of(sn.load("tutorial"))[0]
    >>> link_label(arc)
    ('link', 'mine-big', 'ref-big', 'ore', '')
    """
    return "link", arc.tail, arc.head, arc.form, arc.contract


def contract_of(edge: Edge) -> str:
    """Return standing and years of a row, which tell it from others of the same link.

    Examples
    --------
    >>> import supplynet as sn
    >>> contract_of(sn.load("tutorial").edge_rows[0].model_copy(update={"start_year": 2026}))
    'observed 2026-'
    """
    years = f" {edge.start_year or ''}-{edge.end_year or ''}"
    return edge.standing + ("" if years == " -" else years)


def hub_of(rule: Rule) -> str:
    """Return the label of a corridor's hub."""
    return f"rule:{rule.id}"


def has_hub(net: SupplyNetwork, rule: Rule) -> bool:
    """Whether a rule's arcs run through a hub.

    Only the pairs of a corridor of ore are distinguished, where no tonnage is known of it as a
    whole, neither a limit nor what went: what may flow on each depends on the ore that comes.
    """
    has_tonnage = rule.capacity is not None or rule.observed is not None
    return has_tonnage or net.form_by_name[rule.form].is_separated


@kept("hubs")
def hubs_of(net: SupplyNetwork) -> Mapping[str, Rule]:
    """Return the rules that have a hub, by its label."""
    return {hub_of(rule): rule for rule in net.rule_rows if has_hub(net, rule)}


@kept("arcs")
def arcs_of(net: SupplyNetwork) -> tuple[tuple[Arc, int, int], ...]:
    """Return every arc with the first and the last year in which its link holds."""
    return tuple(
        (
            arc,
            _FIRST if arc.link.start_year is None else arc.link.start_year,
            _LAST if arc.link.end_year is None else arc.link.end_year,
        )
        for arc in _all_arcs(net)
    )


def _all_arcs(net: SupplyNetwork) -> Iterator[Arc]:
    """Arcs of named links, then of rules, between nodes that may run at all."""
    ranks = {
        node.id: STANDINGS.rank(COUNTED[node.status].standing)
        for node in net.node_rows
        if node.status in COUNTED
    }
    parallel, own = _parallel(net), {name: STANDINGS.rank(name) for name in STANDINGS}
    forms = {name: (form.is_separated, form.is_scrap) for name, form in net.form_by_name.items()}
    for edge in net.edge_rows:
        tail, head, form = edge.source, edge.target, edge.form
        if tail in ranks and head in ranks:
            rank = max(own[edge.standing], ranks[tail], ranks[head])
            is_separated, is_scrap = forms[form]
            contract = contract_of(edge) if (tail, head, form) in parallel else ""
            yield Arc(tail, head, form, is_separated, edge, rank, True, is_scrap, contract)
    for corridor in corridors(net):
        yield from _corridor_arcs(net, corridor, ranks)


def _parallel(net: SupplyNetwork) -> frozenset[tuple[str, str, str]]:
    """Return the links that several rows tell for the same year."""
    rows = net.edge_rows
    if len({(edge.source, edge.target, edge.form) for edge in rows}) == len(rows):
        return frozenset()
    last: dict[tuple[str, str, str], int] = {}
    doubled = set()
    for edge in sorted(rows, key=lambda row: row.start_year or _FIRST):
        link = edge.source, edge.target, edge.form
        end = _LAST if edge.end_year is None else edge.end_year
        if (edge.start_year or _FIRST) <= last.get(link, _FIRST - 1):
            doubled.add(link)
        last[link] = max(end, last.get(link, end))
    return frozenset(doubled)


def _corridor_arcs(
    net: SupplyNetwork, corridor: Corridor, ranks: Mapping[str, int]
) -> Iterator[Arc]:
    """A rule's arcs: through a hub, or pair by pair where the ore must be distinguished."""
    rule = corridor.rule
    own = STANDINGS.rank(rule.standing)
    sources = [source for source in corridor.sources if source in ranks]
    targets = [target for target in corridor.targets if target in ranks]
    carried = (rule.form, net.form_by_name[rule.form].is_separated, rule)
    if has_hub(net, rule):
        hub, is_scrap = hub_of(rule), net.form_by_name[rule.form].is_scrap
        for tail in sources:
            yield Arc(tail, hub, *carried, max(own, ranks[tail]), False, is_scrap)
        if rule.toll_form is not None:
            yield from _toll_arcs(net, corridor, ranks)
            return
        for tail in targets:
            yield Arc(hub, tail, *carried, max(own, ranks[tail]), False, is_scrap)
        return
    for source in sources:
        for target in targets:
            if source != target:
                rank = max(own, ranks[source], ranks[target])
                yield Arc(source, target, *carried, rank, False)


def _toll_arcs(net: SupplyNetwork, corridor: Corridor, ranks: Mapping[str, int]) -> Iterator[Arc]:
    """The arcs of a toll from its hub to its plants, and from these to who receives."""
    rule = corridor.rule
    own = STANDINGS.rank(rule.standing)
    after = str(rule.toll_form)
    sent = (rule.form, net.form_by_name[rule.form].is_separated, rule)
    given_back = (after, net.form_by_name[after].is_separated, rule)
    for plant in (label for label in corridor.tollers if label in ranks):
        rank = max(own, ranks[plant])
        yield Arc(hub_of(rule), plant, *sent, rank, False, toll=rule.id)
        for target in (label for label in corridor.targets if label in ranks and label != plant):
            bounds = (plant, target, *given_back, max(rank, ranks[target]), False)
            yield Arc(*bounds, contract=rule.id, toll=rule.id)


@dataclass(frozen=True)
class Skeleton:
    """Open nodes, arcs and feeds of one year, floors of links and plants, and closed nodes."""

    plants: str  #: furthest from running that a plant or an expansion may be
    nodes: Mapping[str, Node]
    arcs: tuple[Arc, ...]
    hubs: Mapping[str, Rule]
    #: feeds that can enter each vertex in unseparated form, and those that can leave it so
    feeds: Mapping[str, frozenset[Feed]]
    leaving: Mapping[str, frozenset[Feed]]
    #: vertices that send into each corridor with a capacity, one of each kind: a tonne of one
    #: product holds the same whoever sends it, but for origins, whose ore keeps some back
    senders: Mapping[str, tuple[str, ...]]
    arcs_out: Mapping[str, tuple[int, ...]] = field(repr=False)
    arcs_in: Mapping[str, tuple[int, ...]] = field(repr=False)

    @cached_property
    def separated_from(self) -> Mapping[str, tuple[str, ...]]:
        """Vertices that send a separated form to each vertex, new scrap left out."""
        by_head: dict[str, dict[str, None]] = defaultdict(dict)
        for arc in self.arcs:
            if arc.is_separated and not arc.is_scrap:
                by_head[arc.head][arc.tail] = None
        return {label: tuple(tails) for label, tails in by_head.items()}

    @cached_property
    def heads_by_form(self) -> Mapping[str, frozenset[str]]:
        """Vertices at which each form may arrive."""
        heads: dict[str, set[str]] = defaultdict(set)
        for arc in self.arcs:
            heads[arc.form].add(arc.head)
        return {form: frozenset(labels) for form, labels in heads.items()}

    @cached_property
    def tolled(self) -> Mapping[int, int]:
        """Place of the arc that brings a toll to its plant, by that of each that takes it away."""
        into = {
            (arc.toll, arc.head): index
            for index, arc in enumerate(self.arcs)
            if arc.toll and arc.tail in self.hubs
        }
        return {
            index: into[arc.toll, arc.tail]
            for index, arc in enumerate(self.arcs)
            if arc.toll and arc.tail in self.nodes
        }

    @cached_property
    def limited(self) -> Mapping[tuple[str, str, str], tuple[Arc, ...]]:
        """Arcs that their own links limit, by both ends and form."""
        by_ends: dict[tuple[str, str, str], list[Arc]] = defaultdict(list)
        for arc in self.arcs:
            if arc.is_bound_here:
                by_ends[arc.tail, arc.head, arc.form].append(arc)
        return {bounds: tuple(arcs) for bounds, arcs in by_ends.items()}

    @cached_property
    def from_below(self) -> Mapping[str, int]:
        """Place of every vertex in an order in which it stands behind those that it sends to.

        What is sent in a circle, such as scrap, breaks the order somewhere.
        """
        places: dict[str, int] = {}
        begun: set[str] = set()
        for start in (*self.nodes, *self.hubs):
            trail = [] if start in begun else [(start, iter(self.arcs_out.get(start, ())))]
            begun.add(start)
            while trail:
                label, onward = trail[-1]
                head = next((self.arcs[index].head for index in onward), None)
                if head is None:
                    places[label] = len(places)
                    trail.pop()
                elif head not in begun:
                    begun.add(head)
                    trail.append((head, iter(self.arcs_out.get(head, ()))))
        return places


def skeleton(
    net: SupplyNetwork,
    *,
    year: int,
    links: str,
    plants: str = DEFAULT.plants,
    closed: frozenset[str] = frozenset(),
    coming: frozenset[tuple[str, Feed]] = frozenset(),
) -> Skeleton:
    """Return the skeleton of a network, from its cache where it was asked for before.

    `links` is the weakest standing of links that may still be used, `plants` the furthest from
    running that a plant may be; `closed` nodes are shut whatever their state. Feeds that are
    `coming` to a plant left before, and arrive even if nobody can send them any more.
    """
    key = ("skeleton", year, links, plants, closed)
    if key not in cache_of(net):
        cache_of(net)[key] = _build(net, year, STANDINGS.rank(links), plants, closed)
    names: Skeleton = cache_of(net)[key]
    further = frozenset(
        (label, feed)
        for label, feed in coming
        if label in names.nodes and feed not in names.feeds.get(label, frozenset())
    )
    if not further:
        return names
    if (*key, further) not in cache_of(net):
        feeds, leaving = _feeds(net, names.nodes, names.arcs, names.arcs_out, further)
        cache_of(net)[*key, further] = replace(names, feeds=feeds, leaving=leaving)
    wider: Skeleton = cache_of(net)[*key, further]
    return wider


def like(
    net: SupplyNetwork,
    before: SupplyNetwork,
    *,
    year: int,
    links: str,
    plants: str = DEFAULT.plants,
    closed: frozenset[str] = frozenset(),
) -> Skeleton:
    """Return the skeleton of a network that differs from another in figures alone.

    It is that of the other, with rows of its own, and is kept for whoever asks for it by
    :func:`skeleton`. Both have the same plants, links and corridors in the same order.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> other = net.replace(edges=[row.model_copy() for row in net.edge_rows])
    >>> words = {"year": 2024, "links": "possible"}
    >>> frame = like(other, net, **words)
    >>> frame.nodes == skeleton(net, **words).nodes, frame is skeleton(other, **words)
    (True, True)
    """
    frame = skeleton(before, year=year, links=links, plants=plants, closed=closed)
    selection = with_rows(frame, before, net)
    cache_of(net)["skeleton", year, links, plants, closed] = selection
    return selection


def with_rows(frame: Skeleton, old: SupplyNetwork, net: SupplyNetwork) -> Skeleton:
    """Return a skeleton with the rows of links and corridors of another graph."""
    edges = zip(old.edge_rows, net.edge_rows, strict=True)
    rules = zip(old.rule_rows, net.rule_rows, strict=True)
    changed: dict[int, Edge | Rule] = {id(a): b for a, b in edges if a is not b}
    changed |= {id(a): b for a, b in rules if a is not b}
    if not changed:
        return frame
    arcs = tuple(
        arc._replace(link=changed[id(arc.link)]) if id(arc.link) in changed else arc
        for arc in frame.arcs
    )
    hubs = {hub: cast("Rule", changed.get(id(rule), rule)) for hub, rule in frame.hubs.items()}
    selection = replace(frame, arcs=arcs, hubs=hubs)
    # ends and forms are the same
    vars(selection).update(separated_from=frame.separated_from, from_below=frame.from_below)
    return selection


def _build(
    net: SupplyNetwork,
    year: int,
    floor: int,
    plants: str,
    closed: frozenset[str],
) -> Skeleton:
    nodes = {
        node.id: node
        for node in net.node_rows
        if node.id not in closed and counts(node.status, plants) and runs(node, year)
    }
    hubs = {
        hub: rule
        for hub, rule in hubs_of(net).items()
        if holds(rule, year) and STANDINGS.rank(rule.standing) <= floor
    }
    open_ends = {*nodes, *hubs}
    arcs = tuple(
        arc
        for arc in _arcs_in_force(net, year)
        if arc.rank <= floor and arc.tail in open_ends and arc.head in open_ends
    )
    arcs_out, arcs_in = _incidence(arcs)
    feeds, leaving = _feeds(net, nodes, arcs, arcs_out)
    senders = {
        hub: _kinds(net, nodes, [arcs[index].tail for index in arcs_in.get(hub, ())])
        for hub, rule in hubs.items()
        if rule.capacity is not None
    }
    return Skeleton(plants, nodes, arcs, hubs, feeds, leaving, senders, arcs_out, arcs_in)


def _kinds(net: SupplyNetwork, nodes: Mapping[str, Node], labels: list[str]) -> tuple[str, ...]:
    """Return one vertex of each kind: of a product and, where ore comes from it, itself."""
    kinds: dict[tuple[str | None, str | None], str] = {}
    for label in labels:
        node = nodes.get(label)
        is_origin = node is not None and net.stage_by_name[node.stage].is_origin
        kinds[node.product if node else None, label if is_origin else None] = label
    return tuple(kinds.values())


@kept("arcs in force")
def _arcs_in_force(net: SupplyNetwork, year: int) -> tuple[Arc, ...]:
    """Return the arcs of the links that hold in a year."""
    return tuple(arc for arc, start, end in arcs_of(net) if start <= year <= end)


def _incidence(
    arcs: Sequence[Arc],
) -> tuple[dict[str, tuple[int, ...]], dict[str, tuple[int, ...]]]:
    outgoing: dict[str, list[int]] = defaultdict(list)
    incoming: dict[str, list[int]] = defaultdict(list)
    for index, arc in enumerate(arcs):
        outgoing[arc.tail].append(index)
        incoming[arc.head].append(index)
    return (
        {label: tuple(places) for label, places in outgoing.items()},
        {label: tuple(places) for label, places in incoming.items()},
    )


def feeds_out(
    net: SupplyNetwork, nodes: Mapping[str, Node], label: str, feeds: frozenset[Feed]
) -> frozenset[Feed]:
    """Return what leaves a vertex unseparated: what it leaves of each of its feeds."""
    node = nodes.get(label)
    if node is None:  # a hub
        return feeds
    if net.stage_by_name[node.stage].is_origin:
        feeds = feeds | {Feed(label)}
    # the same in every year and at every tier: what arrives at a plant says what leaves it
    values: dict[tuple[str, Feed], Feed] = cache_of(net).setdefault("feeds after", {})
    after = []
    for feed in feeds:
        key = label, feed
        if key not in values:
            values[key] = feed_after(net, node, feed)
        after.append(values[key])
    return frozenset(after)


def _feeds(
    net: SupplyNetwork,
    nodes: Mapping[str, Node],
    arcs: Sequence[Arc],
    arcs_out: Mapping[str, tuple[int, ...]],
    coming: Collection[tuple[str, Feed]] = (),
) -> tuple[dict[str, frozenset[Feed]], dict[str, frozenset[Feed]]]:
    """Spread the baskets of the origins along unseparated forms until nothing is new.

    So are those that are `coming` to a vertex from nobody that is there.

    Returned are what can enter each vertex, and what can leave it.
    """
    feeds: dict[str, frozenset[Feed]] = defaultdict(frozenset)
    leaving: dict[str, frozenset[Feed]] = {}
    waiting = [
        node_id for node_id, node in nodes.items() if net.stage_by_name[node.stage].is_origin
    ]
    for label, feed in coming:
        feeds[label] |= {feed}
        waiting.append(label)
    while waiting:
        label = waiting.pop()
        leaves = leaving[label] = feeds_out(net, nodes, label, feeds[label])
        for index in arcs_out.get(label, ()):
            arc = arcs[index]
            if not arc.is_separated and not leaves <= feeds[arc.head]:
                feeds[arc.head] |= leaves
                waiting.append(arc.head)
    return dict(feeds), leaving
