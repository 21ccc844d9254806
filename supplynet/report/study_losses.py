"""The section of a study on chokepoints: what a single loss costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from supplynet.report import parts, pictures
from supplynet.report.document import Block, Column, Paragraph, Section, Table
from supplynet.report.words import avoided, element_cell, link_phrase
from supplynet.terms import LENSES

if TYPE_CHECKING:
    from supplynet.analysis.flow.chokepoints import ChokepointResult
    from supplynet.report.study import Findings


def chokepoints(found: Findings) -> Section:
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
    return Section("Chokepoints", tuple(blocks), "chokepoints")


def _told(result: ChokepointResult) -> list[tuple[str, float]]:
    return [(row.id, row.loss) for row in result.rows]


def _stage_losses(results: Sequence[ChokepointResult]) -> Table:
    """Stages of a country whose loss costs most, for several elements under one lens."""
    rows: list[dict[str, Any]] = []
    for result in results:
        net = result.question.net
        first = element_cell(net, result.element)
        rows += [
            {
                "element": first if number == 0 else "",
                "name": parts.chokepoint_name(net, row.id, row.name),
                "loss": row.loss,
                "loss_share": row.loss_share,
                "demand_share": row.demand_share,
            }
            for number, row in enumerate(result.rows)
        ] or [_no_loss(result)]
    columns = (
        parts.ELEMENT,
        Column("name", "If this is lost"),
        Column("loss", "Less arrives", kind="tonnes"),
        Column("loss_share", "Share of supply", kind="share"),
        Column("demand_share", "Share of demand", kind="share"),
    )
    lens = results[0].question.lens
    caption = f"Stages of a country whose loss costs most, by {LENSES[lens].phrase}"
    return Table(columns, tuple(rows), caption, f"chokepoints-country-stage-{lens}")


def _no_loss(result: ChokepointResult) -> dict[str, Any]:
    text = "no single loss costs anything" if result.value else "nothing arrives"
    return {"element": element_cell(result.question.net, result.element), "name": text}


def _plant_losses(found: Findings) -> Table:
    rows: list[dict[str, Any]] = []
    for loss in found.losses:
        net = loss.nodes.question.net
        first = element_cell(net, loss.nodes.element)
        rows += [
            {
                "element": first if number == 0 else "",
                "name": parts.node_label(net, row.id),
                "stage": net.stage_by_name[row.stage].title,
                "loss": row.loss,
                "loss_share": row.loss_share,
                "demand_share": row.demand_share,
            }
            for number, row in enumerate(loss.nodes.rows)
        ] or [_no_loss(loss.nodes)]
    columns = (
        parts.ELEMENT,
        Column("name", "If this is lost"),
        Column("stage", "Kind"),
        Column("loss", "Less arrives", kind="tonnes"),
        Column("loss_share", "Share of supply", kind="share"),
        Column("demand_share", "Share of demand", kind="share"),
    )
    return Table(columns, tuple(rows), "Plants whose loss costs most", "chokepoints-node")
