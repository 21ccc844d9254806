"""The sections of a study on what it rests on: estimates, assumed corridors and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.report import parts
from supplynet.report.document import Block, Bullets, Column, Paragraph, Section, Table
from supplynet.report.evidence import assumed_share, corridor_loads, used_sources
from supplynet.report.results_node import source_line
from supplynet.report.words import amount, listing, selector_phrase

if TYPE_CHECKING:
    from supplynet.report.study import Findings


def estimates(found: Findings) -> Section:
    """How much of the answer rests on estimates and on assumed corridors."""
    flows = [element.flow for element in found.result.elements]
    sure = parts.confidence_table(flows)
    rows = tuple(
        {**row, "assumed": assumed_share(flow)} for row, flow in zip(sure.rows, flows, strict=True)
    )
    assumed = Column("assumed", "By assumed corridors", kind="share")
    columns = (*sure.columns[:-1], assumed, sure.columns[-1])
    lead = Paragraph(
        "A route is as sure as the least sure figure on it: capacities of plants and links. "
        "Estimates are derived or allocated by the makers of the data, with a note that says from "
        "what; shares below are of the tonnes in the widest answer."
    )
    blocks: list[Block] = [lead, Table(columns, rows, sure.caption, sure.name)]
    loads = corridor_loads(found.result)
    if loads:
        table = Table(
            (
                Column("rule", "Assumed corridor"),
                Column("share", "Largest share", kind="share"),
                Column("carries", "Carries"),
                Column("standing", "Standing"),
                Column("confidence", "How known"),
            ),
            tuple(
                {
                    "rule": load.rule.id,
                    "share": load.share,
                    "carries": listing(
                        amount(tonnes, load.units[element])
                        for element, tonnes in load.tonnes.items()
                    ),
                    "standing": load.rule.standing,
                    "confidence": load.rule.confidence,
                }
                for load in loads
            ),
            "Assumed corridors, by the largest share of one element that they carry",
            "corridors",
        )
        blocks.append(table)
    return Section("What rests on estimates", tuple(blocks), "estimates")


def corridors(found: Findings) -> tuple[Section, ...]:
    """The assumed corridors with their reasons; nothing where none is used."""
    loads = corridor_loads(found.result)
    if not loads:
        return ()
    net = found.result.question.net
    lead = Paragraph(
        "A corridor stands for links between all plants of one kind and all of another, where no "
        "single link is on record. Dispute them one by one: without them the routes that use them "
        "are gone."
    )
    items = []
    for load in loads:
        rule = load.rule
        ends = f"{selector_phrase(net, rule.source)} to {selector_phrase(net, rule.target)}"
        form = net.form_by_name[rule.form].title
        items.append(f"{rule.id}: {form} from {ends}. {rule.reason}")
    blocks = (lead, Bullets(tuple(items)))
    return (Section("Assumed corridors and their reasons", blocks, "corridors"),)


def sources(found: Findings) -> tuple[Section, ...]:
    """Sources of the rows used; those that were read apart from those known from memory."""
    shown = [route for routes in found.sure_routes.values() for route in routes]
    cited = used_sources(found.result, shown)
    if not cited:
        return ()
    blocks: list[Block] = []
    for is_read, lead in (
        ("yes", "Read for this data, and cited by rows that the figures rest on:"),
        ("no", "Not read: published but not at hand, or reckoned for this data:"),
    ):
        lines = tuple(source_line(source) for source in cited if source.is_verified == is_read)
        if lines:
            blocks += [Paragraph(lead), Bullets(lines)]
    return (Section("Sources", tuple(blocks), "sources"),)
