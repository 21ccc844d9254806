"""Checks of plants and nations: figures that are missing or misfit, owners, ramps, scrap, reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from supplynet.network.checks.links import is_scrap, rules
from supplynet.network.checks.tables import (
    HEAD,
    Fault,
    Placed,
    named,
    names_nodes,
    nodes_of,
    numbered,
    of_rows,
    unknown_names,
)
from supplynet.network.demand import is_asked
from supplynet.network.rules import corridors, without_outlet
from supplynet.network.scenario.effect import spelled
from supplynet.network.schema import UNKNOWN, Node
from supplynet.network.selector import MAJORITY
from supplynet.network.tiers import TIERS, counts
from supplynet.network.timeline import holds, is_overruled, runs
from supplynet.terms import COUNTED
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

# shares that were rounded may add up to this much more than the whole
_ROUNDING = 1e-6
#: part of a form's production from which on a country that sells nearly none of it is looked at
_LARGE, _NEARLY_NONE = 0.1, 0.01


@named("owner")
def owners(net: SupplyNetwork) -> Iterator[Placed]:
    """Shares of more than the whole plant, and majorities that a node's row contradicts."""
    totals: dict[str, float] = {}
    nations = frozenset(net.nation_ids)
    for index, row in numbered(net, "owners"):
        before = totals.get(row.node_id, 0.0)
        totals[row.node_id] = before + row.share
        if before <= 1.0 + _ROUNDING < totals[row.node_id]:
            message = f"the shares of {row.node_id} add up to more than 1"
            hint = "correct them; what has no known holder is left out"
            yield "owners", index, "share", totals[row.node_id], message, hint
        node = net.node_by_id.get(row.node_id)
        if row.node_id in nations:
            message = "a nation belongs to its own country"
            yield "owners", index, "node_id", row.node_id, message, "take the row out"
        elif node and node.owner_country not in (row.country, UNKNOWN) and row.share > MAJORITY:
            message = f"nodes.csv says that {node.owner_country} controls {node.id}"
            hint = "name the holder of the majority there, or leave owner_country out"
            yield "owners", index, "country", row.country, message, hint


@of_rows("also", "nodes")
def further_stages(net: SupplyNetwork, node: Node) -> Iterator[Fault]:
    """Further stages of a plant that are its own, or that no plant can be of."""
    own = net.stage_by_name.get(node.stage)
    for name in node.also:
        stage = net.stage_by_name.get(name)
        # stages that are not there are reported by another check
        if stage and own and (name == node.stage or stage.is_nation or own.is_nation):
            message = "a plant may do the work of other stages, and a nation is none"
            yield "also", name, message, "take the stage out"


@named("ramp")
def ramps(net: SupplyNetwork) -> Iterator[Placed]:
    """Curves without a first year, with selectors that name no node, or for one plant twice."""
    first: dict[tuple[str, str], tuple[int, Any]] = {}
    years: dict[tuple[str, str], set[int]] = defaultdict(set)
    for index, row in numbered(net, "ramps"):
        first.setdefault((row.stage, row.nodes), (index, row))
        years[row.stage, row.nodes].add(row.year)
    for kind, (count, row) in first.items():
        gaps = sorted(set(range(max(years[kind]) + 1)) - years[kind])
        if gaps:
            message = f"the curve of {row.nodes or row.stage} has no share for year {gaps[0]}"
            hint = "give every year since the start, the first of them as 0"
            yield "ramps", count, "year", row.year, message, hint
    named_by: dict[str, str] = {}
    for (stage, text), (position, row) in first.items():
        yield from (("ramps", position, *fault) for fault in names_nodes(net, row, "nodes"))
        for node_id in sorted(nodes_of(net, text)):
            if net.node(node_id).stage != stage:
                continue
            if node_id in named_by:
                message = f"{node_id} follows the curve of {named_by[node_id]} too"
                hint = "name each plant in one curve of its stage"
                yield "ramps", position, "nodes", text, message, hint
            named_by.setdefault(node_id, text)


@named("missing-capacity", "warning")
def missing_capacity(net: SupplyNetwork) -> Iterator[Placed]:
    """Plants without a capacity, which set no limit, or with one that counts in no year."""
    steps: dict[str, set[float]] = defaultdict(set)
    for _, row in numbered(net, "capacities"):
        steps[row.node_id].add(row.capacity)
    for index, node in numbered(net, "nodes"):
        stage = net.stage_by_name.get(node.stage)
        if stage is None or stage.is_nation:
            continue
        if node.id in steps:
            is_figure = node.capacity in {None, *steps[node.id]}
            # what a scenario sets or scales from a year on is a step of its own
            if not is_figure and not net.applied and is_overruled(net, node):
                message = (
                    "a capacity that never counts: the table capacities has its steps, and this "
                    "figure is none of them"
                )
                hint = "edit the steps, or accept it with a reason: what it was built for"
                yield "nodes", index, "capacity", node.id, message, hint
        elif node.capacity is None and node.status in COUNTED:
            message = "no capacity: the node sets no limit to the flow"
            hint = "give a capacity with low and high, or accept it with a reason: links limit it"
            yield "nodes", index, "capacity", node.id, message, hint


