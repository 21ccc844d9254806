"""What may be changed of a plant, nation, link or corridor.

A knob is a figure of the graph with its data range and the change of a scenario that sets it, so
that whoever turns it writes a scenario and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from supplynet.network.rules import corridors
from supplynet.network.timeline import capacities_in_force
from supplynet.network.units import tonnage
from supplynet.present.words import selector_phrase
from supplynet.text import one_line

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Capacity, Edge, Node, Recovery, Rule


#: how far a slider goes beyond what the data say
_BEYOND = 2.0


@dataclass(frozen=True, slots=True)
class Knob:
    """A figure that may be changed."""

    title: str
    unit: str
    value: float | None  #: as the graph has it
    #: low, high: its data range
    low: float | None
    high: float | None
    #: least, most: ends of a slider
    least: float
    most: float
    step: float
    change: dict[str, Any]  #: the change of a scenario that sets it, without the figure
    field: str  #: the key of the change that takes the figure


def knobs(net: SupplyNetwork, node: Node, year: int) -> Iterator[Knob]:
    """Yield what may be changed of a node in a year."""
    if net.stage_by_name[node.stage].is_nation:
        yield from _of_nation(net, node)
    else:
        yield from _of_plant(net, node, year)
    for edge in net.edge_rows:
        if node.id in (edge.source, edge.target):
            yield from _of_link(net, edge)
    for corridor in corridors(net):
        if node.id in (*corridor.sources, *corridor.tollers, *corridor.targets):
            yield from of_corridor(net, corridor.rule)


def _of_plant(net: SupplyNetwork, node: Node, year: int) -> Iterator[Knob]:
    row: Capacity | Node = capacities_in_force(net, year).get(node.id, node)
    most = max(filter(None, (node.capacity, row.capacity, row.capacity_high)), default=1000.0)
    if row.unit is not None:
        yield Knob(
            f"Capacity in {year}",
            f"{row.unit}/yr",
            row.capacity,
            *_ends(net, row, "capacity"),
            0.0,
            _BEYOND * most,
            _step(most),
            {"verb": "set", "nodes": f"node:{node.id}", "unit": row.unit},
            "capacity",
        )
    first, last = net.commodity.first_year, net.commodity.last_year
    if node.start_year is not None:
        yield Knob(
            "Starts in",
            "",
            float(node.start_year),
            None,
            None,
            float(min(first, node.start_year)),
            float(last),
            1.0,
            {"verb": "redate", "nodes": f"node:{node.id}"},
            "start_year",
        )

    for recovery in cast("tuple[Recovery, ...]", net.rows("recoveries")):
        if recovery.node_id == node.id:
            change = {"verb": "recover", "nodes": f"node:{node.id}", "group": recovery.group}
            yield Knob(
                f"Passes on of {recovery.group}",
                "share",
                recovery.recovery,
                recovery.recovery_low,
                recovery.recovery_high,
                0.0,
                1.0,
                0.01,
                change,
                "recovery",
            )


def _of_nation(net: SupplyNetwork, node: Node) -> Iterator[Knob]:
    """What a nation asks for, as a part of what the graph says, product by product."""
    ranges: dict[str, list[float]] = {}
    for row in net.demand_rows:
        if row.nation == node.id and row.role == "final" and row.quantity:
            bounds = _ends(net, row, "quantity")
            names = ranges.setdefault(row.product, [])
            names += [end / row.quantity for end in bounds if end is not None]
    for product, parts in ranges.items():
        yield Knob(
            f"Needs of {one_line(net.product_by_id[product].name)}",
            "times what the graph says",
            1.0,
            min(parts, default=None),
            max(parts, default=None),
            0.0,
            max([_BEYOND, *parts]),
            0.01,
            {"verb": "need", "nodes": f"node:{node.id}", "product": product},
            "factor",
        )


def _of_link(net: SupplyNetwork, edge: Edge) -> Iterator[Knob]:
    bounds = {"source": f"node:{edge.source}", "target": f"node:{edge.target}", "form": edge.form}
    title = f"{net.node(edge.source).name} to {net.node(edge.target).name}, {edge.form}"
    yield from _of_way(net, edge, title, {"links": {**bounds, "named": True}})


def of_corridor(net: SupplyNetwork, rule: Rule) -> Iterator[Knob]:
    """Yield the tonnage of a corridor."""
    yield from _of_way(net, rule, corridor_title(net, rule), {"rules": rule.id})


def corridor_title(net: SupplyNetwork, rule: Rule) -> str:
    """Return what a corridor is called: its ends, what it carries, and who tolls it."""
    bounds = selector_phrase(net, rule.source), selector_phrase(net, rule.target)
    by = f", tolled by {selector_phrase(net, rule.via)}" if rule.via else ""
    return one_line(f"{' to '.join(bounds)}, {rule.form}{by}")


def _of_way(
    net: SupplyNetwork, row: Edge | Rule, title: str, aim: dict[str, Any]
) -> Iterator[Knob]:
    """Yield the tonnage that a link or corridor lets pass; where it has no limit, what went."""
    if not row.unit:  # nothing was said of its tonnage, not even in which unit
        return
    limit = row.capacity if row.capacity is not None else row.observed
    low, high = _ends(net, row, "capacity")
    most = max(filter(None, (limit, high)), default=1000.0)
    yield Knob(
        one_line(title),
        f"{row.unit}/yr",
        limit,
        low,
        high,
        0.0,
        _BEYOND * most,
        _step(most),
        {"verb": "set", **aim, "unit": row.unit},
        "capacity",
    )


def change_title(net: SupplyNetwork, change: Mapping[str, Any]) -> str:
    """Return a change of a scenario in words: what it is made to, and what it sets.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> change_title(net, {"verb": "set", "nodes": "node:ref-big", "capacity": 90, "unit": "t REO"})
    'Big Refinery: capacity 90 t REO'
    """
    others = {key: value for key, value in change.items() if key != "verb"}
    aims = [
        selector_phrase(net, others.pop(key))
        for key in ("nodes", "source", "target", "rules")
        if isinstance(others.get(key), str) and key != "rules"
    ]
    links = others.pop("links", None) or {}
    aims += [selector_phrase(net, links[key]) for key in ("source", "target") if links.get(key)]
    rule = next((row for row in net.rule_rows if row.id == others.get("rules")), None)
    if rule is not None:
        aims.append(corridor_title(net, rule))
        del others["rules"]
    unit = f" {others.pop('unit')}" if "unit" in others else ""
    parts = [
        f"{key.replace('_', ' ')} {value:,.6g}{unit if key == 'capacity' else ''}"
        if isinstance(value, float | int) and not key.endswith("year")
        else f"{key.replace('_', ' ')} {value}"
        for key, value in others.items()
    ]
    aim = " to ".join(aims) or "all"
    return one_line(f"{aim}: {', '.join(parts) or change['verb']}")


def _ends(net: SupplyNetwork, row: object, field: str) -> tuple[float | None, float | None]:
    """Return the data range of a tonnage, by default that of its confidence; none where it is one.

    A range that the row does not give itself is in every answer all the same, and so on its knob.
    """
    low, high = tonnage(net, row, field, "low"), tonnage(net, row, field, "high")
    return (None, None) if low == high else (low, high)


def _step(most: float) -> float:
    """Return a step that goes through a range in some hundreds of places."""
    step = 1.0
    while step * 1000 < most:
        step *= 10
    while step * 100 > most and step > 0.001:
        step /= 10
    return step
