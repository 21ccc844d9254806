"""The sections of a study, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from supplynet.network.selector import select
from supplynet.present.document import (
    Content,
    Head,
    LiveSlot,
    Section,
    Table,
    section,
    table_from,
)
from supplynet.present.words import (
    UPPER_BOUND,
    amount,
    asked,
    avoided,
    count,
    element_cell,
    link_phrase,
    meaning,
    origins,
    without,
)
from supplynet.reports import parts
from supplynet.reports.results_flow import VIA_NOTES
from supplynet.reports.study_live import lead_of
from supplynet.terms import LENSES
from supplynet.text import listing

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import ElementBypass
    from supplynet.analysis.flow.rows import Route
    from supplynet.network.network import SupplyNetwork
    from supplynet.present.words import Counted
    from supplynet.questions.chokepoints import Chokepoint, ChokepointResult
    from supplynet.reports.study import Findings


#: rows of one element in a table of routes, and of limits
MOST_ROUTES, MOST_LIMITS = 4, 6


def question(found: Findings) -> Section:
    """What was asked, in words."""
    about = found.result.question
    names = [element.element for element in found.result.elements]
    notes = [f"Counted on: {link_phrase(about)}.", LENSES[about.lens].sentence]
    for name in about.net.applied:
        scenario = about.net.scenarios.get(name)
        text = scenario.description or scenario.title if scenario else ""
        notes.append(f"Scenario {name}: {text}" if text else f"Scenario {name}.")
    return section("Question", "question", asked(about, names), tuple(notes))


def answer(found: Findings) -> Section:
    """The answer in two sentences, and what its figures mean."""
    result = found.result
    open_figures = [
        amount(element.flow.value_if_unknown_open, element.unit)
        for element in result.elements
        if element.flow.value_if_unknown_open != element.flow.value
    ]
    opened = (
        "With the plants open whose owner is not known, the widest figures would be "
        f"{listing(open_figures)}."
    )
    lead = lead_of(result.question)
    return section(
        "Answer",
        "answer",
        result.summary(),
        f"{meaning(result.question)} {UPPER_BOUND}",
        opened if open_figures else None,
        parts.before_after(result),
        LiveSlot("Other elements, years, tiers and owners", lead, cache(found.live)),
    )


def elements(found: Findings, cites: parts.Cites) -> Section:
    """Figures by element: tiers with ranges, demand, coverage, bottleneck."""
    flows = [element.flow for element in found.result.elements]
    blocks = (
        parts.tier_table(found.result),
        parts.demand_table(flows, cites),
        parts.layers(found.result),
    )
    return section("Figures by element", "elements", *blocks)


def via(findings: Findings) -> tuple[Section, ...]:
    """What each country on the way can carry and adds; nothing where there is none."""
    result = findings.result
    if not result.via:
        return ()
    lead = (
        f"On {link_phrase(result.question)}, tonnes a year that arrive. A route may pass "
        "several countries, so that figures of one column do not add up; only the fair shares do, "
        "to what is lost when all countries listed are shut at once."
    )
    blocks = (lead, VIA_NOTES, parts.via_table(result))
    return (section("Countries on the way", "via", *blocks),)


def routes(found: Findings, cites: parts.Cites) -> Section:
    """The largest routes: on the surest links first, then on all that were asked for."""
    result = found.result
    net = result.question.net
    passed: frozenset[str] = frozenset().union(
        *(select(net, word, lens=result.question.lens).surely for word in result.via)
    )
    first = result.elements[0].tiers[0]
    lead = (
        "Routes are one way of many to bring the most that could arrive. The weakest link "
        "says how sure a route is: observed, contracted, planned, "
        "a memorandum or merely possible."
    )
    blocks = [*_route_blocks(found, first, found.sure_routes, cites, "routes-sure", "")]
    if result.question.tier != first.name:
        choices = {element.element: _by_way_of(element, passed) for element in result.elements}
        route = " by way of the countries above" if result.via else ""
        blocks += _route_blocks(found, result.question, choices, cites, "routes", route)
    return section("Routes", "routes", lead, *blocks, parts.on_the_map(result))


def _route_blocks(
    findings: Findings,
    counted: Counted,
    routes_by: Mapping[str, Sequence[Route]],
    cites: parts.Cites,
    name: str,
    route: str,
) -> Iterator[Content]:
    """Yield a table of the largest routes for each element, and which elements have none."""
    net = findings.result.question.net
    for element, all_routes in routes_by.items():
        n_all, shown = len(all_routes), all_routes[:MOST_ROUTES]
        if not shown:
            continue
        what = f"the largest {len(shown)} of {n_all} routes"
        if len(shown) == n_all:
            what = count(n_all, "route")
        caption = f"{element}{route} on {link_phrase(counted)}: {what}"
        yield parts.route_table(net, element, shown, caption=caption, name=name, cites=cites)
    shut = [element for element, all_routes in routes_by.items() if not all_routes]
    if shut:
        yield f"No way is open for {listing(shut, 'or')} on {link_phrase(counted)}."


def _by_way_of(bypass: ElementBypass, passed: frozenset[str]) -> Sequence[Route]:
    """Routes that pass the countries on the way; all where none is named or passed."""
    selection = tuple(
        route for route in bypass.flow.routes if passed.intersection(route.nodes[:-1])
    )
    return selection or bypass.flow.routes


def cut(found: Findings, cites: parts.Cites) -> Section:
    """The limits that together let through exactly what the routes bring."""
    result = found.result
    lead = (
        f"Every route on {link_phrase(result.question)} passes one of these limits. "
        "Together they let through exactly as much as the routes bring, so that no plan can "
        "bring more unless one of them is raised."
    )
    shut = [element.element for element in result.elements if not element.flow.cut]
    rows = [
        row
        for element in result.elements
        if element.flow.cut
        for row in parts.cut_rows(element.flow, most=MOST_LIMITS, cites=cites)
    ]
    caption = "Limits, the largest first"
    return section(
        "What holds back more, and why the figure is right",
        "cut",
        lead,
        f"No way at all is open for {listing(shut, 'or')}." if shut else None,
        parts.cut_table(result.question.net, rows, caption, cites) if rows else None,
    )


def years(found: Findings) -> Section:
    """The same by year."""
    result = found.result
    commodity = result.question.net.commodity
    lead = (
        f"Potential{without(result.question)}, {commodity.first_year} to {commodity.last_year}, "
        "by tier. Demand of years that the data does not give is interpolated between given "
        "years, or held at the nearest one."
    )
    tables = tuple(parts.year_table(element) for element in result.elements)
    return section("Year by year", "years", lead, parts.years(result), *tables)


def method(findings: Findings) -> Section:
    """How the figures were got."""
    result = findings.result
    net = result.question.net
    n_sure = sum(element.flow.certificate.ok for element in result.elements)
    text = (
        f"The network has {len(net.node_rows):,} nodes ({origins(net)}, plants, nations), "
        f"{count(len(net.edge_rows), 'named link')} and {count(len(net.rule_rows), 'corridor')}. "
        "For each element, every capacity is turned into tonnes that arrive: tonnes of the element "
        f"as {'oxide' if net.commodity.basis == 'oxide' else 'such'}, times the best recovery on "
        "the rest of the way. The largest flow under all capacities is then found exactly. By the "
        "theorem of Ford and Fulkerson (1956) it equals the smallest set of limits that every "
        "route must pass, which proves that no plan brings more. "
        f"{UPPER_BOUND} An independent check of the flow and of the limits accepted "
        f"{n_sure} of {len(result.elements)} answers. Low and high are the same with every "
        "capacity, recovery and content at its low and its high end."
    )
    if result.via:
        text += (
            " What can pass through a country is found by a flow in which only tonnes that have "
            "been there count, with shared capacities counted once; fair shares are Shapley "
            "values (1953) over every combination of the countries listed."
        )
    return section("Method", "method", text)


def reproduce(findings: Findings) -> Section:
    """The command line, the input's digest and the versions."""
    origin = findings.result.provenance
    versions = listing(f"{name} {version}" for name, version in origin.versions.items())
    head = findings.result.question.net.metadata
    items = [
        f"Command: {findings.command}",
        f"Graph: {head.title} ({origin.graph}), version {head.version}",
        f"SHA-256 of the network as it was solved: {origin.digest}",
        f"Software: {versions}",
    ]
    if head.attribution:
        licenses = f" ({listing(head.licenses)})" if head.licenses else ""
        items.append(f"Data: {head.attribution}{licenses}")
    return section("Make this report again", "reproduce", tuple(items))


