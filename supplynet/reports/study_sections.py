"""The sections of a study, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from supplynet.network.selector import select
from supplynet.present.document import (
    Block,
    Head,
    LiveSlot,
    Paragraph,
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
from supplynet.reports import parts, pictures
from supplynet.reports.results_flow import VIA_NOTES
from supplynet.reports.results_flow import answer as answer_text
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
    blocks: list[Block] = [
        Paragraph(answer_text(result)),
        Paragraph(f"{meaning(result.question)} {UPPER_BOUND}"),
    ]
    open_figures = [
        amount(element.flow.value_if_unknown_open, element.unit)
        for element in result.elements
        if element.flow.value_if_unknown_open != element.flow.value
    ]
    if open_figures:
        text = (
            "With the plants open whose owner is not known, the widest figures would be "
            f"{listing(open_figures)}."
        )
        blocks.append(Paragraph(text))
    blocks.append(pictures.before_after(result))
    blocks.append(
        LiveSlot(
            "Other elements, years, tiers and owners",
            lead_of(result.question),
            cache(found.live),
        )
    )
    return section("Answer", "answer", *blocks)


def elements(found: Findings, cites: parts.Cites) -> Section:
    """Figures by element: tiers with ranges, demand, coverage, bottleneck."""
    flows = [element.flow for element in found.result.elements]
    blocks = (
        parts.tier_table(found.result),
        parts.demand_table(flows, cites),
        pictures.layers(found.result),
    )
    return section("Figures by element", "elements", *blocks)


def via(found: Findings) -> tuple[Section, ...]:
    """What each country on the way can carry and adds; nothing where there is none."""
    result = found.result
    if not result.via:
        return ()
    lead = Paragraph(
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
    blocks: list[Block] = [
        Paragraph(
            "Routes are one way of many to bring the most that could arrive. The weakest link "
            "says how sure a route is: observed, contracted, planned, "
            "a memorandum or merely possible."
        )
    ]
    blocks += _route_blocks(found, first, found.sure_routes, cites, "routes-sure", "")
    if result.question.tier != first.name:
        chosen = {element.element: _by_way_of(element, passed) for element in result.elements}
        way = " by way of the countries above" if result.via else ""
        blocks += _route_blocks(found, result.question, chosen, cites, "routes", way)
    blocks.append(pictures.on_the_map(result))
    return section("Routes", "routes", *blocks)


def _route_blocks(
    found: Findings,
    counted: Counted,
    routes_by: Mapping[str, tuple[Route, ...]],
    cites: parts.Cites,
    name: str,
    way: str,
) -> list[Block]:
    """A table of the largest routes for each element, and which elements have none."""
    net = found.result.question.net
    blocks: list[Block] = []
    shut = []
    for element, all_routes in routes_by.items():
        if not all_routes:
            shut.append(element)
            continue
        shown = all_routes[:MOST_ROUTES]
        caption = f"{element}{way} on {link_phrase(counted)}: "
        caption += (
            count(len(shown), "route")
            if len(shown) == len(all_routes)
            else f"the largest {len(shown)} of {len(all_routes)} routes"
        )
        blocks.append(
            parts.route_table(net, element, shown, caption=caption, name=name, cites=cites)
        )
    if shut:
        blocks.append(
            Paragraph(f"No way is open for {listing(shut, 'or')} on {link_phrase(counted)}.")
        )
    return blocks


def _by_way_of(one: ElementBypass, passed: frozenset[str]) -> tuple[Route, ...]:
    """Routes that pass the countries on the way; all where none is named or passed."""
    chosen = tuple(route for route in one.flow.routes if passed.intersection(route.nodes[:-1]))
    return chosen or one.flow.routes


def cut(found: Findings, cites: parts.Cites) -> Section:
    """The limits that together let through exactly what the routes bring."""
    result = found.result
    rows: list[dict[str, Any]] = []
    shut = []
    for element in result.elements:
        if element.flow.cut:
            rows += parts.cut_rows(element.flow, most=MOST_LIMITS, cites=cites)
        else:
            shut.append(element.element)
    blocks: list[Block] = [
        Paragraph(
            f"Every route on {link_phrase(result.question)} passes one of these limits. "
            "Together they let through exactly as much as the routes bring, so that no plan can "
            "bring more unless one of them is raised."
        )
    ]
    if shut:
        blocks.append(Paragraph(f"No way at all is open for {listing(shut, 'or')}."))
    if rows:
        blocks.append(
            parts.cut_table(result.question.net, rows, "Limits, the largest first", cites)
        )
    return section("What holds back more, and why the figure is right", "cut", *blocks)


def years(found: Findings) -> Section:
    """The same by year."""
    result = found.result
    commodity = result.question.net.commodity
    lead = Paragraph(
        f"Potential{without(result.question)}, {commodity.first_year} to {commodity.last_year}, "
        "by tier. Demand of years that the data does not give is interpolated between given "
        "years, or held at the nearest one."
    )
    tables = tuple(parts.year_table(element) for element in result.elements)
    return section("Year by year", "years", lead, pictures.years(result), *tables)


def method(found: Findings) -> Section:
    """How the figures were got."""
    result = found.result
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


def reproduce(found: Findings) -> Section:
    """The command line, the input's digest and the versions."""
    origin = found.result.provenance
    versions = listing(f"{name} {version}" for name, version in origin.versions.items())
    head = found.result.question.net.metadata
    items = [
        f"Command: {found.command}",
        f"Graph: {head.title} ({origin.graph}), version {head.version}",
        f"SHA-256 of the network as it was solved: {origin.digest}",
        f"Software: {versions}",
    ]
    if head.attribution:
        licenses = f" ({listing(head.licenses)})" if head.licenses else ""
        items.append(f"Data: {head.attribution}{licenses}")
    return section("Make this report again", "reproduce", tuple(items))


