"""Answers as documents and tables, from what they declare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from supplynet.contract.declared import ITS_UNIT
from supplynet.contract.result import Result
from supplynet.network.countries import country_name
from supplynet.present import document as parts
from supplynet.present.document import Bullets, Document, Paragraph, Section, of_result
from supplynet.present.words import meaning, question_title, target

if TYPE_CHECKING:
    from supplynet.contract.answer import Answer
    from supplynet.contract.declared import Column, Table
    from supplynet.contract.question import Declaration
    from supplynet.network.network import SupplyNetwork

#: how the names of the ends of a range end
_LOW, _HIGH = "_low", "_high"
#: how a cell is written in a document, by how it is shown
_KINDS: dict[str, parts.Kind] = {"tonnes": "tonnes", "share": "share", "int": "int"}


def document_of(answer: Answer) -> Document:
    """Return the document of an answer: its sentence, its tables, and what its words mean."""
    question, declared = answer.question, answer.DECLARED
    if declared.page is not None:
        document: Document = declared.page([answer])
        return document
    asked = question_title(question, getattr(answer, "element", ""))
    terms = Bullets((*declared.terms, meaning(question)))
    return of_result(
        declared.title.format(asked=asked),
        (
            Section("", tuple(blocks_of(answer)), "answer"),
            Section("Terms", (terms,), "terms"),
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


def table_of(answer: Answer, table: Table, *, without: Sequence[str] = ()) -> parts.Table:
    """Return a table of an answer as people read it: columns with a head, but for some."""
    net, found = answer.question.net, tuple(table.rows_of(answer))
    columns = [
        one
        for one in table.columns
        if one.head and one.name not in without and not _is_unasked(one, found)
    ]
    rows = tuple({column.name: _cell(net, column, row) for column in columns} for row in found)
    unit = getattr(answer, "unit", "")
    heads = tuple(
        parts.Column(
            one.name,
            one.head,
            kind=_KINDS.get(one.shown, "text"),
            unit=unit if one.unit == ITS_UNIT else "",
        )
        for one in columns
    )
    return parts.Table(heads, rows, table.title, table.name)


def _is_unasked(column: Column, rows: Sequence[Any]) -> bool:
    """Whether a column is one of ranges, and none was asked for."""
    return column.name.endswith(_LOW) and all(column.of(row) is None for row in rows)


def _cell(net: SupplyNetwork, column: Column, row: Any) -> Any:
    """Return a cell as people read it; of the low end of a range the whole range."""
    value = column.of(row)
    if value is not None and column.name.endswith(_LOW):
        return value, getattr(row, column.name.removesuffix(_LOW) + _HIGH)
    if value is None and column.none:
        return column.none
    if column.shown == "stage":
        return net.stage_by_name[value].title if value else ""
    if column.shown == "country":
        return country_name(value, net.commodity.areas) if value else ""
    return value


def machine_table(answers: Sequence[Answer], declared: Declaration[Any]) -> parts.Table:
    """Return answers for machines: the first table with every column by its name, or a row each."""
    tables = [_machine_rows(answer, declared) for answer in answers]
    rows = [
        {"element": getattr(answer, "element", ""), "unit": getattr(answer, "unit", ""), **row}
        for answer, (_, own) in zip(answers, tables, strict=True)
        for row in own
    ]
    first = ["element"] if hasattr(answers[0], "element") else []
    names = dict.fromkeys([*first, *tables[0][0], "unit"])
    return parts.Table(tuple(parts.Column(name, name) for name in names), tuple(rows))


def _machine_rows(
    answer: Answer, declared: Declaration[Any]
) -> tuple[list[str], list[dict[Any, Any]]]:
    """Return columns and rows of an answer: its figures, or its frame where that has its own."""
    if declared.has_row:
        return list(declared.metrics), [declared.facts(answer)]
    if type(answer).to_frame is not Result.to_frame:
        frame = answer.to_frame()
        return list(frame.columns), frame.to_dict("records")
    return [column.name for column in answer.LAYOUT.tables[0].columns], answer.records()
