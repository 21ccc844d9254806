"""What the checks found, as a document: equal findings in one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from supplynet.contract.headline import Headline
from supplynet.present.document import (
    Block,
    Column,
    Document,
    Head,
    Paragraph,
    Section,
    Table,
    section,
    table_from,
)
from supplynet.present.unplaced import unplaced_sections
from supplynet.present.words import count
from supplynet.reports.results_page import listed
from supplynet.terms import CONFIDENCES
from supplynet.text import listing, share

if TYPE_CHECKING:
    from supplynet.analysis.work_list import WorkRow
    from supplynet.io.parameters import Correction
    from supplynet.network.problems import CheckReport, Problem
    from supplynet.network.schema import Accepted

#: rows of a work list that are shown
_MOST_WORK = 25
#: rows and values that a line names before it counts the rest
_NAMED = 5


def of_check(
    report: CheckReport,
    rows: Sequence[WorkRow] | None = None,
    corrections: Sequence[Correction] = (),
) -> Document:
    """Return the document of a check: the outcome, then every problem with its place.

    Problems of one kind stand in one line, with all of their rows. How well figures are known comes
    by table, and rows to look up with those on which most rests first. Corrections of others are
    listed.
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
    data = report.to_dict()
    if corrections:
        given = [line.model_dump(mode="json") for line in corrections]
        table = table_from(
            "corrections",
            given,
            table="Table",
            row="Row",
            column="Column",
            value=Head("Now", "tonnes"),
            document="Document",
        )
        sections.append(Section("Corrections", (table,)))
        data["corrections"] = given
    if rows is not None:
        tables, work = _known(rows), [row for row in rows if row.is_work]
        sections.append(section("How well figures are known", "evidence", tables))
        sections.append(section("Work list", "work-list", *_work(work)))
        data["evidence"], data["work_list"] = list(tables.rows), [asdict(row) for row in work]
    title = f"Check of {report.graph}"
    read_off = {"value": ("errors",), **dict.fromkeys(("low", "high", "tier", "year"))}
    head = Headline("errors", "", len(report.errors), None, None, "", None, None, read_off)
    content = {"headline": head.to_dict(), **listed("check", title, data)}
    return Document(title, tuple(sections), content, headline=head)


def _known(rows: Sequence[WorkRow]) -> Table:
    """Return the table that counts by table how well figures are known, by rows and by tonnes."""
    counted = []
    for file in (*dict.fromkeys(row.file for row in rows), ""):
        of_file = [row for row in rows if file in ("", row.file)]
        words = [row.confidence for row in of_file]
        total = sum(row.tonnes for row in of_file)
        known = sum(row.tonnes for row in of_file if row.is_known)
        counted.append(
            {
                "table": file or "all",
                "rows": len(of_file),
                **{name: words.count(name) for name in CONFIDENCES},
                "of_tonnes": known / total if total else None,
            }
        )
    columns = (
        Column("table", "Table"),
        Column("rows", "Rows", kind="int"),
        *(Column(name, word.title, kind="int") for name, word in CONFIDENCES.items()),
        Column("of_tonnes", "Sourced or derived, of tonnes", kind="share"),
    )
    return Table(columns, tuple(counted), "", "evidence")


def _work(work: Sequence[WorkRow]) -> Iterator[Block]:
    """Yield the rows to look up first; the rest is in JSON."""
    if not work:
        yield Paragraph("The figure of every row that something rests on was read in a source.")
        return
    total = sum(row.tonnes for row in work)
    shown = work[:_MOST_WORK]
    part = sum(row.tonnes for row in shown) / total
    yield Paragraph(
        f"{count(len(work), 'row')} on which tonnes of the base year rest have figures that were "
        f"read in no source. What rests on the {len(shown)} below is {share(part)} of the sum."
    )
    yield table_from(
        "work-list",
        shown,
        place=Head("Where", of=lambda row: f"{row.file}, row {row.row}"),
        what="What",
        tonnes=Head("Rests on it, t/yr", "tonnes"),
        confidence="Known",
        note="Note",
    )


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
        value=Head("Found", of=lambda alike: _some([one.value for one in alike if one.value])),
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
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], number]
        else:
            spans.append([number])
    words = [str(span[0]) if len(span) == 1 else f"{span[0]} to {span[-1]}" for span in spans]
    parts = [first.file, f"rows {_some(words)}", f"column {first.column}" if first.column else ""]
    return ", ".join(filter(None, parts))


def _some(words: Sequence[str]) -> str:
    """Return the first of some words as a list, and how many more there are."""
    if len(words) > _NAMED:
        return f"{', '.join(words[:_NAMED])} and {len(words) - _NAMED} more"
    return listing(words)


def _accepted(rows: Sequence[Accepted]) -> Table:
    caption = "Warnings that accepted.csv gives a reason for"
    heads = {"check": "Check", "value": "Found", "reason": "Why it is right"}
    return table_from("accepted", rows, caption, **heads)
