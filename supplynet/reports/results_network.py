"""Networks, nodes, lists of graphs, checks and merges as documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.arrays.feeds import scrap_rows
from supplynet.contract.headline import Headline
from supplynet.errors import SupplynetError
from supplynet.network.countries import country_name
from supplynet.network.names import Entry, find, nations, plants
from supplynet.network.scenario.effect import spelled
from supplynet.network.scenario.years import years_of_scenario
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
from supplynet.network.selector import controller, owners, select_some, shares_of
from supplynet.network.timeline import ramp_steps
from supplynet.network.units import tonnage
from supplynet.present.document import (
    Column,
    Content,
    Document,
    Head,
    Table,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import count, selector_phrase, source_line
from supplynet.questions.calibrate.page import unplaced_sections
from supplynet.reports.results_page import listed
from supplynet.terms import CONFIDENCES, ENDS, PLANTS, STANDINGS, STATUSES
from supplynet.text import NOT_KNOWN, between, listing, share, tonnes
from supplynet.trade.table import record_lines

if TYPE_CHECKING:
    from supplynet.io.load import GraphInfo
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.problems import CheckReport, Problem
    from supplynet.network.scenario.scenario import Scenario
    from supplynet.network.schema import Accepted
    from supplynet.trade.merge import MergeResult


def of_graphs(graphs: Iterable[GraphInfo]) -> Document:
    """Return the document of a list of graphs."""
    table = table_from(
        "graphs",
        (records := [asdict(graph) for graph in graphs]),
        id="Graph",
        title="Title",
        elements="Carries",
        n_nodes=Head("Nodes", "int"),
        n_edges=Head("Links", "int"),
        n_scenarios=Head("Scenarios", "int"),
        base_year=Head("Base year", "year"),
        last_year=Head("To", "year"),
        newest_source=Head("Newest source", "year"),
        estimated_share=Head("Estimates", "share"),
        version="Version",
    )
    content = listed("graphs", "Graphs", {"graphs": records})
    return Document("Graphs", (section("", "graphs", table),), content)


# -- show ---------------------------------------------------------------------------------


def of_network(net: SupplyNetwork, *, year: int | None = None) -> Document:
    """Return the document of a network, or of its slice of a year: what it holds, and how sure."""
    commodity, head = net.commodity, net.metadata
    facts = [
        f"Carries {listing(commodity.elements)}, in tonnes of "
        f"{'oxide' if commodity.basis == 'oxide' else 'the element'}.",
        f"Speaks of the years {commodity.first_year} to {commodity.last_year}; "
        f"{commodity.base_year} unless another is asked for.",
        f"Stages: {listing(stage.plural for stage in commodity.stages)}.",
        f"Forms: {listing(form.title for form in commodity.forms)}.",
    ]
    if commodity.groups:
        groups = (f"{name} ({', '.join(group)})" for name, group in commodity.groups.items())
        facts.append(f"Element groups: {listing(groups)}.")
    if net.applied:
        facts.append(f"Scenarios applied: {listing(net.applied)}.")
    if head.licenses:
        facts.append(f"License: {listing(head.licenses)}.")
    facts.append(f"Version {head.version}, digest {net.digest}.")
    tables = [_stage_table(net, year), _link_table(net), _row_table(net)]
    titles = ["Plants and nations", "Links", "Tables", "Scenarios"]
    if net.scenarios:
        tables.append(_scenario_table(net))
    sections = (
        section("", "about", head.description, tuple(facts)),
        *(section(title, entry.name, entry) for title, entry in zip(titles, tables, strict=False)),
    )
    content = {
        "graph": net.name,
        "title": head.title,
        "description": head.description,
        "version": head.version,
        "licenses": list(head.licenses),
        "attribution": head.attribution,
        "digest": net.digest,
        "scenarios_applied": list(net.applied),
        "elements": list(commodity.elements),
        "headline_elements": list(commodity.headline),
        "years": [commodity.first_year, commodity.last_year],
        "base_year": commodity.base_year,
        **{table.name: list(table.rows) for table in tables},
    }
    title = head.title if year is None else f"{head.title}, {year}"
    return Document(title, sections, listed("graph", title, content))


def _stage_table(net: SupplyNetwork, year: int | None) -> Table:
    """Plants by what they are today; of the slice of a year, those that are there in it."""
    rows: list[dict[str, Any]] = []
    for stage in net.stages:
        nodes = [
            node
            for node in net.node_rows
            if node.stage == stage.name and (year is None or node.status != "closed")
        ]
        states: Counter[str | None] = Counter(STATUSES[node.status].floor for node in nodes)
        places = Counter(node.country for node in nodes)
        top = [
            f"{country_name(code, net.commodity.areas)} {n}" for code, n in places.most_common(3)
        ]
        rows.append(
            {
                "stage": stage.plural,
                "nodes": len(nodes),
                **{floor: states[floor] for floor in PLANTS},
                "countries": len(places),
                "most": "" if stage.is_nation else ", ".join(top),
            }
        )
    return table_from(
        "stages",
        rows,
        "" if year is None else f"What is there in {year}, by what it is today",
        stage="Stage",
        nodes=Head("Nodes", "int"),
        operating=Head("Running", "int"),
        construction=Head("Being built", "int"),
        planned=Head("Planned", "int"),
        countries=Head("Countries", "int"),
        most="Most in",
    )


def _link_table(net: SupplyNetwork) -> Table:
    links, rules = (
        Counter(row.standing for row in rows) for rows in (net.edge_rows, net.rule_rows)
    )
    return table_from(
        "links",
        STANDINGS,
        standing=Head("Standing", of=str),
        links=Head("Named links", "int", lambda name: links[name]),
        rules=Head("Assumed corridors", "int", lambda name: rules[name]),
    )


def _row_table(net: SupplyNetwork) -> Table:
    rows = []
    for name, model in TABLES.items():
        table_rows = net.rows(name)
        record: dict[str, Any] = {"table": name, "rows": len(table_rows)}
        if issubclass(model, Provenance):
            sure: Counter[str] = Counter(cast("Provenance", row).confidence for row in table_rows)
            record |= {confidence: sure[confidence] for confidence in CONFIDENCES}
        rows.append(record)
    columns = (
        Column("table", "Table"),
        Column("rows", "Rows", kind="int"),
        *(Column(confidence, confidence.capitalize(), kind="int") for confidence in CONFIDENCES),
    )
    return Table(columns, tuple(rows), "Rows, and how their figures are known", "tables")


def _scenario_table(net: SupplyNetwork, years: Mapping[str, Sequence[int]] | None = None) -> Table:
    """A line a scenario, with the years in which it acts where these are given."""
    rows = tuple(
        {
            "scenario": name,
            "title": scenario.title,
            "changes": len(scenario.change),
            "years": spelled((years or {}).get(name, ())),
        }
        for name, scenario in sorted(net.scenarios.items())
    )
    columns = (
        Column("scenario", "Scenario"),
        Column("title", "What is assumed"),
        *((Column("years", "Acts in"),) if years else ()),
        Column("changes", "Changes", kind="int"),
    )
    return Table(columns, rows, "", "scenarios")


def _years(net: SupplyNetwork, scenario: Scenario) -> tuple[int, ...]:
    """The years in which a scenario acts; none where it cannot be applied, which check states."""
    try:
        return years_of_scenario(net, scenario)
    except SupplynetError:
        return ()


def of_scenario_list(net: SupplyNetwork) -> Document:
    """Return the document of a network's scenarios: a line each, then each in full."""
    years = {name: _years(net, scenario) for name, scenario in net.scenarios.items()}
    content = {
        "graph": net.name,
        "scenarios": [
            {
                "name": name,
                "title": scenario.title,
                "description": " ".join(scenario.description.split()),
                "years": list(years[name]),
                "excludes": list(scenario.excludes),
                "changes": len(scenario.change),
                "parameters": {
                    key: value.model_dump(mode="json", exclude_defaults=True)
                    for key, value in scenario.parameters.items()
                },
            }
            for name, scenario in sorted(net.scenarios.items())
        ],
    }
    title = f"Scenarios of {net.metadata.title}"
    content = listed("scenario_list", title, content)
    if not net.scenarios:
        nothing = f"{net.name} has no scenarios."
        return Document(title, (section("", "scenarios", nothing),), content)
    parameters = [
        {"scenario": name, "parameter": key, "of": value}
        for name, scenario in sorted(net.scenarios.items())
        for key, value in scenario.parameters.items()
    ]
    table = table_from(
        "parameters",
        parameters,
        "Parameters: name:parameter=value sets one",
        scenario="Scenario",
        parameter="Parameter",
        default=Head("Default", of=_default, align="right"),
        allowed=Head("May be", of=_allowed),
        meaning=Head("What it says", of=lambda row: row["of"].meaning),
    )
    blocks = _scenario_table(net, years), table if parameters else None
    return Document(title, (section("", "scenarios", *blocks),), content)


