"""Chokepoints by where plants stand and by who owns them, side by side: which ones change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from supplynet.contract.headline import headed
from supplynet.errors import OptionError
from supplynet.network.countries import with_article
from supplynet.present.document import Column, Content, Document, Table, of_result, section
from supplynet.present.words import (
    amount,
    capitalized,
    element_cell,
    element_name,
    link_phrase,
    meaning,
    scenario_phrase,
    target,
    without,
)
from supplynet.questions.chokepoints import ChokepointResult, country_losses, table
from supplynet.terms import LENSES, LOSSES
from supplynet.text import by_size, listing, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplynet.questions.chokepoints import ChokepointResult
    from supplynet.questions.interdict import InterdictionResult


LENS_TERMS = tuple(lens.clause for lens in LENSES.values())
# losses that differ by less than this part of the flow count as the same
_SAME = 1e-9


def of_lenses(*pairs: tuple[ChokepointResult, ChokepointResult]) -> Document:
    """Return the document of chokepoints under both lenses, location and control, by element."""
    if not pairs:
        raise OptionError("a report needs at least one result")
    question = pairs[0][0].question
    sections = [
        section(
            element_name(question.net, ranking.element),
            f"lenses-{ranking.element}-{ranking.by}",
            *lens_blocks(ranking, owner),
        )
        for ranking, owner in pairs
    ]
    terms = (*LENS_TERMS, meaning(question))
    sections.append(section("Terms", "terms", terms))
    title = f"Chokepoints of {target(question)}{without(question)}, by place and by owner"

    def content() -> dict[str, Any]:
        stated = [
            dict(zip(LENSES, (ranking.to_dict(), owner.to_dict()), strict=True))
            for ranking, owner in pairs
        ]
        return headed({"results": stated}, "results", 0, next(iter(LENSES)))

    title = f"{title}, {question.year}{scenario_phrase(question.net)}"
    return of_result(title, sections, pairs[0][0], content=content)


def lens_blocks(result: ChokepointResult, owner: ChokepointResult) -> list[Content]:
    """What changes between the lenses in a sentence, then every loss under both."""
    unit = result.unit
    by_place = {row.id: row for row in result.rows}
    by_owner = {row.id: row for row in owner.rows}
    losses = {
        key: (
            by_place[key].loss if key in by_place else 0.0,
            by_owner[key].loss if key in by_owner else 0.0,
        )
        for key in by_place | by_owner
    }
    order = sorted(losses, key=lambda key: (by_size(max(losses[key])), key))
    names = {key: (by_place.get(key) or by_owner[key]).name for key in order}
    changed = [
        key
        for key in order
        if abs(losses[key][0] - losses[key][1]) > _SAME * max(result.value, 1.0)
    ]
    rows = tuple(
        {
            "name": names[key],
            "place": losses[key][0],
            "owner": losses[key][1],
            "change": losses[key][1] - losses[key][0],
        }
        for key in order
    )
    columns = (
        Column("name", "If this is lost"),
        Column("place", "Less arrives, by place", kind="tonnes", unit=unit),
        Column("owner", "Less arrives, by owner", kind="tonnes", unit=unit),
        Column("change", "Difference", kind="tonnes", unit=unit),
    )
    what = "country" if result.by == "country" else "stage of a country"
    if not rows:
        text = f"No {what} costs any {result.element} when it is lost, by place or by owner."
        return [text]
    if not changed:
        text = (
            f"It makes no difference for {result.element} whether a {what} means where plants "
            "stand or who owns them."
        )
    else:
        texts = [
            f"{names[key]} ({amount(losses[key][0], unit)} by place, "
            f"{amount(losses[key][1], unit)} by owner)"
            for key in changed[:3]
        ]
        more = "" if len(changed) <= 3 else f", and {len(changed) - 3} more"
        text = (
            f"Counted by who owns the plants and not by where they stand, {len(changed)} of "
            f"{len(order)} losses of {result.element} change: {listing(texts)}{more}."
        )
    table = Table(columns, rows, "", f"lenses-{result.element}-{result.by}")
    return [text, table]


def losses_together(results: Sequence[ChokepointResult]) -> Table:
    """Return the losses of several elements in one table; a row says so where none costs."""
    first, rows = Column("element", "Element, unit"), list[dict[str, Any]]()
    for result in results:
        shown = table(result)
        none = "no single loss costs anything" if result.value else "nothing arrives"
        own = shown.rows or ({"name": none},)
        head = {first.key: element_cell(result.question.net, result.element)}
        rows += [head | own[0], *({first.key: ""} | row for row in own[1:])]
    loss, lens = LOSSES[results[0].by], results[0].question.lens
    of = f", by {LENSES[lens].phrase}" if loss.has_two_sides else ""
    name = f"chokepoints-{results[0].by}{f'-{lens}' if of else ''}"
    heads = (first, *(replace(column, unit="") for column in table(results[0]).columns))
    return Table(
        heads, tuple(rows), f"{capitalized(loss.singular)} whose loss costs most{of}", name
    )


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
) -> list[Content]:
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
        return [f"{text}{either} {_BEYOND}"]
    names = {row.id: row.name for result in harmful for row in result.rows[:_MOST]}
    parts = {key: [_lost(result, key) for result in by_country] for key in names}
    ranked = sorted(names, key=lambda key: (*(-fraction for fraction in parts[key]), names[key]))
    elements = [result.element for result in by_country]
    ordered = sorted(zip(parts[ranked[0]], elements, strict=True))
    (least, first), (most, last) = ordered[0], ordered[-1]
    of = share(most)
    if share(least) != of:
        of = f"{share(least)} ({first}) to {of} ({last})"
    name = with_article(names[ranked[0]])
    text += f" The country matters: without {name} {of} of it could not."
    if len(by_country) == 1:
        return [text, table(by_country[0])]
    columns = (
        Column("name", "If this country is lost"),
        *(
            Column(element, element_name(question.net, element), kind="share")
            for element in elements
        ),
    )
    rows = tuple(
        {
            "name": names[key],
            **dict(zip(elements, parts[key], strict=True)),
        }
        for key in ranked[:_MOST]
    )
    caption = "Share of the demand that could no longer be covered"
    return [text, Table(columns, rows, caption, "chokepoints-instead-country")]


def _lost(result: ChokepointResult, key: str) -> float:
    """Return which part of the demand the loss of a country costs; 0 where it costs none."""
    return next((row.demand_share or 0.0 for row in result.rows if row.id == key), 0.0)
