"""Restrictions on the way to a solver: who is held back, and how much may still pass.

A restriction holds back a part of what each receiver could take of some elements from some
senders in a form: of a nation what it needs in that form, of a plant what it can handle. At 1
nothing passes. A corridor that mixes senders or receivers that a restriction distinguishes is split
first, into corridors between groups of ends that are alike.

Of what was observed: receivers that share a corridor count together, as its tonnage is reported for
all of them. Of capacities: each link and corridor counts by itself. What was reported in several
units is read in that of the largest, tonne for tonne where they measure different things.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from supplynet.analysis.arrays.skeleton import Arc, has_hub
from supplynet.errors import OptionError
from supplynet.network.demand import AD_VALOREM, demand
from supplynet.network.rules import Border, Corridor, borders, corridors
from supplynet.network.selector import select
from supplynet.network.units import BASKET, factor_between, tonnage
from supplynet.terms import LevelName

if TYPE_CHECKING:
    from supplynet.analysis.arrays.limits import Limits
    from supplynet.analysis.arrays.skeleton import Skeleton
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Charge, Edge, Node, Row, Rule


@dataclass(frozen=True, slots=True)
class Gate:
    """What some restrictions let pass to one receiver in one form."""

    label: str  #: ``restriction:<node>:<form>:<ids>``
    node: str
    form: str
    withheld: float  #: part that does not pass, above 0


def gates_of(
    net: SupplyNetwork, frame: Skeleton, arcs: Sequence[Arc], element: str, year: int
) -> dict[int, Gate]:
    """Return, by place of an arc, the gate of restrictions on a part of demand.

    Those on a part of a tonnage are reported by
    :func:`supplynet.analysis.arrays.restrict.held_tonnages`. Corridors are split; the basket
    is held back only by a restriction of every element.
    """
    wanted = set(net.commodity.elements) if element == BASKET else {element}
    members = [
        border for border in borders(net) if border.holds(year) and wanted <= border.elements
    ]
    members = [border for border in members if border.row.withheld == 1.0 or is_of_need(border)]
    gates: dict[int, Gate] = {}
    for index, arc in enumerate(arcs if members else ()):
        if any(is_barred(frame, arc, border) for border in members):
            gates[index] = Gate("", arc.head, arc.form, 1.0)
            continue
        on = [border for border in members if is_restricted(frame, arc, border)]
        if on:
            ids = "+".join(sorted(border.row.id for border in on))
            label = f"restriction:{arc.head}:{arc.form}:{ids}"
            withheld = max(border.row.withheld for border in on)
            gates[index] = Gate(label, arc.head, arc.form, withheld)
    return gates


def is_of_need(border: Border) -> bool:
    """Whether a restriction holds back a part of what receivers need or can take."""
    return border.row.withheld > 0.0 and border.row.relative_to == "need"


def is_restricted(frame: Skeleton, arc: Arc, border: Border) -> bool:
    """Whether what an arc brings its head comes from restricted senders only."""
    if arc.head not in border.targets or not border.is_on(arc.form):
        return False
    if arc.tail not in frame.hubs:
        return arc.tail in border.sources
    senders = {frame.arcs[index].tail for index in frame.arcs_in.get(arc.tail, ())}
    return bool(senders) and senders <= border.sources


def is_barred(frame: Skeleton, arc: Arc, border: Border) -> bool:
    """Whether an arc leads a shut-out sender into a corridor of which all receivers are meant."""
    if arc.head not in frame.hubs or border.row.withheld < 1.0 or not border.is_on(arc.form):
        return False
    receivers = {frame.arcs[index].head for index in frame.arcs_out.get(arc.head, ())}
    return arc.tail in border.sources and receivers <= border.targets


def receivable(limits: Limits, node: Node, form: str, year: int) -> float:
    """Return what a receiver could take of an element in a form, t/yr on the graph's basis.

    A nation's demand in the form, or what a plant can handle. An OptionError if the graph knows
    neither.
    """
    net = limits.net
    stage = net.stage_by_name[node.stage]
    if stage.is_nation:
        if all(row.nation != node.id for row in net.demand_rows):
            raise _unknown(node, "its demand is not known")
        return demand(net, {node.id}, limits.element, year, form=form, need=limits.need).value
    room = limits.node_limit(node)
    if math.isinf(room):
        raise _unknown(node, "its capacity is not given")
    if not net.form_by_name[form].is_separated:  # scrap or oxide that comes too is not meant
        share = limits.best_share(limits.frame.feeds.get(node.id, frozenset()))
        room *= min(1.0, share / (limits.entering_share(node.id) or 1.0))
    recovery = 1.0 if stage.capacity_at == "input" else limits.recovery(node.id)
    return room / recovery if recovery else 0.0


def _unknown(node: Node, why: str) -> OptionError:
    return OptionError(
        f"a restriction lets pass a part of what {node.id} could take, and {why}",
        hint="hold back all of it (withheld = 1), or give the figure",
    )


@dataclass(frozen=True, slots=True)
class Held:
    """Arcs of one form that a restriction holds to a tonnage together."""

    border: Border = field(repr=False)
    form: str
    receivers: tuple[str, ...]  #: in the order of the nodes
    arcs: tuple[int, ...]  #: places in the frame
    tonnage: float  #: tonnes of the unit that may pass per year
    unit: str
    number: int  #: of the groups of a restriction

    @property
    def name(self) -> str:
        """``<id of the restriction>.<number>``."""
        return f"{self.border.row.id}.{self.number}"

    @property
    def label(self) -> str:
        """``restriction:<receivers>:<form>:<name>``, receivers joined by ``+``."""
        return f"restriction:{'+'.join(self.receivers)}:{self.form}:{self.name}"


def held_tonnages(
    net: SupplyNetwork, frame: Skeleton, year: int, level: LevelName
) -> tuple[Held, ...]:
    """Return what restrictions of a year hold to a part of a tonnage.

    Those that let nothing pass are no part of anything, and are left out. Corridors are
    split. An OptionError if a restriction is relative to what nothing states: no link under it was
    observed, or one has no limit.
    """
    tonnages: list[Held] = []
    for border in borders(net):
        is_part = 0.0 < border.row.withheld < 1.0 and border.row.relative_to != "need"
        if is_part and border.holds(year):
            tonnages += _of_border(net, frame, border, level)
    return tuple(tonnages)


def _of_border(net: SupplyNetwork, frame: Skeleton, border: Border, level: LevelName) -> list[Held]:
    places = [index for index, arc in enumerate(frame.arcs) if is_restricted(frame, arc, border)]
    if border.row.relative_to == "observed":
        groups = _that_share(frame, places)
        if places and not any(frame.arcs[index].link.observed for index in places):
            raise OptionError(
                f"restriction {border.row.id} lets pass a part of what was observed, and no link "
                "or corridor under it says what that was",
                hint="fill the column observed, or make it relative to need or capacity",
            )
    else:
        groups = _by_row(frame, places)
    return [
        _held(net, frame, border, group, level, count)
        for count, group in enumerate(groups, start=1)
    ]


def _that_share(frame: Skeleton, places: Iterable[int]) -> list[list[int]]:
    """Return arcs of one form in groups that share no receiver, link or corridor."""
    groups: list[tuple[set[object], list[int]]] = []
    for index in places:
        arc = frame.arcs[index]
        keys: set[object] = {(arc.form, arc.head), (arc.form, id(arc.link))}
        near = [group for group in groups if group[0] & keys]
        groups = [group for group in groups if not group[0] & keys]
        groups.append(
            (
                keys.union(*(keys_near for keys_near, _ in near)),
                [*(p for _, indices in near for p in indices), index],
            )
        )
    return [indices for _, indices in groups]


def _by_row(frame: Skeleton, places: Iterable[int]) -> list[list[int]]:
    by_row: dict[int, list[int]] = {}
    for index in places:
        by_row.setdefault(id(frame.arcs[index].link), []).append(index)
    return list(by_row.values())


def _held(
    net: SupplyNetwork,
    frame: Skeleton,
    border: Border,
    places: Sequence[int],
    level: LevelName,
    count: int,
) -> Held:
    arcs = [frame.arcs[index] for index in places]
    links: dict[int, Edge | Rule] = {id(arc.link): arc.link for arc in arcs}
    figures: list[tuple[float, str]] = []
    for link in links.values():
        if border.row.relative_to == "observed":
            amount: float | None = link.observed or 0.0
        else:
            amount = tonnage(net, link, "capacity", level)
        if amount is None:
            arc = arcs[0]
            raise OptionError(
                f"restriction {border.row.id} lets pass a part of what links may carry, and "
                f"{arc.tail} -> {arc.head} ({arc.form}) has no limit",
                hint="give its capacity, or make the restriction relative to need or observed",
            )
        if amount:
            figures.append((amount, link.unit))
    unit = max(figures, default=(0.0, _any_unit(net, links.values())))[1]
    total = sum(amount * factor_between(net, own_unit, unit) for amount, own_unit in figures)
    heads = {arc.head for arc in arcs}
    return Held(
        border,
        arcs[0].form,
        tuple(label for label in frame.nodes if label in heads),
        tuple(sorted(places)),
        (1.0 - border.row.withheld) * total,
        unit,
        count,
    )


def _any_unit(net: SupplyNetwork, links: Iterable[Edge | Rule]) -> str:
    """Return a unit for nothing: that of a link, or the first that the graph declares."""
    return next((link.unit for link in links if link.unit), net.commodity.units[0].name)


class Ends(NamedTuple):
    """Sets of nodes that links of a corridor are distinguished by, and what does so."""

    why: str
    senders: Sequence[frozenset[str]]
    receivers: Sequence[frozenset[str]]
    or_else: str = ""  #: what can be done beside splitting the rule by hand
    keeps_observed: bool = True  #: whether parts keep what was observed, told of all of them


def split(
    net: SupplyNetwork,
    render: Callable[[Corridor], Ends | None],
    order: Callable[[Iterable[Any]], list[Any]] = sorted,
) -> tuple[SupplyNetwork, Mapping[str, str]]:
    """Return the network with corridors split between groups of ends that are alike.

    Of a corridor that runs through a hub `render` says what distinguishes its links, None for
    nothing. Parts are numbered in the order of names, so that a part is called the same whatever
    the order of rows; `order=list` keeps that of the nodes. With the network comes, by id of a new
    rule, the id of the one that it is a part of. A corridor with one tonnage that bounds all of its
    links cannot be split: an OptionError.
    """
    rules: list[Row] = []
    parts: dict[str, str] = {}
    for corridor in corridors(net):
        rule = corridor.rule
        apart = render(corridor) if has_hub(net, rule) else None
        if apart is None:
            rules.append(rule)
            continue
        if rule.capacity is not None or (rule.observed and _is_held_by_observed(net, corridor)):
            raise OptionError(
                f"rule {rule.id} has one tonnage for links that {apart.why} distinguishes",
                hint="split the rule in rules.csv, each part with its own tonnage" + apart.or_else,
            )
        senders = alike(corridor.sources, apart.senders)
        receivers = alike(corridor.legs[0].receivers, apart.receivers)
        pairs = order(
            (order(senders_alike), order(others))
            for senders_alike in senders.values()
            for others in receivers.values()
        )
        for index, (senders_alike, others) in enumerate(pairs, start=1):
            piece = f"{rule.id}.{index}"
            update: dict[str, Any] = {"id": piece, "source": _named(senders_alike)}
            if apart.receivers:
                update["via" if rule.toll_form else "target"] = _named(others)
            if not apart.keeps_observed:
                update["observed"] = None
            parts[piece] = rule.id
            rules.append(rule.model_copy(update=update))
    return (net.replace(rules=rules) if parts else net), parts


def _named(node_ids: Iterable[str]) -> str:
    """Return a selector that names some nodes."""
    return ",".join(f"node:{node_id}" for node_id in node_ids)


def _is_held_by_observed(net: SupplyNetwork, corridor: Corridor) -> bool:
    """Whether a restriction lets pass a part of what was observed on all of a corridor."""
    return any(
        border.row.relative_to == "observed" and _is_on(corridor, border) for border in borders(net)
    )


def alike(
    bounds: Iterable[str], sets: Sequence[frozenset[str]]
) -> Mapping[tuple[bool, ...], list[str]]:
    """Return the ends in groups that lie in the same ones of some sets."""
    groups: dict[tuple[bool, ...], list[str]] = {}
    for label in bounds:
        groups.setdefault(tuple(label in labels for labels in sets), []).append(label)
    return groups


def are_alike(bounds: Collection[str], sets: Iterable[frozenset[str]]) -> bool:
    """Whether all of some ends lie in the same ones of some sets."""
    return all(group.isdisjoint(bounds) or group.issuperset(bounds) for group in sets)


def split_by_restrictions(net: SupplyNetwork) -> SupplyNetwork:
    """Return the network with every corridor split that mixes what restrictions distinguish.

    The parts are between groups of senders, and each keeps all receivers. A corridor with one
    tonnage that bounds all of its links cannot be split: an OptionError.
    """

    def ends(corridor: Corridor) -> Ends | None:
        mixed = [border for border in borders(net) if _is_mixed_by(corridor, border)]
        if not mixed:
            return None
        why, or_else = f"restriction {mixed[0].row.id}", ", or restrict all of its links"
        senders = [border.sources for border in mixed]
        return Ends(why, senders, (), or_else, keeps_observed=False)

    # numbered as the nodes come: digests of networks that were shown hang on it
    return split(net, ends, order=list)[0]


def _is_mixed_by(corridor: Corridor, border: Border) -> bool:
    """Whether a restriction is on some links of a corridor, and not on all."""
    sources, targets = map(set, corridor.legs[0][:2])
    if border.row.withheld == 1.0 and targets <= border.targets:
        return False  # the senders that are meant are shut out where they enter
    return _is_on(corridor, border) and not sources <= border.sources


def _is_on(corridor: Corridor, border: Border) -> bool:
    """Whether a restriction is on any link of a corridor."""
    return (
        border.is_on(corridor.rule.form)
        and not border.sources.isdisjoint(corridor.sources)
        and not border.targets.isdisjoint(corridor.legs[0].receivers)
    )


def is_meant(charge: Charge, form: str) -> bool:
    """Whether a charge is one on what moves in a form."""
    return bool(charge.target) and charge.form in (None, form)


def ends_of(net: SupplyNetwork, charge: Charge) -> tuple[frozenset[str], frozenset[str]]:
    """Return the nodes that send and those that receive what a charge is on, by location."""
    return select(net, charge.source).surely, select(net, charge.target).surely


def split_by_charges(net: SupplyNetwork, charges: Iterable[Charge]) -> SupplyNetwork:
    """Return the network with every corridor split that mixes what charges distinguish.

    A corridor with one tonnage that bounds all of its links cannot be split: an OptionError.
    """
    moving = [(charge, *ends_of(net, charge)) for charge in charges if charge.target]

    def ends(corridor: Corridor) -> Ends | None:
        form = corridor.rule.form
        mixed = [
            pair
            for pair in moving
            if is_meant(pair[0], form) and _is_mixed_by_charge(corridor, *pair)
        ]
        if not mixed:
            return None
        return Ends(
            f"charge {mixed[0][0].id}", [pair[1] for pair in mixed], [pair[2] for pair in mixed]
        )

    return split(net, ends)[0]


def _is_mixed_by_charge(
    corridor: Corridor, charge: Charge, senders: frozenset[str], receivers: frozenset[str]
) -> bool:
    """Whether a charge is on some links of a corridor and neither end alone states on which.

    The price that a share is taken of is that of who receives, so that a share must be reported
    where receivers are.
    """
    sources, targets = map(set, corridor.legs[0][:2])
    if not sources & senders or not targets & receivers or sources <= senders:
        return False
    if charge.unit == AD_VALOREM:
        return len(targets) > 1
    return not targets <= receivers
