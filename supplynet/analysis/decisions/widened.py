"""The network in which every option is taken: what a choice opens is there, at full capacity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, cast

from supplynet.analysis.decisions.offers import SOONER, full, is_of_plants
from supplynet.network.rules import Corridor, corridors
from supplynet.network.schema import Circuit, Edge, Node, Rule
from supplynet.network.selector import select
from supplynet.terms import STANDINGS, StandingName

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


def sooner_of(offered: Iterable[Offer]) -> frozenset[str]:
    """Return the plants that come by themselves, and sooner if an option is chosen."""
    return frozenset(node for offer in offered if offer.row.kind == SOONER for node in offer.plants)


def widened(net: SupplyNetwork, offered: tuple[Offer, ...], links: str) -> SupplyNetwork:
    """Return a network in which all options are taken.

    The plants of options run at full capacity, from always on: how much of it counts in a year is
    for the program of the plan to say. A link of any standing holds where it begins or ends at one
    of them; between others only what the floor of links counts. A contract is a corridor of its
    own. Plants that are sped up keep the links that they have; those that begin with the plant come
    sooner with it. `links` is the weakest standing of those that hold by themselves.
    """
    new, sooner = plants_of(offered), sooner_of(offered)
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
    capacity = full(net, node.id)
    ends = {
        "capacity_low": full(net, node.id, "low"),
        "capacity_high": full(net, node.id, "high"),
    }
    return node.model_copy(
        update={
            "status": "operating",
            "start_year": None,
            "end_year": None,
            "capacity": capacity,
            **ends,
        }
    )


def _circuits(net: SupplyNetwork, new: frozenset[str]) -> Iterator[Circuit]:
    """Yield the circuits of plants of options as they are once they run in full."""
    rows = cast("tuple[Circuit, ...]", net.rows("circuits"))
    yield from (row for row in rows if row.node_id not in new)
    for key in sorted({(row.node_id, row.group) for row in rows if row.node_id in new}):
        steps = [row for row in rows if (row.node_id, row.group) == key]
        last = max(steps, key=lambda row: (row.capacity, row.year or 0))
        yield last.model_copy(update={"year": None})


def _edges(
    net: SupplyNetwork, new: frozenset[str], sooner: frozenset[str], links: str
) -> Iterator[Edge]:
    floor = STANDINGS.rank(links)
    for edge in net.edge_rows:
        if {edge.source, edge.target} & new:
            yield edge.model_copy(update={"standing": _OWN, "start_year": None})
        elif STANDINGS.rank(edge.standing) <= floor:
            yield _with_plants(net, edge, {edge.source, edge.target} & sooner)


def _with_plants(net: SupplyNetwork, edge: Edge, sooner: set[str]) -> Edge:
    """Return a link without its first year where that is no later than its plant's own."""
    starts = [net.node(plant).start_year or 0 for plant in sooner]
    is_with_it = edge.start_year is not None and edge.start_year <= max(starts, default=0)
    return edge.model_copy(update={"start_year": None}) if is_with_it else edge


def _rules(net: SupplyNetwork, new: frozenset[str], links: str) -> Iterator[Rule]:
    """Yield corridors with their ends by name: a selector may speak of what is built otherwise."""
    floor = STANDINGS.rank(links)
    for corridor in corridors(net):
        sources, targets = set(corridor.sources), set(corridor.targets)
        tollers = set(corridor.tollers)
        if not (sources | targets | tollers) & new:
            if STANDINGS.rank(corridor.rule.standing) <= floor:
                yield corridor.rule
            continue
        own = {"standing": _OWN, "start_year": None}
        if STANDINGS.rank(corridor.rule.standing) <= floor:
            yield from _between(corridor, sources, targets, tollers, "", {})
            continue
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
            "source": ",".join(f"node:{one}" for one in corridor.sources if one in sources),
            "via": ",".join(f"node:{one}" for one in corridor.tollers if one in tollers),
            "target": ",".join(f"node:{one}" for one in corridor.targets if one in targets),
        }
        yield corridor.rule.model_copy(update={"id": f"{corridor.rule.id}{name}", **ends, **update})


def _contracts(net: SupplyNetwork, offered: tuple[Offer, ...]) -> Iterator[Rule]:
    for offer in offered:
        row = offer.row
        if row.kind != "contract":
            continue
        sources, targets = (sorted(select(net, text).surely) for text in (row.nodes, row.target))
        tonnes = row.capacity
        yield Rule(
            id=rule_of(row.id),
            source=",".join(f"node:{one}" for one in sources),
            target=",".join(f"node:{one}" for one in targets),
            form=str(row.form),
            capacity=tonnes,
            capacity_low=tonnes,
            capacity_high=tonnes,
            unit=row.unit,
            standing=_OWN,
            reason=row.name,
            confidence=row.confidence,
            source_ids=row.source_ids,
            note=row.note,
        )
