"""Checks of plants: missing or ill-fitting figures, owners, curves of ramps, and scrap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from supplynet.errors import UsageError
from supplynet.network.checks.money import names_nodes
from supplynet.network.checks.rows import file_of, numbered
from supplynet.network.owners import MAJORITY
from supplynet.network.problems import Problem
from supplynet.network.schema import UNKNOWN
from supplynet.network.selector import select
from supplynet.network.tiers import counts
from supplynet.network.timeline import holds, is_overruled
from supplynet.terms import COUNTED
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Ramp


def missing_capacity(net: SupplyNetwork) -> Iterator[Problem]:
    """Plants without a capacity, which set no limit, or with one that counts in no year."""
    steps: dict[str, set[float]] = defaultdict(set)
    for row in net.rows("capacities"):
        steps[cast(Any, row).node_id].add(cast(Any, row).capacity)
    for number, node in numbered(net, "nodes"):
        stage = net.stage_by_name.get(node.stage)
        if stage is None or stage.is_nation:
            continue
        if node.id in steps:
            is_figure = node.capacity in {None, *steps[node.id]}
            # what a scenario sets or scales from a year on is a step of its own
            if not is_figure and not net.applied and is_overruled(net, node):
                yield Problem(
                    "missing-capacity",
                    "a capacity that never counts: the table capacities has its steps, and this "
                    "figure is none of them",
                    file_of("nodes"),
                    number,
                    "capacity",
                    node.id,
                    "edit the steps, or accept it with a reason: what it was built for",
                )
        elif node.capacity is None and node.status in COUNTED:
            yield Problem(
                "missing-capacity",
                "no capacity: the node sets no limit to the flow",
                file_of("nodes"),
                number,
                "capacity",
                node.id,
                "give a capacity with low and high, or accept it with a reason: links limit it",
            )


#: part of a form's production from which on a country that sells nearly none of it is looked at
_LARGE, _NEARLY_NONE = 0.1, 0.01


def origins(net: SupplyNetwork) -> Iterator[Problem]:
    """Origins of which nobody knows where their material is from; large ones that sell none of it.

    A country that mines ore and sells it under a code that a draft does not know looks like the
    largest user of the next form.
    """
    made: dict[str, float] = defaultdict(float)
    first = {stage.name: stage for stage in net.stages if stage.is_origin}
    for _, node in numbered(net, "nodes"):
        made[node.stage] += (node.capacity or 0.0) if node.stage in first else 0.0
    sold = _sold_abroad(net) if net.commodity.production == "countries" else {}
    for number, node in numbered(net, "nodes"):
        stage, capacity = first.get(node.stage), node.capacity or 0.0
        if stage is None or not capacity:
            continue
        if stage.is_unexplained:
            yield Problem(
                "origin",
                f"{tonnes(capacity)} {node.unit} of unexplained origin count, whatever is shut",
                file_of("nodes"),
                number,
                "capacity",
                node.id,
                f"find who made it, or ask with --avoid {stage.name}",
            )
        elif (
            net.commodity.production == "countries"
            and capacity >= _LARGE * made[node.stage]
            and sold.get(node.id, 0.0) < _NEARLY_NONE * capacity
        ):
            yield Problem(
                "origin",
                f"makes {share(capacity / made[node.stage])} of all and sells none abroad: it "
                "would use it all",
                file_of("nodes"),
                number,
                "capacity",
                node.id,
                "see whether its table of production means this form, or an ore of another code",
            )


def _sold_abroad(net: SupplyNetwork) -> dict[str, float]:
    """Tonnes that went abroad in the base year from the places of trade that an origin feeds."""
    country = {node.id: node.country for node in net.node_rows}
    year = net.commodity.base_year
    abroad: dict[str, float] = defaultdict(float)
    for edge in net.edge_rows:
        if holds(edge, year) and country.get(edge.source) != country.get(edge.target):
            abroad[edge.source] += edge.observed or 0.0
    sold: dict[str, float] = defaultdict(float)
    for edge in net.edge_rows:
        if holds(edge, year):
            sold[edge.source] += abroad.get(edge.source, 0.0) + abroad.get(edge.target, 0.0)
    return sold


def missing_start(net: SupplyNetwork) -> Iterator[Problem]:
    """Plants that do not run yet and have no first year: they would count in every year."""
    stepped = {cast(Any, row).node_id for row in net.rows("capacities")}
    for number, node in numbered(net, "nodes"):
        is_to_come = node.status in COUNTED and not counts(node.status, "operating")
        if is_to_come and node.start_year is None and node.id not in stepped:
            yield Problem(
                "missing-start",
                f"{node.status}, but no first year: it counts in full in every year",
                file_of("nodes"),
                number,
                "start_year",
                node.id,
                "give a start_year: until then it makes nothing, and then it fills by its ramp",
            )


def missing_assays(net: SupplyNetwork) -> Iterator[Problem]:
    """Origins whose basket is not known, in a graph that carries several elements."""
    if len(net.commodity.elements) == 1:
        return
    known = {row.node_id for row in net.assay_rows}
    for number, node in numbered(net, "nodes"):
        stage = net.stage_by_name.get(node.stage)
        if stage is not None and stage.is_origin and node.id not in known:
            yield Problem(
                "missing-assay",
                "no assay: none of its elements would flow",
                file_of("nodes"),
                number,
                "id",
                node.id,
                "add its rows to assays.csv",
            )


def missing_recoveries(net: SupplyNetwork) -> Iterator[Problem]:
    """Plants that would lose nothing, in a graph that gives recoveries."""
    known: set[str] = {cast(Any, row).node_id for row in net.rows("recoveries")}
    if not known:
        return
    for number, node in numbered(net, "nodes"):
        stage = net.stage_by_name.get(node.stage)
        if stage is None or stage.is_nation or stage.is_origin or node.id in known:
            continue
        yield Problem(
            "missing-recovery",
            "no recovery: the plant would lose nothing",
            file_of("nodes"),
            number,
            "id",
            node.id,
            "add its rows to recoveries.csv",
        )


def further_stages(net: SupplyNetwork) -> Iterator[Problem]:
    """Further stages of a plant that are its own, or that no plant can be of."""
    for number, node in numbered(net, "nodes"):
        own = net.stage_by_name.get(node.stage)
        for name in node.also:
            stage = net.stage_by_name.get(name)
            if stage is None or own is None:
                continue  # told by another check
            if name == node.stage or stage.is_nation or own.is_nation:
                yield Problem(
                    "also",
                    "a plant may do the work of other stages, and a nation is none",
                    file_of("nodes"),
                    number,
                    "also",
                    name,
                    "take the stage out",
                )


# shares that were rounded may add up to this much more than the whole
_ROUNDING = 1e-6


def owners(net: SupplyNetwork) -> Iterator[Problem]:
    """Shares of more than the whole plant, and majorities that a node's row contradicts."""
    totals: dict[str, float] = {}
    nations = frozenset(net.nation_ids)
    for number, row in numbered(net, "owners"):
        before = totals.get(row.node_id, 0.0)
        totals[row.node_id] = before + row.share
        if before <= 1.0 + _ROUNDING < totals[row.node_id]:
            yield _owner_problem(
                number,
                "share",
                f"{totals[row.node_id]:g}",
                f"the shares of {row.node_id} add up to more than 1",
                "correct them; what has no known holder is left out",
            )
        node = net.node_by_id.get(row.node_id)
        if row.node_id in nations:
            message = "a nation belongs to its own country"
            yield _owner_problem(number, "node_id", row.node_id, message, "take the row out")
        elif node is not None and node.owner_country not in (row.country, UNKNOWN):
            if row.share <= MAJORITY:
                continue
            message = f"nodes.csv says that {node.owner_country} controls {node.id}"
            hint = "name the holder of the majority there, or leave owner_country out"
            yield _owner_problem(number, "country", row.country, message, hint)


