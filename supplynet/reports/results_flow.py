"""Maximum flows as documents: their routes and limits, and what comes without a country."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.analysis.flow.via import VIA_TIERS
from supplynet.analysis.question import selector_name
from supplynet.present.document import (
    Content,
    Document,
    Section,
    Table,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import (
    UPPER_BOUND,
    amount,
    asked,
    capitalized,
    count,
    link_phrase,
    meaning,
    origins,
    question_title,
    scenario_phrase,
    target,
    why_less,
    without,
)
from supplynet.questions.dead_ends import sections as dead_ends
from supplynet.reports import parts, pictures
from supplynet.reports.via_words import via_tiers_table, via_verdict
from supplynet.terms import LENSES

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.analysis.flow.rows import Bottleneck, FlowResult
    from supplynet.present.words import Counted
    from supplynet.questions.cut import CutsResult
    from supplynet.questions.routes import RoutesResult


#: losses are the same from this part of each other on, and how many of them are named
_SAME, _NAMED = 1e-6, 3


def _terms(flow: FlowResult) -> tuple[str, ...]:
    """What the figure means, what it leaves out, and its check."""
    return (
        meaning(flow.question),
        LENSES[flow.question.lens].sentence,
        *([UPPER_BOUND] if flow.is_upper_bound else []),
        *(f"{capitalized(str(idle_restriction))}." for idle_restriction in flow.idle_restrictions),
        proof(flow),
    )


def proof(flow: FlowResult) -> str:
    """Return what the independent check found."""
    if not flow.certificate.ok:
        return "The independent check did not accept the figure."
    return (
        "An independent check confirmed the figure: the routes respect every capacity, and the "
        "limits below let through exactly as much as the routes bring."
    )


def of_flow(flow: FlowResult, *, most: int = 10) -> Document:
    """Return the document of a maximum flow; `most` routes are listed."""
    n_all, shown = len(flow.routes), flow.routes[:most]
    caption = f"{count(n_all, 'route')}, the largest first"
    if len(shown) < n_all:
        caption = f"The largest {len(shown)} of {n_all} routes"
    routes: tuple[Content, ...] = ()
    if shown:
        table = parts.route_table(flow.question.net, flow.element, shown, caption=caption)
        routes = table, pictures.flow_layers(flow)
    sections = (
        section("", "answer", flow.summary(), _terms(flow)),
        section("Routes", "routes", *routes),
        _limits(flow),
        section(
            "How sure the figures are",
            "confidence",
            parts.confidence_table([flow]) if shown else None,
        ),
    )
    return of_result(question_title(flow.question, flow.element), sections, flow)


def _limits(flow: FlowResult) -> Section:
    if not flow.cut:
        return section("What limits it", "cut", no_way(flow.question))
    n_limits = len(flow.cut)
    lets = "1 limit lets" if n_limits == 1 else f"{n_limits} limits together let"
    text = (
        f"{lets} through {amount(flow.value, flow.unit)}. No plan can bring more "
        f"unless {'it' if n_limits == 1 else 'one of them'} is raised."
    )
    table = parts.cut_table(flow.question.net, parts.cut_rows(flow), "")
    return section("What limits it", "cut", text, table)


def no_way(counted: Counted) -> str:
    """Return that nothing arrives on some links and plants."""
    return f"No way is open on {link_phrase(counted)}."


def of_cut(flow: FlowResult) -> Document:
    """Return the document of a minimum cut: what stops more from coming."""
    answer = section("", "answer", flow.summary())
    title = f"What limits {question_title(flow.question, flow.element)}"
    return of_result(title, (answer, _limits(flow), section("Terms", "terms", _terms(flow))), flow)


def of_routes(result: RoutesResult) -> Document:
    """Return the document of routes, a table an element."""
    question, net = result.question, result.question.net
    tables = [
        table_from(f"routes-{element}", own, element, **parts.route_heads(net, own[0].unit))
        for element in result.elements
        if (own := result.of(element))
    ]
    lead = no_way(question)
    if tables:
        lead = (
            f"{count(result.n_routes, 'route')} on {link_phrase(question)}, the largest first for "
            "each element. They are one way of many to bring the most that could arrive."
        )
    elif result.via:
        lead = f"None of the routes found passes {selector_name(net, result.via)}."
    title = f"Routes to {target(question)}{without(question)}, {question.year}"
    return of_result(title, [section("", "routes", lead, meaning(question), *tables)], result)


def of_bypass(result: BypassResult) -> Document:
    """Return the document of a bypass: tiers, via countries, and what is needed.

    Where countries on the way were asked about, what can pass each stands before all else.
    """
    question, names = result.question, [element.element for element in result.elements]
    flows = [element.flow for element in result.elements]
    lead = (
        result.summary(),
        meaning(question) + why_less(question),
        LENSES["control"].sentence if question.lens == "control" else "",
        *(f"{capitalized(text)}." for text in result.idle_restrictions),
    )
    first = [section("", "answer", *lead)]
    if result.is_via_asked:
        rows = sorted(
            (row for element in result.elements for row in element.via_tiers),
            key=lambda row: VIA_TIERS.index(row.tier),
        )
        verdict = via_verdict(question, rows), via_tiers_table(question, rows)
        first = [
            section("", "answer", *verdict),
            section(asked(question, names), "all-ways", *lead),
        ]
    carried = parts.carried_tables(
        result.carried_by, f"{names[0]}, {question.tier} in {question.year}"
    )
    via = []
    if result.via:
        counted = f"Counted are {link_phrase(question)}."
        blocks = counted, VIA_NOTES, parts.via_table(result)
        via = [section("By way of which countries", "via", *blocks)]
    tables = parts.tier_table(result), *carried, parts.demand_table(flows)
    sections = (
        *first,
        section("Figures", "figures", *tables, pictures.flow_layers(result)),
        *via,
        *dead_ends(question.net, result.dead_ends),
        section("How sure the figures are", "confidence", parts.confidence_table(flows)),
    )
    title = f"Supply of {target(question)}{without(question)}, {question.year}"
    return of_result(title + scenario_phrase(question.net), sections, result)


#: sets of limits that a document spells out
_MOST_SETS = 5
VIA_NOTES = (
    "Can carry: the most that could arrive having passed the country.",
    "Adds alone: what it adds when the other countries listed here are shut.",
    "Lost without it: what is lost when it alone is shut.",
    "Fair share: its average gain over every order in which the countries listed could join "
    "(Shapley value).",
)


def of_cuts(result: CutsResult) -> Document:
    """Return the document of all sets of limits."""
    if not result.is_all:
        return of_cut(result)
    question = result.question
    every: tuple[Content, ...] = ()
    if len(result.sets) > 1 and result.in_every:
        every = (
            "Raising any one of these raises every set at once, so that more can arrive.",
            limits_table(result, result.in_every, "", "in_every"),
        )
    elif len(result.sets) > 1:
        every = ("None: to bring more, several limits have to be raised, one of every set.",)
    tables = (
        limits_table(result, members, caption, f"set-{index}")
        for index, (members, caption) in enumerate(_shown(result), 1)
        if members
    )
    sections = (
        section("", "answer", result.summary() if result.in_some else no_way(question)),
        section("Limits in every set", "in-every", *every),
        section("Sets of limits", "sets", *tables),
        section("Terms", "terms", (meaning(question),)),
    )
    title = f"All that limits {question_title(question, result.element)}"
    return of_result(title, sections, result)


def _shown(result: CutsResult) -> list[tuple[tuple[Bottleneck, ...], str]]:
    """The sets that are spelled out, the ends of the chain first."""
    if len(result.sets) == 1:
        return [(result.sets[0], "The only set")]
    bounds = [
        (result.nearest_mines, f"The set nearest to the {origins(result.question.net)}"),
        (result.nearest_nation, "The set nearest to the nation"),
    ]
    others = [members for members in result.sets if members not in (bounds[0][0], bounds[1][0])]
    shown = others[: _MOST_SETS - len(bounds)]
    left = "" if len(shown) == len(others) and result.is_complete else " (not all are shown)"
    return bounds + [(members, f"Another set{left}") for members in shown]


def limits_table(
    result: CutsResult, members: tuple[Bottleneck, ...], caption: str, name: str
) -> Table:
    """Limits with what each lets through."""
    return table_from(name, members, caption, **parts.limit_heads(result.question.net))
