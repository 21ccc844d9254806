"""Sets of limits and unavoidable plants as documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplynet.present.document import (
    Block,
    Document,
    Paragraph,
    Table,
    of_result,
    section,
    table_from,
)
from supplynet.present.words import (
    amount,
    count,
    element_name,
    link_phrase,
    meaning,
    origins,
    question_title,
    target,
)
from supplynet.reports import parts

if TYPE_CHECKING:
    from supplynet.analysis.flow.rows import Bottleneck
    from supplynet.questions.cut import CutsResult

#: sets of limits that a document spells out
_MOST_SETS = 5


def of_cuts(result: CutsResult) -> Document:
    """Return the document of all sets of limits."""
    if not result.is_all:
        from supplynet.reports.results import of_cut

        return of_cut(result)
    question, n_sets = result.question, len(result.sets)
    sections = [section("", "answer", cuts_answer(result))]
    if not result.in_some:
        text = f"No way is open on {link_phrase(question)}."
        sections = [section("", "answer", text)]
    if n_sets > 1:
        blocks: tuple[Block, ...] = (
            Paragraph(
                "Raising any one of these raises every set at once, so that more can arrive."
                if result.in_every
                else "None: to bring more, several limits have to be raised, one of every set."
            ),
        )
        if result.in_every:
            blocks += (limits_table(result, result.in_every, "", "in_every"),)
        sections.append(section("Limits in every set", "in-every", *blocks))
    tables = tuple(
        limits_table(result, members, caption, f"set-{number}")
        for number, (members, caption) in enumerate(_shown(result), 1)
        if members
    )
    if tables:
        sections.append(section("Sets of limits", "sets", *tables))
    sections.append(section("Terms", "terms", (meaning(question),)))
    title = f"All that limits {question_title(question, result.element)}"
    return of_result(title, tuple(sections), result)


def cuts_answer(result: CutsResult) -> str:
    """How much can arrive, and how many sets of limits hold it there."""
    question, n_sets = result.question, len(result.sets)
    most = amount(result.value, result.unit)
    name = element_name(question.net, result.element)
    if n_sets == 1:
        return (
            f"At most {most} of {name} can reach {target(question)}. One set of limits lets "
            "through exactly that: to bring more, one of its members has to be raised."
        )
    more = "" if result.is_complete else "At least "
    return (
        f"At most {most} of {name} can reach {target(question)}. {more}{n_sets} different sets of "
        "limits each let through exactly that: to bring more, at least one limit of every set "
        f"has to be raised. {count(len(result.in_some), 'limit')} in all, "
        f"{len(result.in_every)} in every set."
    )


def _shown(result: CutsResult) -> list[tuple[tuple[Bottleneck, ...], str]]:
    """The sets that are spelled out, the ends of the chain first."""
    if len(result.sets) == 1:
        return [(result.sets[0], "The only set")]
    ends = [
        (result.nearest_mines, f"The set nearest to the {origins(result.question.net)}"),
        (result.nearest_nation, "The set nearest to the nation"),
    ]
    others = [members for members in result.sets if members not in (ends[0][0], ends[1][0])]
    shown = others[: _MOST_SETS - len(ends)]
    left = "" if len(shown) == len(others) and result.is_complete else " (not all are shown)"
    return ends + [(members, f"Another set{left}") for members in shown]


def limits_table(
    result: CutsResult, members: tuple[Bottleneck, ...], caption: str, name: str
) -> Table:
    """Limits with what each lets through."""
    return table_from(name, members, caption, **parts.limit_heads(result.question.net))
