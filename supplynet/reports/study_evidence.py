"""What a study rests on: how sure it is, estimates, assumed corridors, sources, and its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from supplynet.network.schema import Assay, Content, Recovery, Rule, Source
from supplynet.present.document import (
    Bullets,
    Head,
    Section,
    cell,
    section,
    table_from,
)
from supplynet.present.words import (
    amount,
    capitalized,
    count,
    rests_on,
    selector_phrase,
    source_line,
)
from supplynet.reports import parts
from supplynet.text import between, by_size, listing, share

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult, ElementBypass
    from supplynet.analysis.flow.rows import FlowResult, Route
    from supplynet.network.network import SupplyNetwork
    from supplynet.reports.brief import Brief
    from supplynet.reports.study import Findings
    from supplynet.reports.study_scenarios import Case


def estimates(findings: Findings) -> Section:
    """How much of the answer rests on estimates and on assumed corridors."""
    flows = [element.flow for element in findings.result.elements]
    assumed = Head("By assumed corridors", "share", assumed_share)
    lead = (
        "A route is as sure as the least sure figure on it: capacities of plants and links. "
        "Estimates are derived or allocated by the makers of the data, with a note that says from "
        "what; shares below are of the tonnes in the widest answer."
    )
    loads = corridor_loads(findings.result)
    table = table_from(
        "corridors",
        loads,
        "Assumed corridors, by the largest share of one element that they carry",
        rule=Head("Assumed corridor", of=lambda load: load.rule.id),
        share=Head("Largest share", "share"),
        carries=Head("Carries", of=_carried),
        standing=Head("Standing", of=lambda load: load.rule.standing),
        confidence=Head("How known", of=lambda load: load.rule.confidence),
    )
    sure = parts.confidence_table(flows, assumed=assumed)
    stated = lead, sure, table if loads else None
    return section("What rests on estimates", "estimates", *stated)


def _carried(load: CorridorLoad) -> str:
    return listing(amount(tonnes, load.units[element]) for element, tonnes in load.tonnes.items())


def corridors(findings: Findings, cites: parts.Cites) -> tuple[Section, ...]:
    """The assumed corridors with their reasons; nothing where none is used."""
    loads = corridor_loads(findings.result)
    if not loads:
        return ()
    net = findings.result.question.net
    lead = (
        "A corridor stands for links between all plants of one kind and all of another, where no "
        "single link is on record. Dispute them one by one: without them the routes that use them "
        "are gone."
    )
    items = []
    for load in loads:
        rule = load.rule
        span = f"{selector_phrase(net, rule.source)} to {selector_phrase(net, rule.target)}"
        form = net.form_by_name[rule.form].title
        numbers = parts.numbers_of(cites, rule.source_ids)
        text = cell(parts.CITED, numbers) if numbers else ""
        items.append(f"{rule.id}: {form} from {span}. {rule.reason} {text}".rstrip())
    blocks = (lead, Bullets(tuple(items)))
    return (section("Assumed corridors and their reasons", "corridors", *blocks),)


def cited(findings: Findings, page: Brief | None = None) -> tuple[Source, ...]:
    """Return the sources of the rows used, those that were read first: so they are numbered."""
    shown = [route for routes in findings.sure_routes.values() for route in routes]
    rows = used_sources(findings.result, shown)
    if page is not None:
        from supplynet.reports.brief_sources import sources_of

        own = {*(source.id for source in rows), *sources_of(page)}
        rows = _in_table(findings.result.question.net, own)
    return read_first(rows)


def read_first(rows: Iterable[Source]) -> tuple[Source, ...]:
    """Return sources as a list numbers them: those that were read before the others."""
    return tuple(sorted(rows, key=lambda source: source.is_verified != "yes"))


def sources(numbered: Sequence[Source]) -> tuple[Section, ...]:
    """Sources by number; those that were read apart from those known from memory."""
    blocks: list[Any] = []
    n_told = 0
    for is_read, lead in (
        ("yes", "Read for this data, and cited by rows that the figures rest on:"),
        ("no", "Not read: published but not at hand, or reckoned for this data:"),
    ):
        lines = tuple(source_line(source) for source in numbered if source.is_verified == is_read)
        if lines:
            blocks += [lead, Bullets(lines, first=n_told + 1)]
            n_told += len(lines)
    return (section("Sources", "sources", *blocks),) if blocks else ()


def data_of(findings: Findings) -> dict[str, Any]:
    """Return the content of a study for the JSON writer."""
    result = findings.result
    shown = [route for routes in findings.sure_routes.values() for route in routes]
    return {
        **result.to_dict(),
        "is_certified": result.is_certified,
        "chokepoints": [
            {"lens": losses.question.lens, **losses.to_dict()}
            for loss in findings.losses
            for losses in (loss.by_place, loss.by_owner, loss.nodes)
        ],
        "estimates": [
            {
                "element": element.element,
                "confidence_shares": element.flow.confidence,
                "assumed_share": assumed_share(element.flow),
                "demand_estimated_share": element.demand.estimated_share,
            }
            for element in result.elements
        ],
        "corridors": [
            {
                **load.rule.model_dump(mode="json"),
                "tonnes": dict(load.tonnes),
                "largest_share": load.share,
            }
            for load in corridor_loads(result)
        ],
        "sources": [source.model_dump(mode="json") for source in used_sources(result, shown)],
        "command": findings.command,
        **({"scenarios": [_case(case) for case in findings.cases]} if findings.cases else {}),
        **({"worst": [worst.to_dict() for worst in findings.worst]} if findings.worst else {}),
        **({"contested": findings.contest.to_dict()} if findings.contest else {}),
    }


def _case(case: Case) -> dict[str, Any]:
    """What could arrive in one case of the scenarios compared, t/yr by element and tier."""
    return {
        "title": case.title,
        "scenarios": list(case.result.question.net.applied),
        "without": {
            element.element: {tier.name: tier.without for tier in element.tiers}
            for element in case.result.elements
        },
    }


def sureness(result: BypassResult) -> Section:
    """How sure the answer is: what moves the figures, and what could not move them."""
    return section("How sure is that?", "sureness", tuple(_sureness(result)))


def _sureness(result: BypassResult) -> Iterator[str]:
    fed = [element for element in result.elements if element.flow.value]
    ranges = listing(
        f"{between(element.flow.low, element.flow.high)} {element.unit}"
        for element in fed
        if element.flow.low != element.flow.high
    )
    if ranges:
        wide = " in its widest form" if len(result.elements[0].tiers) > 1 else ""
        yield (
            "Data range: with every capacity, limit, recovery and content at its low and at its "
            f"high end, the answer{wide} would be {ranges}."
        )
    # how much of the widest figure is there in the surest tier alone
    bounds = [(bypass.element, bypass.tiers[0], bypass.tiers[-1]) for bypass in fed]
    more = [
        (f"{share(first.without / last.without)} of the {name}", first.name)
        for name, first, last in bounds
        if last.without > first.without
    ]
    if more:
        texts = listing(text for text, _ in more)
        yield f"Tiers: {texts} could also come on what is {more[-1][1]} alone."
    if fed:
        yield f"Evidence: {'; '.join(map(_evidence, fed))}."
    needs = listing(
        f"{share(element.demand.estimated_share)} for {element.element}"
        for element in result.elements
        if element.demand.how != "none" and element.demand.estimated_share
    )
    if needs:
        yield f"Demand: estimated to {needs}."
    for text in result.idle_restrictions:
        yield f"{capitalized(text)}."
    yield _proof(result)


def _evidence(element: ElementBypass) -> str:
    text = f"{element.element} {rests_on(element.flow.figures)}"
    assumed = assumed_share(element.flow)
    return f"{text} ({share(assumed)} by corridors that are assumed)" if assumed else text


def _proof(result: BypassResult) -> str:
    n_all = len(result.elements)
    n_sure = sum(element.flow.certificate.ok for element in result.elements)
    return (
        f"Proof: an independent check accepted {n_sure} of {count(n_all, 'answer')}. With the "
        "figures as they are no plan brings more: the limits on the way let through exactly as "
        "much as the routes bring."
    )


@dataclass(frozen=True, slots=True)
class CorridorLoad:
    """An assumed corridor and what it carries in the answer."""

    rule: Rule
    #: t/yr that arrive by it, by element. A route may use several corridors and counts for each.
    tonnes: Mapping[str, float]
    units: Mapping[str, str]  #: unit of the tonnes, by element
    share: float  #: largest share of an element's tonnes that it carries, 0 to 1


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
    return tuple(sorted(loads, key=lambda load: (by_size(load.share), load.rule.id)))


def assumed_share(flow: FlowResult) -> float | None:
    """Return the share of a flow's tonnes that use an assumed corridor; None for no flow."""
    if not flow.value:
        return None
    return min(1.0, sum(route.tonnes for route in flow.routes if route.rules) / flow.value)


def used_sources(result: BypassResult, others: Iterable[Route] = ()) -> tuple[Source, ...]:
    """Return the sources of every row that the figures rest on, in the order of the table.

    Those are capacities and links on the routes, the limits, assays and recoveries of the nodes on
    the way, the target's demand and what the products hold. `others` are further routes that the
    report shows.
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
