"""Tables of no graph: parameters beside one, and files of one table of any kind."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

from supplynet.errors import DataError, TableError
from supplynet.io.sheets import read_sheets
from supplynet.io.tables import read_numbered, read_rows
from supplynet.io.workbook_reader import sheet_rows
from supplynet.network.problems import Problem, did_you_mean, raise_problems
from supplynet.network.schema import Parameter, Row
from supplynet.network.schema.published import INDICATORS


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


def read_table(path: Path, model: type[Row]) -> list[tuple[int, Row]]:
    """Return the rows of a table, each with its number as a spreadsheet counts it.

    Of a workbook (.xlsx) the first sheet counts whose name does not begin with ``_``; it needs the
    extra ``excel``. A TableError tells every fault at once, with row and column.
    """
    problems: list[Problem] = []
    if path.suffix.lower() == ".xlsx":
        sheets = [sheet for sheet in read_sheets(path) if not sheet.name.startswith("_")]
        if not sheets:
            raise DataError(f"{path.name}: the workbook has no sheet to read")
        rows = sheet_rows(sheets[0], model, problems)
    else:
        rows = read_numbered(path, model, path.name, problems)
    raise_problems(problems, TableError, what=path.name)
    return rows