def _default(row: dict[str, Any]) -> str:
    value = row["of"].default
    return value if isinstance(value, str) else f"{value:g}"


def _allowed(row: dict[str, Any]) -> str:
    value = row["of"]
    return ", ".join(value.choices) or f"{value.low:g} to {value.high:g}"


def of_nations(net: SupplyNetwork) -> Document:
    """Return the nations that may be asked for by --to, and what they need."""
    return _document(
        f"Nations of {net.metadata.title}",
        nations(net),
        {"word": "Write", "name": "Nation", "detail": "Needs"},
    )


def of_plants(net: SupplyNetwork, selector: str, lens: str) -> Document:
    """Return the plants that a selector names."""
    ids = select_some(net, selector, lens=lens, what="nodes").possibly
    titles = {
        "kind": "Stage",
        "word": "Write",
        "name": "Name",
        "detail": "Country, operator, state",
    }
    return _document(f"Plants of {net.metadata.title}", plants(net, ids), titles)


def of_search(net: SupplyNetwork, text: str) -> Document:
    """Return everything whose name holds a text; an UnknownNameError where nothing does."""
    titles = {"kind": "What", "word": "Write", "name": "Name", "detail": "More"}
    return _document(f"{text} in {net.metadata.title}", find(net, text), titles)


def _document(title: str, entries: Iterable[Entry], titles: dict[str, str]) -> Document:
    rows = [{name: getattr(entry, name) for name in Entry.__slots__} for entry in entries]
    table = table_from("entries", rows, **titles)
    content = listed("entries", title, {"entries": rows})
    return Document(title, (section("", "entries", table),), content)


