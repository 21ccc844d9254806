"""A table of parameters beside a graph: governance, recycling, substitution and the like."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from supplynet.errors import TableError
from supplynet.io.tables import read_rows
from supplynet.model.problems import Problem, raise_problems
from supplynet.model.schema import Parameter


def read_parameters(path: Path) -> list[Parameter]:
    """Read a file in the format of a graph's ``parameters.csv``.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    list of Parameter

    Raises
    ------
    TableError
        Every fault at once, each with file, row, column and value.
    LimitError
        If the file is beyond the bounds.
    """
    problems: list[Problem] = []
    rows = read_rows(path, Parameter, path.name, problems)
    raise_problems(problems, TableError, what=f"parameters {path.name}")
    return cast("list[Parameter]", rows)