def single_losses(findings: Findings) -> Section:
    """What the loss of a country's stage, or of a plant, costs while everything else is open."""
    asked_for = findings.result.question
    first = findings.result.elements[0].tiers[0]
    lead = (
        f"Here everything is open, {avoided(asked_for)} too, on {link_phrase(first)}: how much "
        "less could arrive if one thing were lost and all else rerouted as well as can be. A loss "
        "costs nothing of the demand where enough is left without it."
    )
    differing = [
        loss.by_owner for loss in findings.losses if _told(loss.by_owner) != _told(loss.by_place)
    ]
    ranked = next((loss for loss in findings.losses if loss.by_place.rows), None)
    return section(
        "Chokepoints",
        "chokepoints",
        lead,
        _stage_losses([loss.by_place for loss in findings.losses]),
        _stage_losses(differing) if differing else None,
        _plant_losses(findings),
        None if ranked is None else parts.losses(ranked.by_place, ranked.by_owner),
    )


def _told(result: ChokepointResult) -> list[tuple[str, float]]:
    return [(row.id, row.loss) for row in result.rows]


def _stage_losses(results: Sequence[ChokepointResult]) -> Table:
    """Stages of a country whose loss costs most, for several elements under one lens."""
    lens = results[0].question.lens
    caption = f"Stages of a country whose loss costs most, by {LENSES[lens].phrase}"
    return _losses(results, caption, f"country-stage-{lens}", lambda _net, row: row.name)


