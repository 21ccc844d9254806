"""One node as a document: capacity, links, assay, recoveries, demand and sources."""

from __future__ import annotations

from dataclasses import replace
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
    sections = [section("", "about", tuple(_facts(net, node)))]
    for title, name, table in (
        ("Capacity over time", "capacities", _capacities(net, node)),
        ("Brings in", "links_in", _links(net, node, is_in=True)),
        ("Sends out", "links_out", _links(net, node, is_in=False)),
        ("Assay", "assays", _assays(net, node)),
        ("Recovery", "recoveries", _recoveries(net, node)),
        ("Scrap", "scrap", _scrap(net, node)),
        ("Output", "production", _production(net, node)),
        ("Demand", "demand", _demand(net, node)),
    ):
        if table.rows:
            sections.append(section(title, name, table))
    lines, rules_told = _corridors(net, node)
    if lines:
        sections.append(section("Assumed corridors", "rules", tuple(lines)))
    sources = [source_line(source) for source in _sources(net, node)]
    if sources:
        sections.append(section("Sources", "sources", tuple(sources)))
    content = {
        "node": node.model_dump(mode="json"),
        **{
            table.name: list(table.rows)
            for section in sections
            for table in section.blocks
            if isinstance(table, Table)
        },
        "rules": rules_told,
        "sources": [source.model_dump(mode="json") for source in _sources(net, node)],
    }
    return Document(node.name, tuple(sections), listed("node", node.name, content))


def _facts(net: SupplyNetwork, node: Node) -> list[str]:
    stage = net.stage_by_name[node.stage]
    where = ", ".join(part for part in (node.region, _country(net, node.country)) if part)
    titles = [net.stage_by_name[stage].title for stage in node.also if stage in net.stage_by_name]
    facts = [f"{stage.title} in {where}; id {node.id}."]
    if not stage.is_nation:
        years = _years(node.start_year, node.end_year)
        facts.append(f"State: {node.status}{f', {years}' if years else ''}.")
        owner = f"Owner's country: {_country(net, controller(net, node))}"
        if node.id in owners(net):
            parts = [
                f"{_country(net, owner)} {share:.0%}"
                for owner, share in shares_of(net, node).items()
            ]
            owner += f" (shares: {listing(parts)})"
        facts.append(f"{owner}; run by {node.operator}." if node.operator else f"{owner}.")
        facts.append(f"Capacity: {_capacity(node)}, {node.confidence}.")
    if titles:
        facts.append(f"Does as well the work of: {listing(titles)}.")
    if node.makes:
        facts.append(f"Turns out separately: {listing(node.makes)}.")
    for row in _of_node(net, node, "circuits"):
        since = "" if row.year is None else f" from {row.year}"
        facts.append(f"Circuit of {row.group}{since}: {_capacity(row)}, {row.confidence}.")
    if node.product is not None:
        product = net.product_by_id.get(node.product)
        facts.append(f"Product: {product.name if product else node.product}.")
    if node.feed:
        facts.append(f"Feed: {node.feed}.")
    if node.note:
        facts.append(f"Note: {node.note}")
    return facts


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


def _capacities(net: SupplyNetwork, node: Node) -> Table:
    given = cast("tuple[Capacity, ...]", net.rows("capacities"))
    steps = (row for row in (*given, *ramp_steps(net, [node.id])) if row.node_id == node.id)
    return table_from(
        "capacities",
        sorted(steps, key=lambda row: row.year),
        year=Head("From", "year"),
        capacity=Head("A year", "tonnes"),
        range=Head("Range", "tonnes", lambda row: _range(row, "capacity")),
        unit="Unit",
        confidence="How known",
        note="Note",
    )


def _range(row: Any, name: str) -> tuple[float, float]:
    """Return the ends of a figure of a row, itself where none is given."""
    value = getattr(row, name)
    ends = (getattr(row, f"{name}_{end}") for end in ENDS)
    low, high = (value if end is None else end for end in ends)
    return low, high


def _links(net: SupplyNetwork, node: Node, *, is_in: bool) -> Table:
    ends = [(edge, edge.source if is_in else edge.target) for edge in net.edge_rows]
    mine = [
        (edge, other)
        for edge, other in ends
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
    told = {
        key: head
        for key, head in _LINK_HEADS.items()
        if key not in _WHERE_TOLD or _is_told(key, rows)
    }
    name, side = ("links_in", "From") if is_in else ("links_out", "To")
    table = table_from(name, rows, node=side, country="Country", **told)
    return replace(table, rows=rows)  # JSON states all


def _is_told(key: str, rows: tuple[dict[str, Any], ...]) -> bool:
    """Whether a column says anything that the limit does not."""
    return any(row[key] not in (None, row["capacity"]) for row in rows)


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
        for nodes, way, selector in (
            (corridor.sources, "to", rule.target),
            (corridor.tollers, "for", rule.target),
            (corridor.targets, "from", rule.source),
        ):
            if node.id in nodes:
                link = _link(net, rule)
                limit = "no limit" if rule.capacity is None else f"{tonnes(rule.capacity)} "
                ends, went = link["range"], rule.observed
                more = f" ({between(*ends)})" if ends else ""
                more += f", {tonnes(went)} went" if went is not None else ""
                years = f", {link['years']}" if link["years"] else ""
                lines.append(
                    f"{link['form']} {way} {selector_phrase(net, selector)}{by}: "
                    f"{limit}{rule.unit if rule.capacity is not None else ''}{more}{years}; "
                    f"{rule.standing}, {rule.confidence}. {rule.reason} [{rule.id}]"
                )
                records.append({"rule": rule.id, "way": way, "other": selector, **link})
    return lines, records


def _of_node(net: SupplyNetwork, node: Node, name: str) -> Any:
    """Return the rows of a table that are about a node."""
    return (row for row in cast("Any", net.rows(name)) if row.node_id == node.id)


def _assays(net: SupplyNetwork, node: Node) -> Table:
    return table_from(
        "assays",
        (row for row in net.assay_rows if row.node_id == node.id),
        element="Element",
        share=Head("Share of the mix", "share"),
        confidence="How known",
    )


def _recoveries(net: SupplyNetwork, node: Node) -> Table:
    return table_from(
        "recoveries",
        _of_node(net, node, "recoveries"),
        group="Of",
        recovery=Head("Comes out again", "share"),
        confidence="How known",
    )


def _scrap(net: SupplyNetwork, node: Node) -> Table:
    row = scrap_rows(net).get(node.id)
    return table_from(
        "scrap",
        () if row is None else (row,),
        ratio=Head("Of what is finished", "share"),
        range=Head("Range", "share", lambda row: _range(row, "ratio")),
        confidence="How known",
        note="Note",
    )


def _production(net: SupplyNetwork, node: Node) -> Table:
    return table_from(
        "production",
        _of_node(net, node, "production"),
        year=Head("Year", "year"),
        production=Head("Made", "tonnes"),
        unit="Unit",
        confidence="How known",
    )


def _demand(net: SupplyNetwork, node: Node) -> Table:
    return table_from(
        "demand",
        sorted((row for row in net.demand_rows if row.nation == node.id), key=lambda row: row.year),
        year=Head("Year", "year"),
        use="Use",
        quantity=Head("A year", "tonnes"),
        unit="Unit",
        role="Role",
        confidence="How known",
    )


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
