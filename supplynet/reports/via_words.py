"""What can come by way of some countries, in a verdict, a line and a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from supplynet.analysis.flow.via import VIA_TIERS
from supplynet.analysis.question import selector_name
from supplynet.present.document import Column, Table
from supplynet.present.words import amount, capitalized, element_cell, target, the, without
from supplynet.questions.contested.parts import FULL
from supplynet.reports.parts import ELEMENT
from supplynet.text import listing, share, share_range

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import ViaTier
    from supplynet.analysis.question import Question

#: from this part of the demand on it is covered in part, where not all of it is
_IN_PART = 0.5
#: how the tiers are named inside a sentence that sets them side by side
_ON = dict(
    zip(
        VIA_TIERS,
        ("on operating plants and contracted links", "with all that is announced"),
        strict=True,
    )
)


def via_verdict(question: Question, rows: Sequence[ViaTier]) -> str:
    """Return whether what can come by way of some countries covers the demand, and how much.

    `rows` are of one tier after the other, the surest first. The element of which least is covered
    decides; nothing is decided where no demand is known.
    """
    firm, *later = [_together(list(of_tier)) for _, of_tier in groupby(rows, lambda row: row.tier)]
    names = _names(question, firm[0].via)
    who = f"{listing(names)}{' together' if len(names) > 1 else ''}"
    elements = listing([row.element for row in firm])
    text = f"{_ON[firm[0].tier]} {who} could bring {_brought(firm)}"
    if all(row.coverage is not None for row in firm):
        text += f" of the {elements} demand of {target(question)}"
    text += f" in {question.year}{without(question)}"
    text += "".join(f"; {_ON[rows[0].tier]} {_brought(rows)}" for rows in later)
    entries = [row.coverage for row in firm if row.coverage is not None]
    if not entries:
        return f"{text[:1].upper()}{text[1:]}."
    least = min(entries)
    return f"{'Yes' if least >= FULL else 'In part' if least >= _IN_PART else 'No'}: {text}."


def via_line(question: Question, rows: Sequence[ViaTier]) -> str:
    """Return in one line what can come of one element by way of each country, and of any of them.

    Any of them is left out where that is no more than by one. `rows` are of one tier and year after
    the other, the surest first.
    """
    by_team: dict[tuple[str, ...], list[ViaTier]] = {}
    for row in rows:
        by_team.setdefault(row.via, []).append(row)
    (first, texts), *others = [
        (team, [_covered(row, "") for row in of_team]) for team, of_team in by_team.items()
    ]
    of_demand = "" if rows[0].coverage is None else f" of the {rows[0].element} demand"
    bounds = [f"{row.year} ({row.tier})" for row in by_team[first]]
    text = f"By way of {_any(question, first)} {texts[0]}{of_demand} could come in {bounds[0]}"
    text += "".join(f", {piece} in {end}" for piece, end in zip(texts[1:], bounds[1:], strict=True))
    for team, parts in others:
        # together no more than by one of them alone, which is reported already
        if len(team) > 1 and any(parts == alone for _, alone in ((first, texts), *others[:-1])):
            continue
        text += f"; by way of {_any(question, team)} "
        text += "nothing" if {*parts} == {"nothing"} else listing(parts)
    return f"{text}."


def _any(question: Question, via: Sequence[str]) -> str:
    """Return one country by its name, and several that were named before by a word."""
    return _names(question, via)[0] if len(via) == 1 else "either" if len(via) == 2 else "any"


def via_tiers_table(question: Question, rows: Sequence[ViaTier]) -> Table:
    """Return what can come by way of each country and of all of them, a column a tier."""
    tiers = list(dict.fromkeys(row.tier for row in rows))
    cells: dict[tuple[str, tuple[str, ...]], dict[str, object]] = {}
    for row in rows:
        is_first = not any(element == row.element for element, _ in cells)
        names = _names(question, row.via)
        start: dict[str, object] = {
            ELEMENT.key: element_cell(question.net, row.element) if is_first else "",
            "via": names[0] if len(names) == 1 else "Any of them",
        }
        values = cells.setdefault((row.element, row.via), start)
        values[row.tier] = row.through
        values[f"{row.tier}_coverage"] = row.coverage
        values[f"{row.tier}_range"] = (row.coverage_low, row.coverage_high)
    columns = [ELEMENT, Column("via", "By way of")]
    for tier in tiers:
        columns += [
            Column(tier, capitalized(tier), kind="tonnes"),
            Column(f"{tier}_coverage", "Of demand", kind="share"),
            Column(f"{tier}_range", "Data range", kind="share"),
        ]
    caption = f"What could come by way of each country in {question.year}"
    return Table(tuple(columns), tuple(cells.values()), caption, "via-tiers")


def _together(rows: list[ViaTier]) -> list[ViaTier]:
    """Return what can come by way of all countries, a row an element."""
    n = max(len(row.via) for row in rows)
    if n == len({word for row in rows for word in row.via}):
        return [row for row in rows if len(row.via) == n]
    return rows


def _names(question: Question, via: Sequence[str]) -> list[str]:
    return [the(selector_name(question.net, word)) for word in via]


def _brought(rows: Sequence[ViaTier]) -> str:
    """What can come of each element: one figure with its range, or the least and the most."""
    tiers = [row for row in rows if row.coverage is not None]
    if len(tiers) < len(rows):
        return listing([amount(row.through, row.unit) for row in rows])
    if len(rows) == 1:
        return _covered(rows[0])
    ranked = sorted(tiers, key=lambda row: (row.coverage or 0.0, row.element))
    least, most = ranked[0], ranked[-1]
    if share(least.coverage) == share(most.coverage):
        return share(least.coverage)
    return f"{share(least.coverage)} ({least.element}) to {share(most.coverage)} ({most.element})"


def _covered(row: ViaTier, of: str = "data range ") -> str:
    """A coverage with its data range, or tonnes where the demand is not known."""
    if row.coverage is None:
        return amount(row.through, row.unit) if row.through else "nothing"
    span = share_range(row.coverage_low, row.coverage_high)
    text = "nothing" if row.through <= 0.0 else share(row.coverage)
    return text if span == share(row.coverage) else f"{text} ({of}{span})"