#: rows of the table of a merge
MOST_PAIRS = 30
#: what became of a flow, in a sentence and in a row of the table
_OUTCOMES = {
    "laid": ("corridor added for the difference", "corridor added"),
    "covered": ("the graph has as much or more", "enough there"),
    "open": ("the graph has a link without a bound", "no bound there"),
    "no plant": ("one end has no plant or nation for it", "no plant there"),
}


def of_merge(result: MergeResult) -> Document:
    """Return the document of a merge: what was added, and where trade and graph differ."""
    net = result.net
    lines = []
    for outcome, (text, _) in _OUTCOMES.items():
        flows = [row for row in result.rows if row.outcome == outcome]
        if flows:
            lines.append(
                f"{count(len(flows), 'flow')}: {text}; {tonnes(sum(row.trade for row in flows))} t "
                f"by customs, {tonnes(sum(row.graph for row in flows))} t on links of the graph."
            )
    lines += record_lines(result.provenance.inputs.get("records", {}))
    lines.append(
        "Only observed links count for the graph. Customs weigh goods, whatever they hold; a "
        "capacity is not what was shipped. Differences are to be looked into, not errors."
    )
    areas = net.commodity.areas
    table = table_from(
        "merge",
        result.rows[:MOST_PAIRS],
        f"The largest differences of {count(len(result.rows), 'pair')}",
        flow=Head(
            "Flow",
            of=lambda row: (
                f"{country_name(row.exporter, areas)} to {country_name(row.importer, areas)}"
            ),
        ),
        form="Form",
        unit="Counted in",
        trade=Head("Customs", "tonnes"),
        graph=Head("Graph", "tonnes"),
        units=Head("Units there", of=attrgetter("graph_units")),
        difference=Head("Difference", "tonnes"),
        outcome=Head("What was done", of=lambda row: _OUTCOMES[row.outcome][1]),
    )
    sections = (
        section("", "answer", tuple(lines)),
        section("Trade against the graph", "merge", table),
    )
    return of_result(f"Trade laid onto {net.metadata.title}", sections, result)


