"""Rows that name many links by selectors: corridors and restrictions; plants without an outlet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, cast

from supplynet.network.cache import kept
from supplynet.network.schema import Restriction, Rule
from supplynet.network.selector import select
from supplynet.network.tiers import Floors, counts
from supplynet.network.timeline import holds, runs
from supplynet.terms import COUNTED, STANDINGS, STATUSES

if TYPE_CHECKING:
    import pandas as pd

    from supplynet.network.network import SupplyNetwork


class Leg(NamedTuple):
    """One step of a corridor."""

    senders: tuple[str, ...]
    receivers: tuple[str, ...]
    form: str


@dataclass(frozen=True, slots=True)
class Corridor:
    """A rule with the nodes that its selectors name, in the order of the table nodes."""

    rule: Rule
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    tollers: tuple[str, ...] = ()

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Who sends to whom in which form: two legs of a toll, else one."""
        rule = self.rule
        if rule.toll_form is None:
            return (Leg(self.sources, self.targets, rule.form),)
        return (
            Leg(self.sources, self.tollers, rule.form),
            Leg(self.tollers, self.targets, rule.toll_form),
        )

    def links(self) -> tuple[tuple[str, str, str], ...]:
        """Source, target and form of every link of the rule; a node is never linked to itself."""
        return tuple(
            (source, target, leg.form)
            for leg in self.legs
            for source in leg.senders
            for target in leg.receivers
            if source != target
        )

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every link that the rule stands for, without its form."""
        return tuple((source, target) for source, target, _ in self.links())


@kept("corridors")
def corridors(net: SupplyNetwork) -> tuple[Corridor, ...]:
    """Return every rule of the network with its selectors resolved, by location."""
    order = {node.id: index for index, node in enumerate(net.node_rows)}

    def named(selector: str) -> tuple[str, ...]:
        return tuple(sorted(select(net, selector).surely, key=order.__getitem__))

    return tuple(
        Corridor(
            rule,
            named(rule.source),
            named(rule.target),
            named(rule.via) if rule.via else (),
        )
        for rule in net.rule_rows
    )


def loose_ends(net: SupplyNetwork, node_ids: Iterable[str]) -> dict[str, str]:
    """Return which of some nodes nothing can pass, as no link or rule leads there or away.

    By id comes what is missing, in words. Origins need nothing that comes, nations nothing that
    leaves, and plants that do not count need neither.

    Examples
    --------
    >>> import supplynet as sn
    >>> loose_ends(sn.load("tutorial"), ["ref-big", "MLT"])
    {}
    """
    pairs = [(edge.source, edge.target) for edge in net.edge_rows]
    pairs += [pair for corridor in corridors(net) for pair in corridor.pairs()]
    sending, receiving = {source for source, _ in pairs}, {target for _, target in pairs}
    missing: dict[str, str] = {}
    for node_id in node_ids:
        node, is_fed, is_drawn = net.node(node_id), node_id in receiving, node_id in sending
        stage = net.stage_by_name[node.stage]
        if node.status not in COUNTED:
            continue
        if not is_fed and not is_drawn:
            missing[node_id] = "no link and no rule touches it"
        elif not is_fed and not stage.is_origin:
            missing[node_id] = "no link and no rule leads to it"
        elif not is_drawn and not stage.is_nation:
            missing[node_id] = "no link and no rule leads away from it"
    return missing


def links_frame(net: SupplyNetwork) -> pd.DataFrame:
    """Return every link as a DataFrame: named ones, and those that rules expand to.

    The column ``rule`` holds the id of the rule, empty for a named link. The capacity of a
    bounded rule is shared by all of its links.
    """
    import pandas as pd

    columns = ["source", "target", "form", "capacity", "unit", "start_year", "end_year"]
    columns += ["standing", "confidence", "rule"]
    named = [(*(getattr(edge, column) for column in columns[:-1]), "") for edge in net.edge_rows]
    assumed = [
        (
            source,
            target,
            form,
            *(getattr(corridor.rule, column) for column in columns[3:-1]),
            corridor.rule.id,
        )
        for corridor in corridors(net)
        for source, target, form in corridor.links()
    ]
    return pd.DataFrame([*named, *assumed], columns=columns)


@dataclass(frozen=True, slots=True)
class Border:
    """A restriction with the nodes and elements that it names."""

    row: Restriction
    #: sources, targets: ids of nodes, by location
    sources: frozenset[str] = field(repr=False)
    targets: frozenset[str] = field(repr=False)
    elements: frozenset[str]

    def holds(self, year: int) -> bool:
        """Whether it is in force in a year."""
        start, end = self.row.start_year, self.row.end_year
        return (start is None or start <= year) and (end is None or year <= end)

    def is_on(self, form: str) -> bool:
        """Whether it is on what moves in a form."""
        return self.row.form in (None, form)


@kept("borders")
def borders(net: SupplyNetwork) -> tuple[Border, ...]:
    """Return every restriction of a network with what it names."""
    everything, groups = net.commodity.elements, net.commodity.groups
    return tuple(
        Border(
            row,
            select(net, row.source).surely,
            select(net, row.target).surely,
            frozenset(
                element
                for name in row.elements or ("all",)
                for element in (everything if name == "all" else groups.get(name, (name,)))
            ),
        )
        for row in cast("tuple[Restriction, ...]", net.rows("restrictions"))
    )


def without_outlet(
    net: SupplyNetwork, year: int, counted: Floors, closed: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Return the plants that can be supplied and have no outlet, in the order of the table nodes.

    An outlet is a link, or a corridor with somebody at its other end, that holds in the year,
    counts on the floors and carries what the plant makes: of one that turns out elements in
    separated form, a form of separated elements. Scrap does not count.

    Examples
    --------
    >>> import supplynet as sn
    >>> from supplynet.network.tiers import TIERS
    >>> without_outlet(sn.load("tutorial"), 2024, TIERS["committed"])
    ()
    """
    floor = STANDINGS.rank(counted.links)
    is_open = {
        node.id
        for node in net.node_rows
        if node.id not in closed
        and counts(node.status, counted.plants)
        and runs(node, year)
        and STANDINGS.rank(STATUSES[node.status].standing) <= floor
    }
    goes: dict[str, set[str]] = defaultdict(set)
    sells: set[str] = set()

    def join(source: str, target: str, form: str) -> None:
        if source in is_open and target in is_open and not net.form_by_name[form].is_scrap:
            goes[source].add(target)
            if net.form_by_name[form].is_separated or not net.node(source).makes:
                sells.add(source)

    for edge in net.edge_rows:
        if holds(edge, year) and STANDINGS.rank(edge.standing) <= floor:
            join(edge.source, edge.target, edge.form)
    for corridor in corridors(net):
        rule = corridor.rule
        if holds(rule, year) and STANDINGS.rank(rule.standing) <= floor:
            for source, target, form in corridor.links():
                join(source, target, form)
    unsold = _fed(net, goes, is_open) - sells - frozenset(net.nation_ids)
    return tuple(node.id for node in net.node_rows if node.id in unsold)


def _fed(net: SupplyNetwork, goes: dict[str, set[str]], is_open: set[str]) -> set[str]:
    """Return the open nodes that material from the ground can reach."""
    waiting = [
        node.id
        for node in net.node_rows
        if node.id in is_open and net.stage_by_name[node.stage].is_origin
    ]
    fed = set(waiting)
    while waiting:
        for target in goes[waiting.pop()] - fed:
            fed.add(target)
            waiting.append(target)
    return fed
