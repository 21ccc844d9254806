"""Every arc that a network can ever have, whatever the year: made once, then picked from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from supplynet.network.cache import cache_of
from supplynet.network.rules import Corridor, corridors
from supplynet.network.schema import Edge, Rule
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

    Only the pairs of a corridor of ore are told apart, where no tonnage is known of it as a
    whole, neither a limit nor what went: what may flow on each depends on the ore that comes.
    """
    has_tonnage = rule.capacity is not None or rule.observed is not None
    return has_tonnage or net.form_by_name[rule.form].is_separated


def hubs_of(net: SupplyNetwork) -> Mapping[str, Rule]:
    """Return the rules that have a hub, by its label."""
    if "hubs" not in cache_of(net):
        cache_of(net)["hubs"] = {hub_of(rule): rule for rule in net.rule_rows if has_hub(net, rule)}
    hubs: Mapping[str, Rule] = cache_of(net)["hubs"]
    return hubs


def arcs_of(net: SupplyNetwork) -> tuple[tuple[Arc, int, int], ...]:
    """Return every arc with the first and the last year in which its link holds."""
    if "arcs" not in cache_of(net):
        cache_of(net)["arcs"] = tuple(
            (
                arc,
                _FIRST if arc.link.start_year is None else arc.link.start_year,
                _LAST if arc.link.end_year is None else arc.link.end_year,
            )
            for arc in _all_arcs(net)
        )
    ranked_arcs: tuple[tuple[Arc, int, int], ...] = cache_of(net)["arcs"]
    return ranked_arcs


def _all_arcs(net: SupplyNetwork) -> Iterator[Arc]:
    """Arcs of named links, then of rules, between nodes that may run at all."""
    ranks = {
        node.id: STANDINGS.rank(COUNTED[node.status].standing)
        for node in net.node_rows
        if node.status in COUNTED
    }
    parallel = _parallel(net)
    for edge in net.edge_rows:
        if edge.source in ranks and edge.target in ranks:
            rank = max(STANDINGS.rank(edge.standing), ranks[edge.source], ranks[edge.target])
            form = net.form_by_name[edge.form]
            kind = (form.is_separated, edge, rank, True, form.is_scrap)
            is_one_of_several = (edge.source, edge.target, edge.form) in parallel
            contract = contract_of(edge) if is_one_of_several else ""
            yield Arc(edge.source, edge.target, edge.form, *kind, contract)
    for corridor in corridors(net):
        yield from _corridor_arcs(net, corridor, ranks)


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
    """A rule's arcs: through a hub, or pair by pair where the ore must be told apart."""
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
            ends = (plant, target, *given_back, max(rank, ranks[target]), False)
            yield Arc(*ends, contract=rule.id, toll=rule.id)
