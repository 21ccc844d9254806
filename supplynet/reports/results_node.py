"""One node as a document: capacity, links, assay, recoveries, demand and sources."""

from __future__ import annotations

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
    Recovery,
    Rule,
    Source,
)
from supplynet.network.selector import controller, owners, shares_of
from supplynet.network.timeline import ramp_steps
from supplynet.network.units import tonnage
from supplynet.present.document import Bullets, Column, Document, Section, Table
from supplynet.present.words import selector_phrase
from supplynet.reports.listed import listed
from supplynet.text import NOT_KNOWN, between, listing, tonnes

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


def _country(net: SupplyNetwork, code: str) -> str:
    return NOT_KNOWN if code == UNKNOWN else country_name(code, net.commodity.areas)


def of_node(net: SupplyNetwork, node_id: str) -> Document:
    """Return the document of one node: capacity, links, assay, recoveries and sources."""
    node = net.node(node_id)
    sections = [Section("", (Bullets(tuple(_facts(net, node))),), "about")]
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
            sections.append(Section(title, (table,), name))
    lines, rules_told = _corridors(net, node)
    if lines:
        sections.append(Section("Assumed corridors", (Bullets(tuple(lines)),), "rules"))
    sources = [source_line(source) for source in _sources(net, node)]
    if sources:
        sections.append(Section("Sources", (Bullets(tuple(sources)),), "sources"))
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
    for row in cast("tuple[Circuit, ...]", net.rows("circuits")):
        if row.node_id == node.id:
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
    low = row.capacity if row.capacity_low is None else row.capacity_low
    high = row.capacity if row.capacity_high is None else row.capacity_high
    return f"{text} ({between(low, high)})"


def _capacities(net: SupplyNetwork, node: Node) -> Table:
    given = cast("tuple[Capacity, ...]", net.rows("capacities"))
    steps = (*given, *ramp_steps(net, [node.id]))
    rows = tuple(
        {
            "year": row.year,
            "capacity": row.capacity,
            "range": (
                row.capacity if row.capacity_low is None else row.capacity_low,
                row.capacity if row.capacity_high is None else row.capacity_high,
            ),
            "unit": row.unit,
            "confidence": row.confidence,
            "note": row.note,
        }
        for row in sorted(steps, key=lambda row: row.year)
        if row.node_id == node.id
    )
    columns = (
        Column("year", "From", kind="year"),
        Column("capacity", "A year", kind="tonnes"),
        Column("range", "Range", kind="tonnes"),
        Column("unit", "Unit"),
        Column("confidence", "How known"),
        Column("note", "Note"),
    )
    return Table(columns, rows, "", "capacities")


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
    columns = (
        Column("node", "From" if is_in else "To"),
        Column("country", "Country"),
        *(
            column
            for column in _LINK_COLUMNS
            if column.key not in _WHERE_TOLD or _is_told(column.key, rows)
        ),
    )
    return Table(columns, rows, "", "links_in" if is_in else "links_out")


def _is_told(key: str, rows: tuple[dict[str, Any], ...]) -> bool:
    """Whether a column says anything that the limit does not."""
    return any(row[key] not in (None, row["capacity"]) for row in rows)


#: columns of links that stand there only where they tell something
_WHERE_TOLD = frozenset({"range", "observed", "firm"})
_LINK_COLUMNS = (
    Column("form", "Carries"),
    Column("capacity", "Limit", kind="tonnes"),
    Column("range", "Range", kind="tonnes"),
    Column("observed", "Went", kind="tonnes"),
    Column("firm", "Firm", kind="tonnes"),
    Column("unit", "Unit"),
    Column("years", "Years"),
    Column("standing", "Standing"),
    Column("confidence", "How known"),
)


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


def _assays(net: SupplyNetwork, node: Node) -> Table:
    rows = tuple(
        {"element": row.element, "share": row.share, "confidence": row.confidence}
        for row in net.assay_rows
        if row.node_id == node.id
    )
    columns = (
        Column("element", "Element"),
        Column("share", "Share of the mix", kind="share"),
        Column("confidence", "How known"),
    )
    return Table(columns, rows, "", "assays")


def _recoveries(net: SupplyNetwork, node: Node) -> Table:
    rows = tuple(
        {"group": row.group, "recovery": row.recovery, "confidence": row.confidence}
        for row in cast("tuple[Recovery, ...]", net.rows("recoveries"))
        if row.node_id == node.id
    )
    columns = (
        Column("group", "Of"),
        Column("recovery", "Comes out again", kind="share"),
        Column("confidence", "How known"),
    )
    return Table(columns, rows, "", "recoveries")


def _scrap(net: SupplyNetwork, node: Node) -> Table:
    row = scrap_rows(net).get(node.id)
    rows = (
        ()
        if row is None
        else (
            {
                "ratio": row.ratio,
                "range": (
                    row.ratio if row.ratio_low is None else row.ratio_low,
                    row.ratio if row.ratio_high is None else row.ratio_high,
                ),
                "confidence": row.confidence,
                "note": row.note,
            },
        )
    )
    columns = (
        Column("ratio", "Of what is finished", kind="share"),
        Column("range", "Range", kind="share"),
        Column("confidence", "How known"),
        Column("note", "Note"),
    )
    return Table(columns, rows, "", "scrap")


def _production(net: SupplyNetwork, node: Node) -> Table:
    rows = tuple(
        {"year": row.year, "production": row.production, "unit": row.unit, "confidence": sure}
        for row, sure in ((cast("Any", row), row.confidence) for row in _own(net, node))
    )
    columns = (
        Column("year", "Year", kind="year"),
        Column("production", "Made", kind="tonnes"),
        Column("unit", "Unit"),
        Column("confidence", "How known"),
    )
    return Table(columns, rows, "", "production")


def _own(net: SupplyNetwork, node: Node) -> list[Any]:
    return [row for row in cast("Any", net.rows("production")) if row.node_id == node.id]


def _demand(net: SupplyNetwork, node: Node) -> Table:
    rows = tuple(
        {
            "year": row.year,
            "use": row.use,
            "quantity": row.quantity,
            "unit": row.unit,
            "role": row.role,
            "confidence": row.confidence,
        }
        for row in sorted(net.demand_rows, key=lambda row: row.year)
        if row.nation == node.id
    )
    columns = (
        Column("year", "Year", kind="year"),
        Column("use", "Use"),
        Column("quantity", "A year", kind="tonnes"),
        Column("unit", "Unit"),
        Column("role", "Role"),
        Column("confidence", "How known"),
    )
    return Table(columns, rows, "", "demand")


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


def source_line(source: Source) -> str:
    """Return a source as one line: publisher, year, title, edition, page, where, and its id."""
    head = ", ".join(part for part in (source.publisher, source.year) if part)
    parts = [head, source.title, source.edition, source.page, source.locator]
    known = "; ".join(part for part in parts if part)
    return f"{known} [{source.id}]"