def _plant_losses(findings: Findings) -> Table:
    net = findings.result.question.net
    return _losses(
        [loss.nodes for loss in findings.losses],
        "Plants whose loss costs most",
        "node",
        lambda net, row: parts.node_label(net, row.id),
        stage=Head("Kind", of=lambda row: row[1] and net.stage_by_name[row[1].stage].title),
    )


def _losses(
    results: Sequence[ChokepointResult],
    caption: str,
    name: str,
    name_of: Callable[[SupplyNetwork, Chokepoint], str],
    **further: Head,
) -> Table:
    """Return losses of several elements, each named once; a row that states so where none costs."""
    rows = [
        (result, row, index)
        for result in results
        for index, row in enumerate(result.rows or (None,))
    ]

    def named(stated: tuple[ChokepointResult, Chokepoint | None, int]) -> str:
        result, row, _ = stated
        if row is None:
            return "no single loss costs anything" if result.value else "nothing arrives"
        return name_of(result.question.net, row)

    def figure(name: str) -> Callable[[Any], Any]:
        return lambda record: record[1] and getattr(record[1], name)

    return table_from(
        f"chokepoints-{name}",
        rows,
        caption,
        element=Head(
            parts.ELEMENT.title,
            of=lambda text: (
                element_cell(text[0].question.net, text[0].element) if text[2] == 0 else ""
            ),
        ),
        name=Head("If this is lost", of=named),
        **further,
        loss=Head("Less arrives", "tonnes", figure("loss")),
        loss_share=Head("Share of supply", "share", figure("loss_share")),
        demand_share=Head("Share of demand", "share", figure("demand_share")),
    )
