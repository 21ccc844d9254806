"""What the checks found, as a document: equal findings in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from supplynet.contract.headline import Headline
from supplynet.present.document import (
    Block,
    Document,
    Head,
    Paragraph,
    Table,
    section,
    table_from,
)
from supplynet.present.unplaced import unplaced_sections
from supplynet.present.words import count
from supplynet.reports.results_page import listed
from supplynet.text import listing, share

if TYPE_CHECKING:
    from supplynet.network.problems import CheckReport, Problem
    from supplynet.network.schema import Accepted

#: rows and values that a line names before it counts the rest
_NAMED = 5


def of_check(report: CheckReport) -> Document:
    """Return the document of a check: the outcome, then every problem with its place.

    Problems of one kind stand in one line, with all of their rows.
    """
    outcome = (
        f"{count(report.n_checks, 'check')}: {count(len(report.errors), 'error')}, "
        f"{count(len(report.warnings), 'warning')}. {share(report.cited_share)} of the rows with "
        "figures cite a source."
    )
    sections = [section("", "outcome", outcome)]
    for title, name, problems in (
        ("Errors", "errors", report.errors),
        ("Warnings", "warnings", report.warnings),
    ):
        if problems:
            sections.append(section(title, name, *_problems(problems, name)))
    if report.accepted:
        sections.append(section("Accepted", "accepted", _accepted(report.accepted)))
    sections += unplaced_sections(report.unplaced, {})
    title = f"Check of {report.graph}"
    read_off = {"value": ("errors",), **dict.fromkeys(("low", "high", "tier", "year"))}
    head = Headline("errors", "", len(report.errors), None, None, "", None, None, read_off)
    content = {"headline": head.to_dict(), **listed("check", title, report.to_dict())}
    return Document(title, tuple(sections), content, headline=head)


def _problems(problems: Sequence[Problem], name: str) -> Iterator[Block]:
    kinds: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        key = problem.code, problem.file, problem.column, problem.message, problem.hint
        kinds.setdefault(key, []).append(problem)
    if len(kinds) < len(problems):
        word = name.removesuffix("s")
        yield Paragraph(
            f"{count(len(problems), word)} of {count(len(kinds), 'kind')}, a line each; as CSV or "
            "JSON each stands by itself."
        )
    yield table_from(
        name,
        kinds.values(),
        place=Head("Where", of=_place),
        message=Head("What is wrong", of=lambda alike: alike[0].message),
        value=Head(
            "Found", of=lambda alike: _some([entry.value for entry in alike if entry.value])
        ),
        hint=Head("What to do", of=lambda alike: alike[0].hint),
        code=Head("Check", of=lambda alike: alike[0].code),
    )


def _place(problems: Sequence[Problem]) -> str:
    """Return file, rows and column of problems that differ in their rows alone.

    Examples
    --------
    >>> from supplynet.network.problems import Problem
    >>> _place([Problem("rule", "wrong", "rules.csv", row, "source") for row in (2, 3, 4, 9)])
    'rules.csv, rows 2 to 4 and 9, column source'
    """
    first = problems[0]
    numbers = sorted({problem.row for problem in problems if problem.row is not None})
    if len(numbers) < 2:
        return first.place
    spans: list[list[int]] = []
    for index in numbers:
        if spans and index == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], index]
        else:
            spans.append([index])
    texts = [str(span[0]) if len(span) == 1 else f"{span[0]} to {span[-1]}" for span in spans]
    parts = [first.file, f"rows {_some(texts)}", f"column {first.column}" if first.column else ""]
    return ", ".join(filter(None, parts))


def _some(texts: Sequence[str]) -> str:
    """Return the first of some words as a list, and how many more there are."""
    if len(texts) > _NAMED:
        return f"{', '.join(texts[:_NAMED])} and {len(texts) - _NAMED} more"
    return listing(texts)


def _accepted(rows: Sequence[Accepted]) -> Table:
    caption = "Warnings that accepted.csv gives a reason for"
    heads = {"check": "Check", "value": "Found", "reason": "Why it is right"}
    return table_from("accepted", rows, caption, **heads)
