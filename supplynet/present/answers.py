"""Answers as documents and tables, from what they declare."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from supplynet.contract.answer import Result
from supplynet.contract.row import ITS_UNIT
from supplynet.network.countries import country_name
from supplynet.present import document as parts
from supplynet.present.document import Bullets, Document, Paragraph, of_result, section
from supplynet.present.words import capitalized, meaning, question_title, target
from supplynet.terms import ENDS
from supplynet.text import days

if TYPE_CHECKING:
    from supplynet.contract.answer import Answer, DeclaredResult
    from supplynet.contract.query import Declaration
    from supplynet.contract.row import Column, Table
    from supplynet.network.network import SupplyNetwork

#: how the names of the ends of a range end
_LOW, _HIGH = ENDS
#: places behind the point of numbers that are written as words, by how they are shown
_PLACES = {"money": 1, "use": 0}
#: how a cell is written in a document, by how it is shown
_KINDS: dict[str, parts.Kind] = {"tonnes": "tonnes", "share": "share", "int": "int", "year": "year"}


def document_of(answer: Any) -> Document:
    """Return the document of an answer: its sentence, its tables, and what its words mean."""
    declared = answer.DECLARED
    if declared.page is not None:
        document: Document = declared.page([answer])
        return document
    question = answer.question
    name = question_title(question, getattr(answer, "element", ""))
    terms = Bullets((*declared.terms, meaning(question)))
    return of_result(
        declared.title.format(asked=name),
        (
            section("", "answer", *blocks_of(answer)),
            section("Terms", "terms", terms),
        ),
        answer,
    )


def heading(answers: Sequence[Answer]) -> str:
    """Return the title of several answers together."""
    together: str = answers[0].DECLARED.together
    return together.format(target=target(answers[0].question))


def blocks_of(answer: Answer) -> Iterator[parts.Block]:
    """Yield the sentence of an answer, and those of its tables that have rows."""
    yield Paragraph(answer.summary())
    for table in answer.LAYOUT.tables:
        shown = table_of(answer, table)
        if shown.rows:
            yield shown


def table_of(
    answer: Result,
    table: Table | str,
    *,
    rows: Sequence[Any] | None = None,
    caption: str | None = None,
    without: Sequence[str] = (),
    heads: Mapping[str, str] = MappingProxyType({}),
    cells: Mapping[str, Callable[[Any], Any]] = MappingProxyType({}),
) -> parts.Table:
    """Return a table of an answer as people read it: columns with a head, but for some.

    `rows` and `caption` are in place of all rows and of its title, `heads` of those of some
    columns, and `cells` makes the cells of some from a row.
    """
    record = answer.LAYOUT.table(table) if isinstance(table, str) else table
    question: Any = getattr(answer, "question", None)
    net, results = (
        question and question.net,
        tuple(record.rows_of(answer) if rows is None else rows),
    )
    columns = [
        column
        for column in record.columns
        if column.head and column.name not in without and not _is_unasked(column, results)
    ]
    # figures of rows that name their unit are in it
    has_own = any(member.name == ITS_UNIT for member in record.columns)
    unit = "" if has_own else getattr(answer, "unit", "")
    shown = tuple(
        parts.Column(
            candidate.name,
            heads.get(candidate.name, candidate.head),
            "right" if candidate.shown in _PLACES else "",
            kind="text" if _is_in_words(candidate) else _KINDS.get(candidate.shown, "text"),
            unit=unit if candidate.unit == ITS_UNIT else "",
        )
        for candidate in columns
    )
    makers = {entry.name: cells.get(entry.name, partial(_cell, net, entry)) for entry in columns}
    lines = tuple({name: make(row) for name, make in makers.items()} for row in results)
    return parts.Table(shown, lines, record.title if caption is None else caption, record.name)


def _is_unasked(column: Column, rows: Sequence[Any]) -> bool:
    """Whether a column is one of ranges, and none was asked for."""
    return _is_range(column) and all(column.of(row) is None for row in rows)


def _is_range(column: Column) -> bool:
    return column.name == _LOW or column.name.endswith(f"_{_LOW}")


def _is_in_words(column: Column) -> bool:
    """Whether cells of a column are words: days, or numbers of which some have a word instead."""
    return column.shown == "days" or (column.shown == "int" and bool(column.none))


def _cell(net: SupplyNetwork, column: Column, row: Any) -> Any:
    """Return a cell as people read it; of the low end of a range the whole range."""
    value = column.of(row)
    if _is_range(column) and (value is not None or column.none):
        bounds = value, getattr(row, column.name.removesuffix(_LOW) + _HIGH)
        if not _is_in_words(column):
            return bounds
        low, high = (_end(column, end) for end in bounds)
        return low if low == high else f"{low} to {high}"
    if value is None and column.none:
        return column.none
    if column.shown in _PLACES:
        is_finite = math.isfinite(value)
        return f"{value:,.{_PLACES[column.shown]}f}" if is_finite else column.none
    if column.shown == "texts":
        return ", ".join(value)
    if column.shown == "days":
        return days(value)
    if column.shown == "form":
        return net.form_by_name[value].title
    if column.shown == "tier":
        return capitalized(value)
    if column.shown == "stage":
        return net.stage_by_name[value].title if value else ""
    if column.shown == "country":
        return country_name(value, net.commodity.areas) if value else ""
    return str(value) if _is_in_words(column) else value


def _end(column: Column, value: Any) -> str:
    """Return an end of a range in words."""
    if value is None:
        return column.none
    return "endless" if math.isinf(value) else f"{value:,.0f}"


def machine_table(answers: Sequence[DeclaredResult], declared: Declaration[Any]) -> parts.Table:
    """Return answers for machines: the first table with every column by its name, or a row each."""
    tables = [_machine_rows(answer, declared) for answer in answers]
    rows = [
        {"element": getattr(answer, "element", ""), "unit": getattr(answer, "unit", ""), **row}
        for answer, (_, own) in zip(answers, tables, strict=True)
        for row in own
    ]
    first = ["element"] if hasattr(answers[0], "element") else []
    return parts.plain_table(dict.fromkeys([*first, *tables[0][0], "unit"]), rows)


def _machine_rows(
    answer: DeclaredResult, declared: Declaration[Any]
) -> tuple[list[str], list[dict[Any, Any]]]:
    """Return columns and rows of an answer: its figures, or its frame where that has its own."""
    if declared.has_row:
        return list(declared.metrics), [declared.facts(answer)]
    if type(answer).to_frame is not Result.to_frame:
        frame = answer.to_frame()
        return list(frame.columns), frame.to_dict("records")
    rows = answer.records()
    names = dict.fromkeys(column.name for column in answer.LAYOUT.tables[0].columns)
    total = declared.judged(answer).get("")
    if total is not None and not rows:  # no part is judged, such as no product of unknown demand
        rows = [{**names, **declared.facts(total)}]
    return list(names), rows
