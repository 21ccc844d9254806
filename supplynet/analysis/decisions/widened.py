"""The network in which every option is taken: what a choice opens is there, at full capacity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import TYPE_CHECKING, cast

from supplynet.analysis.decisions.offers import SOONER, full, is_of_plants
from supplynet.network.rules import Corridor, corridors
from supplynet.network.schema import Circuit, Edge, Node, Rule
from supplynet.network.selector import select
from supplynet.terms import ENDS, STANDINGS, StandingName

if TYPE_CHECKING:
    from supplynet.analysis.decisions.offers import Offer
    from supplynet.network.network import SupplyNetwork

#: standing of the links that a choice opens: they are its own
_OWN: StandingName = "contracted"


def rule_of(option: str) -> str:
    """Return the id of the corridor that a contract opens."""
    return f"option.{option}"


def plants_of(offered: Iterable[Offer]) -> frozenset[str]:
    """Return the plants that run only if an option is chosen."""
    return frozenset(node for offer in offered if is_of_plants(offer.row) for node in offer.plants)


def widened(net: SupplyNetwork, offered: tuple[Offer, ...], links: str) -> SupplyNetwork:
    """Return a network in which all options are taken.

    The plants of options run at full capacity, from always on: how much of it counts in a year is
    for the program of the plan to say. A link of any standing holds where it begins or ends at one
    of them; between others only what the floor of links counts. A contract is a corridor of its
    own. Plants that are sped up keep the links that they have; those that begin with the plant come
    sooner with it. `links` is the weakest standing of those that hold by themselves.
    """
    new = plants_of(offered)
    sooner = {node for offer in offered if offer.row.kind == SOONER for node in offer.plants}
    in_full = new | sooner
    return net.replace(
        nodes=tuple(_running(net, row) if row.id in in_full else row for row in net.node_rows),
        capacities=tuple(
            row for row in net.rows("capacities") if getattr(row, "node_id", "") not in in_full
        ),
        circuits=tuple(_circuits(net, in_full)),
        edges=tuple(_edges(net, new, sooner, links)),
        rules=(*_rules(net, new, links), *_contracts(net, offered)),
    )


def _running(net: SupplyNetwork, node: Node) -> Node:
    """Return a plant as it runs in full."""
    update: dict[str, object] = {"capacity": full(net, node.id)}
    update |= {f"capacity_{end.name}": full(net, node.id, end.name) for end in ENDS.values()}
    update |= {"status": "operating", "start_year": None, "end_year": None}
    return node.model_copy(update=update)


def _circuits(net: SupplyNetwork, new: Set[str]) -> Iterator[Circuit]:
    """Yield the circuits of plants of options as they are once they run in full."""
    rows = cast("tuple[Circuit, ...]", net.rows("circuits"))
    yield from (row for row in rows if row.node_id not in new)
    for key in sorted({(row.node_id, row.group) for row in rows if row.node_id in new}):
        steps = [row for row in rows if (row.node_id, row.group) == key]
        last = max(steps, key=lambda row: (row.capacity, row.year or 0))
        yield last.model_copy(update={"year": None})


def _edges(net: SupplyNetwork, new: frozenset[str], sooner: Set[str], links: str) -> Iterator[Edge]:
    floor = STANDINGS.rank(links)
    for edge in net.edge_rows:
        ends = {edge.source, edge.target}
        if ends & new:
            yield edge.model_copy(update={"standing": _OWN, "start_year": None})
        elif STANDINGS.rank(edge.standing) <= floor:
            # without its first year where that is no later than its plant's own
            first = max((net.node(plant).start_year or 0 for plant in ends & sooner), default=0)
            is_with_it = edge.start_year is not None and edge.start_year <= first
            yield edge.model_copy(update={"start_year": None}) if is_with_it else edge


def _rules(net: SupplyNetwork, new: frozenset[str], links: str) -> Iterator[Rule]:
    """Yield corridors with their ends by name: a selector may speak of what is built otherwise."""
    floor, own = STANDINGS.rank(links), {"standing": _OWN, "start_year": None}
    for corridor in corridors(net):
        is_counted = STANDINGS.rank(corridor.rule.standing) <= floor
        sources, targets = set(corridor.sources), set(corridor.targets)
        tollers = set(corridor.tollers)
        if not (sources | targets | tollers) & new:
            if is_counted:
                yield corridor.rule
        elif is_counted:
            yield from _between(corridor, sources, targets, tollers, "", {})
        else:
            yield from _between(corridor, sources & new, targets, tollers, ".from", own)
            yield from _between(corridor, sources - new, targets & new, tollers, ".to", own)
            if tollers & new:
                between = sources - new, targets - new, tollers & new
                yield from _between(corridor, *between, ".via", own)


def _between(
    corridor: Corridor,
    sources: set[str],
    targets: set[str],
    tollers: set[str],
    name: str,
    update: Mapping[str, object],
) -> Iterator[Rule]:
    """Yield a corridor between some of its ends, if there are any, by some plants of a toll."""
    if sources and targets:
        ends = {
            "source": _named(one for one in corridor.sources if one in sources),
            "via": _named(one for one in corridor.tollers if one in tollers),
            "target": _named(one for one in corridor.targets if one in targets),
        }
        yield corridor.rule.model_copy(update={"id": f"{corridor.rule.id}{name}", **ends, **update})


def _named(ids: Iterable[str]) -> str:
    return ",".join(f"node:{one}" for one in ids)


def _contracts(net: SupplyNetwork, offered: tuple[Offer, ...]) -> Iterator[Rule]:
    for row in (offer.row for offer in offered if offer.row.kind == "contract"):
        yield Rule(
            id=rule_of(row.id),
            source=_named(sorted(select(net, row.nodes).surely)),
            target=_named(sorted(select(net, row.target).surely)),
            form=str(row.form),
            **dict.fromkeys(("capacity", "capacity_low", "capacity_high"), row.capacity),
            unit=row.unit,
            standing=_OWN,
            reason=row.name,
            confidence=row.confidence,
            source_ids=row.source_ids,
            note=row.note,
        )
