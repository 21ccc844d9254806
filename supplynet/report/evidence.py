"""What an answer rests on: the assumed corridors that carry it, and the sources of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from supplynet.network.schema import Assay, Content, Recovery, Rule, Source

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.analysis.flow.flow import FlowResult
    from supplynet.analysis.flow.routes import Route
    from supplynet.network.network import SupplyNetwork


@dataclass(frozen=True, slots=True)
class CorridorLoad:
    """An assumed corridor and what it carries in the answer.

    Parameters
    ----------
    rule : Rule
    tonnes : mapping of str to float
        t/yr that arrive by it, by element. A route may use several corridors and counts for each.
    units : mapping of str to str
        Unit of the tonnes, by element.
    share : float
        Largest share of an element's tonnes that it carries, 0 to 1.
    """

    rule: Rule
    tonnes: Mapping[str, float]
    units: Mapping[str, str]
    share: float


def corridor_loads(result: BypassResult) -> tuple[CorridorLoad, ...]:
    """Return the assumed corridors that the routes of the answer use, the weightiest first."""
    by_rule: dict[str, dict[str, float]] = {}
    for row in result.elements:
        for route in row.flow.routes:
            for rule_id in route.rules:
                carried = by_rule.setdefault(rule_id, {})
                carried[row.element] = carried.get(row.element, 0.0) + route.tonnes
    units = {element.element: element.unit for element in result.elements}
    values = {element.element: element.flow.value for element in result.elements}
    rules = {rule.id: rule for rule in result.question.net.rule_rows}
    loads = [
        CorridorLoad(
            rules[rule_id],
            tonnes,
            units,
            max(min(1.0, amount / values[element]) for element, amount in tonnes.items()),
        )
        for rule_id, tonnes in by_rule.items()
    ]
    return tuple(sorted(loads, key=lambda load: (-load.share, load.rule.id)))


def assumed_share(flow: FlowResult) -> float | None:
    """Return the share of a flow's tonnes that use an assumed corridor; None for no flow."""
    if not flow.value:
        return None
    return min(1.0, sum(route.tonnes for route in flow.routes if route.rules) / flow.value)


def used_sources(result: BypassResult, others: Iterable[Route] = ()) -> tuple[Source, ...]:
    """Return the sources of every row that the figures rest on, in the order of the table.

    Those are capacities and links on the routes, the limits, assays and recoveries of the nodes
    on the way, the target's demand and what the products hold.

    Parameters
    ----------
    result : BypassResult
    others : iterable of Route
        Further routes that the report shows.
    """
    net = result.question.net
    elements = {element.element for element in result.elements}
    routes = [route for element in result.elements for route in element.flow.routes]
    routes += others
    cited = {source for route in routes for source in route.source_ids}
    nodes = {node for route in routes for node in route.nodes}
    for row in result.elements:
        for member in row.flow.cut:
            if member.kind == "node":
                nodes.add(member.id)
                cited |= set(net.node(member.id).source_ids)
    return _in_table(net, cited | _row_sources(net, result, nodes, elements))


def _row_sources(
    net: SupplyNetwork, result: BypassResult, nodes: set[str], elements: set[str]
) -> set[str]:
    years = {year for element in result.elements for year in element.demand.years}
    needed = [
        row
        for row in net.demand_rows
        if row.nation in result.question.targets and row.year in years and row.role == "final"
    ]
    products = {row.product for row in needed}
    products |= {product for node in nodes if (product := net.node(node).product)}
    assays = (row for row in net.assay_rows if row.node_id in nodes and row.element in elements)
    recoveries = (
        row for row in cast("tuple[Recovery, ...]", net.rows("recoveries")) if row.node_id in nodes
    )
    contents = (
        row
        for row in cast("tuple[Content, ...]", net.rows("contents"))
        if row.product_id in products and row.element in elements
    )
    rows: list[Assay | Recovery | Content] = [*assays, *recoveries, *contents]
    cited = {source for row in rows for source in row.source_ids}
    return cited | {source for row in needed for source in row.source_ids}


def _in_table(net: SupplyNetwork, cited: set[str]) -> tuple[Source, ...]:
    return tuple(source for key, source in net.source_by_id.items() if key in cited)