def _owner_problem(number: int, column: str, value: str, message: str, hint: str) -> Problem:
    return Problem("owner", message, file_of("owners"), number, column, value, hint)


def ramps(net: SupplyNetwork) -> Iterator[Problem]:
    """Curves without a first year, with selectors that name no node, or for one plant twice."""
    first: dict[tuple[str, str], tuple[int, Ramp]] = {}
    years: dict[tuple[str, str], set[int]] = {}
    for number, row in numbered(net, "ramps"):
        kind = row.stage, row.nodes
        if kind not in first:
            first[kind] = number, cast("Ramp", row)
        years.setdefault(kind, set()).add(row.year)
    for kind, (number, row) in first.items():
        gaps = sorted(set(range(max(years[kind]) + 1)) - years[kind])
        if gaps:
            message = f"the curve of {row.nodes or row.stage} has no share for year {gaps[0]}"
            hint = "give every year since the start, the first of them as 0"
            yield _ramp_problem(number, "year", str(row.year), message, hint)
    named: dict[str, str] = {}
    for (stage, text), (number, _) in first.items():
        if not text:
            continue
        yield from names_nodes(net, "ramp", "ramps", number, "nodes", text)
        try:
            node_ids = select(net, text).surely
        except UsageError:
            continue  # told already
        for node_id in sorted(node_ids):
            if net.node(node_id).stage != stage:
                continue
            if node_id in named:
                message = f"{node_id} follows the curve of {named[node_id]} too"
                hint = "name each plant in one curve of its stage"
                yield _ramp_problem(number, "nodes", text, message, hint)
            named.setdefault(node_id, text)