def single_losses(found: Findings) -> Section:
    """What the loss of a country's stage, or of a plant, costs while everything else is open."""
    asked_for = found.result.question
    first = found.result.elements[0].tiers[0]
    lead = Paragraph(
        f"Here everything is open, {avoided(asked_for)} too, on {link_phrase(first)}: how much "
        "less could arrive if one thing were lost and all else rerouted as well as can be. A loss "
        "costs nothing of the demand where enough is left without it."
    )
    blocks: list[Block] = [lead, _stage_losses([loss.by_place for loss in found.losses])]
    differing = [
        loss.by_owner for loss in found.losses if _told(loss.by_owner) != _told(loss.by_place)
    ]
    if differing:
        blocks.append(_stage_losses(differing))
    blocks.append(_plant_losses(found))
    blocks += pictures.losses(found.losses)
    return section("Chokepoints", "chokepoints", *blocks)


def _told(result: ChokepointResult) -> list[tuple[str, float]]:
    return [(row.id, row.loss) for row in result.rows]


def _stage_losses(results: Sequence[ChokepointResult]) -> Table:
    """Stages of a country whose loss costs most, for several elements under one lens."""
    lens = results[0].question.lens
    caption = f"Stages of a country whose loss costs most, by {LENSES[lens].phrase}"
    return _losses(results, caption, f"country-stage-{lens}", lambda _net, row: row.name)


def _plant_losses(found: Findings) -> Table:
    net = found.result.question.net
    return _losses(
        [loss.nodes for loss in found.losses],
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
        (result, row, number)
        for result in results
        for number, row in enumerate(result.rows or (None,))
    ]

    def named(told: tuple[ChokepointResult, Chokepoint | None, int]) -> str:
        result, row, _ = told
        if row is None:
            return "no single loss costs anything" if result.value else "nothing arrives"
        return name_of(result.question.net, row)

    def figure(name: str) -> Callable[[Any], Any]:
        return lambda told: told[1] and getattr(told[1], name)

    return table_from(
        f"chokepoints-{name}",
        rows,
        caption,
        element=Head(
            parts.ELEMENT.title,
            of=lambda told: (
                element_cell(told[0].question.net, told[0].element) if told[2] == 0 else ""
            ),
        ),
        name=Head("If this is lost", of=named),
        **further,
        loss=Head("Less arrives", "tonnes", figure("loss")),
        loss_share=Head("Share of supply", "share", figure("loss_share")),
        demand_share=Head("Share of demand", "share", figure("demand_share")),
    )
