"""A table of parameters beside a graph: governance, recycling, substitution and the like."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

from supplynet.errors import TableError
from supplynet.io.tables import read_rows
from supplynet.network.indicators import INDICATORS
from supplynet.network.problems import Problem, did_you_mean, raise_problems
from supplynet.network.schema import Parameter


def read_parameters(path: str | os.PathLike[str]) -> list[Parameter]:
    """Read a file in the format of a graph's ``parameters.csv``.

    Parameters
    ----------
    path : str or path

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
