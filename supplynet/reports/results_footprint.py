"""A footprint as a document: what came with a tonne served, where, and how much is counted."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from supplynet.analysis.footprint.ask import CALIBRATED
from supplynet.analysis.question import selector_name, selector_names
from supplynet.network.countries import country_name
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
from supplynet.present.words import avoided, capitalized, link_phrase, scenario_phrase, the
from supplynet.terms import ENDS
from supplynet.text import share, tonnes

if TYPE_CHECKING:
    from supplynet.analysis.footprint.ask import FootprintResult, PlantBurden, Total

#: plants that are listed for a burden
MOST = 5


def of_footprint(result: FootprintResult) -> Document:
    """Return the document of a footprint."""
    question = result.question
    whose = the(selector_name(question.net, result.to))
    blocks: list[Block] = [Paragraph(_lead(result, whose))]
    if result.served > 0.0:
        blocks.append(Bullets(tuple(_answer(total) for total in result.totals)))
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


def _lead(result: FootprintResult, whose: str) -> str:
    question = result.question
    where = "in the calibrated flows" if result.flows == CALIBRATED else "with all nations buying"
    where += f" of {question.year}" if result.flows == CALIBRATED else f" in {question.year}"
    where += f", without {avoided(question)}," if question.avoid else ""
    phrase = f"{where}{scenario_phrase(question.net)} on {link_phrase(question)}"
    gets = "get" if len(selector_names(question.net, result.to)) > 1 else "gets"
    if result.served <= 0.0:
        return f"{capitalized(whose)} {gets} nothing {phrase}, so that nothing comes with it."
    return (
        f"{capitalized(whose)} {gets} {tonnes(result.served)} t of product a year {phrase}. For "
        "each tonne of it the plants on the way bring, low to high by the ends of the intensities:"
    )


def _answer(one: Total) -> str:
    low, central, high = (tonnes(value) for value in (one.low, one.central, one.high))
    return f"{one.burden}: {central} t{'' if low == high else f' ({low} to {high})'}."


def _steps(result: FootprintResult) -> Table:
    """Each burden by step and country, for a tonne served."""
    net = result.question.net
    sums: dict[tuple[str, str, str], list[PlantBurden]] = defaultdict(list)
    for row in result.rows:
        sums[row.burden, row.stage, row.country].append(row)
    order = {stage.name: number for number, stage in enumerate(net.stages)}
    burdens = {total.burden: (number, total) for number, total in enumerate(result.totals)}

    def size(key: tuple[str, str, str]) -> float:
        return sum(total.central for total in sums[key])

    keys = sorted(sums, key=lambda key: (burdens[key[0]][0], order[key[1]], -size(key), key[2]))
    rows: list[dict[str, Any]] = [
        {
            "burden": key[0],
            "stage": net.stage_by_name[key[1]].title,
            "country": country_name(key[2], net.commodity.areas),
            "central": size(key) / result.served,
            "span": tuple(
                sum(getattr(total, end) for total in sums[key]) / result.served for end in ENDS
            ),
            "counted": burdens[key[0]][1].counted.get(key[1]),
        }
        for key in keys
    ]
    columns = (
        Column("burden", "Burden"),
        Column("stage", "Step"),
        Column("country", "Where"),
        Column("central", "For a tonne served", kind="tonnes"),
        Column("span", "Low to high", kind="tonnes", align="right"),
        Column("counted", "Of the step counted", kind="share"),
    )
    return Table(columns, tuple(rows), "Tonnes of each burden for a tonne served", "steps")


def _plants(result: FootprintResult) -> Table:
    rows: list[dict[str, Any]] = []
    for total in result.totals:
        of_burden = [row for row in result.rows if row.burden == total.burden]
        rows += [
            {
                "burden": row.burden,
                "plant": row.name,
                "central": row.central,
                "span": (row.low, row.high),
                "part": row.central / (total.central * result.served) if total.central else None,
            }
            for row in of_burden[:MOST]
        ]
    columns = (
        Column("burden", "Burden"),
        Column("plant", "Plant"),
        Column("central", "t a year", kind="tonnes"),
        Column("span", "Low to high", kind="tonnes", align="right"),
        Column("part", "Of the burden", kind="share"),
    )
    caption = f"At most {MOST} plants a burden; JSON and CSV hold all"
    return Table(columns, tuple(rows), caption, "plants")


def _method(result: FootprintResult) -> list[str]:
    items = [
        "What a plant brings goes with all that leaves it in use or is left over separated, by "
        "weight on the graph's basis, never by value: rare and dear things bear no more than "
        "common ones. What is lost or thrown away bears nothing. Where ways meet, what goes on "
        "bears the average of what came.",
        "Which plants it passes is not observed everywhere: the calibration decides it, by its "
        "rule, wherever figures leave a choice. By other flows that are as good it may bring more "
        "or less."
        if result.flows == CALIBRATED
        else "Which plants it passes is not observed everywhere: the balance decides it, by its "
        "rule, wherever links leave a choice. By another balance that is as good it may bring more "
        "or less.",
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
