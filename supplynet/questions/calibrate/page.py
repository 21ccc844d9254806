"""A calibration as a document: published against model, conversions, residuals."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from supplynet.analysis.arrays.feeds import Feed
from supplynet.analysis.calibrate.rows import SHARE, TOLERANCES
from supplynet.network.demand import target_rows
from supplynet.present.document import (
    Content,
    Document,
    Head,
    Section,
    Table,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import (
    count,
    link_phrase,
    scenario_phrase,
    selector_phrase,
    source_line,
)
from supplynet.questions.calibrate import years_of
from supplynet.text import by_size, listing, share, tonnes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from supplynet.analysis.balance.programs import Run
    from supplynet.analysis.calibrate.rows import BaselineRow, FitRow
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.schema import Target
    from supplynet.questions.calibrate import CalibrationResult


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
    paragraphs = [answer(result), *_other_years(result), _MEANING]
    sections = [section("", "answer", *paragraphs)]
    for title, name, rows, what in (
        ("Figures that flows were fitted to", "fitted", result.fitted, _FITTED),
        ("Held-out figures", "held-out", result.independent, _HELD_OUT),
        ("Held-out figures that share inputs", "restated", result.restated, _RESTATED),
    ):
        if rows:
            blocks: list[Content] = [what, _target_table(rows, name)]
            causes = [_cause(row) for row in rows if not row.is_within]
            if causes:
                blocks += ["Outside what is accepted:", tuple(causes)]
            sections.append(section(title, name, *blocks))
    if result.unit_values:
        sections.append(_conversion(result))
    sections.append(_residuals(result))
    names = {node.id: node.name for node in net.node_rows}
    for chapter in unplaced_sections(_unplaced_rows(result), names):
        sections.append(
            section(
                chapter.title,
                chapter.name,
                _unplaced(result),
                *chapter.blocks,
            )
        )
    if result.targets:
        sections.append(_reading(result))
    sections.append(section("Method", "method", tuple(_method(result))))
    cited = {source for row in result.targets for source in row.source_ids}
    lines = [source_line(row) for row in net.source_by_id.values() if row.id in cited]
    if lines:
        sections.append(section("Sources", "sources", tuple(lines)))
    years = listing(map(str, result.years))
    title = f"Published figures against the model, {years}{scenario_phrase(net)}"
    return of_result(title, sections, result)


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
    years = listing(map(str, result.years))
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
    n_met = sum(seen.deviation <= 1.0 for seen in result.residuals)
    return (
        f"{text}{n_met} of {len(result.residuals)} tonnages of links, outputs of plants and "
        "demands of nations are met within their tolerance. Counted are "
        f"{link_phrase(question)} in {years}{scenario_phrase(net)}."
    )


def _other_years(result: CalibrationResult) -> list[str]:
    """Return which years are left out that stand for published figures; nothing for none."""
    others = [year for year in years_of(result.question.net) if year not in result.years]
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
    return [text]


def _target_table(rows: Iterable[FitRow], name: str) -> Table:
    inputs = Head("Shares inputs", of=lambda row: ", ".join(row.shares_inputs))
    return table_from(
        name,
        rows,
        figure=Head("Figure", of=lambda row: row.title),
        year=Head("Year", of=_year),
        published=Head("Published", of=lambda row: row.written(row.published), align="right"),
        accepted=Head("Accepted", align="right"),
        model=Head("Model", of=lambda row: row.written(row.model), align="right"),
        difference=Head("Difference", of=_signed, align="right"),
        within=Head("Within", of=lambda row: row.is_within),
        **({"inputs": inputs} if name == "restated" else {}),
        sources=Head("Sources", of=lambda row: ", ".join(row.source_ids)),
    )


def _year(row: FitRow) -> str:
    if row.model_year is None:
        return f"{row.year}, table production"
    return str(row.year) if row.year == row.model_year else f"{row.year} by {row.model_year}"


def _signed(row: FitRow) -> str:
    if row.difference is None:
        return "-"
    if row.kind == "share":
        return f"{round(row.difference, 3) + 0.0:+.3f}"  # no minus before a zero
    if abs(row.difference) <= _NOTHING * abs(row.published):
        return "0"
    return f"{'+' if row.difference > 0.0 else ''}{tonnes(row.difference)}"


def _cause(row: FitRow) -> str:
    nothing = "nothing that it could be a share of"
    model = nothing if row.model is None else row.written(row.model)
    text = f"{row.title}, {row.year}: {model} where {row.written(row.published)} was published. "
    return text + (row.cause or "The graph names no cause.")


def _conversion(result: CalibrationResult) -> Section:
    """How weight became value."""
    net = result.question.net
    declared: dict[str, Target] = {row.id: row for row in target_rows(net)}
    shares = table_from(
        "by-value",
        [row for row in result.targets if row.reading == "value"],
        "Shares by weight of what the graph holds, and by value with what it leaves out",
        figure=Head("Figure", of=lambda row: row.title),
        series=Head("Unit values", of=lambda row: declared[row.id].values),
        weight=Head("By weight", of=lambda row: _share(row.by_weight), align="right"),
        more=Head(
            "Left out of the graph, million US dollars",
            "tonnes",
            lambda row: declared[row.id].of_more / 1e6,
        ),
        value=Head("By value", of=lambda row: _share(row.model), align="right"),
    )
    values = table_from(
        "unit-values",
        result.unit_values,
        "What a tonne was worth",
        series=Head("Unit values"),
        sender=Head("From", of=lambda row: selector_phrase(net, row.source)),
        receiver=Head("To", of=lambda row: selector_phrase(net, row.target)),
        year=Head("Year", "year"),
        worth=Head("US dollars", "tonnes"),
        unit=Head("For a"),
        note=Head("From what"),
    )
    text = (
        "A share by value counts every tonne with the unit value of who sent it to whom: "
        "sum of tonnes times unit value, of the part over the whole."
    )
    return section("From weight to value", "conversion", text, shares, values)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _unplaced_rows(result: CalibrationResult) -> list[BaselineRow]:
    return [row for row in result.baseline if row.what == "unplaced"]


def _unplaced(result: CalibrationResult) -> tuple[str, ...]:
    """How much of each element goes nowhere, year by year."""
    texts = []
    for (year, element), total in result.mined.items():
        rows = _unplaced_rows(result)
        own = [row for row in rows if (row.year, row.item) == (year, element)]
        if own:
            text = unplaced_phrase(result.question.net, own, total)
            texts.append(f"{element}, {year}: of what is mined or collected {text}.")
    return tuple(texts)


def _residuals(result: CalibrationResult) -> Section:
    first, seen = result.years[0], result.residuals
    n_off = sum(observation.deviation > 1.0 for observation in seen)
    ordered = sorted(
        (entry for entry in result.observed[first] if entry.weight > 1.0),
        key=lambda member: (by_size(member.weight), member.name),
    )
    shown = ordered[:MOST]
    off_text = f"{count(n_off, 'lies', 'lie')} further off than the tolerance" if n_off else ""
    text = (
        f"{count(len(seen), 'figure')} of the tables {'was' if len(seen) == 1 else 'were'} fitted "
        f"to; {off_text or 'none lies further off than its tolerance'}. The table baseline holds "
        "them all."
    )
    blocks: list[Content] = [text]
    if shown:
        table = table_from(
            "residuals",
            shown,
            f"The {len(shown)} that weigh most of the {len(ordered)} of {first}",
            what=Head("What", of=lambda candidate: _WHAT[candidate.what]),
            name=Head("Name"),
            observed=Head("Observed", "tonnes"),
            flow=Head("Model", "tonnes"),
            residual=Head("Residual", "tonnes"),
            unit=Head("Unit", of=lambda one: f"{one.unit or 't product'}/yr"),
            deviation=Head("In tolerances", "tonnes"),
            part=Head("Of the whole", "share"),
            note=Head("What the row says"),
        )
        blocks.append(table)
    return section("Observed figures that do not come out", "residuals", *blocks)


def _reading(result: CalibrationResult) -> Section:
    """What must be known to read each figure."""
    notes = tuple(f"{row.title}, {row.year}: {row.note}" for row in result.targets if row.note)
    return section("How the published figures are read", "reading", notes)


def _method(result: CalibrationResult) -> Iterator[str]:
    levels = listing(
        f"{share(fraction)} where it is {name}" for name, fraction in TOLERANCES.items()
    )
    yield (
        "The sum of absolute deviations is least, each counted in tolerances: of a published "
        f"figure, half the width of what is accepted; of a figure of the tables, {levels}, and at "
        f"least one unit. Beside, {share(SHARE)} of the whole that a figure is a part of count as "
        "one tolerance: of a nation's demand, of what a stage made, of what was seen to go in a "
        "form to the countries served. A large estimate cannot give way without being seen."
    )
    yield (
        "Flows keep to capacities and limits at the high ends of their ranges, to recoveries and "
        "recipes. Nations take no more products than they ask for, so that customs "
        "counts which hold other goods too leave a residual."
    )
    yield (
        "Of all flows that come as near, those that move the fewest tonnes are taken; a tonne on "
        "a link that was not observed weighs eleven to thirty-one times as much, by its standing. "
        "Tonnes of everything that moves weigh up to a hundredth more, by its name, so that no "
        "tie is left to the solver."
    )
    yield (
        "A figure of a year before the graph begins is held against the year that stands for it, "
        "as the column Year says, or against the table production of its own year, which is not "
        "fitted."
    )
    yield from (
        f"{year}: least sum of deviations {tonnes(least)}."
        for year, least in result.deviation.items()
    )
    yield (
        f"An independent check confirmed all {len(result.certificates)} linear programs: rows, "
        "bounds, duals and gap."
        if result.certificate.ok
        else "The independent check did not accept the figures."
    )


#: plants that a sentence names, and that a table lists
_NAMED, MOST = 3, 25


def mined_of(run: Run, element: str) -> float:
    """Return what mines and scrap yards send on of an element, t/yr."""
    columns, scope, x = run.model.columns, run.model.scope, run.x
    tonnes_of = []
    for column, (origin,) in columns.of("mined"):
        own = Feed(str(origin))
        lost = columns.get("lost", origin, own)
        amount = 0.0 if lost is None else float(x[lost])
        tonnes_of.append((float(x[column]) - amount) * scope.share(own, element))
    return math.fsum(tonnes_of)


def unplaced_phrase(net: SupplyNetwork, rows: Iterable[Any], complete: float = 0.0) -> str:
    """Return how many tonnes are not placed, as a part of a whole, and by whom most."""
    ordered = sorted(rows, key=lambda row: (by_size(row.flow), str(row.source)))
    total = math.fsum(row.flow for row in ordered)
    of_whole = f" t of {tonnes(complete)} t ({share(total / complete)})" if complete else " t"
    names = [f"{net.node(str(row.source)).name} {tonnes(row.flow)} t" for row in ordered[:_NAMED]]
    more = len(ordered) - _NAMED
    return (
        f"{tonnes(total)}{of_whole}: {listing([*names, *([f'{more} more'] if more > 0 else [])])}"
    )


def unplaced_sections(rows: Iterable[Any], names: Mapping[str, str]) -> list[Section]:
    """Return the table of what is not placed, plant by plant; none where all is."""
    ordered = sorted(rows, key=lambda row: (-row.year, by_size(row.flow), str(row.source)))
    if not ordered:
        return []
    text = (
        "What these plants take in or make in the calibrated flows and send nowhere, as no figure "
        "says who took it: stock, sales that nobody published, or a figure that is too high. No "
        f"exposure traces it. {count(len(ordered), 'row')} in all, those of the table baseline."
    )
    table = table_from(
        "unplaced",
        ordered[:MOST],
        year=Head("Year", "year"),
        plant=Head("Plant", of=lambda row: names.get(str(row.source), str(row.source))),
        element=Head("Element", of=lambda row: row.item),
        tonnes=Head("Sent nowhere", "tonnes", lambda row: row.flow, "t/yr"),
    )
    return [section("What the flows do not place", "unplaced", text, table)]
