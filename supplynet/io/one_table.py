"""One table of a file that is no graph: CSV, or the first sheet of a workbook."""

from __future__ import annotations

from pathlib import Path

from supplynet.errors import DataError, TableError
from supplynet.io.sheets import read_sheets
from supplynet.io.tables import read_numbered
from supplynet.io.workbook_reader import sheet_rows
from supplynet.network.problems import Problem, raise_problems
from supplynet.network.schema import Row


def read_table(path: Path, model: type[Row]) -> list[tuple[int, Row]]:
    """Return the rows of a table, each with its number as a spreadsheet counts it.

    Parameters
    ----------
    path : pathlib.Path
        CSV, or a workbook (.xlsx) of which the first sheet counts whose name does not begin
        with ``_``.
    model : type of Row
        What each row is.

    Raises
    ------
    TableError
        Every fault at once, with row and column.
    DataError
        If the file cannot be read, or the workbook has no sheet.
    LimitError
        If it is beyond the bounds.
    MissingExtraError
        If it is a workbook and the extra ``excel`` is not installed.
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
