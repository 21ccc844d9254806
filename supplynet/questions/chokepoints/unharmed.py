"""What is said where no loss of plants costs anything: the country whose loss does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.network.countries import with_article
from supplynet.present.document import Block, Column, Paragraph, Table
from supplynet.present.words import element_name, link_phrase, target, without
from supplynet.questions.chokepoints import ChokepointResult, country_losses, table
from supplynet.terms import LOSSES
from supplynet.text import listing, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplynet.questions.interdict import InterdictionResult

#: countries that are reported, those whose loss costs most first
_MOST = 5
#: what else can be asked where nothing that is lost costs any
_BEYOND = "More than that could arrive; --count all counts it, too."


def is_covered(result: ChokepointResult | InterdictionResult, value: float) -> bool:
    """Whether what arrives is all that is needed, where no more than that counts."""
    need = result.demand.value if result.is_up_to_need else None
    return bool(need) and value >= (need or 0.0) * (1.0 - 1e-9)


def names_together(results: Sequence[ChokepointResult | InterdictionResult]) -> str:
    """Return the names of several elements."""
    return listing([element_name(result.question.net, result.element) for result in results])


def countries_instead(
    results: Sequence[ChokepointResult | InterdictionResult],
) -> list[ChokepointResult]:
    """Return what the loss of each whole country costs, for answers about less than that."""
    return [
        country_losses(
            result.question,
            result.element,
            model=getattr(result, "model", "flow"),
            count=result.count,
        )
        for result in results
        if not LOSSES[result.by].is_whole
    ]


def unharmed_blocks(
    results: Sequence[ChokepointResult | InterdictionResult],
    lost: str,
    by_country: Sequence[ChokepointResult],
) -> list[Block]:
    """Return that all could still arrive whatever is lost, and whose loss costs something.

    `lost` is what was lost, such as ``the loss of 1 plant``.
    """
    question = results[0].question
    each = ", each by itself" if len(results) > 1 else ""
    text = (
        f"With {lost}, whichever it is, all the {names_together(results)} that {target(question)} "
        f"needs in {question.year} could still arrive{without(question)}, on "
        f"{link_phrase(question)}{each}."
    )
    harmful = [result for result in by_country if result.rows]
    if not harmful:
        either = " No single country costs any either." if by_country else ""
        return [Paragraph(f"{text}{either} {_BEYOND}")]
    names = {row.id: row.name for result in harmful for row in result.rows[:_MOST]}
    parts = {key: [_lost(result, key) for result in by_country] for key in names}
    ranked = sorted(names, key=lambda key: (*(-part for part in parts[key]), names[key]))
    elements = [result.element for result in by_country]
    ordered = sorted(zip(parts[ranked[0]], elements, strict=True))
    (least, first), (most, last) = ordered[0], ordered[-1]
    of = share(most)
    if share(least) != of:
        of = f"{share(least)} ({first}) to {of} ({last})"
    name = with_article(names[ranked[0]])
    text += f" The country matters: without {name} {of} of it could not."
    if len(by_country) == 1:
        return [Paragraph(text), table(by_country[0])]
    columns = (
        Column("name", "If this country is lost"),
        *(Column(one, element_name(question.net, one), kind="share") for one in elements),
    )
    rows = tuple(
        {
            "name": names[key],
            **dict(zip(elements, parts[key], strict=True)),
        }
        for key in ranked[:_MOST]
    )
    caption = "Share of the demand that could no longer be covered"
    return [Paragraph(text), Table(columns, rows, caption, "chokepoints-instead-country")]


def _lost(result: ChokepointResult, key: str) -> float:
    """Return which part of the demand the loss of a country costs; 0 where it costs none."""
    return next((row.demand_share or 0.0 for row in result.rows if row.id == key), 0.0)