@named("missing-start", "warning")
def missing_start(net: SupplyNetwork) -> Iterator[Placed]:
    """Plants that do not run yet and have no first year: they would count in every year."""
    stepped = {row.node_id for _, row in numbered(net, "capacities")}
    hint = "give a start_year: until then it makes nothing, and then it fills by its ramp"
    for index, node in numbered(net, "nodes"):
        is_to_come = node.status in COUNTED and not counts(node.status, "operating")
        if is_to_come and node.start_year is None and node.id not in stepped:
            message = f"{node.status}, but no first year: it counts in full in every year"
            yield "nodes", index, "start_year", node.id, message, hint


@named("missing-assay")
def missing_assays(net: SupplyNetwork) -> Iterator[Placed]:
    """Origins whose basket is not known, in a graph that carries several elements."""
    names = {row.node_id for row in net.assay_rows}
    for index, node in numbered(net, "nodes") if len(net.commodity.elements) > 1 else ():
        stage = net.stage_by_name.get(node.stage)
        if stage is not None and stage.is_origin and node.id not in names:
            message = "no assay: none of its elements would flow"
            yield "nodes", index, "id", node.id, message, "add its rows to assays.csv"


@named("origin", "warning")
def origins(net: SupplyNetwork) -> Iterator[Placed]:
    """Origins of which nobody knows where their material is from; large ones that sell none of it.

    A country that mines ore and sells it under a code that a draft does not know looks like the
    largest user of the next form.
    """
    made: dict[str, float] = defaultdict(float)
    first = {stage.name: stage for stage in net.stages if stage.is_origin}
    for node in net.node_rows:
        made[node.stage] += (node.capacity or 0.0) if node.stage in first else 0.0
    is_draft = net.commodity.production == "countries"
    sold = _sold_abroad(net) if is_draft else {}
    for index, node in numbered(net, "nodes"):
        stage, capacity = first.get(node.stage), node.capacity or 0.0
        if stage is None or not capacity:
            continue
        if stage.is_unexplained:
            message = (
                f"{tonnes(capacity)} {node.unit} of unexplained origin count, whatever is shut"
            )
            hint = f"find who made it, or ask with --avoid {stage.name}"
            yield "nodes", index, "capacity", node.id, message, hint
        elif (
            is_draft
            and capacity >= _LARGE * made[node.stage]
            and sold.get(node.id, 0.0) < _NEARLY_NONE * capacity
        ):
            message = (
                f"makes {share(capacity / made[node.stage])} of all and sells none abroad: it "
                "would use it all"
            )
            hint = "see whether its table of production means this form, or an ore of another code"
            yield "nodes", index, "capacity", node.id, message, hint


def _sold_abroad(net: SupplyNetwork) -> dict[str, float]:
    """Tonnes that went abroad in the base year from the places of trade that an origin feeds."""
    country = {node.id: node.country for node in net.node_rows}
    edges = [edge for edge in net.edge_rows if holds(edge, net.commodity.base_year)]
    abroad: dict[str, float] = defaultdict(float)
    for edge in edges:
        if country.get(edge.source) != country.get(edge.target):
            abroad[edge.source] += edge.observed or 0.0
    sold: dict[str, float] = defaultdict(float)
    for edge in edges:
        sold[edge.source] += abroad.get(edge.source, 0.0) + abroad.get(edge.target, 0.0)
    return sold


@named("missing-recovery", "warning")
def missing_recoveries(net: SupplyNetwork) -> Iterator[Placed]:
    """Plants that would lose nothing, in a graph that gives recoveries."""
    names = {row.node_id for _, row in numbered(net, "recoveries")}
    for index, node in numbered(net, "nodes") if names else ():
        stage = net.stage_by_name.get(node.stage)
        if stage and not stage.is_nation and not stage.is_origin and node.id not in names:
            message = "no recovery: the plant would lose nothing"
            yield "nodes", index, "id", node.id, message, "add its rows to recoveries.csv"


