"""Corridors taken apart where a charge or a published figure tells their links from each other.

A corridor runs through a hub, in which it is forgotten who sent what. A charge that depends on
both ends can be told only where all senders, or all receivers, are alike to it. A corridor that
mixes them is split into corridors between groups of ends that are alike: the same links, with
the same supply.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from supplynet.analysis.arrays.catalog import has_hub
from supplynet.errors import OptionError
from supplynet.network.money import AD_VALOREM
from supplynet.network.rules import Corridor, corridors
from supplynet.network.selector import select

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Charge, Row

_Groups = dict[tuple[bool, ...], list[str]]


def is_meant(charge: Charge, form: str) -> bool:
    """Whether a charge is one on what moves in a form."""
    return bool(charge.target) and charge.form in (None, form)


def ends_of(net: SupplyNetwork, charge: Charge) -> tuple[frozenset[str], frozenset[str]]:
    """Return the nodes that send and those that receive what a charge is on, by location."""
    return select(net, charge.source).surely, select(net, charge.target).surely


def told_apart(net: SupplyNetwork, charges: Iterable[Charge]) -> SupplyNetwork:
    """Return the network with every corridor split that mixes what charges tell apart.

    A corridor with one bound for all of its links cannot be split: an OptionError.
    """
    moving = [(charge, *ends_of(net, charge)) for charge in charges if charge.target]

    def ends(corridor: Corridor) -> Ends | None:
        form = corridor.rule.form
        mixed = [pair for pair in moving if is_meant(pair[0], form) and _mixes(corridor, *pair)]
        if not mixed:
            return None
        return Ends(
            f"charge {mixed[0][0].id}", [pair[1] for pair in mixed], [pair[2] for pair in mixed]
        )

    return split(net, ends)[0]


class Ends(NamedTuple):
    """Sets of nodes that links of a corridor are told apart by, and what does so."""

    why: str
    senders: Sequence[frozenset[str]]
    receivers: Sequence[frozenset[str]]


def split(
    net: SupplyNetwork, ends: Callable[[Corridor], Ends | None]
) -> tuple[SupplyNetwork, Mapping[str, str]]:
    """Return the network with corridors split between groups of ends that are alike.

    Of a corridor that runs through a hub `ends` says what tells its links apart, None for nothing.
    With the network comes, by id of a new rule, the id of the one that it is a part of. A corridor
    with one bound for all of its links cannot be split: an OptionError.
    """
    rules: list[Row] = []
    parts: dict[str, str] = {}
    for corridor in corridors(net):
        rule = corridor.rule
        apart = ends(corridor) if has_hub(net, rule) else None
        if apart is None:
            rules.append(rule)
            continue
        if rule.capacity is not None:
            raise OptionError(
                f"rule {rule.id} has one bound for links that {apart.why} tells apart",
                hint="split the rule in rules.csv, each part with its own bound",
            )
        senders = alike(corridor.sources, apart.senders)
        receivers = alike(corridor.targets, apart.receivers)
        # in the order of names, so that a part is called the same whatever the order of rows
        pairs = sorted(
            (sorted(senders_alike), sorted(others))
            for senders_alike in senders.values()
            for others in receivers.values()
        )
        for number, (senders_alike, others) in enumerate(pairs, start=1):
            update = {
                "id": f"{rule.id}.{number}",
                "source": ",".join(f"node:{source}" for source in senders_alike),
                "target": ",".join(f"node:{target}" for target in others),
            }
            parts[update["id"]] = rule.id
            rules.append(rule.model_copy(update=update))
    return (net.replace(rules=rules) if parts else net), parts


def _mixes(
    corridor: Corridor, charge: Charge, senders: frozenset[str], receivers: frozenset[str]
) -> bool:
    """Whether a charge is on some links of a corridor and neither end alone tells on which.

    The price that a share is taken of is that of who receives, so that a share must be told
    where receivers are.
    """
    sources, targets = set(corridor.sources), set(corridor.targets)
    if not sources & senders or not targets & receivers or sources <= senders:
        return False
    if charge.unit == AD_VALOREM:
        return len(targets) > 1
    return not targets <= receivers


def alike(
    ends: Iterable[str], sets: Sequence[frozenset[str]]
) -> Mapping[tuple[bool, ...], list[str]]:
    """Return the ends in groups that lie in the same ones of some sets."""
    groups: _Groups = {}
    for label in ends:
        groups.setdefault(tuple(label in labels for labels in sets), []).append(label)
    return groups


def are_alike(ends: Collection[str], sets: Iterable[frozenset[str]]) -> bool:
    """Whether all of some ends lie in the same ones of some sets."""
    return all(some.isdisjoint(ends) or some.issuperset(ends) for some in sets)
