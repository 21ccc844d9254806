"""Tables of no graph: parameters beside one, and files of one table of any kind."""

from __future__ import annotations

import csv
import difflib
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from supplynet import limits
from supplynet.errors import DataError, TableError
from supplynet.io.numbers import delimiter_of
from supplynet.io.sheets import read_sheets, text_of
from supplynet.io.tables import is_own, read_numbered, read_rows
from supplynet.io.workbook_reader import sheet_rows
from supplynet.network.countries import plain
from supplynet.network.problems import Problem, did_you_mean, raise_problems
from supplynet.network.schema import Parameter, Row
from supplynet.network.schema.published import INDICATORS

#: part in common from which a heading is taken for a slip of another
_NEAR = 0.85


def read_parameters(path: str | os.PathLike[str]) -> list[Parameter]:
    """Read a file in the format of a graph's ``parameters.csv``; a TableError tells every fault."""
    path = Path(path)
    problems: list[Problem] = []
    rows = read_rows(path, Parameter, path.name, problems)
    places = range(2, 2 + len(rows))
    for number, row in zip(places, cast("list[Parameter]", rows), strict=True):
        if row.indicator not in INDICATORS:
            hint = did_you_mean(row.indicator, INDICATORS)
            problems.append(
                Problem(
                    "unknown-name",
                    f"there is no indicator of that name; there are {', '.join(INDICATORS)}",
                    path.name,
                    number,
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
    words = {plain(word): word for several in headings.values() for word in several}
    rank = {
        plain(word): (place, column)
        for column, several in headings.items()
        for place, word in reversed([*enumerate([*several, column])])
    }
    known = [rank.get(plain(cell)) for cell in header]
    first = {column: place for place, column in sorted(filter(None, known), reverse=True)}
    names, unread = [], []
    for at, (cell, meant) in enumerate(zip(header, known, strict=True)):
        if meant is not None and first[meant[1]] == meant[0]:
            names.append(meant[1])
            continue
        names.append(f"_{at}")
        near = [] if meant else difflib.get_close_matches(plain(cell), words, cutoff=_NEAR)
        near += [] if meant else [word for word in words if word.startswith(f"{plain(cell)} ")]
        if not plain(cell) or is_own(cell.strip()):
            continue
        if near:
            hint = f"did you mean {words[near[0]]!r}? A column of your own begins with _"
            message = "there is no such column"
            problems.append(Problem("unknown-column", message, file, 1, "", cell.strip(), hint))
        else:
            unread.append(cell.strip())
    return names, unread
