"""The supply of each stage of a graph, by where plants stand or who owns them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from supplynet.analysis.indices.supply import Supply
from supplynet.analysis.limits import Limits
from supplynet.analysis.skeleton import Skeleton, skeleton
from supplynet.errors import OptionError
from supplynet.model.countries import country_name
from supplynet.model.schema import STANDINGS, UNKNOWN, Capacity, Node, Production, Stage
from supplynet.model.selector import holder
from supplynet.model.timeline import capacities_in_force
from supplynet.model.units import BASKET, group_of

if TYPE_CHECKING:
    from supplynet.model.network import SupplyNetwork

BASES = ("capacity", "production")


def stages_of(net: SupplyNetwork) -> tuple[Stage, ...]:
    """Return the stages that make something: all but those of nations."""
    return tuple(stage for stage in net.stages if not stage.is_nation)


def stage_supply(
    net: SupplyNetwork,
    stage: str,
    *,
    element: str = BASKET,
    year: int,
    lens: str = "location",
    basis: str = "capacity",
) -> Supply | None:
    """Return who supplies an element at a stage.

    Parameters
    ----------
    net : SupplyNetwork
    stage : str
    element : str
        An element of the graph, or ``"basket"``.
    year : int
    lens : {"location", "control"}
    basis : {"capacity", "production"}
        What plants could make, or made in the year where that is known.

    Returns
    -------
    Supply or None
        In t/yr on the graph's basis; None where no plant of the stage runs.

    Raises
    ------
    OptionError
        If the basis is not one of the two.
    """
    made: frozenset[str] = frozenset()
    if basis not in BASES:
        raise OptionError(f"basis {basis!r} is none of {', '.join(BASES)}")
    if basis == "production":
        net, made = _as_made(net, year)
    frame = skeleton(net, year=year, links=STANDINGS[-1])
    limits = Limits(net, frame, element, year, "central")
    known: dict[str, float] = {}
    unknown, unlimited, estimated = [], [], 0.0
    steps = capacities_in_force(net, year)
    n_plants = n_made = 0
    for node in _makers(net, frame, stage, element):
        tonnes = limits.node_limit(node)
        if math.isinf(tonnes):
            unlimited.append(node.name)
            continue
        n_plants += 1
        n_made += node.id in made
        row: Node | Capacity = steps.get(node.id, node)
        estimated += tonnes if row.confidence == "estimated" else 0.0
        place = holder(net, node.id, lens)
        if place == UNKNOWN:
            unknown.append(tonnes)
        else:
            known[place] = known.get(place, 0.0) + tonnes
    flags = []
    if limits.is_shared and element != BASKET:
        flags.append(
            "Plants that handle several elements count for each as if they handled it alone: "
            "shares are those of capacity."
        )
    if unlimited:
        flags.append(f"Plants without a capacity are left out: {', '.join(unlimited[:5])}.")
    if basis == "production":
        flags.append(
            f"{n_made} of {n_plants} plants count with what they made, the others with what they "
            "could."
        )
    found = Supply(
        year,
        known,
        {code: country_name(code, net.commodity.areas) for code in known},
        unknown=tuple(unknown),
        estimated=estimated,
        flags=tuple(flags),
    )
    return found if found.total > 0.0 else None


def _makers(net: SupplyNetwork, frame: Skeleton, stage: str, element: str) -> Iterator[Node]:
    """Running plants of a stage that turn out the element.

    Where plants of a stage say what they separate, one that says nothing only passes material
    on, such as a cracking plant before the separation: it is not counted twice.
    """
    nodes = [node for node in frame.nodes.values() if node.stage == stage]
    is_making = any(node.makes for node in net.node_rows if node.stage == stage)
    group = group_of(net, element)
    for node in nodes:
        made = bool(node.makes) if element == BASKET or group is None else group in node.makes
        if made or not is_making:
            yield node


def _as_made(net: SupplyNetwork, year: int) -> tuple[SupplyNetwork, frozenset[str]]:
    """Return the network with what plants made in a year as their capacity, and which did."""
    key = ("as made", year)
    rows = cast("tuple[Production, ...]", net.rows("production"))
    made = {row.node_id: row for row in rows if row.year == year}
    if key not in net.cache:
        steps = cast("tuple[Capacity, ...]", net.rows("capacities"))
        net.cache[key] = net.replace(
            nodes=[_with_output(node, made.get(node.id)) for node in net.node_rows],
            capacities=[step for step in steps if step.node_id not in made],
        )
    return cast("SupplyNetwork", net.cache[key]), frozenset(made)


def _with_output(node: Node, made: Production | None) -> Node:
    if made is None:
        return node
    return node.model_copy(
        update={
            "capacity": made.production,
            "unit": made.unit,
            "confidence": made.confidence,
        }
    )


def is_final(net: SupplyNetwork, stage: Stage, *, year: int) -> bool:
    """Whether all that leaves a stage is a final form: it makes goods, not raw material."""
    frame = skeleton(net, year=year, links=STANDINGS[-1])
    forms = {
        arc.form
        for arc in frame.arcs
        if arc.tail in frame.nodes and frame.nodes[arc.tail].stage == stage.name
    }
    return bool(forms) and all(net.form_by_name[form].is_final for form in forms)


def is_passed_by(net: SupplyNetwork, stage: Stage, *, year: int) -> bool:
    """Whether material can go from before a stage to behind it without it.

    Such a stage does only part of the work, and plants of other stages the rest: what would be
    left of it without a country says little.
    """
    frame = skeleton(net, year=year, links=STANDINGS[-1])
    order = {one.name: place for place, one in enumerate(stages_of(net))}
    place_of = {
        label: order[node.stage] for label, node in frame.nodes.items() if node.stage in order
    }
    into: dict[str, int] = {}
    for arc in frame.arcs:
        if arc.head in frame.hubs and arc.tail in place_of:
            into[arc.head] = min(into.get(arc.head, len(order)), place_of[arc.tail])
    own = order[stage.name]
    start = {**place_of, **into}
    return any(start.get(arc.tail, own) < own < place_of.get(arc.head, own) for arc in frame.arcs)


def cut_to(supply: Supply, mined: float) -> Supply:
    """Return a supply cut to what is mined of the element, shares kept."""
    if supply.total <= mined:
        return supply
    part = mined / supply.total
    flag = (
        f"The stage could handle {supply.total:,.0f} t, more than the {mined:,.0f} t that are "
        "mined: cut to that, shares kept."
    )
    return replace(
        supply,
        known={code: tonnes * part for code, tonnes in supply.known.items()},
        unknown=tuple(tonnes * part for tonnes in supply.unknown),
        estimated=supply.estimated * part,
        flags=(*supply.flags, flag),
    )
