"""What a study rests on: how sure it is, estimates, assumed corridors, sources and numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from supplynet.analysis.potential.ways import ways
from supplynet.analysis.question import selector_names
from supplynet.network.demand import demand
from supplynet.network.schema import Assay, Content, Recovery, Rule, Source
from supplynet.present.document import Bullets, Section, cell, section
from supplynet.present.words import (
    source_line,
)
from supplynet.reports.brief import MOST_WAYS
from supplynet.reports.parts import CITED, sources_of_limit
from supplynet.text import by_size, listing, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.analysis.flow.rows import Binding, FlowResult, Route
    from supplynet.analysis.potential.solved import SolvedPotential
    from supplynet.analysis.potential.ways import Way
    from supplynet.network.network import SupplyNetwork
    from supplynet.reports.brief import Brief


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
    return in_table(net, cited | _row_sources(net, result, nodes, elements))


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


def in_table(net: SupplyNetwork, cited: set[str]) -> tuple[Source, ...]:
    """Return sources by their ids, in the order of the table."""
    return tuple(source for key, source in net.source_by_id.items() if key in cited)


#: sources that a figure names, and ways that are looked at for them
_MOST, _MANY_WAYS = 4, 50


@dataclass(frozen=True)
class Cited:
    """Sources of the figures of a page by their numbers in the list that it ends with."""

    numbers: Mapping[str, int]  #: by id; empty where the page has no list, so that nothing is cited

    def after(self, text: str, source_ids: Iterable[str]) -> str:
        """Return a text with the numbers of its sources behind it."""
        numbers = self.of(source_ids)
        return f"{text} {cell(CITED, numbers)}" if numbers else text

    def of(self, source_ids: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of sources, each once, in the order given."""
        return tuple(self.numbers[key] for key in dict.fromkeys(source_ids) if key in self.numbers)


def sources_of(brief: Brief) -> tuple[str, ...]:
    """Return the ids of all sources that the page cites."""
    years = dict.fromkeys(row.year for row in brief.outlook.rows)
    return tuple(
        dict.fromkeys(
            [
                *of_answer(brief),
                *of_second(brief),
                *(key for route in brief.ways[:MOST_WAYS] for key in of_way(brief, route)),
                *(key for year in years for key in of_need(brief, year)),
                *(key for limit in limits(brief)[:MOST_LIMITS] for key in of_limit(brief, limit)),
            ]
        )
    )


def of_answer(brief: Brief) -> tuple[str, ...]:
    """Sources of what the first tier covers: its widest ways, and demand."""
    return _first_of([*_of_ways(brief.first, brief.element), *of_need(brief, brief.question.year)])


def of_second(brief: Brief) -> tuple[str, ...]:
    """Sources of the widest ways of the second tier."""
    return _first_of(_weighed(brief.question.net, brief.ways))


def of_way(brief: Brief, route: Way) -> tuple[str, ...]:
    """Sources of the capacities and links on a way."""
    return _first_of(_weighed(brief.question.net, [route]))


def of_need(brief: Brief, year: int) -> tuple[str, ...]:
    """Sources of what is asked for in a year, the largest needs first."""
    question, weights = brief.question, defaultdict[str, float](float)
    years = {
        value
        for element in brief.second.asked_elements
        for value in demand(question.net, question.targets, element, year).years
    }
    for row in question.net.demand_rows:
        if row.nation in question.targets and row.year in years:
            for key in row.source_ids:
                weights[key] += row.quantity
    return _first_of(_ranked(weights))


def of_limit(brief: Brief, limit: Binding) -> tuple[str, ...]:
    """Sources of the row that sets a limit."""
    return _first_of(sources_of_limit(brief.question.net, limit))


def _of_ways(answer: SolvedPotential, element: str) -> list[str]:
    plan = answer.plan
    routes = ways(plan.model, answer.x, element, most=_MANY_WAYS)
    # half of the places are left to what else the figure rests on
    return _weighed(answer.question.net, routes)[: _MOST // 2]


def _weighed(net: SupplyNetwork, routes: Iterable[Way]) -> list[str]:
    """Return the sources of ways, those of the most tonnes first, as many steps each has."""
    weights = defaultdict[str, float](float)
    for route in routes:
        for key in route.source_ids:
            weights[key] += route.tonnes
    return _ranked({key: tonnes for key, tonnes in weights.items() if key in net.source_by_id})


def _ranked(weights: Mapping[str, float]) -> list[str]:
    return sorted(weights, key=lambda key: (by_size(weights[key]), key))


def _first_of(source_ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source_ids))[:_MOST]


#: limits that the page states, the first of them in the answer
MOST_LIMITS = 2
# limits that are raised: some may be reported as one
_MOST_RAISED = 3 * MOST_LIMITS


def limits(page: Brief) -> list[Binding]:
    """The limits of which one more brings most, each once.

    Each was raised by itself: its worth is what that brings.
    """
    bindings: dict[str, Binding] = {}
    for limit in page.second.raised(_MOST_RAISED):
        bindings.setdefault(_where(page, limit), limit)
    return list(bindings.values())


def worth(page: Brief, limit: Binding) -> str:
    """What one more of a limit brings, in a sentence without its first words."""
    return (
        f"1 {limit.unit}/yr more {_where(page, limit)} brings {tonnes(limit.worth)} t of product."
    )


def _where(page: Brief, limit: Binding) -> str:
    """Where a limit holds: from whom to whom, without form and rule, or at which plant."""
    net = page.question.net
    if limit.kind == "rule":
        rule = next(rule for rule in net.rule_rows if rule.id == limit.id)
        return f"from {_parties(net, rule.source)} to {_parties(net, rule.target)}"
    if limit.kind == "link":
        bare, _, _ = limit.name.rpartition(" (")
        return f"from {bare}"
    return f"at {limit.name}"


def _parties(net: SupplyNetwork, selector: str) -> str:
    """Those whom a selector names as a list; who is left out of them is not reported."""
    named = ",".join(piece for piece in selector.split(",") if not piece.strip().startswith("!"))
    names = selector_names(net, named)
    kinds, marks, places = zip(*(name.rpartition(" in ") for name in names), strict=True)
    if all(marks) and len({*places}) == 1:  # kinds of plants in one country: it is named once
        return f"{listing(kinds)} in {places[0]}"
    return listing(names)
