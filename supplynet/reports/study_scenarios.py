"""What could come in a study: scenarios compared, and what several losses at once would cost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from supplynet.analysis.flow.bypass import BypassResult
from supplynet.analysis.potential.ask import BalanceBypassResult, bypass_balance
from supplynet.present.answers import blocks_of
from supplynet.present.document import (
    Block,
    Bullets,
    Column,
    Document,
    Paragraph,
    Section,
    Table,
    section,
)
from supplynet.present.words import capitalized, count, element_cell, link_phrase, without
from supplynet.present.worst import MEANING
from supplynet.questions.bypass import bypass
from supplynet.questions.chokepoints import ChokepointResult, as_document, chokepoints
from supplynet.questions.chokepoints.lenses import LENS_TERMS, lens_blocks
from supplynet.questions.cut import CutsResult, cut
from supplynet.questions.fortify import FortifyResult, fortify
from supplynet.questions.interdict import InterdictionResult, interdict
from supplynet.questions.interdict.page import safe_blocks, worst_blocks
from supplynet.questions.unavoidable import UnavoidableResult, unavoidable
from supplynet.reports.parts import ELEMENT
from supplynet.reports.results_flow import cuts_answer, limits_table
from supplynet.reports.results_potential import of_bypass_balance
from supplynet.terms import LENSES
from supplynet.text import listing

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork
    from supplynet.network.scenario.scenario import Scenario
    from supplynet.reports.brief import Brief


# what two solves of one network may differ by
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Case:
    """The answer under some of the scenarios."""

    title: str
    result: BypassResult


def cases(
    net: SupplyNetwork, scenarios: Sequence[str | Scenario], result: BypassResult
) -> tuple[Case, ...]:
    """Answer the question of a study without its scenarios and, of several, with each alone.

    `net` is without the scenarios, `result` with all of them.
    """
    asked = result.question
    words: dict[str, Any] = {
        "to": asked.to,
        "avoid": asked.avoid,
        "via": result.via,
        "element": [element.element for element in result.elements],
        "year": asked.year,
        "links": asked.links,
        "plants": asked.plants,
        "lens": asked.lens,
    }
    answers = [Case("No scenario", bypass(net, **words))]
    if len(scenarios) > 1:
        for scenario in scenarios:
            name = scenario if isinstance(scenario, str) else scenario.name
            answers.append(Case(name, bypass(net, scenario=scenario, **words)))
    last = "All together" if len(scenarios) > 1 else asked.net.applied[-1]
    return (*answers, Case(last, result))


def compared_section(found: Sequence[Case]) -> Section:
    """Return the section: what could arrive, a column a case."""
    result = found[-1].result
    asked = result.question
    rows = tuple(
        {
            "element": element_cell(asked.net, element.element) if at == 0 else "",
            "tier": capitalized(tier.name),
            **{
                f"case-{number}": case.result.elements[e].tiers[at].without
                for number, case in enumerate(found)
            },
        }
        for e, element in enumerate(result.elements)
        for at, tier in enumerate(element.tiers)
    )
    columns = (
        ELEMENT,
        Column("tier", "Tier"),
        *(Column(f"case-{number}", case.title, kind="tonnes") for number, case in enumerate(found)),
    )
    names = [case.title for case in found[1:]]
    lead = Paragraph(
        f"The same question with the network as it is, and under {listing(names)}: tonnes a year "
        f"that could arrive{without(asked)} in {asked.year}. {_moved(found)}"
    )
    caption = "Potential by scenario and tier"
    return section(
        "Scenarios compared", "scenarios", lead, Table(columns, rows, caption, "scenarios")
    )


def _moved(found: Sequence[Case]) -> str:
    """How many of the figures the scenarios change."""
    pairs = [
        (before.without, after.without)
        for before_element, other in zip(
            found[0].result.elements, found[-1].result.elements, strict=True
        )
        for before, after in zip(before_element.tiers, other.tiers, strict=True)
    ]
    n_moved = sum(not math.isclose(*pair, rel_tol=_ROUNDING) for pair in pairs)
    if not n_moved:
        return "None of the figures moves."
    return f"{n_moved} of {count(len(pairs), 'figure')} {'moves' if n_moved == 1 else 'move'}."


_PROTECTED = 1


@dataclass(frozen=True)
class Worst:
    """What several losses would cost of one element, everything open."""

    cuts: CutsResult
    passages: UnavoidableResult
    attack: InterdictionResult
    defense: FortifyResult
    #: by_place, by_owner: by country, under the location and the control lens
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
    """Work out what the loss of `k` plants would cost of one element."""
    words = {"element": element, **options}
    counted = {**words, "count": "all"}
    return Worst(
        cut(net, is_all=True, **words),
        unavoidable(net, **words),
        interdict(net, k=k, **counted),
        fortify(net, k_defend=_PROTECTED, k_attack=k, **counted),
        chokepoints(net, by="country", lens="location", **counted),
        chokepoints(net, by="country", lens="control", **counted),
    )


def worst_sections(found: Iterable[Worst]) -> tuple[Section, ...]:
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
        passed += blocks_of(attack.passages)
        lost += worst_blocks(attack.attack)
        safe += safe_blocks(attack.defense)
        lenses += lens_blocks(attack.by_place, attack.by_owner)
    k = every[0].defense.k_attack
    passed.append(Bullets(every[0].passages.DECLARED.terms))
    lost.append(Bullets((MEANING,)))
    safe.append(Bullets(("Protected means that it cannot be lost, whatever happens to others.",)))
    lenses.append(Bullets(LENS_TERMS))
    return (
        section("Every set of limits", "cuts", *limits),
        section("Plants that cannot be avoided", "unavoidable", *passed),
        section(f"The worst loss of {count(k, 'plant')}", "worst", *lost),
        section("What to protect", "protect", *safe),
        section("Countries by place and by owner", "lenses", *lenses),
    )


#: plants that a ranking of losses lists
_MOST_LOSSES = 10


@dataclass(frozen=True)
class BalanceStudy:
    """What the chapters by the balance are made of."""

    bypass: BalanceBypassResult
    losses: tuple[ChokepointResult, ...]  #: one per element


def work_out(
    net: SupplyNetwork,
    *,
    avoid: str | Iterable[str],
    elements: Iterable[str],
    **words: Any,
) -> BalanceStudy:
    """Solve what the chapters by the balance show.

    Parameters
    ----------
    **words
        As in :func:`supplynet.bypass`.
    """
    names = list(elements)
    bypass = bypass_balance(net, avoid=avoid, element=names, **words)
    losses = tuple(
        chokepoints(net, avoid=avoid, element=name, model="balance", top=_MOST_LOSSES, **words)
        for name in names
    )
    return BalanceStudy(bypass, losses)


def document_of(study: BalanceStudy, page: Brief) -> Document:
    """Return the page with the chapters by the balance below it."""
    from supplynet.reports import brief_sections

    document = brief_sections.document_of(page)
    (by_tier,) = of_bypass_balance(study.bypass).sections
    losses = tuple(
        replace(section, title=f"What each loss costs: {section.title}")
        if number < len(study.losses)
        else section
        for number, section in enumerate(as_document(study.losses).sections)
    )
    chapters = (section("By form, element and tier", by_tier.name, *by_tier.blocks), *losses)

    def content() -> dict[str, Any]:
        return {
            **document.data,
            "bypass": study.bypass.to_dict(),
            "chokepoints": [result.to_dict() for result in study.losses],
        }

    sections = brief_sections.sections_with_sources(page, *chapters)
    return Document(document.title, sections, content, head={}, headline=document.headline)
