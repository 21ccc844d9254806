"""A footprint as a document: what came with a tonne served, where, and how much is counted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from supplynet.analysis.question import selector_name
from supplynet.network.countries import country_name
from supplynet.present.document import (
    Block,
    Bullets,
    Document,
    Head,
    Paragraph,
    Section,
    Table,
    of_result,
    table_from,
)
from supplynet.present.words import avoided, scenario_phrase, the
from supplynet.questions.footprint import CALIBRATED, burdens, lead
from supplynet.terms import LEVEL_NAMES
from supplynet.text import share

if TYPE_CHECKING:
    from supplynet.questions.footprint import FootprintResult, PlantBurden

#: plants that are listed for a burden
MOST = 5
_SPAN = Head("Low to high", "tonnes", lambda row: (row.low, row.high), align="right")


def of_footprint(result: FootprintResult) -> Document:
    """Return the document of a footprint."""
    question = result.question
    whose = the(selector_name(question.net, result.to))
    blocks: list[Block] = [Paragraph(lead(result))]
    if texts := burdens(result):
        blocks.append(Bullets(tuple(texts)))
    sections = [Section("", tuple(blocks), "answer")]
    if result.rows:
        sections += [
            Section("Step by step", (_steps(result),), "steps"),
            Section("Plants that bring most", (_plants(result),), "plants"),
        ]
    sections.append(Section("Method", (Bullets(tuple(_method(result))),), "method"))
    without = f" without {avoided(question)}" if question.avoid else ""
    title = (
        f"What comes with the supply of {whose}{without}, {question.year}"
        f"{scenario_phrase(question.net)}"
    )
    return of_result(title, tuple(sections), result)


def _steps(result: FootprintResult) -> Table:
    """Each burden by step and country, for a tonne served."""
    net = result.question.net
    groups: dict[tuple[str, str, str], list[PlantBurden]] = defaultdict(list)
    for row in result.rows:
        groups[row.burden, row.stage, row.country].append(row)
    burdens = [total.burden for total in result.totals]
    stages = [stage.name for stage in net.stages]

    def order(row: PlantBurden) -> tuple[int, int, float, str]:
        return burdens.index(row.burden), stages.index(row.stage), -row.central, row.country

    steps = [
        replace(
            own[0],
            **{end: sum(getattr(row, end) for row in own) / result.served for end in LEVEL_NAMES},
        )
        for own in groups.values()
    ]
    return table_from(
        "steps",
        sorted(steps, key=order),
        "Tonnes of each burden for a tonne served",
        burden="Burden",
        stage=Head("Step", of=lambda row: net.stage_by_name[row.stage].title),
        country=Head("Where", of=lambda row: country_name(row.country, net.commodity.areas)),
        central=Head("For a tonne served", "tonnes"),
        span=_SPAN,
        counted=Head(
            "Of the step counted", "share", lambda row: result.at(row.burden).counted.get(row.stage)
        ),
    )


def _plants(result: FootprintResult) -> Table:
    every = ([row for row in result.rows if row.burden == entry.burden] for entry in result.totals)

    def part(row: PlantBurden) -> float | None:
        total = result.at(row.burden).central * result.served
        return row.central / total if total else None

    return table_from(
        "plants",
        [row for own in every for row in own[:MOST]],
        f"At most {MOST} plants a burden; JSON and CSV hold all",
        burden="Burden",
        plant=Head("Plant", of=lambda row: row.name),
        central=Head("t a year", "tonnes"),
        span=_SPAN,
        part=Head("Of the burden", "share", part),
    )


def _method(result: FootprintResult) -> list[str]:
    what, where, others = "balance", "links", "another balance that is"
    if result.flows == CALIBRATED:
        what, where, others = "calibration", "figures", "other flows that are"
    items = [
        "What a plant brings goes with all that leaves it in use or is left over separated, by "
        "weight on the graph's basis, never by value: rare and dear things bear no more than "
        "common ones. What is lost or thrown away bears nothing. Where routes meet, what goes on "
        "bears the average of what came.",
        f"Which plants it passes is not observed everywhere: the {what} decides it, by its rule, "
        f"wherever {where} leave a choice. By {others} as good it may bring more or less.",
        "Low and high are all intensities at one end together; flows and yields are the central "
        "ones.",
        "Of the step counted: the share of what passes the step on its way to the supply at "
        "plants that have an intensity of the burden. The rest brings an amount that is not known.",
    ]
    missing = [
        f"{total.burden} {share(least)} at one step"
        for total in result.totals
        if total.counted and (least := min(total.counted.values())) < 0.5
    ]
    if missing:
        items.append(f"Less than half is counted of {', '.join(missing)}.")
    return items