@named("scrap")
def scrap(net: SupplyNetwork) -> Iterator[Placed]:
    """Forms, rows and links of scrap that do not fit each other."""
    for form in net.commodity.forms:
        if form.is_scrap and (form.is_final or not form.is_separated):
            message = "a form of scrap is counted element by element, and no nation takes it"
            hint = "set is_separated to true and is_final to false"
            yield HEAD, None, "forms", form.name, message, hint
    leaving: dict[str, int] = {}
    bounds = {stage.name for stage in net.stages if stage.is_nation or stage.is_origin}
    for index, row in numbered(net, "scrap"):
        yield from (("scrap", index, *fault) for fault in names_nodes(net, row, "nodes"))
        for node_id in sorted(nodes_of(net, row.nodes)):
            stage = net.node(node_id).stage
            if stage in bounds:
                message = f"a {stage} leaves no new scrap"
                yield "scrap", index, "nodes", node_id, message, "name makers only"
            elif node_id in leaving:
                message = f"its scrap stands in row {leaving[node_id]} already"
                yield "scrap", index, "nodes", node_id, message, "leave each plant in one row"
            leaving.setdefault(node_id, index)
    yield from _links(net, leaving.keys(), {n.id for n in net.node_rows if n.stage in bounds})


def _links(net: SupplyNetwork, leaving: Any, bounds: set[str]) -> Iterator[Placed]:
    """Links and rules of scrap that start where none arises, or end where none can be used."""
    for table in ("edges", "rules"):
        for index, row in numbered(net, table):
            if not is_scrap(net, row):
                continue
            sources, targets = (
                ({row.source}, {row.target})
                if table == "edges"
                else (nodes_of(net, row.source), nodes_of(net, row.target))
            )
            without, at_end = sorted(sources - leaving), sorted(targets & bounds)
            if without:
                message = "scrap is sent by a node that leaves none"
                hint = "give its ratio in scrap.csv, or take it out of the senders"
                yield table, index, "source", without[0], message, hint
            elif at_end:
                message = "scrap goes to plants, neither to a nation nor to an origin"
                yield table, index, "target", at_end[0], message, "name a plant that uses scrap"


def _pairs(net: SupplyNetwork) -> Iterator[tuple[str, str, Any]]:
    for edge in net.edge_rows:
        yield edge.source, edge.target, edge
    # A rule with a wrong selector names nothing; every node that it should link would be reported
    # as isolated.
    for corridor in () if any(rules(net)) else corridors(net):
        for source, target in corridor.pairs():
            yield source, target, corridor.rule


@named("isolated-node", "warning")
def isolated(net: SupplyNetwork) -> Iterator[Placed]:
    """Open nodes that no link and no rule ever touches."""
    linked = {node_id for source, target, _ in _pairs(net) for node_id in (source, target)}
    hint = "add a link or a rule, close the node, or accept it with a reason"
    for index, node in numbered(net, "nodes"):
        if node.status in COUNTED and node.id not in linked:
            yield "nodes", index, "id", node.id, "no link and no rule touches the node", hint


@named("no-outlet", "warning")
def outlets(net: SupplyNetwork) -> Iterator[Placed]:
    """Plants that nobody is named to buy from, with the tiers and years in which that is so."""
    if any(unknown_names(net)) or any(rules(net)):
        return  # reported by their own checks
    unsold: dict[str, dict[str, list[int]]] = {}
    for tier, counted in TIERS.items():
        for year in range(net.commodity.first_year, net.commodity.last_year + 1):
            for node_id in without_outlet(net, year, counted):
                unsold.setdefault(node_id, {}).setdefault(tier, []).append(year)
    hint = "name a buyer, offer it by a planned rule, or accept it with a reason"
    for index, node in numbered(net, "nodes"):
        if node.id in unsold:
            when = "; ".join(f"{tier} {spelled(years)}" for tier, years in unsold[node.id].items())
            message = f"nobody is named to take what it makes: {when}"
            yield "nodes", index, "id", node.id, message, hint


@named("unreachable-nation", "warning")
def unreachable(net: SupplyNetwork) -> Iterator[Placed]:
    """Nations that nothing can reach in the base year, whatever the standing of links.

    One that is known to ask for nothing in that year is none of them.
    """
    year = net.commodity.base_year
    origins = {stage.name for stage in net.stages if stage.is_origin}
    outgoing: dict[str, set[str]] = defaultdict(set)
    for source, target, link in _pairs(net):
        if holds(link, year) and not is_scrap(net, link):
            outgoing[source].add(target)
    open_nodes = {node.id for node in net.node_rows if runs(node, year)}
    waiting = [node.id for node in net.node_rows if node.stage in origins and node.id in open_nodes]
    reached = set(waiting)
    while waiting:
        # what a node sends to is far less than all that is not reached: that is never listed
        for target in (outgoing[waiting.pop()] & open_nodes) - reached:
            reached.add(target)
            waiting.append(target)
    nations = frozenset(net.nation_ids)
    for index, node in numbered(net, "nodes"):
        is_missed = node.id in nations and node.id not in reached
        if is_missed and is_asked(net, {node.id}, year) is not False:
            message = f"nothing can reach the nation in {year}"
            hint = "add links or rules that end there"
            yield "nodes", index, "id", node.id, message, hint
