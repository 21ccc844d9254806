"""Corrections that others hand in: a better figure of a row, with the document that prints it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import Field, ValidationError

from supplynet.errors import TableError
from supplynet.io.tables import read_numbered
from supplynet.network.explain import problems_of, validate_records
from supplynet.network.problems import Problem, did_you_mean, raise_problems
from supplynet.network.schema import TABLES, Provenance, Row, Source
from supplynet.network.schema.row import Number, OptionalNumber
from supplynet.terms import ENDS

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


class Correction(Row):
    """A line of a file of corrections."""

    key = ("table", "row", "column")

    table: str = Field(min_length=1, description="table of the graph, such as nodes")
    row: str = Field(
        min_length=1, description="its id, or what tells it from others, with / between"
    )
    column: str = Field(min_length=1, description="column of the figure")
    value: Number = Field(description="the better figure")
    low: OptionalNumber = Field(default=None, description="its low end")
    high: OptionalNumber = Field(default=None, description="its high end")
    unit: str = Field(default="", description="unit of the row; empty: that of the row")
    printed: str = Field(default="", description="what is printed, if the figure was reckoned")
    document: str = Field(min_length=1, description="title of the document")
    publisher: str = Field(default="", description="who published it")
    date: str = Field(min_length=1, description="when")
    locator: str = Field(min_length=1, description="page, table or paragraph")
    address: str = Field(min_length=1, description="address, or none")
    second_reader: str = Field(min_length=1, description="who else read it at the locator")


def corrected(net: SupplyNetwork, path: Path) -> tuple[SupplyNetwork, tuple[Correction, ...]]:
    """Return a graph with the corrections of a file; a TableError tells every fault.

    A row whose figure is printed becomes sourced, one whose figure was reckoned derived.
    """
    problems: list[Problem] = []
    read = read_numbered(path, Correction, path.name, problems)
    lines = cast("list[tuple[int, Correction]]", read)
    tables: dict[str, list[Row]] = {"sources": list(net.rows("sources"))}
    for number, line in lines:
        tables["sources"].append(_source(line, number))
        try:
            rows = tables.setdefault(line.table, list(net.rows(_known(line.table))))
            at = _place(rows, line)
            rows[at] = _with(rows[at], line, number)
        except ValidationError as error:
            problems += problems_of(error, TABLES[line.table], path.name, rows=[number])
        except _Refused as refused:
            column, message, hint = refused.args
            value = str(getattr(line, column))
            problems.append(Problem("correction", message, path.name, number, column, value, hint))
    raise_problems(problems, TableError, what=f"corrections {path.name}")
    return net.replace(**cast("dict[str, Any]", tables)), tuple(line for _, line in lines)


class _Refused(Exception):
    """A column of a correction that fits nothing, with message and hint."""


def _source(line: Correction, number: int) -> Source:
    return Source(
        id=f"correction-{number}",
        title=line.document,
        publisher=line.publisher,
        year=line.date[:4],
        edition=line.date,
        page=line.locator,
        locator=line.address,
        is_verified="yes",
    )


def _known(table: str) -> str:
    names = [name for name, model in TABLES.items() if issubclass(model, Provenance)]
    if table not in names:
        raise _Refused("table", "there is no table of that name", did_you_mean(table, names))
    return table


def _place(rows: list[Row], line: Correction) -> int:
    """Return where the row of a correction stands."""
    names = ["/".join(str(getattr(row, part)) for part in type(row).key) for row in rows]
    if names.count(line.row) != 1:
        fault = "several rows have" if line.row in names else "no row has"
        raise _Refused("row", f"{fault} that name", did_you_mean(line.row, names))
    return names.index(line.row)


def _with(row: Row, line: Correction, number: int) -> Row:
    """Return a row with the figure of a correction, its ends and its document."""
    if line.column not in (columns := type(row).model_fields):
        nearest = did_you_mean(line.column, columns)
        raise _Refused("column", "the table has no such column", nearest)
    if line.unit not in ("", unit := getattr(row, "unit", "")):
        raise _Refused("unit", f"the row is in {unit or 'no unit'}", "")
    cells: dict[str, Any] = {
        **row.model_dump(),
        line.column: line.value,
        "confidence": "derived" if line.printed else "sourced",
        "printed": line.printed,
        "source_ids": (f"correction-{number}",),
    }
    for end in ENDS:
        column, given = f"{line.column}_{end}", getattr(line, end)
        if column in cells:
            cells[column] = given
        elif given is not None:
            raise _Refused(end, f"{line.column} has no ends in this table", "leave it empty")
    return validate_records([cells], type(row))[0]
