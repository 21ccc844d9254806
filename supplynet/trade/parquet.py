"""Rows of Parquet files that speak of some codes, by DuckDB (the extra ``trade``)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplynet.errors import DataError, requires_extra

if TYPE_CHECKING:
    from supplynet.trade.lines import Advance, Batch

#: rows that are fetched at a time
ROWS = 50_000
_FILE = "read_parquet(?, file_row_number = true)"
_PLACE = "file_row_number"


def header(path: Path) -> list[str]:
    """Return the names of the columns.

    Raises
    ------
    DataError
        If the file cannot be read.
    MissingExtraError
        If DuckDB is not installed.
    """
    with _duckdb(path) as base:
        columns = base.execute(f"DESCRIBE SELECT * FROM {_FILE}", [_literal(path)]).fetchall()  # noqa: S608
    return [str(row[0]) for row in columns if row[0] != _PLACE]


def batches(
    path: Path, words: Sequence[str], column: str, advance: Advance | None = None
) -> Iterator[Batch]:
    """Yield the rows whose code holds one of some words, every one where there are none.

    Cells are text as a CSV file would hold it. The line of a row is its place in the file with
    a header counted, as in CSV.

    Raises
    ------
    DataError
        If the file cannot be read.
    MissingExtraError
        If DuckDB is not installed.
    """
    from supplynet.trade.lines import Batch

    names = header(path)
    cells = ", ".join(f"coalesce(CAST({_quoted(name)} AS VARCHAR), '')" for name in names)
    code = f"CAST({_quoted(column)} AS VARCHAR)"
    where = " OR ".join(f"contains({code}, ?)" for _ in words) or "true"
    with _duckdb(path) as base:
        counted = base.execute(f"SELECT count(*) FROM {_FILE}", [_literal(path)]).fetchall()  # noqa: S608
        n_rows = n_left = int(counted[0][0])
        query = f"SELECT {_PLACE}, {cells} FROM {_FILE} WHERE {where}"  # noqa: S608
        cursor = base.execute(query, [_literal(path), *words])
        while rows := cursor.fetchmany(ROWS):
            yield Batch([row[0] + 2 for row in rows], [list(row[1:]) for row in rows], n_left)
            n_left = 0
            if advance is not None:
                advance(rows[-1][0] + 1, n_rows)
    yield Batch([], [], n_left)


def _literal(path: Path) -> str:
    """Return a path that stands for itself: the library takes ``*``, ``?`` and ``[`` as patterns.

    Examples
    --------
    >>> _literal(Path("data[2022]*.parquet"))
    'data[[]2022][*].parquet'
    """
    return re.sub(r"[*?\[]", lambda match: f"[{match[0]}]", str(path))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _duckdb(path: Path) -> Iterator[Any]:
    with requires_extra("trade", f"{path}: reading Parquet"):
        import duckdb
    try:
        with duckdb.connect(config={"memory_limit": "1GB", "threads": 2}) as base:
            yield base
    except duckdb.Error as error:
        reason = str(error).splitlines()[0][:200]
        raise DataError(f"{path}: the Parquet file cannot be read ({reason})") from error
