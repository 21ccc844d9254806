"""What losses cost, for a study: one alone, several at once, the worst case, defense."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.chokepoints import ChokepointResult, chokepoints
from supplynet.analysis.flow.cuts import CutsResult, min_cuts
from supplynet.analysis.flow.fortify import FortifyResult, fortify
from supplynet.analysis.flow.interdict import InterdictionResult, interdict
from supplynet.analysis.flow.unavoidable import UnavoidableResult, unavoidable
from supplynet.report import parts, pictures
from supplynet.report.document import Block, Bullets, Column, Paragraph, Section, Table
from supplynet.report.results_attack import MEANING, safe_blocks, worst_blocks
from supplynet.report.results_cuts import ROUTE_TERMS, cuts_answer, limits_table, passage_blocks
from supplynet.report.results_lenses import LENS_TERMS, lens_blocks
from supplynet.report.words import avoided, count, element_cell, link_phrase
from supplynet.terms import LENSES

if TYPE_CHECKING:
    from supplynet.analysis.flow.chokepoints import ChokepointResult
    from supplynet.network.network import SupplyNetwork
    from supplynet.report.study import Findings

__all__ = ["Worst", "sections", "worst"]

_PROTECTED = 1


@dataclass(frozen=True)
class Worst:
    """What several losses would cost of one element, everything open.

    Parameters
    ----------
    cuts : CutsResult
    passages : UnavoidableResult
    attack : InterdictionResult
    defense : FortifyResult
    by_place, by_owner : ChokepointResult
        By country, under the location and the control lens.
    """

    cuts: CutsResult
    passages: UnavoidableResult
    attack: InterdictionResult
    defense: FortifyResult
    by_place: ChokepointResult
    by_owner: ChokepointResult

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            "element": self.attack.element,
            "cuts": self.cuts.to_dict(),
            "unavoidable": self.passages.to_dict(),
            "interdict": self.attack.to_dict(),
            "fortify": self.defense.to_dict(),
            "by_country": dict(
                zip(LENSES, (self.by_place.to_dict(), self.by_owner.to_dict()), strict=True)
            ),
        }


def worst(net: SupplyNetwork, element: str, k: int, options: dict[str, Any]) -> Worst:
    """Work out what several losses would cost of one element.

    Parameters
    ----------
    net : SupplyNetwork
    element : str
    k : int
        How many plants may be lost.
    options : dict
        Target, year and links.
    """
    words = {"element": element, **options}
    counted = {**words, "count": "all"}
    return Worst(
        min_cuts(net, **words),
        unavoidable(net, **words),
        interdict(net, k=k, **counted),
        fortify(net, k_defend=_PROTECTED, k_attack=k, **counted),
        chokepoints(net, by="country", lens="location", **counted),
        chokepoints(net, by="country", lens="control", **counted),
    )


def sections(found: Iterable[Worst]) -> tuple[Section, ...]:
    """Return the sections, one a question, each about every element."""
    every = list(found)
    links = link_phrase(every[0].attack.question)
    lead = Paragraph(f"Here everything is open, on {links}.")
    limits: list[Block] = [lead]
    passed: list[Block] = [lead]
    lost: list[Block] = [lead]
    safe: list[Block] = [lead]
    lenses: list[Block] = [lead]
    for attack in every:
        limits.append(Paragraph(cuts_answer(attack.cuts)))
        if len(attack.cuts.sets) > 1 and attack.cuts.in_every:
            caption = f"Limits in every set, {attack.cuts.element}, {attack.cuts.unit}"
            limits.append(
                limits_table(
                    attack.cuts, attack.cuts.in_every, caption, f"in-every-{attack.cuts.element}"
                )
            )
        passed += passage_blocks(attack.passages)
        lost += worst_blocks(attack.attack)
        safe += safe_blocks(attack.defense)
        lenses += lens_blocks(attack.by_place, attack.by_owner)
    k = every[0].defense.k_attack
    passed.append(Bullets((ROUTE_TERMS,)))
    lost.append(Bullets((MEANING,)))
    safe.append(Bullets(("Protected means that it cannot be lost, whatever happens to others.",)))
    lenses.append(Bullets(LENS_TERMS))
    return (
        Section("Every set of limits", tuple(limits), "cuts"),
        Section("Plants that cannot be avoided", tuple(passed), "unavoidable"),
        Section(f"The worst loss of {count(k, 'plant')}", tuple(lost), "worst"),
        Section("What to protect", tuple(safe), "protect"),
        Section("Countries by place and by owner", tuple(lenses), "lenses"),
    )


def chokepoint_section(found: Findings) -> Section:
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
