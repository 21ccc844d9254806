"""Maximum flows as documents: their routes and limits, and what comes without a country."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from supplynet.analysis.flow.via import VIA_TIERS
from supplynet.analysis.question import selector_name
from supplynet.present.document import (
    Column,
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
    element_cell,
    link_phrase,
    meaning,
    origins,
    question_title,
    target,
    the,
    titled,
    why_less,
    without,
)
from supplynet.questions.contested.limits import FULL
from supplynet.questions.dead_ends import sections as dead_ends
from supplynet.reports import parts
from supplynet.reports.parts import ELEMENT, Cites
from supplynet.terms import LENSES
from supplynet.text import listing, share, share_range

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.analysis.flow.rows import Bottleneck, FlowResult, ViaTier
    from supplynet.analysis.question import Question
    from supplynet.present.words import Counted
    from supplynet.questions.cut import CutsResult
    from supplynet.questions.routes import RoutesResult


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
        routes = table, parts.flow_layers(flow)
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
    """Return the document of a bypass."""
    return of_result(titled(result.question, "Supply of "), bypass_sections(result), result)


def bypass_sections(result: BypassResult, cites: Cites | None = None) -> Iterator[Section]:
    """Yield what is said of a bypass: tiers, via countries, and what is needed.

    Where countries on the way were asked about, what can pass each stands before all else. A
    report that lists its sources has their numbers in `cites`.
    """
    question, names = result.question, [element.element for element in result.elements]
    flows = [element.flow for element in result.elements]
    lead = (
        result.summary(),
        meaning(question) + why_less(question),
        LENSES["control"].sentence if question.lens == "control" else "",
        *(f"{capitalized(text)}." for text in result.idle_restrictions),
    )
    if result.is_via_asked:
        rows = sorted(
            (row for element in result.elements for row in element.via_tiers),
            key=lambda row: VIA_TIERS.index(row.tier),
        )
        verdict = via_verdict(question, rows), via_tiers_table(question, rows)
        yield section("", "answer", *verdict)
        yield section(asked(question, names), "all-ways", *lead)
    else:
        yield section("", "answer", *lead)
    carried = parts.carried_tables(
        result.carried_by, f"{names[0]}, {question.tier} in {question.year}"
    )
    tables = parts.tier_table(result), *carried, parts.demand_table(flows, cites)
    yield section("Figures", "figures", *tables, parts.flow_layers(result))
    if result.via:
        counted = f"Counted are {link_phrase(question)}."
        blocks = counted, VIA_NOTES, parts.via_table(result)
        yield section("By way of which countries", "via", *blocks)
    yield from dead_ends(question.net, result.dead_ends)
    yield section("How sure the figures are", "confidence", parts.confidence_table(flows))


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


#: from this part of the demand on it is covered in part, where not all of it is
_IN_PART = 0.5
#: how the tiers are named inside a sentence that sets them side by side
_ON = dict(
    zip(
        VIA_TIERS,
        ("on operating plants and contracted links", "with all that is announced"),
        strict=True,
    )
)


def via_verdict(question: Question, rows: Sequence[ViaTier]) -> str:
    """Return whether what can come by way of some countries covers the demand, and how much.

    `rows` are of one tier after the other, the surest first. The element of which least is covered
    decides; nothing is decided where no demand is known.
    """
    firm, *later = [_together(list(of_tier)) for _, of_tier in groupby(rows, lambda row: row.tier)]
    names = _names(question, firm[0].via)
    who = f"{listing(names)}{' together' if len(names) > 1 else ''}"
    elements = listing([row.element for row in firm])
    text = f"{_ON[firm[0].tier]} {who} could bring {_brought(firm)}"
    if all(row.coverage is not None for row in firm):
        text += f" of the {elements} demand of {target(question)}"
    text += f" in {question.year}{without(question)}"
    text += "".join(f"; {_ON[rows[0].tier]} {_brought(rows)}" for rows in later)
    entries = [row.coverage for row in firm if row.coverage is not None]
    if not entries:
        return f"{text[:1].upper()}{text[1:]}."
    least = min(entries)
    return f"{'Yes' if least >= FULL else 'In part' if least >= _IN_PART else 'No'}: {text}."


def via_line(question: Question, rows: Sequence[ViaTier]) -> str:
    """Return in one line what can come of one element by way of each country, and of any of them.

    Any of them is left out where that is no more than by one. `rows` are of one tier and year after
    the other, the surest first.
    """
    by_team: dict[tuple[str, ...], list[ViaTier]] = {}
    for row in rows:
        by_team.setdefault(row.via, []).append(row)
    (first, texts), *others = [
        (team, [_covered(row, "") for row in of_team]) for team, of_team in by_team.items()
    ]
    of_demand = "" if rows[0].coverage is None else f" of the {rows[0].element} demand"
    bounds = [f"{row.year} ({row.tier})" for row in by_team[first]]
    text = f"By way of {_any(question, first)} {texts[0]}{of_demand} could come in {bounds[0]}"
    text += "".join(f", {piece} in {end}" for piece, end in zip(texts[1:], bounds[1:], strict=True))
    for team, phrases in others:
        # together no more than by one of them alone, which is reported already
        if len(team) > 1 and any(phrases == alone for _, alone in ((first, texts), *others[:-1])):
            continue
        text += f"; by way of {_any(question, team)} "
        text += "nothing" if {*phrases} == {"nothing"} else listing(phrases)
    return f"{text}."


def _any(question: Question, via: Sequence[str]) -> str:
    """Return one country by its name, and several that were named before by a word."""
    return _names(question, via)[0] if len(via) == 1 else "either" if len(via) == 2 else "any"


def via_tiers_table(question: Question, rows: Sequence[ViaTier]) -> Table:
    """Return what can come by way of each country and of all of them, a column a tier."""
    tiers = list(dict.fromkeys(row.tier for row in rows))
    cells: dict[tuple[str, tuple[str, ...]], dict[str, object]] = {}
    for row in rows:
        is_first = not any(element == row.element for element, _ in cells)
        names = _names(question, row.via)
        start: dict[str, object] = {
            ELEMENT.key: element_cell(question.net, row.element) if is_first else "",
            "via": names[0] if len(names) == 1 else "Any of them",
        }
        values = cells.setdefault((row.element, row.via), start)
        values[row.tier] = row.through
        values[f"{row.tier}_coverage"] = row.coverage
        values[f"{row.tier}_range"] = (row.coverage_low, row.coverage_high)
    columns = [ELEMENT, Column("via", "By way of")]
    for tier in tiers:
        columns += [
            Column(tier, capitalized(tier), kind="tonnes"),
            Column(f"{tier}_coverage", "Of demand", kind="share"),
            Column(f"{tier}_range", "Data range", kind="share"),
        ]
    caption = f"What could come by way of each country in {question.year}"
    return Table(tuple(columns), tuple(cells.values()), caption, "via-tiers")


def _together(rows: list[ViaTier]) -> list[ViaTier]:
    """Return what can come by way of all countries, a row an element."""
    n = max(len(row.via) for row in rows)
    if n == len({word for row in rows for word in row.via}):
        return [row for row in rows if len(row.via) == n]
    return rows


def _names(question: Question, via: Sequence[str]) -> list[str]:
    return [the(selector_name(question.net, word)) for word in via]


def _brought(rows: Sequence[ViaTier]) -> str:
    """What can come of each element: one figure with its range, or the least and the most."""
    tiers = [row for row in rows if row.coverage is not None]
    if len(tiers) < len(rows):
        return listing([amount(row.through, row.unit) for row in rows])
    if len(rows) == 1:
        return _covered(rows[0])
    ranked = sorted(tiers, key=lambda row: (row.coverage or 0.0, row.element))
    least, most = ranked[0], ranked[-1]
    if share(least.coverage) == share(most.coverage):
        return share(least.coverage)
    return f"{share(least.coverage)} ({least.element}) to {share(most.coverage)} ({most.element})"


def _covered(row: ViaTier, of: str = "data range ") -> str:
    """A coverage with its data range, or tonnes where the demand is not known."""
    if row.coverage is None:
        return amount(row.through, row.unit) if row.through else "nothing"
    span = share_range(row.coverage_low, row.coverage_high)
    text = "nothing" if row.through <= 0.0 else share(row.coverage)
    return text if span == share(row.coverage) else f"{text} ({of}{span})"
