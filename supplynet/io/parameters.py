"""Tables beside a graph: parameters, lists of any kind, and corrections that others hand in."""

from __future__ import annotations

import csv
import difflib
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import Field, ValidationError

from supplynet import limits
from supplynet.errors import DataError, TableError
from supplynet.files import write_bytes
from supplynet.io.delimited import delimiter_of
from supplynet.io.sheets import read_sheets, text_of
from supplynet.io.tables import is_own, read_numbered, read_rows
from supplynet.io.workbook import sheet_rows
from supplynet.network.countries import plain
from supplynet.network.explain import problems_of, validate_records
from supplynet.network.problems import Problem, raise_problems
from supplynet.network.schema import TABLES, Parameter, Provenance, Row, Source
from supplynet.network.schema.money import INDICATORS
from supplynet.network.schema.row import Number, OptionalNumber
from supplynet.terms import ENDS, did_you_mean

if TYPE_CHECKING:
    from supplynet.network.network import SupplyNetwork


#: part in common from which a heading is taken for a slip of another
_NEAR = 0.85


def read_parameters(path: str | os.PathLike[str]) -> list[Parameter]:
    """Read a file in the format of a graph's ``parameters.csv``; a TableError lists all faults."""
    path = Path(path)
    problems: list[Problem] = []
    rows = read_rows(path, Parameter, path.name, problems)
    places = range(2, 2 + len(rows))
    for index, row in zip(places, cast("list[Parameter]", rows), strict=True):
        if row.indicator not in INDICATORS:
            hint = did_you_mean(row.indicator, INDICATORS)
            problems.append(
                Problem(
                    "unknown-name",
                    f"there is no indicator of that name; there are {', '.join(INDICATORS)}",
                    path.name,
                    index,
                    "indicator",
                    row.indicator,
                    hint,
                )
            )
    raise_problems(problems, TableError, what=f"parameters {path.name}")
    return cast("list[Parameter]", rows)


def read_list(
    path: Path, model: type[Row], headings: Mapping[str, Sequence[str]], problems: list[Problem]
) -> tuple[list[tuple[int, Row]], list[str]]:
    """Read a list of somebody's own making, whose columns are called as such lists call them.

    Of a workbook (.xlsx) the first sheet counts whose name does not begin with ``_``; it needs the
    extra ``excel``.

    Parameters
    ----------
    path : Path
    model : type of Row
    headings : mapping of str to sequence of str
        What lists call each column, that which counts first before others.
    problems : list of Problem
        Every fault is added, with row and column; rows without one are returned all the same.

    Returns
    -------
    rows : list of tuple of int and Row
        Each with its number as a spreadsheet counts it.
    unread : list of str
        Columns that are nothing of the model's.
    """
    if path.suffix.lower() == ".xlsx":
        sheets = [sheet for sheet in read_sheets(path) if not sheet.name.startswith("_")]
        if not sheets:
            raise DataError(f"{path.name}: the workbook has no sheet to read")
        sheet = sheets[0]
        (first, header), *below = sheet.rows or ((1, ()),)
        texts = [text_of(cell) for cell in header]
        names, unread = _renamed(texts, headings, sheet.file, problems)
        renamed = replace(sheet, rows=((first, tuple(names)), *below))
        return sheet_rows(renamed, model, problems, keeps_sound=True), unread
    text, delimiter = delimiter_of(limits.decode(limits.read_bytes(path), path.name))
    stream = io.StringIO(text.removeprefix("\ufeff"), newline="")
    cells = next(csv.reader(stream, delimiter=delimiter), [])
    names, unread = _renamed(cells, headings, path.name, problems)
    text = f"{delimiter.join(names)}\n{stream.read()}"
    return read_numbered(text, model, path.name, problems, keeps_sound=True), unread


def _renamed(
    header: Sequence[str],
    headings: Mapping[str, Sequence[str]],
    file: str,
    problems: list[Problem],
) -> tuple[list[str], list[str]]:
    """Return the names of the columns of a list, and those of which nothing is read.

    What is near a known heading, or lacks its unit, is a fault.
    """
    options = {plain(word): word for several in headings.values() for word in several}
    rank = {
        plain(word): (position, column)
        for column, several in headings.items()
        for position, word in reversed([*enumerate([*several, column])])
    }
    entries = [rank.get(plain(cell)) for cell in header]
    first = {column: index for index, column in sorted(filter(None, entries), reverse=True)}
    names, unread = [], []
    for at, (cell, meant) in enumerate(zip(header, entries, strict=True)):
        if meant is not None and first[meant[1]] == meant[0]:
            names.append(meant[1])
            continue
        names.append(f"_{at}")
        near = [] if meant else difflib.get_close_matches(plain(cell), options, cutoff=_NEAR)
        near += [] if meant else [word for word in options if word.startswith(f"{plain(cell)} ")]
        if not plain(cell) or is_own(cell.strip()):
            continue
        if near:
            hint = f"did you mean {options[near[0]]!r}? A column of your own begins with _"
            message = "there is no such column"
            problems.append(Problem("unknown-column", message, file, 1, "", cell.strip(), hint))
        else:
            unread.append(cell.strip())
    return names, unread


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
    document: str = Field(default="", description="title of the document")
    publisher: str = Field(default="", description="who published it")
    date: str = Field(default="", description="when")
    locator: str = Field(default="", description="page, table or paragraph")
    address: str = Field(default="", description="address, or none")
    second_reader: str = Field(default="", description="who else read it at the locator")

    @property
    def lacks(self) -> list[str]:
        """Columns of the document that are empty; all of them where nobody filled a line in."""
        return [name for name in _CITED if not getattr(self, name)]


