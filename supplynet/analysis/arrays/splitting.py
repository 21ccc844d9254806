"""Corridors split into corridors whose links are alike to what tells them from each other.

A corridor runs through a hub, in which it is forgotten who sent what. A restriction, a charge or a
published figure that depends on both ends can be told only where all senders, or all receivers,
are alike to it. A corridor that mixes them is split into corridors between groups of ends that
are alike: the same links, with the same supply.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from supplynet.analysis.arrays.skeleton import has_hub
from supplynet.errors import OptionError
from supplynet.network.demand import AD_VALOREM
from supplynet.network.rules import Corridor, borders, corridors
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.rules import Border
    from supplynet.network.schema import Charge, Row


class Ends(NamedTuple):
    """Sets of nodes that links of a corridor are told apart by, and what does so."""

    why: str
    senders: Sequence[frozenset[str]]
    receivers: Sequence[frozenset[str]]
    or_else: str = ""  #: what can be done beside splitting the rule by hand
    keeps_observed: bool = True  #: whether parts keep what was observed, told of all of them


def split(
    net: SupplyNetwork,
    ends: Callable[[Corridor], Ends | None],
    order: Callable[[Iterable[Any]], list[Any]] = sorted,
) -> tuple[SupplyNetwork, Mapping[str, str]]:
    """Return the network with corridors split between groups of ends that are alike.

    Of a corridor that runs through a hub `ends` says what tells its links apart, None for nothing.
    Parts are numbered in the order of names, so that a part is called the same whatever the order
    of rows; `order=list` keeps that of the nodes.
    With the network comes, by id of a new rule, the id of the one that it is a part of. A corridor
    with one tonnage that bounds all of its links cannot be split: an OptionError.
    """
    rules: list[Row] = []
    parts: dict[str, str] = {}
    for corridor in corridors(net):
        rule = corridor.rule
        apart = ends(corridor) if has_hub(net, rule) else None
        if apart is None:
            rules.append(rule)
            continue
        if rule.capacity is not None or (rule.observed and _is_held_by_observed(net, corridor)):
            raise OptionError(
                f"rule {rule.id} has one tonnage for links that {apart.why} tells apart",
                hint="split the rule in rules.csv, each part with its own tonnage" + apart.or_else,
            )
        senders = alike(corridor.sources, apart.senders)
        receivers = alike(corridor.legs[0].receivers, apart.receivers)
        pairs = order(
            (order(senders_alike), order(others))
            for senders_alike in senders.values()
            for others in receivers.values()
        )
        for number, (senders_alike, others) in enumerate(pairs, start=1):
            part = f"{rule.id}.{number}"
            update: dict[str, Any] = {"id": part, "source": _named(senders_alike)}
            if apart.receivers:
                update["via" if rule.toll_form else "target"] = _named(others)
            if not apart.keeps_observed:
                update["observed"] = None
            parts[part] = rule.id
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
    ends: Iterable[str], sets: Sequence[frozenset[str]]
) -> Mapping[tuple[bool, ...], list[str]]:
    """Return the ends in groups that lie in the same ones of some sets."""
    groups: dict[tuple[bool, ...], list[str]] = {}
    for label in ends:
        groups.setdefault(tuple(label in labels for labels in sets), []).append(label)
    return groups


def are_alike(ends: Collection[str], sets: Iterable[frozenset[str]]) -> bool:
    """Whether all of some ends lie in the same ones of some sets."""
    return all(some.isdisjoint(ends) or some.issuperset(ends) for some in sets)


def split_by_restrictions(net: SupplyNetwork) -> SupplyNetwork:
    """Return the network with every corridor split that mixes what restrictions tell apart.

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
    """Return the network with every corridor split that mixes what charges tell apart.

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
    """Whether a charge is on some links of a corridor and neither end alone tells on which.

    The price that a share is taken of is that of who receives, so that a share must be told
    where receivers are.
    """
    sources, targets = map(set, corridor.legs[0][:2])
    if not sources & senders or not targets & receivers or sources <= senders:
        return False
    if charge.unit == AD_VALOREM:
        return len(targets) > 1
    return not targets <= receivers
