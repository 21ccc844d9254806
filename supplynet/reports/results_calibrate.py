"""A calibration as a document: published against model, conversions, residuals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from supplynet.analysis.calibrate.ask import years_of
from supplynet.analysis.calibrate.observations import SHARE, TOLERANCES, as_written, span
from supplynet.network.demand import unplaced_rows
from supplynet.present.document import (
    Block,
    Bullets,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    of_result,
)
from supplynet.present.words import count, link_phrase, scenario_phrase, selector_phrase
from supplynet.reports.results_node import source_line
from supplynet.reports.unplaced import mined_of, unplaced_phrase, unplaced_sections
from supplynet.text import by_size, listing, share, tonnes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supplynet.analysis.calibrate.observations import Residual, TargetFit
    from supplynet.analysis.calibrate.result import CalibrationResult

# part of a published figure below which a difference is rounding of the solver
_NOTHING = 1e-6
#: rows of residuals that are shown; all are in the table baseline
MOST = 25
_WHAT = {
    "link": "Link",
    "corridor": "Corridor",
    "output": "Output of a plant",
    "demand": "Demand of a nation",
}


def of_calibration(result: CalibrationResult) -> Document:
    """Return the document of a calibration."""
    net = result.question.net
    told = [Paragraph(answer(result)), *_other_years(result), Paragraph(_MEANING)]
    sections = [Section("", tuple(told), "answer")]
    for title, name, rows, what in (
        ("Figures that flows were fitted to", "fitted", result.fitted, _FITTED),
        ("Held-out figures", "held-out", result.independent, _HELD_OUT),
        ("Held-out figures that share inputs", "restated", result.restated, _RESTATED),
    ):
        if rows:
            blocks: list[Block] = [Paragraph(what), _target_table(rows, name)]
            causes = [_cause(row) for row in rows if not row.is_within]
            if causes:
                blocks += [Paragraph("Outside what is accepted:"), Bullets(tuple(causes))]
            sections.append(Section(title, tuple(blocks), name))
    if result.unit_values:
        sections.append(_conversion(result))
    sections.append(_residuals(result))
    names = {node.id: node.name for node in net.node_rows}
    for section in unplaced_sections(unplaced_rows(result.baseline), names):
        sections.append(replace(section, blocks=(Bullets(_unplaced(result)), *section.blocks)))
    if result.targets:
        sections.append(_reading(result))
    sections.append(Section("Method", (Bullets(tuple(_method(result))),), "method"))
    cited = {source for row in result.targets for source in row.target.source_ids}
    lines = [source_line(row) for row in net.source_by_id.values() if row.id in cited]
    if lines:
        sections.append(Section("Sources", (Bullets(tuple(lines)),), "sources"))
    years = listing(str(fit.year) for fit in result.years)
    title = f"Published figures against the model, {years}{scenario_phrase(net)}"
    return of_result(title, tuple(sections), result)


_MEANING = (
    "The flows are those that come nearest to what was observed, made, asked for and published. "
    "They are what may have happened, not the most that could, and not what any one planner "
    "would choose; many flows that no figure distinguishes are left to the rule under Method."
)
_FITTED = "Flows were fitted to these, and their tolerance is a limit: all lie within it."
_HELD_OUT = (
    "These had no part in the fit and follow from no row of the tables. What the model says of "
    "them is a test of the graph, not of the fitting."
)
_RESTATED = (
    "These had no part in the fit either, but rows of the graph were worked out from them or from "
    "the same source. That they come out shows that the tables agree with themselves, and no more."
)


def answer(result: CalibrationResult) -> str:
    """Return how many figures come out, and what counts, in a few sentences."""
    net, question = result.question.net, result.question
    years = listing(str(fit.year) for fit in result.years)
    parts = []
    for rows, what in (
        (result.fitted, "figures fitted to"),
        (result.independent, "figures held out"),
        (result.restated, "figures held out that share inputs of the graph"),
    ):
        if rows:
            n_within = sum(row.is_within for row in rows)
            parts.append(f"{n_within} of {len(rows)} {what}")
    text = f"{listing(parts)} come out within what is accepted. " if parts else ""
    n_met = sum(residual.deviation <= 1.0 for residual in result.residuals)
    return (
        f"{text}{n_met} of {len(result.residuals)} tonnages of links, outputs of plants and "
        "demands of nations are met within their tolerance. Counted are "
        f"{link_phrase(question)} in {years}{scenario_phrase(net)}."
    )


def _other_years(result: CalibrationResult) -> list[Paragraph]:
    """Return which years are left out that stand for published figures; nothing for none."""
    others = [year for year in years_of(result.question.net) if year not in result.fitted_years]
    if result.provenance.options["every"] or not others:
        return []
    years, asks = listing(map(str, others)), "ask for one of them"
    if len(others) == 1:
        asks = "asks for it alone"
    flags = listing((f"--model-year {year}" for year in others), "or")
    text = (
        f"This is the base year alone. --full adds {years}, of which there are published figures, "
        f"too; {flags} {asks}."
    )
    return [Paragraph(text)]


def _target_table(rows: Iterable[TargetFit], name: str) -> Table:
    cells = tuple(_target_row(row) for row in rows)
    columns = (
        Column("figure", "Figure"),
        Column("year", "Year"),
        Column("published", "Published", align="right"),
        Column("accepted", "Accepted", align="right"),
        Column("model", "Model", align="right"),
        Column("difference", "Difference", align="right"),
        Column("within", "Within"),
        *((Column("inputs", "Shares inputs"),) if name == "restated" else ()),
        Column("sources", "Sources"),
    )
    return Table(columns, cells, "", name)


def _target_row(one: TargetFit) -> dict[str, Any]:
    row = one.target
    if row.model_year is None:
        year = f"{row.year}, table production"
    else:
        year = str(row.year) if row.year == row.model_year else f"{row.year} by {row.model_year}"
    return {
        "figure": row.title,
        "year": year,
        "published": as_written(row, row.value),
        "accepted": span(row),
        "model": "-" if one.model is None else as_written(row, one.model),
        "difference": _signed(one),
        "within": one.is_within,
        "inputs": ", ".join(row.shares_inputs),
        "sources": ", ".join(row.source_ids),
    }


def _signed(one: TargetFit) -> str:
    if one.difference is None:
        return "-"
    if one.target.kind == "share":
        return f"{round(one.difference, 3) + 0.0:+.3f}"  # no minus before a zero
    if abs(one.difference) <= _NOTHING * abs(one.target.value):
        return "0"
    return f"{'+' if one.difference > 0.0 else ''}{tonnes(one.difference)}"


def _cause(one: TargetFit) -> str:
    row = one.target
    model = (
        "nothing that it could be a share of" if one.model is None else as_written(row, one.model)
    )
    text = f"{row.title}, {row.year}: {model} where {as_written(row, row.value)} was published. "
    return text + (row.cause or "The graph names no cause.")


def _conversion(result: CalibrationResult) -> Section:
    """How weight became value."""
    net = result.question.net
    rows = [
        {
            "figure": target.target.title,
            "weight": f"{target.by_weight:.3f}" if target.by_weight is not None else "-",
            "more": target.target.of_more / 1e6,
            "value": f"{target.model:.3f}" if target.model is not None else "-",
            "series": target.target.values,
        }
        for target in result.targets
        if target.target.values is not None
    ]
    shares = Table(
        (
            Column("figure", "Figure"),
            Column("series", "Unit values"),
            Column("weight", "By weight", align="right"),
            Column("more", "Left out of the graph, million US dollars", kind="tonnes"),
            Column("value", "By value", align="right"),
        ),
        tuple(rows),
        "Shares by weight of what the graph holds, and by value with what it leaves out",
        "by-value",
    )
    values = Table(
        (
            Column("series", "Unit values"),
            Column("sender", "From"),
            Column("receiver", "To"),
            Column("year", "Year", kind="year"),
            Column("worth", "US dollars", kind="tonnes"),
            Column("unit", "For a"),
            Column("note", "From what"),
        ),
        tuple(
            {
                "series": row.series,
                "sender": selector_phrase(net, row.source),
                "receiver": selector_phrase(net, row.target),
                "year": row.year,
                "worth": row.worth,
                "unit": row.unit,
                "note": row.note,
            }
            for row in result.unit_values
        ),
        "What a tonne was worth",
        "unit-values",
    )
    text = (
        "A share by value counts every tonne with the unit value of who sent it to whom: "
        "sum of tonnes times unit value, of the part over the whole."
    )
    return Section("From weight to value", (Paragraph(text), shares, values), "conversion")


def _unplaced(result: CalibrationResult) -> tuple[str, ...]:
    """How much of each element goes nowhere, year by year."""
    told = []
    for fit in result.years:
        for element in result.question.net.commodity.headline:
            rows = [
                row
                for row in unplaced_rows(result.baseline)
                if (row.year, row.item) == (fit.year, element)
            ]
            if rows:
                whole = mined_of(fit.run, element)
                text = unplaced_phrase(result.question.net, rows, whole)
                told.append(f"{element}, {fit.year}: of what is mined or collected {text}.")
    return tuple(told)


def _residuals(result: CalibrationResult) -> Section:
    first = result.years[0].year
    off = [residual for residual in result.residuals if residual.deviation > 1.0]
    ordered = sorted(
        (
            residual
            for residual in result.residuals
            if residual.year == first and residual.weight > 1.0
        ),
        key=lambda residual: (by_size(residual.weight), residual.observation.name),
    )
    shown = ordered[:MOST]
    n_all = len(result.residuals)
    off_text = f"{count(len(off), 'lies', 'lie')} further off than the tolerance" if off else ""
    text = (
        f"{count(n_all, 'figure')} of the tables {'was' if n_all == 1 else 'were'} fitted to; "
        f"{off_text or 'none lies further off than its tolerance'}. The table baseline holds them "
        "all."
    )
    blocks: list[Block] = [Paragraph(text)]
    if shown:
        columns = (
            Column("what", "What"),
            Column("name", "Name"),
            Column("observed", "Observed", kind="tonnes"),
            Column("flow", "Model", kind="tonnes"),
            Column("residual", "Residual", kind="tonnes"),
            Column("unit", "Unit"),
            Column("deviation", "In tolerances", kind="tonnes"),
            Column("part", "Of the whole", kind="share"),
            Column("note", "What the row says"),
        )
        caption = f"The {len(shown)} that weigh most of the {len(ordered)} of {first}"
        blocks.append(Table(columns, tuple(map(_residual_row, shown)), caption, "residuals"))
    return Section("Observed figures that do not come out", tuple(blocks), "residuals")


def _residual_row(one: Residual) -> dict[str, Any]:
    seen = one.observation
    return {
        "what": _WHAT[seen.what],
        "name": seen.name,
        "observed": seen.observed,
        "flow": one.flow,
        "residual": one.residual,
        "unit": f"{seen.unit or 't product'}/yr",
        "deviation": one.deviation,
        "part": one.part,
        "note": seen.note,
    }


def _reading(result: CalibrationResult) -> Section:
    """What must be known to read each figure."""
    notes = tuple(
        f"{target.target.title}, {target.target.year}: {target.target.note}"
        for target in result.targets
        if target.target.note
    )
    return Section("How the published figures are read", (Bullets(notes),), "reading")


def _method(result: CalibrationResult) -> list[str]:
    levels = listing(f"{share(part)} where it is {name}" for name, part in TOLERANCES.items())
    items = [
        "The sum of absolute deviations is least, each counted in tolerances: of a published "
        f"figure, half the width of what is accepted; of a figure of the tables, {levels}, and at "
        f"least one unit. Beside, {share(SHARE)} of the whole that a figure is a part of count as "
        "one tolerance: of a nation's demand, of what a stage made, of what was seen to go in a "
        "form to the countries served. A large estimate cannot give way without being seen.",
        "Flows keep to capacities and limits at the high ends of their ranges, to recoveries and "
        "recipes. Nations take no more products than they ask for, so that customs "
        "counts which hold other goods too leave a residual.",
        "Of all flows that come as near, those that move the fewest tonnes are taken; a tonne on "
        "a link that was not observed weighs eleven to thirty-one times as much, by its standing. "
        "Tonnes of everything that moves weigh up to a hundredth more, by its name, so that no "
        "tie is left to the solver.",
        "A figure of a year before the graph begins is held against the year that stands for it, "
        "as the column Year says, or against the table production of its own year, which is not "
        "fitted.",
    ]
    for fit in result.years:
        items.append(f"{fit.year}: least sum of deviations {tonnes(fit.deviation)}.")
    n_programs = sum(len(year.run.certificates) for year in result.years)
    items.append(
        f"An independent check confirmed all {n_programs} linear programs: rows, bounds, duals "
        "and gap."
        if result.certificate.ok
        else "The independent check did not accept the figures."
    )
    return items