def _ramp_problem(number: int, column: str, value: str, message: str, hint: str) -> Problem:
    return Problem("ramp", message, file_of("ramps"), number, column, value, hint)


def scrap(net: SupplyNetwork) -> Iterator[Problem]:
    """Forms, rows and links of scrap that do not fit each other."""
    yield from _forms(net)
    leaving: dict[str, int] = {}
    for number, row in numbered(net, "scrap"):
        yield from _row(net, number, row, leaving)
    yield from _links(net, frozenset(leaving))


def _forms(net: SupplyNetwork) -> Iterator[Problem]:
    """Forms of scrap that would travel as a basket, or that a nation would take."""
    for form in net.commodity.forms:
        if form.is_scrap and (form.is_final or not form.is_separated):
            yield Problem(
                "scrap",
                "a form of scrap is counted element by element, and no nation takes it",
                "datapackage.json",
                None,
                "forms",
                form.name,
                "set is_separated to true and is_final to false",
            )


def _row(net: SupplyNetwork, number: int, row: Any, leaving: dict[str, int]) -> Iterator[Problem]:
    """A row whose selector is wrong, or names plants that cannot leave scrap or do so already."""

    def problem(message: str, value: str, hint: str) -> Problem:
        return Problem("scrap", message, file_of("scrap"), number, "nodes", value, hint)

    try:
        named = select(net, row.nodes).surely
    except UsageError as error:
        yield problem(error.message, row.nodes, error.hint)
        return
    if not named:
        yield problem(
            "the selector names no node", row.nodes, "delete the row or widen the selector"
        )
    for node_id in sorted(named):
        stage = net.stage_by_name.get(net.node(node_id).stage)
        if stage is not None and (stage.is_nation or stage.is_origin):
            yield problem(f"a {stage.name} leaves no new scrap", node_id, "name makers only")
        elif node_id in leaving:
            message = f"its scrap stands in row {leaving[node_id]} already"
            yield problem(message, node_id, "leave each plant in one row")
        leaving.setdefault(node_id, number)


def _links(net: SupplyNetwork, leaving: frozenset[str]) -> Iterator[Problem]:
    """Links and rules of scrap that start where none arises, or end where none can be used."""
    ends = {
        node.id
        for node in net.node_rows
        if (stage := net.stage_by_name.get(node.stage)) and (stage.is_nation or stage.is_origin)
    }
    for table in ("edges", "rules"):
        for number, row in numbered(net, table):
            form = net.form_by_name.get(row.form)
            if form is None or not form.is_scrap:
                continue
            sources, targets = _ends(net, table, row)
            without, at_end = sorted(sources - leaving), sorted(targets & ends)
            if without:
                message = "scrap is sent by a node that leaves none"
                hint = "give its ratio in scrap.csv, or take it out of the senders"
                column, value = "source", without[0]
            elif at_end:
                message = "scrap goes to plants, neither to a nation nor to an origin"
                hint, column, value = "name a plant that uses scrap", "target", at_end[0]
            else:
                continue
            yield Problem("scrap", message, file_of(table), number, column, value, hint)


def _ends(net: SupplyNetwork, table: str, row: Any) -> tuple[frozenset[str], frozenset[str]]:
    """Ids of the nodes at both ends of a link or rule; none where a selector is wrong."""
    if table == "edges":
        return frozenset({row.source}), frozenset({row.target})
    try:
        return select(net, row.source).surely, select(net, row.target).surely
    except UsageError:  # reported by its own check
        return frozenset(), frozenset()
