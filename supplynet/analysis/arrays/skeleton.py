"""Which links are there in a year, and which ores can reach which plant: before any element.

Every arc that a network can ever have is made once, whatever the year, then picked from. The
skeleton depends on the year, the floors of links and plants and the closed nodes only, so that
every element and every end of a range can share it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast, overload

import numpy as np

from supplynet.analysis.arrays.feeds import Feed, feed_after
from supplynet.network.cache import cache_of, kept
from supplynet.network.rules import Corridor, corridors
from supplynet.network.schema import Edge, Node, Rule, coded
from supplynet.network.tiers import DEFAULT, counts
from supplynet.network.timeline import holds, runs
from supplynet.terms import COUNTED, STANDINGS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from supplynet.arrays import Bools, Ints, Ints32
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
    >>> link_label(arcs_of(sn.load("tutorial"))[0])
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


@dataclass(frozen=True, eq=False, repr=False)
class _Whole:
    """Every arc of a network by columns, whatever the year; each has the shape (n_arcs,)."""

    edges: Sequence[Edge]
    rules: Sequence[Rule]
    labels: tuple[str, ...]  #: of vertices: nodes, then hubs
    forms: tuple[str, ...]
    contract: Mapping[int, str]
    toll: Mapping[int, str]
    #: tail, head: places in ``labels``
    tail: Ints32
    head: Ints32
    form: Ints32  #: place in ``forms``
    rank: Ints32
    link: Ints32  #: row of the named link, or that of the rule from behind: -1 for the first
    #: first, last: years in which the link holds
    first: Ints32
    last: Ints32
    is_separated: Bools
    is_scrap: Bools

    @cached_property
    def read(self) -> list[Arc | None]:
        """Arcs that were read."""
        return [None] * self.tail.size

    @cached_property
    def confidence(self) -> NDArray[Any]:
        """Confidence of the row of each arc."""
        names = [
            np.array([*values, ""], object)[codes]
            for codes, values in (coded(rows, "confidence") for rows in (self.edges, self.rules))
        ]
        return np.concatenate([names[0], names[1][::-1]])[self.link]

    def arc(self, at: int) -> Arc:
        """Return an arc, made when it is first read."""
        arc = self.read[at]
        if arc is None:
            link, form = int(self.link[at]), self.forms[self.form[at]]
            arc = self.read[at] = Arc(
                self.labels[self.tail[at]],
                self.labels[self.head[at]],
                form,
                bool(self.is_separated[at]),
                self.edges[link] if link >= 0 else self.rules[-1 - link],
                int(self.rank[at]),
                link >= 0,
                bool(self.is_scrap[at]),
                self.contract.get(at, ""),
                self.toll.get(at, ""),
            )
        return arc


class Arcs(Sequence[Arc]):
    """Some arcs of a network, each made when it is read; None where no link makes one."""

    def __init__(self, whole: _Whole, at: Ints) -> None:
        self.whole, self.at = whole, at  #: shape (n_arcs,), places in the whole, -1 for none

    def __len__(self) -> int:
        return self.at.size

    @overload
    def __getitem__(self, place: int) -> Arc: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Arc, ...]: ...
    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return tuple(self[index] for index in range(*place.indices(len(self))))
        at = int(self.at[place])
        return None if at < 0 else self.whole.arc(at)

    def __iter__(self) -> Iterator[Arc]:
        read, make = self.whole.read, self.whole.arc
        for at in self.at.tolist():
            yield cast("Arc", None) if at < 0 else read[at] or make(at)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def column(self, name: str) -> Any:
        """Return a column of the arcs, shape (n_arcs,)."""
        return getattr(self.whole, name)[self.at]

    def some(self, places: Ints) -> Arcs:
        """Return those at some places."""
        return Arcs(self.whole, self.at[places])


@kept("arcs")
def arcs_of(net: SupplyNetwork) -> Arcs:
    """Return the arcs of named links, then of rules, between nodes that may run at all."""
    ranks = {
        node.id: STANDINGS.rank(COUNTED[node.status].standing)
        for node in net.node_rows
        if node.status in COUNTED
    }
    labels = (*(node.id for node in net.node_rows), *map(hub_of, net.rule_rows))
    place = {label: count for count, label in enumerate(labels)}
    rank_at = np.array([ranks.get(label, -1) for label in labels], np.int64)
    named, contract = _named(net, place, rank_at)
    drawn = [arc for corridor in corridors(net) for arc in _corridor_arcs(net, corridor, ranks)]
    behind, n = {id(rule): -1 - at for at, rule in enumerate(net.rule_rows)}, named.shape[1]
    forms = list(net.form_by_name)
    assumed = [
        (
            place[arc.tail],
            place[arc.head],
            forms.index(arc.form),
            arc.rank,
            behind[id(arc.link)],
            _FIRST if arc.link.start_year is None else arc.link.start_year,
            _LAST if arc.link.end_year is None else arc.link.end_year,
            arc.is_separated,
            arc.is_scrap,
        )
        for arc in drawn
    ]
    columns = np.hstack([named, np.array(assumed, np.int32).reshape(-1, len(named)).T])
    whole = _Whole(
        net.edge_rows,
        net.rule_rows,
        labels,
        tuple(forms),
        contract | {at: arc.contract for at, arc in enumerate(drawn, n) if arc.contract},
        {at: arc.toll for at, arc in enumerate(drawn, n) if arc.toll},
        *columns[:-2],
        *columns[-2:].astype(bool),
    )
    return Arcs(whole, np.arange(columns.shape[1]))


def _named(
    net: SupplyNetwork, place: Mapping[str, int], rank_at: Ints
) -> tuple[Ints32, dict[int, str]]:
    """Return the columns of named links, and the contracts of those that several rows tell."""
    forms = {name: count for count, name in enumerate(net.form_by_name)}

    def column(name: str, of: Callable[[Any], int]) -> Ints32:
        codes, values = coded(net.edge_rows, name)
        return np.array([of(value) for value in values], np.int32)[codes]

    tail, head = column("source", place.__getitem__), column("target", place.__getitem__)
    form = column("form", forms.__getitem__)
    rank = np.maximum(rank_at[tail], rank_at[head])
    rank = np.maximum(column("standing", STANDINGS.rank), rank)
    years = (
        column("start_year", lambda year: _FIRST if year is None else year),
        column("end_year", lambda year: _LAST if year is None else year),
    )
    kinds = (
        column("form", lambda name: net.form_by_name[name].is_separated),
        column("form", lambda name: net.form_by_name[name].is_scrap),
    )
    link = np.arange(tail.size)
    own = np.flatnonzero((rank_at[tail] >= 0) & (rank_at[head] >= 0))
    columns = np.array([tail, head, form, rank, link, *years, *kinds], np.int32)[:, own]
    key = (columns[0] * np.int64(len(place)) + columns[1]) * len(forms) + columns[2]
    if np.diff(np.sort(key)).all():
        return columns, {}
    parallel, edges = _parallel(net), [net.edge_rows[at] for at in own.tolist()]
    return columns, {
        at: contract_of(edge)
        for at, edge in enumerate(edges)
        if (edge.source, edge.target, edge.form) in parallel
    }


def _parallel(net: SupplyNetwork) -> frozenset[tuple[str, str, str]]:
    """Return the links that several rows tell for the same year."""
    last: dict[tuple[str, str, str], int] = {}
    doubled = set()
    for edge in sorted(net.edge_rows, key=lambda row: row.start_year or _FIRST):
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
    arcs: Arcs
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
        return {form: frozenset(heads) for form, heads in self._ends("form", "head").items()}

    @cached_property
    def forms_out(self) -> Mapping[str, list[str]]:
        """Forms that may leave each vertex."""
        return self._ends("tail", "form")

    def _ends(self, *columns: str) -> dict[str, list[str]]:
        """Return, by the names in a column, those in another beside each."""
        whole, ends = self.arcs.whole, defaultdict[str, list[str]](list)
        names, others = (whole.forms if name == "form" else whole.labels for name in columns)
        first, second = (self.arcs.column(name).astype(np.int64) for name in columns)
        pairs = np.sort(first * len(others) + second)
        for pair in pairs[np.diff(pairs, prepend=-1) > 0].tolist():
            ends[names[pair // len(others)]].append(others[pair % len(others)])
        return ends

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
        names, heads = self.arcs.whole.labels, self.arcs.column("head").tolist()
        for start in (*self.nodes, *self.hubs):
            trail = [] if start in begun else [(start, iter(self.arcs_out.get(start, ())))]
            begun.add(start)
            while trail:
                label, onward = trail[-1]
                head = next((names[heads[index]] for index in onward), None)
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
        feeds, leaving = _feeds(net, names.nodes, names.arcs, further)
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
    changed = {id(a): b for pairs in (edges, rules) for a, b in pairs if a is not b}
    if not changed:
        return frame
    whole = replace(frame.arcs.whole, edges=net.edge_rows, rules=net.rule_rows)
    arcs = Arcs(whole, frame.arcs.at)
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
    arcs = arcs_of(net)
    whole, open_ends = arcs.whole, {*nodes, *hubs}
    is_open = np.array([label in open_ends for label in whole.labels], bool)
    in_force = (whole.first <= year) & (year <= whole.last) & (whole.rank <= floor)
    arcs = arcs.some(np.flatnonzero(in_force & is_open[whole.tail] & is_open[whole.head]))
    arcs_out, arcs_in = _incidence(arcs, "tail"), _incidence(arcs, "head")
    feeds, leaving = _feeds(net, nodes, arcs)
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


def _incidence(arcs: Arcs, end: str) -> dict[str, tuple[int, ...]]:
    """Return the places of arcs by the label at one end."""
    codes, labels = arcs.column(end), arcs.whole.labels
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    places = order.tolist()
    ends = zip(
        codes[order[starts]].tolist(), starts.tolist(), [*starts[1:].tolist(), None], strict=False
    )
    return {labels[code]: tuple(places[start:stop]) for code, start, stop in ends}


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
    arcs: Arcs,
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
    mixed = arcs.some(np.flatnonzero(~arcs.column("is_separated")))
    heads, arcs_out = mixed.column("head").tolist(), _incidence(mixed, "tail")
    while waiting:
        label = waiting.pop()
        leaves = leaving[label] = feeds_out(net, nodes, label, feeds[label])
        for head in (arcs.whole.labels[heads[index]] for index in arcs_out.get(label, ())):
            if not leaves <= feeds[head]:
                feeds[head] |= leaves
                waiting.append(head)
    return dict(feeds), leaving