#: rows and values that a line names before it counts the rest
_NAMED = 5


def of_check(report: CheckReport) -> Document:
    """Return the document of a check: the outcome, then every problem with its place.

    Problems of one kind stand in one line, with all of their rows.
    """
    outcome = (
        f"{count(report.n_checks, 'check')}: {count(len(report.errors), 'error')}, "
        f"{count(len(report.warnings), 'warning')}. {share(report.cited_share)} of the rows with "
        "figures cite a source."
    )
    sections = [section("", "outcome", outcome)]
    for title, name, problems in (
        ("Errors", "errors", report.errors),
        ("Warnings", "warnings", report.warnings),
    ):
        if problems:
            sections.append(section(title, name, *_problems(problems, name)))
    if report.accepted:
        sections.append(section("Accepted", "accepted", _accepted(report.accepted)))
    sections += unplaced_sections(report.unplaced, {})
    title = f"Check of {report.graph}"
    read_off = {"value": ("errors",), **dict.fromkeys(("low", "high", "tier", "year"))}
    head = Headline("errors", "", len(report.errors), None, None, "", None, None, read_off)
    content = {"headline": head.to_dict(), **listed("check", title, report.to_dict())}
    return Document(title, tuple(sections), content, headline=head)


def _problems(problems: Sequence[Problem], name: str) -> Iterator[Content]:
    kinds: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        key = problem.code, problem.file, problem.column, problem.message, problem.hint
        kinds.setdefault(key, []).append(problem)
    if len(kinds) < len(problems):
        word = name.removesuffix("s")
        yield (
            f"{count(len(problems), word)} of {count(len(kinds), 'kind')}, a line each; as CSV or "
            "JSON each stands by itself."
        )
    yield table_from(
        name,
        kinds.values(),
        place=Head("Where", of=_place),
        message=Head("What is wrong", of=lambda alike: alike[0].message),
        value=Head(
            "Found", of=lambda alike: _some([entry.value for entry in alike if entry.value])
        ),
        hint=Head("What to do", of=lambda alike: alike[0].hint),
        code=Head("Check", of=lambda alike: alike[0].code),
    )


def _place(problems: Sequence[Problem]) -> str:
    """Return file, rows and column of problems that differ in their rows alone.

    Examples
    --------
    >>> from supplynet.network.explain import Problem
    >>> _place([Problem("rule", "wrong", "rules.csv", row, "source") for row in (2, 3, 4, 9)])
    'rules.csv, rows 2 to 4 and 9, column source'
    """
    first = problems[0]
    numbers = sorted({problem.row for problem in problems if problem.row is not None})
    if len(numbers) < 2:
        return first.place
    spans: list[list[int]] = []
    for index in numbers:
        if spans and index == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], index]
        else:
            spans.append([index])
    texts = [str(span[0]) if len(span) == 1 else f"{span[0]} to {span[-1]}" for span in spans]
    parts = [first.file, f"rows {_some(texts)}", f"column {first.column}" if first.column else ""]
    return ", ".join(filter(None, parts))


def _some(texts: Sequence[str]) -> str:
    """Return the first of some words as a list, and how many more there are."""
    if len(texts) > _NAMED:
        return f"{', '.join(texts[:_NAMED])} and {len(texts) - _NAMED} more"
    return listing(texts)


def _accepted(rows: Sequence[Accepted]) -> Table:
    caption = "Warnings that accepted.csv gives a reason for"
    heads = {"check": "Check", "value": "Found", "reason": "Why it is right"}
    return table_from("accepted", rows, caption, **heads)


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
        years = _years_of_row(node.start_year, node.end_year)
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


def _years_of_row(start: int | None, end: int | None) -> str:
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
        "years": _years_of_row(link.start_year, link.end_year),
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
