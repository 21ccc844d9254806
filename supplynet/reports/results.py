"""Results as documents: one function per kind of result."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from supplynet.analysis.question import selector_name
from supplynet.contract.answer import Answer
from supplynet.errors import OptionError
from supplynet.present import answers
from supplynet.present.document import (
    Block,
    Bullets,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    of_result,
    table_from,
)
from supplynet.present.words import (
    UPPER_BOUND,
    amount,
    capitalized,
    count,
    demand_phrase,
    element_name,
    link_phrase,
    meaning,
    question_title,
    scenario_phrase,
    target,
    without,
)
from supplynet.reports import parts, pictures
from supplynet.reports.balance_limits import shortage_section
from supplynet.reports.dead_ends import sections as dead_ends
from supplynet.terms import LENSES
from supplynet.text import between, change, listing, share, share_range, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.balance.explain import Explanation
    from supplynet.analysis.compare import CompareResult
    from supplynet.analysis.dead_ends import DeadEndsResult
    from supplynet.analysis.flow.rows import FlowResult
    from supplynet.questions.routes import RoutesResult


#: what is looked up and not solved declares no table, by the name of its type
_LOOKED_UP = {
    "CheckReport": "supplynet.reports.results_check.of_check",
    "SupplyNetwork": "supplynet.reports.results_network.of_network",
}


def flow_answer(flow: FlowResult) -> str:
    """Return the answer of a maximum flow in sentences: tonnes, range, demand, coverage."""
    question = flow.question
    name = element_name(question.net, flow.element)
    most = f"at most {amount(flow.value, flow.unit)}" if flow.value else f"no {name}"
    text = (
        f"{capitalized(link_phrase(question))} could bring {target(question)} {most} in "
        f"{question.year}{without(question)}{scenario_phrase(question.net)}"
    )
    if flow.low != flow.high:
        text += f" (data range {between(flow.low, flow.high)})"
    if flow.coverage is None:
        known = "not known" if flow.demand.how == "none" else "0"
        text += f". The demand is {known}."
    else:
        whose = "Their" if question.is_several else "Its"
        text += (
            f". {whose} demand is {demand_phrase(flow.demand, flow.unit)}; this covers "
            f"{share(flow.coverage)}{coverage_range(flow)}."
        )
    opened = amount(flow.value_if_unknown_open, flow.unit)
    if opened != amount(flow.value, flow.unit):
        text += f" Plants of unknown owners are shut here; with them open the figure is {opened}."
    return text


def coverage_range(flow: FlowResult) -> str:
    """Return how far the data moves a coverage, in brackets; nothing where it does not."""
    if flow.coverage_range is None or flow.coverage_range[0] == flow.coverage_range[1]:
        return ""
    return f" (data range {share_range(*flow.coverage_range)})"


def _terms(flow: FlowResult) -> Bullets:
    """What the figure means, what it leaves out, and its check."""
    items = [meaning(flow.question), LENSES[flow.question.lens].sentence]
    if flow.is_upper_bound:
        items.append(UPPER_BOUND)
    items += [f"{capitalized(str(one))}." for one in flow.idle_restrictions]
    items.append(proof(flow))
    return Bullets(tuple(items))


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
    net = flow.question.net
    sections = [Section("", (Paragraph(flow_answer(flow)), _terms(flow)), "answer")]
    if flow.routes:
        shown = flow.routes[:most]
        caption = f"{count(len(flow.routes), 'route')}, the largest first"
        if len(shown) < len(flow.routes):
            caption = f"The largest {len(shown)} of {len(flow.routes)} routes"
        table = parts.route_table(net, flow.element, shown, caption=caption)
        sections.append(Section("Routes", (table, pictures.flow_layers(flow)), "routes"))
    sections.append(_limits(flow))
    if flow.routes:
        sure = parts.confidence_table([flow])
        sections.append(Section("How sure the figures are", (sure,), "confidence"))
    return of_result(question_title(flow.question, flow.element), tuple(sections), flow)


def _limits(flow: FlowResult) -> Section:
    if not flow.cut:
        text = Paragraph(f"No way is open on {link_phrase(flow.question)}.")
        return Section("What limits it", (text,), "cut")
    text = Paragraph(
        f"{_together(len(flow.cut))} {amount(flow.value, flow.unit)}. No plan can bring more "
        f"unless {'it' if len(flow.cut) == 1 else 'one of them'} is raised."
    )
    table = parts.cut_table(flow.question.net, parts.cut_rows(flow), "")
    return Section("What limits it", (text, table), "cut")


def _together(n_limits: int) -> str:
    return "1 limit lets through" if n_limits == 1 else f"{n_limits} limits together let through"


def of_cut(flow: FlowResult) -> Document:
    """Return the document of a minimum cut: what stops more from coming."""
    answer = Section("", (Paragraph(flow_answer(flow)),), "answer")
    terms = Section("Terms", (_terms(flow),), "terms")
    return of_result(
        f"What limits {question_title(flow.question, flow.element)}",
        (answer, _limits(flow), terms),
        flow,
    )


def of_routes(result: RoutesResult) -> Document:
    """Return the document of routes, a table an element."""
    question = result.question
    net, told = question.net, ((name, result.of(name)) for name in result.elements)
    tables = [
        table_from(
            f"routes-{element}",
            own,
            element,
            **parts.route_heads(
                own[0].unit,
                lambda one: " > ".join(parts.node_label(net, node) for node in one.nodes),
            ),
        )
        for element, own in told
        if own
    ]
    lead = (
        f"{count(result.n_routes, 'route')} on {link_phrase(question)}, the largest first for "
        "each element. They are one way of many to bring the most that could arrive."
        if tables
        else f"None of the routes found passes {selector_name(question.net, result.via)}."
        if result.via
        else f"No way is open on {link_phrase(question)}."
    )
    blocks: tuple[Block, ...] = (Paragraph(lead), Paragraph(meaning(question)), *tables)
    return of_result(
        f"Routes to {target(question)}{without(question)}, {question.year}",
        (Section("", blocks, "routes"),),
        result,
    )


def of_dead_ends(result: DeadEndsResult) -> Document:
    """Return the document of plants that could make something which nobody is named to buy."""
    question = result.question
    lead = Section("", (Paragraph(result.summary()), Paragraph(meaning(question))), "answer")
    title = f"Plants without a buyer{without(question)}, {question.year}"
    return of_result(title, (lead, *dead_ends(question.net, result.dead_ends)), result)


def of_explanation(why: Explanation) -> Document:
    """Return the document of why nations go short."""
    section = shortage_section(why)
    return of_result(section.title, (replace(section, title=""),), why)


def of_compare(result: CompareResult) -> Document:
    """Return the document of a comparison: every figure side by side."""
    # one key per answer: names come from the user and could be those of other columns
    keys = [f"value_{number}" for number in range(len(result.names))]
    is_numbers = all(
        value is None or isinstance(value, (int, float))
        for row in result.rows
        for value in row.values
    )
    kind: Any = "tonnes" if is_numbers else "text"
    columns = [
        Column(f"what_{number}", capitalized(name)) for number, name in enumerate(result.columns)
    ]
    columns += [Column(key, name, kind=kind) for key, name in zip(keys, result.names, strict=True)]
    columns += [Column("change", "Change", align="right"), Column("unit", "Unit")]
    rows = tuple(_compare_row(row, keys) for row in result.rows)
    blocks: list[Any] = [Paragraph(_compare_summary(result))]
    if rows:
        blocks.append(Table(tuple(columns), rows, "", "compare"))
    title = f"Comparison of {listing(result.names)}"
    return of_result(title, (Section("", tuple(blocks), "compare"),), result)


def _compare_row(row: Any, keys: list[str]) -> dict[str, Any]:
    is_share = row.what[-1] == "coverage"
    values = [share(value) if is_share else value for value in row.values]
    moved = row.change
    words = {"with_all": "all open"}
    return {
        **{f"what_{number}": words.get(part, part) for number, part in enumerate(row.what)},
        **dict(zip(keys, values, strict=True)),
        "change": None if moved is None else _points(moved) if is_share else change(moved),
        "unit": row.unit,
    }


def _points(value: float) -> str:
    sign = "+" if value > 0 else ""
    return f"{sign}{share(value)}"


def _compare_summary(result: CompareResult) -> str:
    changed = [row for row in result.rows if row.change]
    if not changed:
        n_other = sum(row.change is None for row in result.rows)
        return f"{count(n_other, 'difference')}." if n_other else "No figure differs."
    top = max(changed, key=lambda row: abs(row.change or 0.0))
    first, last = result.names[0], result.names[-1]
    return (
        f"{count(len(changed), 'figure')} changed; most of all {', '.join(top.what)}: from "
        f"{tonnes(top.values[0])} ({first}) to {tonnes(top.values[-1])} {top.unit} ({last})."
    )


def document_of(result: Any) -> Document:
    """Return the document of any result, by the function that its kind declares."""
    if isinstance(result, Answer) and not result.LAYOUT.document:
        return answers.document_of(result)
    layout = getattr(type(result), "LAYOUT", None)
    path = layout.document if layout is not None else _LOOKED_UP.get(type(result).__name__, "")
    if not path:
        from supplynet.reports.results_page import kinds

        raise OptionError(
            f"cannot report a {type(result).__name__}",
            hint=f"pass a network, its check, or a result of kind {', '.join(kinds())}",
        )
    module, name = path.rsplit(".", 1)
    document: Document = getattr(importlib.import_module(module), name)(result)
    return document
