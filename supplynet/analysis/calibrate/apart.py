"""The network that is calibrated: capacities at their high ends, corridors told apart.

What was observed between two sides in a form, with a tonnage, is all that went between them:
corridors that are merely assumed carry nothing beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from supplynet.analysis.arrays.restrict import Ends, are_alike, split
from supplynet.analysis.calibrate.lines import sets_of
from supplynet.analysis.calibrate.observations import seen_of
from supplynet.network.rules import Corridor, corridors
from supplynet.network.scenario.rows import with_free_contents
from supplynet.network.timeline import holds

if TYPE_CHECKING:
    from supplynet.analysis.arrays.skeleton import Skeleton
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Capacity, Edge, Node, Rule, Target


OBSERVED = "observed"


def at_high_ends(net: SupplyNetwork) -> SupplyNetwork:
    """Return the network with every capacity and every limit at the high end of its own range.

    What plants made, and what went on links, may lie above the central figure of what they can,
    but not above the high end.
    """
    return with_free_contents(net).replace(
        nodes=[_high(row) for row in net.node_rows],
        capacities=[_high(row) for row in cast("tuple[Capacity, ...]", net.rows("capacities"))],
        edges=[_high(row) for row in net.edge_rows],
        rules=[_high(row) for row in net.rule_rows],
    )


_Row = TypeVar("_Row", "Node", "Capacity", "Edge", "Rule")


def _high(row: _Row) -> _Row:
    if row.capacity_high is None:
        return row
    return row.model_copy(update={"capacity": row.capacity_high})


class Side(NamedTuple):
    """What a corridor was observed to carry, in one form, from some nodes to others."""

    rule: str
    form: str
    senders: frozenset[str]
    receivers: frozenset[str]


def observed_sides(net: SupplyNetwork, year: int) -> tuple[Side, ...]:
    """Return the observed corridors with a tonnage in a year."""
    return tuple(
        Side(
            corridor.rule.id,
            corridor.rule.form,
            frozenset(corridor.sources),
            frozenset(corridor.legs[0].receivers),
        )
        for corridor in corridors(net)
        if seen_of(corridor.rule) and holds(corridor.rule, year)
    )


def split_by_targets(
    net: SupplyNetwork, targets: Iterable[Target], sides: Iterable[Side]
) -> tuple[SupplyNetwork, Mapping[str, str]]:
    """Return the network with corridors split that mix what targets or observed sides tell apart.

    With it comes, by id of a new rule, the id of the one that it is a part of. A corridor with one
    bound for all of its links cannot be split for a target: an OptionError.
    """
    moving = [(target, *sets_of(net, target)) for target in targets if target.target]
    seen = tuple(sides)

    def ends(corridor: Corridor) -> Ends | None:
        rule = corridor.rule
        mixed = [
            (f"target {target.id}", senders, receivers)
            for target, senders, receivers in moving
            if target.form in (None, rule.form)
        ]
        if rule.standing != OBSERVED and rule.capacity is None and not seen_of(rule):
            mixed += [
                (f"rule {observation.rule}", [observation.senders], [observation.receivers])
                for observation in seen
                if observation.form == rule.form
            ]
        mixed = [side for side in mixed if _mixes(corridor, side[1], side[2])]
        if not mixed:
            return None
        return Ends(
            mixed[0][0],
            [sender for _, senders, _ in mixed for sender in senders],
            [receiver for _, _, receivers in mixed for receiver in receivers],
        )

    return split(net, ends)


def _mixes(
    corridor: Corridor, senders: list[frozenset[str]], receivers: list[frozenset[str]]
) -> bool:
    """Whether a corridor has links that are counted, and neither end alone tells which."""
    return (
        not are_alike(corridor.sources, senders)
        and not are_alike(corridor.legs[0].receivers, receivers)
        and _is_touched(corridor, senders, receivers)
    )


def _is_touched(
    corridor: Corridor, senders: list[frozenset[str]], receivers: list[frozenset[str]]
) -> bool:
    """Whether any link of a corridor is counted."""
    return any(sender & set(corridor.sources) for sender in senders) and any(
        receiver & set(corridor.legs[0].receivers) for receiver in receivers
    )


def closed_arcs(frame: Skeleton, sides: Iterable[Side]) -> Iterator[int]:
    """Yield the arcs of assumed corridors between sides that were observed with a tonnage.

    A corridor is closed where it arrives if all that feed it are senders of a side, or where it
    is fed if all that it feeds are receivers.
    """
    ends: dict[str, tuple[frozenset[str], frozenset[str]]] = {
        hub: (
            frozenset(frame.arcs[index].tail for index in frame.arcs_in.get(hub, ())),
            frozenset(frame.arcs[index].head for index in frame.arcs_out.get(hub, ())),
        )
        for hub in frame.hubs
    }
    seen = tuple(sides)
    for index, arc in enumerate(frame.arcs):
        link = arc.link
        if link.standing == OBSERVED or link.capacity is not None or seen_of(link):
            continue
        senders = ends[arc.tail][0] if arc.tail in ends else frozenset({arc.tail})
        receivers = ends[arc.head][1] if arc.head in ends else frozenset({arc.head})
        if any(
            observation.form == arc.form
            and senders <= observation.senders
            and receivers <= observation.receivers
            for observation in seen
        ):
            yield index
