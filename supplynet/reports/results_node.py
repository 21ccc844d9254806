"""One node as a document: capacity, links, assay, recoveries, demand and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.arrays.feeds import scrap_rows
from supplynet.network.countries import country_name
from supplynet.network.schema import (
    TABLES,
    UNKNOWN,
    Capacity,
    Circuit,
    Edge,
    Node,
    Provenance,
    Rule,
    Source,
)
from supplynet.network.selector import controller, owners, shares_of
from supplynet.network.timeline import ramp_steps
from supplynet.network.units import tonnage
from supplynet.present.document import Document, Head, Table, section, table_from
from supplynet.present.words import selector_phrase, source_line
from supplynet.reports.results_page import listed
from supplynet.terms import ENDS
from supplynet.text import NOT_KNOWN, between, listing, tonnes

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def _country(net: SupplyNetwork, code: str) -> str:
    return NOT_KNOWN if code == UNKNOWN else country_name(code, net.commodity.areas)


def of_node(net: SupplyNetwork, node_id: str) -> Document:
    """Return the document of one node: capacity, links, assay, recoveries and sources."""
    node = net.node(node_id)
    tables = {title: table for title, table in _tables(net, node) if table.rows}
    lines, rules_told = _corridors(net, node)
    sources = _sources(net, node)
    sections = (
        section("", "about", tuple(_facts(net, node))),
        *(section(title, table.name, table) for title, table in tables.items()),
        section("Assumed corridors", "rules", tuple(lines)),
        section("Sources", "sources", tuple(map(source_line, sources))),
    )
    content = {
        "node": node.model_dump(mode="json"),
        **{table.name: list(table.rows) for table in tables.values()},
        "rules": rules_told,
        "sources": [source.model_dump(mode="json") for source in sources],
    }
    stated = tuple(portion for portion in sections if portion.blocks)
    return Document(node.name, stated, listed("node", node.name, content))


def _tables(net: SupplyNetwork, node: Node) -> Iterator[tuple[str, Table]]:
    """Yield the tables of a node with their titles."""
    rows = partial(_of_node, net, node)
    values: dict[str, Head | str] = {"confidence": "How known"}
    yield (
        "Capacity over time",
        table_from(
            "capacities",
            sorted((*rows("capacities"), *ramp_steps(net, [node.id])), key=attrgetter("year")),
            year=Head("From", "year"),
            capacity=Head("A year", "tonnes"),
            range=Head("Range", "tonnes", lambda row: _range(row, "capacity")),
            unit="Unit",
            **values,
            note="Note",
        ),
    )
    yield "Brings in", _links(net, node, is_in=True)
    yield "Sends out", _links(net, node, is_in=False)
    share = Head("Share of the mix", "share")
    yield "Assay", table_from("assays", rows("assays"), element="Element", share=share, **values)
    recovery = Head("Comes out again", "share")
    heads = {"group": "Of", "recovery": recovery, **values}
    yield "Recovery", table_from("recoveries", rows("recoveries"), **heads)
    yield (
        "Scrap",
        table_from(
            "scrap",
            filter(None, [scrap_rows(net).get(node.id)]),
            ratio=Head("Of what is finished", "share"),
            range=Head("Range", "share", lambda row: _range(row, "ratio")),
            **values,
            note="Note",
        ),
    )
    year, made = Head("Year", "year"), Head("Made", "tonnes")
    heads = {"year": year, "production": made, "unit": "Unit", **values}
    yield "Output", table_from("production", rows("production"), **heads)
    query = (row for row in net.demand_rows if row.nation == node.id)
    yield (
        "Demand",
        table_from(
            "demand",
            sorted(query, key=attrgetter("year")),
            year=year,
            use="Use",
            quantity=Head("A year", "tonnes"),
            unit="Unit",
            role="Role",
            **values,
        ),
    )


def _facts(net: SupplyNetwork, node: Node) -> Iterator[str]:
    stage = net.stage_by_name[node.stage]
    where = ", ".join(piece for piece in (node.region, _country(net, node.country)) if piece)
    titles = [net.stage_by_name[stage].title for stage in node.also if stage in net.stage_by_name]
    yield f"{stage.title} in {where}; id {node.id}."
    if not stage.is_nation:
        years = _years(node.start_year, node.end_year)
        yield f"State: {node.status}{f', {years}' if years else ''}."
        owner = f"Owner's country: {_country(net, controller(net, node))}"
        if node.id in owners(net):
            parts = [
                f"{_country(net, owner)} {share:.0%}"
                for owner, share in shares_of(net, node).items()
            ]
            owner += f" (shares: {listing(parts)})"
        yield f"{owner}; run by {node.operator}." if node.operator else f"{owner}."
        yield f"Capacity: {_capacity(node)}, {node.confidence}."
    if titles:
        yield f"Does as well the work of: {listing(titles)}."
    if node.makes:
        yield f"Turns out separately: {listing(node.makes)}."
    for row in _of_node(net, node, "circuits"):
        since = "" if row.year is None else f" from {row.year}"
        yield f"Circuit of {row.group}{since}: {_capacity(row)}, {row.confidence}."
    if node.product is not None:
        product = net.product_by_id.get(node.product)
        yield f"Product: {product.name if product else node.product}."
    if node.feed:
        yield f"Feed: {node.feed}."
    if node.note:
        yield f"Note: {node.note}"


def _years(start: int | None, end: int | None) -> str:
    if start is None and end is None:
        return ""
    if end is None:
        return f"from {start}"
    return f"until {end}" if start is None else f"{start} to {end}"


def _capacity(row: Node | Capacity | Circuit) -> str:
    if row.capacity is None:
        return "sets no limit itself"
    text = f"{tonnes(row.capacity)} {row.unit} a year"
    if row.capacity_low is None and row.capacity_high is None:
        return text
    return f"{text} ({between(*_range(row, 'capacity'))})"


def _range(row: Any, name: str) -> tuple[float, float]:
    """Return the ends of a figure of a row, itself where none is given."""
    value = getattr(row, name)
    bounds = (getattr(row, f"{name}_{end}") for end in ENDS)
    low, high = (value if end is None else end for end in bounds)
    return low, high


def _links(net: SupplyNetwork, node: Node, *, is_in: bool) -> Table:
    bounds = [(edge, edge.source if is_in else edge.target) for edge in net.edge_rows]
    mine = [
        (edge, other)
        for edge, other in bounds
        if node.id == (edge.target if is_in else edge.source) and other in net.node_by_id
    ]
    rows = tuple(
        {
            "node": net.node(other).name,
            "country": _country(net, net.node(other).country),
            **_link(net, edge),
        }
        for edge, other in mine
    )
    record = {
        key: head
        for key, head in _LINK_HEADS.items()
        if key not in _WHERE_TOLD or any(row[key] not in (None, row["capacity"]) for row in rows)
    }
    name, side = ("links_in", "From") if is_in else ("links_out", "To")
    table = table_from(name, rows, node=side, country="Country", **record)
    return replace(table, rows=rows)  # JSON states all


#: columns of links that stand there only where they state something
_WHERE_TOLD = frozenset({"range", "observed", "firm"})
_LINK_HEADS: dict[str, Head | str] = {
    "form": "Carries",
    "capacity": Head("Limit", "tonnes"),
    "range": Head("Range", "tonnes"),
    "observed": Head("Went", "tonnes"),
    "firm": Head("Firm", "tonnes"),
    "unit": "Unit",
    "years": "Years",
    "standing": "Standing",
    "confidence": "How known",
}


def _link(net: SupplyNetwork, link: Edge | Rule) -> dict[str, Any]:
    form = net.form_by_name.get(link.form)
    return {
        "form": form.title if form else link.form,
        "capacity": "no limit" if link.capacity is None else link.capacity,
        "range": _ends(net, link),
        "observed": link.observed,
        "firm": getattr(link, "minimum", None),
        "unit": link.unit,
        "years": _years(link.start_year, link.end_year),
        "standing": link.standing,
        "confidence": link.confidence,
    }


def _ends(net: SupplyNetwork, link: Edge | Rule) -> tuple[float, float] | None:
    """Return the ends of a limit, those by default among them; nothing where it has none."""
    low, high = tonnage(net, link, "capacity", "low"), tonnage(net, link, "capacity", "high")
    return None if low is None or high is None or low == high else (low, high)


def _corridors(net: SupplyNetwork, node: Node) -> tuple[list[str], list[dict[str, Any]]]:
    """Corridors that begin or end at a node, as lines and as data."""
    from supplynet.network.rules import corridors

    lines, records = [], []
    for corridor in corridors(net):
        rule = corridor.rule
        by = f", tolled by {selector_phrase(net, rule.via)}" if rule.via else ""
        for nodes, route, selector in (
            (corridor.sources, "to", rule.target),
            (corridor.tollers, "for", rule.target),
            (corridor.targets, "from", rule.source),
        ):
            if node.id in nodes:
                link = _link(net, rule)
                limit = "no limit" if rule.capacity is None else f"{tonnes(rule.capacity)} "
                bounds, went = link["range"], rule.observed
                more = f" ({between(*bounds)})" if bounds else ""
                more += f", {tonnes(went)} went" if went is not None else ""
                years = f", {link['years']}" if link["years"] else ""
                lines.append(
                    f"{link['form']} {route} {selector_phrase(net, selector)}{by}: "
                    f"{limit}{rule.unit if rule.capacity is not None else ''}{more}{years}; "
                    f"{rule.standing}, {rule.confidence}. {rule.reason} [{rule.id}]"
                )
                records.append({"rule": rule.id, "way": route, "other": selector, **link})
    return lines, records


def _of_node(net: SupplyNetwork, node: Node, name: str) -> Iterator[Any]:
    """Return the rows of a table that are about a node."""
    return (row for row in cast("Any", net.rows(name)) if row.node_id == node.id)


def _sources(net: SupplyNetwork, node: Node) -> list[Source]:
    """Sources of the node's own row and of every row about it, in the order of the table."""
    keys = ("node_id", "source", "target", "nation")
    cited = set(node.source_ids)
    for name, model in TABLES.items():
        if issubclass(model, Provenance):
            for row in net.rows(name):
                if node.id in (getattr(row, key, None) for key in keys):
                    cited |= set(cast("Provenance", row).source_ids)
    if node.id in scrap_rows(net):
        cited |= set(scrap_rows(net)[node.id].source_ids)
    return [source for key, source in net.source_by_id.items() if key in cited]