#: what a correction must state of its document
_CITED = ("document", "date", "locator", "address", "second_reader")


def figure_of(row: Row) -> str:
    """Return the column of the figure of a row; empty for a row that has none.

    Examples
    --------
    >>> import supplynet as sn
    >>> net = sn.load("tutorial")
    >>> [figure_of(net.rows(table)[0]) for table in ("nodes", "assays", "demand")]
    ['capacity', 'share', 'quantity']
    """
    numbers = (name for name, value in row if isinstance(value, float) and name not in _NO_FIGURES)
    return next(numbers, "")


#: numbers of a row that are not what is looked up
_NO_FIGURES = ("lat", "lon")


def write_template(path: Path, rows: Sequence[Row]) -> None:
    """Write a file of corrections to fill in: a line a row, with its figure as it stands.

    Lines that nobody fills in are passed over when the file is handed in.
    """
    table_of = {model: name for name, model in TABLES.items()}
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*Correction.model_fields], restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        if column := figure_of(row):
            bounds = {end: getattr(row, f"{column}_{end}", None) for end in ENDS}
            figures = {"value": getattr(row, column), **bounds}
            writer.writerow(
                {
                    "table": table_of[type(row)],
                    "row": _name(row),
                    "column": column,
                    "unit": getattr(row, "unit", ""),
                    **{
                        name: f"{figure:g}"
                        for name, figure in figures.items()
                        if figure is not None
                    },
                }
            )
    write_bytes(path, text.getvalue().encode())


def corrected(net: SupplyNetwork, path: Path) -> tuple[SupplyNetwork, tuple[Correction, ...]]:
    """Return a graph with the corrections of a file; a TableError lists all faults.

    A row whose figure is printed becomes sourced, one whose figure was reckoned derived. Lines of
    a template that nobody filled in are passed over.
    """
    problems: list[Problem] = []
    read = read_numbered(path, Correction, path.name, problems)
    every = cast("list[tuple[int, Correction]]", read)
    lines = [(count, line) for count, line in every if len(line.lacks) < len(_CITED)]
    tables: dict[str, list[Row]] = {"sources": list(net.rows("sources"))}
    for index, line in lines:
        tables["sources"].append(_source(line, index))
        try:
            for column in line.lacks:
                raise _Refused(column, "must be filled in", "open the document at the locator")
            rows = tables.setdefault(line.table, list(net.rows(_known(line.table))))
            at = _place(rows, line)
            rows[at] = _with(rows[at], line, index)
        except ValidationError as error:
            problems += problems_of(error, TABLES[line.table], path.name, rows=[index])
        except _Refused as refused:
            column, message, hint = refused.args
            value = str(getattr(line, column))
            problems.append(Problem("correction", message, path.name, index, column, value, hint))
    raise_problems(problems, TableError, what=f"corrections {path.name}")
    return net.replace(**cast("dict[str, Any]", tables)), tuple(line for _, line in lines)


class _Refused(Exception):
    """A column of a correction that fits nothing, with message and hint."""


def _source(line: Correction, index: int) -> Source:
    return Source(
        id=f"correction-{index}",
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


def _name(row: Row) -> str:
    """Return what tells a row from others of its table."""
    return "/".join(str(getattr(row, piece)) for piece in type(row).key)


def _place(rows: list[Row], line: Correction) -> int:
    """Return where the row of a correction stands."""
    names = [_name(row) for row in rows]
    if names.count(line.row) != 1:
        fault = "several rows have" if line.row in names else "no row has"
        raise _Refused("row", f"{fault} that name", did_you_mean(line.row, names))
    return names.index(line.row)


def _with(row: Row, line: Correction, index: int) -> Row:
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
        "source_ids": (f"correction-{index}",),
    }
    for end in ENDS:
        column, options = f"{line.column}_{end}", getattr(line, end)
        if column in cells:
            cells[column] = options
        elif options is not None:
            raise _Refused(end, f"{line.column} has no ends in this table", "leave it empty")
    return validate_records([cells], type(row))[0]
