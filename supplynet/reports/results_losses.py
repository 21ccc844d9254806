"""What losses leave of a flow, as documents: without a country, and without each of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supplynet.analysis.flow.via import VIA_TIERS
from supplynet.present.document import (
    Bullets,
    Document,
    Paragraph,
    of_result,
    section,
)
from supplynet.present.words import (
    added_phrase,
    amount,
    asked,
    avoided,
    capitalized,
    covers,
    link_phrase,
    meaning,
    scenario_phrase,
    target,
    why_less,
    without,
)
from supplynet.reports import parts, pictures
from supplynet.reports.carried_words import carried_tables
from supplynet.reports.dead_ends import sections as dead_ends
from supplynet.reports.via_words import via_tiers_table, via_verdict
from supplynet.terms import LENSES
from supplynet.text import listing

if TYPE_CHECKING:
    from supplynet.analysis.flow.bypass import BypassResult
    from supplynet.analysis.flow.rows import Tier

#: losses are the same from this part of each other on, and how many of them are named
_SAME, _NAMED = 1e-6, 3


def of_bypass(result: BypassResult) -> Document:
    """Return the document of a bypass: tiers, via countries, and what is needed.

    Where countries on the way were asked about, what can pass each stands before all else.
    """
    question = result.question
    flows = [element.flow for element in result.elements]
    names = [element.element for element in result.elements]
    lead = [Paragraph(answer(result)), Paragraph(meaning(question) + why_less(question))]
    if question.lens == "control":
        lead.append(Paragraph(LENSES["control"].sentence))
    lead += [Paragraph(f"{capitalized(text)}.") for text in result.idle_restrictions]
    sections = [section("", "answer", *lead)]
    if result.is_via_asked:
        rows = sorted(
            (row for element in result.elements for row in element.via_tiers),
            key=lambda row: VIA_TIERS.index(row.tier),
        )
        table = via_tiers_table(question, rows)
        sections = [
            section("", "answer", via_verdict(question, rows), table),
            section(asked(question, names), "all-ways", *lead),
        ]
    carried = carried_tables(result.carried_by, f"{names[0]}, {question.tier} in {question.year}")
    tables = (parts.tier_table(result), *carried, parts.demand_table(flows))
    layers = pictures.flow_layers(result)
    sections.append(section("Figures", "figures", *tables, layers))
    if result.via:
        counted = Paragraph(f"Counted are {link_phrase(question)}.")
        blocks = (counted, VIA_NOTES, parts.via_table(result))
        sections.append(section("By way of which countries", "via", *blocks))
    sections += dead_ends(question.net, result.dead_ends)
    sections.append(
        section("How sure the figures are", "confidence", parts.confidence_table(flows))
    )
    title = f"Supply of {target(question)}{without(question)}, {question.year}"
    return of_result(title + scenario_phrase(question.net), tuple(sections), result)


VIA_NOTES = Bullets(
    (
        "Can carry: the most that could arrive having passed the country.",
        "Adds alone: what it adds when the other countries listed here are shut.",
        "Lost without it: what is lost when it alone is shut.",
        "Fair share: its average gain over every order in which the countries listed could join "
        "(Shapley value).",
    )
)


def answer(result: BypassResult) -> str:
    """Return the answer in two sentences, what is firm first."""
    question = result.question
    n_tiers = len(result.elements[0].tiers)

    first = result.elements[0].tiers[0]
    text = (
        f"Without {avoided(question)}{scenario_phrase(question.net)}, {link_phrase(first)} "
        f"could bring {target(question)} {_figures(result, 0)} in {question.year}."
    )
    later = []
    for tier_number in range(1, n_tiers):
        tiers = result.elements[0].tiers
        word = added_phrase(tiers[tier_number], tiers[tier_number - 1])
        if all(_is_same(element.tiers, tier_number) for element in result.elements):
            later.append(f"{word} add nothing")
        else:
            later.append(f"with {word} too it would be {_figures(result, tier_number)}")
    if not later:
        return text
    return f"{text} {capitalized('; '.join(later))}."


def _is_same(tiers: Sequence[Tier], place: int) -> bool:
    return tiers[place].without == tiers[place - 1].without


def _figures(result: BypassResult, place: int) -> str:
    """Figures of one tier: those that differ from the tier before, then those that do not.

    The first has its range; those of the others stand in the table.
    """
    texts_told, same, near, none = [], [], [], []
    for number, element in enumerate(result.elements):
        tier = element.tiers[place]
        text = amount(tier.without, element.unit)
        if not tier.without:
            none.append(element.element)
        elif place and _is_same(element.tiers, place):
            same.append(element.element)
        elif place and text == amount(element.tiers[place - 1].without, element.unit):
            near.append(element.element)
        else:
            texts_told.append(f"{text} ({_covers(tier, element.element, has_ends=not number)})")
    rest = [f"hardly more {listing(near, 'or')}"] if near else []
    if same:
        rest.append(f"no more {listing(same, 'or')}")
    if none:
        rest.append(f"{'still ' if place else ''}no {listing(none, 'or')}")
    texts = [f"at most {listing(texts_told)}"] if texts_told else []
    return ", and ".join([*texts, *([listing(rest)] if rest else [])])


def _covers(tier: Tier, element: str, *, has_ends: bool) -> str:
    ends = (tier.coverage_low, tier.coverage_high) if has_ends else (None, None)
    return covers(tier.coverage, element, *ends)
