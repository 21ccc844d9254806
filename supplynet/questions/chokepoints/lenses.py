"""Chokepoints by where plants stand and by who owns them, side by side: which ones change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplynet.contract.headline import headed
from supplynet.errors import OptionError
from supplynet.present.document import (
    Block,
    Column,
    Document,
    Paragraph,
    Table,
    of_result,
    section,
)
from supplynet.present.words import amount, element_name, meaning, scenario_phrase, target, without
from supplynet.terms import LENSES
from supplynet.text import by_size, listing

if TYPE_CHECKING:
    from supplynet.questions.chokepoints import ChokepointResult

__all__ = ["LENS_TERMS", "lens_blocks", "of_lenses"]

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
        told = [
            dict(zip(LENSES, (ranking.to_dict(), owner.to_dict()), strict=True))
            for ranking, owner in pairs
        ]
        return headed({"results": told}, "results", 0, next(iter(LENSES)))

    title = f"{title}, {question.year}{scenario_phrase(question.net)}"
    return of_result(title, tuple(sections), pairs[0][0], content=content)


def lens_blocks(place: ChokepointResult, owner: ChokepointResult) -> list[Block]:
    """What changes between the lenses in a sentence, then every loss under both."""
    unit = place.unit
    by_place = {row.id: row for row in place.rows}
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
        key for key in order if abs(losses[key][0] - losses[key][1]) > _SAME * max(place.value, 1.0)
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
    what = "country" if place.by == "country" else "stage of a country"
    if not rows:
        text = f"No {what} costs any {place.element} when it is lost, by place or by owner."
        return [Paragraph(text)]
    if not changed:
        text = (
            f"It makes no difference for {place.element} whether a {what} means where plants "
            "stand or who owns them."
        )
    else:
        told = [
            f"{names[key]} ({amount(losses[key][0], unit)} by place, "
            f"{amount(losses[key][1], unit)} by owner)"
            for key in changed[:3]
        ]
        more = "" if len(changed) <= 3 else f", and {len(changed) - 3} more"
        text = (
            f"Counted by who owns the plants and not by where they stand, {len(changed)} of "
            f"{len(order)} losses of {place.element} change: {listing(told)}{more}."
        )
    table = Table(columns, rows, "", f"lenses-{place.element}-{place.by}")
    return [Paragraph(text), table]
