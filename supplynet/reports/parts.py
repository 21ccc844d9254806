"""Tables that several reports share: figures by tier, routes, limits, via countries, years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.question import selector_name
from supplynet.network.countries import country_name
from supplynet.network.units import flow_unit
from supplynet.present.document import Column, Table
from supplynet.present.words import (
    avoided,
    count,
    element_cell,
    tier_meaning,
    tier_title,
)
from supplynet.terms import CONFIDENCES

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult, ElementBypass
    from supplynet.analysis.flow.rows import Bottleneck, FlowResult, Route
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Content

#: rows that a table shows for one element before it counts the rest
MOST = 8
ELEMENT = Column("element", "Element, unit")
#: sources of a row, by their numbers in the list of the report
CITED = Column("sources", "Sources", kind="cites")
#: numbers of sources by id
Cites = Mapping[str, int]


def numbers_of(cites: Cites, source_ids: Iterable[str]) -> tuple[int, ...]:
    """Return the numbers of sources in the list of the report, each once."""
    return tuple(sorted({cites[key] for key in source_ids if key in cites}))


def _with_sources(columns: tuple[Column, ...], cites: Cites | None) -> tuple[Column, ...]:
    """Return columns with that of the sources behind, where the report lists any."""
    return (*columns, CITED) if cites else columns


def demand_table(flows: Sequence[FlowResult], cites: Cites | None = None) -> Table:
    """What is needed of each element, how that is known, and what limits the supply most."""
    rows = []
    for flow in flows:
        need = flow.demand
        rows.append(
            {
                "element": element_cell(flow.question.net, flow.element),
                "demand": None if need.how == "none" else need.value,
                "how": str(need),
                "estimated": None if need.how == "none" else need.estimated_share,
                "bottleneck": first_limit(flow.cut),
                CITED.key: numbers_of(cites or {}, _sources_of_need(flow)),
            }
        )
    columns = (
        ELEMENT,
        Column("demand", "Demand", kind="tonnes"),
        Column("how", "How it is known"),
        Column("estimated", "Estimated part", kind="share"),
        Column("bottleneck", "What limits supply most"),
    )
    shown = _with_sources(columns, cites)
    return Table(shown, tuple(rows), "Demand, and what holds back more supply", "demand")


def _sources_of_need(flow: FlowResult) -> Iterator[str]:
    """Yield the sources of what the target needs of an element, and of what products hold."""
    question, years = flow.question, flow.demand.years
    products = set()
    for row in question.net.demand_rows:
        if row.nation in question.targets and row.year in years and row.role == "final":
            products.add(row.product)
            yield from row.source_ids
    for content in cast("tuple[Content, ...]", question.net.rows("contents")):
        if content.product_id in products and content.element == flow.element:
            yield from content.source_ids


def first_limit(cut: Sequence[Bottleneck]) -> str:
    """Return the largest limit of a cut, and how many more there are."""
    if not cut:
        return "no open way"
    more = len(cut) - 1
    return cut[0].name + (f" and {more} more" if more else "")


def tier_table(result: BypassResult) -> Table:
    """Potential with and without the avoided jurisdiction, by element and tier."""
    asked = result.question
    rows = [
        {
            "element": element_cell(asked.net, element.element) if number == 0 else "",
            "tier": tier_title(tier.name),
            "with_all": tier.with_all,
            "without": tier.without,
            "range": (tier.low, tier.high),
            "coverage": tier.coverage,
            "coverage_range": None
            if tier.coverage_low is None
            else (tier.coverage_low, tier.coverage_high),
        }
        for element in result.elements
        for number, tier in enumerate(element.tiers)
    ]
    columns = (
        ELEMENT,
        Column("tier", "Tier"),
        Column("with_all", "All open", kind="tonnes"),
        Column("without", f"Without {avoided(asked)}", kind="tonnes"),
        Column("range", "Data range", kind="tonnes"),
        Column("coverage", "Demand covered", kind="share"),
        Column("coverage_range", "Data range", kind="share"),
    )
    caption = f"Potential by tier. {tier_meaning(result.elements[0].tiers)}"
    return Table(columns, tuple(rows), caption, "tiers")


def node_label(net: SupplyNetwork, node_id: str) -> str:
    """Return a node's name with its country; of a nation the country alone."""
    node = net.node(node_id)
    country = country_name(node.country, net.commodity.areas)
    if net.stage_by_name[node.stage].is_nation:
        return country
    return node.name if country in node.name else f"{node.name} ({country})"


def route_table(
    net: SupplyNetwork,
    element: str,
    routes: Sequence[Route],
    *,
    caption: str,
    name: str = "routes",
    cites: Cites | None = None,
) -> Table:
    """Routes with their weakest link, their least sure row and what limits them.

    The nation at the end is left out where every route has the same.
    """
    ends = {route.nodes[-1] for route in routes}
    is_nation = all(net.stage_by_name[net.node(end).stage].is_nation for end in ends)
    last = -1 if len(ends) == 1 and is_nation else None
    rows = tuple(
        {
            "tonnes": route.tonnes,
            "route": " > ".join(node_label(net, node_id) for node_id in route.nodes[:last]),
            "standing": route.standing,
            "confidence": route.confidence,
            "bottleneck": route.bottleneck,
            CITED.key: numbers_of(cites or {}, route.source_ids),
        }
        for route in routes
    )
    columns = _with_sources(route_columns(flow_unit(net, element)), cites)
    return Table(columns, rows, caption, f"{name}-{element}")


