"""Corridors taken apart where a charge tells their links from each other.

A corridor runs through a hub, in which it is forgotten who sent what. A charge that depends on
both ends can be told only where all senders, or all receivers, are alike to it. A corridor that
mixes them is split into corridors between groups of ends that are alike: the same links, with
the same supply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from supplynet.analysis.catalog import has_hub
from supplynet.errors import OptionError
from supplynet.model.money import AD_VALOREM
from supplynet.model.rules import Corridor, corridors
from supplynet.model.selector import select

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork
    from supplynet.model.schema import Charge, Row

_Groups = dict[tuple[bool, ...], list[str]]


def is_meant(charge: Charge, form: str) -> bool:
    """Whether a charge is one on what moves in a form."""
    return bool(charge.target) and charge.form in (None, form)


def ends_of(net: SupplyNetwork, charge: Charge) -> tuple[frozenset[str], frozenset[str]]:
    """Return the nodes that send and those that receive what a charge is on, by location."""
    return select(net, charge.source).surely, select(net, charge.target).surely


def told_apart(net: SupplyNetwork, charges: Iterable[Charge]) -> SupplyNetwork:
    """Return the network with every corridor split that mixes what charges tell apart.

    Raises
    ------
    OptionError
        If a corridor with one bound for all of its links would have to be split.
    """
    moving = [(one, *ends_of(net, one)) for one in charges if one.target]
    rules: list[Row] = []
    for corridor in corridors(net):
        rule = corridor.rule
        if not has_hub(net, rule):
            rules.append(rule)
            continue
        mixed = [one for one in moving if is_meant(one[0], rule.form) and _mixes(corridor, *one)]
        if mixed and rule.capacity is not None:
            raise OptionError(
                f"rule {rule.id} has one bound for links that charge {mixed[0][0].id} tells apart",
                hint="split the rule in rules.csv, each part with its own bound",
            )
        if not mixed:
            rules.append(rule)
            continue
        senders = _alike(corridor.sources, [one[1] for one in mixed])
        receivers = _alike(corridor.targets, [one[2] for one in mixed])
        pairs = [(some, others) for some in senders.values() for others in receivers.values()]
        rules += [
            rule.model_copy(
                update={
                    "id": f"{rule.id}.{number}",
                    "source": ",".join(f"node:{one}" for one in some),
                    "target": ",".join(f"node:{one}" for one in others),
                }
            )
            for number, (some, others) in enumerate(pairs, start=1)
        ]
    return net.replace(rules=rules) if len(rules) > len(net.rule_rows) else net


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


def _alike(ends: Iterable[str], sets: list[frozenset[str]]) -> Mapping[tuple[bool, ...], list[str]]:
    """Return the ends in groups that lie in the same ones of some sets."""
    groups: _Groups = {}
    for one in ends:
        groups.setdefault(tuple(one in some for some in sets), []).append(one)
    return groups
