"""What several losses at once would cost, for a study: limits, routes, the worst case, defense."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.chokepoints import ChokepointResult, chokepoints
from supplynet.analysis.flow.cuts import CutsResult, min_cuts
from supplynet.analysis.flow.fortify import FortifyResult, fortify
from supplynet.analysis.flow.interdict import InterdictionResult, interdict
from supplynet.analysis.flow.unavoidable import UnavoidableResult, unavoidable
from supplynet.report.document import Block, Bullets, Paragraph, Section
from supplynet.report.results_attack import MEANING, safe_blocks, worst_blocks
from supplynet.report.results_cuts import ROUTE_TERMS, cuts_answer, limits_table, passage_blocks
from supplynet.report.results_lenses import LENS_TERMS, lens_blocks
from supplynet.report.words import count, link_phrase
from supplynet.terms import LENSES

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork

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