def route_columns(unit: str) -> tuple[Column, ...]:
    """Columns of a table of routes."""
    return (
        Column("tonnes", "Brings", kind="tonnes", unit=unit),
        Column("route", "By way of"),
        Column("standing", "Weakest link"),
        Column("confidence", "Least sure figure"),
        Column("bottleneck", "Limited by"),
    )


def limit_kind(net: SupplyNetwork, member: Bottleneck) -> str:
    """Return what kind of limit a member of a cut is."""
    if member.kind == "node":
        return net.stage_by_name[member.stage].title
    return {
        "link": "Link",
        "rule": "Assumed corridor",
        "intake": "Own use",
        "restriction": "Restriction",
    }[member.kind]


def cut_rows(
    flow: FlowResult, *, most: int | None = None, cites: Cites | None = None
) -> list[dict[str, Any]]:
    """Members of a flow's minimum cut, the rest in one row, and their sum."""
    net = flow.question.net
    shown = flow.cut[:most]
    rest = flow.cut[len(shown) :]
    rows = [
        {
            "limit": member.name,
            "kind": limit_kind(net, member),
            "country": country_name(member.country, net.commodity.areas) if member.country else "",
            "capacity": member.capacity,
            "confidence": member.confidence,
            CITED.key: numbers_of(cites, _sources_of_limit(net, member)) if cites else (),
        }
        for member in shown
    ]
    if rest:
        total = sum(member.capacity for member in rest)
        rows.append({"limit": count(len(rest), "smaller limit"), "capacity": total})
    rows.append({"limit": "Together: the most that can arrive", "capacity": flow.value})
    rows[0]["element"] = element_cell(net, flow.element)
    blank = {"element": "", "kind": "", "country": "", "confidence": "", CITED.key: ()}
    return [{**blank, **row} for row in rows]


def _sources_of_limit(net: SupplyNetwork, member: Bottleneck) -> Iterator[str]:
    """Yield the sources of the row that sets a limit."""
    if member.kind == "node":
        yield from net.node(member.id).source_ids
    for rule in net.rule_rows if member.kind == "rule" else ():
        if rule.id == member.id:
            yield from rule.source_ids
    for edge in net.edge_rows if member.kind == "link" else ():
        if f"{edge.source} -> {edge.target}" == member.id:
            yield from edge.source_ids


def cut_table(rows: Iterable[dict[str, Any]], caption: str, cites: Cites | None = None) -> Table:
    """Limits that together stop more from coming."""
    columns = (
        ELEMENT,
        Column("limit", "Limit"),
        Column("kind", "Kind"),
        Column("country", "Country"),
        Column("capacity", "Lets through", kind="tonnes"),
        Column("confidence", "How known"),
    )
    return Table(_with_sources(columns, cites), tuple(rows), caption, "cut")


def via_table(result: BypassResult) -> Table:
    """What each via country can carry and adds."""
    rows: list[dict[str, Any]] = []
    blank = {"element": "", "alone": "", "marginal": "", "shapley": ""}
    for element in result.elements:
        first = element_cell(result.question.net, element.element)
        if not element.flow.value:
            rows.append({**blank, "element": first, "via": "no open way", "through": 0.0})
            continue
        for number, part in enumerate(element.via_shares):
            rows.append(
                {
                    "element": first if number == 0 else "",
                    "via": selector_name(result.question.net, part.via),
                    "through": part.through,
                    "alone": part.alone,
                    "marginal": part.marginal,
                    "shapley": part.shapley,
                }
            )
        together = element.via_together.value
        rows.append({**blank, "via": "Any of them", "through": together})
    columns = (
        ELEMENT,
        Column("via", "By way of"),
        Column("through", "Can carry", kind="tonnes"),
        Column("alone", "Adds alone", kind="tonnes"),
        Column("marginal", "Lost without it", kind="tonnes"),
        Column("shapley", "Fair share", kind="tonnes"),
    )
    return Table(columns, tuple(rows), "What each country can carry and adds", "via")


def year_table(one: ElementBypass) -> Table:
    """Potential of one element by year and tier, with the demand."""
    rows = tuple(
        {
            **row,
            "demand": None if row["demand_how"] == "not known" else row["demand"],
        }
        for row in one.years
    )
    columns = (
        Column("year", "Year", kind="year"),
        Column("demand", "Demand", kind="tonnes"),
        Column("demand_how", "How the demand is known"),
        *(Column(tier.name, tier_title(tier.name), kind="tonnes") for tier in one.tiers),
    )
    caption = element_cell(one.question.net, one.element)
    return Table(columns, rows, caption, f"years-{one.element}")


def confidence_table(flows: Sequence[FlowResult]) -> Table:
    """How sure the figures behind the tonnes are: the least sure one, and all of them."""
    rows = []
    for flow in flows:
        known = flow.value > 0.0
        rows.append(
            {
                "element": flow.element,
                **{
                    f"figures-{name}": flow.figures[name] if known else None for name in CONFIDENCES
                },
                "weakest": flow.confidence["estimated"] if known else None,
                "demand": None if flow.demand.how == "none" else flow.demand.estimated_share,
            }
        )
    columns = (
        Column("element", "Element"),
        *(
            Column(f"figures-{name}", f"Figures: {CONFIDENCES[name].title.lower()}", kind="share")
            for name in CONFIDENCES
        ),
        Column("weakest", "Tonnes with an estimate on the way", kind="share"),
        Column("demand", "Demand that is estimated", kind="share"),
    )
    caption = "How sure the capacities and links on the routes are, weighted by tonnes"
    return Table(columns, tuple(rows), caption, "confidence")
